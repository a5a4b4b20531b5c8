//! Those who follow a task: asking them to acknowledge, asking again, letting them go; and those who
//! are called by name. That a subscriber acknowledges is in [`super::acknowledge`].

use super::command::PersonRef;
use super::draft::Draft;
use super::event::Event;
use super::rejection::Rejection;
use super::state::Subscription;
use crate::id::PersonId;

/// Persons called by name in one text. More is a shout at everybody, and a load on every inbox.
pub const MENTIONS_MAX: usize = 500;

impl Draft<'_> {
    /// Asks people to acknowledge. Who only followed until now is asked; who was asked before is not
    /// asked again (see [`Self::rerequest_subscribers`]).
    pub fn add_subscribers(&mut self, list: &[PersonRef]) -> Result<(), Rejection> {
        let mut persons = self.all(list, Self::addable)?;
        persons.retain(|person| matches!(self.subscribers.get(person), None | Some(Subscription::Following)));
        self.subscribe(persons, Subscription::Asked);
        Ok(())
    }

    pub fn remove_subscribers(&mut self, list: &[PersonRef]) -> Result<(), Rejection> {
        let mut persons = self.subscribed(list)?;
        persons.retain(|person| self.subscribers.contains_key(person));
        if !persons.is_empty() {
            self.subscribers.to_mut().retain(|person, _| !persons.contains(person));
            self.events.push(Event::SubscribersRemoved { persons });
        }
        Ok(())
    }

    /// Asks those who acknowledged to do it again. Who was not asked yet is left alone, as is who still waits.
    pub fn rerequest_subscribers(&mut self, list: &[PersonRef]) -> Result<(), Rejection> {
        let mut persons = self.subscribed(list)?;
        persons.retain(|person| self.subscribers.get(person) == Some(&Subscription::Acknowledged));
        if !persons.is_empty() {
            self.subscribers.to_mut().extend(persons.iter().map(|person| (*person, Subscription::Asked)));
            self.events.push(Event::SubscribersRerequested { persons });
        }
        Ok(())
    }

    /// Lets those who are called by name see the task: whoever has no part in it yet follows it from
    /// now on, and is asked nothing. The blocked stay out.
    pub fn follow(&mut self, mentions: &[PersonId]) -> Result<(), Rejection> {
        if mentions.len() > MENTIONS_MAX {
            return Err(Rejection::TooManyPeople);
        }
        let mut persons = Vec::new();
        for mentioned in mentions {
            let named = self.named(&PersonRef::Id(*mentioned))?;
            if self.issued.directory.acts(named) && !self.has_part(named) {
                self.bring_in(named)?;
                persons.push(named);
            }
        }
        self.subscribe(persons, Subscription::Following);
        Ok(())
    }

    pub(super) fn subscribe(&mut self, persons: Vec<PersonId>, subscription: Subscription) {
        if !persons.is_empty() {
            self.subscribers.to_mut().extend(persons.iter().map(|person| (*person, subscription)));
            self.events.push(Event::SubscribersAdded { persons, mentioned: subscription == Subscription::Following });
        }
    }

    fn subscribed(&self, list: &[PersonRef]) -> Result<Vec<PersonId>, Rejection> {
        self.all(list, Self::named)
    }

    pub(super) fn has_part(&self, person: PersonId) -> bool {
        let author = if self.task.exists { self.task.author } else { self.issued.who };
        author == person
            || self.responsible == Some(person)
            || self.participants.contains(&person)
            || self.subscribers.contains_key(&person)
            || self.task.ever_responsible.contains(&person)
            || self.form.as_ref().is_some_and(|working| working.filling.progress.everybody().any(|approver| approver == person))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::Code;
    use crate::task::Task;
    use crate::task::command::{Command, Comment, TextInput};
    use crate::task::event::{Commented, Text};
    use crate::testing::{ANNA, BORIS, CLARA, DAVID, FELIX, Given, given, task_created};

    fn ids(persons: &[PersonId]) -> Vec<PersonRef> {
        persons.iter().copied().map(PersonRef::Id).collect()
    }

    fn comment(part: impl FnOnce(&mut Comment)) -> Command {
        let mut comment = Comment::default();
        part(&mut comment);
        Command::Comment(Box::new(comment))
    }

    fn asked(persons: &[PersonId]) -> Event {
        Event::SubscribersAdded { persons: persons.to_vec(), mentioned: false }
    }

    fn following(persons: &[PersonId]) -> Event {
        Event::SubscribersAdded { persons: persons.to_vec(), mentioned: true }
    }

    fn with_boris() -> Given<Task> {
        given([task_created("hello"), asked(&[BORIS])])
    }

    #[test]
    fn people_are_asked_once_and_those_who_only_followed_are_asked_too() {
        let add = || comment(|comment| comment.subscribers_added = ids(&[BORIS, CLARA, CLARA]));
        with_boris().when(add()).then([asked(&[CLARA])]);
        with_boris().and(ANNA, [following(&[CLARA])]).when(add()).then([asked(&[CLARA])]);
        with_boris().and(ANNA, [asked(&[CLARA])]).when(add()).then_nothing();
    }

    #[test]
    fn only_those_who_acknowledged_are_asked_again() {
        let again = || comment(|comment| comment.subscribers_rerequested = ids(&[BORIS, CLARA]));
        with_boris().when(again()).then_nothing();
        with_boris().and(BORIS, [Event::Acknowledged]).when(again()).then([Event::SubscribersRerequested { persons: vec![BORIS] }]);
    }

    #[test]
    fn those_let_go_are_those_who_were_there() {
        let remove = comment(|comment| comment.subscribers_removed = ids(&[BORIS, CLARA]));
        with_boris().when(remove).then([Event::SubscribersRemoved { persons: vec![BORIS] }]);
    }

    #[test]
    fn the_unknown_and_the_blocked_are_not_asked() {
        with_boris().when(comment(|comment| comment.subscribers_added = ids(&[PersonId(404)]))).then_rejected(Code::InvalidPersonId);
        with_boris().when(comment(|comment| comment.subscribers_added = ids(&[FELIX]))).then_rejected(Code::AccessDeniedPerson);
    }

    fn calls(persons: impl IntoIterator<Item = i64>) -> (Command, Vec<PersonId>) {
        let persons = persons.into_iter().collect::<Vec<_>>();
        let html = persons.iter().map(|id| format!("<span data-personid=\"{id}\">x</span>")).collect();
        (comment(|comment| comment.text = Some(TextInput::Formatted(html))), persons.into_iter().map(PersonId).collect())
    }

    fn written(mentions: Vec<PersonId>, html: &str, text: &str) -> Event {
        let text = Text { text: text.into(), formatted_text: Some(html.into()), mentions, reply_to: None };
        Event::Commented(Box::new(Commented::from(text)))
    }

    #[test]
    fn whoever_is_called_by_name_follows_the_task_and_is_asked_nothing() {
        let (command, mentions) = calls([CLARA.0]);
        let html = "<span data-personid=\"13\">x</span>";
        with_boris().when(command).then([following(&[CLARA]), written(mentions, html, "x")]);
    }

    #[test]
    fn whoever_has_a_part_already_or_is_blocked_is_only_called() {
        let (command, mentions) = calls([ANNA.0, BORIS.0, FELIX.0]);
        let decided = with_boris().when(command).outcome().expect("decided");
        assert!(matches!(&decided[..], [Event::Commented(commented)] if commented.text.mentions == mentions), "{decided:?}");
    }

    #[test]
    fn nobody_who_is_not_there_is_called() {
        with_boris().when(calls([404]).0).then_rejected(Code::InvalidPersonId);
    }

    #[test]
    fn a_thousand_mentions_are_refused() {
        with_boris().when(calls(1_000..2_000).0).then_rejected(Code::ParticipantLimitExceeded);
    }

    #[test]
    fn a_thousand_times_the_same_mention_is_one() {
        let (command, _) = calls(std::iter::repeat_n(DAVID.0, 1_000));
        let decided = with_boris().when(command).outcome().expect("decided");
        assert_eq!(decided.first(), Some(&following(&[DAVID])));
    }
}
