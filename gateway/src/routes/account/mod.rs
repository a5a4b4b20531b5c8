//! `/account`: what somebody signs in with, for who is signed in with it in a browser. A token is for one person and no human, so it
//! opens none of this.

pub mod recovery_codes;
pub mod totp;

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::Known;
use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::Caller;

/// An account as its human sees it.
#[derive(Serialize, ToSchema)]
pub struct ShownAccount {
    /// The address that links to reset the password go to.
    login: String,
    /// Time-based codes are in use.
    totp: bool,
    recovery_codes_left: u8,
    /// The person who is signed in must have a second factor.
    second_factor_demanded: bool,
}

impl ShownAccount {
    pub fn of(known: &Known, caller: &Caller) -> Self {
        let account = &known.account;
        Self {
            login: account.login.clone(),
            totp: account.totp,
            recovery_codes_left: account.recovery_codes_left,
            second_factor_demanded: caller.person.sessions.two_factor,
        }
    }
}

/// What the asker signs in with.
#[utoipa::path(
    get, path = "/v4/account", tag = "identity",
    responses(
        (status = 200, body = ShownAccount), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`session_required`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let known = caller.node.account(caller.in_session()?.account).await?;
    answer::json(&request, &caller.node, &ShownAccount::of(&known, &caller), About::read(caller.node.head().position))
}
