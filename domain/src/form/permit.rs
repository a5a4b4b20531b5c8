//! Giving levels to persons and roles.

use std::collections::BTreeMap;

use super::access::Level;
use super::event::Event;
use super::rejection::{PEOPLE_MAX, Rejection};
use super::state::Form;
use crate::aggregate::Events;
use crate::id::PersonId;
use crate::issued::Issued;

impl Form {
    /// Who is not named keeps their level; `none` takes one away. Somebody goes on administering the form.
    pub(super) fn permit(&self, levels: &BTreeMap<PersonId, Level>, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.changeable(issued)?;
        let directory = issued.directory;
        if levels.keys().any(|id| directory.person(*id).is_none() && directory.role(*id).is_none()) {
            return Err(Rejection::UnknownPerson);
        }
        let before = |id: &PersonId| self.levels.get(id).copied().unwrap_or_default();
        let changed: BTreeMap<_, _> = levels.iter().map(|(id, level)| (*id, *level)).filter(|(id, level)| before(id) != *level).collect();
        if changed.is_empty() {
            return Ok(Events::new());
        }
        let mut after = self.levels.clone();
        after.extend(&changed);
        after.retain(|_, level| *level != Level::None);
        if after.len() > PEOPLE_MAX {
            return Err(Rejection::TooManyPeople);
        }
        if !after.values().any(|level| *level == Level::Administrator) {
            return Err(Rejection::AdministratorMissing);
        }
        Ok(vec![Event::Permitted { levels: changed }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Command;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, CLERKS, Given, given, with_roles};

    fn form() -> Given<Form> {
        given::<Form>([]).and(ADMIN, [Event::Created(Box::default())]).by(ADMIN).among(with_roles())
    }

    fn permit(levels: impl IntoIterator<Item = (PersonId, Level)>) -> Command {
        Command::Permit(levels.into_iter().collect())
    }

    #[test]
    fn only_what_changes_is_recorded() {
        let changed = [(ANNA, Level::Member), (CLERKS, Level::Manager)];
        let levels = [(ADMIN, Level::Administrator), (BORIS, Level::None), changed[0], changed[1]];
        form().when(permit(levels)).then([Event::Permitted { levels: changed.into() }]);
        form().when(permit([(ADMIN, Level::Administrator)])).then_nothing();
    }

    #[test]
    fn somebody_goes_on_administering_it() {
        form().when(permit([(ADMIN, Level::Member)])).then_rejected(Code::InvalidInput);
        let levels = [(ADMIN, Level::None), (ANNA, Level::Administrator)];
        form().when(permit(levels)).then([Event::Permitted { levels: levels.into() }]);
        form().when(permit([(PersonId(404), Level::Member)])).then_rejected(Code::InvalidPersonId);
        form().by(ANNA).when(permit([(ANNA, Level::Administrator)])).then_rejected(Code::AccessDeniedForm);
    }
}
