//! What somebody is to a task, and so what they may do with it, by [`crate::rights`].
//!
//! Approvers are those of any step of a task's form, reached or not; what somebody is to a form is decided in
//! [`crate::form::access`].
//!
//! What somebody is to a list is decided in [`crate::list::access`], at the moment of asking: who is taken out of a list is
//! out of its tasks at once, without a fact of any task. A list opens what lies in it to all who see it, so whoever puts a
//! task into one shows it to them.
//!
//! A role that stands somewhere (not banned, not deleted) stands there for its members: what it may do they may do. Authors are
//! persons.
//!
//! Whoever stands in for somebody who is away sees and comments on what that person is named in (themselves, not by a role of
//! theirs), and closes or reopens it where that person is responsible now. Their rights go to nobody, and what the deputy does is
//! the deputy's. One step only: a deputy of a deputy stands in for nobody else.
//!
//! Nobody sees a task that is deleted. A guest sees what they or a role of theirs were added to, and closes or reopens only what
//! they wrote or are responsible for now.
//!
//! A list that somebody does not see is not named to them, also where it holds the task ([`lists_hidden`]).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::state::Task;
use crate::form::Level;
use crate::id::{FormId, ListId, OrganisationId, PersonId};
use crate::issued::Issued;
use crate::list::Standing;
use crate::rights::{Being, Deed};

/// Who may see a task, as a value that readers check without the task's state. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience {
    organisation: OrganisationId,
    /// Exists and is not deleted.
    shown: bool,
    /// In order.
    persons: Arc<[PersonId]>,
    lists: Arc<[ListId]>,
    form: Option<FormId>,
}

impl Audience {
    pub fn may_see(&self, issued: &Issued<'_>) -> bool {
        let (directory, named) = (issued.directory, |person| self.persons.binary_search(&person).is_ok());
        let is = |being| match being {
            // Those whom it names are those who see it, as whatever they are named.
            Being::Author | Being::Responsible | Being::WasResponsible | Being::Participant | Being::Subscriber | Being::Approver => {
                directory.principals(issued.who).any(named)
            }
            Being::Deputy | Being::DeputyOfResponsible => directory.deputised_by(issued.who, issued.at).any(named),
            Being::ListReader => self.lists.iter().any(|list| issued.standing(*list).is_some()),
            Being::FormReader => self.form.is_some_and(|form| issued.level(form).sees_all_tasks()),
            Being::Oneself | Being::ListManager | Being::FormManager | Being::Reader | Being::Editor | Being::Addressed => false,
        };
        self.shown && self.organisation == issued.organisation && issued.permits_who(Deed::SeeTask, is)
    }
}

/// Those of `lists` that are not to be named to the asker: they do not see them, not even as deleted ones.
pub fn lists_hidden(lists: &[ListId], issued: &Issued<'_>) -> BTreeSet<ListId> {
    let seen = |list: &ListId| issued.directory.list(*list).is_some_and(|list| list.seen(issued).is_ok());
    lists.iter().copied().filter(|list| !seen(list)).collect()
}

/// As what a task names persons and roles.
pub(super) const NAMED: [Being; 6] =
    [Being::Author, Being::Responsible, Being::WasResponsible, Being::Participant, Being::Subscriber, Being::Approver];

impl Task {
    /// Who may see the task from now on.
    pub fn audience(&self) -> Audience {
        let mut persons = BTreeSet::new();
        for being in NAMED.into_iter().filter(|being| Deed::SeeTask.minds(*being)) {
            persons.extend(self.named_as(being));
        }
        let shown = self.exists && !self.deleted;
        Audience {
            organisation: self.organisation,
            shown,
            persons: persons.into_iter().collect(),
            lists: self.lists.iter().copied().collect(),
            form: self.form.as_ref().map(|filling| filling.form),
        }
    }

    /// Also who may comment, change the task, and put it away.
    pub fn may_see(&self, issued: &Issued<'_>) -> bool {
        let there = self.exists && !self.deleted && self.organisation == issued.organisation;
        there && issued.permits_who(Deed::SeeTask, |being| self.asker_is(being, issued))
    }

    /// Who may look at the task's past: who sees it today. A deleted one is there for those who see all tasks.
    pub fn may_look_back(&self, issued: &Issued<'_>) -> bool {
        let deleted = self.exists && self.deleted && self.organisation == issued.organisation;
        self.may_see(issued) || (deleted && issued.permits(Deed::LookBackAtDeletedTask))
    }

