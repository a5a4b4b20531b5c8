//! Who the people are behind a reason, line by line. No database.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::directory::Listed as _;
use domain::directory::OrganisationDirectory;
use domain::inbox::{Channel, Followed, Quiet, Reason, Reasons, Settings, Silent};
use domain::person::{Absence, Person};
use domain::task::event::{Created, Event};
use domain::testing::{
    ANNA, BORIS, CLARA, CLERKS, DAVID, EVA, FELIX, GRETA, ROBOT, directory, header, list, moment, role, with_list, with_role, with_roles,
};
use domain::{FormId, Kind, ListId, PersonId, TaskId};

use super::address::{Follows, Ways, Why, address, ways, zone_of};
use super::rule::{Given, Task};
use crate::testing::empty;

const ID: TaskId = TaskId(7);
const LIST: ListId = ListId(3);

/// Anna's, for Boris.
fn task() -> Task {
    let mut task = Task::default();
    let created = Event::Created(Box::new(Created { responsible: Some(BORIS), ..empty() }));
    task.take(ID, &created, &header(Kind::Task, 1, ANNA, 1), &HashSet::new());
    task
}

fn told(given: &[Given], by: PersonId, home: &OrganisationDirectory, follows: &Follows) -> BTreeMap<PersonId, BTreeSet<Why>> {
    address(given, &task(), &header(Kind::Task, 2, by, 2), home, follows)
}

fn people(given: &[Given], by: PersonId, home: &OrganisationDirectory) -> Vec<PersonId> {
    told(given, by, home, &Follows::new()).into_keys().collect()
}

fn named(person: PersonId, reason: Reason) -> Given {
    Given::Named(person, reason)
}

/// Home while Boris is away and `deputy` stands in.
fn substituted(deputy: PersonId) -> OrganisationDirectory {
    let mut home = directory();
    let mut boris = Person::clone(home.person(BORIS).expect("he is there"));
    let day = jiff::civil::date(2026, 3, 2);
    let (begins, ends) = (moment("2026-03-01T23:00:00Z"), moment("2026-03-02T23:00:00Z"));
    boris.absence = Some(Absence { from: day, until: day, begins, ends, deputy: Some(deputy) });
    boris.list(&mut home);
    home
}

#[test]
fn nobody_is_told_of_what_they_did_themselves() {
    let both = [named(ANNA, Reason::Comment), named(BORIS, Reason::Comment)];
    assert_eq!(people(&both, ANNA, &directory()), [BORIS]);
    assert_eq!(people(&both, BORIS, &directory()), [ANNA]);
    assert_eq!(people(&both, PersonId::SYSTEM, &directory()), [ANNA, BORIS]);
}

#[test]
fn neither_the_blocked_nor_programs_nor_strangers_are_told() {
    let all = [FELIX, ROBOT, PersonId(404), GRETA].map(|person| named(person, Reason::Mentioned));
    assert_eq!(people(&all, ANNA, &directory()), [GRETA]);
}

#[test]
fn a_role_is_told_by_its_members_through_it_and_who_is_named_as_well_has_both_ways() {
    let home = with_roles();
    let given = [named(CLERKS, Reason::Approval), named(BORIS, Reason::Approval)];
    let told = told(&given, CLARA, &home, &Follows::new());
    let through = Why { role: Some(CLERKS), ..Why::of(Reason::Approval) };
    assert_eq!(told, BTreeMap::from([(BORIS, BTreeSet::from([Why::of(Reason::Approval), through]))]));
    let mut clerks = role(CLERKS.0, [BORIS]);
    clerks.banned = true;
    let banned = with_role(directory(), clerks);
    assert_eq!(people(&given[..1], ANNA, &banned), []);
}

