//! What a form's tasks are printed with: templates by name, added, changed and removed. How a template is written, and what it makes
//! of a task, is the gateway's matter.

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::rejection::Rejection;
use super::state::Form;
use crate::aggregate::Events;
use crate::issued::Issued;
use crate::text;

/// Print forms of one form.
pub const PRINT_FORMS_MAX: usize = 20;
/// Bytes of a template.
pub const TEMPLATE_BYTES_MAX: usize = 64 * 1024;
const NAME_CHARACTERS_MAX: usize = 200;

/// A template under its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintForm {
    /// Never means another one of the form.
    pub id: u32,
    pub name: String,
    pub template: String,
}

/// What is given of a print form; a new one has no id, and needs both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavePrint {
    pub id: Option<u32>,
    pub name: Option<String>,
    pub template: Option<String>,
}

impl Form {
    pub(super) fn save_print(&self, save: &SavePrint, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.changeable(issued)?;
        let before = match save.id {
            Some(id) => Some(&**self.print_forms.get(&id).ok_or(Rejection::UnknownPrintForm)?),
            None => None,
        };
        let name = save.name.as_deref().or(before.map(|before| before.name.as_str())).map(str::trim).filter(|name| !name.is_empty());
        let name = name.ok_or(Rejection::PrintFormIncomplete)?;
        text::check_line(name, NAME_CHARACTERS_MAX)?;
        let template = save.template.as_deref().or(before.map(|before| before.template.as_str())).ok_or(Rejection::PrintFormIncomplete)?;
        if template.len() > TEMPLATE_BYTES_MAX {
            return Err(Rejection::TemplateTooLong);
        }
        if before.is_none() && self.print_forms.len() >= PRINT_FORMS_MAX {
            return Err(Rejection::TooManyPrintForms);
        }
        let id = save.id.unwrap_or_else(|| self.last_print_form.saturating_add(1));
        let after = PrintForm { id, name: name.to_owned(), template: template.to_owned() };
        Ok(if before == Some(&after) { Events::new() } else { vec![Event::PrintSaved(Box::new(after))] })
    }

    pub(super) fn remove_print(&self, id: u32, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.changeable(issued)?;
        if !self.print_forms.contains_key(&id) {
            return Err(Rejection::UnknownPrintForm);
        }
        Ok(vec![Event::PrintRemoved { id }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Command;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, Given, given};

    fn print(id: u32, name: &str) -> Event {
        Event::PrintSaved(Box::new(PrintForm { id, name: name.into(), template: "<p>".into() }))
    }

    fn form(events: impl IntoIterator<Item = Event>) -> Given<Form> {
        given::<Form>([]).and(ADMIN, [Event::Created(Box::default())].into_iter().chain(events).collect::<Vec<_>>()).by(ADMIN)
    }

    fn save(id: Option<u32>, name: Option<&str>, template: Option<&str>) -> Command {
        Command::SavePrint(Box::new(SavePrint { id, name: name.map(str::to_owned), template: template.map(str::to_owned) }))
    }

    #[test]
    fn a_print_form_is_added_changed_in_part_and_removed_and_its_id_is_never_another_ones() {
        form([]).when(save(None, Some(" Order "), Some("<p>"))).then([print(1, "Order")]);
        form([print(1, "Order")]).when(save(Some(1), Some("Bill"), None)).then([print(1, "Bill")]);
        form([print(1, "Order")]).when(save(Some(1), None, None)).then_nothing();
        let removed = || form([print(1, "Order"), Event::PrintRemoved { id: 1 }]);
        removed().when(save(None, Some("Bill"), Some("<p>"))).then([print(2, "Bill")]);
        removed().when(Command::RemovePrint(1)).then_rejected(Code::InvalidInput);
        removed().when(save(Some(1), Some("Bill"), None)).then_rejected(Code::InvalidInput);
    }

    #[test]
    fn what_is_not_whole_or_too_much_is_refused_and_others_may_not() {
        form([]).when(save(None, Some("  "), Some("<p>"))).then_rejected(Code::RequiredParameterMissing);
        form([]).when(save(None, Some("Order"), None)).then_rejected(Code::RequiredParameterMissing);
        form([]).when(save(None, Some("Order"), Some(&"x".repeat(TEMPLATE_BYTES_MAX + 1)))).then_rejected(Code::LimitExceeded);
        let full = (1..=20).map(|id| print(id, "Order"));
        form(full).when(save(None, Some("Order"), Some(""))).then_rejected(Code::LimitExceeded);
        form([]).by(ANNA).when(save(None, Some("Order"), Some("<p>"))).then_rejected(Code::AccessDeniedForm);
        form([print(1, "Order")]).by(ANNA).when(Command::RemovePrint(1)).then_rejected(Code::AccessDeniedForm);
    }
}
