//! Who sees a task, and why: for people, who ask it of the lock beside a task, and for auditors, who ask it of the past. It says
//! what [`super::access`] decides, and decides nothing.

use serde::Serialize;

use super::access::lists_hidden;
use super::state::Task;
use crate::id::{ListId, PersonId};
use crate::issued::Issued;
use crate::person::Person;
use crate::rights::{Being, Deed};

/// A person who sees a task, with every reason for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    pub person: PersonId,
    pub reasons: Vec<Reason>,
}

/// Why somebody sees a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    pub why: Why,
    /// The role that stands there, where it is not the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_id: Option<PersonId>,
    /// Who stands there and is away, where the person stands in for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deputy_of: Option<PersonId>,
    /// The list that it lies in and that the person sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_id: Option<ListId>,
}

/// What stands in a task, or beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    Author,
    Responsible,
    WasResponsible,
    Participant,
    Subscriber,
    /// Asked at a step of its form's route, reached or not.
    Approver,
    /// Sees all tasks of its form.
    Form,
    /// A list that it lies in.
    List,
    /// The right to see all tasks.
    AllTasks,
}

impl Sight {
    /// What `asker`, who asks as `issued` says, is told of it: no list that they do not see is named, and a guest, who is shown
    /// nobody outside of tasks, finds those who stand in the task themselves and not those who see it for another reason.
    pub fn shown_to(mut self, asker: &Person, issued: &Issued<'_>) -> Option<Self> {
        if !asker.knows(self.person) {
            let stands = |reason: &Reason| !matches!(reason.why, Why::List | Why::Form | Why::AllTasks);
            self.reasons.retain(|reason| stands(reason) && reason.role_id.is_none() && reason.deputy_of.is_none());
        }
        for reason in &mut self.reasons {
            reason.list_id = reason.list_id.filter(|list| lists_hidden(&[*list], issued).is_empty());
        }
        (!self.reasons.is_empty()).then_some(self)
    }
}

impl Task {
    /// Everybody of the organisation who sees the task, in the order of their ids. `issued` says where and when; its asker does
    /// not matter.
    pub fn seen_by(&self, issued: &Issued<'_>) -> Vec<Sight> {
        let everybody = issued.directory.persons.keys();
        let sees = |who: &PersonId| self.may_see(&Issued { who: *who, ..*issued });
        everybody.copied().filter(sees).map(|person| Sight { person, reasons: self.reasons(person, issued) }).collect()
    }

    fn reasons(&self, person: PersonId, issued: &Issued<'_>) -> Vec<Reason> {
        let directory = issued.directory;
        let by_themselves = directory.principals(person).flat_map(|principal| {
            let role_id = (principal != person).then_some(principal);
            self.stands(principal).map(move |why| Reason { why, role_id, deputy_of: None, list_id: None })
        });
        let by_absence = directory
            .deputised_by(person, issued.at)
            .flat_map(|absent| self.stands(absent).map(move |why| Reason { why, role_id: None, deputy_of: Some(absent), list_id: None }));
        let by_right = directory.person(person).filter(|person| Deed::SeeTask.allows(person));
        let by_right = by_right.map(|_| Reason { why: Why::AllTasks, role_id: None, deputy_of: None, list_id: None });
        let theirs = Issued { who: person, ..*issued };
        let by_list = self.lists.iter().copied().filter(|list| theirs.standing(*list).is_some());
        let by_list = by_list.map(|list| Reason { why: Why::List, role_id: None, deputy_of: None, list_id: Some(list) });
        let by_form = self.form.as_ref().filter(|filling| theirs.level(filling.form).sees_all_tasks());
        let by_form = by_form.map(|_| Reason { why: Why::Form, role_id: None, deputy_of: None, list_id: None });
        by_themselves.chain(by_absence).chain(by_list).chain(by_form).chain(by_right).collect()
    }

