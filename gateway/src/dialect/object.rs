//! One JSON object of a request, asked member by member: each accessor knows the spellings that clients use
//! for its type, and its error names the member. `null` is the same as absent.

use domain::PersonId;
use domain::file::Wanted;
use domain::file::wanted::Unwanted;
use domain::json::Json;
use domain::task::command::PersonRef;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::{BadInput, InputCode};
use domain::Code;

/// Ids go to clients that keep them in 32 or 64 bits; comments' ids need all of the latter.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    members: &'a Map<String, Value>,
}

impl<'a> Object<'a> {
    pub fn new(members: &'a Map<String, Value>) -> Self {
        Self { members }
    }

    /// All members that are neither absent nor `null`.
    pub fn members(&self) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        self.members.iter().filter(|(_, value)| !value.is_null())
    }

    /// The member, unless it is absent or `null`.
    pub fn given(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    pub fn string(&self, name: &str) -> Result<Option<String>, BadInput> {
        match self.given(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(BadInput::format(name, "not a text")),
        }
    }

    /// A whole number, also as digits in a text.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, BadInput> {
        self.given(name).map(|value| integer(value).ok_or_else(|| BadInput::format(name, "not a whole number"))).transpose()
    }

    /// Whole numbers: a list of them, or a text with commas between them.
    pub fn integers(&self, name: &str) -> Result<Vec<i64>, BadInput> {
        let wrong = || BadInput::format(name, "not a list of whole numbers");
        match self.given(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => items.iter().map(|item| integer(item).ok_or_else(wrong)).collect(),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(Vec::new()),
            Some(Value::String(text)) => text.split(',').map(|item| item.trim().parse().map_err(|_| wrong())).collect(),
            Some(_) => Err(wrong()),
        }
    }

    /// `true`/`false`, `True`/`False`, `y`/`n`, 1/0; absent is `false`.
    pub fn boolean(&self, name: &str) -> Result<bool, BadInput> {
        Ok(self.optional_boolean(name)?.unwrap_or(false))
    }

    pub fn optional_boolean(&self, name: &str) -> Result<Option<bool>, BadInput> {
        let Some(value) = self.given(name) else { return Ok(None) };
        let truth = match value {
            Value::Bool(truth) => Some(*truth),
            Value::Number(number) => match number.as_i64() {
                Some(0) => Some(false),
                Some(1) => Some(true),
                Some(_) | None => None,
            },
            Value::String(word) => spelt_boolean(word),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        truth.map(Some).ok_or_else(|| BadInput::format(name, "neither true nor false"))
    }

    /// `YYYY-MM-DD`, or Newtonsoft's `/Date(milliseconds+hhmm)/` in its own offset.
    pub fn date(&self, name: &str) -> Result<Option<Date>, BadInput> {
        let Some(text) = self.string(name)? else { return Ok(None) };
        let date = match newtonsoft(&text) {
            Some((moment, offset)) => Some(offset.to_datetime(moment).date()),
            // A longer text would be a date with a time, and the time would be lost.
            None => (text.len() == 10).then(|| text.parse().ok()).flatten(),
        };
        date.map(Some).ok_or_else(|| BadInput::format(name, "not a date (YYYY-MM-DD)"))
    }

    /// ISO 8601, with seconds or without, in UTC where no offset is given; or `/Date(milliseconds+hhmm)/`.
    pub fn moment(&self, name: &str) -> Result<Option<Timestamp>, BadInput> {
        let Some(text) = self.string(name)? else { return Ok(None) };
        let moment = newtonsoft(&text).map(|(moment, _)| moment).or_else(|| text.parse::<Timestamp>().ok()).or_else(|| {
            // A date alone names no moment.
            let local = text.strip_suffix('Z').unwrap_or(&text);
            let civil = local.contains('T').then(|| local.parse::<DateTime>().ok()).flatten()?;
            Offset::UTC.to_timestamp(civil).ok()
        });
        moment.map(Some).ok_or_else(|| BadInput::format(name, "not a date with a time (YYYY-MM-DDThh:mm:ssZ)"))
    }

    /// `{"id":N}` or `{"email":"…"}`, or the bare id.
    pub fn person(&self, name: &str) -> Result<Option<PersonRef>, BadInput> {
        self.given(name).map(|value| person(name, value)).transpose()
    }

    /// A list of persons, also in lists within the list (steps).
    pub fn persons(&self, name: &str) -> Result<Vec<PersonRef>, BadInput> {
        let Some(value) = self.given(name) else { return Ok(Vec::new()) };
        let Value::Array(items) = value else { return Err(BadInput::format(name, "not a list of persons")) };
        let mut persons = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Value::Array(step) => {
                    for value in step {
                        persons.push(person(name, value)?);
                    }
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => persons.push(person(name, item)?),
            }
        }
        Ok(persons)
    }

    /// Files, as [`Wanted::all_of`] reads them; nothing where the member is absent.
    pub fn files(&self, name: &str) -> Result<Option<Vec<Wanted>>, BadInput> {
        let Some(value) = self.given(name) else { return Ok(None) };
        let wrong = || BadInput::format(name, "not a list of files");
        let list = value.is_array().then(|| Json::parse(&value.to_string()).ok()).flatten().ok_or_else(wrong)?;
        Wanted::all_of(&list).map(Some).map_err(|unwanted| match unwanted {
            Unwanted::Type => wrong(),
            Unwanted::Unknown => BadInput::field(Code::UnrecognizedAttachmentId, name, "there is no such file"),
            Unwanted::TooMany => BadInput::field(Code::TooManyAttachments, name, "a request attaches at most 100 files"),
        })
    }

    /// Refuses with `code` when the member is there and is not empty; a wrong type is refused as such.
    pub fn refuse_list(&self, name: &str, code: impl Into<InputCode>, detail: &str) -> Result<(), BadInput> {
        match self.given(name) {
            None => Ok(()),
            Some(Value::Array(items)) if items.is_empty() => Ok(()),
            Some(Value::Array(_)) => Err(BadInput::field(code, name, detail)),
            Some(_) => Err(BadInput::format(name, "not a list")),
        }
    }
}

