//! Catalogs, read: `PUT /catalogs`, `POST /catalogs/{id}` and `/catalogs/{id}/diff` (pyrus.md §1.5). Not the decisions
//! (`domain/src/catalog/`).

use domain::catalog::row::Cells;
use domain::catalog::{ColumnSetting, Create, ITEMS_MAX, NewItem, Sync, Upsert};
use domain::{Code, CommandId};
use serde_json::Value;

use super::list::number_or_text;
use super::{BadInput, Object};

/// What `POST /catalogs/{id}` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadSync {
    pub sync: Sync,
    /// It is to be done, and not only told what it would do.
    pub apply: bool,
}

/// Reads the body of `PUT /catalogs`. `batch` names the request.
pub fn create_catalog(body: &Object<'_>, batch: CommandId) -> Result<Create, BadInput> {
    let (columns, mut workflow_columns) = columns(body)?;
    workflow_columns.extend(names(body, "add_workflow_headers")?);
    Ok(Create {
        batch,
        name: body.string("name")?.ok_or_else(|| BadInput::field(Code::RequiredParameterMissing, "name", "missing"))?,
        source_type: body.string("source_type")?,
        external_id: number_or_text(body, "external_id")?,
        external_version: number_or_text(body, "external_version")?,
        column_settings: column_settings(body)?.unwrap_or_default(),
        columns,
        workflow_columns,
        items: items(body, "items")?,
        supervisors: body.persons("add_supervisors")?,
    })
}

/// Reads the body of `POST /catalogs/{id}`: all items, and what else is present; an empty text clears.
pub fn read_sync(body: &Object<'_>, batch: CommandId) -> Result<ReadSync, BadInput> {
    let sync = Sync {
        batch,
        name: body.string("name")?,
        external_id: number_or_text(body, "external_id")?,
        external_version: number_or_text(body, "external_version")?,
        column_settings: column_settings(body)?,
        // What kind a column is that is there already is known.
        columns: names(body, "catalog_headers")?,
        workflow_added: names(body, "add_workflow_headers")?,
        workflow_deleted: names(body, "delete_workflow_headers")?,
        renames_first: body.boolean("force_update_first_column")?,
        items: items(body, "items")?,
        supervisors_added: body.persons("add_supervisors")?,
        supervisors_removed: body.persons("remove_supervisors")?,
    };
    Ok(ReadSync { sync, apply: body.boolean("apply")? })
}

/// Reads the body of `POST /catalogs/{id}/diff`.
pub fn upsert_catalog(body: &Object<'_>, batch: CommandId) -> Result<Upsert, BadInput> {
    Ok(Upsert { batch, items: items(body, "upsert")?, delete: names(body, "delete")? })
}

/// Names of columns, or the first values of items: texts, or objects with a `name`.
fn names(body: &Object<'_>, member: &str) -> Result<Vec<String>, BadInput> {
    let wrong = || BadInput::format(member, "not a list of names");
    let Some(value) = body.given(member) else { return Ok(Vec::new()) };
    let items = value.as_array().ok_or_else(wrong)?;
    if items.len() > ITEMS_MAX {
        return Err(BadInput::field(Code::TooManyCatalogItems, member, "too many"));
    }
    let name = |item: &Value| match item {
        Value::String(name) => Some(name.clone()),
        Value::Object(object) => object.get("name").and_then(Value::as_str).map(str::to_owned),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    };
    items.iter().map(|item| name(item).ok_or_else(wrong)).collect()
}

/// The columns of text, and those of the type `workflow`, which stand behind them.
fn columns(body: &Object<'_>) -> Result<(Vec<String>, Vec<String>), BadInput> {
    let mut text = names(body, "catalog_headers")?;
    let given = body.given("catalog_headers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_workflow = |column: &Value| column.get("type").and_then(Value::as_str) == Some("workflow");
    let first = given.iter().position(is_workflow).unwrap_or(given.len());
    if !given[first..].iter().all(is_workflow) {
        return Err(BadInput::format("catalog_headers", "columns of the type workflow stand behind those of text"));
    }
    let workflow = text.split_off(first);
    Ok((text, workflow))
}

/// Items with their `values`, or bare lists of values.
fn items(body: &Object<'_>, member: &str) -> Result<Vec<NewItem>, BadInput> {
    let wrong = || BadInput::format(member, "not a list of items with values");
    let Some(value) = body.given(member) else { return Ok(Vec::new()) };
    let given = value.as_array().ok_or_else(wrong)?;
    if given.len() > ITEMS_MAX {
        return Err(BadInput::field(Code::TooManyCatalogItems, member, "too many"));
    }
    given.iter().map(|item| read_item(item, member)).collect()
}

fn read_item(item: &Value, member: &str) -> Result<NewItem, BadInput> {
    let wrong = || BadInput::format(member, "not a list of items with values");
    let external_id = match item.get("external_id") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.as_str().into()),
        Some(Value::Number(number)) => Some(number.to_string().into()),
        Some(_) => return Err(BadInput::format(member, "an external_id is neither a text nor a number")),
    };
    let values = item.as_array().or_else(|| item.get("values").and_then(Value::as_array)).ok_or_else(wrong)?;
    let mut cells = Cells::default();
    for value in values {
        match value {
            Value::String(text) => cells.push(text),
            Value::Null => return Err(BadInput::field(Code::CatalogNullValue, member, "a value is null")),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                return Err(BadInput::format(member, "a value is not a text"));
            }
        }
    }
    Ok(NewItem { row: cells.row(), external_id })
}

