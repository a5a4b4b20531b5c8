//! What a decision may know beyond the state it decides on: who asks, when, and the organisation
//! as the directory shows it. Gathered by the runtime just before each decision.

use jiff::Timestamp;

use crate::directory::OrganisationDirectory;
use crate::id::{OrganisationId, PersonId};

/// The circumstances of one command.
#[derive(Clone, Copy, Debug)]
pub struct Issued<'a> {
    pub organisation: OrganisationId,
    /// Who asks. [`PersonId::SYSTEM`] is a policy, a timer or the command line.
    pub who: PersonId,
    /// The node's estimate of the log's clock.
    pub at: Timestamp,
    /// The people and rights of the organisation.
    pub directory: &'a OrganisationDirectory,
}