    /// Also who may reopen it.
    pub fn may_close(&self, issued: &Issued<'_>) -> bool {
        self.may_see(issued) && issued.permits_who(Deed::CloseTask, |being| self.asker_is(being, issued))
    }

    pub fn may_delete(&self, issued: &Issued<'_>) -> bool {
        self.may_see(issued) && issued.permits_who(Deed::DeleteTask, |being| self.asker_is(being, issued))
    }

    /// What the asker is to the task, by themselves or through a role of theirs.
    fn asker_is(&self, being: Being, issued: &Issued<'_>) -> bool {
        let directory = issued.directory;
        let deputised = |being| directory.deputised_by(issued.who, issued.at).any(|absent| self.names_as(absent, being));
        match being {
            Being::Author | Being::Responsible | Being::WasResponsible | Being::Participant | Being::Subscriber | Being::Approver => {
                directory.principals(issued.who).any(|principal| self.names_as(principal, being))
            }
            Being::Deputy => NAMED.into_iter().any(deputised),
            Being::DeputyOfResponsible => deputised(Being::Responsible),
            Being::ListReader => self.lists.iter().any(|list| issued.standing(*list).is_some()),
            Being::ListManager => self.lists.iter().any(|list| issued.standing(*list) == Some(Standing::Manager)),
            Being::FormReader => self.form.as_ref().is_some_and(|filling| issued.level(filling.form).sees_all_tasks()),
            Being::FormManager => self.form.as_ref().is_some_and(|filling| issued.level(filling.form) >= Level::Manager),
            Being::Oneself | Being::Reader | Being::Editor | Being::Addressed => false,
        }
    }

    /// Whether the task names a person or a role as this.
    pub(super) fn names_as(&self, principal: PersonId, being: Being) -> bool {
        match being {
            Being::Author => self.author == principal,
            Being::Responsible => self.responsible == Some(principal),
            Being::WasResponsible => self.responsible != Some(principal) && self.ever_responsible.contains(&principal),
            Being::Participant => self.participants.contains(&principal),
            Being::Subscriber => self.subscribers.contains_key(&principal),
            Being::Approver => self.approvers().any(|approver| approver == principal),
            Being::Oneself
            | Being::Deputy
            | Being::DeputyOfResponsible
            | Being::ListReader
            | Being::ListManager
            | Being::Reader
            | Being::Editor
            | Being::Addressed
            | Being::FormReader
            | Being::FormManager => false,
        }
    }

    fn approvers(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.form.iter().flat_map(|filling| filling.progress.everybody())
    }

