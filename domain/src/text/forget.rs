//! Cleaned HTML without one person: their name where they are mentioned, their words where they are quoted. Not the cleaning (see
//! [`super::clean`]): this reads only what that wrote.

use std::collections::HashSet;

use super::tags::{Piece, Pieces};
use crate::erasure::ERASED;
use crate::id::{PersonId, Position};

/// `html` with [`ERASED`] within each mention of `person`, and within each quotation of one of `comments` or of `person`.
/// All else is as it was, byte for byte.
pub(super) fn without_mentions_of(html: &str, person: PersonId, comments: &HashSet<Position>) -> String {
    let mut left = String::with_capacity(html.len());
    // The element whose content is left out, and how many of its name are open within it.
    let mut silent: Option<(String, usize)> = None;
    for piece in Pieces::of(html) {
        if let Some((name, depth)) = &mut silent {
            match piece {
                Piece::Open { name: opened, .. } if opened == *name => *depth += 1,
                Piece::Close { name: closed } if closed == *name && *depth > 0 => *depth -= 1,
                Piece::Close { name: closed } if closed == *name => {
                    close(&mut left, &closed);
                    silent = None;
                }
                Piece::Text(_) | Piece::Open { .. } | Piece::Close { .. } => {}
            }
            continue;
        }
        match piece {
            Piece::Text(text) => left.push_str(text),
            Piece::Close { name } => close(&mut left, &name),
            Piece::Open { name, attributes } => {
                let number = |attribute: &str| {
                    attributes.iter().find(|(known, _)| known == attribute).and_then(|(_, value)| value.parse::<i64>().ok())
                };
                let theirs = number("data-personid") == Some(person.0);
                let quoted = name == "quote" && (theirs || number("data-noteid").is_some_and(|comment| comments.contains(&comment)));
                let gone = quoted || (theirs && name == "span");
                open(&mut left, &name, &attributes, gone);
                if gone {
                    left.push_str(ERASED);
                    silent = Some((name, 0));
                }
            }
        }
    }
    left
}

fn open(left: &mut String, name: &str, attributes: &[(String, &str)], nameless: bool) {
    left.push('<');
    left.push_str(name);
    for (attribute, value) in attributes {
        let value = if nameless && attribute == "data-personname" { ERASED } else { value };
        for part in [" ", attribute, "=\"", value, "\""] {
            left.push_str(part);
        }
    }
    left.push('>');
}

fn close(left: &mut String, name: &str) {
    for part in ["</", name, ">"] {
        left.push_str(part);
    }
}
