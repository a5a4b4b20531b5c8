//! Deleting a list with everything below it, and restoring it.
//!
//! What is below goes with it by where it lies, not by facts of its own: so a whole tree goes at once, as somebody who deletes
//! a folder expects, and comes back as it was. No task goes: whoever has a part in one still has it.

use super::{Event, List, Rejection};
use crate::aggregate::Events;
use crate::issued::Issued;

impl List {
    pub(super) fn delete(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.managed_or_deleted(issued)?;
        Ok(if self.deleted { Events::new() } else { vec![Event::Deleted] })
    }

    pub(super) fn restore(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.managed_or_deleted(issued)?;
        Ok(if self.deleted { vec![Event::Restored] } else { Events::new() })
    }
}
