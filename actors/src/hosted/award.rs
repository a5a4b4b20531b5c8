//! An award as an actor: readers are given it without those who were counted for. Who holds it is asked of the view.

use std::sync::Arc;

use domain::award::state::Counted;
use domain::award::{Award, Event, Rejection};
use domain::directory::OrganisationDirectory;
use domain::{Header, Issued, PersonId};

use super::Hosted;

impl Hosted for Award {
    type Document = ();
    type Published = Arc<Self>;
    type Query = ();
    type View = Arc<Self>;

    const DOCUMENT_REVISION: u32 = 1;
    const MESSAGES: u16 = 1;

    fn document(_document: &mut (), _event: &Event, _header: &Header, _directory: &OrganisationDirectory) {}

    fn publish(&self, _document: &mut (), _directory: &OrganisationDirectory) -> Arc<Self> {
        Arc::new(self.by_itself())
    }

    fn fresh(_published: &Arc<Self>, _directory: &OrganisationDirectory) -> bool {
        true
    }

    fn refresh(_document: &mut (), _directory: &OrganisationDirectory) {}

    fn show(published: &Arc<Self>, (): &(), issued: &Issued<'_>) -> Result<Arc<Self>, Rejection> {
        published.seen(issued)?;
        Ok(published.clone())
    }

    fn after(published: &Arc<Self>, _issued: &Issued<'_>) -> Arc<Self> {
        published.clone()
    }

    fn weight(&self, (): &()) -> usize {
        size_of::<Self>() + 512 + self.counted.len() * (size_of::<PersonId>() + size_of::<Counted>())
    }
}
