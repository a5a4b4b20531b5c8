//! Fields and approvals of a form's task, read. Numbers keep every digit: fields are read from the body's own text.

use domain::TaskId;
use domain::json::Json;
use domain::task::command::AtSteps;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::object::person;
use super::{BadInput, Object};
use crate::codes::Own;
use domain::Code;

/// Steps of a route, as the API counts them.
const STEPS_MAX: i64 = 20;
/// Tasks that one request links to.
pub const LINKS_MAX: usize = 100;

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(borrow)]
    fields: Option<&'a RawValue>,
    #[serde(borrow)]
    field_updates: Option<&'a RawValue>,
}

/// `fields` of a new task, or `field_updates` of a comment; nothing where there are none.
///
/// # Errors
/// `invalid_json` where the body cannot be read, `invalid_value_format` where it is not a list.
pub fn fields(body: &[u8]) -> Result<Option<Json>, BadInput> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let wrong = |name| BadInput::format(name, "not a list of fields");
    let raw: Raw<'_> = serde_json::from_slice(body).map_err(|_| BadInput::new(Own::InvalidJson, "the fields cannot be read"))?;
    let (name, raw) = match (raw.fields, raw.field_updates) {
        (Some(fields), _) => ("fields", fields),
        (None, Some(updates)) => ("field_updates", updates),
        (None, None) => return Ok(None),
    };
    match Json::parse(raw.get()).map_err(|_| wrong(name))? {
        Json::Null => Ok(None),
        Json::List(fields) if fields.is_empty() => Ok(None),
        fields @ Json::List(_) => Ok(Some(fields)),
        _ => Err(wrong(name)),
    }
}

/// The tasks that fields link to: whatever a request calls `task_id` or `task_ids`.
///
/// # Errors
/// `limit_exceeded` for more than [`LINKS_MAX`].
pub fn linked_tasks(fields: &Json) -> Result<Vec<TaskId>, BadInput> {
    let mut tasks = Vec::new();
    collect(fields, &mut tasks);
    tasks.sort_unstable();
    tasks.dedup();
    if tasks.len() > LINKS_MAX { Err(BadInput::new(Code::LimitExceeded, "a request links to at most 100 tasks")) } else { Ok(tasks) }
}

fn collect(json: &Json, tasks: &mut Vec<TaskId>) {
    match json {
        Json::List(items) => items.iter().for_each(|item| collect(item, tasks)),
        Json::Object(members) => {
            for (name, value) in members {
                if name == "task_id" || name == "task_ids" {
                    let single = std::slice::from_ref(value);
                    let ids = value.list().unwrap_or(single).iter().filter_map(Json::integer);
                    tasks.extend(ids.map(TaskId));
                }
                collect(value, tasks);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => {}
    }
}

/// Persons by step: a list of lists, the first step first; or, as one client has it, a list of persons, at the current step.
pub fn at_steps(body: &Object<'_>, name: &str) -> Result<AtSteps, BadInput> {
    let Some(value) = body.given(name) else { return Ok(Vec::new()) };
    let Value::Array(items) = value else { return Err(BadInput::format(name, "not a list of persons by step")) };
    let mut steps = AtSteps::new();
    let mut current = Vec::new();
    for (number, item) in (1_u8..=u8::MAX).zip(items) {
        match item {
            Value::Array(persons) => {
                let persons = persons.iter().map(|value| person(name, approver(value))).collect::<Result<Vec<_>, _>>()?;
                if !persons.is_empty() {
                    steps.push((number, persons));
                }
            }
            other => current.push(person(name, approver(other))?),
        }
    }
    if items.len() > usize::from(u8::MAX) || steps.iter().any(|(step, _)| i64::from(*step) > STEPS_MAX) {
        return Err(BadInput::field(Code::InvalidStepNumber, name, "a route has at most 20 steps"));
    }
    if !current.is_empty() {
        steps.push((0, current));
    }
    Ok(steps)
}

/// As answers show them: `{"person": …, "step": …}`.
fn approver(value: &Value) -> &Value {
    value.get("person").unwrap_or(value)
}

/// `approval_steps`
pub fn steps(body: &Object<'_>) -> Result<Vec<u8>, BadInput> {
    let wrong = || BadInput::field(Code::InvalidStepNumber, "approval_steps", "there is no such step");
    let steps = body.integers("approval_steps")?.into_iter();
    steps.map(|step| u8::try_from(step).ok().filter(|_| (1..=STEPS_MAX).contains(&step)).ok_or_else(wrong)).collect()
}

#[cfg(test)]
mod tests {
    use domain::PersonId;
    use domain::task::command::PersonRef;
    use serde_json::json;

    use super::*;

    fn with<T>(body: &Value, read: impl Fn(&Object<'_>) -> Result<T, BadInput>) -> Result<T, BadInput> {
        read(&Object::new(body.as_object().expect("an object")))
    }

    #[test]
    fn fields_keep_every_digit() {
        let read = |body: &str| fields(body.as_bytes());
        let digits = r#"{"text":"a","fields":[{"id":1,"value":0.1000000000000000055}]}"#;
        assert_eq!(read(digits).expect("read").expect("fields").to_string(), r#"[{"id":1,"value":0.1000000000000000055}]"#);
        for nothing in ["{}", r#"{"fields":null}"#, r#"{"fields":[]}"#, r#"{"field_updates":[]}"#] {
            assert_eq!(read(nothing), Ok(None), "{nothing}");
        }
        for wrong in [r#"{"fields":{}}"#, r#"{"field_updates":5}"#] {
            assert_eq!(read(wrong).expect_err("refused").code(), "invalid_value_format");
        }
        assert_eq!(read(r#"{"fields":[],"fields":[]}"#).expect_err("refused").code(), "invalid_json");
    }

    #[test]
    fn linked_tasks_are_found_wherever_they_are() {
        let json =
            Json::parse(r#"[{"id":1,"value":{"task_id":7}},{"id":2,"value":[{"row_id":0,"cells":[{"value":{"task_ids":[9,"8",7]}}]}]}]"#);
        assert_eq!(linked_tasks(&json.expect("JSON")), Ok(vec![TaskId(7), TaskId(8), TaskId(9)]));
        let many = format!(r#"[{{"task_ids":[{}]}}]"#, (1..=101).map(|id| id.to_string()).collect::<Vec<_>>().join(","));
        assert_eq!(linked_tasks(&Json::parse(&many).expect("JSON")).expect_err("refused").code(), "limit_exceeded");
    }

    #[test]
    fn approvals_are_by_step_or_at_the_current_one() {
        let id = |id| PersonRef::Id(PersonId(id));
        let read = |value: Value| with(&json!({"approvals": value}), |body| at_steps(body, "approvals"));
        assert_eq!(read(json!([[{"id": 1}], [], [{"id": 3}, {"person": {"id": 4}}]])), Ok(vec![(1, vec![id(1)]), (3, vec![id(3), id(4)])]));
        assert_eq!(read(json!([{"id": 5}, {"email": "a@b.c"}])), Ok(vec![(0, vec![id(5), PersonRef::Email("a@b.c".into())])]));
        assert_eq!(read(json!("x")).expect_err("refused").code(), "invalid_value_format");
        assert_eq!(read(json!([[5.5]])).expect_err("refused").code(), "invalid_value_format");
        assert_eq!(read(json!(vec![json!([{"id": 1}]); 21])).expect_err("refused").code(), "invalid_step_number");
        for wrong in [json!([0]), json!([21]), json!([1, -1])] {
            assert_eq!(with(&json!({"approval_steps": wrong}), steps).expect_err("refused").code(), "invalid_step_number");
        }
    }
}
