//! `POST /tasks//comments`, read: comments on several tasks (pyrus.md §1.3). Each comment is read as one alone is.

use std::collections::BTreeSet;

use domain::directory::OrganisationDirectory;
use domain::task::command::Comment;
use domain::{Code, TaskId};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::fields::LINKS_MAX;
use super::{BadInput, Object, check_names, comment, fields, linked_tasks};
use crate::codes::Own;

/// Tasks in one request.
const TASKS_MAX: usize = 500;

/// What is asked of several tasks.
#[derive(Debug)]
pub struct BulkComment {
    /// The asker wants no tasks in the answer.
    pub brief: bool,
    /// At least two, each of another task.
    pub comments: Vec<(TaskId, Comment)>,
    /// What their fields link to.
    pub links: Vec<TaskId>,
}

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(borrow)]
    comments: Vec<RawItem<'a>>,
}

#[derive(Deserialize)]
struct RawItem<'a> {
    #[serde(borrow)]
    comment: Option<&'a RawValue>,
}

/// Reads `body`, which is the object that `text` holds.
///
/// # Errors
/// `less_than_two_or_not_unique_tasks`, `limit_exceeded` for more than 500, and what is wrong with one of them, which is named.
pub fn bulk_comment(body: &Object<'_>, text: &[u8], people: &OrganisationDirectory) -> Result<BulkComment, BadInput> {
    let wrong = || BadInput::format("comments", "not a list of {task_id, comment}");
    let items = match body.given("comments") {
        None => &[],
        Some(Value::Array(items)) => &items[..],
        Some(_) => return Err(wrong()),
    };
    if items.len() > TASKS_MAX {
        return Err(BadInput::field(Code::LimitExceeded, "comments", "at most 500 tasks are changed together"));
    }
    let mut tasks = BTreeSet::new();
    let mut named = Vec::with_capacity(items.len());
    for item in items {
        let item = Object::new(item.as_object().ok_or_else(wrong)?);
        let task = item.integer("task_id")?.ok_or_else(|| BadInput::field(Code::RequiredParameterMissing, "task_id", "missing"))?;
        tasks.insert(task);
        named.push((TaskId(task), item));
    }
    if items.len() < 2 || tasks.len() < items.len() {
        return Err(BadInput::field(Own::LessThanTwoOrNotUniqueTasks, "comments", "each task once, and two of them at least"));
    }
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let raw: Raw<'_> = serde_json::from_slice(text).map_err(|_| BadInput::new(Own::InvalidJson, "the comments cannot be read"))?;
    let mut comments = Vec::with_capacity(items.len());
    let mut links = BTreeSet::new();
    for ((task, item), raw) in named.into_iter().zip(raw.comments) {
        let read = one(&item, raw.comment, people, &mut links);
        let read = read.map_err(|bad| BadInput { detail: format!("task {}: {}", task.0, bad.detail), ..bad })?;
        comments.push((task, read));
    }
    if links.len() > LINKS_MAX {
        return Err(BadInput::new(Code::LimitExceeded, "a request links to at most 100 tasks"));
    }
    Ok(BulkComment { brief: body.boolean("no_tasks_in_response")?, comments, links: links.into_iter().collect() })
}

fn one(
    item: &Object<'_>,
    raw: Option<&RawValue>,
    people: &OrganisationDirectory,
    links: &mut BTreeSet<TaskId>,
) -> Result<Comment, BadInput> {
    let missing = || BadInput::field(Code::RequiredParameterMissing, "comment", "missing");
    let members = match item.given("comment") {
        None => return Err(missing()),
        Some(Value::Object(members)) => Object::new(members),
        Some(_) => return Err(BadInput::format("comment", "not an object")),
    };
    let fields = fields(raw.ok_or_else(missing)?.get().as_bytes())?;
    if let Some(fields) = &fields {
        links.extend(linked_tasks(fields)?);
    }
    check_names(&members, people)?;
    Ok(Comment { previous: item.integer("previous_note_id")?.filter(|id| *id > 0), ..comment(&members, fields)? })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &Value) -> Result<BulkComment, BadInput> {
        let text = body.to_string();
        bulk_comment(&Object::new(body.as_object().expect("an object")), text.as_bytes(), &domain::testing::directory())
    }

    fn says(task: i64) -> Value {
        json!({"task_id": task, "comment": {"text": "hello"}})
    }

    #[test]
    fn each_comment_is_read_with_its_task() {
        let second = json!({"task_id": "8", "previous_note_id": 912, "comment": {
            "field_updates": [{"id": 1, "value": 0.10}, {"id": 2, "value": {"task_ids": [9]}}]}});
        let bulk = read(&json!({"no_tasks_in_response": "True", "comments": [says(7), second]})).expect("read");
        assert!(bulk.brief);
        assert_eq!(bulk.comments.iter().map(|(task, _)| task.0).collect::<Vec<_>>(), [7, 8]);
        assert_eq!((bulk.comments[0].1.previous, bulk.comments[1].1.previous), (None, Some(912)));
        assert!(bulk.comments[1].1.fields.is_some());
        assert_eq!(bulk.links, [TaskId(9)]);
    }

    #[test]
    fn less_than_two_the_same_twice_and_too_many_are_refused() {
        let many: Vec<_> = (1..=501).map(says).collect();
        for (comments, code) in [
            (json!([]), "less_than_two_or_not_unique_tasks"),
            (json!(null), "less_than_two_or_not_unique_tasks"),
            (json!([says(1)]), "less_than_two_or_not_unique_tasks"),
            (json!([says(1), says(2), says(1)]), "less_than_two_or_not_unique_tasks"),
            (json!(many), "limit_exceeded"),
            (json!({}), "invalid_value_format"),
            (json!([1, 2]), "invalid_value_format"),
            (json!([says(1), {"comment": {"text": "x"}}]), "required_parameter_missing"),
            (json!([says(1), {"task_id": 2}]), "required_parameter_missing"),
            (json!([says(1), {"task_id": 2, "comment": "x"}]), "invalid_value_format"),
        ] {
            assert_eq!(read(&json!({ "comments": comments })).expect_err("refused").code(), code);
        }
    }

    #[test]
    fn what_is_wrong_with_one_names_its_task() {
        let wrong = json!({"task_id": 17, "comment": {"text": 5}});
        let refused = read(&json!({"comments": [says(1), wrong]})).expect_err("refused");
        assert_eq!((refused.code(), refused.detail.starts_with("task 17: text")), ("invalid_value_format", true), "{refused:?}");
    }
}
