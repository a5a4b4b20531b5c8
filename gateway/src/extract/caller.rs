//! Who asks: the bearer of a token or of a session's cookie, recognised and counted before anything else is looked at. What they may do is
//! decided in `domain`.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use actors::system::Request;
use domain::directory::OrganisationDirectory;
use domain::person::Person;
use domain::{Code, Directory, PersonId, Position};

use crate::codes::Own;
use crate::edge;
use crate::error::{Fault, Language};
use crate::extract::{command, gate, site};
use crate::identity::{Session, Token};
use crate::limits::Allowance;
use crate::node::{Node, Who};

/// How long a read waits for a position before it answers 503 (design §7).
pub const WAIT_MAX: Duration = Duration::from_secs(1);

/// A person who has signed in, with their organisation as the directory shows it.
pub struct Caller {
    pub node: web::Data<Node>,
    pub organisation: Arc<OrganisationDirectory>,
    pub person: Arc<Person>,
    /// What they are known by, where it is a browser's cookie and not a token.
    pub session: Option<Session>,
    /// The position of `Nashi-Wait-For`; 0 without it.
    pub asked: Position,
    pub deadline: Instant,
}

impl FromRequest for Caller {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Fault>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { recognise(&request).await })
    }
}

async fn recognise(request: &HttpRequest) -> Result<Caller, Fault> {
    let node = request.app_data::<web::Data<Node>>().ok_or_else(|| Fault::own(Own::ServerError))?.clone();
    let (organisation, person, session) = match known(request, &node).await {
        Ok(found) => found,
        Err(fault) => {
            // Without a person the address is counted: otherwise tokens could be guessed for nothing.
            count(request, node.rate.take(Who::Origin(node.origin(request))))?;
            return Err(fault);
        }
    };
    count(request, node.rate.take(Who::Person(person.id)))?;
    request.extensions_mut().insert(edge::Recognised(person.id));
    believed(request, person.id)?;
    if let Some(session) = &session {
        gate::pass(request, session, &node.settings.identity, node.journal.now())?;
    }
    node.access_log.seen(organisation.id, person.id, node.journal.now(), || node.place(request));
    let own = person.profile.locale.as_deref().unwrap_or(&organisation.organisation.settings.locale);
    // Who looks at it in another language says so.
    let language = edge::asked_language(request).or_else(|| Language::of(own)).unwrap_or_default();
    request.extensions_mut().insert(language);
    let asked = wait_for(request, &node)?;
    node.await_head(asked, WAIT_MAX).await?;
    let deadline = Instant::now() + node.settings.http.deadline();
    Ok(Caller { node, organisation, person, session, asked, deadline })
}

impl Caller {
    /// What a read must show: the position that was asked for, and what this person last wrote here. Among other nodes,
    /// where they may have written as well, it is all that the log holds now; unless they said what they want to see.
    ///
    /// # Errors
    /// 503 when the log cannot be read.
    pub async fn after(&self) -> Result<Position, Fault> {
        let known = self.asked.max(self.node.written.last(self.person.id));
        if self.asked > 0 || self.node.cluster().is_none() {
            return Ok(known);
        }
        let head = self.node.system.fresh_head().await.ok_or_else(|| Fault::unavailable("the log cannot be read just now"))?;
        Ok(known.max(head.position))
    }

    /// The directory, once it shows what this person must see.
    ///
    /// # Errors
    /// 503 when it does not within [`WAIT_MAX`].
    pub async fn directory(&self) -> Result<(Directory, Position), Fault> {
        self.node.world.at_least(self.after().await?).await
    }

    /// The asker's organisation in `directory`.
    ///
    /// # Errors
    /// `invalid_token` when it is not there any more.
    pub fn organisation_in(&self, directory: &Directory) -> Result<Arc<OrganisationDirectory>, Fault> {
        directory.organisation(self.organisation.id).cloned().ok_or_else(|| Fault::own(Own::InvalidToken))
    }

    /// A command of the system on this request's behalf: of the account, which no organisation knows.
    pub fn as_the_system(&self, request: &HttpRequest) -> Request {
        command::of_the_system(request, &self.node, self.deadline)
    }

