//! Asking the actors, in the words of the routes. What is asked is decided on in `domain`; where an actor lives is not known here.

use std::sync::Arc;

use actors::system::{Done, Reading, Request};
use domain::announcement::{Announcement, Command as AnnouncementCommand};
use domain::organisation::{Command as OrganisationCommand, Organisation, Settings as OrganisationSettings};
use domain::person::{Command as PersonCommand, Person};
use domain::task::{Answer, Command as TaskCommand, Task};
use domain::{Kind, OrganisationId, PersonId, Position, StreamId, TaskId};

use crate::error::Fault;
use crate::extract::Caller;
use crate::node::Node;

impl Node {
    /// Creates a task; the log gives it its id.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn create_task(&self, request: Request, command: TaskCommand) -> Result<Done<Answer>, Fault> {
        Ok(self.system.create::<Task>(request, command).await?)
    }

    /// Asks a task to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_task(&self, id: TaskId, request: Request, command: TaskCommand) -> Result<Done<Answer>, Fault> {
        Ok(self.system.execute::<Task>(id.into(), request, command).await?)
    }

    /// The task as the asker may see it, and the position that it shows at least; it may already show more.
    ///
    /// # Errors
    /// As access, or infrastructure, refuses.
    pub async fn show_task(&self, caller: &Caller, id: TaskId) -> Result<(Answer, Position), Fault> {
        // What the asker wrote through this node is in the actor already; what they wrote through another may not be.
        let (at_least, position) = match self.cluster() {
            Some(_) => caller.after().await.map(|after| (after, after))?,
            None => (caller.asked, self.head().position),
        };
        let reading = Reading {
            organisation: caller.organisation.id,
            who: caller.person.id,
            at_least: Some(at_least).filter(|position| *position > 0),
            deadline: caller.deadline,
        };
        Ok((self.system.read::<Task>(id.into(), reading, ()).await?.view, position))
    }

    /// Asks a person to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_person(&self, id: PersonId, request: Request, command: PersonCommand) -> Result<Done<Arc<Person>>, Fault> {
        Ok(self.system.execute::<Person>(id.into(), request, command).await?)
    }

    /// Adds a person; their id is in the answer.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn add_person(&self, request: Request, command: PersonCommand) -> Result<Done<Arc<Person>>, Fault> {
        Ok(self.system.create::<Person>(request, command).await?)
    }

    /// Announces something; the id is in the answer.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn create_announcement(&self, request: Request, command: AnnouncementCommand) -> Result<Done<Arc<Announcement>>, Fault> {
        Ok(self.system.create::<Announcement>(request, command).await?)
    }

    /// Asks an announcement to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_announcement(
        &self,
        id: i64,
        request: Request,
        command: AnnouncementCommand,
    ) -> Result<Done<Arc<Announcement>>, Fault> {
        Ok(self.system.execute::<Announcement>(StreamId::new(Kind::Announcement, id), request, command).await?)
    }

    /// Founds an organisation, and returns once people can be added to it. `request` is of nobody's organisation.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn found_organisation(
        &self,
        request: impl FnOnce(OrganisationId) -> Request,
        settings: OrganisationSettings,
    ) -> Result<OrganisationId, Fault> {
        let command = OrganisationCommand::Create(Box::new(settings));
        let done = self.system.create::<Organisation>(request(OrganisationId::SYSTEM), command).await?;
        self.world.at_least(done.position).await?;
        Ok(OrganisationId(done.stream.id))
    }
}
