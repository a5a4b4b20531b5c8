//! `/sessions`: where somebody is signed in, and ending it there. In a browser that is all of the account; who is known by a
//! token, which is for one person, sees and ends the sessions of that person only.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::account::{Command, Why};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ShownSession;
use crate::answer::{self, About};
use crate::codes::Own;
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::identity::Session;

#[derive(Serialize, ToSchema)]
#[schema(as = Sessions)]
pub struct Listed {
    sessions: Vec<ShownSession>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EndedSessions)]
pub struct Ended {
    /// How many.
    ended: usize,
}

/// Where the asker is signed in, the newest first.
#[utoipa::path(
    get, path = "/v4/sessions", tag = "identity",
    responses((status = 200, body = Listed), (status = 401, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope)),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let current = caller.session.as_ref().map(|session| session.id);
    let (_, sessions) = alive(&caller).await?;
    let sessions = sessions.iter().map(|session| ShownSession::of(session, Some(session.id) == current)).collect();
    answer::json(&request, &caller.node, &Listed { sessions }, About::read(caller.node.head().position))
}

/// Ends all sessions but the one that asks.
#[utoipa::path(
    delete, path = "/v4/sessions", tag = "identity",
    responses((status = 200, body = Ended), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`cross_site_request`"), (status = 503, body = Envelope)),
)]
pub async fn end_all(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let kept = caller.session.as_ref().map(|session| session.id);
    let (account, sessions) = alive(&caller).await?;
    let others: Vec<Uuid> = sessions.iter().map(|session| session.id).filter(|id| Some(*id) != kept).collect();
    let Some(account) = account.filter(|_| !others.is_empty()) else {
        return answer::json(&request, &caller.node, &Ended { ended: 0 }, About::read(caller.node.head().position));
    };
    let why = Why::EndedElsewhere;
    let ended = caller.node.sessions.end_these(account, &others).await?;
    let position = caller.node.change_account(account, caller.as_the_system(&request), Command::EndSessions { kept, why }).await?.position;
    answer::json(&request, &caller.node, &Ended { ended }, About::read(position))
}

/// Ends one session, wherever it is.
#[utoipa::path(
    delete, path = "/v4/sessions/{id}", tag = "identity", params(("id" = Uuid, Path, description = "The session")),
    responses(
        (status = 200, body = Ended), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`cross_site_request`"),
        (status = 404, body = Envelope, description = "`not_found`: no session of the asker's"), (status = 503, body = Envelope),
    ),
)]
pub async fn end(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let (account, sessions) = alive(&caller).await?;
    let session = id.parse::<Uuid>().ok().filter(|id| sessions.iter().any(|session| session.id == *id));
    let (Some(account), Some(session)) = (account, session) else { return Err(Fault::own(Own::NotFound)) };
    let ended = usize::from(caller.node.sessions.end(account, session).await?);
    let command = Command::EndSession { session, why: Why::EndedElsewhere };
    let position = caller.node.change_account(account, caller.as_the_system(&request), command).await?.position;
    answer::json(&request, &caller.node, &Ended { ended }, About::read(position))
}

/// The sessions that are the asker's business, and their account.
async fn alive(caller: &Caller) -> Result<(Option<i64>, Vec<Session>), Fault> {
    let (node, now) = (&caller.node, caller.node.journal.now());
    let account = match &caller.session {
        Some(session) => session.account,
        None => match node.account_of(caller.person.id).await? {
            Some(known) => known.id,
            None => return Ok((None, Vec::new())),
        },
    };
    let mut sessions = node.sessions.of_account(account, now).await?;
    let directory = node.world.latest();
    for session in &mut sessions {
        if let Some(person) = directory.organisation(session.organisation).and_then(|organisation| organisation.person(session.person)) {
            session.hold_to(&person.sessions);
        }
    }
    sessions.retain(|session| session.ends_at > now && (caller.session.is_some() || session.person == caller.person.id));
    Ok((Some(account), sessions))
}
