//! Changing a person's profile and rights, and blocking through the same request.

use super::{Change, Event, MessengerChange, Person, Profile, Rejection, access, profile, rights};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Person {
    pub(super) fn change(&self, change: &Change, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.owned_or_managed(issued)?;
        let mut events = Events::new();
        let changed = changed(&self.profile, change);
        if changed != self.profile {
            profile::check(&changed, self.kind, self.id, issued)?;
            events.push(Event::Changed(Box::new(changed)));
        }
        self.restrict(&change.restrictions, issued, &mut events)?;
        self.set_session_policy(&change.sessions, issued, &mut events)?;
        let mut blocking = match change.banned {
            Some(true) => self.block(issued)?,
            Some(false) if self.blocked => self.restore(issued)?,
            Some(false) | None => Events::new(),
        };
        if let Some(to) = change.rights.filter(|to| *to != self.rights) {
            self.managed(issued)?;
            access::grants(issued, to)?;
            // Whoever is blocked by the same request leaves once.
            if to & rights::ADMINISTRATION != rights::ADMINISTRATION && !matches!(blocking.first(), Some(Event::AdministrationLeft { .. }))
            {
                self.leave_administration(issued, &mut events)?;
            }
            events.push(Event::RightsChanged { rights: to });
        }
        events.append(&mut blocking);
        Ok(events)
    }
}

