//! `/roles`, read. Not the decisions (`domain/src/role/`).

use domain::role::{Change, Create};
use domain::{Code, PersonId};
use serde_json::Value;

use super::member::external_id;
use super::object::integer;
use super::{BadInput, Object};

/// Reads the body of `POST /roles` (pyrus.md §1.11). One of the clients calls the members `member_ids`.
pub fn create_role(body: &Object<'_>) -> Result<Create, BadInput> {
    let mut members = ids(body, "member_add")?;
    members.extend(ids(body, "member_ids")?);
    Ok(Create {
        name: body.string("name")?.ok_or_else(|| BadInput::field(Code::RequiredParameterMissing, "name", "missing"))?,
        external_id: external_id(body)?,
        members,
    })
}

/// Reads the body of `PUT /roles/{id}`: what is present changes. `memebr_remove` is what the vendor's client sends.
pub fn change_role(body: &Object<'_>) -> Result<Change, BadInput> {
    let mut members_removed = ids(body, "member_remove")?;
    members_removed.extend(ids(body, "memebr_remove")?);
    Ok(Change {
        name: body.string("name")?,
        external_id: external_id(body)?,
        banned: body.optional_boolean("banned")?,
        members_added: ids(body, "member_add")?,
        members_removed,
    })
}

/// Who gets the tasks, of a request that deletes.
pub fn task_receiver(body: &Object<'_>) -> Result<Option<PersonId>, BadInput> {
    Ok(body.integer("task_receiver_id")?.map(PersonId))
}

fn ids(body: &Object<'_>, name: &str) -> Result<Vec<PersonId>, BadInput> {
    let wrong = || BadInput::format(name, "not a list of ids");
    match body.given(name) {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) => items.iter().map(|item| integer(item).map(PersonId).ok_or_else(wrong)).collect(),
        Some(_) => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change(body: &Value) -> Result<Change, BadInput> {
        change_role(&Object::new(body.as_object().expect("an object")))
    }

    #[test]
    fn members_are_removed_in_either_spelling() {
        let removed = |body| change(&body).expect("read").members_removed;
        assert_eq!(removed(json!({"member_remove": [1, "2"]})), [PersonId(1), PersonId(2)]);
        assert_eq!(removed(json!({"memebr_remove": [1]})), [PersonId(1)]);
        assert_eq!(removed(json!({"member_remove": null})), []);
    }

    #[test]
    fn what_is_no_list_of_ids_is_named() {
        for wrong in [json!(5), json!(["x"]), json!([{"id": 1}]), json!([null])] {
            assert_eq!(change(&json!({"member_add": wrong})).expect_err("refused").field.as_deref(), Some("member_add"));
        }
    }

    #[test]
    fn a_role_needs_a_name() {
        let create = |body: Value| create_role(&Object::new(body.as_object().expect("an object")));
        assert_eq!(create(json!({"member_add": [1]})).expect_err("refused").code(), "required_parameter_missing");
        let read = create(json!({"name": "Clerks", "external_id": 17, "member_add": [1], "member_ids": [2]})).expect("read");
        let members = vec![PersonId(1), PersonId(2)];
        assert_eq!((read.name.as_str(), read.external_id.as_deref(), read.members), ("Clerks", Some("17"), members));
    }
}
