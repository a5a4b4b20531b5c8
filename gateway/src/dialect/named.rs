//! Persons who are named twice in a request, by an id and by an address: both must mean the same person. Whether there is such
//! a person at all is decided in `domain`.

use domain::directory::OrganisationDirectory;
use domain::{Code, PersonId};
use serde_json::Value;

use super::object::integer;
use super::{BadInput, Object};

/// Every member of a task's or a comment's body that names persons.
const NAMING: [&str; 13] = [
    "responsible",
    "participants",
    "subscribers",
    "reassign_to",
    "participants_added",
    "participants_removed",
    "subscribers_added",
    "subscribers_removed",
    "subscribers_rerequested",
    "approvals",
    "approvals_added",
    "approvals_removed",
    "approvals_rerequested",
];

/// Refuses a body in which an id and an address beside it belong to different persons.
///
/// # Errors
/// `invalid_person_id_email`, naming the member.
pub fn check_names(body: &Object<'_>, people: &OrganisationDirectory) -> Result<(), BadInput> {
    let contradiction = NAMING.into_iter().find(|name| body.given(name).is_some_and(|value| contradicts(value, people)));
    match contradiction {
        Some(name) => Err(BadInput::field(Code::InvalidPersonIdEmail, name, "the id and the address belong to different persons")),
        None => Ok(()),
    }
}

fn contradicts(value: &Value, people: &OrganisationDirectory) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| contradicts(item, people)),
        Value::Object(members) => {
            let person = members.get("id").and_then(integer).and_then(|id| people.person(PersonId(id)));
            match (person, members.get("email").and_then(Value::as_str)) {
                (Some(person), Some(email)) => person.profile.email.to_lowercase() != email.trim().to_lowercase(),
                (None, _) | (_, None) => false,
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use domain::testing::{ANNA, directory};
    use serde_json::json;

    use super::*;

    fn refused(body: &Value) -> Option<&'static str> {
        check_names(&Object::new(body.as_object().expect("an object")), &directory()).err().map(|bad| bad.code())
    }

    #[test]
    fn an_id_and_an_address_must_mean_one_person() {
        let anna = ANNA.0;
        assert_eq!(refused(&json!({"responsible": {"id": anna, "email": "ANNA@example.org"}})), None);
        assert_eq!(refused(&json!({"responsible": {"id": anna, "email": "boris@example.org"}})), Some("invalid_person_id_email"));
        assert_eq!(
            refused(&json!({"participants_added": [{"id": anna}, {"id": anna.to_string(), "email": "x@example.org"}]})),
            Some("invalid_person_id_email")
        );
        // Who is not there is refused by the decision, with a code of its own; other members name nobody.
        assert_eq!(refused(&json!({"reassign_to": {"id": 999_999, "email": "x@example.org"}})), None);
        assert_eq!(refused(&json!({"text": {"id": anna, "email": "x@example.org"}, "subscribers": [7, null]})), None);
    }
}
