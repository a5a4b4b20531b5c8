//! The commands of policies, given to the actors. What is commanded, and when, is known by `domain` and `projections`.

use std::time::{Duration, Instant};

use actors::journal::Meta;
use actors::system::{Refused, Request, System};
use domain::policy::succession::Succession;
use domain::task::{Command, Task};
use domain::{PersonId, Position};
use futures_util::future::BoxFuture;
use projections::policy::{Commands, Given, NotDone};

/// Nobody's connection waits.
const DEADLINE: Duration = Duration::from_secs(10);

/// The actors of this node, for policies.
pub struct Policies(pub System);

impl Commands for Policies {
    fn succeed(&self, given: Given, succession: Succession) -> BoxFuture<'_, Result<Position, NotDone>> {
        let command = Command::Succeed { from: succession.from, to: succession.to };
        Box::pin(async move {
            match self.0.execute::<Task>(given.task.into(), request(given), command).await {
                Ok(done) => Ok(done.position),
                Err(Refused::Rejected { reason, .. }) => Err(NotDone::Refused(reason)),
                Err(refused @ (Refused::Bug | Refused::KeyReused | Refused::Taken(_))) => Err(NotDone::Refused(refused.to_string().into())),
                Err(refused @ (Refused::Busy(_) | Refused::Unavailable(_) | Refused::Unknown)) => {
                    Err(NotDone::NotNow(refused.to_string().into()))
                }
            }
        })
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
