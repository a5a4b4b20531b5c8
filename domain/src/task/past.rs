//! A task as it was at an earlier position of the log, from its whole history. Not who may look back (see [`super::access`]),
//! nor where the history comes from.
//!
//! Whoever looks back sees what was there then, but for words that were taken back since: what a comment said before it was
//! edited or deleted is shown only to those who may see that as well.

use std::collections::HashSet;

use super::access::lists_hidden;
use super::document::{Answer, Document};
use super::event::{CommentEdited, Created, Event, Text};
use super::state::{Task, is_shown};
use crate::aggregate::Aggregate;
use crate::directory::OrganisationDirectory;
use crate::id::{CommandId, Position};
use crate::issued::Issued;
use crate::recorded::Header;

/// A task at a position, and today.
#[derive(Clone, Debug, Default)]
pub struct Past {
    pub then: Task,
    pub today: Task,
    /// The position of the last fact that is shown; 0 if the task was not there yet.
    pub position: Position,
    document: Document,
}

impl Past {
    /// Folds the whole `history` of a task; shows it as of `position`, with the people of `directory`, and with `words` that were
    /// taken back since, or without.
    pub fn at(history: &[(Header, Event)], position: Position, directory: &OrganisationDirectory, words: bool) -> Self {
        let mut past = Self::default();
        let taken_back = if words { HashSet::new() } else { taken_back_after(history, position) };
        let mut newest: Option<(CommandId, Position)> = None;
        for (header, event) in history {
            past.today.evolve(event, header);
            if header.position > position {
                continue;
            }
            past.then.evolve(event, header);
            past.position = header.position;
            if is_shown(event) && newest.is_none_or(|(command, _)| command != header.command) {
                newest = Some((header.command, header.position));
            }
            let comment = newest.map_or(header.position, |(_, comment)| comment);
            match without_words(event, comment, &taken_back) {
                Some(silent) => past.document.apply(&silent, header, directory),
                None => past.document.apply(event, header, directory),
            }
        }
        for comment in taken_back {
            past.document.silence(comment);
        }
        past
    }

    /// The task as the API shows it to who asks today.
    pub fn answer(&mut self, today: &Issued<'_>) -> Answer {
        let lists: Vec<_> = self.document.lists().iter().copied().collect();
        self.document.answer().without_lists(&lists_hidden(&lists, today))
    }
}

/// The comments that were edited or deleted after `position`.
fn taken_back_after(history: &[(Header, Event)], position: Position) -> HashSet<Position> {
    let mut taken_back = HashSet::new();
    for (_, event) in history.iter().filter(|(header, _)| header.position > position) {
        if let Event::CommentEdited(edited) = event {
            taken_back.insert(edited.comment);
        }
        if let Event::CommentDeleted { comment } = event {
            taken_back.insert(*comment);
        }
    }
    taken_back
}

/// The fact without its words, where they belong to a comment that says something else by now.
fn without_words(event: &Event, comment: Position, taken_back: &HashSet<Position>) -> Option<Event> {
    if let Event::CommentEdited(edited) = event {
        let silent = || Event::CommentEdited(Box::new(CommentEdited { comment: edited.comment, ..CommentEdited::default() }));
        return taken_back.contains(&edited.comment).then(silent);
    }
    if !taken_back.contains(&comment) {
        return None;
    }
    if let Event::Created(created) = event {
        return Some(Event::Created(Box::new(Created { text: Text::default(), attachments: Vec::new(), ..Created::clone(created) })));
    }
    if let Event::Commented(_) = event {
        return Some(Event::Commented(Box::default()));
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::task::event::Commented;
    use crate::testing::{ANNA, BORIS, Given, directory, given, position, task_created};

    fn said(text: &str) -> Event {
        Event::Commented(Box::new(Commented::from(Text { text: text.to_owned(), ..Text::default() })))
    }

    /// Created, handed to Boris, commented, the comment edited and then deleted, closed.
    fn eventful() -> Given<Task> {
        let edited = CommentEdited {
            comment: position(3),
            text: Text { text: "second thoughts".to_owned(), ..Text::default() },
            ..CommentEdited::default()
        };
        given([task_created("hello"), Event::Reassigned { to: BORIS }, said("first thoughts"), Event::CommentEdited(Box::new(edited))])
            .and(ANNA, [Event::CommentDeleted { comment: position(3) }, Event::Closed])
    }

    fn shown(version: i64, words: bool) -> Value {
        let given = eventful();
        let mut past = Past::at(given.history(), position(version), &directory(), words);
        assert_eq!(past.today, given.state());
        let (home, at) = (directory(), crate::testing::now());
        let today = Issued { organisation: crate::testing::HOME, who: ANNA, at, directory: &home };
        serde_json::from_slice(&past.answer(&today).to_vec()).expect("JSON")
    }

    fn texts(shown: &Value) -> Vec<&str> {
        let comments = shown["task"]["comments"].as_array().expect("comments");
        comments.iter().filter_map(|comment| comment["text"].as_str()).collect()
    }

    #[test]
    fn a_task_is_shown_as_it_was() {
        let before = shown(1, false);
        assert_eq!((before["task"].get("responsible"), &before["task"]["is_closed"]), (None, &Value::Bool(false)));
        assert_eq!(shown(2, false)["task"]["responsible"]["id"], BORIS.0);
        assert_eq!(shown(6, false)["task"]["is_closed"], true);
        assert_eq!(shown(6, false), shown(99, false), "later is as today");
    }

    #[test]
    fn words_that_were_taken_back_are_shown_only_to_those_who_may_see_them() {
        assert_eq!(texts(&shown(3, true)), ["hello", "first thoughts"]);
        assert_eq!(texts(&shown(4, true))[1], "second thoughts");
        assert_eq!(texts(&shown(3, false)), ["hello"]);
        assert_eq!(texts(&shown(4, false)), ["hello"]);
    }

    #[test]
    fn before_its_first_fact_a_task_was_not_there() {
        let given = eventful();
        let past = Past::at(given.history(), position(0), &directory(), true);
        assert!(!past.then.exists && past.position == 0);
    }
}