    /// The browser's session that asks.
    ///
    /// # Errors
    /// `session_required` for who is known by a token.
    pub fn in_session(&self) -> Result<&Session, Fault> {
        self.session.as_ref().ok_or_else(|| Fault::own(Own::SessionRequired))
    }

    /// For what only a request's body shows to be dangerous: who asks in a browser has proved a moment ago who they are.
    ///
    /// # Errors
    /// `step_up_required`.
    pub fn recent(&self) -> Result<(), Fault> {
        self.session.as_ref().map_or(Ok(()), |session| gate::recent(session, &self.node.settings.identity, self.node.journal.now()))
    }

    /// This person has written: what they read from now on shows it.
    pub fn wrote(&self, position: Position) {
        self.node.written.note(self.person.id, position);
    }
}

/// Keeps what is left for the answer's headers, and refuses when nothing is.
fn count(request: &HttpRequest, allowance: Allowance) -> Result<(), Fault> {
    request.extensions_mut().insert(allowance);
    if allowance.exceeded {
        return Err(Fault::own(Own::TooManyRequests).retry_after(allowance.reset_seconds));
    }
    Ok(())
}

type Found = (Arc<OrganisationDirectory>, Arc<Person>, Option<Session>);

/// By the token where there is one, else by the cookie.
async fn known(request: &HttpRequest, node: &Node) -> Result<Found, Fault> {
    if !request.headers().contains_key(header::AUTHORIZATION)
        && let Some(cookie) = site::cookie(request, node)
    {
        return in_session(request, node, &cookie).await;
    }
    bearer(request, node).await.map(|(organisation, person)| (organisation, person, None))
}

async fn in_session(request: &HttpRequest, node: &Node, cookie: &str) -> Result<Found, Fault> {
    site::made_here(request, node)?;
    found(node, cookie).await
}

/// The session of a cookie, if it stands and lacks nothing.
///
/// # Errors
/// As for any request with it.
pub async fn session(request: &HttpRequest, node: &Node, cookie: &str) -> Result<Session, Fault> {
    site::made_here(request, node)?;
    let session = found(node, cookie).await?.2.ok_or_else(|| Fault::own(Own::InvalidToken))?;
    believed(request, session.person)?;
    gate::pass(request, &session, &node.settings.identity, node.journal.now())?;
    Ok(session)
}

async fn found(node: &Node, cookie: &str) -> Result<Found, Fault> {
    let now = node.journal.now();
    let mut session = node.sessions.find(cookie).await?.ok_or_else(|| Fault::own(Own::InvalidToken))?;
    let (directory, _) = node.world.at_least(session.position - 1).await?;
    if let Some(person) = directory.organisation(session.organisation).and_then(|organisation| organisation.person(session.person)) {
        session.hold_to(&person.sessions);
    }
    let (organisation, person) = judge(&session.as_token(), &directory, now)?;
    node.sessions.used(&session, now).await?;
    Ok((organisation, person, Some(session)))
}

async fn bearer(request: &HttpRequest, node: &Node) -> Result<(Arc<OrganisationDirectory>, Arc<Person>), Fault> {
    let header = request.headers().get(header::AUTHORIZATION).ok_or_else(|| Fault::own(Own::TokenNotSpecified))?;
    let header = header.to_str().map_err(|_| Fault::own(Own::InvalidToken))?;
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    if !scheme.eq_ignore_ascii_case("bearer") || token.trim().is_empty() {
        return Err(Fault::own(Own::TokenNotSpecified));
    }
    let token = node.tokens.find(token.trim()).await?.ok_or_else(|| Fault::own(Own::InvalidToken))?;
    // The person whose token it is was there before the token was.
    let (directory, _) = node.world.at_least(token.position - 1).await?;
    judge(&token, &directory, node.journal.now())
}

/// Refuses where `Nashi-Person` names somebody else: several tabs of a browser share one cookie, and what one person left there is not
/// done as the next.
fn believed(request: &HttpRequest, person: PersonId) -> Result<(), Fault> {
    let Some(value) = request.headers().get(&edge::PERSON) else { return Ok(()) };
    is_believed(value.to_str().unwrap_or_default(), person)
}

