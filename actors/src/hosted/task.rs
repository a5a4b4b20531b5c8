//! A task as an actor: its document beside its state, its answer and its audience before the readers. Not
//! what the answer looks like, nor who may see it (both are the domain's).

use std::mem::size_of;

use domain::directory::OrganisationDirectory;
use domain::task::access::Audience;
use domain::task::state::Comment;
use domain::task::{Answer, Document, Event, Rejection, Task};
use domain::{Header, Issued, PersonId};

use super::Hosted;

/// What readers of a task are given.
#[derive(Clone, Debug)]
pub struct Published {
    pub answer: Answer,
    pub audience: Audience,
}

impl Hosted for Task {
    type Document = Document;
    type Published = Published;
    /// The whole task.
    type Query = ();
    type View = Answer;

    const DOCUMENT_REVISION: u32 = 2;
    const MESSAGES: u16 = 2;

    fn document(document: &mut Document, event: &Event, header: &Header, directory: &OrganisationDirectory) {
        document.apply(event, header, directory);
    }

    fn publish(&self, document: &mut Document, _directory: &OrganisationDirectory) -> Published {
        Published { answer: document.answer(), audience: self.audience() }
    }

    fn fresh(published: &Published, directory: &OrganisationDirectory) -> bool {
        published.answer.names.fresh(directory.revision)
    }

    fn refresh(document: &mut Document, directory: &OrganisationDirectory) {
        document.refresh(directory);
    }

    fn show(published: &Published, (): &(), issued: &Issued<'_>) -> Result<Answer, Rejection> {
        if published.audience.may_see(issued) { Ok(published.answer.clone()) } else { Err(Rejection::AccessDenied) }
    }

    fn after(published: &Published) -> Answer {
        published.answer.clone()
    }

    fn weight(&self, document: &Document) -> usize {
        let persons = self.participants.len() + self.subscribers.len() + self.ever_responsible.len();
        document.weight() + self.comments.len() * size_of::<Comment>() + persons * 2 * size_of::<PersonId>() + size_of::<Self>()
    }
}
