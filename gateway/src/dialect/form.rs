//! Forms, read: `POST /forms`, `PUT /forms/{id}`, their levels. Ours beside the dialect, but for the levels. Not the decisions
//! (`domain/src/form/`).

use std::collections::BTreeMap;

use domain::form::{Change, Create, Definition, Level, Settings};
use domain::{Code, PersonId, TaskId};
use serde::Deserialize;

use super::{BadInput, Object};
use crate::codes::Own;

/// Reads the body of `POST /forms`.
pub fn create_form(body: &Object<'_>) -> Result<Create, BadInput> {
    let settings = Settings {
        name: body.string("name")?.ok_or_else(|| BadInput::field(Code::RequiredParameterMissing, "name", "missing"))?,
        folder: folder(body)?.unwrap_or_default(),
        business_owners: owners(body)?.unwrap_or_default(),
    };
    Ok(Create { settings, definition: definition(body)?.unwrap_or_default() })
}

/// Reads the body of `PUT /forms/{id}`: what is present changes.
pub fn change_form(body: &Object<'_>) -> Result<Change, BadInput> {
    Ok(Change {
        name: body.string("name")?,
        folder: folder(body)?,
        business_owners: owners(body)?,
        definition: definition(body)?,
        version: body.integer("version")?,
    })
}

/// Tasks that one question what if looks at.
pub const WHAT_IF_MAX: u32 = 500;

/// What is to be tried.
#[derive(Debug, Default)]
pub struct WhatIfAsked {
    /// Else the form's draft.
    pub definition: Option<Definition>,
    /// Else the newest.
    pub tasks: Vec<TaskId>,
    pub limit: u32,
    /// Only tasks older than this one: the cursor of a page.
    pub after: Option<TaskId>,
}

/// Reads the body of `POST /forms/{id}/what_if`.
pub fn what_if(body: &Object<'_>) -> Result<WhatIfAsked, BadInput> {
    let tasks: Vec<TaskId> = body.integers("task_ids")?.into_iter().map(TaskId).collect();
    let limit = body.integer("item_count")?.map_or(Ok(100), |count| u32::try_from(count).map_err(|_| ()));
    let limit = limit.ok().filter(|count| (1..=WHAT_IF_MAX).contains(count) && tasks.len() <= WHAT_IF_MAX as usize);
    let limit = limit.ok_or_else(|| BadInput::field(Own::ItemsCountOutOfRange, "item_count", "1 to 500"))?;
    Ok(WhatIfAsked { definition: definition(body)?, tasks, limit, after: body.integer("after")?.map(TaskId) })
}

/// Reads the body of `POST /forms/{id}/permissions` (pyrus.md §1.4): person or role to level.
pub fn permit_form(body: &Object<'_>) -> Result<BTreeMap<PersonId, Level>, BadInput> {
    let wrong = |detail| BadInput::format("permissions", detail);
    let levels = body.given("permissions").ok_or_else(|| BadInput::field(Code::RequiredParameterMissing, "permissions", "missing"))?;
    let levels = levels.as_object().ok_or_else(|| wrong("not an object of ids and levels"))?;
    let read = levels.iter().map(|(id, level)| {
        let id = id.parse().map(PersonId).map_err(|_| wrong("an id is not a whole number"))?;
        let level = level.as_str().and_then(Level::of);
        let level = level.ok_or_else(|| wrong("a level is none of none, member, restricted_manager, manager, administrator"))?;
        Ok((id, level))
    });
    read.collect()
}

fn folder(body: &Object<'_>) -> Result<Option<Vec<String>>, BadInput> {
    let wrong = || BadInput::format("folder", "not a list of names");
    let Some(value) = body.given("folder") else { return Ok(None) };
    let names = value.as_array().ok_or_else(wrong)?;
    names.iter().map(|name| name.as_str().map(str::to_owned).ok_or_else(wrong)).collect::<Result<_, _>>().map(Some)
}

fn owners(body: &Object<'_>) -> Result<Option<Vec<PersonId>>, BadInput> {
    let given = body.given("business_owners").is_some();
    let owners = body.integers("business_owners")?.into_iter().map(PersonId).collect();
    Ok(given.then_some(owners))
}

fn definition(body: &Object<'_>) -> Result<Option<Definition>, BadInput> {
    let Some(value) = body.given("definition") else { return Ok(None) };
    if !value.is_object() {
        return Err(BadInput::format("definition", "not an object"));
    }
    Definition::deserialize(value).map(Some).map_err(|error| BadInput::format("definition", &error.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn create(body: &Value) -> Result<Create, BadInput> {
        create_form(&Object::new(body.as_object().expect("an object")))
    }

    #[test]
    fn a_form_is_read_whole() {
        let body = json!({"name": "Purchase", "folder": ["Finance"], "business_owners": [7], "definition": {
            "fields": [{"name": "Sum", "type": "number", "decimal_places": 2, "required_step": 1, "visible_if": "#2 = 1"}],
            "steps": [{"name": "Chief", "approvers": [{"who": {"person": 12}, "condition": "#1 > 5"}, {"who": "author"}], "rule": {"at_least": 2}}],
        }});
        let read = create(&body).expect("read");
        assert_eq!((read.settings.name.as_str(), read.settings.business_owners), ("Purchase", vec![PersonId(7)]));
        assert_eq!(serde_json::to_value(read.definition.steps[0].rule).expect("JSON"), json!({"at_least": 2}));
        assert_eq!(read.definition.fields[0].kind, domain::form::FieldKind::Number { decimal_places: Some(2) });
    }

    #[test]
    fn what_is_no_definition_is_refused() {
        for definition in [
            json!([]),
            json!({"fields": [{"name": "A", "type": "colour"}]}),
            json!({"fields": [{"name": "A", "type": "number", "decimal_places": -1}]}),
            json!({"steps": [{"approvers": []}]}),
            json!({"steps": [{"name": "A", "approvers": [{"who": "everybody"}]}]}),
            json!({"fields": [], "colour": 1}),
        ] {
            assert_eq!(
                create(&json!({"name": "A", "definition": definition})).expect_err("refused").code(),
                "invalid_value_format",
                "{definition}"
            );
        }
        assert_eq!(create(&json!({})).expect_err("refused").code(), "required_parameter_missing");
        assert_eq!(create(&json!({"name": "A", "folder": "Finance"})).expect_err("refused").code(), "invalid_value_format");
    }

    #[test]
    fn levels_are_read_by_id() {
        let permit = |body: Value| permit_form(&Object::new(body.as_object().expect("an object")));
        let read = permit(json!({"permissions": {"11": "member", "40": "none"}})).expect("read");
        assert_eq!(read, [(PersonId(11), Level::Member), (PersonId(40), Level::None)].into());
        for wrong in [json!({"permissions": []}), json!({"permissions": {"x": "member"}}), json!({"permissions": {"1": "owner"}})] {
            assert_eq!(permit(wrong).expect_err("refused").code(), "invalid_value_format");
        }
        assert_eq!(permit(json!({})).expect_err("refused").code(), "required_parameter_missing");
    }
}
