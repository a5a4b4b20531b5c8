//! `POST /auth`, read. Not the check (`identity`).

use secrecy::SecretString;

use super::{BadInput, Object};
use domain::Code;

/// Who says they are whom, and by what. `Debug` shows no secret.
#[derive(Debug)]
pub struct SignIn {
    /// An e-mail address, or `bot@<guid>`.
    pub login: String,
    pub proof: Proof,
    /// Which of several persons with this address.
    pub person: Option<domain::PersonId>,
}

/// By what somebody signs in.
#[derive(Debug)]
pub enum Proof {
    /// The dialect's way.
    SecurityKey(SecretString),
    /// Ours beside it: for people who have no key yet.
    Password(SecretString),
}

impl SignIn {
    /// Reads the body of `POST /auth` (pyrus.md §1.1). `person_id` may be a number or digits.
    pub fn read(body: &Object<'_>) -> Result<Self, BadInput> {
        let missing = |name: &str| BadInput::field(Code::RequiredParameterMissing, name, "missing");
        let login = body.string("login")?.ok_or_else(|| missing("login"))?;
        let key = body.string("security_key")?;
        let password = body.string("password")?;
        let proof = match (key, password) {
            (Some(key), _) => Proof::SecurityKey(key.into()),
            (None, Some(password)) => Proof::Password(password.into()),
            (None, None) => return Err(missing("security_key")),
        };
        Ok(Self { login, proof, person: body.integer("person_id")?.map(domain::PersonId) })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_secret_is_shown_when_printed() {
        let body = json!({"login": "ann@example.com", "security_key": "hush-hush", "person_id": "7"});
        let read = SignIn::read(&Object::new(body.as_object().expect("an object"))).expect("read");
        assert_eq!(read.person, Some(domain::PersonId(7)));
        assert!(!format!("{read:?}").contains("hush"));
    }

    #[test]
    fn a_login_without_proof_is_refused() {
        let body = json!({"login": "ann@example.com"});
        let refused = SignIn::read(&Object::new(body.as_object().expect("an object"))).expect_err("refused");
        assert_eq!((refused.code(), refused.field.as_deref()), ("required_parameter_missing", Some("security_key")));
    }
}
