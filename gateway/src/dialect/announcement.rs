//! Texts of announcements and of comments under them, read. Not the decisions (`domain/src/announcement/`).

use domain::announcement::Say;

use super::create_task::text;
use super::{BadInput, Object};

/// Reads what is said (pyrus.md §1.12). What is found of its files is put in by whoever looks for them.
pub fn said(body: &Object<'_>) -> Result<Say, BadInput> {
    Ok(Say { text: text(body)?, attachments: body.files("attachments")?, ..Say::default() })
}

#[cfg(test)]
mod tests {
    use domain::file::Wanted;
    use domain::id::FileId;
    use domain::task::command::TextInput;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_text_is_plain_or_formatted_and_files_come_with_it() {
        let read = |body: Value| said(&Object::new(body.as_object().expect("an object"))).map_err(|refused| refused.code());
        let plain = Say::from(TextInput::Plain("a".into()));
        assert_eq!(read(json!({"text": "a"})), Ok(plain.clone()));
        assert_eq!(read(json!({"text": "a", "attachments": []})), Ok(Say { attachments: Some(Vec::new()), ..plain.clone() }));
        let known = Some(vec![Wanted::Known(FileId(7))]);
        assert_eq!(read(json!({"text": "a", "attachments": [{"attachment_id": 7}]})), Ok(Say { attachments: known, ..plain }));
        assert_eq!(read(json!({"formatted_text": "<b>a</b>", "text": null})), Ok(TextInput::Formatted("<b>a</b>".into()).into()));
        assert_eq!(read(json!({})), Ok(Say::default()));
        assert_eq!(read(json!({"text": "a", "formatted_text": "a"})), Err("both_text_and_formatted_text_specified"));
        assert_eq!(read(json!({"text": "a", "attachments": ["guid"]})), Err("unrecognized_attachment_id"));
        for wrong in [json!({"text": 5}), json!({"formatted_text": []}), json!({"attachments": 5})] {
            assert_eq!(read(wrong), Err("invalid_value_format"));
        }
    }
}
