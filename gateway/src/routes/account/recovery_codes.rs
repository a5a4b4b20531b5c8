//! `POST /account/recovery_codes`: codes for when the second factor is lost.

use actix_web::{HttpRequest, HttpResponse};
use domain::account::Command;
use serde::Serialize;
use utoipa::ToSchema;

use super::own;
use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::identity::recovery::CODES;
use crate::routes::credentials::half_done;

/// Shown this once.
#[derive(Serialize, ToSchema)]
pub struct MadeRecoveryCodes {
    recovery_codes: Vec<String>,
}

/// Makes ten recovery codes, each good for one sign-in; those that were made before are void.
#[utoipa::path(
    post, path = "/v4/account/recovery_codes", tag = "identity", security(("session" = [])),
    responses(
        (status = 200, body = MadeRecoveryCodes), (status = 400, body = Envelope, description = "`invalid_input`: there is no second factor"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`session_required`, `step_up_required`, `second_factor_required`, `cross_site_request`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn make(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let (node, account) = (&caller.node, own(&caller).await?.0.account);
    let done = node.change_account(account, caller.as_the_system(&request), Command::MakeRecoveryCodes { count: CODES }).await?;
    let recovery_codes = node.factors.recovery_codes.make(account).await.map_err(|error| half_done(&error))?;
    answer::json(&request, node, &MadeRecoveryCodes { recovery_codes }, About::read(done.position))
}
