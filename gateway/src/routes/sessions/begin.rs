//! Beginning a session for who has proved to be an account's human: recorded, stored, and put into a cookie. Not the proof.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use actors::system::Request;
use domain::account::{Command, Factor, Linked, Way, Why};
use domain::{PersonId, Position};
use jiff::Timestamp;
use uuid::Uuid;

use crate::access_log::Kind;
use crate::accounts::Known;
use crate::codes::Own;
use crate::error::Fault;
use crate::extract::site;
use crate::identity::Session;
use crate::identity::sessions::{Begun, Limits};
use crate::node::Node;

/// What was proved, and for whom.
pub struct Proved<'a> {
    pub known: &'a Known,
    pub linked: Linked,
    pub by: Way,
    pub second: Option<Factor>,
    /// The log's head, read before the proof.
    pub head: Position,
    /// Whose password was shown, and its hash.
    pub password: Option<(PersonId, String)>,
    /// The session whose place the new one takes.
    pub replaces: Option<&'a Session>,
    /// When the proof was given, if not now.
    pub authenticated_at: Option<Timestamp>,
    pub needs_factor: bool,
}

/// Begins the session. Its secret is always a new one, also where it goes on from another: whoever knew the one of before, or put it
/// there, has nothing.
///
/// # Errors
/// `invalid_credentials` when the password that was shown has been replaced meanwhile.
pub async fn begin(
    node: &Node,
    http: &HttpRequest,
    request: impl Fn() -> Request,
    proved: Proved<'_>,
) -> Result<(Cookie<'static>, Session, Position), Fault> {
    let lifetime = node.settings.identity.session_lifetime_hours;
    // Before anything is recorded: where no cookie may be set there is no session.
    site::kept(http, node, "", lifetime)?;
    let (id, account, place) = (session_id(), proved.known.id, node.place(http));
    let started = Command::StartSession { session: id, person: proved.linked.person, by: proved.by, second: proved.second };
    let mut position = node.change_account(account, request(), started).await?.position;
    let begun = Begun {
        id,
        account,
        person: proved.linked.person,
        organisation: proved.linked.organisation,
        position: proved.head + 1,
        by: proved.by,
        second: proved.second,
        needs_factor: proved.needs_factor,
        address: place.address.clone(),
        agent: place.agent.clone(),
        limits: Limits::of(&node.settings.identity),
        password: proved.password,
        replaces: proved.replaces.map(|session| session.id),
        authenticated_at: proved.authenticated_at,
    };
    let Some((secret, session)) = node.sessions.begin(&begun, node.journal.now()).await? else {
        node.change_account(account, request(), Command::EndSession { session: id, why: Why::CredentialsChanged }).await?;
        return Err(Fault::own(Own::InvalidCredentials));
    };
    if let Some(replaced) = proved.replaces {
        let ended = Command::EndSession { session: replaced.id, why: Why::Replaced };
        position = node.change_account(account, request(), ended).await?.position;
    }
    node.access_log.session(Kind::SignedIn, session.organisation, session.person, session.made_at, place);
    Ok((site::kept(http, node, secret.expose(), lifetime)?, session, position))
}

#[expect(clippy::disallowed_methods, reason = "this is the edge, where ids are minted")]
fn session_id() -> Uuid {
    Uuid::now_v7()
}