    /// The persons and roles whom the task names as this.
    fn named_as(&self, being: Being) -> Vec<PersonId> {
        match being {
            Being::Author => vec![self.author],
            Being::Responsible => self.responsible.into_iter().collect(),
            Being::WasResponsible => self.ever_responsible.iter().copied().collect(),
            Being::Participant => self.participants.iter().copied().collect(),
            Being::Subscriber => self.subscribers.keys().copied().collect(),
            Being::Approver => self.approvers().collect(),
            Being::Oneself
            | Being::Deputy
            | Being::DeputyOfResponsible
            | Being::ListReader
            | Being::ListManager
            | Being::Reader
            | Being::Editor
            | Being::Addressed
            | Being::FormReader
            | Being::FormManager => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::OrganisationDirectory;
    use crate::role::Role;
    use crate::task::Event;
    use crate::testing::{
        ADMIN, ANNA, AWAY, BORIS, CLARA, CLERKS, DAVID, EVA, FELIX, GRETA, Given, HOME, INVITER, MANAGER, ROBOT, SCRIBES, STRANGER,
        directories, directory, given, list, moment, now, role, task_created, with_list, with_role, with_roles,
    };

    fn issued(who: PersonId, directory: &OrganisationDirectory) -> Issued<'_> {
        Issued { organisation: HOME, who, at: now(), directory }
    }

    /// By Anna; Boris was responsible and Clara is; the robot takes part, the manager subscribes.
    fn shared() -> Given<Task> {
        given([task_created("hello"), Event::Reassigned { to: BORIS }, Event::Reassigned { to: CLARA }]).and(
            ANNA,
            [Event::ParticipantsAdded { persons: vec![ROBOT] }, Event::SubscribersAdded { persons: vec![MANAGER], mentioned: false }],
        )
    }

    /// Who may, of everybody there is.
    fn who(may: impl Fn(&Issued<'_>) -> bool) -> Vec<PersonId> {
        let directory = directory();
        let everybody = [PersonId::SYSTEM].into_iter().chain(directory.persons.keys().copied()).chain([STRANGER, PersonId(404)]);
        everybody.filter(|who| may(&issued(*who, &directory))).collect()
    }

    #[test]
    fn those_named_in_a_task_see_it_and_so_do_supervisors_and_the_system() {
        let task = shared().state();
        let expected = [PersonId::SYSTEM, ADMIN, ANNA, BORIS, CLARA, EVA, MANAGER, ROBOT];
        assert_eq!(who(|issued| task.may_see(issued)), expected);
    }

    /// Home while `absent` is away and `deputy` stands in.
    fn substituted(absent: &[(PersonId, PersonId)]) -> OrganisationDirectory {
        let mut all = directories();
        for (absent, deputy) in absent {
            let mut person = crate::person::Person::clone(directory().person(*absent).expect("they are there"));
            let day = jiff::civil::date(2026, 3, 2);
            let (begins, ends) = (moment("2026-03-01T23:00:00Z"), moment("2026-03-02T23:00:00Z"));
            person.absence = Some(crate::person::Absence { from: day, until: day, begins, ends, deputy: Some(*deputy) });
            all.put_person(person);
        }
        OrganisationDirectory::clone(all.organisation(HOME).expect("it was put in"))
    }

    #[test]
    fn a_deputy_sees_what_the_absent_are_named_in_and_closes_what_they_are_responsible_for() {
        let task = shared().state();
        let may = |absent, at: &str| {
            let directory = substituted(&[(absent, DAVID)]);
            let issued = Issued { organisation: HOME, who: DAVID, at: moment(at), directory: &directory };
            assert_eq!(task.audience().may_see(&issued), task.may_see(&issued));
            (task.may_see(&issued), task.may_close(&issued), task.may_delete(&issued))
        };
        let during = "2026-03-02T10:00:00Z";
        assert_eq!(may(CLARA, during), (true, true, false), "is responsible");
        assert_eq!(may(ANNA, during), (true, false, false), "wrote it");
        assert_eq!(may(MANAGER, during), (true, false, false), "subscribes");
        assert_eq!(may(EVA, during), (false, false, false), "a right goes to nobody");
        assert_eq!(may(CLARA, "2026-03-03T10:00:00Z"), (false, false, false), "is back");
    }

    #[test]
    fn a_deputy_of_a_deputy_stands_in_for_nobody_else_and_a_blocked_deputy_for_nobody() {
        let task = shared().state();
        let sees = |who, absent: &[(PersonId, PersonId)]| {
            let directory = substituted(absent);
            task.may_see(&issued(who, &directory))
        };
        let (chain, ring) = ([(CLARA, DAVID), (DAVID, GRETA)], [(CLARA, DAVID), (DAVID, CLARA)]);
        assert!(sees(DAVID, &chain) && !sees(GRETA, &chain) && sees(DAVID, &ring));
        assert!(!sees(FELIX, &[(CLARA, FELIX)]));
    }

    #[test]
    fn an_audience_says_what_the_task_says() {
        let named = [DAVID, FELIX, GRETA, PersonId(404)].to_vec();
        for given in [shared(), shared().and(ANNA, [Event::ParticipantsAdded { persons: named }]), shared().and(ANNA, [Event::Deleted])] {
            let (task, audience) = (given.state(), given.state().audience());
            assert_eq!(who(|issued| audience.may_see(issued)), who(|issued| task.may_see(issued)));
        }
        assert_eq!(who(|issued| Audience::default().may_see(issued)), []);
    }

    #[test]
    fn subscribers_and_supervisors_do_not_close() {
        let task = shared().state();
        assert_eq!(who(|issued| task.may_close(issued)), [PersonId::SYSTEM, ANNA, BORIS, CLARA, ROBOT]);
    }

    #[test]
    fn a_guest_closes_only_what_is_theirs() {
        let closes = |given: Given<Task>| who(|issued| given.state().may_close(issued)).contains(&GRETA);
        assert!(!closes(shared().and(ANNA, [Event::ParticipantsAdded { persons: vec![GRETA] }])));
        let responsible = || shared().and(ANNA, [Event::Reassigned { to: GRETA }]);
        assert!(closes(responsible()));
        assert!(!closes(responsible().and(ANNA, [Event::Reassigned { to: BORIS }])), "not any longer");
        assert!(closes(given([]).and(GRETA, [task_created("mine")])));
    }

    #[test]
    fn the_author_deletes_with_the_right_to_and_so_do_those_who_delete_for_others() {
        let task = shared().state();
        assert_eq!(who(|issued| task.may_delete(issued)), [PersonId::SYSTEM, ADMIN, ANNA]);
        let managers = given::<Task>([]).and(MANAGER, [task_created("mine")]).state();
        assert!(!who(|issued| managers.may_delete(issued)).contains(&MANAGER), "without DELETE_OWN_TASKS");
    }

    /// Of everybody, among the roles of Boris and Clara, and Clara alone.
    fn among_roles(home: &OrganisationDirectory, may: impl Fn(&Issued<'_>) -> bool) -> Vec<PersonId> {
        let everybody = home.persons.keys().chain(home.roles.keys()).copied();
        everybody.filter(|who| may(&issued(*who, home))).collect()
    }

    #[test]
    fn what_a_role_may_do_its_members_may_do() {
        let home = with_roles();
        let supervisors = [ADMIN, EVA];
        let plus = |more: &[PersonId]| {
            let mut all = [&supervisors[..], &[DAVID], more].concat();
            all.sort_unstable();
            all
        };
        let by_david = |events: Vec<Event>| given::<Task>([]).and(DAVID, [task_created("hello")]).and(DAVID, events).state();
        for (events, works) in [
            (vec![Event::Reassigned { to: CLERKS }], true),
            (vec![Event::Reassigned { to: CLERKS }, Event::Reassigned { to: DAVID }], true),
            (vec![Event::ParticipantsAdded { persons: vec![CLERKS] }], true),
            (vec![Event::SubscribersAdded { persons: vec![CLERKS], mentioned: true }], false),
        ] {
            let task = by_david(events);
            assert_eq!(among_roles(&home, |issued| task.may_see(issued)), plus(&[BORIS, CLARA]));
            let audience = task.audience();
            assert_eq!(among_roles(&home, |issued| audience.may_see(issued)), plus(&[BORIS, CLARA]));
            let closing = if works { vec![BORIS, CLARA, DAVID] } else { vec![DAVID] };
            assert_eq!(among_roles(&home, |issued| task.may_close(issued)), closing);
            assert!(!among_roles(&home, |issued| task.may_delete(issued)).contains(&BORIS));
        }
        let for_scribes = by_david(vec![Event::Reassigned { to: SCRIBES }]);
        assert_eq!(among_roles(&home, |issued| for_scribes.may_see(issued)), plus(&[CLARA]));
    }

    #[test]
    fn members_come_and_go_without_a_word_to_the_task_and_nobody_acts_for_a_banned_role() {
        let task = given::<Task>([task_created("hello"), Event::Reassigned { to: CLERKS }]).state();
        let seeing = |role: Role| among_roles(&with_role(with_roles(), role), |issued| task.may_see(issued));
        assert!(seeing(role(CLERKS.0, [DAVID])).contains(&DAVID));
        assert!(!seeing(role(CLERKS.0, [DAVID])).contains(&BORIS));
        assert!(!seeing(role(CLERKS.0, [FELIX])).contains(&FELIX), "is blocked");
        for gone in [Role { banned: true, ..role(CLERKS.0, [BORIS]) }, Role { deleted: true, ..role(CLERKS.0, [BORIS]) }] {
            assert_eq!(seeing(gone), [ADMIN, ANNA, EVA]);
        }
    }

    #[test]
    fn a_guest_in_a_role_closes_what_the_role_is_responsible_for_now() {
        let home = with_role(with_roles(), role(CLERKS.0, [GRETA]));
        let closes = |events: Vec<Event>| {
            let task = given::<Task>([task_created("hello")]).and(ANNA, events).state();
            assert!(task.may_see(&issued(GRETA, &home)));
            task.may_close(&issued(GRETA, &home))
        };
        assert!(closes(vec![Event::Reassigned { to: CLERKS }]));
        assert!(!closes(vec![Event::Reassigned { to: CLERKS }, Event::Reassigned { to: BORIS }]));
        assert!(!closes(vec![Event::ParticipantsAdded { persons: vec![CLERKS] }]));
    }

    #[test]
    fn nobody_sees_a_deleted_task_or_one_that_never_was() {
        let task = shared().and(ANNA, [Event::Deleted]).state();
        assert_eq!(who(|issued| task.may_see(issued)), []);
        assert_eq!(who(|issued| Task::default().may_see(issued)), []);
    }

    #[test]
    fn whoever_was_removed_no_longer_sees() {
        let task = shared().and(ANNA, [Event::ParticipantsRemoved { persons: vec![ROBOT] }]).state();
        assert!(!who(|issued| task.may_see(issued)).contains(&ROBOT));
    }

    #[test]
    fn the_blocked_and_guests_with_rights_see_only_what_the_rules_for_them_say() {
        let task = shared().and(ANNA, [Event::ParticipantsAdded { persons: vec![FELIX, GRETA] }]).state();
        let seeing = who(|issued| task.may_see(issued));
        assert!(!seeing.contains(&FELIX), "is blocked");
        assert!(seeing.contains(&GRETA), "was added");
        assert!(!who(|issued| shared().state().may_see(issued)).contains(&GRETA), "a guest's rights do not count");
    }

    /// The task in a list that the inviter manages and David and the guest are members of, below one that Felix (who is
    /// blocked) and the admin manage.
    fn listed() -> (Given<Task>, OrganisationDirectory) {
        let mut below = list(2, Some(ListId(1)), [INVITER]);
        below.members = [DAVID, GRETA].into();
        let home = with_list(with_list(directory(), list(1, None, [FELIX, ADMIN])), below);
        (shared().and(ANNA, [Event::AddedToLists { lists: vec![ListId(2), ListId(404)] }]), home)
    }

    /// Who may beyond those of a task without lists.
    fn more(directory: &OrganisationDirectory, task: &Task, may: impl Fn(&Task, &Issued<'_>) -> bool) -> Vec<PersonId> {
        let without = Task { lists: BTreeSet::new(), ..task.clone() };
        let everybody = directory.persons.keys().copied().chain([STRANGER, PersonId(404)]);
        everybody.filter(|who| may(task, &issued(*who, directory)) && !may(&without, &issued(*who, directory))).collect()
    }

    #[test]
    fn who_sees_a_list_sees_its_tasks_and_who_manages_it_closes_them() {
        let (given, home) = listed();
        let task = given.state();
        assert_eq!(more(&home, &task, |task, issued| task.may_see(issued)), [DAVID, GRETA, INVITER]);
        assert_eq!(more(&home, &task, |task, issued| task.audience().may_see(issued)), [DAVID, GRETA, INVITER]);
        assert_eq!(more(&home, &task, |task, issued| task.may_close(issued)), [ADMIN, INVITER]);
        assert_eq!(more(&home, &task, |task, issued| task.may_delete(issued)), []);
    }

    #[test]
    fn whoever_left_the_list_or_whose_list_is_gone_sees_no_more_of_it() {
        let (given, home) = listed();
        let audience = given.state().audience();
        let sees = |who, home: &OrganisationDirectory| audience.may_see(&issued(who, home));
        assert!(sees(DAVID, &home) && sees(INVITER, &home));
        let left = with_list(home.clone(), list(2, Some(ListId(1)), [INVITER]));
        assert!(!sees(DAVID, &left) && sees(INVITER, &left));
        let mut above = list(1, None, [ADMIN]);
        above.deleted = true;
        assert!(!sees(INVITER, &with_list(home, above)));
    }

    #[test]
    fn another_organisation_never_sees_a_task_whatever_the_ids_are() {
        let (directory, directories) = (directory(), directories());
        let task = shared().and(ANNA, [Event::ParticipantsAdded { persons: vec![STRANGER] }]).state();
        assert!(!who(|issued| task.may_see(issued)).contains(&STRANGER));
        let away = directories.organisation(AWAY).expect("it was put in");
        let strange = [away, &directory].map(|directory| Issued { organisation: AWAY, ..issued(STRANGER, directory) });
        let named = [ANNA, ADMIN, PersonId::SYSTEM].map(|who| Issued { organisation: AWAY, ..issued(who, &directory) });
        for foreign in strange.into_iter().chain(named) {
            let who = foreign.who;
            assert!(!task.may_see(&foreign) && !task.audience().may_see(&foreign), "{who}");
        }
    }
}