/// The same of an id in any other place.
///
/// # Errors
/// `other_person`; `invalid_value_format` where it is no id.
pub fn is_believed(id: &str, person: PersonId) -> Result<(), Fault> {
    let id: i64 = id.trim().parse().map_err(|_| Fault::format("Nashi-Person"))?;
    if id == person.0 { Ok(()) } else { Err(Fault::own(Own::OtherPerson)) }
}

/// Whether the token still stands for its person.
pub(crate) fn judge(
    token: &Token,
    directory: &Directory,
    now: jiff::Timestamp,
) -> Result<(Arc<OrganisationDirectory>, Arc<Person>), Fault> {
    let found =
        directory.organisation(token.organisation).and_then(|organisation| Some((organisation, organisation.person(token.person)?)));
    let Some((organisation, person)) = found else { return Err(Fault::own(Own::InvalidToken)) };
    if person.blocked {
        return Err(Fault::domain(Code::AccountBlocked));
    }
    if token.revoked || token.position <= person.credentials_changed {
        return Err(Fault::own(Own::RevokedToken));
    }
    if token.expires_at <= now {
        return Err(Fault::own(Own::ExpiredToken));
    }
    Ok((Arc::clone(organisation), Arc::clone(person)))
}

/// The position of `Nashi-Wait-For: <incarnation>-<position>`, 0 without it. One of another incarnation names a log that
/// a restore has replaced: what its asker remembers may be gone, so they are told (412), not answered as if nothing were.
fn wait_for(request: &HttpRequest, node: &Node) -> Result<Position, Fault> {
    let Some(value) = request.headers().get(&edge::WAIT_FOR) else { return Ok(0) };
    let parsed = value.to_str().ok().and_then(parse_position);
    let (incarnation, position) = parsed.ok_or_else(|| Fault::format("Nashi-Wait-For"))?;
    if incarnation != node.head().incarnation {
        return Err(Fault::own(Own::LogReplaced));
    }
    Ok(position)
}

pub(crate) fn parse_position(text: &str) -> Option<(i64, Position)> {
    let (incarnation, position) = text.trim().split_once('-')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i64>().ok()).flatten();
    Some((digits(incarnation)?, digits(position)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::OrganisationId;
    use jiff::Timestamp;

    #[test]
    fn a_position_is_two_numbers() {
        assert_eq!(parse_position("1-42"), Some((1, 42)));
        for wrong in ["", "42", "1-", "-1", "1--2", "1-x", "+1-2", "1-99999999999999999999", "1-2-3"] {
            assert_eq!(parse_position(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_token_falls_with_its_time_its_person_and_their_credentials() {
        let mut directory = Directory::default();
        directory.put_organisation(domain::organisation::Organisation { id: OrganisationId(1), exists: true, ..Default::default() });
        let mut person = Person::default();
        (person.id, person.organisation, person.exists, person.credentials_changed) = (PersonId(7), OrganisationId(1), true, 10);
        directory.put_person(person.clone());
        let time = |second| Timestamp::from_second(second).unwrap();
        let good = Token { person: PersonId(7), organisation: OrganisationId(1), position: 11, revoked: false, expires_at: time(100) };
        let code = |token: Token, directory: &Directory, now| judge(&token, directory, time(now)).err().and_then(|fault| fault.code());
        assert_eq!(code(good, &directory, 99), None);
        assert_eq!(code(good, &directory, 100), Some("expired_token"));
        assert_eq!(code(Token { position: 10, ..good }, &directory, 99), Some("revoked_token"));
        assert_eq!(code(Token { revoked: true, ..good }, &directory, 99), Some("revoked_token"));
        assert_eq!(code(Token { person: PersonId(8), ..good }, &directory, 99), Some("invalid_token"));
        assert_eq!(code(Token { organisation: OrganisationId(2), ..good }, &directory, 99), Some("invalid_token"));
        person.blocked = true;
        directory.put_person(person);
        assert_eq!(code(good, &directory, 99), Some("account_blocked"));
    }
}
