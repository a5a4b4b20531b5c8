//! Making a form. What it defines is published at once, as template version 1.

use super::check;
use super::event::{Created, Event, Settings};
use super::rejection::{FOLDERS_MAX, PEOPLE_MAX, Rejection};
use super::state::Form;
use super::{Create, Definition};
use crate::aggregate::Events;
use crate::issued::{Asker, Issued};
use crate::rights::Deed;
use crate::text::check_line;

/// Characters in the name of a form, of a folder, of a field, of a step.
pub const NAME_CHARACTERS_MAX: usize = 200;

impl Form {
    pub(super) fn create(&self, create: &Create, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        if let Asker::Nobody = issued.asker() {
            return Err(Rejection::Blocked);
        }
        if !issued.permits(Deed::ConfigureForms) {
            return Err(Rejection::MayNotCreate);
        }
        if self.exists {
            return Err(Rejection::AlreadyCreated);
        }
        check_settings(&create.settings, issued)?;
        let definition = check::completed(&create.definition, &Definition::default(), issued)?;
        Ok(vec![Event::Created(Box::new(Created { settings: create.settings.clone(), definition }))])
    }
}

/// Takes the settings, or says what is wrong with them.
pub(super) fn check_settings(settings: &Settings, issued: &Issued<'_>) -> Result<(), Rejection> {
    let Settings { name, folder, business_owners } = settings;
    check_line(name, NAME_CHARACTERS_MAX)?;
    if name.trim().is_empty() {
        return Err(Rejection::NameMissing);
    }
    if folder.len() > FOLDERS_MAX {
        return Err(Rejection::TooManyFolders);
    }
    for folder in folder {
        check_line(folder, NAME_CHARACTERS_MAX)?;
        if folder.trim().is_empty() {
            return Err(Rejection::NameMissing);
        }
    }
    if business_owners.len() > PEOPLE_MAX {
        return Err(Rejection::TooManyPeople);
    }
    let known = |id| issued.directory.person(id).is_some() || issued.directory.role(id).is_some();
    if business_owners.iter().all(|owner| known(*owner)) { Ok(()) } else { Err(Rejection::UnknownPerson) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Command, Field, FieldId, FieldKind};
    use crate::id::PersonId;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, FELIX, GRETA, given};

    fn create(change: impl FnOnce(&mut Create)) -> Command {
        let mut create = Create { settings: Settings { name: "Vacation".into(), ..Settings::default() }, ..Create::default() };
        change(&mut create);
        Command::Create(Box::new(create))
    }

    #[test]
    fn who_configures_makes_forms_and_fields_get_ids() {
        let text = |id| Field { id: FieldId(id), name: "Reason".into(), kind: FieldKind::Text { multiline: true }, ..Field::default() };
        let command = create(|form| form.definition.fields = vec![text(0)]);
        let settings = Settings { name: "Vacation".into(), ..Settings::default() };
        let definition = Definition { fields: vec![text(1)], ..Definition::default() };
        given::<Form>([]).by(ADMIN).when(command).then([Event::Created(Box::new(Created { settings, definition }))]);
    }

    #[test]
    fn others_are_refused_and_so_are_bad_names() {
        for (who, code) in [(ANNA, Code::AccessDeniedForm), (GRETA, Code::AccessDeniedForm), (FELIX, Code::AccountBlocked)] {
            given::<Form>([]).by(who).when(create(|_| {})).then_rejected(code);
        }
        let refused = |change: fn(&mut Create), code| given::<Form>([]).by(ADMIN).when(create(change)).then_rejected(code);
        refused(|form| form.settings.name = " ".into(), Code::RequiredParameterMissing);
        refused(|form| form.settings.name = "x".repeat(201), Code::ValueIsTooLong);
        refused(|form| form.settings.folder = vec!["a\u{202e}".into()], Code::InvalidValueFormat);
        refused(|form| form.settings.folder = vec!["a".into(); 11], Code::InvalidInput);
        refused(|form| form.settings.business_owners = vec![PersonId(404)], Code::InvalidPersonId);
    }
}
