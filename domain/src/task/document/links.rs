//! What the tasks are called that a task's fields link to. A document does not know: another task may be renamed at any time, and
//! its name may be nothing for the reader. So it is put into the answer by whoever looked it up. Who may know it is decided there.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::Answer;
use crate::id::TaskId;

/// How a link ends. In a text the quotation marks would have a backslash before them.
const NAMED: &str = "\"task_ids\":[";
const UNCALLED: &str = "],\"subject\":\"\"";

impl Answer {
    /// The same with these names; tasks that have none here are called nothing.
    #[must_use]
    pub fn with_subjects(mut self, subjects: &BTreeMap<TaskId, String>) -> Self {
        if !self.links.is_empty() && !subjects.is_empty() {
            for chunk in &mut self.chunks {
                if let Some(named) = std::str::from_utf8(chunk).ok().and_then(|text| named(text, subjects)) {
                    *chunk = Bytes::from(named);
                }
            }
        }
        self
    }
}

/// The JSON with the names of what it links to; nothing where it links to none of them.
pub fn named(json: &str, subjects: &BTreeMap<TaskId, String>) -> Option<String> {
    let (mut whole, mut from, mut changed) = (String::new(), 0, false);
    while let Some(begin) = json[from..].find(NAMED).map(|at| from + at + NAMED.len()) {
        let Some(length) = json[begin..].find(']') else { break };
        let end = begin + length;
        let ids = json[begin..end].split(',').filter_map(|id| id.parse().ok().map(TaskId));
        let called: Vec<&str> = ids.filter_map(|id| subjects.get(&id)).map(String::as_str).collect();
        if json[end..].starts_with(UNCALLED) && !called.is_empty() {
            // Up to the second quotation mark of the empty name.
            let value = end + UNCALLED.len() - 2;
            whole.push_str(&json[from..value]);
            whole.push_str(&serde_json::Value::from(called.join("; ")).to_string());
            from = value + 2;
            changed = true;
        } else {
            whole.push_str(&json[from..end]);
            from = end;
        }
    }
    changed.then(|| whole + &json[from..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_called_by_what_was_found_and_nothing_else_changes() {
        let subjects = [(TaskId(5), "Chairs".to_owned()), (TaskId(6), "A \"quoted\" one".to_owned())].into();
        let link = |ids: &str, name: &str| format!(r#"{{"value":{{"task_id":5,"task_ids":[{ids}],"subject":{name}}}}}"#);
        assert_eq!(named(&link("5", "\"\""), &subjects), Some(link("5", "\"Chairs\"")));
        let two = format!("[{},{}]", link("5,6,7", "\"\""), link("7", "\"\""));
        let expected = format!("[{},{}]", link("5,6,7", r#""Chairs; A \"quoted\" one""#), link("7", "\"\""));
        assert_eq!(named(&two, &subjects), Some(expected));
        let text = r#"{"text":"\"task_ids\":[5],\"subject\":\"\""}"#;
        assert_eq!((named(text, &subjects), named("{}", &subjects)), (None, None));
    }
}
