//! Tasks that steps open: which recorded fact asks for one to be opened, tells of its end, or wants it closed. What a task makes
//! of it is decided by the task (`domain/src/task/form/subprocess.rs`).

use std::collections::BTreeMap;

use crate::codec::{DecodeError, EventSet as _};
use crate::form::subprocess::DEPTH_MAX;
use crate::id::{Kind, TaskId};
use crate::recorded::Recorded;
use crate::task::form::{Fact, Given, News, OF_SUBPROCESSES, Open, Origin, Told};
use crate::task::{self, Event};
use crate::workflow::{self, Outcome};

/// The name of this policy, in the ids of its commands and in the table of its progress. Never changed.
pub const NAME: &str = "subprocess";

/// The kinds of stream whose facts can lead to it.
pub const KINDS: &[Kind] = &[Kind::Task];

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subprocess {
    /// Open a task, and tell the one that asked.
    Open(Open),
    Tell {
        task: TaskId,
        told: Told,
    },
    Close {
        task: TaskId,
    },
}

/// What follows from a recorded event, if anything.
///
/// # Errors
/// When this build cannot read the event.
pub fn follows(recorded: &Recorded) -> Result<Option<Subprocess>, DecodeError> {
    // Most events are others, and need not be read.
    if recorded.header.stream.kind != Kind::Task || !OF_SUBPROCESSES.contains(&recorded.event_type.as_str()) {
        return Ok(None);
    }
    let main = TaskId(recorded.header.stream.id);
    let Event::Form(fact) = task::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? else { return Ok(None) };
    Ok(match *fact {
        Fact::Route(workflow::Fact::SubprocessAsked(asked)) if asked.depth > DEPTH_MAX => {
            Some(Subprocess::Tell { task: main, told: Told { number: asked.number, news: News::Ended(Outcome::TooDeep, BTreeMap::new()) } })
        }
        Fact::Route(workflow::Fact::SubprocessAsked(asked)) => {
            let workflow::Asked { number, step, form, of, depth, author, fields, wait: _, keep_open: _ } = *asked;
            let origin = Origin { task: main, form: of, step, number, depth };
            Some(Subprocess::Open(Open { origin, form, author, fields }))
        }
        Fact::Route(workflow::Fact::SubprocessLeft { number: _, task: Some(task) }) => Some(Subprocess::Close { task }),
        Fact::Result(given) => {
            let Given { origin, outcome, fields } = *given;
            Some(Subprocess::Tell { task: origin.task, told: Told { number: origin.number, news: News::Ended(outcome, fields) } })
        }
        Fact::Route(_) | Fact::TemplateApplied { .. } | Fact::FieldChanged { .. } | Fact::TableChanged { .. } | Fact::Titled { .. } => None,
    })
}
