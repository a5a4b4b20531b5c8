//! Passkeys (WebAuthn): challenges, what authenticators make of them, and the public keys that are kept. A challenge is kept in a ticket
//! between question and answer (see [`super::tickets`]). That an account has a passkey is said by the log; what is stored before that
//! lets nobody in.

use std::sync::Arc;
use std::time::Duration;

use domain::account::PASSKEYS_MAX;
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use serde_json::Value;
use sqlx::PgPool;
use thiserror::Error;
use url::{Host, Url};
use uuid::Uuid;
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Webauthn,
    WebauthnBuilder, WebauthnError,
};

use crate::config::{ConfigFailure, Settings};

/// How long a challenge may be answered.
pub const ASKED_FOR: SignedDuration = SignedDuration::from_mins(5);

/// Under it accounts are given the ids by which authenticators know them. Never changed: their passkeys would be lost.
const ACCOUNTS: Uuid = Uuid::from_u128(0x6f1d_26b0_54a1_4c5b_9d0e_7a3b_8c2f_4e61);
/// What the browser calls us while it asks.
const NAME: &str = "Nashi";

#[derive(Debug, Error)]
pub enum PasskeyFailure {
    #[error("passkeys need a domain: http.public_url is an address of numbers")]
    NoDomain,
    /// A wrong, foreign or copied answer.
    #[error("the answer does not hold: {0}")]
    Refused(WebauthnError),
    #[error("a challenge or an answer is not of the form that it should have: {0}")]
    Form(#[from] serde_json::Error),
    #[error("a challenge could not be made: {0}")]
    Challenge(WebauthnError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What goes to a browser, and what is kept of it meanwhile.
pub struct Asked {
    /// For `navigator.credentials`, as JSON: `{publicKey: …}`.
    pub options: Value,
    pub state: Value,
}

/// What is known of a passkey beside its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    pub id: Uuid,
    pub made_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// Whose passkey has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    pub account: i64,
    pub passkey: Uuid,
}

/// The passkeys of accounts. Cheap to clone.
#[derive(Clone)]
pub struct Passkeys {
    pool: PgPool,
    relying_party: Option<Arc<Webauthn>>,
}

impl Passkeys {
    /// Without a relying party there are none.
    pub fn new(pool: PgPool, relying_party: Option<Webauthn>) -> Self {
        Self { pool, relying_party: relying_party.map(Arc::new) }
    }

    /// A challenge to make a new passkey: one that its device finds by itself and unlocks by asking its human, and none of those there
    /// are.
    ///
    /// # Errors
    /// [`PasskeyFailure`].
    pub async fn ask_to_make(&self, account: i64, login: &str) -> Result<Asked, PasskeyFailure> {
        let known: Vec<CredentialID> = sqlx::query_scalar("SELECT credential FROM passkey WHERE account = $1 LIMIT $2")
            .bind(account)
            .bind(i64::try_from(PASSKEYS_MAX).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await?;
        let made = self.relying_party()?.start_passkey_registration(handle(account), login, login, Some(known));
        let (options, state) = made.map_err(PasskeyFailure::Challenge)?;
        let mut options = serde_json::to_value(options)?;
        // The library leaves it to the device; we ask for a login with the passkey alone.
        if let Some(selection) = options.pointer_mut("/publicKey/authenticatorSelection").and_then(Value::as_object_mut) {
            selection.insert("residentKey".to_owned(), "required".into());
            selection.insert("requireResidentKey".to_owned(), true.into());
        }
        Ok(Asked { options, state: serde_json::to_value(state)? })
    }

    /// Keeps the passkey that was made in answer to `state`; its id, or nothing for one that is known already.
    ///
    /// # Errors
    /// [`PasskeyFailure`].
    pub async fn keep(&self, id: Uuid, account: i64, state: Value, made: Value, now: Timestamp) -> Result<bool, PasskeyFailure> {
        let state: PasskeyRegistration = serde_json::from_value(state)?;
        let made: RegisterPublicKeyCredential = serde_json::from_value(made)?;
        let passkey = self.relying_party()?.finish_passkey_registration(&made, &state).map_err(PasskeyFailure::Refused)?;
        let kept = sqlx::query(
            "INSERT INTO passkey (id, account, credential, passkey, made_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (credential) DO NOTHING",
        )
        .bind(id)
        .bind(account)
        .bind(passkey.cred_id().as_slice())
        .bind(serde_json::to_value(&passkey)?)
        .bind(now.to_sqlx())
        .execute(&self.pool)
        .await?;
        Ok(kept.rows_affected() > 0)
    }

    /// A challenge to any passkey: whose it is, its answer says.
    ///
    /// # Errors
    /// [`PasskeyFailure`].
    pub fn ask(&self) -> Result<Asked, PasskeyFailure> {
        let (mut options, state) = self.relying_party()?.start_discoverable_authentication().map_err(PasskeyFailure::Challenge)?;
        // Whether the browser offers it beside a field or at once is the page's to say.
        options.mediation = None;
        Ok(Asked { options: serde_json::to_value(options)?, state: serde_json::to_value(state)? })
    }

    /// Whose passkey gave this answer to `state`: unlocked by its human, newer than any answer before. Nothing where it is not known.
    ///
    /// # Errors
    /// [`PasskeyFailure`].
    pub async fn check(&self, state: Value, answer: Value, now: Timestamp) -> Result<Option<Answered>, PasskeyFailure> {
        let relying_party = self.relying_party()?;
        let state: DiscoverableAuthentication = serde_json::from_value(state)?;
        let answer: PublicKeyCredential = serde_json::from_value(answer)?;
        let (whose, credential) = relying_party.identify_discoverable_authentication(&answer).map_err(PasskeyFailure::Refused)?;
        let mut tx = self.pool.begin().await?;
        // Of two answers at once the second is judged by the counter that the first left.
        let row: Option<(Uuid, i64, Value)> = sqlx::query_as("SELECT id, account, passkey FROM passkey WHERE credential = $1 FOR UPDATE")
            .bind(credential)
            .fetch_optional(&mut *tx)
            .await?;
        let Some((id, account, kept)) = row.filter(|(_, account, _)| handle(*account) == whose) else { return Ok(None) };
        let mut passkey: Passkey = serde_json::from_value(kept)?;
        let result = relying_party.finish_discoverable_authentication_v2(&answer, state, &passkey).map_err(PasskeyFailure::Refused)?;
        passkey.update_credential(&result);
        sqlx::query("UPDATE passkey SET passkey = $2, used_at = $3 WHERE id = $1")
            .bind(id)
            .bind(serde_json::to_value(&passkey)?)
            .bind(now.to_sqlx())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Some(Answered { account, passkey: id }))
    }

    /// What is kept of the account's passkeys.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of_account(&self, account: i64) -> Result<Vec<Stored>, sqlx::Error> {
        type Row = (Uuid, jiff_sqlx::Timestamp, Option<jiff_sqlx::Timestamp>);
        let rows: Vec<Row> = sqlx::query_as("SELECT id, made_at, used_at FROM passkey WHERE account = $1 ORDER BY made_at, id LIMIT $2")
            .bind(account)
            .bind(i64::try_from(PASSKEYS_MAX).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().map(|(id, made, used)| Stored { id, made_at: made.to_jiff(), used_at: used.map(|at| at.to_jiff()) }).collect())
    }

    /// Forgets a passkey, after `account.passkey_removed`, or one that the log refused.
    ///
    /// # Errors
    /// When the database does not answer; what is left lets nobody in.
    pub async fn remove(&self, account: i64, id: Uuid) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM passkey WHERE id = $1 AND account = $2").bind(id).bind(account).execute(&self.pool).await?;
        Ok(())
    }

