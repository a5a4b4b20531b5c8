//! JSON whose numbers keep every digit that was written: what a request writes into fields, and what is shown of them.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use thiserror::Error;

/// Values within values; the fields of a request are not deeper.
const DEPTH_MAX: usize = 16;

/// JSON. Members keep their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Json {
    #[default]
    Null,
    Bool(bool),
    /// As it was written.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// The text is not JSON, or is nested too deep.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("not JSON that can be read as a value")]
pub struct Unreadable;

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Json {
    fn from(number: i64) -> Self {
        Self::Number(number.to_string())
    }
}

impl FromIterator<Json> for Json {
    fn from_iter<I: IntoIterator<Item = Self>>(items: I) -> Self {
        Self::List(items.into_iter().collect())
    }
}

/// As JSON, in one line.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(truth) => truth.fmt(f),
            Self::Number(digits) => f.write_str(digits),
            Self::Text(text) => quoted(text, f),
            Self::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_str(",")?;
                    }
                    item.fmt(f)?;
                }
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        f.write_str(",")?;
                    }
                    quoted(name, f)?;
                    f.write_str(":")?;
                    value.fmt(f)?;
                }
                f.write_str("}")
            }
        }
    }
}

fn quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?)
}

impl Json {
    /// An object of these members, without those that are nothing.
    pub fn object(members: impl IntoIterator<Item = (&'static str, Option<Self>)>) -> Self {
        let there = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Self::Object(there.collect())
    }

    /// Reads JSON.
    ///
    /// # Errors
    /// When it is not JSON, has a name twice in one object, or is nested deeper than 16.
    pub fn parse(json: &str) -> Result<Self, Unreadable> {
        read(json, DEPTH_MAX)
    }

    /// The member of this name, unless it is absent or `null`.
    pub fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => {
                members.iter().find(|(known, _)| known == name).map(|(_, value)| value).filter(|value| **value != Self::Null)
            }
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::List(_) => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::List(_) | Self::Object(_) => None,
        }
    }

    pub fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Object(_) => None,
        }
    }

    /// A whole number, also as digits in a text.
    pub fn integer(&self) -> Option<i64> {
        match self {
            Self::Number(digits) | Self::Text(digits) => digits.parse().ok(),
            Self::Null | Self::Bool(_) | Self::List(_) | Self::Object(_) => None,
        }
    }

    /// True or false, in the spellings of the API's clients.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            Self::Number(digits) if digits == "1" => Some(true),
            Self::Number(digits) if digits == "0" => Some(false),
            Self::Text(word) => match &**word {
                "true" | "True" | "y" | "checked" => Some(true),
                "false" | "False" | "n" | "unchecked" => Some(false),
                _ => None,
            },
            Self::Null | Self::Number(_) | Self::List(_) | Self::Object(_) => None,
        }
    }
}

fn read(json: &str, depth: usize) -> Result<Json, Unreadable> {
    let json = json.trim();
    let parsed = |unreadable: serde_json::Error| {
        let _ = unreadable;
        Unreadable
    };
    match json.as_bytes().first() {
        None => Err(Unreadable),
        Some(b'{') if depth > 0 => {
            let Members(members) = serde_json::from_str(json).map_err(parsed)?;
            let members = members.into_iter().map(|(name, value)| Ok((name, read(value.get(), depth - 1)?)));
            members.collect::<Result<_, _>>().map(Json::Object)
        }
        Some(b'[') if depth > 0 => {
            let items: Vec<&RawValue> = serde_json::from_str(json).map_err(parsed)?;
            items.into_iter().map(|item| read(item.get(), depth - 1)).collect::<Result<_, _>>().map(Json::List)
        }
        Some(b'{' | b'[') => Err(Unreadable),
        Some(b'"') => serde_json::from_str(json).map(Json::Text).map_err(parsed),
        Some(b'n') => serde_json::from_str(json).map(|()| Json::Null).map_err(parsed),
        Some(b't' | b'f') => serde_json::from_str(json).map(Json::Bool).map_err(parsed),
        Some(_) => serde_json::from_str::<&RawValue>(json).map(|number| Json::Number(number.get().to_owned())).map_err(parsed),
    }
}

/// The members of an object, each name once.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<'a>(std::marker::PhantomData<&'a ()>);

        impl<'de: 'a, 'a> serde::de::Visitor<'de> for Visitor<'a> {
            type Value = Members<'a>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members: Vec<(String, &'a RawValue)> = Vec::new();
                let mut names = std::collections::HashSet::new();
                while let Some((name, value)) = map.next_entry::<String, &'a RawValue>()? {
                    if !names.insert(name.clone()) {
                        return Err(serde::de::Error::custom("a name twice"));
                    }
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Visitor(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_every_digit() {
        let digits = "0.1234567890123456789012345678901234567890";
        assert_eq!(Json::parse(digits), Ok(Json::Number(digits.into())));
        assert_eq!(Json::parse(" [1e5, -7] "), Ok(Json::List(vec![Json::Number("1e5".into()), Json::Number("-7".into())])));
    }

    #[test]
    fn everything_that_json_has_is_read() {
        let read = Json::parse(r#"{"a": null, "b": [true, "x\u0041"], "c": {"d": 1}}"#).expect("JSON");
        assert_eq!(read.member("a"), None);
        assert_eq!(read.member("b").and_then(Json::list), Some(&[Json::Bool(true), Json::Text("xA".into())][..]));
        assert_eq!(read.member("c").and_then(|c| c.member("d")).and_then(Json::integer), Some(1));
    }

    #[test]
    fn what_is_written_is_read_as_it_was() {
        let text = r#"{"a":[1.50,-7,null,true,"x\"\n"],"b":{},"c":0.1000000000000000000000000000000055}"#;
        let read = Json::parse(text).expect("JSON");
        assert_eq!(read.to_string(), text);
    }

    #[test]
    fn what_is_not_json_or_too_deep_is_refused() {
        for wrong in
            ["", "{", "[1,]", "nul", "1 2", "'a'", "{\"a\":1,\"a\":2}", &"[".repeat(40), &format!("{}1{}", "[".repeat(17), "]".repeat(17))]
        {
            assert_eq!(Json::parse(wrong), Err(Unreadable), "{wrong}");
        }
        assert!(Json::parse(&format!("{}1{}", "[".repeat(16), "]".repeat(16))).is_ok());
    }
}
