//! Text from people: what is refused, and the cleaning of formatted text. Which part of a request
//! may hold which text is the verbs' matter.

use thiserror::Error;

/// Why a text is not taken.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Unfit {
    /// U+0000 is the one that matters most: it would pass into a `json` column and break every
    /// follower that reads the text out of it. The other control characters mean nothing in a text.
    #[error("the text holds a control character")]
    ControlCharacter,
    #[error("the text is too long")]
    TooLong,
}

/// Takes a text of several lines: no control characters but line breaks and tabs, at most
/// `characters_max` characters.
pub fn check_lines(text: &str, characters_max: usize) -> Result<(), Unfit> {
    check(text, characters_max, |character| matches!(character, '\n' | '\r' | '\t'))
}

/// Takes a text of one line: no control characters, at most `characters_max` characters.
pub fn check_line(text: &str, characters_max: usize) -> Result<(), Unfit> {
    check(text, characters_max, |_| false)
}

fn check(text: &str, characters_max: usize, allowed: impl Fn(char) -> bool) -> Result<(), Unfit> {
    if text.chars().any(|character| character.is_control() && !allowed(character)) {
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
        for text in ["\0", "a\0b", "\u{1}", "a\u{1f}", "\u{7f}", "\u{9b}", "\u{b}"] {
            assert_eq!(check_lines(text, 10), Err(Unfit::ControlCharacter), "{text:?}");
        }
        assert_eq!(check_lines("a\r\n\tb", 10), Ok(()));
        assert_eq!(check_line("a\nb", 10), Err(Unfit::ControlCharacter));
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(check_line("жжж", 3), Ok(()));
        assert_eq!(check_line("жжжж", 3), Err(Unfit::TooLong));
    }
}
