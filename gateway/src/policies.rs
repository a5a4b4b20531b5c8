//! The commands of policies, given to the actors. What is commanded, and when, is known by `domain` and `projections`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actors::journal::{Journal, Meta};
use actors::system::{Refused, Request, System};
use domain::inbox::{self, Found, Inbox};
use domain::policy::succession::Succession;
use domain::task::command::{Action, Comment};
use domain::task::form::{Open, Told};
use domain::task::{Command, Task};
use domain::workflow::Outcome;
use domain::{Code, CommandId, FilterId, Issued, Kind, OrganisationId, PersonId, Position, StreamId, TaskId};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use projections::policy::{Commands, Given, NotDone, Standing, What as Timed};
use projections::views::tasks::question::Question;

use crate::question;

/// Nobody's connection waits.
const DEADLINE: Duration = Duration::from_secs(10);

/// The actors of this node, for policies.
pub struct Policies {
    pub system: System,
    pub journal: Arc<dyn Journal>,
}

impl Commands for Policies {
    fn succeed(&self, given: Given, succession: Succession) -> BoxFuture<'_, Result<Position, NotDone>> {
        self.change(given, Command::Succeed { from: succession.from, to: succession.to })
    }

    fn open(&self, given: Given, open: Open) -> BoxFuture<'_, Result<Result<TaskId, Outcome>, NotDone>> {
        // Named by the policy: a repeat finds the task that was opened the first time, whatever stands in the way by now.
        let request = Request { keyed: true, ..request(given) };
        Box::pin(async move {
            match self.system.create::<Task>(request, Command::Open(Box::new(open))).await {
                Ok(done) => Ok(Ok(TaskId(done.stream.id))),
                Err(Refused::Rejected { code: Code::AccessDeniedForm, .. }) => Ok(Err(Outcome::FormUnknown)),
                Err(Refused::Rejected { code: Code::FormIsDeleted, .. }) => Ok(Err(Outcome::FormClosed)),
                Err(Refused::Rejected { .. } | Refused::Bug) => Ok(Err(Outcome::Refused)),
                Err(refused) => Err(not_done(refused)),
            }
        })
    }

    fn tell(&self, given: Given, told: Told) -> BoxFuture<'_, Result<Position, NotDone>> {
        self.change(given, Command::Told(Box::new(told)))
    }

    fn now(&self) -> Timestamp {
        self.journal.now()
    }

    fn fire(&self, standing: Standing) -> BoxFuture<'_, Result<Position, NotDone>> {
        let Standing { organisation, task, what, cause, at } = standing;
        let command = CommandId::of_timer(organisation, cause, what.number());
        let given = Given { organisation, task, command, cause };
        match what {
            Timed::Task(timer) => self.change(given, Command::Fire(timer)),
            Timed::Snooze(of) => self.own(of, given, inbox::What::FireSnooze { task, until: at }),
            Timed::Reminder(of) => self.own(of, given, inbox::What::FireReminder { task, at }),
        }
    }

    fn asked(&self, filter: FilterId, issued: &Issued<'_>) -> Option<Question> {
        question::of_filter(filter, issued).ok()
    }

    fn found(&self, organisation: OrganisationId, person: PersonId, found: Found) -> BoxFuture<'_, Result<Position, NotDone>> {
        let command = CommandId::of_found(organisation, found.filter, person, found.cause);
        let given = Given { organisation, task: found.task, command, cause: found.cause };
        self.own(person, given, inbox::What::Found(found))
    }

    fn close(&self, given: Given) -> BoxFuture<'_, Result<Position, NotDone>> {
        self.change(given, Command::Comment(Box::new(Comment { action: Some(Action::Finished), ..Comment::default() })))
    }
}

impl Policies {
    fn own(&self, of: PersonId, given: Given, what: inbox::What) -> BoxFuture<'_, Result<Position, NotDone>> {
        Box::pin(async move {
            let stream = StreamId::new(Kind::Inbox, of.0);
            let done = self.system.execute::<Inbox>(stream, request(given), inbox::Command { of, what }).await;
            done.map(|done| done.position).map_err(not_done)
        })
    }

    fn change(&self, given: Given, command: Command) -> BoxFuture<'_, Result<Position, NotDone>> {
        Box::pin(async move {
            let done = self.system.execute::<Task>(given.task.into(), request(given), command).await;
            done.map(|done| done.position).map_err(not_done)
        })
    }
}

fn not_done(refused: Refused) -> NotDone {
    match refused {
        Refused::Rejected { reason, .. } => NotDone::Refused(reason.to_string().into()),
        Refused::Bug | Refused::KeyReused | Refused::Taken(_) => NotDone::Refused(refused.to_string().into()),
        Refused::Busy(_) | Refused::Unavailable(_) | Refused::Unknown => NotDone::NotNow(refused.to_string().into()),
    }
}

fn request(given: Given) -> Request {
    Request {
        organisation: given.organisation,
        who: PersonId::SYSTEM,
        command: given.command,
        keyed: false,
        meta: Meta { cause: Some(given.cause), correlation: Some(given.command.to_string()), ..Meta::default() },
        deadline: Instant::now() + DEADLINE,
        arrived: 0,
        brief: true,
        trace: None,
    }
}
