//! `as_of`: reading things as they were at a position of the log, or at a moment. Today's rights decide who may look; what was
//! there then is read from the log and from the directory's history.

use std::sync::Arc;

use actix_web::HttpRequest;
use domain::audit::access;
use domain::codec::EventSet;
use domain::directory::OrganisationDirectory;
use domain::id::StreamId;
use domain::task::Task;
use domain::task::past::Past;
use domain::{Aggregate, Code, Header, Issued, Position, TaskId};
use jiff::Timestamp;
use projections::View;
use projections::directory::past;

use crate::codes::Own;
use crate::error::Fault;
use crate::extract::Caller;
use crate::extract::caller::WAIT_MAX;
use crate::routes::query::Query;

/// Events of a stream that are read at a time.
const PAGE: usize = 1_000;

/// The organisation at an earlier position.
pub struct AsOf {
    pub position: Position,
    /// The moment: deputies stand in at some and not at others.
    pub at: Timestamp,
    pub organisation: Arc<OrganisationDirectory>,
}

/// What a read shows.
pub struct Shown {
    pub position: Position,
    pub at: Timestamp,
    pub today: Arc<OrganisationDirectory>,
    /// Where it is the past.
    pub then: Option<Arc<OrganisationDirectory>>,
}

impl Shown {
    pub fn organisation(&self) -> &Arc<OrganisationDirectory> {
        self.then.as_ref().unwrap_or(&self.today)
    }
}

impl Caller {
    /// What a request asks for by `as_of`: a position (`912`, or `1-912` as in `Nashi-Position`) or a moment (RFC 3339).
    ///
    /// # Errors
    /// `invalid_value_format` for what is neither, `invalid_input` for what lies ahead, `log_replaced`; 503 when the history cannot
    /// be read.
    pub async fn as_of(&self, request: &HttpRequest) -> Result<Option<AsOf>, Fault> {
        let Some(asked) = Query::of(request).text("as_of") else { return Ok(None) };
        let node = &self.node;
        let head = node.journal.current_head().await.map_err(|error| {
            tracing::warn!(%error, "the log's head could not be read");
            Fault::unavailable("the log cannot be read just now")
        })?;
        let (position, at) = match parse(&asked).ok_or_else(|| Fault::format("as_of"))? {
            Point::Position { incarnation, position } => {
                if incarnation.is_some_and(|incarnation| incarnation != head.incarnation) {
                    return Err(Fault::own(Own::LogReplaced));
                }
                (position, None)
            }
            Point::Moment(at) => (past::position_at(&node.pool, at).await.map_err(|error| unreadable(&error))?, Some(at)),
        };
        if position > head.position || at.is_some_and(|at| at > node.journal.now()) {
            return Err(Fault::domain(Code::InvalidInput).with("as_of lies ahead"));
        }
        let at = match at {
            Some(at) => at,
            None => past::moment_of(&node.pool, position).await.map_err(|error| unreadable(&error))?,
        };
        let generation = node.projections.caught_up(View::Directory, position, WAIT_MAX).await.map_err(|behind| {
            tracing::warn!(%behind, "a view was waited for in vain");
            Fault::unavailable("the directory's history is behind")
        })?;
        let organisation = past::at(&node.pool, &generation, self.organisation.id, position).await.map_err(|error| unreadable(&error))?;
        Ok(Some(AsOf { position, at, organisation }))
    }

    /// The organisation that a read shows, with today's, which says what the asker may see of it: as it was, where the request asks
    /// for that (`as_of`), else as it is.
    ///
    /// # Errors
    /// As [`Self::as_of`] and [`Self::directory`].
    pub async fn shown(&self, request: &HttpRequest) -> Result<Shown, Fault> {
        let (directory, position) = self.directory().await?;
        let today = self.organisation_in(&directory)?;
        Ok(match self.as_of(request).await? {
            Some(AsOf { position, at, organisation }) => Shown { position, at, then: Some(organisation), today },
            None => Shown { position, at: self.node.journal.now(), then: None, today },
        })
    }

    /// The asker, today.
    pub fn issued<'a>(&self, today: &'a OrganisationDirectory) -> Issued<'a> {
        Issued { organisation: self.organisation.id, who: self.person.id, at: self.node.journal.now(), directory: today }
    }

    /// A task as it was, for who may look at it today.
    ///
    /// # Errors
    /// `access_denied_task` for who may not, and where there was none then; 503 when the log cannot be read.
    pub async fn task_as_of(&self, id: TaskId, as_of: &AsOf) -> Result<Past, Fault> {
        let (directory, _) = self.directory().await?;
        let today = self.organisation_in(&directory)?;
        let issued = self.issued(&today);
        let history = self.history_of::<Task>(id.into()).await?;
        let words = access::may_read(&issued).is_ok();
        let past = Past::at(&history, as_of.position, &as_of.organisation, words);
        if past.today.may_look_back(&issued) && past.then.exists && !past.then.deleted {
            Ok(past)
        } else {
            Err(Fault::domain(Code::AccessDeniedTask))
        }
    }

    /// All events of a stream, which may be one that the asker may not see.
    ///
    /// # Errors
    /// 503 when the log cannot be read.
    pub async fn history_of<A: Aggregate>(&self, stream: StreamId) -> Result<Vec<(Header, A::Event)>, Fault> {
        let mut history = Vec::new();
        let mut after = 0;
        loop {
            let page = self.node.journal.read_stream(stream, after, PAGE).await.map_err(|error| {
                tracing::warn!(%error, %stream, "a history could not be read");
                Fault::unavailable("the log cannot be read just now")
            })?;
            for event in &page {
                let fact = A::Event::decode(&event.event_type, event.schema, &event.payload);
                let fact = fact.map_err(|error| {
                    tracing::error!(%error, event.position = event.header.position, "a recorded event cannot be read");
                    Fault::own(Own::ServerError)
                })?;
                after = event.header.version;
                history.push((event.header, fact));
            }
            if page.len() < PAGE {
                return Ok(history);
            }
        }
    }
}

fn unreadable(error: &projections::Failure) -> Fault {
    tracing::warn!(error = error as &dyn std::error::Error, "the past could not be read");
    Fault::unavailable("the history cannot be read just now")
}

#[derive(Debug, PartialEq)]
enum Point {
    Position { incarnation: Option<i64>, position: Position },
    Moment(Timestamp),
}

fn parse(text: &str) -> Option<Point> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i64>().ok()).flatten();
    if let Some(position) = digits(text) {
        return Some(Point::Position { incarnation: None, position });
    }
    if let Some((incarnation, position)) = text.split_once('-')
        && let (Some(incarnation), Some(position)) = (digits(incarnation), digits(position))
    {
        return Some(Point::Position { incarnation: Some(incarnation), position });
    }
    text.parse().ok().map(Point::Moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_a_position_or_a_moment() {
        assert_eq!(parse("912"), Some(Point::Position { incarnation: None, position: 912 }));
        assert_eq!(parse("17-912"), Some(Point::Position { incarnation: Some(17), position: 912 }));
        assert_eq!(parse("2026-03-02T10:00:00Z"), Some(Point::Moment("2026-03-02T10:00:00Z".parse().unwrap())));
        for wrong in ["", "-1", "1-", "yesterday", "2026-03-02", "99999999999999999999"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
