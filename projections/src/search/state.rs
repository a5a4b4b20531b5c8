//! What a task's document says, by the task's facts, and what has to be remembered of a task to say it. No index, no database.
//!
//! The rule is the one of the view `tasks` ([`crate::views::tasks::rule`]): whom a task names, where it lies, who is waited for. A
//! comment is a document of its own; it changes nothing here.

use domain::file::Attached;
use domain::form::Value;
use domain::task::Event;
use domain::task::form::Fact;
use domain::{OrganisationId, PersonId, Position};
use serde::{Deserialize, Serialize};

use crate::views::inbox::rule::NewText;
use crate::views::tasks::rule::{self, Header};

/// A task as its document remembers it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    pub organisation: OrganisationId,
    pub header: Header,
    pub task: rule::Task,
    /// Of a task of a form, what its form makes its title of.
    pub text: String,
    /// The names of the files of its own first text, one a line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub files: String,
}

/// What becomes of the index because of a fact, beside the task's own document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Nothing,
    /// A comment with this text, and the names of its files, one a line.
    Comment {
        id: Position,
        text: String,
        files: String,
    },
    /// A comment has this text by now, and these files where an edit gave any.
    Edited {
        id: Position,
        text: String,
        files: Option<String>,
    },
    /// A comment is gone.
    Gone {
        id: Position,
    },
}

/// What a fact means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    pub said: Said,
    /// The task itself is not touched: its state need not be known.
    pub untouched: bool,
}

/// The names of a comment's files, one a line.
fn names(files: &[Attached]) -> String {
    files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join("\n")
}

/// The comment whose command recorded this.
pub fn comment_of(header: &domain::Header) -> Position {
    header.position - i64::from(header.index)
}

impl Meaning {
    /// What `fact` means where the task is not known to be touched otherwise.
    pub fn of(fact: &Event, header: &domain::Header) -> Self {
        let untouched = |said| Self { said, untouched: true };
        let touched = |said| Self { said, untouched: false };
        match fact {
            Event::Commented(said) => {
                let (text, files) = (said.text.text.clone(), names(&said.attachments));
                untouched(Said::Comment { id: comment_of(header), text, files })
            }
            // Of a task without a form the first text is the task's own, which only the task's state tells.
            Event::CommentEdited(edited) => touched(Said::Edited {
                id: edited.comment,
                text: edited.text.text.clone(),
                files: edited.attachments.as_deref().map(names),
            }),
            Event::CommentDeleted { comment } => touched(Said::Gone { id: *comment }),
            Event::Created(created) if created.form.is_some() && !(created.text.text.is_empty() && created.attachments.is_empty()) => {
                let (text, files) = (created.text.text.clone(), names(&created.attachments));
                touched(Said::Comment { id: header.position, text, files })
            }
            Event::TimeSpent { .. } | Event::Flagged(_) | Event::AsRoles { .. } | Event::PutAway | Event::DueSet { .. } => {
                untouched(Said::Nothing)
            }
            Event::DueCancelled | Event::Scheduled(_) | Event::ScheduleCancelled | Event::TimerFired { .. } => untouched(Said::Nothing),
            Event::Form(fact) => match &**fact {
                Fact::TemplateApplied { .. } | Fact::Result(_) => untouched(Said::Nothing),
                Fact::FieldChanged { .. } | Fact::TableChanged { .. } | Fact::Titled { .. } | Fact::Route(_) => touched(Said::Nothing),
            },
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
            | Event::AddedToLists { .. }
            | Event::RemovedFromLists { .. }
            | Event::Closed
            | Event::Reopened { .. }
            | Event::Deleted => touched(Said::Nothing),
        }
    }
}

