//! How a stream is opened, whichever way it goes out: who asks, where they were, and what they are told first.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{self, HeaderName};
use actix_web::{FromRequest, HttpRequest, web};
use domain::directory::OrganisationDirectory;
use domain::{OrganisationId, Position};
use projections::since;
use serde_json::Value;
use uuid::Uuid;

use crate::codes::Own;
use crate::error::Fault;
use crate::extract::caller::{is_believed, judge};
use crate::extract::{Caller, Stranger};
use crate::identity::{Purpose, SecretHash};
use crate::live::entry::Place;
use crate::live::hub::{Joined, Refused};
use crate::live::reader::{Missed, Reader};
use crate::live::standing::Standing;
use crate::live::{metrics, shown};
use crate::node::Node;
use crate::routes::query::Query;
use crate::view;

static LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// How long dead streams of a person are given to be found out, and how often they are written to: the first time tells us nothing
/// yet of who has gone.
const PROBE: Duration = Duration::from_millis(100);
const PROBES: usize = 3;

/// Who asks for a stream.
pub struct Asker {
    pub node: web::Data<Node>,
    pub organisation: Arc<OrganisationDirectory>,
    pub standing: Standing,
}

pub fn has_ticket(request: &HttpRequest) -> bool {
    Query::of(request).text("ticket").is_some()
}

/// By a ticket where there is one, else as any request.
///
/// # Errors
/// As any request; `invalid_ticket`.
pub async fn asker(request: &HttpRequest) -> Result<Asker, Fault> {
    let query = Query::of(request);
    let asker = match query.text("ticket") {
        Some(ticket) => by_ticket(request, &ticket).await?,
        None => {
            let caller = Caller::extract(request).await?;
            let standing = standing(request, &caller).await?;
            Asker { node: caller.node, organisation: caller.organisation, standing }
        }
    };
    // What opens streams by itself sets no headers.
    if let Some(person) = query.text("person") {
        is_believed(&person, asker.standing.person())?;
    }
    Ok(asker)
}

/// What the caller is known by.
///
/// # Errors
/// When the database does not answer.
pub async fn standing(request: &HttpRequest, caller: &Caller) -> Result<Standing, Fault> {
    if let Some(session) = &caller.session {
        return Ok(Standing::Session(Box::new(session.clone())));
    }
    let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|header| header.split_once(' ')).map_or("", |(_, token)| token.trim());
    let found = caller.node.tokens.find(token).await?.ok_or_else(|| Fault::own(Own::InvalidToken))?;
    Ok(Standing::Token(found, SecretHash::of(token)))
}

async fn by_ticket(request: &HttpRequest, ticket: &str) -> Result<Asker, Fault> {
    let Stranger { node, .. } = Stranger::extract(request).await?;
    let now = node.journal.now();
    let invalid = || Fault::own(Own::InvalidTicket);
    let about = node.tickets.redeem(Purpose::Live, ticket, now).await?.ok_or_else(invalid)?;
    let text = |name: &str| about.detail.get(name).and_then(Value::as_str);
    let standing = if let Some(session) = text("session").and_then(|id| Uuid::parse_str(id).ok()) {
        Standing::Session(Box::new(node.sessions.alive(session, now).await?.ok_or_else(invalid)?))
    } else {
        let hash = text("token").and_then(|hash| hex::decode(hash).ok()).and_then(|hash| <[u8; 32]>::try_from(hash).ok());
        let hash = SecretHash(hash.ok_or_else(invalid)?);
        Standing::Token(node.tokens.find_by(hash).await?.ok_or_else(invalid)?, hash)
    };
    let token = match &standing {
        Standing::Session(session) => session.as_token(),
        Standing::Token(token, _) => *token,
    };
    let (directory, _) = node.world.at_least(token.position - 1).await?;
    let (organisation, _) = judge(&token, &directory, now)?;
    Ok(Asker { node, organisation, standing })
}

