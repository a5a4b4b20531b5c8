//! Hands on what somebody left to another, task by task ([`domain::policy::succession`]). Successions are done in the order of
//! the log, each to its end before the next: who receives may have gone as well, and hands on in their turn.

use std::sync::Arc;
use std::time::Duration;

use domain::codec::DecodeError;
use domain::policy::succession::{self, NAME, Succession};
use domain::{CommandId, Header, Kind, Position, Recorded, TaskId};
use futures_util::{StreamExt, stream};
use sqlx::PgPool;

use super::progress::Done;
use super::worker::{Halt, Notes, Policy, left};
use super::{Commands, Given};
use crate::lookout::Lookout;
use crate::views::inbox::Inbox;
use crate::views::inbox::page::tasks_of;

/// Tasks between two notes of how far it has come.
const TASKS_IN_PAGE: i64 = 200;
/// Tasks that are handed on at the same time.
const TASKS_AT_ONCE: usize = 8;
/// How long the inbox is waited for, which says what is whose.
const INBOX_WAIT_MAX: Duration = Duration::from_secs(10);

/// The policy of successions.
pub(super) struct Successions {
    pub pool: PgPool,
    pub inbox: Arc<Lookout<Inbox>>,
    pub commands: Arc<dyn Commands>,
    /// What the inbox has to show before it is asked whose what is: all that was handed on before, by whomever.
    pub wanted: Position,
}

impl Policy for Successions {
    const NAME: &'static str = NAME;
    const KINDS: &'static [Kind] = succession::KINDS;
    type Follows = Succession;

    fn follows(event: &Recorded) -> Result<Option<Succession>, DecodeError> {
        succession::follows(event)
    }

    fn begin(&mut self, head: Position) {
        self.wanted = head;
    }

    /// Every open task of theirs after `after`, page by page.
    async fn act(&mut self, cause: &Header, follows: Succession, mut after: TaskId, notes: &Notes<'_>) -> Result<(), Halt> {
        let organisation = cause.organisation;
        self.wanted = self.wanted.max(cause.position);
        loop {
            let generation = self.inbox.caught_up(self.wanted, INBOX_WAIT_MAX).await?;
            let tasks = tasks_of(&self.pool, &generation, organisation, follows.from, after, TASKS_IN_PAGE).await?;
            let Some(last) = tasks.last().copied() else { return Ok(()) };
            let commands = tasks.into_iter().map(|task| {
                let command = CommandId::of_policy(organisation, NAME, cause.position, task.0);
                let given = Given { organisation, task, command, cause: cause.position };
                let commands = &self.commands;
                async move { (task, commands.succeed(given, follows).await) }
            });
            let mut answers = stream::iter(commands).buffer_unordered(TASKS_AT_ONCE);
            let mut shown = self.wanted;
            while let Some((task, answer)) = answers.next().await {
                shown = left(NAME, cause, task, answer)?.map_or(shown, |position| position.max(shown));
            }
            drop(answers);
            self.wanted = shown;
            after = last;
            notes.store(Done { position: cause.position - 1, task: after }).await?;
        }
    }
}
