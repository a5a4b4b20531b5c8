//! Changing a saved filter: what is given, each as a whole.

use super::create::check;
use super::{Change, Event, Filter, Rejection, Settings};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Filter {
    pub(super) fn change(&self, change: &Change, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.changed_by(issued)?;
        let Change { name, query, presentation, shared } = change;
        let settings = Settings {
            name: name.as_ref().unwrap_or(&self.settings.name).clone(),
            query: query.as_ref().unwrap_or(&self.settings.query).clone(),
            presentation: presentation.as_ref().unwrap_or(&self.settings.presentation).clone(),
            shared: shared.as_ref().unwrap_or(&self.settings.shared).clone(),
        };
        if settings == self.settings {
            return Ok(Events::new());
        }
        check(&settings, &self.settings.shared, issued)?;
        Ok(vec![Event::Changed(Box::new(settings))])
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Command, Over, Presentation, Query, Shared, View, Whose};
    use super::*;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, FELIX, Given, filter_settings, given};

    fn filter(shared: Shared) -> Given<Filter> {
        given([Event::Created(Box::new(Settings { shared, ..filter_settings("Mine", Over::Inbox) }))])
    }

    fn rename(name: &str) -> Command {
        Command::Change(Box::new(Change { name: Some(name.into()), ..Change::default() }))
    }

    #[test]
    fn what_is_given_changes_and_the_rest_stays() {
        let mine = || filter(Shared::default());
        mine().when(rename("Ours")).then([Event::Changed(Box::new(filter_settings("Ours", Over::Inbox)))]);
        mine().when(rename("Mine")).then_nothing();
        let query = Query { over: Over::Approver(Whose::Me), ..Query::default() };
        let presentation = Presentation { view: View::Chart, ..Presentation::default() };
        let change = Change { query: Some(query.clone()), presentation: Some(presentation.clone()), ..Change::default() };
        let changed = Settings { name: "Mine".into(), query, presentation, shared: Shared::default() };
        mine().when(Command::Change(Box::new(change))).then([Event::Changed(Box::new(changed))]);
        mine().when(rename("")).then_rejected(Code::RequiredParameterMissing);
    }

    #[test]
    fn who_has_gone_since_it_was_shared_with_them_stands_in_no_change_of_the_rest() {
        let shared = Shared { everyone: false, with: [FELIX].into() };
        let renamed = Settings { shared: shared.clone(), ..filter_settings("Ours", Over::Inbox) };
        filter(shared).when(rename("Ours")).then([Event::Changed(Box::new(renamed))]);
    }

    #[test]
    fn whom_it_is_shared_with_changes_nothing() {
        let shared = || Shared { everyone: false, with: [BORIS].into() };
        filter(shared()).by(BORIS).when(rename("Ours")).then_rejected(Code::AccessDenied);
        filter(Shared::default()).by(BORIS).when(rename("Ours")).then_rejected(Code::AccessDeniedFilter);
        filter(Shared::default()).by(FELIX).when(rename("Ours")).then_rejected(Code::AccountBlocked);
        let everybodys = filter(Shared { everyone: true, ..Shared::default() });
        assert!(everybodys.by(ADMIN).when(rename("Ours")).outcome().is_ok());
        filter(shared()).by(ANNA).and(ANNA, [Event::Deleted]).when(rename("Ours")).then_rejected(Code::AccessDeniedFilter);
    }
}
