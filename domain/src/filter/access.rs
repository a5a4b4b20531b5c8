//! Who may do what with a saved filter, by [`crate::rights`]. Whom it is shared with sees it as long as they may look where it looks: of
//! a form or a list that they do not see they are not told what is asked there. Its owner sees it always.

use super::{Filter, Rejection};
use crate::id::PersonId;
use crate::issued::{Asker, Issued};
use crate::rights::{Being, Deed};

impl Filter {
    /// The asker may see this filter, and ask what it asks under their own rights.
    ///
    /// # Errors
    /// As the table says; a filter that is not there is refused as one that may not be seen.
    pub fn seen(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        let person = match issued.asker() {
            Asker::System => PersonId::SYSTEM,
            Asker::Person(person) => person.id,
            Asker::Nobody => return Err(Rejection::Blocked),
        };
        let there = self.exists && !self.deleted && self.organisation == issued.organisation;
        let sees = there && issued.permits_who(Deed::SeeFilter, |being| self.is_to(being, person, issued));
        let looks = || person == self.owner || self.settings.query.over.open(issued).is_ok();
        if sees && looks() { Ok(()) } else { Err(Rejection::Unknown) }
    }

    /// The asker may change and delete this filter.
    ///
    /// # Errors
    /// When they may not, or may not see it.
    pub fn changed_by(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        self.seen(issued)?;
        let may = issued.permits_who(Deed::ChangeFilter, |being| self.is_to(being, issued.who, issued));
        if may { Ok(()) } else { Err(Rejection::AccessDenied) }
    }

    fn is_to(&self, being: Being, person: PersonId, issued: &Issued<'_>) -> bool {
        let shared = &self.settings.shared;
        match being {
            Being::Author => self.owner == person,
            Being::Reader => issued.directory.principals(person).any(|principal| shared.with.contains(&principal)),
            Being::Addressed => shared.everyone,
            Being::Oneself
            | Being::Responsible
            | Being::WasResponsible
            | Being::Participant
            | Being::Subscriber
            | Being::Deputy
            | Being::DeputyOfResponsible
            | Being::ListReader
            | Being::ListManager
            | Being::Editor
            | Being::Approver
            | Being::FormReader
            | Being::FormManager => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::OrganisationDirectory;
    use crate::filter::{Event, Over, Settings, Shared};
    use crate::form::Level;
    use crate::id::FormId;
    use crate::testing::{
        ADMIN, ANNA, AWAY, BORIS, CLARA, CLERKS, DAVID, EVA, FELIX, GRETA, Given, HOME, INVITER, MANAGER, ROBOT, STRANGER, filter_settings,
        form, given, now, with_form, with_roles,
    };

    /// Of Anna, and shared so.
    fn filter(over: Over, shared: Shared) -> Given<Filter> {
        let settings = Settings { shared, ..filter_settings("Mine", over) };
        given::<Filter>([Event::Created(Box::new(settings))])
    }

    fn who(directory: &OrganisationDirectory, may: impl Fn(&Issued<'_>) -> bool) -> Vec<PersonId> {
        let everybody = [PersonId::SYSTEM].into_iter().chain(directory.persons.keys().copied()).chain([STRANGER, PersonId(404)]);
        everybody.filter(|who| may(&Issued { organisation: HOME, who: *who, at: now(), directory })).collect()
    }

    #[test]
    fn it_is_its_owners_and_theirs_whom_it_is_shared_with() {
        let home = with_roles();
        let sees = |shared| who(&home, |issued| filter(Over::Inbox, shared_as(&shared)).state().seen(issued).is_ok());
        assert_eq!(sees((false, vec![])), [PersonId::SYSTEM, ANNA]);
        assert_eq!(sees((false, vec![GRETA, DAVID])), [PersonId::SYSTEM, ANNA, DAVID, GRETA]);
        assert_eq!(sees((false, vec![CLERKS, FELIX])), [PersonId::SYSTEM, ANNA, BORIS, CLARA]);
        let colleagues = [PersonId::SYSTEM, ADMIN, ANNA, BORIS, CLARA, DAVID, EVA, MANAGER, INVITER, ROBOT];
        assert_eq!(sees((true, vec![])), colleagues);
    }

    fn shared_as((everyone, with): &(bool, Vec<PersonId>)) -> Shared {
        Shared { everyone: *everyone, with: with.iter().copied().collect() }
    }

    #[test]
    fn to_share_it_shows_no_form_to_who_does_not_see_it() {
        let home = with_form(with_roles(), form(1, [(ANNA, Level::Member), (BORIS, Level::Member)]));
        let state = filter(Over::Form(FormId(1)), Shared { everyone: true, ..Shared::default() }).state();
        assert_eq!(who(&home, |issued| state.seen(issued).is_ok()), [PersonId::SYSTEM, ANNA, BORIS]);
        // Whom the form was taken from may delete what they made of it.
        let home = with_form(with_roles(), form(1, []));
        assert_eq!(who(&home, |issued| state.seen(issued).is_ok()), [PersonId::SYSTEM, ANNA]);
    }

    #[test]
    fn it_is_changed_by_its_owner_and_what_is_everybodys_also_by_who_looks_after_the_organisation() {
        let home = with_roles();
        let changes = |shared| who(&home, |issued| filter(Over::Inbox, shared_as(&shared)).state().changed_by(issued).is_ok());
        assert_eq!(changes((false, vec![ADMIN, BORIS])), [PersonId::SYSTEM, ANNA]);
        assert_eq!(changes((true, vec![])), [PersonId::SYSTEM, ADMIN, ANNA]);
    }

    #[test]
    fn nobody_sees_one_that_is_deleted_or_never_was_or_is_of_another_organisation() {
        let home = with_roles();
        let open = || filter(Over::Inbox, Shared { everyone: true, ..Shared::default() });
        let deleted = open().and(ANNA, [Event::Deleted]).state();
        assert_eq!(who(&home, |issued| deleted.seen(issued).is_ok()), []);
        assert_eq!(who(&home, |issued| Filter::default().seen(issued).is_ok()), []);
        for who in [STRANGER, ANNA, PersonId::SYSTEM] {
            assert!(open().state().seen(&Issued { organisation: AWAY, who, at: now(), directory: &home }).is_err(), "{who}");
        }
    }
}
