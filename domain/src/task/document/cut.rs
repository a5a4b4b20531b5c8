//! An answer without the lists that its reader may not know of. Which these are is decided in [`crate::task::access`].

use std::collections::BTreeSet;

use bytes::Bytes;

use super::Answer;
use crate::id::ListId;

/// How each member that holds ids of lists ends: `list_ids`, `added_list_ids`, `removed_list_ids`. In a text the quotation mark
/// would have a backslash before it.
const NAMED: &[u8] = b"list_ids\":[";

impl Answer {
    /// The same without these lists; a member that holds nothing then is left out. What names none of them is shared as it is.
    pub fn without_lists(mut self, hidden: &BTreeSet<ListId>) -> Self {
        if !hidden.is_empty() {
            for chunk in &mut self.chunks {
                if let Some(cut) = cut(chunk, hidden) {
                    *chunk = cut;
                }
            }
        }
        self
    }
}

/// The chunk without these lists; nothing where it names none of them.
fn cut(chunk: &[u8], hidden: &BTreeSet<ListId>) -> Option<Bytes> {
    let (mut kept, mut from, mut changed) = (Vec::with_capacity(chunk.len()), 0, false);
    while let Some(at) = find(&chunk[from..], NAMED) {
        let begin = from + at + NAMED.len();
        let Some(length) = chunk[begin..].iter().position(|byte| *byte == b']') else { break };
        let text = std::str::from_utf8(&chunk[begin..begin + length]).unwrap_or_default();
        let is_shown = |id: &&str| id.parse().is_ok_and(|id| !hidden.contains(&ListId(id)));
        let shown: Vec<&str> = text.split(',').filter(is_shown).collect();
        let after = begin + length + 1;
        if shown.is_empty() {
            // The member's name begins with the quotation mark before it, and something always stands before that.
            let name = chunk[from..from + at].iter().rposition(|byte| *byte == b'"').map_or(from + at, |name| from + name);
            kept.extend_from_slice(&chunk[from..name]);
            from = after;
            if chunk.get(after) == Some(&b',') {
                from += 1;
            } else if kept.last() == Some(&b',') {
                kept.pop();
            }
            changed = true;
        } else {
            kept.extend_from_slice(&chunk[from..begin]);
            kept.extend_from_slice(shown.join(",").as_bytes());
            changed |= shown.len() < text.split(',').count();
            from = begin + length;
        }
    }
    kept.extend_from_slice(&chunk[from..]);
    changed.then(|| Bytes::from(kept))
}

fn find(within: &[u8], wanted: &[u8]) -> Option<usize> {
    within.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::id::ListId;
    use crate::task::event::{Commented, Event, Text};
    use crate::task::{Document, Task};
    use crate::testing::{directory, given, task_created};

    fn lists(ids: &[i64]) -> Vec<ListId> {
        ids.iter().copied().map(ListId).collect()
    }

    /// What a task shows that was put into 1, 2 and 3 and taken out of 3, to who may not know of `hidden`.
    fn shown(hidden: &[i64]) -> Value {
        let text = Text { text: "a text with \"list_ids\":[1,2] in it".into(), ..Text::default() };
        let task = given::<Task>([
            task_created("list_ids\":[1]"),
            Event::AddedToLists { lists: lists(&[1, 2, 3]) },
            Event::RemovedFromLists { lists: lists(&[3]) },
            Event::Commented(Box::new(Commented::from(text))),
        ]);
        let mut document = Document::default();
        for (header, event) in task.history() {
            document.apply(event, header, &directory());
        }
        assert_eq!(document.lists().iter().copied().collect::<Vec<_>>(), lists(&[1, 2, 3]));
        let answer = document.answer().without_lists(&lists(hidden).into_iter().collect());
        serde_json::from_slice(&answer.to_vec()).expect("JSON")
    }

    #[test]
    fn lists_that_are_hidden_are_named_nowhere_and_nothing_else_changes() {
        let whole = shown(&[]);
        assert_eq!(shown(&[4]), whole);
        for (hidden, left, added, removed) in [
            (&[1][..], json!([2]), json!([2, 3]), json!([3])),
            (&[3], json!([1, 2]), json!([1, 2]), Value::Null),
            (&[1, 2], Value::Null, json!([3]), json!([3])),
            (&[1, 2, 3], Value::Null, Value::Null, Value::Null),
        ] {
            let mut expected = whole.clone();
            let mut set = |at: &str, name: &str, value: Value| {
                let object = expected.pointer_mut(at).and_then(Value::as_object_mut).expect("an object");
                assert!(object.contains_key(name), "{at} has no {name}");
                if value.is_null() {
                    object.remove(name)
                } else {
                    object.insert(name.to_owned(), value)
                };
            };
            set("/task", "list_ids", left);
            set("/task/comments/1", "added_list_ids", added);
            set("/task/comments/2", "removed_list_ids", removed);
            assert_eq!(shown(hidden), expected, "{hidden:?}");
        }
    }
}
