//! The title that a form makes of a task: its name, and the values that it puts there.

use crate::directory::OrganisationDirectory;
use crate::form::scope::Filled;
use crate::form::{Field, Form, Value};
use crate::id::PersonId;

/// Characters of a title; what is longer is cut.
const CHARACTERS_MAX: usize = 500;

/// `Purchase: Chairs; 5000`
pub(super) fn title(form: &Form, filled: &Filled<'_>, directory: &OrganisationDirectory) -> String {
    let fields = form.published.all();
    let shown = fields.iter().filter(|placed| placed.field.in_title && !placed.is_cell() && filled.is_visible(placed));
    let values: Vec<String> = shown.filter_map(|placed| words(placed.field, filled, directory)).collect();
    let name = &form.settings.name;
    let title = if values.is_empty() { name.clone() } else { format!("{name}: {}", values.join("; ")) };
    title.chars().take(CHARACTERS_MAX).collect()
}

/// What stands in a field, in words: for titles and for tables of plain text. Nothing for what is empty, and for tables.
pub fn words(field: &Field, filled: &Filled<'_>, directory: &OrganisationDirectory) -> Option<String> {
    let computed = filled.computed(field);
    let value = computed.as_ref().or_else(|| filled.values.get(&field.id))?;
    let text = match value {
        Value::Text(text) => text.lines().next().unwrap_or_default().to_owned(),
        Value::Number(number) => number.normalize().to_string(),
        Value::Date(date) | Value::DueDate(date, _) => date.to_string(),
        Value::Time(time) => time.strftime("%H:%M").to_string(),
        Value::Moment(at, _) => at.strftime("%Y-%m-%d %H:%M").to_string(),
        Value::Checked(true) => field.name.clone(),
        Value::Checked(false) | Value::Tasks(_) => String::new(),
        Value::Person(id) => name_of(*id, directory),
        Value::Files(files) => files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", "),
        Value::Items(picked) => picked.names().collect::<Vec<_>>().join(", "),
        Value::Choices(choices) => {
            let names = choices.iter().filter_map(|id| field.choice(*id)).map(|choice| choice.choice_value.as_str());
            names.collect::<Vec<_>>().join(", ")
        }
    };
    Some(text).filter(|text| !text.is_empty())
}
/// What a person or a role is called; nothing for who is not there.
pub fn name_of(id: PersonId, directory: &OrganisationDirectory) -> String {
    match (directory.person(id), directory.role(id)) {
        (Some(person), _) => format!("{} {}", person.profile.first_name, person.profile.last_name).trim().to_owned(),
        (None, Some(role)) => role.name.clone(),
        (None, None) => String::new(),
    }
}
