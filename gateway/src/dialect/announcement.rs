//! Texts of announcements and of comments under them, read. Not the decisions (`domain/src/announcement/`).

use domain::task::command::TextInput;

use super::create_task::text;
use super::{BadInput, Object};
use crate::codes::Own;

/// Reads what is said (pyrus.md §1.12).
pub fn said(body: &Object<'_>) -> Result<Option<TextInput>, BadInput> {
    body.refuse_list("attachments", Own::AttachmentsForbidden, "this installation takes no files")?;
    text(body)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_text_is_plain_or_formatted_and_without_files() {
        let read = |body: Value| said(&Object::new(body.as_object().expect("an object"))).map_err(|refused| refused.code());
        assert_eq!(read(json!({"text": "a", "attachments": []})), Ok(Some(TextInput::Plain("a".into()))));
        assert_eq!(read(json!({"formatted_text": "<b>a</b>", "text": null})), Ok(Some(TextInput::Formatted("<b>a</b>".into()))));
        assert_eq!(read(json!({})), Ok(None));
        assert_eq!(read(json!({"text": "a", "formatted_text": "a"})), Err("both_text_and_formatted_text_specified"));
        assert_eq!(read(json!({"text": "a", "attachments": ["guid"]})), Err("attachments_forbidden"));
        for wrong in [json!({"text": 5}), json!({"formatted_text": []}), json!({"attachments": 5})] {
            assert_eq!(read(wrong), Err("invalid_value_format"));
        }
    }
}
