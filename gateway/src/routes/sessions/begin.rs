//! Beginning a session for who has proved to be an account's human: recorded, stored, and put into a cookie. Not the proof.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use actors::system::Request;
use domain::account::{Command, Factor, Linked, Way, Why};
use domain::{Code, PersonId, Position};
use jiff::Timestamp;
use uuid::Uuid;

use super::person_of;
use crate::access_log::Kind;
use crate::accounts::Known;
use crate::codes::Own;
use crate::error::Fault;
use crate::extract::{Caller, site};
use crate::identity::Session;
use crate::identity::sessions::{Begun, Gone, Limits, Replaced};
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
}

/// Begins the session. Its secret is always a new one, also where it goes on from another: whoever knew the one of before, or put it
/// there, has nothing.
///
/// # Errors
/// `invalid_credentials` when the password that was shown has been replaced meanwhile, `revoked_token` when the session that it goes on
/// from has ended, `account_blocked`.
pub async fn begin(
    node: &Node,
    http: &HttpRequest,
    request: impl Fn() -> Request,
    proved: Proved<'_>,
) -> Result<(Cookie<'static>, Session, Position), Fault> {
    let lifetime = node.settings.identity.session_lifetime_hours;
    // Before anything is recorded: where no cookie may be set there is no session.
    site::kept(http, node, "", lifetime)?;
    let directory = node.world.latest();
    let (_, person) = person_of(&directory, proved.linked).ok_or_else(|| Fault::domain(Code::AccountBlocked))?;
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
        address: place.address.clone(),
        agent: place.agent.clone(),
        limits: Limits::of(&node.settings.identity, &person.sessions, place.agent.as_deref()),
        password: proved.password,
        // One that was alive when the request came and is not now was ended by somebody.
        replaces: proved.replaces.map(|session| Replaced { id: session.id, alive: !session.ended }),
        authenticated_at: proved.authenticated_at,
    };
    let mut begun = match node.sessions.begin(&begun, node.journal.now()).await? {
        Ok(begun) => begun,
        Err(gone) => {
            let (why, code) = match gone {
                Gone::Password => (Why::CredentialsChanged, Own::InvalidCredentials),
                Gone::Session => (Why::Replaced, Own::RevokedToken),
            };
            node.change_account(account, request(), Command::EndSession { session: id, why }).await?;
            return Err(Fault::own(code));
        }
    };
    let replaced = proved.replaces.map(|session| (session.id, Why::Replaced));
    // Beyond the limit there is one, or as many as it was lowered by.
    for (session, why) in replaced.into_iter().chain(begun.evicted.iter().map(|session| (*session, Why::TooMany))) {
        position = node.change_account(account, request(), Command::EndSession { session, why }).await?.position;
    }
    begun.session.hold_to(&person.sessions);
    node.access_log.session(Kind::SignedIn, begun.session.organisation, begun.session.person, begun.session.made_at, place);
    // The cookie may outlive the session, which is judged here; not the other way round.
    let hours = begun.session.ends_at.duration_since(begun.session.made_at).as_hours() + 1;
    let lifetime = u32::try_from(hours).unwrap_or(lifetime).max(lifetime);
    Ok((site::kept(http, node, begun.secret.expose(), lifetime)?, begun.session, position))
}

/// The same human goes on under a new secret, having just proved who they are: in the place of the session that asks.
///
/// # Errors
/// As [`begin`].
pub async fn go_on(
    request: &HttpRequest,
    caller: &Caller,
    known: &Known,
    session: &Session,
    (second, head): (Option<Factor>, Position),
) -> Result<(Cookie<'static>, Session, Position), Fault> {
    let proved = Proved {
        known,
        linked: Linked { organisation: session.organisation, person: session.person },
        by: Way::StepUp,
        second,
        head,
        password: None,
        replaces: Some(session),
        authenticated_at: None,
    };
    begin(&caller.node, request, || caller.as_the_system(request), proved).await
}

#[expect(clippy::disallowed_methods, reason = "this is the edge, where ids are minted")]
fn session_id() -> Uuid {
    Uuid::now_v7()
}
