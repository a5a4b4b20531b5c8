//! What somebody may not do although their rights would let them (pyrus.md §1.11). Where each bites is where the deed is decided.

use serde::{Deserialize, Serialize};

use super::{Event, Person, Rejection};
use crate::aggregate::Events;
use crate::issued::Issued;

/// All of one person's restrictions.
#[expect(clippy::struct_excessive_bools, reason = "each is a box of its own in the dialect")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Restrictions {
    pub cant_view_restricted_form_registry: bool,
    pub cant_view_form_registry: bool,
    pub cant_export_restricted_form_registry: bool,
    pub cant_export_form_registry: bool,
    /// Adds no guest to a task.
    pub cant_add_external_users_to_tasks: bool,
    /// Adds no guest to a list.
    pub cant_add_external_users_to_lists: bool,
}

/// Those that are given change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestrictionsChange {
    pub cant_view_restricted_form_registry: Option<bool>,
    pub cant_view_form_registry: Option<bool>,
    pub cant_export_restricted_form_registry: Option<bool>,
    pub cant_export_form_registry: Option<bool>,
    pub cant_add_external_users_to_tasks: Option<bool>,
    pub cant_add_external_users_to_lists: Option<bool>,
}

impl Person {
    /// Nobody lifts their own restrictions.
    pub(super) fn restrict(&self, change: &RestrictionsChange, issued: &Issued<'_>, events: &mut Events<Event>) -> Result<(), Rejection> {
        let restrictions = changed(self.restrictions, change);
        if restrictions != self.restrictions {
            self.managed(issued)?;
            events.push(Event::Restricted(restrictions));
        }
        Ok(())
    }
}

fn changed(before: Restrictions, change: &RestrictionsChange) -> Restrictions {
    let RestrictionsChange {
        cant_view_restricted_form_registry,
        cant_view_form_registry,
        cant_export_restricted_form_registry,
        cant_export_form_registry,
        cant_add_external_users_to_tasks,
        cant_add_external_users_to_lists,
    } = *change;
    Restrictions {
        cant_view_restricted_form_registry: cant_view_restricted_form_registry.unwrap_or(before.cant_view_restricted_form_registry),
        cant_view_form_registry: cant_view_form_registry.unwrap_or(before.cant_view_form_registry),
        cant_export_restricted_form_registry: cant_export_restricted_form_registry.unwrap_or(before.cant_export_restricted_form_registry),
        cant_export_form_registry: cant_export_form_registry.unwrap_or(before.cant_export_form_registry),
        cant_add_external_users_to_tasks: cant_add_external_users_to_tasks.unwrap_or(before.cant_add_external_users_to_tasks),
        cant_add_external_users_to_lists: cant_add_external_users_to_lists.unwrap_or(before.cant_add_external_users_to_lists),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::{Change, Command};
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, Given, given, ordinary};

    fn boris() -> Given<Person> {
        given([Event::Added(Box::new(ordinary("Boris", "boris@example.org")))])
    }

    fn change(restrictions: RestrictionsChange) -> Command {
        Command::Change(Box::new(Change { restrictions, ..Change::default() }))
    }

    #[test]
    fn those_who_manage_people_restrict_them_and_the_rest_stays() {
        let tasks = RestrictionsChange { cant_add_external_users_to_tasks: Some(true), ..RestrictionsChange::default() };
        let lists = RestrictionsChange { cant_add_external_users_to_lists: Some(true), ..RestrictionsChange::default() };
        let first = Restrictions { cant_add_external_users_to_tasks: true, ..Restrictions::default() };
        let both = Restrictions { cant_add_external_users_to_lists: true, ..first };
        boris().by(ADMIN).when(change(tasks)).then([Event::Restricted(first)]);
        boris().and(ADMIN, [Event::Restricted(first)]).by(ADMIN).when(change(lists)).then([Event::Restricted(both)]);
        boris().and(ADMIN, [Event::Restricted(first)]).by(ADMIN).when(change(tasks)).then_nothing();
    }

    #[test]
    fn nobody_lifts_their_own() {
        let restricted =
            boris().and(ADMIN, [Event::Restricted(Restrictions { cant_export_form_registry: true, ..Restrictions::default() })]);
        let lift = RestrictionsChange { cant_export_form_registry: Some(false), ..RestrictionsChange::default() };
        restricted.clone().by(BORIS).when(change(lift)).then_rejected(Code::AccessDenied);
        restricted.by(ANNA).when(change(lift)).then_rejected(Code::AccessDenied);
    }
}
