//! A task as the API shows it, kept as rendered chunks so that an answer copies references and
//! builds next to nothing. Not the state that decisions use.

mod comment;
mod cut;
mod face;
mod feed;
mod fields;
mod form;
mod head;
pub mod links;
pub mod register;
mod seconds;

use std::collections::BTreeSet;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use self::comment::Comment;
use self::face::Faces;
use self::feed::Feed;
use self::head::Head;
use super::event::Event;
use super::state::is_shown;
use crate::directory::OrganisationDirectory;
use crate::id::{ListId, Position, TaskId};
use crate::recorded::Header;

/// What an answer begins with.
const BEGIN: &str = "{\"task\":";

/// The bytes of one JSON answer, in order. Cloning copies references only.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Answer {
    pub chunks: Vec<Bytes>,
    /// Which names it shows.
    pub names: Names,
    /// Tasks that its fields link to, here or in an earlier comment.
    pub links: Vec<TaskId>,
}

impl Answer {
    /// The length of the whole answer in bytes.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(Bytes::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The task by itself, without the object around it: for an answer of several tasks.
    pub fn unwrapped(self) -> Vec<Bytes> {
        let mut chunks = self.chunks;
        if let Some(first) = chunks.first_mut().filter(|first| first.starts_with(BEGIN.as_bytes())) {
            *first = first.slice(BEGIN.len()..);
        }
        if let Some(last) = chunks.last_mut().filter(|last| last.ends_with(b"}")) {
            *last = last.slice(..last.len() - 1);
        }
        chunks
    }

    /// One contiguous copy. For tests and for small answers.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut all = Vec::with_capacity(self.len());
        for chunk in &self.chunks {
            all.extend_from_slice(chunk);
        }
        all
    }
}

/// As of which directory people are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    revision: u64,
    /// Somebody was not in the directory, and is shown by their id alone.
    incomplete: bool,
}

impl Names {
    /// Whether a directory of this revision shows nobody otherwise.
    pub const fn fresh(self, revision: u64) -> bool {
        self.revision >= revision && !self.incomplete
    }
}

/// The task as it is shown to anyone who may see it: `{"task":{…,"comments":[…]}}`. Folded from
/// committed events only, since a comment's id is a position.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Document {
    head: Head,
    feed: Feed,
    names: Names,
    /// Every list that is named anywhere in it.
    lists: BTreeSet<ListId>,
    /// Every task that a field links to anywhere in it.
    links: BTreeSet<TaskId>,
}

impl Document {
    /// Takes a committed event in. All facts of one command become one comment.
    pub fn apply(&mut self, event: &Event, header: &Header, directory: &OrganisationDirectory) {
        if !is_shown(event) {
            return;
        }
        let mut faces = Faces::of(directory);
        let comment = self.feed.newest(header.command, || Comment::begun(header, &mut faces));
        comment.take(event, self.head.form_id(), &mut faces);
        let id = comment.id;
        self.head.take(event, header, id, &mut faces);
        match event {
            Event::AddedToLists { lists } | Event::RemovedFromLists { lists } => self.lists.extend(lists),
            Event::Form(fact) => self.links.extend(fact.links()),
            Event::CommentEdited(edited) => {
                let mut gone = Vec::new();
                self.feed.change(edited.comment, |comment| gone = comment.edited(edited));
                self.feed.change(id, |comment| comment.removed_attachment_ids = gone);
            }
            Event::CommentDeleted { comment } => self.feed.change(*comment, Comment::fall_silent),
            Event::Created(_)
            | Event::Renamed { .. }
            | Event::ParticipantsAdded { .. }
            | Event::ParticipantsRemoved { .. }
            | Event::Reassigned { .. }
            | Event::SubscribersAdded { .. }
            | Event::SubscribersRemoved { .. }
            | Event::SubscribersRerequested { .. }
            | Event::Acknowledged
            | Event::AcknowledgedFor { .. }
            | Event::DueSet { .. }
            | Event::DueCancelled
            | Event::Scheduled(_)
            | Event::ScheduleCancelled
            | Event::TimeSpent { .. }
            | Event::Closed
            | Event::Reopened { .. }
            | Event::Commented(_)
            | Event::Flagged(_)
            | Event::AsRoles { .. }
            | Event::TimerFired { .. }
            | Event::PutAway
            | Event::Deleted => {}
        }
        // What was rendered before keeps its names, so that the oldest of them count.
        let oldest = if header.version == 1 { directory.revision } else { self.names.revision.min(directory.revision) };
        self.names = Names { revision: oldest, incomplete: self.names.incomplete || faces.missed };
    }

    /// Shows a comment without its words, as if they had been taken back.
    pub(super) fn silence(&mut self, comment: Position) {
        self.feed.change(comment, Comment::fall_silent);
    }

    /// What is shown now. Renders the header and the newest comment, at most; shares the rest.
    pub fn answer(&mut self) -> Answer {
        let tail = self.feed.tail();
        let mut chunks = vec![self.head.rendered()];
        chunks.extend(self.feed.sealed().cloned());
        chunks.push(tail);
        chunks.push(Bytes::from_static(b"]}}"));
        Answer { chunks, names: self.names, links: self.links.iter().copied().collect() }
    }

    /// Every list that it names: where the task lies and lay.
    pub const fn lists(&self) -> &BTreeSet<ListId> {
        &self.lists
    }

    /// The newest comment alone, of what was answered last.
    pub fn newest(&self) -> Bytes {
        self.feed.newest_rendered()
    }

    /// Whether a directory of this revision shows nobody otherwise.
    pub const fn fresh(&self, revision: u64) -> bool {
        self.names.fresh(revision)
    }

    /// Shows everybody as the directory does now. Costs as much as rendering the whole task.
    pub fn refresh(&mut self, directory: &OrganisationDirectory) {
        let mut faces = Faces::of(directory);
        self.head.renew(&mut faces);
        self.feed.change_all(|comment| comment.renew(&mut faces));
        self.names = Names { revision: directory.revision, incomplete: faces.missed };
    }

    /// Bytes that it holds, roughly.
    pub fn weight(&self) -> usize {
        self.head.weight() + self.feed.weight()
    }
}

#[cfg(test)]
mod tests;
