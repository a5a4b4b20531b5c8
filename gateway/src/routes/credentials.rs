//! Keys over HTTP: one's own and, for those who manage people, others'. The person's actor decides; only then is
//! a secret made or stored (see [`crate::identity::Credentials`]).

use actix_web::{HttpRequest, HttpResponse};
use domain::person::Command;
use domain::{PersonId, Position};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{self, About};
use crate::error::Fault;
use crate::extract::{Body, Caller, command};

/// A key, shown this once.
#[derive(Serialize, ToSchema)]
pub struct IssuedKey<'a> {
    person_id: i64,
    security_key: &'a str,
}

#[derive(Serialize, ToSchema)]
pub struct RevokedKey {
    person_id: i64,
    revoked: bool,
}

/// From here on this node refuses tokens that were made before `position`; if the directory does not follow in time, it refuses
/// all, being stale.
pub async fn seen(caller: &Caller, position: Position) {
    caller.wrote(position);
    if let Err(fault) = caller.node.world.at_least(position).await {
        tracing::warn!(%fault, "the directory does not show a change of credentials yet");
    }
}

/// What is to be told when the event is in the log and its credential could not be stored.
pub fn half_done(error: &sqlx::Error) -> Fault {
    tracing::error!(%error, "a change of credentials is in the log, but the credential was not stored");
    Fault::unknown_outcome()
}

/// Issues a key to `person`, or replaces theirs. Repeated under one `Idempotency-Key` it is recorded once, but a new key is made
/// each time: the first answer's was never stored, so it cannot be shown again.
pub async fn issue_key(request: &HttpRequest, caller: &Caller, person: PersonId, body: &Body) -> Result<HttpResponse, Fault> {
    let done = caller.node.change_person(person, command(request, caller, &body.0)?, Command::IssueKey).await?;
    seen(caller, done.position).await;
    let key = caller.node.credentials.issue_key(person, caller.organisation.id, done.position).await;
    let key = key.map_err(|error| half_done(&error))?;
    caller.node.tokens.forget(person);
    answer::json(request, &caller.node, &IssuedKey { person_id: person.0, security_key: key.expose() }, About::done(&done))
}

/// Takes the key of `person` away.
pub async fn revoke_key(request: &HttpRequest, caller: &Caller, person: PersonId, body: &Body) -> Result<HttpResponse, Fault> {
    let done = caller.node.change_person(person, command(request, caller, &body.0)?, Command::RevokeKey).await?;
    seen(caller, done.position).await;
    caller.node.credentials.revoke_key(person).await.map_err(|error| half_done(&error))?;
    caller.node.tokens.forget(person);
    answer::json(request, &caller.node, &RevokedKey { person_id: person.0, revoked: true }, About::done(&done))
}
