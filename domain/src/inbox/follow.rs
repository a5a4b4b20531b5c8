//! Following something, and no longer. To begin with it one has to see it; who does not see it any more hears nothing of it, and may
//! follow on (`projections/src/notify/`).

use super::event::{Event, Followed};
use super::{FOLLOWS_MAX, Inbox, Rejection};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Inbox {
    pub(super) fn follow(&self, followed: Followed, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        visible(followed, issued)?;
        if self.follows.contains(&followed) {
            return Ok(Events::new());
        }
        if self.follows.len() >= FOLLOWS_MAX {
            return Err(Rejection::TooMany);
        }
        Ok(vec![Event::Followed(followed)])
    }

    pub(super) fn unfollow(&self, followed: Followed) -> Events<Event> {
        if self.follows.contains(&followed) { vec![Event::Unfollowed(followed)] } else { Events::new() }
    }
}

/// What the directory holds is judged here; tasks have been asked before.
fn visible(followed: Followed, issued: &Issued<'_>) -> Result<(), Rejection> {
    match followed {
        Followed::Task(_) => Ok(()),
        Followed::List(list) => {
            let seen = issued.directory.list(list).is_some_and(|list| list.seen(issued).is_ok());
            if seen { Ok(()) } else { Err(Rejection::UnknownList) }
        }
        Followed::Form(form) => {
            let seen = issued.directory.form(form).is_some_and(|form| form.may_see(issued));
            if seen { Ok(()) } else { Err(Rejection::UnknownForm) }
        }
        Followed::Filter(filter) => {
            let seen = issued.directory.filter(filter).is_some_and(|filter| filter.seen(issued).is_ok());
            if seen { Ok(()) } else { Err(Rejection::UnknownFilter) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Command, What};
    use super::*;
    use crate::directory::Listed as _;
    use crate::filter::Filter;
    use crate::form::Level;
    use crate::id::{FilterId, FormId, ListId, TaskId};
    use crate::rejection::Code;
    use crate::testing::{ANNA, BORIS, HOME, directory, form, given, list, with_form, with_list};

    const TASK: Followed = Followed::Task(TaskId(5));

    fn follow(followed: Followed) -> Command {
        Command { of: ANNA, what: What::Follow(followed) }
    }

    fn unfollow(followed: Followed) -> Command {
        Command { of: ANNA, what: What::Unfollow(followed) }
    }

    #[test]
    fn a_thing_is_followed_once_and_left_once() {
        given::<Inbox>([]).when(follow(TASK)).then([Event::Followed(TASK)]);
        given::<Inbox>([Event::Followed(TASK)]).when(follow(TASK)).then_nothing();
        given::<Inbox>([Event::Followed(TASK)]).when(unfollow(TASK)).then([Event::Unfollowed(TASK)]);
        given::<Inbox>([Event::Followed(TASK), Event::Unfollowed(TASK)]).when(unfollow(TASK)).then_nothing();
    }

    #[test]
    fn lists_and_forms_are_followed_by_those_who_see_them() {
        let home = with_form(with_list(directory(), list(1, None, [ANNA])), form(1, [(ANNA, Level::Member)]));
        let home = with_form(with_list(home, list(2, None, [BORIS])), form(2, [(BORIS, Level::Administrator)]));
        let inbox = || given::<Inbox>([]).among(home.clone());
        for seen in [Followed::List(ListId(1)), Followed::Form(FormId(1))] {
            inbox().when(follow(seen)).then([Event::Followed(seen)]);
        }
        for unseen in [2, 404] {
            inbox().when(follow(Followed::List(ListId(unseen)))).then_rejected(Code::AccessDeniedProject);
            inbox().when(follow(Followed::Form(FormId(unseen)))).then_rejected(Code::AccessDeniedForm);
        }
    }

    #[test]
    fn filters_are_followed_by_those_who_see_them() {
        let filter = |id, owner| Filter { id: FilterId(id), organisation: HOME, exists: true, owner, ..Filter::default() };
        let mut home = directory();
        filter(1, ANNA).list(&mut home);
        filter(2, BORIS).list(&mut home);
        let inbox = || given::<Inbox>([]).among(home.clone());
        inbox().when(follow(Followed::Filter(FilterId(1)))).then([Event::Followed(Followed::Filter(FilterId(1)))]);
        for unseen in [2, 404] {
            inbox().when(follow(Followed::Filter(FilterId(unseen)))).then_rejected(Code::AccessDeniedFilter);
        }
    }

    #[test]
    fn a_thousand_things_are_followed_and_no_more() {
        let followed = |number: usize| Event::Followed(Followed::Task(TaskId(i64::try_from(number).expect("small"))));
        let full = |number| given::<Inbox>((0..number).map(followed));
        assert!(full(FOLLOWS_MAX - 1).when(follow(Followed::Task(TaskId(-1)))).outcome().is_ok());
        full(FOLLOWS_MAX).when(follow(Followed::Task(TaskId(-1)))).then_rejected(Code::LimitExceeded);
        full(FOLLOWS_MAX).when(follow(TASK)).then_nothing();
    }
}
