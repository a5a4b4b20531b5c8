//! Which facts are told to auditors, and under which number: a pure rule. Not how it is stored (see [`super`]).
//!
//! Numbers below 1000 are the dialect's (pyrus.md §1.16); for what it has no number of, ours begin there. Of the dialect's,
//! sign-ins and the ends of sessions (12, 13, 35, 36) come from the access log, also where an account has a fact of them.
//!
//! | Number | What | Details |
//! |---|---|---|
//! | 15 | a password was changed | `person_id` |
//! | 30, 31 | persons were added to a role, removed from it | `role_id`, `person_ids` |
//! | 40, 41 | the same with guests among them | and `guest_ids` |
//! | 42, 43 | guests were let into a list, or taken out of it | `list_id`, `person_ids`, `guest_ids` |
//! | 44, 45 | guests were let into a task, or taken out of it | `task_id`, `person_ids` |
//! | 46 | a profile was changed | `person_id` |
//! | 49 | rights were changed | `person_id`, `rights` as they are now |
//! | 1001, 1002, 1003 | a person was added, blocked, restored | `person_id` |
//! | 1004, 1005 | a security key was issued, taken away | `person_id` |
//! | 1006 | a person was dismissed | `person_id`, `task_receiver_id` |
//! | 1007, 1008, 1009 | restrictions, session policy, absence of a person were set; an absence also when it is cleared | `person_id` |
//! | 1010, 1011 | the organisation was founded, its settings changed | |
//! | 1012 to 1016 | a role was created, renamed, banned, restored, deleted | `role_id`; the receiver of its tasks |
//! | 1020 | a task was deleted | `task_id` |
//! | 1030 to 1035 | a list was created, changed or moved, got people, lost people, was deleted, restored | `list_id`, `person_ids` |
//! | 1040 to 1043 | a department was created, changed, moved, deleted | `department_id` |
//! | 1050 to 1054 | an article was created, edited, moved, given other permissions, deleted | `article_id`; who reads and who edits it now |
//! | 1060 to 1065 | an announcement was written, edited, closed, reopened, deleted; a comment on it was deleted | `announcement_id` |
//! | 1070, 1071 | an account was made for a person, was linked to one more | `person_id` |
//! | 1072 | sessions were ended from elsewhere | `person_id` |
//! | 1073, 16 | a link to reset a password was asked for, was used | `person_id` |
//! | 63 | a second factor was added, or removed | `person_id`, `factor`, `added` |
//! | 1074, 1075 | recovery codes were made, one was used | `person_id` |
//! | 1076, 1077, 1078 | a passkey was added, renamed, removed | `person_id`, `passkey_id` |
//! | 1079 | a browser that asked by a QR code was let in, or refused | `person_id`, `approved` |
//! | 7 | somebody changed the route of a form's task by hand: asked approvers there, or asks them no more | `task_id`, `step`, `person_ids`, `added` |
//! | 1100 to 1102 | a form was created, renamed or moved, given a draft | `form_id` |
//! | 1103 | a form was published | `form_id` |
//! | 1104 | its permissions were changed; 42 and 43 in its place where guests are let in, or taken out | `form_id`, `permissions` as far as they changed |
//! | 1105, 1106 | a form was closed, opened again | `form_id` |
//! | 1107, 1108 | one of its print forms was saved, removed | `form_id`, `print_form_id`, `print_form_name` |
//! | 1110 to 1114 | a catalog was created, changed, its items changed, its supervisors changed, deleted | `catalog_id`; how many items were added, updated, deleted |
//! | 1120 to 1123 | an award was created, changed, deleted; somebody was given it, or lost it | `award_id`, `person_ids`, `granted` |
//! | 1090 | recorded content was erased | `events`: how many |

use std::collections::{BTreeMap, BTreeSet};