/// Where a reader was.
enum Was {
    /// It begins.
    Nowhere,
    At(Position),
    /// Where nobody can go on from.
    Lost(&'static str),
}

/// Opens a stream for `asker`.
///
/// # Errors
/// `too_many_requests` beyond the number that a person may have; 503 at a node that goes.
pub async fn open(request: &HttpRequest, asker: Asker) -> Result<Reader, Fault> {
    let Asker { node, organisation, standing } = asker;
    let query = Query::of(request);
    let follow = query.boolean("follow")?.unwrap_or(true);
    let header = request.headers().get(&LAST_EVENT_ID).and_then(|value| value.to_str().ok()).map(str::trim).filter(|id| !id.is_empty());
    let given = header.map(str::to_owned).or_else(|| query.text("last_event_id")).or_else(|| query.text("position"));
    let was = was(&node, given.as_deref()).await?;
    let known = if let Was::At(position) = was { Some(position) } else { None };
    // Rights as they were where the stream begins, at least.
    let (directory, _) = node.world.at_least(node.live.hub.place().position).await?;
    let organisation = directory.organisation(organisation.id).ok_or_else(|| Fault::own(Own::InvalidToken))?;
    let joined = joined(&node, organisation, &standing, known).await?;
    // What changed between the look at who asks and their joining is not told to streams.
    if let Some(why) = standing.fallen(&node.world.latest(), node.journal.now()) {
        tracing::debug!(why, "a stream fell while it was opened");
        return Err(Fault::own(Own::RevokedToken));
    }
    let (id, place, whose) = (joined.id, joined.place, joined.whose);
    let at = |position| Place { position, ..place };
    let hub = node.live.hub.clone();
    let (first, missed) = match was {
        Was::Nowhere => (vec![shown::hello(id, place, false)], None),
        Was::Lost(why) => {
            metrics::resumed(why);
            (vec![shown::hello(id, place, false), shown::reset(place, why)], None)
        }
        Was::At(after) if after >= place.position => {
            metrics::resumed("level");
            (vec![shown::hello(id, at(after), true)], None)
        }
        Was::At(after) => {
            if too_much(&node, organisation.id, (after, place.position)).await? {
                metrics::resumed("too_old");
                (vec![shown::hello(id, place, false), shown::reset(place, "too_old")], None)
            } else {
                metrics::resumed("replayed");
                let weak = Arc::downgrade(&node.clone().into_inner());
                let missed = Missed { node: weak, hub, whose, after, upto: place.position };
                (vec![shown::hello(id, at(after), true)], Some(missed))
            }
        }
    };
    let own = (whose.organisation, whose.person);
    node.live.inboxes.may_differ([own], place.position);
    node.live.notified.may_differ([own], (place.position, place.position));
    Ok(Reader { joined, first: first.into_iter().map(Arc::new).collect(), missed, follow })
}

async fn was(node: &Node, given: Option<&str>) -> Result<Was, Fault> {
    let Some(given) = given else { return Ok(Was::Nowhere) };
    let Some(place) = Place::parse(given) else { return Ok(Was::Lost("not_understood")) };
    let head = node.head();
    if place.incarnation != head.incarnation {
        return Ok(Was::Lost("log_replaced"));
    }
    // Another node may know of more than this one.
    if place.position > head.position && place.position > node.true_head().await? {
        return Ok(Was::Lost("ahead"));
    }
    Ok(Was::At(place.position))
}

async fn joined(
    node: &Node,
    organisation: &Arc<OrganisationDirectory>,
    standing: &Standing,
    known: Option<Position>,
) -> Result<Joined, Fault> {
    let hub = &node.live.hub;
    let join = || hub.join(organisation, standing.clone(), known, node.journal.now());
    let mut joined = join();
    for _ in 0..PROBES {
        if !matches!(joined, Err(Refused::TooMany)) {
            break;
        }
        hub.probe(organisation.id, standing.person());
        tokio::time::sleep(PROBE).await;
        joined = join();
    }
    joined.map_err(|refused| match refused {
        Refused::Draining => Fault::unavailable("this node goes; another one takes streams"),
        Refused::TooMany => Fault::own(Own::TooManyRequests).with("too many streams are open").retry_after(1),
    })
}

async fn too_much(node: &Node, organisation: OrganisationId, between: (Position, Position)) -> Result<bool, Fault> {
    let most = i64::from(node.settings.live.replay_events_max);
    let counted = view::answered(since::count(&node.pool, organisation, between, most.saturating_add(1)).await)?;
    Ok(counted > most)
}