/// `true`/`false` in the spellings of the API's clients, also in queries.
pub fn spelt_boolean(word: &str) -> Option<bool> {
    match word {
        "true" | "True" | "y" | "Y" | "1" => Some(true),
        "false" | "False" | "n" | "N" | "0" => Some(false),
        _ => None,
    }
}

pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(digits) => digits.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

pub(super) fn person(name: &str, value: &Value) -> Result<PersonRef, BadInput> {
    match value {
        Value::Object(members) => {
            let object = Object::new(members);
            if let Some(id) = object.given("id") {
                return integer(id)
                    .map(|id| PersonRef::Id(PersonId(id)))
                    .ok_or_else(|| BadInput::format(name, "a person's id is not a number"));
            }
            match object.string("email") {
                Ok(Some(email)) => Ok(PersonRef::Email(email)),
                Ok(None) => Err(BadInput::field(Code::PersonIdentityMissing, name, "a person without id and email")),
                Err(_) => Err(BadInput::format(name, "a person's email is not a text")),
            }
        }
        Value::Number(_) => integer(value).map(|id| PersonRef::Id(PersonId(id))).ok_or_else(|| BadInput::format(name, "not a person")),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) => Err(BadInput::format(name, "not a person")),
    }
}

/// Newtonsoft's `MicrosoftDateFormat`, which the C# client uses: `/Date(1704164645000+0300)/`.
fn newtonsoft(text: &str) -> Option<(Timestamp, Offset)> {
    let content = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
    let sign = content.char_indices().skip(1).find(|(_, letter)| matches!(letter, '+' | '-')).map(|(at, _)| at);
    let (milliseconds, offset) = match sign {
        None => (content, Offset::UTC),
        Some(at) => {
            let (milliseconds, zone) = content.split_at(at);
            let (hours, minutes) = (zone.get(1..3)?.parse::<i64>().ok()?, zone.get(3..)?.parse::<i64>().ok()?);
            let seconds = (hours * 60 + minutes) * 60;
            let seconds = if zone.starts_with('-') { -seconds } else { seconds };
            (milliseconds, Offset::from_seconds(i32::try_from(seconds).ok()?).ok()?)
        }
    };
    let moment = Timestamp::from_duration(SignedDuration::from_millis(milliseconds.parse().ok()?)).ok()?;
    Some((moment, offset))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with<T>(value: Value, ask: impl Fn(&Object<'_>) -> Result<T, BadInput>) -> Result<T, BadInput> {
        let mut members = Map::new();
        members.insert("it".to_owned(), value);
        ask(&Object::new(&members))
    }

    #[test]
    fn booleans_in_every_spelling() {
        for spelling in [json!(true), json!("true"), json!("True"), json!("y"), json!("1"), json!(1)] {
            assert_eq!(with(spelling, |object| object.boolean("it")), Ok(true));
        }
        for spelling in [json!(false), json!("false"), json!("False"), json!("n"), json!("0"), json!(0), json!(null)] {
            assert_eq!(with(spelling, |object| object.boolean("it")), Ok(false));
        }
        for other in [json!("yes"), json!(2), json!({}), json!([1]), json!("")] {
            assert_eq!(with(other, |object| object.boolean("it")).expect_err("refused").code(), "invalid_value_format");
        }
    }

    #[test]
    fn dates_in_both_formats() {
        let date = |text: &str| with(json!(text), |object| object.date("it"));
        assert_eq!(date("2024-02-29"), Ok(Some(Date::constant(2024, 2, 29))));
        assert_eq!(
            date("/Date(1704142800000+0300)/"),
            Ok(Some(Date::constant(2024, 1, 2))),
            "midnight in Moscow is still the day before in UTC"
        );
        for wrong in ["2023-02-29", "2024-1-1", "29.02.2024", "2024-02-29T10:00:00Z", "", "/Date(x)/", "/Date(1+03)/"] {
            assert_eq!(date(wrong).expect_err(wrong).code(), "invalid_value_format");
        }
    }

    #[test]
    fn moments_with_and_without_seconds_and_offsets() {
        let moment = |text: &str| with(json!(text), |object| object.moment("it"));
        let wanted: Timestamp = "2024-01-02T03:04:00Z".parse().expect("a moment");
        for spelling in
            ["2024-01-02T03:04:00Z", "2024-01-02T03:04Z", "2024-01-02T03:04:00", "2024-01-02T06:04:00+03:00", "/Date(1704164640000+0300)/"]
        {
            assert_eq!(moment(spelling), Ok(Some(wanted)), "{spelling}");
        }
        for wrong in ["2024-01-02", "soon", "2024-01-02T25:00:00Z", "/Date(99999999999999999999)/", "/Date()/"] {
            assert_eq!(moment(wrong).expect_err(wrong).code(), "invalid_value_format");
        }
    }

    #[test]
    fn persons_by_id_by_address_and_within_steps() {
        let read = with(json!([{"id": 1}, {"email": "a@b.c"}, 7, [{"id": "9"}]]), |object| object.persons("it")).expect("persons");
        let id = |id| PersonRef::Id(PersonId(id));
        assert_eq!(read, [id(1), PersonRef::Email("a@b.c".to_owned()), id(7), id(9)]);
    }

    #[test]
    fn a_person_without_identity_and_a_wrong_type_are_told_apart() {
        let refused = |value: Value| with(value, |object| object.persons("it")).expect_err("refused").code();
        assert_eq!(refused(json!([{"first_name": "Ann"}])), "person_identity_missing");
        for wrong in [
            json!("a@b.c"),
            json!({"id": 1}),
            json!([true]),
            json!([null]),
            json!([{"id": "x"}]),
            json!([{"id": 1.5}]),
            json!([{"email": 5}]),
            json!([[[1]]]),
        ] {
            assert_eq!(refused(wrong), "invalid_value_format");
        }
    }

    #[test]
    fn whole_numbers_also_as_digits() {
        let number = |value: Value| with(value, |object| object.integer("it"));
        assert_eq!(number(json!(5)), Ok(Some(5)));
        assert_eq!(number(json!("5")), Ok(Some(5)));
        assert_eq!(number(json!(null)), Ok(None));
        for wrong in [json!(1.5), json!("five"), json!(true), json!({}), json!(1e300), json!(u64::MAX)] {
            assert_eq!(number(wrong).expect_err("refused").code(), "invalid_value_format");
        }
    }
}