use domain::account::{self, Linked, Why};
use domain::codec::{DecodeError, EventSet};
use domain::task::event::Created;
use domain::{
    Kind, PersonId, Recorded, announcement, article, audit, award, catalog, department, form, list, organisation, person, role, task,
    workflow,
};
use serde_json::{Value, json};

/// What the history tells of a fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub number: i16,
    pub details: Value,
}

/// Who is a guest.
pub type Guests = BTreeSet<PersonId>;

impl Entry {
    fn new(number: i16, details: Value) -> Self {
        Self { number, details }
    }

    fn of_person(number: i16, recorded: &Recorded) -> Self {
        Self::new(number, json!({ "person_id": recorded.header.stream.id }))
    }

    /// `number` if any of `persons` is a guest.
    fn of_guests(number: i16, recorded: &Recorded, persons: &[PersonId], guests: &Guests) -> Option<Self> {
        let among: Vec<PersonId> = persons.iter().copied().filter(|person| guests.contains(person)).collect();
        (!among.is_empty()).then(|| Self::new(number, json!({ "task_id": recorded.header.stream.id, "person_ids": among })))
    }
}

/// The persons whom `recorded` lets into its task or takes out of it: who of them is a guest must be known.
///
/// # Errors
/// When this build cannot read the fact.
pub fn named(recorded: &Recorded) -> Result<Vec<PersonId>, DecodeError> {
    match recorded.header.stream.kind {
        Kind::Role => return in_role(recorded),
        Kind::List => return in_list(recorded),
        Kind::Task if names_people(&recorded.event_type) => {}
        _ => return Ok(Vec::new()),
    }
    Ok(match task::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? {
        task::Event::Created(created) => everybody(&created),
        task::Event::Reassigned { to } => vec![to],
        task::Event::ParticipantsAdded { persons }
        | task::Event::ParticipantsRemoved { persons }
        | task::Event::SubscribersAdded { persons, .. }
        | task::Event::SubscribersRemoved { persons } => persons,
        _ => Vec::new(),
    })
}

/// Most facts of a task are of no interest here, and need not be read.
fn names_people(event_type: &str) -> bool {
    matches!(
        event_type,
        "task.created"
            | "task.reassigned"
            | "task.participants_added"
            | "task.participants_removed"
            | "task.subscribers_added"
            | "task.subscribers_removed"
    )
}

fn everybody(created: &Created) -> Vec<PersonId> {
    created.responsible.iter().chain(&created.participants).chain(&created.subscribers).copied().collect()
}

/// What is told of `recorded`, if anything; `guests` holds those of the organisation, as far as the fact names them.
///
/// # Errors
/// When this build cannot read the fact.
pub fn entry(recorded: &Recorded, guests: &Guests) -> Result<Option<Entry>, DecodeError> {
    match recorded.header.stream.kind {
        Kind::Organisation => of_organisation(recorded).map(Some),
        Kind::Person => of_person(recorded),
        Kind::Task => of_task(recorded, guests),
        Kind::Audit => of_audit(recorded).map(Some),
        Kind::Role => of_role(recorded, guests).map(Some),
        Kind::List => of_list(recorded, guests).map(Some),
        Kind::Department => of_department(recorded).map(Some),
        Kind::Announcement => of_announcement(recorded),
        Kind::Article => of_article(recorded).map(Some),
        // Of nobody's organisation: see [`of_account`]; and what somebody does with their own inbox.
        Kind::Account | Kind::Inbox | Kind::Filter | Kind::File => Ok(None),
        Kind::Form => of_form(recorded, guests),
        Kind::Catalog => of_catalog(recorded),
        Kind::Award => of_award(recorded),
    }
}

fn of_organisation(recorded: &Recorded) -> Result<Entry, DecodeError> {
    Ok(match organisation::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? {
        organisation::Event::Created(_) => Entry::new(1010, json!({})),
        organisation::Event::Changed(_) => Entry::new(1011, json!({})),
    })
}