/// `profile` with what is given; an empty text clears.
fn changed(profile: &Profile, change: &Change) -> Profile {
    // Taken apart by name, so that a new attribute cannot be forgotten here.
    let Change {
        first_name,
        last_name,
        email,
        native_first_name,
        native_last_name,
        external_id,
        position,
        status,
        phone,
        mobile_phone,
        skype,
        location,
        personality,
        personnel_number,
        locale,
        time_zone,
        messenger,
        vacation_days,
        login_phone,
        department,
        drop_department,
        birth_date,
        rights: _,
        banned: _,
        restrictions: _,
        sessions: _,
    } = change;
    let text = |before: &String, given: &Option<String>| given.as_ref().unwrap_or(before).clone();
    let optional =
        |before: &Option<String>, given: &Option<String>| given.as_ref().or(before.as_ref()).filter(|text| !text.is_empty()).cloned();
    Profile {
        first_name: text(&profile.first_name, first_name),
        last_name: text(&profile.last_name, last_name),
        email: text(&profile.email, email),
        native_first_name: optional(&profile.native_first_name, native_first_name),
        native_last_name: optional(&profile.native_last_name, native_last_name),
        external_id: optional(&profile.external_id, external_id),
        position: optional(&profile.position, position),
        status: optional(&profile.status, status),
        phone: optional(&profile.phone, phone),
        mobile_phone: optional(&profile.mobile_phone, mobile_phone),
        skype: optional(&profile.skype, skype),
        location: optional(&profile.location, location),
        personality: optional(&profile.personality, personality),
        personnel_number: optional(&profile.personnel_number, personnel_number),
        locale: optional(&profile.locale, locale),
        time_zone: optional(&profile.time_zone, time_zone),
        messenger: match messenger {
            None => profile.messenger.clone(),
            Some(MessengerChange::Drop) => None,
            Some(MessengerChange::Set(messenger)) => Some(messenger.clone()),
        },
        vacation_days: vacation_days.or(profile.vacation_days),
        login_phone: optional(&profile.login_phone, login_phone),
        department: department.or(profile.department).filter(|_| !drop_department),
        birth_date: birth_date.or(profile.birth_date),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Command;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, FELIX, Given, MANAGER, given, ordinary};

    fn boris() -> Given<Person> {
        given([Event::Added(Box::new(ordinary("Boris", "boris@example.org")))])
    }

    fn change(change: Change) -> Command {
        Command::Change(Box::new(change))
    }

    fn status(status: &str) -> Command {
        change(Change { status: Some(status.into()), ..Change::default() })
    }

    fn to_rights(rights: u32) -> Command {
        change(Change { rights: Some(rights), ..Change::default() })
    }

    fn with_status(status: &str) -> Event {
        let profile = ordinary("Boris", "boris@example.org").profile;
        Event::Changed(Box::new(Profile { status: Some(status.into()), ..profile }))
    }

    #[test]
    fn a_person_changes_their_own_profile() {
        boris().by(BORIS).when(status("ill")).then([with_status("ill")]);
    }

    #[test]
    fn those_who_manage_people_change_others() {
        boris().by(MANAGER).when(status("ill")).then([with_status("ill")]);
        boris().by(ANNA).when(status("ill")).then_rejected(Code::AccessDenied);
        boris().by(FELIX).when(status("ill")).then_rejected(Code::AccountBlocked);
    }

    #[test]
    fn an_empty_text_clears_and_what_is_as_it_was_changes_nothing() {
        let cleared = Event::Changed(Box::new(ordinary("Boris", "boris@example.org").profile));
        boris().and(BORIS, [with_status("ill")]).by(BORIS).when(status("")).then([cleared]);
        boris().and(BORIS, [with_status("ill")]).by(BORIS).when(status("ill")).then_nothing();
        boris().by(BORIS).when(change(Change::default())).then_nothing();
    }

    #[test]
    fn a_person_keeps_a_name_and_an_address() {
        boris()
            .by(BORIS)
            .when(change(Change { email: Some(String::new()), ..Change::default() }))
            .then_rejected(Code::RequiredParameterMissing);
        boris()
            .by(BORIS)
            .when(change(Change { first_name: Some(String::new()), last_name: Some(" ".into()), ..Change::default() }))
            .then_rejected(Code::RequiredParameterMissing);
        let taken = Change { email: Some("ANNA@example.org".into()), ..Change::default() };
        boris().by(BORIS).when(change(taken)).then_rejected(Code::PersonEmailAlreadyInUse);
    }

    #[test]
    fn rights_are_granted_by_those_who_hold_them_and_to_others() {
        let supervisor = rights::DEFAULT | rights::SEE_ALL_TASKS;
        boris().by(ADMIN).when(to_rights(supervisor)).then([Event::RightsChanged { rights: supervisor }]);
        boris().by(MANAGER).when(to_rights(supervisor)).then_rejected(Code::AccessDenied);
        boris().by(BORIS).when(to_rights(supervisor)).then_rejected(Code::AccessDenied);
        boris().by(ADMIN).when(to_rights(0x8000_0000)).then_rejected(Code::InvalidInput);
        boris().by(BORIS).when(to_rights(rights::DEFAULT)).then_nothing();
    }

    #[test]
    fn nobody_manages_somebody_with_more_rights() {
        let promoted = || boris().and(ADMIN, [Event::RightsChanged { rights: rights::ADMINISTRATOR }]);
        let new_address = || change(Change { email: Some("mine@example.org".into()), ..Change::default() });
        promoted().by(MANAGER).when(new_address()).then_rejected(Code::AccessDenied);
        promoted().by(MANAGER).when(to_rights(rights::DEFAULT)).then_rejected(Code::AccessDenied);
        assert!(promoted().by(ADMIN).when(new_address()).outcome().is_ok());
    }

    #[test]
    fn banning_blocks_and_lifting_the_ban_restores() {
        let banned = |banned| change(Change { banned: Some(banned), ..Change::default() });
        boris().by(MANAGER).when(banned(true)).then([Event::Blocked]);
        boris().by(MANAGER).when(banned(false)).then_nothing();
        boris().and(ADMIN, [Event::Blocked]).by(MANAGER).when(banned(false)).then([Event::Restored]);
        boris().by(BORIS).when(banned(true)).then_rejected(Code::CannotBeFired);
    }

    #[test]
    fn whoever_was_never_added_cannot_be_changed() {
        given::<Person>([]).by(ADMIN).when(status("ill")).then_rejected(Code::AccessDeniedPerson);
    }
}
