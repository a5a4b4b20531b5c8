//! Files of a comment and of fields: how many there may be. Which they are, and that the asker may attach them, was found before
//! (`crate::file::wanted`).

use std::collections::BTreeSet;

use super::draft::Draft;
use super::event::Event;
use super::rejection::Rejection;
use crate::file::attached::ATTACHED_MAX;
use crate::file::{Attached, Brought, Wanted};

/// Files that a task takes in all, those that were taken out of it again included (pyrus.md §1.0).
pub const FILES_MAX: usize = 3_000;

impl Draft<'_> {
    /// The files that a request names, as they were found.
    pub fn attached(&self, wanted: &[Wanted], brought: &Brought) -> Result<Vec<Attached>, Rejection> {
        if wanted.len() > ATTACHED_MAX {
            return Err(Rejection::TooManyAttachments);
        }
        brought.all(wanted).ok_or(Rejection::UnknownFile)
    }

    /// Refuses what would give the task too many files.
    pub fn check_files(&self) -> Result<(), Rejection> {
        let brought = self.events.iter().flat_map(Event::files).map(|file| file.id);
        let new: BTreeSet<_> = brought.filter(|id| !self.task.files.contains(id)).collect();
        if !new.is_empty() && self.task.files.len() + new.len() > FILES_MAX { Err(Rejection::TooManyAttachments) } else { Ok(()) }
    }
}

/// What files are called, as one text.
pub fn names(files: &[Attached]) -> String {
    files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ")
}

impl Event {
    /// The files that it puts into the task.
    pub fn files(&self) -> Vec<&Attached> {
        match self {
            Self::Created(created) => created.attachments.iter().collect(),
            Self::Commented(commented) => commented.attachments.iter().collect(),
            Self::CommentEdited(edited) => edited.attachments.iter().flatten().collect(),
            Self::Form(fact) => fact.files(),
            Self::Renamed { .. }
            | Self::ParticipantsAdded { .. }
            | Self::ParticipantsRemoved { .. }
            | Self::Reassigned { .. }
            | Self::SubscribersAdded { .. }
            | Self::SubscribersRemoved { .. }
            | Self::SubscribersRerequested { .. }
            | Self::Acknowledged
            | Self::AcknowledgedFor { .. }
            | Self::DueSet { .. }
            | Self::DueCancelled
            | Self::Scheduled(_)
            | Self::ScheduleCancelled
            | Self::TimeSpent { .. }
            | Self::AddedToLists { .. }
            | Self::RemovedFromLists { .. }
            | Self::Closed
            | Self::Reopened { .. }
            | Self::CommentDeleted { .. }
            | Self::Flagged(_)
            | Self::AsRoles { .. }
            | Self::TimerFired { .. }
            | Self::PutAway
            | Self::Deleted => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::FileId;
    use crate::rejection::Code;
    use crate::task::command::{Command, Comment, Create, TextInput};
    use crate::task::event::{Commented, Created, Text};
    use crate::task::state::Task;
    use crate::testing::{ANNA, BORIS, Given, attached, given, position, task_created};

    fn task() -> Given<Task> {
        given::<Task>([task_created("hello")])
    }

    fn wanted(files: &[Attached]) -> Vec<Wanted> {
        files.iter().map(|file| Wanted::Known(file.id)).collect()
    }

    fn brought(files: &[Attached]) -> Brought {
        Brought(wanted(files).into_iter().zip(files.iter().cloned()).collect())
    }

    fn with_files(files: Vec<Attached>) -> Command {
        Command::Comment(Box::new(Comment { attachments: Some(wanted(&files)), files: brought(&files), ..Comment::default() }))
    }

    fn numbered(numbers: std::ops::Range<i64>) -> Vec<Attached> {
        numbers.map(|id| attached(id, "a.pdf")).collect()
    }

    fn commented(files: Vec<Attached>) -> Event {
        Event::Commented(Box::new(Commented { attachments: files, ..Commented::default() }))
    }

    fn edited(text: &str, files: Option<Vec<Attached>>) -> Event {
        let text = Text { text: text.into(), ..Text::default() };
        let comment = position(2);
        Event::CommentEdited(Box::new(crate::task::event::CommentEdited { comment, text, attachments: files }))
    }

    fn edit(text: Option<&str>, files: Option<Vec<Attached>>) -> Command {
        let text = text.map(|text| TextInput::Plain(text.into()));
        let attachments = files.as_deref().map(wanted);
        let files = brought(&files.unwrap_or_default());
        Command::Comment(Box::new(Comment { edit_comment: Some(position(2)), text, attachments, files, ..Comment::default() }))
    }

    #[test]
    fn a_comment_may_be_of_files_alone() {
        task().when(with_files(numbered(1..3))).then([commented(numbered(1..3))]);
        task().when(with_files(Vec::new())).then_rejected(Code::TextMissing);
        let unknown = Comment { attachments: Some(vec![Wanted::Known(FileId(404))]), ..Comment::default() };
        task().when(Command::Comment(Box::new(unknown))).then_rejected(Code::UnrecognizedAttachmentId);
    }

    #[test]
    fn a_task_of_files_alone_is_called_as_they_are() {
        let files = vec![attached(1, "a.pdf"), attached(2, "b.png")];
        let create = Create { attachments: wanted(&files), files: brought(&files), ..Create::default() };
        let text = Text { text: "a.pdf, b.png".into(), ..Text::default() };
        let created = Created { text, attachments: files, ..Created::default() };
        given::<Task>([]).when(Command::Create(Box::new(create))).then([Event::Created(Box::new(created))]);
        given::<Task>([]).when(Command::Create(Box::default())).then_rejected(Code::TextMissing);
    }

    #[test]
    fn files_are_bounded_by_comment_and_by_task() {
        task().when(with_files(numbered(0..100))).then([commented(numbered(0..100))]);
        task().when(with_files(numbered(0..101))).then_rejected(Code::TooManyAttachments);
        let most = i64::try_from(FILES_MAX).expect("it is small");
        let full = || task().and(ANNA, [commented(numbered(0..most))]);
        full().when(with_files(numbered(most..most + 1))).then_rejected(Code::TooManyAttachments);
        full().when(with_files(numbered(7..8))).then([commented(numbered(7..8))]);
        let state = full().state();
        assert!(state.files.contains(&FileId(most - 1)) && state.files.len() == FILES_MAX);
    }

    #[test]
    fn an_edit_replaces_the_files_it_gives_and_leaves_them_where_it_gives_none() {
        let commented = || task().and(ANNA, [commented(numbered(1..3))]);
        commented().when(edit(Some("more"), None)).then([edited("more", None)]);
        commented().when(edit(Some(""), None)).then([edited("", None)]);
        commented().when(edit(Some("more"), Some(numbered(2..4)))).then([edited("more", Some(numbered(2..4)))]);
        commented().when(edit(Some("more"), Some(Vec::new()))).then([edited("more", Some(Vec::new()))]);
        commented().when(edit(Some(" "), Some(Vec::new()))).then_rejected(Code::TextMissing);
        commented().when(edit(None, Some(numbered(2..4)))).then_rejected(Code::TextMissing);
        commented().when(edit(Some("more"), Some(numbered(0..101)))).then_rejected(Code::TooManyAttachments);
        let without = commented().and(ANNA, [edited("more", Some(Vec::new()))]);
        without.when(edit(Some(""), None)).then_rejected(Code::TextMissing);
        commented().by(BORIS).when(edit(Some("more"), Some(Vec::new()))).then_rejected(Code::AccessDeniedTask);
    }
}