fn of_person(recorded: &Recorded) -> Result<Option<Entry>, DecodeError> {
    let id = recorded.header.stream.id;
    let number = match person::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? {
        person::Event::Added(_) => 1001,
        person::Event::RightsChanged { rights } => return Ok(Some(Entry::new(49, json!({ "person_id": id, "rights": rights })))),
        person::Event::Blocked => 1002,
        person::Event::Restored => 1003,
        person::Event::KeyIssued => 1004,
        person::Event::KeyRevoked => 1005,
        person::Event::PasswordChanged => 15,
        person::Event::Dismissed { receiver } => {
            return Ok(Some(Entry::new(1006, json!({ "person_id": id, "task_receiver_id": receiver }))));
        }
        // Told by what it comes with.
        person::Event::AdministrationLeft { .. } => return Ok(None),
        person::Event::Changed(_) | person::Event::AvatarSet(_) | person::Event::BotSet(_) => 46,
        person::Event::Restricted(_) => 1007,
        person::Event::SessionPolicySet(_) => 1008,
        person::Event::AbsenceSet(_) | person::Event::AbsenceCleared => 1009,
    };
    Ok(Some(Entry::of_person(number, recorded)))
}

/// The persons whom a fact of a list lets in or takes out.
fn in_list(recorded: &Recorded) -> Result<Vec<PersonId>, DecodeError> {
    Ok(match list::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? {
        list::Event::Created(created) => created.managers.into_iter().chain(created.members).collect(),
        list::Event::ManagersAdded { persons }
        | list::Event::ManagersRemoved { persons }
        | list::Event::MembersAdded { persons }
        | list::Event::MembersRemoved { persons } => persons,
        list::Event::Changed(_) | list::Event::Moved { .. } | list::Event::Deleted | list::Event::Restored => Vec::new(),
    })
}

fn of_list(recorded: &Recorded, guests: &Guests) -> Result<Entry, DecodeError> {
    let id = recorded.header.stream.id;
    let people = |(colleagues, with_guests), persons: Vec<PersonId>| {
        let among: Vec<PersonId> = persons.iter().copied().filter(|person| guests.contains(person)).collect();
        if among.is_empty() {
            Entry::new(colleagues, json!({ "list_id": id, "person_ids": persons }))
        } else {
            Entry::new(with_guests, json!({ "list_id": id, "person_ids": persons, "guest_ids": among }))
        }
    };
    Ok(match list::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? {
        list::Event::Created(_) => people((1030, 42), in_list(recorded)?),
        list::Event::Changed(_) | list::Event::Moved { .. } => Entry::new(1031, json!({ "list_id": id })),
        list::Event::ManagersAdded { persons } | list::Event::MembersAdded { persons } => people((1032, 42), persons),
        list::Event::ManagersRemoved { persons } | list::Event::MembersRemoved { persons } => people((1033, 43), persons),
        list::Event::Deleted => Entry::new(1034, json!({ "list_id": id })),
        list::Event::Restored => Entry::new(1035, json!({ "list_id": id })),
    })
}

fn of_department(recorded: &Recorded) -> Result<Entry, DecodeError> {
    let number = match department::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? {
        department::Event::Created(_) => 1040,
        department::Event::Changed(_) => 1041,
        department::Event::Moved(_) => 1042,
        department::Event::Deleted { .. } => 1043,
    };
    Ok(Entry::new(number, json!({ "department_id": recorded.header.stream.id })))
}

fn of_article(recorded: &Recorded) -> Result<Entry, DecodeError> {
    let id = recorded.header.stream.id;
    let number = match article::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? {
        article::Event::Created(_) => 1050,
        article::Event::Edited(_) => 1051,
        article::Event::Moved { .. } => 1052,
        article::Event::PermissionsChanged(now) => {
            let details = json!({
                "article_id": id, "inherit": now.inherit, "open": now.open, "reader_ids": now.readers, "editor_ids": now.editors,
            });
            return Ok(Entry::new(1053, details));
        }
        article::Event::Deleted { .. } => 1054,
    };
    Ok(Entry::new(number, json!({ "article_id": id })))
}

