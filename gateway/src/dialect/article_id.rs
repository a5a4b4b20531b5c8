//! Ids of the knowledge base as clients know them: eleven letters and digits that do not tell how many articles there are, nor
//! which came first. Not a secret: whoever has an id is still asked who they are.
//!
//! The 64 bits of the id go through a Feistel network of four rounds with fixed keys, and come out as a number in base 62, led
//! by zeros. Both ways are the same on every node and for ever: ids lie in bookmarks.

use domain::id::ArticleId;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62^11 is the first power that 64 bits fit into.
const LENGTH: usize = 11;
/// Changing one would change every id.
const KEYS: [u32; 4] = [0x9e37_79b9, 0x7f4a_7c15, 0xf39c_c060, 0x5ced_c834];

/// The id as it is written.
pub fn write(id: ArticleId) -> String {
    let mut rest = scrambled(id.0.cast_unsigned());
    let mut text = [b'0'; LENGTH];
    for place in text.iter_mut().rev() {
        let digit = usize::try_from(rest % 62).unwrap_or_default();
        *place = DIGITS[digit];
        rest /= 62;
    }
    text.iter().map(|digit| char::from(*digit)).collect()
}

/// The id that is written, if it is one.
pub fn read(text: &str) -> Option<ArticleId> {
    if text.len() != LENGTH {
        return None;
    }
    let mut number: u64 = 0;
    for character in text.bytes() {
        let digit = DIGITS.iter().position(|digit| *digit == character)?;
        number = number.checked_mul(62)?.checked_add(u64::try_from(digit).ok()?)?;
    }
    let id = unscrambled(number).cast_signed();
    (id > 0).then_some(ArticleId(id))
}

fn scrambled(id: u64) -> u64 {
    let (mut left, mut right) = halves(id);
    for key in KEYS {
        (left, right) = (right, left ^ round(right, key));
    }
    whole(left, right)
}

fn unscrambled(number: u64) -> u64 {
    let (mut left, mut right) = halves(number);
    for key in KEYS.iter().rev() {
        (left, right) = (right ^ round(left, *key), left);
    }
    whole(left, right)
}

fn round(half: u32, key: u32) -> u32 {
    let mixed = (half ^ key).wrapping_mul(0x85eb_ca6b);
    let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0xc2b2_ae35);
    mixed ^ (mixed >> 13)
}

#[expect(clippy::cast_possible_truncation, reason = "that is what halves are")]
fn halves(number: u64) -> (u32, u32) {
    ((number >> 32) as u32, number as u32)
}

fn whole(left: u32, right: u32) -> u64 {
    (u64::from(left) << 32) | u64::from(right)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_id_is_read_as_it_was_written_and_looks_like_no_other() {
        let ids = (1..20_000).chain([i64::MAX, i64::MAX - 1, 1 << 31, 1 << 32, 1 << 62]);
        let mut seen = HashSet::new();
        for id in ids.map(ArticleId) {
            let text = write(id);
            assert!(text.len() == LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{text}");
            assert_eq!(read(&text), Some(id));
            assert!(seen.insert(text));
        }
    }

    #[test]
    fn ids_are_those_of_every_release() {
        assert_eq!([1, 2, 3, 1_000_000].map(|id| write(ArticleId(id))).join(" "), "9yiYjFgpiNZ AXhxhK2WevZ IGwXvl1litl 0zfPi415usL");
    }

    #[test]
    fn what_is_no_id_is_none() {
        for wrong in ["", "structure", "0", "zzzzzzzzzzz", "LMcleQRnRq", "LMcleQRnRqBB", "LMcleQRnRq-", "LMcleQRnRЖ", "           "] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
        let zero = scrambled(0);
        let mut rest = zero;
        let mut text = Vec::new();
        for _ in 0..LENGTH {
            text.insert(0, DIGITS[usize::try_from(rest % 62).unwrap()]);
            rest /= 62;
        }
        assert_eq!(read(std::str::from_utf8(&text).unwrap()), None, "0 is no article");
    }
}
