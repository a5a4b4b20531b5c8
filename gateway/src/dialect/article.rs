//! Requests of the knowledge base, read. Not the decisions (`domain/src/article/`).

use domain::article::{Change, Command, Nature, Permit};
use domain::id::ArticleId;
use domain::{Code, PersonId};

use super::{BadInput, Object, article_id};
use crate::codes::Own;

/// Reads the body of `POST /knowledgebase` (pyrus.md §1.13).
pub fn create_article(body: &Object<'_>) -> Result<Command, BadInput> {
    let nature = match body.string("type")?.as_deref() {
        Some("article") => Nature::Article,
        Some("topic") => Nature::Topic,
        Some(_) | None => return Err(BadInput::field(Code::KnowledgeBaseInvalidRequest, "type", "neither article nor topic")),
    };
    without_files(body)?;
    Ok(Command::Create { nature, title: body.string("title")?, body: body.string("body")?, parent: parent(body)? })
}

/// Reads the body of `PUT /knowledgebase/{id}`. What is `null` stays; to the top only with `parent_topic_id_changed`.
pub fn change_article(body: &Object<'_>) -> Result<Command, BadInput> {
    let parent = match (parent(body)?, body.optional_boolean("parent_topic_id_changed")?) {
        (parent, Some(true)) => Some(parent),
        (Some(parent), None) => Some(Some(parent)),
        (_, Some(false)) | (None, None) => None,
    };
    without_files(body)?;
    Ok(Command::Change(Box::new(Change {
        title: body.string("title")?,
        body: body.string("body")?,
        parent,
        version: body.integer("version")?,
    })))
}

/// Articles take no files yet: what would be lost is refused.
fn without_files(body: &Object<'_>) -> Result<(), BadInput> {
    body.refuse_list("attachments", Own::AttachmentsForbidden, "an article takes no files")
}

/// Reads the body of `PUT /knowledgebase/{id}/permissions`.
pub fn permit_article(body: &Object<'_>) -> Result<Command, BadInput> {
    Ok(Command::Permit(Box::new(Permit {
        inherit: body.optional_boolean("inherit")?,
        readers: ids(body, "readers")?,
        editors: ids(body, "editors")?,
        open: body.optional_boolean("is_open_for_organization")?,
        public: body.optional_boolean("is_public")?,
    })))
}

/// One that is no id names a topic that is not there.
fn parent(body: &Object<'_>) -> Result<Option<ArticleId>, BadInput> {
    let unknown = || BadInput::field(Code::KnowledgeBaseInvalidParent, "parent_topic_id", "there is no such topic");
    body.string("parent_topic_id")?.map(|text| article_id::read(&text).ok_or_else(unknown)).transpose()
}

fn ids(body: &Object<'_>, name: &str) -> Result<Option<Vec<PersonId>>, BadInput> {
    let Some(value) = body.given(name) else { return Ok(None) };
    let wrong = || BadInput::format(name, "not a list of ids");
    let items = value.as_array().ok_or_else(wrong)?;
    items.iter().map(|item| super::object::integer(item).map(PersonId).ok_or_else(wrong)).collect::<Result<_, _>>().map(Some)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn change(body: Value) -> Change {
        match change_article(&Object::new(body.as_object().expect("an object"))) {
            Ok(Command::Change(change)) => *change,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_null_stays_and_only_a_word_for_it_moves_to_the_top() {
        let nulls = json!({"title": null, "body": null, "parent_topic_id": null, "parent_topic_id_changed": null});
        assert_eq!(change(nulls), Change::default());
        assert_eq!(change(json!({"parent_topic_id": null, "parent_topic_id_changed": true})).parent, Some(None));
        let id = article_id::write(ArticleId(7));
        assert_eq!(change(json!({"parent_topic_id": id})).parent, Some(Some(ArticleId(7))));
        assert_eq!(change(json!({"parent_topic_id": id, "parent_topic_id_changed": false})).parent, None);
        assert_eq!(
            change(json!({"title": "", "version": 3})),
            Change { title: Some(String::new()), version: Some(3), ..Change::default() }
        );
    }

    #[test]
    fn wrong_requests_are_told_apart() {
        type Read = fn(&Object<'_>) -> Result<Command, BadInput>;
        let code = |read: Read, body: Value| read(&Object::new(body.as_object().expect("an object"))).expect_err("refused").code();
        assert_eq!(code(create_article, json!({"type": "page", "title": "x"})), "knowledge_base_invalid_request");
        assert_eq!(code(create_article, json!({"title": "x"})), "knowledge_base_invalid_request");
        assert_eq!(code(create_article, json!({"type": "topic", "parent_topic_id": "nonsense"})), "knowledge_base_invalid_parent");
        assert_eq!(code(create_article, json!({"type": "article", "attachments": ["guid"]})), "attachments_forbidden");
        assert_eq!(code(change_article, json!({"attachments": [{"attachment_id": 7}]})), "attachments_forbidden");
        assert_eq!(code(change_article, json!({"title": 7})), "invalid_value_format");
        assert_eq!(code(permit_article, json!({"readers": "all"})), "invalid_value_format");
        assert_eq!(code(permit_article, json!({"editors": [{"id": 1}]})), "invalid_value_format");
    }
}