fn of_announcement(recorded: &Recorded) -> Result<Option<Entry>, DecodeError> {
    let number = match announcement::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? {
        announcement::Event::Created(_) => 1060,
        announcement::Event::Edited(_) => 1061,
        announcement::Event::Closed => 1062,
        announcement::Event::Reopened => 1063,
        announcement::Event::Deleted => 1064,
        announcement::Event::CommentDeleted { .. } => 1065,
        // What is talked about is read where it is.
        announcement::Event::Commented(_) | announcement::Event::CommentEdited(_) => return Ok(None),
    };
    Ok(Some(Entry::new(number, json!({ "announcement_id": recorded.header.stream.id }))))
}

/// Whom a fact of an account links to it.
///
/// # Errors
/// When this build cannot read the fact.
pub fn links(recorded: &Recorded) -> Result<Option<Linked>, DecodeError> {
    Ok(match account::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? {
        account::Event::Created { linked, .. } | account::Event::Linked(linked) => Some(linked),
        _ => None,
    })
}

/// What is told of a fact of an account in the organisation of one of its persons.
///
/// # Errors
/// When this build cannot read the fact.
pub fn of_account(recorded: &Recorded, of: Linked) -> Result<Option<Entry>, DecodeError> {
    let person = of.person;
    let plain = |number| Some(Entry::new(number, json!({ "person_id": person })));
    let factor = |factor, added: bool| Some(Entry::new(63, json!({ "person_id": person, "factor": factor, "added": added })));
    let passkey = |number, id| Some(Entry::new(number, json!({ "person_id": person, "passkey_id": id })));
    Ok(match account::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? {
        account::Event::Created { linked, .. } => (linked == of).then(|| plain(1070)).flatten(),
        account::Event::Linked(linked) => (linked == of).then(|| plain(1071)).flatten(),
        account::Event::SessionEnded { why: Why::EndedElsewhere, .. } | account::Event::SessionsEnded { why: Why::EndedElsewhere, .. } => {
            plain(1072)
        }
        account::Event::PasswordResetRequested => plain(1073),
        account::Event::PasswordReset => plain(16),
        account::Event::SecondFactorAdded { factor: added } => factor(added, true),
        account::Event::SecondFactorRemoved { factor: removed } => factor(removed, false),
        account::Event::RecoveryCodesMade { .. } => plain(1074),
        account::Event::RecoveryCodeUsed => plain(1075),
        account::Event::PasskeyAdded { id, .. } => passkey(1076, id),
        account::Event::PasskeyRenamed { id, .. } => passkey(1077, id),
        account::Event::PasskeyRemoved { id } => passkey(1078, id),
        account::Event::QrSignInAnswered { approved, .. } => Some(Entry::new(1079, json!({ "person_id": person, "approved": approved }))),
        // Sign-ins and their ends come from the access log, and a new password is told by the person.
        account::Event::SessionStarted { .. }
        | account::Event::SessionEnded { .. }
        | account::Event::SessionsEnded { .. }
        | account::Event::PasswordChanged => None,
    })
}

fn of_task(recorded: &Recorded, guests: &Guests) -> Result<Option<Entry>, DecodeError> {
    if recorded.event_type == "task.deleted" {
        return Ok(Some(Entry::new(1020, json!({ "task_id": recorded.header.stream.id }))));
    }
    if matches!(recorded.event_type.as_str(), "task.approvals_added" | "task.approvals_removed") {
        return of_route(recorded);
    }
    let number = if recorded.event_type.ends_with("_removed") { 45 } else { 44 };
    Ok(Entry::of_guests(number, recorded, &named(recorded)?, guests))
}

