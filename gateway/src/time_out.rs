//! Sessions whose time is over, or that nobody used for too long: the log and the access log are told of each, once. That they let
//! nobody in any more does not wait for it (see [`Session::hold_to`]).

use std::sync::Arc;
use std::time::{Duration, Instant};

use actors::journal::{Journal, Meta};
use actors::system::{Refused, Request, System};
use domain::account::{Account, Command, Why};
use domain::id::{Kind, StreamId};
use domain::{CommandId, OrganisationId, PersonId};
use futures_util::StreamExt as _;
use projections::lease::Leases;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::access_log::{AccessLog, Kind as Noted, Place};
use crate::identity::{Session, Sessions};
use crate::world::World;

/// The lease under which one node looks.
const LEASE: &str = "sessions.time_out";
/// Sessions that are looked at at once.
const PAGE: usize = 1_000;
/// Commands under way.
const AT_ONCE: usize = 16;
/// Nobody's connection waits.
const DEADLINE: Duration = Duration::from_secs(10);

/// What it takes to find them and to tell of them.
pub struct TimeOuts {
    pub sessions: Sessions,
    pub world: Arc<World>,
    pub journal: Arc<dyn Journal>,
    pub system: System,
    pub access_log: AccessLog,
}

impl TimeOuts {
    /// Looks once in `every`, while this node holds the lease, until `shutdown`.
    pub async fn run(self, leases: Leases, every: Duration, shutdown: CancellationToken) {
        loop {
            let held = tokio::select! {
                () = shutdown.cancelled() => return,
                held = leases.hold(LEASE) => held,
            };
            let mut look = tokio::time::interval(every);
            look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            let looking = async {
                loop {
                    look.tick().await;
                    if let Err(error) = self.look().await {
                        tracing::warn!(%error, "sessions whose time is over could not be looked for");
                    }
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = held.over() => {}
                () = looking => {}
            }
        }
    }

    /// Goes through all that stand, a page at a time.
    async fn look(&self) -> Result<(), sqlx::Error> {
        let mut after = Uuid::nil();
        loop {
            let page = self.sessions.standing(after, PAGE as i64).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            let full = page.len() == PAGE;
            let over: Vec<(Session, Why)> = self.over(page);
            futures_util::stream::iter(over).for_each_concurrent(AT_ONCE, |(session, why)| self.tell(session, why)).await;
            if !full {
                return Ok(());
            }
        }
    }

    /// Those of `page` that are over, each held to what is demanded of its person now.
    fn over(&self, page: Vec<Session>) -> Vec<(Session, Why)> {
        let (directory, now) = (self.world.latest(), self.journal.now());
        let held = page.into_iter().filter_map(|mut session| {
            let organisation = directory.organisation(session.organisation);
            if let Some(person) = organisation.and_then(|organisation| organisation.person(session.person)) {
                session.hold_to(&person.sessions);
            }
            session.over(now).map(|why| (session, why))
        });
        held.collect()
    }

    /// The log first: whoever is stopped in between tells it again, under the same command.
    async fn tell(&self, session: Session, why: Why) {
        let told = self.system.execute::<Account>(
            StreamId::new(Kind::Account, session.account),
            request(&session),
            Command::EndSession { session: session.id, why },
        );
        match told.await {
            // An account that is not there any more has nothing to be told of.
            Ok(_) | Err(Refused::Rejected { .. }) => {}
            Err(refused) => {
                tracing::debug!(session = %session.id, %refused, "the end of a session is told at the next look");
                return;
            }
        }
        match self.sessions.time_out(&session).await {
            Ok(true) => {
                let place = Place { address: session.address, agent: session.agent };
                self.access_log.session(Noted::SessionTimedOut, session.organisation, session.person, session.ends_at, place);
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, session = %session.id, "the end of a session could not be noted"),
        }
    }
}

fn request(session: &Session) -> Request {
    let command = CommandId::of_session_over(session.id);
    Request {
        organisation: OrganisationId::SYSTEM,
        who: PersonId::SYSTEM,
        command,
        keyed: false,
        meta: Meta { correlation: Some(command.0.to_string()), ..Meta::default() },
        deadline: Instant::now() + DEADLINE,
        arrived: 0,
        brief: true,
        trace: None,
    }
}