#[test]
fn a_deputy_hears_of_what_is_theirs_to_do_whom_they_stand_in_for() {
    let home = substituted(CLARA);
    for reason in [Reason::Approval, Reason::Assigned, Reason::Due, Reason::Overdue, Reason::Comment] {
        let told = told(&[named(BORIS, reason)], ANNA, &home, &Follows::new());
        assert_eq!(told[&CLARA], BTreeSet::from([Why { absent: Some(BORIS), ..Why::of(reason) }]), "{reason:?}");
        assert!(told.contains_key(&BORIS));
    }
    for reason in [Reason::Mentioned, Reason::Added, Reason::Acknowledgement, Reason::Finished] {
        assert_eq!(people(&[named(BORIS, reason)], ANNA, &home), [BORIS], "{reason:?}");
    }
    assert_eq!(people(&[named(BORIS, Reason::Approval)], CLARA, &home), [BORIS], "the deputy did it");
    let over = domain::Header { at: moment("2026-03-03T10:00:00Z"), ..header(Kind::Task, 2, ANNA, 2) };
    let told = address(&[named(BORIS, Reason::Approval)], &task(), &over, &home, &Follows::new());
    assert_eq!(told.into_keys().collect::<Vec<_>>(), [BORIS], "is back");
}

#[test]
fn of_those_who_follow_only_those_hear_who_see_the_task() {
    let mut listed = task();
    let added = Event::AddedToLists { lists: vec![LIST] };
    listed.take(ID, &added, &header(Kind::Task, 2, ANNA, 2), &HashSet::new());
    let follows: Follows = [(Followed::List(LIST), BTreeSet::from([ANNA, CLARA, DAVID, EVA, FELIX]))].into();
    let hear = |task: &Task, home: &OrganisationDirectory| {
        let given = [Given::Followers(Followed::List(LIST))];
        address(&given, task, &header(Kind::Task, 3, BORIS, 3), home, &follows).into_keys().collect::<Vec<_>>()
    };
    let home = with_list(directory(), list(LIST.0, None, [CLARA]));
    assert_eq!(hear(&listed, &home), [ANNA, CLARA, EVA], "the author, who manages the list, and who sees all tasks");
    assert_eq!(hear(&listed, &with_list(directory(), list(LIST.0, None, [DAVID]))), [ANNA, DAVID, EVA]);
    listed.take(ID, &Event::Deleted, &header(Kind::Task, 3, ANNA, 3), &HashSet::new());
    assert_eq!(hear(&listed, &home), []);
}

#[test]
fn settings_silence_a_channel_and_quiet_hours_delay_all_but_the_list() {
    let at = moment("2026-03-02T22:30:00Z");
    let after = |settings: &Settings, reasons: &[Reason]| {
        ways(settings, Some(FormId(4)), Reasons::of(reasons.iter().copied()), at, "Europe/Berlin")
    };
    let plain = Settings::default();
    assert_eq!(after(&plain, &[Reason::Comment]), Ways { web: true, mail: Some(at), push: Some(at) });
    let mut silent = Silent::default();
    *silent.on_mut(Channel::Mail) = Reasons::of([Reason::Comment]);
    let without_mail = Settings { silent, ..Settings::default() };
    assert_eq!(after(&without_mail, &[Reason::Comment]), Ways { web: true, mail: None, push: Some(at) });
    assert_eq!(after(&without_mail, &[Reason::Comment, Reason::Mentioned]).mail, Some(at));
    let quiet = Settings { quiet: Some(Quiet { from: 22 * 60, until: 7 * 60 }), ..Settings::default() };
    let morning = Some(moment("2026-03-03T06:00:00Z"));
    assert_eq!(after(&quiet, &[Reason::Comment]), Ways { web: true, mail: morning, push: morning });
    let mut nothing = Silent::default();
    Channel::ALL.into_iter().for_each(|channel| *nothing.on_mut(channel) = Reasons::of(Reason::ALL));
    let of_form = Settings { forms: [(FormId(4), nothing)].into(), ..Settings::default() };
    assert!(after(&of_form, &Reason::ALL).is_none());
}

#[test]
fn the_zone_is_the_persons_or_else_the_organisations() {
    let mut home = directory();
    assert_eq!(zone_of(BORIS, &home), "Europe/Berlin");
    let mut boris = Person::clone(home.person(BORIS).expect("he is there"));
    boris.profile.time_zone = Some("Asia/Tokyo".to_owned());
    boris.list(&mut home);
    assert_eq!(zone_of(BORIS, &home), "Asia/Tokyo");
}