    fn relying_party(&self) -> Result<&Webauthn, PasskeyFailure> {
        self.relying_party.as_deref().ok_or(PasskeyFailure::NoDomain)
    }
}

/// By what authenticators know the account: nothing that says whose it is.
fn handle(account: i64) -> Uuid {
    Uuid::new_v5(&ACCOUNTS, &account.to_be_bytes())
}

/// Whom passkeys are made for: the domain that browsers hold them to, and the addresses of pages that may ask for them. Without a public
/// address that is this machine; nobody where the public address is of numbers, which no browser makes a passkey for.
///
/// # Errors
/// [`ConfigFailure`] where the settings do not go together.
pub fn relying_party(settings: &Settings) -> Result<Option<Webauthn>, ConfigFailure> {
    const DOMAIN: &str = "identity.passkey_domain";
    let wrong = |problem| ConfigFailure::Wrong { key: DOMAIN, problem };
    let (identity, public) = (&settings.identity, settings.http.public_url.as_ref());
    let host = public.and_then(|url| match url.host() {
        Some(Host::Domain(domain)) => Some(domain.to_owned()),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => None,
    });
    let domain = match (&identity.passkey_domain, public, host) {
        (Some(domain), Some(_), _) => domain.clone(),
        (Some(_), None, _) => return Err(wrong("needs http.public_url")),
        (None, Some(_), Some(host)) => host,
        (None, Some(_), None) => return Ok(None),
        (None, None, _) => "localhost".to_owned(),
    };
    let here = Url::parse("http://localhost").map_err(|_| wrong("cannot be used"))?;
    let built = WebauthnBuilder::new(&domain, public.unwrap_or(&here));
    let mut builder = built.map_err(|_| wrong("must be the host of http.public_url, or a domain above it"))?;
    for origin in &identity.passkey_origins {
        let within = origin.domain().is_some_and(|host| host == domain || host.ends_with(&format!(".{domain}")));
        if !within || origin.scheme() != "https" {
            return Err(ConfigFailure::Wrong {
                key: "identity.passkey_origins",
                problem: "must be https addresses within identity.passkey_domain",
            });
        }
        builder = builder.append_allowed_origin(origin);
    }
    let timeout = Duration::from_secs(u64::try_from(ASKED_FOR.as_secs()).unwrap_or_default());
    builder.rp_name(NAME).timeout(timeout).allow_any_port(public.is_none()).build().map(Some).map_err(|_| wrong("cannot be used"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(public: &str, domain: &str, others: &str) -> Result<Vec<String>, &'static str> {
        let mut settings = Settings::defaults().unwrap();
        settings.http.public_url = Some(public).filter(|url| !url.is_empty()).map(|url| url.parse().unwrap());
        settings.identity.passkey_domain = Some(domain.to_owned()).filter(|domain| !domain.is_empty());
        settings.identity.passkey_origins = others.split_whitespace().map(|url| url.parse().unwrap()).collect();
        match relying_party(&settings) {
            Ok(party) => Ok(party.iter().flat_map(|party| party.get_allowed_origins()).map(Url::to_string).collect()),
            Err(ConfigFailure::Wrong { key, .. }) => Err(key),
            Err(ConfigFailure::Unreadable(_)) => Err("unreadable"),
        }
    }

    #[test]
    fn passkeys_are_for_the_public_address_or_for_this_machine() {
        assert_eq!(origins("", "", "").unwrap(), ["http://localhost/"]);
        assert_eq!(origins("https://hub.example.com/nashi", "", "").unwrap(), ["https://hub.example.com/nashi"]);
        assert_eq!(origins("https://hub.example.com", "example.com", "https://app.example.com").unwrap().len(), 2);
        assert!(origins("https://10.0.0.1", "", "").unwrap().is_empty());
        assert_eq!(origins("https://hub.example.com", "example.org", ""), Err("identity.passkey_domain"));
        assert_eq!(origins("https://hub.example.com", "ample.com", ""), Err("identity.passkey_domain"));
        assert_eq!(origins("https://10.0.0.1", "example.com", ""), Err("identity.passkey_domain"));
        assert_eq!(origins("", "example.com", ""), Err("identity.passkey_domain"));
        assert_eq!(origins("https://hub.example.com", "", "https://evil.example"), Err("identity.passkey_origins"));
        assert_eq!(origins("https://hub.example.com", "", "http://hub.example.com"), Err("identity.passkey_origins"));
    }
}