    /// As what a person or a role stands in the task.
    fn stands(&self, principal: PersonId) -> impl Iterator<Item = Why> + use<> {
        let stands: [(Why, Being); 6] = [
            (Why::Author, Being::Author),
            (Why::Responsible, Being::Responsible),
            (Why::WasResponsible, Being::WasResponsible),
            (Why::Participant, Being::Participant),
            (Why::Subscriber, Being::Subscriber),
            (Why::Approver, Being::Approver),
        ];
        let stands = stands.map(|(why, being)| (why, self.names_as(principal, being)));
        stands.into_iter().filter(|(_, stands)| *stands).map(|(why, _)| why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::Event;
    use crate::testing::{ADMIN, ANNA, BORIS, CLARA, DAVID, EVA, GRETA, HOME, directory, given, list, now, task_created, with_list};

    #[test]
    fn whoever_sees_a_task_has_a_reason_and_nobody_else_is_named() {
        let directory = directory();
        let issued = Issued { organisation: HOME, who: PersonId::SYSTEM, at: now(), directory: &directory };
        let task = given::<Task>([task_created("hello"), Event::Reassigned { to: BORIS }, Event::Reassigned { to: CLARA }])
            .and(ANNA, [Event::ParticipantsAdded { persons: vec![BORIS] }])
            .state();
        let seen = task.seen_by(&issued);
        let whys = |person| -> Vec<Why> {
            let sight = seen.iter().find(|sight| sight.person == person).expect("they see it");
            sight.reasons.iter().map(|reason| reason.why).collect()
        };
        assert_eq!(seen.iter().map(|sight| sight.person).collect::<Vec<_>>(), [ADMIN, ANNA, BORIS, CLARA, EVA]);
        assert_eq!(whys(ANNA), [Why::Author]);
        assert_eq!(whys(BORIS), [Why::WasResponsible, Why::Participant]);
        assert_eq!(whys(CLARA), [Why::Responsible]);
        assert_eq!(whys(EVA), [Why::AllTasks]);
        assert!(seen.iter().all(|sight| !sight.reasons.is_empty()));
        assert_eq!(Task::default().seen_by(&issued), []);
    }

    #[test]
    fn a_list_is_named_to_those_who_see_it_and_to_a_guest_only_who_is_in_the_task() {
        let directory = with_list(directory(), list(7, None, [DAVID]));
        let issued = |who| Issued { organisation: HOME, who, at: now(), directory: &directory };
        let facts = [Event::AddedToLists { lists: vec![ListId(7)] }, Event::ParticipantsAdded { persons: vec![GRETA] }];
        let task = given::<Task>([task_created("hello")]).and(ANNA, facts).state();
        let told = |who| -> Vec<(PersonId, Option<ListId>)> {
            let asker = directory.person(who).expect("they are there");
            let seen = task.seen_by(&issued(PersonId::SYSTEM)).into_iter().filter_map(|sight| sight.shown_to(asker, &issued(who)));
            seen.map(|sight| (sight.person, sight.reasons[0].list_id)).collect()
        };
        let named = |list| [(ADMIN, None), (ANNA, None), (DAVID, list), (EVA, None), (GRETA, None)];
        assert_eq!(told(DAVID), named(Some(ListId(7))));
        assert_eq!(told(ANNA), named(None));
        assert_eq!(told(GRETA), [(ANNA, None), (GRETA, None)]);
    }

    #[test]
    fn who_sees_a_list_sees_its_tasks_because_of_it() {
        let directory = with_list(directory(), list(7, None, [DAVID]));
        let issued = Issued { organisation: HOME, who: PersonId::SYSTEM, at: now(), directory: &directory };
        let task = given::<Task>([task_created("hello"), Event::AddedToLists { lists: vec![ListId(7)] }]).state();
        let seen = task.seen_by(&issued);
        let david = seen.iter().find(|sight| sight.person == DAVID).expect("he sees it");
        assert_eq!(david.reasons, [Reason { why: Why::List, role_id: None, deputy_of: None, list_id: Some(ListId(7)) }]);
    }
}
