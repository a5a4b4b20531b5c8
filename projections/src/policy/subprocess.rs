//! Opens the tasks that steps ask for, tells of their ends and closes those that nothing is expected of any more
//! ([`domain::policy::subprocess`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::codec::DecodeError;
use domain::policy::subprocess::{self, NAME, Subprocess};
use domain::task::form::{News, Open, Told};
use domain::{CommandId, Header, Kind, Recorded, TaskId};

use super::worker::{Halt, Notes, Policy, left};
use super::{Commands, Given, NotDone};

/// What a fact leads to first, and what follows from that: the commands' places in their ids.
const FIRST: i64 = 0;
const SECOND: i64 = 1;

/// The policy of subprocesses.
pub(super) struct Subprocesses {
    pub commands: Arc<dyn Commands>,
}

impl Policy for Subprocesses {
    const NAME: &'static str = NAME;
    const KINDS: &'static [Kind] = subprocess::KINDS;
    type Follows = Subprocess;

    fn follows(event: &Recorded) -> Result<Option<Subprocess>, DecodeError> {
        subprocess::follows(event)
    }

    async fn act(&mut self, cause: &Header, follows: Subprocess, _after: TaskId, _notes: &Notes<'_>) -> Result<(), Halt> {
        let (task, answer) = match follows {
            Subprocess::Open(open) => return self.open(cause, open).await,
            Subprocess::Tell { task, told } => (task, self.commands.tell(given(cause, task, FIRST), told).await),
            Subprocess::Close { task } => (task, self.commands.close(given(cause, task, FIRST)).await),
        };
        left(NAME, cause, task, answer).map(drop)
    }
}

impl Subprocesses {
    async fn open(&self, cause: &Header, open: Open) -> Result<(), Halt> {
        let (main, number) = (open.origin.task, open.origin.number);
        let news = match self.commands.open(given(cause, main, FIRST), open).await {
            Ok(Ok(task)) => News::Opened(task),
            Ok(Err(outcome)) => News::Ended(outcome, BTreeMap::new()),
            Err(later @ NotDone::NotNow(_)) => return Err(Halt::NotNow(later)),
            Err(refused @ NotDone::Refused(_)) => return left(NAME, cause, main, Err(refused)).map(drop),
        };
        let told = self.commands.tell(given(cause, main, SECOND), Told { number, news }).await;
        left(NAME, cause, main, told).map(drop)
    }
}

fn given(cause: &Header, task: TaskId, index: i64) -> Given {
    let command = CommandId::of_policy(cause.organisation, NAME, cause.position, index);
    Given { organisation: cause.organisation, task, command, cause: cause.position }
}
