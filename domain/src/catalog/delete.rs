//! Deleting a catalog. Its items stay: tasks hold them.

use super::Catalog;
use super::event::Event;
use super::rejection::Rejection;
use crate::aggregate::Events;
use crate::issued::Issued;

impl Catalog {
    pub(super) fn delete(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.changeable(issued)?;
        Ok(vec![Event::Deleted])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Command;
    use crate::catalog::samples::{supervised_by, vendors, was};
    use crate::rejection::Code;
    use crate::testing::{ANNA, BORIS};

    #[test]
    fn those_who_may_change_a_catalog_delete_it_once() {
        vendors().when(Command::Delete).then([Event::Deleted]);
        supervised_by(ANNA).by(ANNA).when(Command::Delete).then([Event::Deleted]);
        supervised_by(ANNA).by(BORIS).when(Command::Delete).then_rejected(Code::AccessDeniedCatalog);
        vendors().and(ANNA, [Event::Deleted]).when(Command::Delete).then_rejected(Code::CanNotModifyDeletedCatalog);
        was("department_catalog").when(Command::Delete).then_rejected(Code::DepartmentCatalogCanNotBeModified);
    }
}
