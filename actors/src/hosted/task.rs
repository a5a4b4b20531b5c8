//! A task as an actor: its document beside its state, its answer and its audience before the readers. Not
//! what the answer looks like, nor who may see it (both are the domain's).

use std::mem::size_of;
use std::sync::Arc;

use bytes::Bytes;
use domain::directory::OrganisationDirectory;
use domain::task::access::{self, Audience};
use domain::task::state::Comment;
use domain::task::{Answer, Document, Event, Rejection, Task};
use domain::{Header, Issued, ListId, PersonId};
use serde::{Deserialize, Serialize};

use super::Hosted;

/// What readers of a task are given.
#[derive(Clone, Debug)]
pub struct Published {
    pub answer: Answer,
    /// The newest comment of it, by itself.
    pub newest: Bytes,
    pub audience: Audience,
    /// Every list that the answer names.
    pub lists: Arc<[ListId]>,
}

/// How much of a task is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    #[default]
    Whole,
    /// What stands above the comments, with the newest of them alone.
    Newest,
}

impl Published {
    fn part(&self, part: Part) -> Answer {
        match (part, self.answer.chunks.first(), self.answer.chunks.last()) {
            (Part::Newest, Some(head), Some(end)) => Answer {
                chunks: vec![head.clone(), self.newest.clone(), end.clone()],
                names: self.answer.names,
                links: self.answer.links.clone(),
            },
            (Part::Newest | Part::Whole, _, _) => self.answer.clone(),
        }
    }

    /// Without what the asker may not know of.
    fn for_eyes_of(&self, answer: Answer, issued: &Issued<'_>) -> Answer {
        if self.lists.is_empty() { answer } else { answer.without_lists(&access::lists_hidden(&self.lists, issued)) }
    }
}

impl Hosted for Task {
    type Document = Document;
    type Published = Published;
    type Query = Part;
    type View = Answer;

    const DOCUMENT_REVISION: u32 = 7;
    const MESSAGES: u16 = 9;

    fn document(document: &mut Document, event: &Event, header: &Header, directory: &OrganisationDirectory) {
        document.apply(event, header, directory);
    }

    fn publish(&self, document: &mut Document, _directory: &OrganisationDirectory) -> Published {
        let answer = document.answer();
        let lists = document.lists().iter().copied().collect();
        Published { answer, newest: document.newest(), audience: self.audience(), lists }
    }

    fn fresh(published: &Published, directory: &OrganisationDirectory) -> bool {
        published.answer.names.fresh(directory.revision)
    }

    fn refresh(document: &mut Document, directory: &OrganisationDirectory) {
        document.refresh(directory);
    }

    fn show(published: &Published, part: &Part, issued: &Issued<'_>) -> Result<Answer, Rejection> {
        if !published.audience.may_see(issued) {
            return Err(Rejection::AccessDenied);
        }
        Ok(published.for_eyes_of(published.part(*part), issued))
    }

    fn after(published: &Published, issued: &Issued<'_>) -> Answer {
        published.for_eyes_of(published.answer.clone(), issued)
    }

    fn weight(&self, document: &Document) -> usize {
        let persons = self.participants.len() + self.subscribers.len() + self.ever_responsible.len();
        let lists = self.lists.len() * size_of::<ListId>();
        // What was rendered of a form has about the size of what is filled in.
        lists + document.weight() + self.comments.len() * size_of::<Comment>() + persons * 2 * size_of::<PersonId>() + size_of::<Self>()
    }
}