fn in_role(recorded: &Recorded) -> Result<Vec<PersonId>, DecodeError> {
    Ok(match role::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? {
        role::Event::Created(created) => created.members,
        role::Event::MembersAdded { persons } | role::Event::MembersRemoved { persons } => persons,
        role::Event::Changed(_) | role::Event::Banned | role::Event::Restored | role::Event::Deleted { .. } => Vec::new(),
    })
}

fn of_role(recorded: &Recorded, guests: &Guests) -> Result<Entry, DecodeError> {
    let id = recorded.header.stream.id;
    let members = |(colleagues, with_guests), persons: Vec<PersonId>| {
        let among: Vec<PersonId> = persons.iter().copied().filter(|person| guests.contains(person)).collect();
        if among.is_empty() {
            Entry::new(colleagues, json!({ "role_id": id, "person_ids": persons }))
        } else {
            Entry::new(with_guests, json!({ "role_id": id, "person_ids": persons, "guest_ids": among }))
        }
    };
    Ok(match role::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? {
        role::Event::Created(created) => Entry::new(1012, json!({ "role_id": id, "person_ids": created.members })),
        role::Event::Changed(_) => Entry::new(1013, json!({ "role_id": id })),
        role::Event::MembersAdded { persons } => members((30, 40), persons),
        role::Event::MembersRemoved { persons } => members((31, 41), persons),
        role::Event::Banned => Entry::new(1014, json!({ "role_id": id })),
        role::Event::Restored => Entry::new(1015, json!({ "role_id": id })),
        role::Event::Deleted { task_receiver } => Entry::new(1016, json!({ "role_id": id, "task_receiver_id": task_receiver })),
    })
}

/// One line a fact: where guests are let in or taken out it is the dialect's, which says all that ours would.
fn of_form(recorded: &Recorded, guests: &Guests) -> Result<Option<Entry>, DecodeError> {
    let id = recorded.header.stream.id;
    let number = match form::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? {
        form::Event::Created(_) => 1100,
        form::Event::Changed(_) => 1101,
        form::Event::Drafted(_) => 1102,
        form::Event::Published => 1103,
        form::Event::Permitted { levels } => return Ok(Some(permitted(id, &levels, guests))),
        form::Event::Closed => 1105,
        form::Event::Reopened => 1106,
        form::Event::PrintSaved(print) => {
            return Ok(Some(Entry::new(1107, json!({ "form_id": id, "print_form_id": print.id, "print_form_name": print.name }))));
        }
        form::Event::PrintRemoved { id: print } => {
            return Ok(Some(Entry::new(1108, json!({ "form_id": id, "print_form_id": print }))));
        }
    };
    Ok(Some(Entry::new(number, json!({ "form_id": id }))))
}

fn permitted(form: i64, levels: &BTreeMap<PersonId, form::Level>, guests: &Guests) -> Entry {
    let permissions: BTreeMap<String, &str> = levels.iter().map(|(person, level)| (person.to_string(), level.word())).collect();
    let among: Vec<PersonId> = levels.keys().copied().filter(|person| guests.contains(person)).collect();
    let mut details = json!({ "form_id": form, "permissions": permissions });
    if among.is_empty() {
        return Entry::new(1104, details);
    }
    let lets_in = levels.iter().any(|(person, level)| guests.contains(person) && *level != form::Level::None);
    details["guest_ids"] = json!(among);
    Entry::new(if lets_in { 42 } else { 43 }, details)
}

