//! What somebody does with their own inbox, read. Not the decisions (`domain/src/inbox/`).

use std::collections::BTreeMap;

use domain::inbox::{Channel, Followed, Quiet, Reason, Reasons, Settings, Silent};
use domain::{Code, FilterId, FormId, ListId, TaskId};
use serde_json::Value;

use super::{BadInput, Object};

/// Reads the body of `/follows`: one thing.
pub fn followed(body: &Object<'_>) -> Result<Followed, BadInput> {
    let given = [
        body.integer("task_id")?.map(|id| Followed::Task(TaskId(id))),
        body.integer("list_id")?.map(|id| Followed::List(ListId(id))),
        body.integer("form_id")?.map(|id| Followed::Form(FormId(id))),
        body.integer("filter_id")?.map(|id| Followed::Filter(FilterId(id))),
    ];
    let mut given = given.into_iter().flatten();
    match (given.next(), given.next()) {
        (Some(followed), None) => Ok(followed),
        (None, _) => Err(BadInput::field(Code::RequiredParameterMissing, "task_id", "one of task_id, list_id, form_id, filter_id")),
        (Some(_), Some(_)) => Err(BadInput::field(Code::InvalidInput, "task_id", "only one of task_id, list_id, form_id, filter_id")),
    }
}

/// Reads the body of `PUT /notification_settings`: all of them; what is absent is as it was before anybody set anything.
pub fn notification_settings(body: &Object<'_>) -> Result<Settings, BadInput> {
    let mut forms = BTreeMap::new();
    for form in objects("forms", body.given("forms"))? {
        let form = Object::new(form);
        let id = form.integer("form_id")?.ok_or_else(|| BadInput::field(Code::RequiredParameterMissing, "form_id", "missing"))?;
        forms.insert(FormId(id), silent(&form)?);
    }
    Ok(Settings { silent: silent(body)?, forms, quiet: quiet(body)? })
}

fn objects<'a>(name: &str, value: Option<&'a Value>) -> Result<Vec<&'a serde_json::Map<String, Value>>, BadInput> {
    let wrong = || BadInput::format(name, "not a list of objects");
    match value {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) => items.iter().map(|item| item.as_object().ok_or_else(wrong)).collect(),
        Some(_) => Err(wrong()),
    }
}

/// `silent`: by channel, the reasons for which nothing comes.
fn silent(body: &Object<'_>) -> Result<Silent, BadInput> {
    let wrong = || BadInput::format("silent", "not an object of channels");
    let mut silent = Silent::default();
    let Some(channels) = body.given("silent") else { return Ok(silent) };
    for (name, reasons) in channels.as_object().ok_or_else(wrong)? {
        let channel = Channel::ALL.into_iter().find(|channel| channel.as_str() == name).ok_or_else(wrong)?;
        *silent.on_mut(channel) = self::reasons(reasons)?;
    }
    Ok(silent)
}

fn reasons(value: &Value) -> Result<Reasons, BadInput> {
    let wrong = || BadInput::format("silent", "not a list of reasons");
    let words = match value {
        Value::Null => return Ok(Reasons::NONE),
        Value::Array(words) => words,
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => return Err(wrong()),
    };
    let reasons = words.iter().map(|word| word.as_str().and_then(Reason::of).ok_or_else(wrong));
    Ok(Reasons::of(reasons.collect::<Result<Vec<_>, _>>()?))
}

/// `quiet_hours`: from one time of the day to another.
fn quiet(body: &Object<'_>) -> Result<Option<Quiet>, BadInput> {
    let Some(hours) = body.given("quiet_hours") else { return Ok(None) };
    let hours = hours.as_object().ok_or_else(|| BadInput::format("quiet_hours", "not an object"))?;
    let hours = Object::new(hours);
    let minute = |name: &str| {
        let text = hours.string(name)?.ok_or_else(|| BadInput::field(Code::RequiredParameterMissing, name, "missing"))?;
        of_day(&text).ok_or_else(|| BadInput::format(name, "not a time of the day (hh:mm)"))
    };
    Ok(Some(Quiet { from: minute("from")?, until: minute("until")? }))
}

fn of_day(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |digits: &str, below: u16| {
        let right = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        right.then(|| digits.parse::<u16>().ok()).flatten().filter(|number| *number < below)
    };
    Some(number(hours, 24)? * 60 + number(minutes, 60)?)
}

/// A minute of the day as settings are shown.
pub fn time_of_day(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn settings(body: &Value) -> Result<Settings, &'static str> {
        notification_settings(&Object::new(body.as_object().expect("an object"))).map_err(|refused| refused.code())
    }

    #[test]
    fn one_thing_is_followed_and_not_two() {
        let read = |body: Value| followed(&Object::new(body.as_object().expect("an object"))).map_err(|refused| refused.code());
        assert_eq!(read(json!({"task_id": 7})), Ok(Followed::Task(TaskId(7))));
        assert_eq!(read(json!({"list_id": "7", "task_id": null})), Ok(Followed::List(ListId(7))));
        assert_eq!(read(json!({"form_id": 7})), Ok(Followed::Form(FormId(7))));
        assert_eq!(read(json!({"filter_id": 7})), Ok(Followed::Filter(FilterId(7))));
        assert_eq!(read(json!({})), Err("required_parameter_missing"));
        assert_eq!(read(json!({"task_id": 7, "form_id": 7})), Err("invalid_input"));
        assert_eq!(read(json!({"task_id": "x"})), Err("invalid_value_format"));
    }

    #[test]
    fn settings_are_read_as_a_whole() {
        let read = settings(&json!({
            "silent": {"mail": ["comment", "added"], "push": null},
            "forms": [{"form_id": 4, "silent": {"web": ["followed"]}}],
            "quiet_hours": {"from": "22:00", "until": "07:30"},
        }))
        .expect("read");
        assert_eq!(read.silent, Silent { mail: Reasons::of([Reason::Comment, Reason::Added]), ..Silent::default() });
        assert_eq!(read.forms[&FormId(4)], Silent { web: Reasons::of([Reason::Followed]), ..Silent::default() });
        assert_eq!(read.quiet, Some(Quiet { from: 1_320, until: 450 }));
        assert_eq!(settings(&json!({})), Ok(Settings::default()));
        assert_eq!((time_of_day(450).as_str(), time_of_day(1_439).as_str()), ("07:30", "23:59"));
    }

    #[test]
    fn what_is_no_reason_no_channel_and_no_time_is_refused() {
        for wrong in [
            json!({"silent": []}),
            json!({"silent": {"fax": []}}),
            json!({"silent": {"mail": "comment"}}),
            json!({"silent": {"mail": ["because"]}}),
            json!({"forms": {}}),
            json!({"forms": [4]}),
            json!({"quiet_hours": "night"}),
            json!({"quiet_hours": {"from": "24:00", "until": "07:00"}}),
            json!({"quiet_hours": {"from": "7:00", "until": "07:60"}}),
            json!({"quiet_hours": {"from": "22.00", "until": "07:00"}}),
        ] {
            assert_eq!(settings(&wrong), Err("invalid_value_format"), "{wrong}");
        }
        assert_eq!(settings(&json!({"quiet_hours": {"from": "22:00"}})), Err("required_parameter_missing"));
        assert_eq!(settings(&json!({"forms": [{}]})), Err("required_parameter_missing"));
    }
}
