//! The catalog of departments, asked in place of an actor: the directory tells it (`domain/src/catalog/departments.rs`). Not the chart
//! itself, which `/orgchart` is about.

use actors::hosted::catalog::{Question, Shown, answered};
use actors::system::{Reason, Refused, Request, Surroundings as _};
use domain::catalog::{Command, Rejection, departments};
use domain::{Aggregate as _, Issued, Position, Rejection as _};

use crate::error::Fault;
use crate::extract::Caller;
use crate::node::Node;

/// What is asked of it as the asker may see it, and the position that it shows.
///
/// # Errors
/// `access_denied_catalog`, also where there was never a department; what is asked for is not there.
pub async fn shown(caller: &Caller, question: &Question) -> Result<(Shown, Position), Fault> {
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let shown = answered(&departments::catalog(&organisation), question, &caller.issued(&organisation));
    shown.map(|shown| (shown, position)).map_err(|rejection| fault(&rejection, position))
}

/// Why nobody changes it.
pub fn kept(node: &Node, request: &Request, command: &Command) -> Fault {
    let (directory, position) = match node.world.directory() {
        Ok(known) => known,
        Err(stale) => return Fault::unavailable(stale.to_string()),
    };
    let Some(organisation) = directory.organisation(request.organisation) else { return fault(&Rejection::Unknown, position) };
    let issued = Issued { organisation: request.organisation, who: request.who, at: node.journal.now(), directory: organisation };
    let refused = departments::catalog(organisation).decide(command, &issued).err();
    fault(&refused.unwrap_or(Rejection::OfDepartments), position)
}

fn fault(rejection: &Rejection, position: Position) -> Fault {
    Fault::from(Refused::Rejected { code: rejection.code(), reason: Reason::of(rejection), position })
}
