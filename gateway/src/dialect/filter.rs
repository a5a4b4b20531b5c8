//! Questions about tasks that are kept (subscriptions, saved filters), read: what they look through, and for what. Not what they find.

use domain::filter::{Change, Column, Over, Presentation, Query, Settings, Shared, Sort, View, Whose};
use domain::form::FieldId;
use domain::{Code, FormId, ListId, PersonId};
use serde_json::{Map, Value};

use super::object::integer;
use super::{BadInput, Object};
use crate::codes::Own;

/// What of a register belongs to one answer, and to no saved filter.
const OF_AN_ANSWER: [&str; 6] = ["after", "item_count", "format", "delimiter", "encoding", "simple_format"];

/// Reads a query: `form_id` with what its register may be asked, `list_id` with `include_archived`, `inbox`, `responsible` or
/// `approver` with a person's id or `me`.
///
/// # Errors
/// `invalid_value_format`, also where nothing is named; `invalid_input` where more than one is.
pub fn query(query: &Map<String, Value>) -> Result<Query, BadInput> {
    let object = Object::new(query);
    let given = [
        object.integer("form_id")?.map(|id| Over::Form(FormId(id))),
        object.integer("list_id")?.map(|id| Over::List(ListId(id))),
        whose(&object, "responsible")?.map(Over::Responsible),
        whose(&object, "approver")?.map(Over::Approver),
        object.boolean("inbox")?.then_some(Over::Inbox),
    ];
    let wanted = "one of form_id, list_id, responsible, approver, inbox";
    let mut given = given.into_iter().flatten();
    let over = match (given.next(), given.next()) {
        (Some(over), None) => over,
        (None, _) => return Err(BadInput::format("query", wanted)),
        (Some(_), Some(_)) => return Err(BadInput::field(Code::InvalidInput, "query", &format!("only {wanted}"))),
    };
    let names = ["form_id", "list_id", "responsible", "approver", "inbox"];
    let members = object.members().filter(|(name, _)| !names.contains(&name.as_str()));
    Ok(Query { over, members: members.map(|(name, value)| (name.clone(), value.clone())).collect() })
}

fn whose(object: &Object<'_>, name: &str) -> Result<Option<Whose>, BadInput> {
    if object.given(name).and_then(Value::as_str) == Some("me") {
        return Ok(Some(Whose::Me));
    }
    Ok(object.integer(name)?.map(|id| Whose::Person(PersonId(id))))
}

/// A query as it was written.
pub fn written(query: &Query) -> Map<String, Value> {
    let of = |whose| match whose {
        Whose::Me => Value::from("me"),
        Whose::Person(person) => Value::from(person.0),
    };
    let (name, value) = match query.over {
        Over::Form(form) => ("form_id", Value::from(form.0)),
        Over::List(list) => ("list_id", Value::from(list.0)),
        Over::Inbox => ("inbox", Value::from(true)),
        Over::Responsible(whose) => ("responsible", of(whose)),
        Over::Approver(whose) => ("approver", of(whose)),
    };
    [(name.to_owned(), value)].into_iter().chain(query.members.clone()).collect()
}

/// Reads the body of `POST /filters`.
pub fn create_filter(body: &Object<'_>) -> Result<Settings, BadInput> {
    let missing = |name| BadInput::field(Code::RequiredParameterMissing, name, "missing");
    let Change { name, query, presentation, shared } = change_filter(body)?;
    Ok(Settings {
        name: name.ok_or_else(|| missing("name"))?,
        query: query.ok_or_else(|| missing("query"))?,
        presentation: presentation.unwrap_or_default(),
        shared: shared.unwrap_or_default(),
    })
}

/// Reads the body of `PUT /filters/{id}`: what is present changes, each as a whole.
pub fn change_filter(body: &Object<'_>) -> Result<Change, BadInput> {
    Ok(Change {
        name: body.string("name")?,
        query: members(body, "query")?.map(saved).transpose()?,
        presentation: members(body, "presentation")?.map(presentation).transpose()?,
        shared: members(body, "shared_with")?.map(shared).transpose()?,
    })
}

fn members<'a>(body: &Object<'a>, name: &str) -> Result<Option<&'a Map<String, Value>>, BadInput> {
    body.given(name).map(|value| value.as_object().ok_or_else(|| BadInput::format(name, "not an object"))).transpose()
}

/// A query that is kept. What a form's register may be asked is checked where the form is known.
fn saved(members: &Map<String, Value>) -> Result<Query, BadInput> {
    let query = query(members)?;
    let takes = |name: &str| match query.over {
        Over::Form(_) => !OF_AN_ANSWER.contains(&name),
        Over::List(_) => name == "include_archived",
        Over::Inbox | Over::Responsible(_) | Over::Approver(_) => false,
    };
    match query.members.keys().find(|name| !takes(name)) {
        Some(name) => Err(BadInput::field(Own::FilterTypeIsNotSupported, name, "this is no part of such a filter")),
        None => Ok(query),
    }
}

