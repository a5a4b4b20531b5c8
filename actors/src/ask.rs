//! A command on its way to an actor: who asks, the answer, and the envelope that finds its way back
//! when an actor dies under it. Not how it is decided (see [`crate::entity`]).

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use domain::rejection::Rejection;
use domain::{ClaimKind, Code, CommandId, OrganisationId, PersonId, Position, StreamId, Version};
use thiserror::Error;
use tokio::sync::oneshot;

use crate::hosted::Hosted;
use crate::journal::{Meta, Receipt, Refusal};

/// Who asks for what, and how long they wait.
#[derive(Clone, Debug)]
pub struct Request {
    pub organisation: OrganisationId,
    pub who: PersonId,
    pub command: CommandId,
    /// The client named the command itself (`Idempotency-Key`), so a repeat must find its first answer.
    pub keyed: bool,
    /// `fingerprint` is compared when `keyed`; `node`, `build` and `basis` are filled in by the system.
    pub meta: Meta,
    pub deadline: Instant,
    /// The log's head when the request came in, as far as was known; 0 for whoever does not care. What lies at or before
    /// it cannot have come of this request, however often it had to be given to somebody.
    pub arrived: Position,
    /// Nobody looks at the answer's view: where it would have to travel, an empty one comes back.
    pub brief: bool,
    /// W3C `traceparent`, so that what other nodes do for it can be found.
    pub trace: Option<Arc<str>>,
}

/// A command's durable answer.
#[derive(Clone, Debug)]
pub struct Done<V> {
    pub stream: StreamId,
    /// The stream's version after the command (for a repeat: after the first time).
    pub version: Version,
    /// The position of the command's first event, which is a comment's id; nothing where nothing changed.
    pub first: Option<Position>,
    /// The log position that shows the command and all that it was decided on.
    pub position: Position,
    /// The command had taken effect before; this is its answer of then.
    pub replayed: bool,
    /// What the aggregate shows of itself, as of `version`.
    pub view: V,
}

/// Who reads, and how fresh it has to be.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    pub organisation: OrganisationId,
    pub who: PersonId,
    /// The answer shows all that the log held up to here.
    pub at_least: Option<Position>,
    pub deadline: Instant,
}

/// What was read.
#[derive(Clone, Debug)]
pub struct Seen<V> {
    /// The stream's version and the position of its last event; 0 for a stream without events.
    pub version: Version,
    pub position: Position,
    pub view: V,
}

/// A rule that stood in the way, in the domain's own words, and which field it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(Arc<str>);

/// Stands between the field and the rule, where there is a field: no name holds a control character.
const AFTER_PLACE: char = '\u{1f}';

impl Reason {
    pub fn of(rejection: &impl Rejection) -> Self {
        let text = rejection.to_string();
        let after = |place: &str| text.strip_prefix(place)?.strip_prefix(": ").map(|rule| format!("{place}{AFTER_PLACE}{rule}"));
        Self(rejection.place().and_then(after).unwrap_or(text).into())
    }

    /// The field.
    pub fn place(&self) -> Option<&str> {
        self.0.split_once(AFTER_PLACE).map(|(place, _)| place)
    }

