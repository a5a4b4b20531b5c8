//! An organisation as an actor: readers are given the state itself. Not the directory, which most questions
//! about an organisation are answered from.

use std::sync::Arc;

use domain::directory::OrganisationDirectory;
use domain::issued::Asker;
use domain::organisation::{Event, Organisation, Rejection};
use domain::{Header, Issued};

use super::Hosted;

impl Hosted for Organisation {
    type Document = ();
    type Published = Arc<Self>;
    type Query = ();
    type View = Arc<Self>;

    const DOCUMENT_REVISION: u32 = 1;
    const MESSAGES: u16 = 1;

    fn document(_document: &mut (), _event: &Event, _header: &Header, _directory: &OrganisationDirectory) {}

    fn publish(&self, _document: &mut (), _directory: &OrganisationDirectory) -> Arc<Self> {
        Arc::new(self.clone())
    }

    fn fresh(_published: &Arc<Self>, _directory: &OrganisationDirectory) -> bool {
        true
    }

    fn refresh(_document: &mut (), _directory: &OrganisationDirectory) {}

    /// Everybody in it who is not blocked may see its settings.
    fn show(published: &Arc<Self>, (): &(), issued: &Issued<'_>) -> Result<Arc<Self>, Rejection> {
        match issued.asker() {
            Asker::System | Asker::Person(_) if published.exists => Ok(published.clone()),
            Asker::System | Asker::Person(_) => Err(Rejection::Unknown),
            Asker::Nobody => Err(Rejection::AccessDenied),
        }
    }

    fn after(published: &Arc<Self>) -> Arc<Self> {
        published.clone()
    }

    fn weight(&self, (): &()) -> usize {
        size_of::<Self>() + 256
    }
}
