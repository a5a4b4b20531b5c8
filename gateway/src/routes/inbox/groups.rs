//! The inbox by form and step: what is alike is done one after the other.

use domain::FormId;
use domain::directory::OrganisationDirectory;
use projections::views::inbox;
use serde::Serialize;
use utoipa::ToSchema;

use crate::routes::headers::TaskHeader;

/// Tasks of one form at one step.
#[derive(Serialize, ToSchema)]
#[schema(as = TaskGroup)]
pub struct Group<'a> {
    /// Of the form and the step together.
    id: i64,
    /// `Form: Step`; the form's alone where no step was begun.
    name: String,
    form_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<u8>,
    /// How many there are, among the newest 1,000 of the inbox.
    count: usize,
    has_more: bool,
    tasks: Vec<TaskHeader<'a>>,
}

/// Steps of a form, and none: what a group's id counts the form by.
const STEPS: i64 = 32;

/// `tasks` in groups of at most `limit`, the group with the newest task first. Tasks without a form are in none.
pub fn groups<'a>(tasks: &'a [inbox::Header], limit: usize, organisation: &'a OrganisationDirectory) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for task in tasks {
        let Some(form) = task.form else { continue };
        let id = form.0 * STEPS + i64::from(task.step);
        let index = groups.iter().position(|group| group.id == id).unwrap_or_else(|| {
            let name = name(form, task.step, organisation);
            let step = Some(task.step).filter(|step| *step > 0);
            groups.push(Group { id, name, form_id: form.0, step, count: 0, has_more: false, tasks: Vec::new() });
            groups.len() - 1
        });
        let group = &mut groups[index];
        group.count += 1;
        if group.tasks.len() < limit {
            group.tasks.push(TaskHeader::of(task.into(), organisation));
        } else {
            group.has_more = true;
        }
    }
    groups
}

fn name(form: FormId, step: u8, organisation: &OrganisationDirectory) -> String {
    let Some(form) = organisation.form(form) else { return String::new() };
    let step = usize::from(step).checked_sub(1).and_then(|index| form.published.steps.get(index));
    match step {
        Some(step) => format!("{}: {}", form.settings.name, step.name),
        None => form.settings.name.clone(),
    }
}