fn of_catalog(recorded: &Recorded) -> Result<Option<Entry>, DecodeError> {
    let id = recorded.header.stream.id;
    Ok(match catalog::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? {
        catalog::Event::Created(_) => Some(Entry::new(1110, json!({ "catalog_id": id }))),
        catalog::Event::Changed(_) => Some(Entry::new(1111, json!({ "catalog_id": id }))),
        // Told by what makes it take effect.
        catalog::Event::ItemsChanged(_) => None,
        catalog::Event::Synced(synced) => {
            let details = json!({ "catalog_id": id, "added": synced.added, "updated": synced.updated, "deleted": synced.deleted });
            Some(Entry::new(1112, details))
        }
        catalog::Event::SupervisorsAdded { persons } => {
            Some(Entry::new(1113, json!({ "catalog_id": id, "person_ids": persons, "added": true })))
        }
        catalog::Event::SupervisorsRemoved { persons } => {
            Some(Entry::new(1113, json!({ "catalog_id": id, "person_ids": persons, "added": false })))
        }
        catalog::Event::Deleted => Some(Entry::new(1114, json!({ "catalog_id": id }))),
    })
}

fn of_award(recorded: &Recorded) -> Result<Option<Entry>, DecodeError> {
    let id = recorded.header.stream.id;
    let given = |persons, granted: bool| Entry::new(1123, json!({ "award_id": id, "person_ids": persons, "granted": granted }));
    Ok(match award::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? {
        award::Event::Created(_) => Some(Entry::new(1120, json!({ "award_id": id }))),
        award::Event::Changed(_) | award::Event::ThresholdsSet(_) => Some(Entry::new(1121, json!({ "award_id": id }))),
        // What is counted leads to what is given.
        award::Event::Counted { .. } => None,
        award::Event::Granted { persons } => Some(given(persons, true)),
        award::Event::Revoked { persons } => Some(given(persons, false)),
        award::Event::Deleted => Some(Entry::new(1122, json!({ "award_id": id }))),
    })
}

/// Changes of a route by hand.
fn of_route(recorded: &Recorded) -> Result<Option<Entry>, DecodeError> {
    let task::Event::Form(fact) = task::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)? else { return Ok(None) };
    let (step, persons, added) = match *fact {
        task::form::Fact::Route(workflow::Fact::Added { step, persons }) => (step, persons, true),
        task::form::Fact::Route(workflow::Fact::Removed { step, persons }) => (step, persons, false),
        _ => return Ok(None),
    };
    let details = json!({ "task_id": recorded.header.stream.id, "step": step, "person_ids": persons, "added": added });
    Ok(Some(Entry::new(7, details)))
}

fn of_audit(recorded: &Recorded) -> Result<Entry, DecodeError> {
    let audit::Event::Performed(performed) = audit::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)?;
    Ok(Entry::new(1090, json!({ "events": performed.events.len() })))
}

#[cfg(test)]
mod tests {
    use domain::OrganisationId;
    use domain::task::Event;
    use domain::testing::{ADMIN, ANNA, BORIS, GRETA, header, task_created};

    use super::*;

    fn told<E: EventSet>(kind: Kind, event: &E) -> Option<(i16, Value)> {
        let encoded = event.encode();
        let recorded = Recorded {
            header: header(kind, 1, ADMIN, 1),
            event_type: encoded.event_type.to_owned(),
            schema: encoded.schema,
            meta: String::new(),
            payload: encoded.payload,
            hash: [0; 32],
        };
        let guests = Guests::from([GRETA]);
        entry(&recorded, &guests).expect("it can be read").map(|entry| (entry.number, entry.details))
    }

    #[test]
    fn guests_are_named_where_they_are_let_in_and_taken_out_and_colleagues_are_not() {
        let guest = json!({ "task_id": domain::testing::TASK, "person_ids": [GRETA] });
        let both = || vec![ANNA, GRETA];
        assert_eq!(told(Kind::Task, &Event::ParticipantsAdded { persons: both() }), Some((44, guest.clone())));
        assert_eq!(told(Kind::Task, &Event::SubscribersAdded { persons: both(), mentioned: true }), Some((44, guest.clone())));
        assert_eq!(told(Kind::Task, &Event::Reassigned { to: GRETA }), Some((44, guest.clone())));
        assert_eq!(told(Kind::Task, &Event::ParticipantsRemoved { persons: both() }), Some((45, guest.clone())));
        assert_eq!(told(Kind::Task, &Event::SubscribersRemoved { persons: both() }), Some((45, guest)));
        assert_eq!(told(Kind::Task, &Event::ParticipantsAdded { persons: vec![ANNA] }), None);
        assert_eq!(told(Kind::Task, &task_created("hello")), None);
        assert_eq!(told(Kind::Task, &Event::Closed), None);
    }

