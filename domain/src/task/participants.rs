//! Adding people to a task and removing them from it. Not those who only subscribe.

use super::command::PersonRef;
use super::draft::Draft;
use super::event::Event;
use super::rejection::Rejection;

impl Draft<'_> {
    pub fn add_participants(&mut self, list: &[PersonRef]) -> Result<(), Rejection> {
        let mut persons = self.all(list, Self::addable)?;
        persons.retain(|person| !self.participants.contains(person));
        if !persons.is_empty() {
            self.participants.to_mut().extend(&persons);
            self.events.push(Event::ParticipantsAdded { persons });
        }
        Ok(())
    }

    pub fn remove_participants(&mut self, list: &[PersonRef]) -> Result<(), Rejection> {
        let mut persons = self.all(list, Self::named)?;
        persons.retain(|person| self.participants.contains(person));
        if !persons.is_empty() {
            self.participants.to_mut().retain(|person| !persons.contains(person));
            self.events.push(Event::ParticipantsRemoved { persons });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::OrganisationDirectory;
    use crate::id::PersonId;
    use crate::person::Person;
    use crate::rejection::Code;
    use crate::role::Role;
    use crate::task::command::{Command, Comment, TextInput};
    use crate::task::{Task, draft::PEOPLE_MAX};
    use crate::testing::{
        ANNA, BORIS, CLARA, CLERKS, DAVID, FELIX, GRETA, Given, HOME, directories, directory, given, role, task_created, with_role,
        with_roles,
    };

    fn ids(persons: &[PersonId]) -> Vec<PersonRef> {
        persons.iter().copied().map(PersonRef::Id).collect()
    }

    fn add(list: Vec<PersonRef>) -> Command {
        Command::Comment(Box::new(Comment { participants_added: list, ..Comment::default() }))
    }

    fn remove(list: Vec<PersonRef>) -> Command {
        Command::Comment(Box::new(Comment { participants_removed: list, ..Comment::default() }))
    }

    fn with_boris() -> Given<Task> {
        given::<Task>([task_created("hello"), Event::ParticipantsAdded { persons: vec![BORIS] }])
    }

    #[test]
    fn people_are_added_by_id_and_by_address_and_each_once() {
        let list = vec![PersonRef::Email("CLARA@example.org".into()), PersonRef::Id(BORIS), PersonRef::Id(CLARA), PersonRef::Id(DAVID)];
        with_boris().when(add(list)).then([Event::ParticipantsAdded { persons: vec![CLARA, DAVID] }]);
    }

    #[test]
    fn a_role_is_added_and_removed_like_a_person_unless_it_is_banned() {
        let task = || with_boris().among(with_roles());
        task().when(add(ids(&[CLERKS, CLARA]))).then([Event::ParticipantsAdded { persons: vec![CLERKS, CLARA] }]);
        let banned = Role { banned: true, ..role(CLERKS.0, [BORIS]) };
        let with_clerks =
            || task().and(ANNA, [Event::ParticipantsAdded { persons: vec![CLERKS] }]).among(with_role(with_roles(), banned.clone()));
        with_clerks().when(remove(ids(&[CLERKS]))).then([Event::ParticipantsRemoved { persons: vec![CLERKS] }]);
        task().among(with_role(with_roles(), banned.clone())).when(add(ids(&[CLERKS]))).then_rejected(Code::AccessDeniedPerson);
    }

    #[test]
    fn somebody_already_there_or_already_gone_is_no_news() {
        with_boris().when(add(ids(&[BORIS]))).then_nothing();
        with_boris().when(remove(ids(&[CLARA]))).then_nothing();
    }

    #[test]
    fn a_participant_removes_and_leaves() {
        with_boris().when(remove(ids(&[BORIS, CLARA]))).then([Event::ParticipantsRemoved { persons: vec![BORIS] }]);
        with_boris().by(BORIS).when(remove(ids(&[BORIS]))).then([Event::ParticipantsRemoved { persons: vec![BORIS] }]);
    }

    #[test]
    fn the_unknown_and_the_blocked_are_not_added() {
        with_boris().when(add(ids(&[PersonId(404)]))).then_rejected(Code::InvalidPersonId);
        with_boris().when(add(ids(&[PersonId::SYSTEM]))).then_rejected(Code::InvalidPersonId);
        with_boris().when(add(vec![PersonRef::Email("nobody@example.org".into())])).then_rejected(Code::InvalidEmail);
        with_boris().when(add(ids(&[FELIX]))).then_rejected(Code::AccessDeniedPerson);
    }

    #[test]
    fn somebody_who_was_blocked_since_can_be_removed() {
        let with_felix = given::<Task>([task_created("hello"), Event::ParticipantsAdded { persons: vec![FELIX] }]);
        with_felix.when(remove(ids(&[FELIX]))).then([Event::ParticipantsRemoved { persons: vec![FELIX] }]);
    }

    /// Home where Anna is restricted so.
    fn where_anna_adds_no_guests() -> OrganisationDirectory {
        let mut all = directories();
        let mut anna = Person::clone(directory().person(ANNA).expect("she is there"));
        anna.restrictions.cant_add_external_users_to_tasks = true;
        all.put_person(anna);
        OrganisationDirectory::clone(all.organisation(HOME).expect("it was put in"))
    }

    #[test]
    fn who_may_bring_in_no_guests_adds_colleagues_alone() {
        let restricted = || with_boris().among(where_anna_adds_no_guests());
        restricted().when(add(ids(&[GRETA]))).then_rejected(Code::CannotAddExternalUser);
        let mention = Comment { text: Some(TextInput::Formatted("<span data-personid=17>G</span>".into())), ..Comment::default() };
        restricted().when(Command::Comment(Box::new(mention))).then_rejected(Code::CannotAddExternalUser);
        restricted().when(add(ids(&[CLARA]))).then([Event::ParticipantsAdded { persons: vec![CLARA] }]);
        restricted().and(BORIS, [Event::ParticipantsAdded { persons: vec![GRETA] }]).when(add(ids(&[GRETA]))).then_nothing();
        restricted().by(BORIS).when(add(ids(&[GRETA]))).then([Event::ParticipantsAdded { persons: vec![GRETA] }]);
    }

    #[test]
    fn a_guest_names_who_is_there_and_cannot_tell_others_from_nobody() {
        let with_greta = || with_boris().and(ANNA, [Event::ParticipantsAdded { persons: vec![GRETA] }]).by(GRETA);
        with_greta().when(add(ids(&[CLARA]))).then_rejected(Code::InvalidPersonId);
        with_greta().when(remove(ids(&[BORIS]))).then([Event::ParticipantsRemoved { persons: vec![BORIS] }]);
        for address in ["clara@example.org", "felix@example.org", "nobody@example.org"] {
            with_greta().when(add(vec![PersonRef::Email(address.into())])).then_rejected(Code::InvalidEmail);
        }
        let boris = || vec![PersonRef::Email("boris@example.org".into())];
        with_greta().when(add(boris())).then_nothing();
        with_greta().when(remove(boris())).then([Event::ParticipantsRemoved { persons: vec![BORIS] }]);
    }

    #[test]
    fn strangers_add_nobody() {
        with_boris().by(DAVID).when(add(ids(&[DAVID]))).then_rejected(Code::AccessDeniedTask);
    }

    #[test]
    fn a_task_holds_a_thousand_people_and_no_more() {
        let crowd = (0..999).map(|n| PersonId(1_000 + n)).collect::<Vec<_>>();
        let full = || given::<Task>([task_created("hello"), Event::ParticipantsAdded { persons: crowd.clone() }]);
        full().when(add(ids(&[BORIS]))).then([Event::ParticipantsAdded { persons: vec![BORIS] }]);
        full().when(add(ids(&[BORIS, CLARA]))).then_rejected(Code::ParticipantLimitExceeded);
        with_boris().when(add(ids(&[ANNA; PEOPLE_MAX + 1]))).then_rejected(Code::ParticipantLimitExceeded);
    }
}
