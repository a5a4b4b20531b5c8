//! Somebody went and left their tasks to another: which fact says so. What becomes of each task is decided by the task
//! (`domain/src/task/succeed.rs`).

use crate::codec::{DecodeError, EventSet};
use crate::id::{Kind, PersonId};
use crate::recorded::Recorded;
use crate::{person, role};

/// The name of this policy, in the ids of its commands and in the table of its progress. Never changed.
pub const NAME: &str = "succession";

/// The kinds of stream whose facts can lead to it.
pub const KINDS: &[Kind] = &[Kind::Role, Kind::Person];

/// Whose tasks go to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Succession {
    pub from: PersonId,
    pub to: PersonId,
}

/// What follows from a recorded event, if anything.
///
/// # Errors
/// When this build cannot read the event.
pub fn follows(recorded: &Recorded) -> Result<Option<Succession>, DecodeError> {
    let stream = recorded.header.stream;
    match stream.kind {
        Kind::Role => {
            let event = role::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)?;
            Ok(match event {
                role::Event::Deleted { task_receiver } => task_receiver.map(|to| Succession { from: PersonId(stream.id), to }),
                role::Event::Created(_)
                | role::Event::Changed(_)
                | role::Event::MembersAdded { .. }
                | role::Event::MembersRemoved { .. }
                | role::Event::Banned
                | role::Event::Restored => None,
            })
        }
        Kind::Person => {
            let event = person::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)?;
            Ok(match event {
                person::Event::Dismissed { receiver } => receiver.map(|to| Succession { from: PersonId(stream.id), to }),
                person::Event::Added(_)
                | person::Event::Changed(_)
                | person::Event::RightsChanged { .. }
                | person::Event::Blocked
                | person::Event::Restored
                | person::Event::AdministrationLeft { .. }
                | person::Event::Restricted(_)
                | person::Event::SessionPolicySet(_)
                | person::Event::AvatarSet(_)
                | person::Event::AbsenceSet(_)
                | person::Event::AbsenceCleared
                | person::Event::BotSet(_)
                | person::Event::KeyIssued
                | person::Event::KeyRevoked
                | person::Event::PasswordChanged => None,
            })
        }
        Kind::Organisation
        | Kind::Task
        | Kind::Audit
        | Kind::Department
        | Kind::List
        | Kind::Announcement
        | Kind::Article
        | Kind::Account
        | Kind::Award
        | Kind::Catalog
        | Kind::Form
        | Kind::Inbox
        | Kind::Filter
        | Kind::File => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ANNA, BORIS, TASK, header};

    fn recorded(event: &role::Event) -> Recorded {
        of(Kind::Role, event)
    }

    fn of<E: EventSet>(kind: Kind, event: &E) -> Recorded {
        let encoded = event.encode();
        Recorded {
            header: header(kind, 1, ANNA, 1),
            event_type: encoded.event_type.to_owned(),
            schema: encoded.schema,
            meta: String::new(),
            payload: encoded.payload,
            hash: [0; 32],
        }
    }

    #[test]
    fn a_person_who_is_dismissed_with_a_receiver_is_succeeded_by_them() {
        let dismissed = |receiver| follows(&of(Kind::Person, &person::Event::Dismissed { receiver }));
        assert_eq!(dismissed(Some(ANNA)), Ok(Some(Succession { from: BORIS, to: ANNA })));
        assert_eq!(dismissed(None), Ok(None));
        assert_eq!(follows(&of(Kind::Person, &person::Event::Blocked)), Ok(None));
    }

    #[test]
    fn a_role_that_is_deleted_with_a_receiver_is_succeeded_by_them() {
        let deleted = |task_receiver| follows(&recorded(&role::Event::Deleted { task_receiver }));
        assert_eq!(deleted(Some(ANNA)), Ok(Some(Succession { from: PersonId(TASK), to: ANNA })));
        assert_eq!(deleted(None), Ok(None));
        assert_eq!(follows(&recorded(&role::Event::Banned)), Ok(None));
    }
}