    #[test]
    fn guests_in_a_role_are_told_apart() {
        let added = |persons: &[PersonId]| role::Event::MembersAdded { persons: persons.to_vec() };
        let (number, details) = told(Kind::Role, &added(&[ANNA])).expect("told");
        assert_eq!((number, &details["person_ids"]), (30, &json!([ANNA])));
        let (number, details) = told(Kind::Role, &added(&[ANNA, GRETA])).expect("told");
        assert_eq!((number, &details["guest_ids"]), (40, &json!([GRETA])));
        assert_eq!(told(Kind::Role, &role::Event::MembersRemoved { persons: vec![GRETA] }).map(|told| told.0), Some(41));
    }

    #[test]
    fn what_becomes_of_lists_and_departments_is_told() {
        let added = |persons: &[PersonId]| list::Event::MembersAdded { persons: persons.to_vec() };
        assert_eq!(told(Kind::List, &added(&[ANNA])).map(|told| told.0), Some(1032));
        assert_eq!(told(Kind::List, &added(&[ANNA, GRETA])).map(|told| told.0), Some(42));
        assert_eq!(told(Kind::List, &list::Event::ManagersRemoved { persons: vec![GRETA] }).map(|told| told.0), Some(43));
        assert_eq!(told(Kind::List, &list::Event::Deleted).map(|told| told.0), Some(1034));
        assert_eq!(told(Kind::Department, &department::Event::Deleted { after: 0 }).map(|told| told.0), Some(1043));
        assert_eq!(told(Kind::Person, &person::Event::AdministrationLeft { after: 0 }), None);
    }

    #[test]
    fn what_becomes_of_articles_and_announcements_is_told() {
        let id = domain::testing::TASK;
        let permitted = article::Permissions { readers: vec![BORIS], inherit: false, ..article::Permissions::default() };
        let expected = json!({ "article_id": id, "inherit": false, "open": false, "reader_ids": [BORIS], "editor_ids": [] });
        assert_eq!(told(Kind::Article, &article::Event::PermissionsChanged(Box::new(permitted))), Some((1053, expected)));
        let deleted = article::Event::Deleted { with_children: true, turn: 1 };
        assert_eq!(told(Kind::Article, &deleted), Some((1054, json!({ "article_id": id }))));
        let announced = domain::testing::announced("Tea at four");
        assert_eq!(told(Kind::Announcement, &announced), Some((1060, json!({ "announcement_id": id }))));
        assert_eq!(told(Kind::Announcement, &domain::testing::remarked("Thanks")), None);
    }

