//! Changing a form: its settings at once, its definition as a draft that nothing goes by until it is published.

use std::sync::Arc;

use super::Change;
use super::check;
use super::create::check_settings;
use super::definition::Definition;
use super::event::{Event, Settings};
use super::rejection::Rejection;
use super::state::Form;
use crate::aggregate::Events;
use crate::issued::Issued;

impl Form {
    pub(super) fn change(&self, change: &Change, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.changeable(issued)?;
        let Change { name, folder, business_owners, definition, version } = change;
        if version.is_some_and(|seen| seen != self.defined) {
            return Err(Rejection::Redefined);
        }
        let mut events = Vec::new();
        let settings = Settings {
            name: name.clone().unwrap_or_else(|| self.settings.name.clone()),
            folder: folder.clone().unwrap_or_else(|| self.settings.folder.clone()),
            business_owners: business_owners.clone().unwrap_or_else(|| self.settings.business_owners.clone()),
        };
        if settings != self.settings {
            check_settings(&settings, issued)?;
            events.push(Event::Changed(Box::new(settings)));
        }
        if let Some(definition) = definition {
            let known = self.draft.as_ref().unwrap_or(&self.published);
            let draft = check::completed(definition, known, issued)?;
            if draft != **known {
                events.push(Event::Drafted(Box::new(draft)));
            }
        }
        Ok(events)
    }
}

impl Form {
    /// The form as if `definition`, or where none is given its draft, were published. Nothing changes.
    ///
    /// # Errors
    /// For who may not change the form, and where the definition is none, or there is no draft.
    pub fn proposed(&self, definition: Option<&Definition>, issued: &Issued<'_>) -> Result<Self, Rejection> {
        self.changeable(issued)?;
        let known = self.draft.as_ref().unwrap_or(&self.published);
        let proposed = match definition {
            Some(definition) => Arc::new(check::completed(definition, known, issued)?),
            None => self.draft.clone().ok_or(Rejection::NothingToPublish)?,
        };
        Ok(Self { published: proposed, draft: None, template: self.template.saturating_add(1), ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::event::Created;
    use crate::form::{Command, Field, FieldId, FieldKind};
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, Given, given};

    fn text(id: u32, name: &str) -> Field {
        Field { id: FieldId(id), name: name.into(), kind: FieldKind::Text { multiline: false }, ..Field::default() }
    }

    fn of(fields: impl IntoIterator<Item = Field>) -> Definition {
        Definition { fields: fields.into_iter().collect(), ..Definition::default() }
    }

    fn form() -> Given<Form> {
        let settings = Settings { name: "Vacation".into(), ..Settings::default() };
        given([])
            .and(ADMIN, [Event::Created(Box::new(Created { settings, definition: of([text(1, "Reason"), text(2, "Note")]) }))])
            .by(ADMIN)
    }

    fn redefine(definition: Definition) -> Command {
        Command::Change(Box::new(Change { definition: Some(definition), ..Change::default() }))
    }

    #[test]
    fn what_is_given_changes_and_a_definition_waits_as_the_draft() {
        let renamed = Change { name: Some("Leave".into()), definition: Some(of([text(1, "Why"), text(2, "Note")])), ..Change::default() };
        form().when(Command::Change(Box::new(renamed))).then([
            Event::Changed(Box::new(Settings { name: "Leave".into(), ..Settings::default() })),
            Event::Drafted(Box::new(of([text(1, "Why"), text(2, "Note")]))),
        ]);
        form().when(redefine(of([text(1, "Reason"), text(2, "Note")]))).then_nothing();
    }

    #[test]
    fn a_field_that_is_taken_out_stays_as_deleted_and_its_id_is_not_given_again() {
        let gone = Field { deleted: true, ..text(2, "Note") };
        let drafted = Event::Drafted(Box::new(of([text(1, "Reason"), text(3, "New"), gone])));
        form().when(redefine(of([text(1, "Reason"), text(0, "New")]))).then([drafted]);
    }

    #[test]
    fn a_field_keeps_its_type_and_only_given_ids_are_known() {
        let number = Field { kind: FieldKind::Number { decimal_places: None }, ..text(1, "Reason") };
        form().when(redefine(of([number]))).then_rejected(Code::InvalidInput);
        form().when(redefine(of([text(7, "Reason")]))).then_rejected(Code::InvalidFieldId);
        form().when(redefine(of([text(1, "A"), text(1, "B")]))).then_rejected(Code::InvalidFieldId);
    }

    #[test]
    fn who_has_not_seen_the_newest_definition_is_told() {
        let seen = |version, name: &str| {
            let definition = Some(of([text(1, name), text(2, "Note")]));
            Command::Change(Box::new(Change { definition, version: Some(version), ..Change::default() }))
        };
        let drafted = || Event::Drafted(Box::new(of([text(1, "Why"), text(2, "Note")])));
        form().when(seen(1, "Why")).then([drafted()]);
        form().when(seen(2, "Why")).then_rejected(Code::Conflict);
        let once = || {
            form().and(ADMIN, [drafted()]).and(ADMIN, [Event::Changed(Box::new(Settings { name: "Leave".into(), ..Settings::default() }))])
        };
        once().by(ADMIN).when(seen(1, "Cause")).then_rejected(Code::Conflict);
        once().by(ADMIN).when(seen(2, "Cause")).then([Event::Drafted(Box::new(of([text(1, "Cause"), text(2, "Note")])))]);
    }

    #[test]
    fn only_those_who_administer_it_change_it_and_others_do_not_see_it() {
        form().by(ANNA).when(redefine(of([]))).then_rejected(Code::AccessDeniedForm);
    }
}
