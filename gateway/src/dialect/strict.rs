//! JSON as bytes to a value, or a clear "no". Stricter than the parser alone where the log demands it; not
//! about what the members mean.

use serde_json::{Map, Value};

use super::BadInput;
use crate::codes::Own;
use domain::Code;

/// The most items in a request that asks for many things.
pub const ITEMS_MAX: usize = 1_000;

/// Reads a body that must be one JSON list.
///
/// # Errors
/// As [`parse`]; `value_is_too_long` for more than [`ITEMS_MAX`] items.
pub fn parse_items(body: &[u8]) -> Result<Vec<Value>, BadInput> {
    match parse_any(body)? {
        Value::Array(items) if items.len() > ITEMS_MAX => Err(BadInput::new(Code::ValueIsTooLong, "more than 1000 items")),
        Value::Array(items) => Ok(items),
        _ => Err(BadInput::new(Code::InvalidValueFormat, "the body is not a JSON list")),
    }
}

/// Reads a body that must be one JSON object.
///
/// # Errors
/// - `empty_body`: nothing but white space;
/// - `invalid_request_encoding`: not UTF-8;
/// - `invalid_value_format`: U+0000 or half of a surrogate pair anywhere (they would pass into the log's
///   `json` column and break whoever reads it as text), or something other than an object;
/// - `invalid_json`: not JSON, cut off, or nested deeper than 128.
pub fn parse(body: &[u8]) -> Result<Map<String, Value>, BadInput> {
    match parse_any(body)? {
        Value::Object(members) => Ok(members),
        _ => Err(BadInput::new(Code::InvalidValueFormat, "the body is not a JSON object")),
    }
}

/// Reads a body that must be a JSON array, or an object whose one member is one.
///
/// # Errors
/// As [`parse`].
pub fn parse_list(body: &[u8]) -> Result<Vec<Value>, BadInput> {
    let wrong = || BadInput::new(Code::InvalidValueFormat, "the body is not a JSON array");
    match parse_any(body)? {
        Value::Array(items) => Ok(items),
        Value::Object(members) if members.len() == 1 => match members.into_iter().next() {
            Some((_, Value::Array(items))) => Ok(items),
            Some(_) | None => Err(wrong()),
        },
        _ => Err(wrong()),
    }
}

fn parse_any(body: &[u8]) -> Result<Value, BadInput> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(BadInput::new(Own::EmptyBody, "the request has no body"));
    }
    let text = std::str::from_utf8(body).map_err(|_| BadInput::new(Own::InvalidRequestEncoding, "the body is not UTF-8"))?;
    refuse_unstorable(text)?;
    serde_json::from_str(text).map_err(|error| {
        let place = format!("the body is not JSON that can be read: line {}, column {}", error.line(), error.column());
        BadInput::new(Own::InvalidJson, place)
    })
}

/// Refuses characters that no text can hold, written out or as escapes.
fn refuse_unstorable(text: &str) -> Result<(), BadInput> {
    if text.contains('\0') {
        return Err(unstorable());
    }
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        rest = &rest[at + 1..];
        let Some(unit) = unicode_escape(rest) else {
            // Another escape, of one character; the parser judges it.
            rest = rest.get(1..).unwrap_or_default();
            continue;
        };
        rest = &rest[5..];
        match unit {
            0 | 0xDC00..=0xDFFF => return Err(unstorable()),
            0xD800..=0xDBFF => match rest.strip_prefix(b"\\").and_then(unicode_escape) {
                Some(0xDC00..=0xDFFF) => rest = &rest[6..],
                Some(_) | None => return Err(unstorable()),
            },
            _ => {}
        }
    }
    Ok(())
}

/// The code unit of `uXXXX` at the start of `rest`.
fn unicode_escape(rest: &[u8]) -> Option<u16> {
    let digits = rest.strip_prefix(b"u")?.get(..4)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn unstorable() -> BadInput {
    BadInput::new(Code::InvalidValueFormat, "the body holds U+0000 or half of a surrogate pair")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(body: &[u8]) -> &'static str {
        parse(body).expect_err("the body is refused").code()
    }

    #[test]
    fn an_object_is_read_and_a_byte_order_mark_is_skipped() {
        assert_eq!(parse(br#" {"a": 1} "#).expect("an object")["a"], 1);
        assert_eq!(parse(b"\xEF\xBB\xBF{\"a\": 1}").expect("an object")["a"], 1);
    }

    #[test]
    fn nothing_is_an_empty_body() {
        assert_eq!(refused(b""), "empty_body");
        assert_eq!(refused(b" \r\n\t"), "empty_body");
    }

    #[test]
    fn malformed_truncated_and_deep_json_is_refused_as_json() {
        for body in [&b"{"[..], b"{\"text\":\"a", b"{\"a\":1,}", b"{a:1}", b"{\"a\":1}}", b"{\"a\":\"\\x\"}", b"{\"a\":\"\\u12\"}", b"\\"] {
            assert_eq!(refused(body), "invalid_json", "{}", String::from_utf8_lossy(body));
        }
        let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
        assert_eq!(refused(deep.as_bytes()), "invalid_json");
    }

    #[test]
    fn other_values_than_an_object_are_refused() {
        for body in [&b"[]"[..], b"1", b"null", b"\"text\""] {
            assert_eq!(refused(body), "invalid_value_format");
        }
    }

    #[test]
    fn a_list_is_read_bare_and_as_the_one_member_of_an_object() {
        for body in [&b"[1, {}]"[..], b"{\"Lists\": [1, {}]}"] {
            assert_eq!(parse_list(body).expect("a list").len(), 2);
        }
        for body in [&b"{}"[..], b"1", b"{\"a\": 1}", b"{\"a\": [], \"b\": []}", b"[\"\\u0000\"]"] {
            assert_eq!(parse_list(body).expect_err("refused").code(), "invalid_value_format");
        }
    }

    #[test]
    fn broken_utf8_is_refused() {
        assert_eq!(refused(b"{\"text\":\"\xFF\xFE\"}"), "invalid_request_encoding");
        assert_eq!(refused(b"{\"text\":\"\xC0\x80\"}"), "invalid_request_encoding");
        assert_eq!(refused(b"{\"text\":\"\xED\xA0\x80\"}"), "invalid_request_encoding");
    }

    #[test]
    fn zero_and_lone_surrogates_are_refused_in_values_keys_and_depths() {
        for body in [
            r#"{"text":"\u0000"}"#,
            r#"{"\u0000":1}"#,
            r#"{"a":[{"b":"x\u0000y"}]}"#,
            r#"{"text":"\ud800"}"#,
            r#"{"text":"\uD800x"}"#,
            r#"{"text":"\ud800\u0041"}"#,
            r#"{"text":"\udc00"}"#,
            r#"{"text":"\ud83d\ude00\ude00"}"#,
            r#"{"text":"\\\u0000"}"#,
            "{\"text\":\"\0\"}",
        ] {
            assert_eq!(refused(body.as_bytes()), "invalid_value_format", "{body}");
        }
    }

    #[test]
    fn escaped_backslashes_and_whole_pairs_are_text() {
        let read = parse(br#"{"a":"\\u0000","b":"\ud83d\ude00","c":"\/Date(1)\/"}"#).expect("text");
        assert_eq!(read["a"], "\\u0000");
        assert_eq!(read["b"], "\u{1F600}");
        assert_eq!(read["c"], "/Date(1)/");
    }
}