    #[test]
    fn what_becomes_of_forms_catalogs_and_awards_is_told() {
        let id = domain::testing::TASK;
        let plain = |number| Some((number, json!({ "form_id": id })));
        assert_eq!(told(Kind::Form, &form::Event::Published), plain(1103));
        assert_eq!(told(Kind::Form, &form::Event::Closed), plain(1105));
        let removed = json!({ "form_id": id, "print_form_id": 2 });
        assert_eq!(told(Kind::Form, &form::Event::PrintRemoved { id: 2 }), Some((1108, removed)));
        let permit = |person, level| form::Event::Permitted { levels: [(person, level)].into() };
        let colleague = json!({ "form_id": id, "permissions": { BORIS.to_string(): "manager" } });
        assert_eq!(told(Kind::Form, &permit(BORIS, form::Level::Manager)), Some((1104, colleague)));
        let guest = json!({ "form_id": id, "permissions": { GRETA.to_string(): "member" }, "guest_ids": [GRETA] });
        assert_eq!(told(Kind::Form, &permit(GRETA, form::Level::Member)), Some((42, guest)));
        assert_eq!(told(Kind::Form, &permit(GRETA, form::Level::None)).map(|told| told.0), Some(43));
        let synced = catalog::Event::Synced(Box::new(catalog::event::Synced { added: 3, ..catalog::event::Synced::default() }));
        let details = json!({ "catalog_id": id, "added": 3, "updated": 0, "deleted": 0 });
        assert_eq!(told(Kind::Catalog, &synced), Some((1112, details)));
        assert_eq!(told(Kind::Catalog, &catalog::Event::ItemsChanged(std::sync::Arc::default())), None);
        let granted = award::Event::Granted { persons: vec![BORIS] };
        assert_eq!(told(Kind::Award, &granted), Some((1123, json!({ "award_id": id, "person_ids": [BORIS], "granted": true }))));
        assert_eq!(told(Kind::Award, &award::Event::Counted { person: BORIS, counter: 2 }), None);
    }

    #[test]
    fn a_route_that_was_changed_by_hand_is_told_with_its_step() {
        let of_route = |fact| Event::Form(Box::new(task::form::Fact::Route(fact)));
        let details = |added: bool| json!({ "task_id": domain::testing::TASK, "step": 2, "person_ids": [BORIS], "added": added });
        let added = of_route(workflow::Fact::Added { step: 2, persons: vec![BORIS] });
        assert_eq!(told(Kind::Task, &added), Some((7, details(true))));
        let removed = of_route(workflow::Fact::Removed { step: 2, persons: vec![BORIS] });
        assert_eq!(told(Kind::Task, &removed), Some((7, details(false))));
        assert_eq!(told(Kind::Task, &of_route(workflow::Fact::Rerequested { step: 2, persons: vec![BORIS] })), None);
    }

    #[test]
    fn what_becomes_of_an_account_is_told_of_each_of_its_persons() {
        let (here, there) =
            (Linked { organisation: OrganisationId(1), person: BORIS }, Linked { organisation: OrganisationId(2), person: ANNA });
        let told = |event: &account::Event, of| {
            let encoded = event.encode();
            let recorded = Recorded {
                header: header(Kind::Account, 1, ADMIN, 1),
                event_type: encoded.event_type.to_owned(),
                schema: encoded.schema,
                meta: String::new(),
                payload: encoded.payload,
                hash: [0; 32],
            };
            of_account(&recorded, of).expect("it can be read").map(|entry| (entry.number, entry.details["person_id"].clone()))
        };
        assert_eq!(told(&account::Event::Linked(there), here), None, "it is about the other");
        assert_eq!(told(&account::Event::Linked(there), there), Some((1071, json!(ANNA))));
        let added = account::Event::SecondFactorAdded { factor: account::Factor::Totp };
        assert_eq!((told(&added, here), told(&added, there)), (Some((63, json!(BORIS))), Some((63, json!(ANNA)))));
        assert_eq!(told(&account::Event::PasswordChanged, here), None);
    }

    #[test]
    fn what_becomes_of_people_has_the_numbers_of_the_dialect_or_ours() {
        let boris = json!({ "person_id": BORIS });
        assert_eq!(told(Kind::Person, &person::Event::PasswordChanged), Some((15, boris.clone())));
        assert_eq!(told(Kind::Person, &person::Event::Blocked), Some((1002, boris)));
        assert_eq!(told(Kind::Person, &person::Event::RightsChanged { rights: 7 }), Some((49, json!({ "person_id": BORIS, "rights": 7 }))));
        assert_eq!(told(Kind::Task, &Event::Deleted), Some((1020, json!({ "task_id": domain::testing::TASK }))));
    }
}
