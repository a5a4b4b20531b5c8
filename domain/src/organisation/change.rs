//! Changing an organisation's settings.

use super::{Event, Organisation, Rejection, Settings, create};
use crate::aggregate::Events;
use crate::issued::Issued;
use crate::rights::Deed;

impl Organisation {
    pub(super) fn change(&self, settings: &Settings, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        if !self.exists || self.id != issued.organisation {
            return Err(Rejection::Unknown);
        }
        if !issued.permits(Deed::ChangeOrganisation) {
            return Err(Rejection::AccessDenied);
        }
        create::check(settings)?;
        Ok(if *settings == self.settings { Events::new() } else { vec![Event::Changed(Box::new(settings.clone()))] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisation::Command;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, FELIX, Given, given, settings};

    fn founded() -> Given<Organisation> {
        given([Event::Created(Box::new(settings()))])
    }

    fn named(name: &str) -> Settings {
        Settings { name: name.into(), ..settings() }
    }

    fn change(settings: Settings) -> Command {
        Command::Change(Box::new(settings))
    }

    #[test]
    fn those_with_the_right_change_settings() {
        founded().by(ADMIN).when(change(named("New"))).then([Event::Changed(Box::new(named("New")))]);
        founded().by(ADMIN).when(change(settings())).then_nothing();
        founded().by(ANNA).when(change(named("New"))).then_rejected(Code::AccessDenied);
        founded().by(FELIX).when(change(named("New"))).then_rejected(Code::AccessDenied);
    }

    #[test]
    fn bad_settings_and_unknown_organisations_are_refused() {
        founded().by(ADMIN).when(change(named(""))).then_rejected(Code::RequiredParameterMissing);
        given::<Organisation>([]).by(ADMIN).when(change(named("New"))).then_rejected(Code::AccessDenied);
    }
}
