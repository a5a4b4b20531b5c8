//! `/account`: what somebody signs in with, for who is signed in with it in a browser. A token is for one person and no human, so it
//! opens none of this.

pub mod passkeys;
pub mod recovery_codes;
pub mod totp;

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::accounts::Known;
use crate::answer::{self, About};
use crate::codes::Own;
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::identity::Session;
use crate::routes::sessions::second;

/// An account as its human sees it.
#[derive(Serialize, ToSchema)]
pub struct ShownAccount {
    /// The address that links to reset the password go to.
    login: String,
    /// Time-based codes are in use.
    totp: bool,
    recovery_codes_left: u8,
    passkeys: Vec<ShownPasskey>,
    /// The person who is signed in must have a second factor.
    second_factor_demanded: bool,
}

/// A passkey as its human sees it.
#[derive(Serialize, ToSchema)]
pub struct ShownPasskey {
    passkey_id: Uuid,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used: Option<String>,
}

impl ShownAccount {
    /// # Errors
    /// 503 when the database does not answer.
    pub async fn of(known: &Known, caller: &Caller) -> Result<Self, Fault> {
        let account = &known.account;
        let stored = caller.node.passkeys.of_account(known.id).await?;
        let passkeys = account.passkeys.iter().map(|passkey| {
            let stored = stored.iter().find(|stored| stored.id == passkey.id);
            ShownPasskey {
                passkey_id: passkey.id,
                name: passkey.name.clone(),
                created: stored.map(|stored| second(stored.made_at)),
                last_used: stored.and_then(|stored| stored.used_at).map(second),
            }
        });
        Ok(Self {
            login: account.login.clone(),
            totp: account.totp,
            recovery_codes_left: account.recovery_codes_left,
            passkeys: passkeys.collect(),
            second_factor_demanded: caller.person.sessions.two_factor,
        })
    }
}

/// The session that asks and its account, whose factors it may change: where there is a second factor, one was shown in it. Else a
/// session that began before there was one, and the password, would be enough to take it away.
///
/// # Errors
/// `session_required`, `second_factor_required`.
pub async fn own(caller: &Caller) -> Result<(&Session, Known), Fault> {
    let session = caller.in_session()?;
    let known = caller.node.account(session.account).await?;
    if known.account.has_second_factor() && session.factor().is_none() {
        return Err(Fault::own(Own::SecondFactorRequired));
    }
    Ok((session, known))
}

/// What the asker signs in with.
#[utoipa::path(
    get, path = "/v4/account", tag = "identity", security(("session" = [])),
    responses(
        (status = 200, body = ShownAccount), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`session_required`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let known = caller.node.account(caller.in_session()?.account).await?;
    answer::json(&request, &caller.node, &ShownAccount::of(&known, &caller).await?, About::read(caller.node.head().position))
}