    /// As it goes between nodes.
    pub(crate) fn word(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Reason {
    fn from(word: &str) -> Self {
        Self(word.into())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_once(AFTER_PLACE) {
            Some((place, rule)) => write!(f, "{place}: {rule}"),
            None => f.write_str(&self.0),
        }
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, Error)]
pub enum Refused {
    /// A business "no"; nothing was written. `position` is the log position that it was decided on.
    #[error("{reason}")]
    Rejected { code: Code, reason: Reason, position: Position },
    #[error("this Idempotency-Key was used for another request")]
    KeyReused,
    /// A claim (an e-mail address, a name) is held by another stream.
    #[error("already in use")]
    Taken(ClaimKind),
    /// Too much to do just now: nothing was decided. Ask again in a moment.
    #[error("too busy: {0}")]
    Busy(Cow<'static, str>),
    /// Infrastructure is away; nothing was written nor will be. Ask again in a moment.
    #[error("unavailable: {0}")]
    Unavailable(Arc<str>),
    /// It could not be found out whether the command took effect. No body may be sent.
    #[error("the outcome is not known")]
    Unknown,
    /// The actor had a bug on this command and was thrown away; nothing was written.
    #[error("internal error")]
    Bug,
}

impl Refusal {
    /// What a caller is told of a refusal after which the command is not decided again, and which is not
    /// [`Refusal::Duplicate`]; `position` is what it was decided on.
    pub(crate) fn into_refused(self, position: Position) -> Refused {
        let unwritable = |code, reason: &str| Refused::Rejected { code, reason: reason.into(), position };
        match self {
            Self::Conflict { .. } => Refused::Busy("conflicts with commands given elsewhere".into()),
            Self::ClaimTaken { kind, .. } => Refused::Taken(kind),
            Self::Expired => Refused::Busy("the deadline passed before the commit".into()),
            Self::TooLarge => unwritable(Code::ValueIsTooLong, "larger than the log takes"),
            Self::Malformed(why) => {
                tracing::error!(%why, "a decision led to an event that the log does not take");
                unwritable(Code::InvalidValueFormat, "not writable to the log")
            }
            Self::Unavailable(why) => Refused::Unavailable(why),
            Self::Duplicate(_) | Self::Unknown => Refused::Unknown,
        }
    }
}

/// What an actor has to say to a command.
pub(crate) enum Outcome<A: Hosted> {
    Done(Done<A::View>),
    /// Nothing had to change.
    Nothing(Done<A::View>),
    /// The command took effect, but the actor cannot show how things stood then: whoever asked reads the log.
    Earlier(Box<Receipt>),
    Refused(Refused),
    /// The actor went away with the command unanswered; here it is again.
    Dropped(Box<Task<A>>),
}

/// A command with all that is needed to decide it, more than once if need be.
pub(crate) struct Task<A: Hosted> {
    pub request: Request,
    pub command: A::Command,
    /// An actor died with it: it may be in the log by now, or be on its way there.
    pub submitted: bool,
}

impl<A: Hosted> Task<A> {
    pub fn new(request: Request, command: A::Command) -> Box<Self> {
        Box::new(Self { request, command, submitted: false })
    }

    /// Whether a command with this id may have come by before.
    pub fn may_repeat(&self) -> bool {
        self.request.keyed || self.submitted
    }
}

/// A [`Task`] and the way back. Dropped unanswered, on whatever path, it returns the task to whoever asked,
/// so that an actor's death loses no command.
pub(crate) struct Ask<A: Hosted>(Option<Letter<A>>);

struct Letter<A: Hosted> {
    task: Box<Task<A>>,
    reply: oneshot::Sender<Outcome<A>>,
}

impl<A: Hosted> Ask<A> {
    pub fn new(task: Box<Task<A>>) -> (Self, oneshot::Receiver<Outcome<A>>) {
        let (reply, answer) = oneshot::channel();
        (Self(Some(Letter { task, reply })), answer)
    }

    pub fn task(&self) -> &Task<A> {
        &self.0.as_ref().expect("an ask is taken apart only by its last owner").task
    }

    /// From here on the command may be in the log.
    pub fn mark_submitted(&mut self) {
        if let Some(letter) = &mut self.0 {
            letter.task.submitted = true;
        }
    }

    pub fn answer(mut self, outcome: Outcome<A>) {
        if let Some(letter) = self.0.take() {
            // Nobody waits any more: the command stands all the same.
            let _ = letter.reply.send(outcome);
        }
    }

    pub fn refuse(self, refused: Refused) {
        self.answer(Outcome::Refused(refused));
    }

    /// The task of an ask that was never sent.
    pub fn into_task(mut self) -> Box<Task<A>> {
        self.0.take().expect("an ask is taken apart only by its last owner").task
    }
}

impl<A: Hosted> Drop for Ask<A> {
    fn drop(&mut self) {
        if let Some(Letter { task, reply }) = self.0.take() {
            let _ = reply.send(Outcome::Dropped(task));
        }
    }
}
