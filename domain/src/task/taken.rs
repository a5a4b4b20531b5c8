//! Whom a fact may take a task away from: those whom it takes out of it, and those of the lists that it is taken out of. Whether
//! they see it still, for another reason, is decided in [`super::access`].

use super::event::Event;
use super::form::Fact;
use crate::id::{ListId, PersonId};
use crate::workflow;

/// Those whom one fact takes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken<'a> {
    /// From nobody.
    Nothing,
    /// Persons and roles.
    From(&'a [PersonId]),
    /// From whoever sees one of these lists.
    OutOf(&'a [ListId]),
    /// From everybody who saw it.
    FromAll,
}

impl Event {
    pub fn takes(&self) -> Taken<'_> {
        match self {
            Self::ParticipantsRemoved { persons } | Self::SubscribersRemoved { persons } => Taken::From(persons),
            Self::RemovedFromLists { lists } => Taken::OutOf(lists),
            Self::Deleted => Taken::FromAll,
            Self::Form(fact) => match &**fact {
                Fact::Route(workflow::Fact::Removed { step: _, persons }) => Taken::From(persons),
                Fact::Route(_)
                | Fact::TemplateApplied { .. }
                | Fact::FieldChanged { .. }
                | Fact::TableChanged { .. }
                | Fact::Titled { .. }
                | Fact::Result(_) => Taken::Nothing,
            },
            Self::Created(_)
            | Self::Renamed { .. }
            | Self::ParticipantsAdded { .. }
            // Who was responsible once sees it for ever.
            | Self::Reassigned { .. }
            | Self::SubscribersAdded { .. }
            | Self::SubscribersRerequested { .. }
            | Self::Acknowledged
            | Self::AcknowledgedFor { .. }
            | Self::DueSet { .. }
            | Self::DueCancelled
            | Self::Scheduled(_)
            | Self::ScheduleCancelled
            | Self::AddedToLists { .. }
            | Self::Closed
            | Self::Reopened { .. }
            | Self::Commented(_)
            | Self::CommentEdited(_)
            | Self::CommentDeleted { .. }
            | Self::TimeSpent { .. }
            | Self::Flagged(_)
            | Self::AsRoles { .. }
            | Self::TimerFired { .. }
            | Self::PutAway => Taken::Nothing,
        }
    }

    /// It is its person's own matter: nobody else is told.
    pub fn is_private(&self) -> bool {
        matches!(self, Self::PutAway)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issued::Issued;
    use crate::task::Task;
    use crate::testing::{ANNA, BORIS, CLARA, DAVID, HOME, directory, given, list, now, task_created, with_list};

    #[test]
    fn whoever_sees_a_task_no_more_was_named_by_the_fact_that_took_it_away() {
        let directory = with_list(directory(), list(7, None, [DAVID]));
        let sees = |task: &Task, who| task.may_see(&Issued { organisation: HOME, who, at: now(), directory: &directory });
        let before = [
            Event::ParticipantsAdded { persons: vec![BORIS] },
            Event::SubscribersAdded { persons: vec![CLARA], mentioned: false },
            Event::AddedToLists { lists: vec![ListId(7)] },
        ];
        let facts = [
            (Event::ParticipantsRemoved { persons: vec![BORIS] }, BORIS, Taken::From(&[BORIS])),
            (Event::SubscribersRemoved { persons: vec![CLARA] }, CLARA, Taken::From(&[CLARA])),
            (Event::RemovedFromLists { lists: vec![ListId(7)] }, DAVID, Taken::OutOf(&[ListId(7)])),
            (Event::Deleted, ANNA, Taken::FromAll),
        ];
        for (fact, loses, taken) in facts {
            let then = given::<Task>([task_created("hello")]).and(ANNA, before.clone());
            assert!(sees(&then.state(), loses), "{fact:?}");
            assert_eq!(fact.takes(), taken);
            assert!(!sees(&then.and(ANNA, [fact.clone()]).state(), loses), "{fact:?}");
        }
        assert_eq!(Event::Reassigned { to: BORIS }.takes(), Taken::Nothing);
    }
}
