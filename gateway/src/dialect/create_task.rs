//! `POST /tasks`, read. Not the decision (`domain/src/task/create.rs`).

use domain::file::Brought;
use domain::form::Lookup;
use domain::json::Json;
use domain::task::command::{Create, DueInput, ScheduleInput, TextInput};
use domain::task::form::Begin;
use domain::{FormId, ListId, TaskId};

use super::fields::at_steps;
use super::{BadInput, Object};
use domain::Code;

/// Reads the body of `POST /tasks` (pyrus.md §1.3), with the fields that [`super::fields()`] read from it.
pub fn create_task(body: &Object<'_>, fields: Option<Json>) -> Result<Create, BadInput> {
    Ok(Create {
        text: text(body)?,
        subject: body.string("subject")?,
        responsible: body.person("responsible")?,
        participants: body.persons("participants")?,
        subscribers: body.persons("subscribers")?,
        parent: body.integer("parent_task_id")?.map(TaskId),
        due: due(body)?,
        schedule: schedule(body)?,
        lists: lists(body, "list_ids")?,
        attachments: body.files("attachments")?.unwrap_or_default(),
        files: Brought::default(),
        form: form(body, fields)?,
    })
}

/// What is said of the form, where there is one.
fn form(body: &Object<'_>, fields: Option<Json>) -> Result<Option<Box<Begin>>, BadInput> {
    let Some(form) = body.integer("form_id")? else {
        let without = |name, detail| Err(BadInput::field(Code::FormIdMissing, name, detail));
        if fields.is_some() {
            return without("fields", "only a task of a form has this");
        }
        body.refuse_list("approvals", Code::FormIdMissing, "only a task of a form has this")?;
        return if body.boolean("fill_defaults")? { without("fill_defaults", "only a task of a form has defaults") } else { Ok(None) };
    };
    let (fill_defaults, approvals) = (body.boolean("fill_defaults")?, at_steps(body, "approvals")?);
    Ok(Some(Box::new(Begin { form: FormId(form), fields, items: Lookup::default(), fill_defaults, approvals, linked: Vec::new() })))
}

/// Ids of lists, as an array or, as one client has it, in a text with commas.
pub(super) fn lists(body: &Object<'_>, name: &str) -> Result<Vec<ListId>, BadInput> {
    Ok(body.integers(name)?.into_iter().map(ListId).collect())
}

/// `text` or `formatted_text`, not both.
pub(super) fn text(body: &Object<'_>) -> Result<Option<TextInput>, BadInput> {
    match (body.string("text")?, body.string("formatted_text")?) {
        (Some(_), Some(_)) => Err(BadInput::field(Code::BothTextAndFormattedTextSpecified, "formatted_text", "not together with text")),
        (Some(text), None) => Ok(Some(TextInput::Plain(text))),
        (None, Some(html)) => Ok(Some(TextInput::Formatted(html))),
        (None, None) => Ok(None),
    }
}

pub(super) fn due(body: &Object<'_>) -> Result<DueInput, BadInput> {
    Ok(DueInput {
        due_date: body.date("due_date")?,
        due: body.moment("due")?,
        duration: body.integer("duration")?,
        cancel: body.boolean("cancel_due")?,
    })
}

pub(super) fn schedule(body: &Object<'_>) -> Result<ScheduleInput, BadInput> {
    Ok(ScheduleInput {
        date: body.date("scheduled_date")?,
        moment: body.moment("scheduled_datetime_utc")?,
        cancel: body.boolean("cancel_schedule")?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: serde_json::Value) -> Result<Create, BadInput> {
        create_task(&Object::new(body.as_object().expect("an object")), super::super::fields(body.to_string().as_bytes())?)
    }

    #[test]
    fn a_plain_task_is_read() {
        let create = read(
            json!({"text": "Count foxes", "subject": "Foxes", "due_date": "2030-01-02", "participants": [{"id": 7}], "list_ids": [3, "4"],
                "unknown": {}}),
        );
        let create = create.expect("read");
        assert_eq!(create.text, Some(TextInput::Plain("Count foxes".to_owned())));
        assert_eq!(create.subject.as_deref(), Some("Foxes"));
        assert_eq!(create.due.due_date, Some(jiff::civil::Date::constant(2030, 1, 2)));
        assert_eq!(create.participants.len(), 1);
        assert_eq!(create.lists, [ListId(3), ListId(4)]);
    }

    #[test]
    fn parts_of_a_form_task_and_of_files_are_refused_by_their_codes() {
        for (body, code) in [
            (json!({"form_id": "x"}), "invalid_value_format"),
            (json!({"text": "a", "fields": [{"id": 1}]}), "form_id_missing"),
            (json!({"text": "a", "approvals": [[{"id": 1}]]}), "form_id_missing"),
            (json!({"text": "a", "fill_defaults": "y"}), "form_id_missing"),
            (json!({"text": "a", "list_ids": [{"id": 1}]}), "invalid_value_format"),
            (json!({"text": "a", "attachments": ["guid"]}), "unrecognized_attachment_id"),
            (json!({"text": "a", "formatted_text": "b"}), "both_text_and_formatted_text_specified"),
        ] {
            assert_eq!(read(body.clone()).expect_err("refused").code(), code, "{body}");
        }
    }

    #[test]
    fn a_task_of_a_form_is_read() {
        let body = json!({"form_id": "5", "fields": [{"id": 1, "value": 2.50}], "fill_defaults": "y", "approvals": [[], [{"id": 7}]]});
        let begin = read(body).expect("read").form.expect("a form");
        assert_eq!((begin.form, begin.fill_defaults, begin.approvals.len()), (FormId(5), true, 1));
        assert!(begin.fields.is_some());
    }

    #[test]
    fn empty_parts_of_a_form_task_are_as_absent() {
        read(json!({"text": "a", "fields": [], "approvals": [], "list_ids": null, "attachments": [], "fill_defaults": false}))
            .expect("read");
    }
}
