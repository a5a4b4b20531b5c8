//! `POST /tasks/{id}/comments`, read. Not the decision (`domain/src/task/comment.rs`).

use domain::task::command::{Action, ApprovalChoice, Comment};

use domain::json::Json;

use super::create_task::{due, lists, schedule, text};
use super::fields::{at_steps, steps};
use super::{BadInput, Object};
use domain::Code;

/// Reads the body of a comment (pyrus.md §1.3), with the fields that [`super::fields()`] read from it. `reply_note_id` is ignored, as the dialect has it: a reply
/// is made by a quote in the formatted text.
pub fn comment(body: &Object<'_>, fields: Option<Json>) -> Result<Comment, BadInput> {
    if body.given("channel").is_some() {
        return Err(BadInput::field(Code::OptionIsNotSupported, "channel", "not on this task"));
    }
    Ok(Comment {
        text: text(body)?,
        subject: body.string("subject")?,
        participants_added: body.persons("participants_added")?,
        participants_removed: body.persons("participants_removed")?,
        reassign_to: body.person("reassign_to")?,
        subscribers_added: body.persons("subscribers_added")?,
        subscribers_removed: body.persons("subscribers_removed")?,
        subscribers_rerequested: body.persons("subscribers_rerequested")?,
        approval_choice: approval_choice(body)?,
        due: due(body)?,
        schedule: schedule(body)?,
        lists_added: lists(body, "added_list_ids")?,
        lists_removed: lists(body, "removed_list_ids")?,
        action: action(body)?,
        edit_comment: body.integer("edit_comment_id")?,
        delete_comment: body.integer("delete_comment_id")?,
        spent_minutes: body.integer("spent_minutes")?,
        skip_satisfaction: body.boolean("skip_satisfaction")?,
        skip_notification: body.boolean("skip_notification")?,
        skip_auto_reopen: body.boolean("skip_auto_reopen")?,
        as_roles: body.persons("comment_as_roles")?,
        fields,
        items: domain::form::Lookup::default(),
        attachments: body.files("attachments")?,
        files: domain::file::Brought::default(),
        linked: Vec::new(),
        approval_steps: steps(body)?,
        approvals_added: at_steps(body, "approvals_added")?,
        approvals_removed: at_steps(body, "approvals_removed")?,
        approvals_rerequested: at_steps(body, "approvals_rerequested")?,
        seen: body.integer("seen")?,
        hide: body.boolean("hide")?,
        previous: None,
    })
}

fn approval_choice(body: &Object<'_>) -> Result<Option<ApprovalChoice>, BadInput> {
    match body.string("approval_choice")?.as_deref() {
        None => Ok(None),
        Some("acknowledged") => Ok(Some(ApprovalChoice::Acknowledged)),
        Some("approved") => Ok(Some(ApprovalChoice::Approved)),
        Some("rejected") => Ok(Some(ApprovalChoice::Rejected)),
        Some("revoked") => Ok(Some(ApprovalChoice::Revoked)),
        Some(_) => Err(BadInput::format("approval_choice", "none of approved, rejected, acknowledged, revoked")),
    }
}

fn action(body: &Object<'_>) -> Result<Option<Action>, BadInput> {
    match body.string("action")?.as_deref() {
        None => Ok(None),
        Some("finished") => Ok(Some(Action::Finished)),
        Some("reopened") => Ok(Some(Action::Reopened)),
        Some(_) => Err(BadInput::format("action", "neither finished nor reopened")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(body: Value) -> Result<Comment, BadInput> {
        comment(&Object::new(body.as_object().expect("an object")), super::super::fields(body.to_string().as_bytes())?)
    }

    #[test]
    fn every_part_of_a_comment_is_read() {
        let read = read(json!({
            "text": "Done", "subject": "Foxes", "action": "finished", "approval_choice": "acknowledged",
            "participants_added": [{"id": 1}], "participants_removed": [{"id": 2}], "reassign_to": {"email": "a@b.c"},
            "subscribers_added": [[{"id": 3}]], "subscribers_removed": [{"id": 4}], "subscribers_rerequested": [{"id": 5}],
            "due": "2030-01-02T03:04:05Z", "duration": 60, "scheduled_date": "2030-01-01",
            "edit_comment_id": 9_007_199_254_740_993_i64, "spent_minutes": 15, "skip_auto_reopen": "True", "reply_note_id": 7,
        }))
        .expect("read");
        assert_eq!(read.action, Some(Action::Finished));
        assert_eq!(read.approval_choice, Some(ApprovalChoice::Acknowledged));
        assert_eq!(read.edit_comment, Some(9_007_199_254_740_993), "no detour through a float");
        assert_eq!((read.spent_minutes, read.due.duration), (Some(15), Some(60)));
        assert!(read.skip_auto_reopen && !read.skip_notification);
        assert_eq!((read.subscribers_added.len(), read.participants_added.len()), (1, 1));
    }

    #[test]
    fn a_wrong_type_in_any_member_is_refused_and_named() {
        let members: &[(&str, &[Value])] = &[
            ("text", &[json!(5), json!({}), json!([1]), json!(true)]),
            ("formatted_text", &[json!(5), json!([1])]),
            ("subject", &[json!(5), json!({})]),
            ("action", &[json!("close"), json!(1), json!({})]),
            ("approval_choice", &[json!("yes"), json!(1)]),
            ("participants_added", &[json!("x"), json!(5), json!([true]), json!({"id": 1})]),
            ("participants_removed", &[json!("x"), json!([1.5])]),
            ("reassign_to", &[json!("x"), json!([1]), json!(true)]),
            ("subscribers_added", &[json!("x"), json!(["x"])]),
            ("subscribers_removed", &[json!(1)]),
            ("subscribers_rerequested", &[json!({})]),
            ("due_date", &[json!(5), json!("tomorrow"), json!([1])]),
            ("due", &[json!(5), json!("tomorrow")]),
            ("duration", &[json!("long"), json!(1.5), json!({})]),
            ("cancel_due", &[json!("maybe"), json!(7)]),
            ("scheduled_date", &[json!(5), json!("x")]),
            ("scheduled_datetime_utc", &[json!(5), json!("x")]),
            ("cancel_schedule", &[json!({})]),
            ("edit_comment_id", &[json!("x"), json!(1.5), json!([1])]),
            ("delete_comment_id", &[json!("x")]),
            ("spent_minutes", &[json!("x"), json!(true)]),
            ("skip_satisfaction", &[json!("x")]),
            ("skip_notification", &[json!(5)]),
            ("skip_auto_reopen", &[json!([1])]),
            ("attachments", &[json!(5), json!({})]),
            ("field_updates", &[json!(5)]),
            ("added_list_ids", &[json!("x"), json!(5), json!([{}])]),
        ];
        for (member, wrong) in members {
            for value in *wrong {
                let refused = read(json!({ *member: value })).expect_err("a wrong type is refused");
                assert_eq!((refused.code(), refused.field.as_deref()), ("invalid_value_format", Some(*member)), "{member}: {value}");
            }
        }
    }

    #[test]
    fn parts_that_no_task_takes_are_refused_by_their_codes() {
        for (body, code) in [
            (json!({"attachments": ["guid"]}), "unrecognized_attachment_id"),
            (json!({"channel": {"type": "email"}}), "option_is_not_supported"),
        ] {
            assert_eq!(read(body.clone()).expect_err("refused").code(), code, "{body}");
        }
    }
}
