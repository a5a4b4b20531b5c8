//! Asking the actors, in the words of the routes. What is asked is decided on in `domain`; where an actor lives is not known here.
//! This build wires no actors yet: every command and every read of a task is answered with 503.

use actors::system::{Done, Request};
use domain::organisation::Settings as OrganisationSettings;
use domain::person::Command as PersonCommand;
use domain::task::{Answer, Command as TaskCommand};
use domain::{OrganisationId, PersonId, TaskId};

use crate::error::Fault;
use crate::extract::Caller;
use crate::node::Node;

fn without_actors<T>() -> Result<T, Fault> {
    Err(Fault::unavailable("this build has no actors"))
}

impl Node {
    /// Creates a task; the log gives it its id.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn create_task(&self, _request: Request, _command: TaskCommand) -> Result<Done<Answer>, Fault> {
        without_actors()
    }

    /// Asks a task to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_task(&self, _id: TaskId, _request: Request, _command: TaskCommand) -> Result<Done<Answer>, Fault> {
        without_actors()
    }

    /// The task as the asker may see it.
    ///
    /// # Errors
    /// As access, or infrastructure, refuses.
    pub async fn show_task(&self, _caller: &Caller, _id: TaskId) -> Result<Answer, Fault> {
        without_actors()
    }

    /// Asks a person to change.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_person(&self, _id: PersonId, _request: Request, _command: PersonCommand) -> Result<Done<()>, Fault> {
        without_actors()
    }

    /// Adds a person.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn add_person(&self, _request: Request, _command: PersonCommand) -> Result<Done<()>, Fault> {
        without_actors()
    }

    /// Founds an organisation; `request` is made for its id.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn found_organisation(
        &self,
        _request: impl FnOnce(OrganisationId) -> Request,
        _settings: OrganisationSettings,
    ) -> Result<OrganisationId, Fault> {
        without_actors()
    }
}