impl State {
    /// Reads what a document remembers.
    ///
    /// # Errors
    /// When another build wrote it.
    pub fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let mut state: Self = serde_json::from_slice(bytes)?;
        state.task.header = state.header.clone();
        Ok(state)
    }

    /// The bytes that a document remembers it by.
    ///
    /// # Errors
    /// Never: it is plain data.
    pub fn written(&mut self) -> Result<Vec<u8>, serde_json::Error> {
        self.header.clone_from(&self.task.header);
        serde_json::to_vec(self)
    }

    /// Takes a fact in. Tells whether it says something of the task's own first text, so that there is no comment to change.
    pub fn take(&mut self, fact: &Event, header: &domain::Header) -> bool {
        self.organisation = header.organisation;
        let text = self.task.take(fact, header);
        self.task.decisions.clear();
        let own = !matches!(text, NewText::Unchanged);
        match fact {
            Event::Created(created) if created.form.is_none() => self.files = names(&created.attachments),
            Event::CommentEdited(edited) if own => {
                self.files = edited.attachments.as_deref().map_or(std::mem::take(&mut self.files), names)
            }
            Event::CommentDeleted { .. } if own => self.files.clear(),
            _ => {}
        }
        if let NewText::Is { text, .. } = text {
            self.text = text;
        }
        own
    }

    /// It is there and not deleted.
    pub fn is_there(&self) -> bool {
        self.task.first > 0 && !self.task.deleted
    }

    pub fn author(&self) -> PersonId {
        self.task.header.author
    }

    /// What it is called: of a task without a form its subject, else its form's title.
    pub fn title(&self) -> &str {
        let titled = self.task.filling.as_ref().map_or("", |filling| filling.title.as_str());
        let titled = if titled.is_empty() { self.text.as_str() } else { titled };
        match (&self.task.filling, &self.task.header.subject) {
            (_, Some(subject)) => subject,
            (Some(_), None) => titled,
            (None, None) => "",
        }
    }

    /// What it says.
    pub fn body(&self) -> &str {
        if self.task.filling.is_some() { "" } else { &self.text }
    }

    /// The texts of its fields, one a line: what was written, and items of catalogs as they were when they were chosen. Numbers and
    /// dates as they are written in ISO style. Without a form the names of its files.
    pub fn values(&self) -> String {
        let Some(filling) = &self.task.filling else { return self.files.clone() };
        let cells = filling.tables.values().flat_map(|table| table.values()).flat_map(|row| row.cells.values());
        let mut lines = String::new();
        let mut line = |text: &str| {
            if !text.is_empty() && lines.len() < super::schema::TEXT_BYTES_MAX {
                if !lines.is_empty() {
                    lines.push('\n');
                }
                lines.push_str(text);
            }
        };
        for value in filling.values.values().chain(cells) {
            match value {
                Value::Text(text) => line(text),
                Value::Files(files) => files.iter().map(|file| file.name.as_str()).for_each(&mut line),
                Value::Items(picked) => picked.items.iter().flat_map(|item| item.values.cells()).for_each(&mut line),
                Value::Number(number) => line(&number.to_string()),
                Value::Date(date) | Value::DueDate(date, _) => line(&date.to_string()),
                // People, times and choices are asked for by operators or not at all.
                Value::Time(_) | Value::Moment(..) | Value::Checked(_) | Value::Person(_) | Value::Choices(_) | Value::Tasks(_) => {}
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use domain::form::FieldId;
    use domain::testing::{ANNA, BORIS, given, task_created};
    use domain::{FormId, task};

    use super::*;

    fn state(events: &[(domain::Header, Event)]) -> (State, Vec<Said>) {
        let (mut state, mut said) = (State::default(), Vec::new());
        for (header, event) in events {
            let meaning = Meaning::of(event, header);
            let before = state.clone();
            let own = state.take(event, header);
            if meaning.untouched {
                assert_eq!(before.task.grants(), state.task.grants(), "{event:?}");
            }
            if !own || !matches!(meaning.said, Said::Edited { .. } | Said::Gone { .. }) {
                said.push(meaning.said);
            }
        }
        (state, said.into_iter().filter(|said| *said != Said::Nothing).collect())
    }

    fn commented(text: &str) -> Event {
        Event::Commented(Box::new(task::event::Commented::from(task::event::Text { text: text.into(), ..Default::default() })))
    }

    fn edited(comment: Position, text: &str) -> Event {
        let text = task::event::Text { text: text.into(), ..Default::default() };
        Event::CommentEdited(Box::new(task::event::CommentEdited { comment, text, ..Default::default() }))
    }

    #[test]
    fn comments_are_said_and_the_first_text_is_the_tasks_own() {
        let given = given::<domain::task::Task>([task_created("hello")]).and(BORIS, [commented("one")]);
        let history: Vec<_> = given.history().to_vec();
        let (first, second) = (history[0].0.position, history[1].0.position);
        let given = given
            .and(ANNA, [edited(first, "bye")])
            .and(BORIS, [edited(second, "two")])
            .and(BORIS, [Event::CommentDeleted { comment: second }]);
        let history: Vec<_> = given.history().to_vec();
        let (state, said) = state(&history);
        assert_eq!((state.body(), state.title()), ("bye", ""));
        let expected = [
            Said::Comment { id: second, text: "one".into(), files: String::new() },
            Said::Edited { id: second, text: "two".into(), files: None },
            Said::Gone { id: second },
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn a_state_is_read_as_it_was_written() {
        let given = given::<domain::task::Task>([task_created("hello"), Event::Renamed { subject: "subject".into() }]);
        let history: Vec<_> = given.history().to_vec();
        let (mut state, _) = state(&history);
        let read = State::read(&state.written().expect("written")).expect("read");
        assert_eq!(read, state);
        assert_eq!((read.title(), read.task.grants()), ("subject", state.task.grants()));
    }

    #[test]
    fn a_task_of_a_form_is_called_by_its_form_and_says_what_its_fields_say() {
        let created = task::event::Created {
            form: Some(FormId(3)),
            text: task::event::Text { text: "please".into(), ..Default::default() },
            ..Default::default()
        };
        let field = |field, value| Event::Form(Box::new(Fact::FieldChanged { field, value: Some(value) }));
        let given = given::<domain::task::Task>([
            Event::Created(Box::new(created)),
            field(FieldId(1), Value::Text("Acme".into())),
            field(FieldId(2), Value::Number(12.into())),
            Event::Form(Box::new(Fact::Titled { title: "Payment Acme".into() })),
        ]);
        let history: Vec<_> = given.history().to_vec();
        let (state, said) = state(&history);
        assert_eq!((state.title(), state.body(), state.values().as_str()), ("Payment Acme", "", "Acme\n12"));
        assert_eq!(said, [Said::Comment { id: history[0].0.position, text: "please".into(), files: String::new() }]);
    }
}