fn column_settings(body: &Object<'_>) -> Result<Option<Vec<ColumnSetting>>, BadInput> {
    let wrong = || BadInput::format("column_settings", "not a list of settings with the position of a column");
    let Some(value) = body.given("column_settings") else { return Ok(None) };
    let mut settings = Vec::new();
    for item in value.as_array().ok_or_else(wrong)? {
        let setting = Object::new(item.as_object().ok_or_else(wrong)?);
        let position = setting.integer("original_position")?.and_then(|position| u16::try_from(position).ok()).ok_or_else(wrong)?;
        settings.push(ColumnSetting {
            original_position: position,
            sort_order: setting.integer("sort_order")?,
            visible: setting.optional_boolean("visible")?.unwrap_or(true),
            group_by: setting.boolean("group_by")?,
        });
    }
    Ok(Some(settings))
}

#[cfg(test)]
mod tests {
    use domain::PersonId;
    use domain::task::command::PersonRef;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn batch() -> CommandId {
        CommandId(Uuid::nil())
    }

    fn with<T>(body: &Value, read: impl Fn(&Object<'_>, CommandId) -> Result<T, BadInput>) -> Result<T, BadInput> {
        read(&Object::new(body.as_object().expect("an object")), batch())
    }

    #[test]
    fn a_new_catalog_is_read_in_the_clients_spellings() {
        let body = json!({
            "name": "Vendors", "source_type": "hierarchical", "external_id": 7, "external_version": "8",
            "catalog_headers": ["Vendor", { "name": "City", "type": "text" }, { "name": "Buyer", "type": "workflow" }],
            "add_workflow_headers": ["Head"],
            "items": [{ "values": ["Acme", "Bonn"], "rows": [["Acme", "Bonn"]] }, ["Beta", "Ulm"], { "values": ["Ceta", ""], "external_id": 3 }],
            "add_supervisors": [12, { "email": "a@b.c" }],
            "column_settings": [{ "original_position": 1, "sort_order": "2", "visible": "n", "group_by": true }, { "original_position": 0 }],
        });
        let create = with(&body, create_catalog).expect("read");
        assert_eq!((create.external_id.as_deref(), create.external_version.as_deref()), (Some("7"), Some("8")));
        assert_eq!(
            (create.columns, create.workflow_columns),
            (vec!["Vendor".to_owned(), "City".into()], vec!["Buyer".into(), "Head".into()])
        );
        let expected = [NewItem::of(["Acme", "Bonn"]), NewItem::of(["Beta", "Ulm"]), NewItem::of(["Ceta", ""]).known_as("3")];
        assert_eq!(create.items, expected);
        assert_eq!(create.supervisors, [PersonRef::Id(PersonId(12)), PersonRef::Email("a@b.c".into())]);
        let settings = [(1, Some(2), false, true), (0, None, true, false)];
        let read = create.column_settings.iter().map(|one| (one.original_position, one.sort_order, one.visible, one.group_by));
        assert!(read.eq(settings));
    }

    #[test]
    fn a_sync_only_tells_what_it_would_do_unless_it_is_to_be_applied() {
        let read = |body| with(&body, read_sync).expect("read");
        let dry = read(json!({ "catalog_headers": ["Vendor"], "items": [] }));
        assert_eq!((dry.apply, dry.sync), (false, Sync { batch: batch(), columns: vec!["Vendor".into()], ..Sync::default() }));
        let wet = read(
            json!({ "apply": "True", "force_update_first_column": true, "delete_workflow_headers": ["Buyer"], "remove_supervisors": [4] }),
        );
        assert!(wet.apply && wet.sync.renames_first);
        assert_eq!((wet.sync.workflow_deleted.len(), wet.sync.supervisors_removed.len()), (1, 1));
    }

    #[test]
    fn what_is_no_item_is_refused_and_named() {
        let code = |body: Value| with(&body, upsert_catalog).expect_err("refused").code();
        assert_eq!(code(json!({ "upsert": [{ "values": ["a", null] }] })), "catalog_null_value");
        for wrong in [
            json!({ "upsert": 5 }),
            json!({ "upsert": ["a"] }),
            json!({ "upsert": [{ "value": ["a"] }] }),
            json!({ "upsert": [{ "values": ["a", 5] }] }),
            json!({ "upsert": [{ "values": ["a"], "external_id": {} }] }),
            json!({ "delete": "a" }),
            json!({ "delete": [5] }),
        ] {
            assert_eq!(code(wrong.clone()), "invalid_value_format", "{wrong}");
        }
        let many = json!({ "upsert": vec![json!(["a"]); ITEMS_MAX + 1] });
        assert_eq!(code(many), "too_many_catalog_items");
        let mixed = json!({ "name": "a", "catalog_headers": ["k", { "name": "b", "type": "workflow" }, "c"] });
        assert_eq!(with(&mixed, create_catalog).expect_err("refused").code(), "invalid_value_format");
    }
}