fn presentation(members: &Map<String, Value>) -> Result<Presentation, BadInput> {
    let object = Object::new(members);
    let view = object.string("view")?.map(|word| {
        let view = View::ALL.into_iter().find(|view| view.as_str() == word);
        view.ok_or_else(|| BadInput::format("presentation.view", "none of table, board and chart"))
    });
    let columns = match object.given("columns") {
        None => Vec::new(),
        Some(Value::Array(columns)) => columns.iter().map(|value| column("presentation.columns", value)).collect::<Result<_, _>>()?,
        Some(_) => return Err(BadInput::format("presentation.columns", "not a list")),
    };
    let sort = self::members(&object, "sort").map_err(|_| BadInput::format("presentation.sort", "not an object"))?;
    let sort = sort.map(|sort| {
        let sort = Object::new(sort);
        let by = sort.given("by").ok_or_else(|| BadInput::field(Code::RequiredParameterMissing, "presentation.sort", "by is missing"))?;
        Ok::<_, BadInput>(Sort { by: column("presentation.sort", by)?, descending: sort.boolean("descending")? })
    });
    Ok(Presentation {
        view: view.transpose()?.unwrap_or_default(),
        columns,
        sort: sort.transpose()?,
        group_by: object.given("group_by").map(|value| column("presentation.group_by", value)).transpose()?,
    })
}

/// A field by its id, or a word.
fn column(place: &str, value: &Value) -> Result<Column, BadInput> {
    let wrong = || BadInput::format(place, "neither a field's id nor a word");
    match (integer(value), value) {
        (Some(id), _) => u32::try_from(id).map(|id| Column::Field(FieldId(id))).map_err(|_| wrong()),
        (None, Value::String(word)) => Ok(Column::Word(word.clone())),
        (None, Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => Err(wrong()),
    }
}

fn shared(members: &Map<String, Value>) -> Result<Shared, BadInput> {
    let object = Object::new(members);
    let wrong = |_| BadInput::format("shared_with", "everyone is true or false, person_ids and role_ids are lists of ids");
    let mut with = object.integers("person_ids").map_err(wrong)?;
    with.extend(object.integers("role_ids").map_err(wrong)?);
    Ok(Shared { everyone: object.boolean("everyone").map_err(wrong)?, with: with.into_iter().map(PersonId).collect() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &Value) -> Result<Settings, (&'static str, Option<String>)> {
        create_filter(&Object::new(body.as_object().expect("an object"))).map_err(|bad| (bad.code(), bad.field))
    }

    #[test]
    fn a_filter_is_read_and_its_query_written_as_it_was() {
        let query = json!({ "form_id": 5, "fld3": "gt5", "include_archived": true });
        let read = read(&json!({
            "name": "Late", "query": query,
            "presentation": { "view": "board", "columns": ["id", 3, "4"], "sort": { "by": 3, "descending": true }, "group_by": "step" },
            "shared_with": { "everyone": true, "person_ids": [12], "role_ids": [40] },
        }))
        .expect("read");
        assert_eq!((read.query.over, Value::from(written(&read.query))), (Over::Form(FormId(5)), query));
        let field = |id| Column::Field(FieldId(id));
        assert_eq!(read.presentation.columns, [Column::Word("id".into()), field(3), field(4)]);
        assert_eq!(read.presentation.sort, Some(Sort { by: field(3), descending: true }));
        assert_eq!(read.shared, Shared { everyone: true, with: [PersonId(12), PersonId(40)].into() });
        for query in [json!({"inbox": true}), json!({"responsible": "me"}), json!({"approver": 7}), json!({"list_id": 3})] {
            let read = self::read(&json!({ "name": "x", "query": query })).expect("read");
            assert_eq!(Value::from(written(&read.query)), query);
        }
    }

    #[test]
    fn what_is_wrong_is_refused_and_named() {
        let inbox = json!({"inbox": true});
        for (body, code, field) in [
            (json!({"query": inbox}), "required_parameter_missing", "name"),
            (json!({"name": "x"}), "required_parameter_missing", "query"),
            (json!({"name": "x", "query": []}), "invalid_value_format", "query"),
            (json!({"name": "x", "query": {}}), "invalid_value_format", "query"),
            (json!({"name": "x", "query": {"form_id": 1, "inbox": true}}), "invalid_input", "query"),
            (json!({"name": "x", "query": {"form_id": 1, "after": 3}}), "filter_type_is_not_supported", "after"),
            (json!({"name": "x", "query": {"inbox": true, "fld1": 3}}), "filter_type_is_not_supported", "fld1"),
            (json!({"name": "x", "query": inbox, "presentation": 1}), "invalid_value_format", "presentation"),
            (json!({"name": "x", "query": inbox, "presentation": {"view": "pie"}}), "invalid_value_format", "presentation.view"),
            (json!({"name": "x", "query": inbox, "presentation": {"columns": 1}}), "invalid_value_format", "presentation.columns"),
            (json!({"name": "x", "query": inbox, "presentation": {"columns": [-1]}}), "invalid_value_format", "presentation.columns"),
            (json!({"name": "x", "query": inbox, "presentation": {"sort": "id"}}), "invalid_value_format", "presentation.sort"),
            (json!({"name": "x", "query": inbox, "presentation": {"sort": {}}}), "required_parameter_missing", "presentation.sort"),
            (json!({"name": "x", "query": inbox, "presentation": {"group_by": []}}), "invalid_value_format", "presentation.group_by"),
            (json!({"name": "x", "query": inbox, "shared_with": {"role_ids": "x"}}), "invalid_value_format", "shared_with"),
        ] {
            assert_eq!(read(&body), Err((code, Some(field.to_owned()))), "{body}");
        }
    }
}
