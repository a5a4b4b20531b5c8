//! Text from people: what is refused, and the cleaning of formatted text. Which part of a request
//! may hold which text is the verbs' matter.

mod clean;
mod forget;
mod tags;

#[cfg(test)]
mod properties;

use std::collections::HashSet;

use thiserror::Error;

use crate::erasure::ERASED;
use crate::id::{PersonId, Position};

/// Why a text is not taken.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Unfit {
    /// U+0000 is the one that matters most: it would pass into a `json` column and break every
    /// follower that reads the text out of it. The others below U+0020 mean nothing in a text, line
    /// breaks and tabs aside.
    ///
    /// In a text of one line also what breaks it elsewhere, and what turns its direction: a name that holds U+202E reads
    /// otherwise than it is.
    #[error("the text holds a control character")]
    ControlCharacter,
    #[error("the text is too long")]
    TooLong,
}

/// Characters in a text, formatted or not, markup included.
pub const CHARACTERS_MAX: usize = 100_000;

/// Bytes that a text may take in an event, its plain and its formatted form together. The log takes
/// 256 KiB an event; the rest is for the people whom the event names.
pub const BYTES_MAX: usize = 200 * 1024;

/// A text that was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Without markup. Empty when the formatted text says nothing.
    pub text: String,
    /// Cleaned HTML, when it was formatted.
    pub formatted_text: Option<String>,
    /// The persons called by name outside of quotations, each once, in order.
    pub mentions: Vec<PersonId>,
    /// The comment that the first quotation is of.
    pub reply_to: Option<Position>,
}

/// Takes a text without markup.
pub fn plain(text: &str) -> Result<Written, Unfit> {
    check_lines(text, CHARACTERS_MAX)?;
    within_an_event(Written { text: text.to_owned(), ..Written::default() })
}

/// Takes a formatted text: keeps the markup that the API knows and drops the rest.
pub fn formatted(html: &str) -> Result<Written, Unfit> {
    check_lines(html, CHARACTERS_MAX)?;
    within_an_event(clean::written(html)?)
}

/// Cleaned HTML without the name of `person` in mentions of them, and without the words of `comments` in quotations; nothing
/// where it holds neither.
pub(crate) fn without_mentions_of(html: &str, person: PersonId, comments: &HashSet<Position>) -> Option<Written> {
    let left = forget::without_mentions_of(html, person, comments);
    // It was taken once; should the limits have become narrower since, none of it is kept.
    let nothing = || Written { text: ERASED.to_owned(), formatted_text: Some(ERASED.to_owned()), ..Written::default() };
    (left != html).then(|| clean::written(&left).unwrap_or_else(|_| nothing()))
}

fn within_an_event(written: Written) -> Result<Written, Unfit> {
    let bytes = json_bytes(&written.text) + written.formatted_text.as_deref().map_or(0, json_bytes);
    if bytes > BYTES_MAX { Err(Unfit::TooLong) } else { Ok(written) }
}

/// The bytes of `text` as JSON writes it.
pub(crate) fn json_bytes(text: &str) -> usize {
    text.len() + text.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | b'\n' | b'\r' | b'\t')).count()
}

/// Takes a text of several lines: no control characters but line breaks and tabs, at most
/// `characters_max` characters.
pub fn check_lines(text: &str, characters_max: usize) -> Result<(), Unfit> {
    check(text, characters_max, |character| matches!(character, '\n' | '\r' | '\t'))
}

/// Takes a text of one line, such as a name: no control characters, nothing that breaks the line or turns its direction
/// (U+202A to U+202E, U+2066 to U+2069), at most `characters_max` characters.
pub fn check_line(text: &str, characters_max: usize) -> Result<(), Unfit> {
    if text.chars().any(|character| is_bidi_control(character) || matches!(character, '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}')) {
        return Err(Unfit::ControlCharacter);
    }
    check(text, characters_max, |_| false)
}

/// Embeddings, overrides and isolates (UAX #9); the marks U+200E and U+200F turn nothing but themselves, and are text.
const fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn check(text: &str, characters_max: usize, allowed: impl Fn(char) -> bool) -> Result<(), Unfit> {
    if text.chars().any(|character| (character < ' ' || character == '\u{7f}') && !allowed(character)) {
        return Err(Unfit::ControlCharacter);
    }
    if text.len() > characters_max && text.chars().count() > characters_max {
        return Err(Unfit::TooLong);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_refused_wherever_they_stand() {
        for text in ["\0", "a\0b", "\u{1}", "a\u{1f}", "\u{7f}", "\u{b}"] {
            assert_eq!(check_lines(text, 10), Err(Unfit::ControlCharacter), "{text:?}");
        }
        assert_eq!(check_lines("a\r\n\tb", 10), Ok(()));
        assert_eq!(check_line("a\nb", 10), Err(Unfit::ControlCharacter));
    }

    #[test]
    fn what_turns_the_direction_of_a_name_is_refused_and_what_is_written_from_right_to_left_is_not() {
        for control in ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}').chain(['\u{85}', '\u{2028}', '\u{2029}']) {
            assert_eq!(check_line(&format!("An{control}na"), 10), Err(Unfit::ControlCharacter), "{control:?}");
        }
        assert_eq!(check_line("אנה \u{200f}", 10), Ok(()));
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(check_line("жжж", 3), Ok(()));
        assert_eq!(check_line("жжжж", 3), Err(Unfit::TooLong));
    }
}
