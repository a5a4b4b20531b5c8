//! Putting a task into lists and taking it out. What a list is, and who sees it, is decided in [`crate::list`].

use std::collections::BTreeSet;

use super::draft::Draft;
use super::event::Event;
use super::rejection::Rejection;
use crate::id::ListId;

/// Lists that a task lies in, and lists in one member of a request.
pub const LISTS_MAX: usize = 100;

impl Draft<'_> {
    /// Whoever works in a task puts it into lists that they see, and so shows it to everybody who sees those.
    pub fn add_to_lists(&mut self, named: &[ListId]) -> Result<(), Rejection> {
        let mut lists = each_once(named)?;
        for list in &lists {
            self.check_list(*list)?;
        }
        lists.retain(|list| !self.lists.contains(list));
        if lists.is_empty() {
            return Ok(());
        }
        self.lists.to_mut().extend(&lists);
        if self.lists.len() > LISTS_MAX {
            return Err(Rejection::TooManyLists);
        }
        self.events.push(Event::AddedToLists { lists });
        Ok(())
    }

    /// A list that was deleted, or is not seen any more, is left by nobody: it shows the task to no one, or to others.
    pub fn remove_from_lists(&mut self, named: &[ListId]) -> Result<(), Rejection> {
        let mut lists = each_once(named)?;
        for list in &lists {
            self.check_list(*list)?;
        }
        lists.retain(|list| self.lists.contains(list));
        if !lists.is_empty() {
            self.lists.to_mut().retain(|list| !lists.contains(list));
            self.events.push(Event::RemovedFromLists { lists });
        }
        Ok(())
    }

    fn check_list(&self, id: ListId) -> Result<(), Rejection> {
        if self.issued.standing(id).is_some() {
            return Ok(());
        }
        // Who would manage it is told what is the matter.
        let deleted = self.issued.directory.list(id).is_some_and(|list| list.seen(self.issued).is_ok());
        Err(if deleted { Rejection::ListDeleted } else { Rejection::UnknownList })
    }
}

fn each_once(named: &[ListId]) -> Result<Vec<ListId>, Rejection> {
    if named.len() > LISTS_MAX {
        return Err(Rejection::TooManyLists);
    }
    let mut seen = BTreeSet::new();
    Ok(named.iter().copied().filter(|list| seen.insert(*list)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::OrganisationDirectory;
    use crate::list::Reach;
    use crate::rejection::Code;
    use crate::task::Task;
    use crate::task::command::{Command, Comment, Create, TextInput};
    use crate::testing::{ANNA, BORIS, GRETA, Given, directory, given, list, task_created, with_list};

    /// 1 is Anna's, 2 is Boris's, 3 is everybody's, 4 was deleted by Anna.
    fn home() -> OrganisationDirectory {
        let mut open = list(3, None, []);
        open.settings.reach = Reach::Organisation;
        let mut deleted = list(4, None, [ANNA]);
        deleted.deleted = true;
        [list(1, None, [ANNA]), list(2, None, [BORIS]), open, deleted].into_iter().fold(directory(), with_list)
    }

    fn task() -> Given<Task> {
        given([task_created("hello"), Event::ParticipantsAdded { persons: vec![GRETA] }]).among(home())
    }

    fn ids(ids: &[i64]) -> Vec<ListId> {
        ids.iter().copied().map(ListId).collect()
    }

    fn add(lists: &[i64]) -> Command {
        Command::Comment(Box::new(Comment { lists_added: ids(lists), ..Comment::default() }))
    }

    fn remove(lists: &[i64]) -> Command {
        Command::Comment(Box::new(Comment { lists_removed: ids(lists), ..Comment::default() }))
    }

    #[test]
    fn a_task_is_put_into_lists_that_the_asker_sees_each_once() {
        task().when(add(&[1, 3, 1])).then([Event::AddedToLists { lists: ids(&[1, 3]) }]);
        task().and(ANNA, [Event::AddedToLists { lists: ids(&[1]) }]).when(add(&[1])).then_nothing();
        task().by(GRETA).when(add(&[3])).then_rejected(Code::AccessDeniedProject);
        for unknown in [2, 404, 0, -1] {
            task().when(add(&[1, unknown])).then_rejected(Code::AccessDeniedProject);
        }
        task().when(add(&[4])).then_rejected(Code::AddTaskToListForbidden);
        task().by(BORIS).when(add(&[2])).then_rejected(Code::AccessDeniedTask);
    }

    #[test]
    fn a_new_task_lies_in_its_lists_from_the_first_comment_on() {
        let create = |lists| {
            let text = Some(TextInput::Plain("hello".into()));
            Command::Create(Box::new(Create { text, lists: ids(lists), ..Create::default() }))
        };
        given::<Task>([]).among(home()).when(create(&[1])).then([task_created("hello"), Event::AddedToLists { lists: ids(&[1]) }]);
        given::<Task>([]).among(home()).when(create(&[2])).then_rejected(Code::AccessDeniedProject);
    }

    #[test]
    fn a_task_is_taken_out_of_lists_that_the_asker_sees() {
        let within = || task().and(ANNA, [Event::AddedToLists { lists: ids(&[1, 2, 3]) }]);
        within().when(remove(&[1, 3])).then([Event::RemovedFromLists { lists: ids(&[1, 3]) }]);
        within().when(remove(&[2])).then_rejected(Code::AccessDeniedProject);
        task().when(remove(&[1])).then_nothing();
    }

    #[test]
    fn a_task_lies_in_a_hundred_lists_and_no_more() {
        let home = (1..=102).map(|id| list(id, None, [ANNA])).fold(directory(), with_list);
        let full =
            || given::<Task>([task_created("hello"), Event::AddedToLists { lists: (1..=99).map(ListId).collect() }]).among(home.clone());
        full().when(add(&[100])).then([Event::AddedToLists { lists: ids(&[100]) }]);
        full().when(add(&[100, 101])).then_rejected(Code::LimitExceeded);
        full().when(add(&(1..=101).collect::<Vec<_>>())).then_rejected(Code::LimitExceeded);
    }
}
