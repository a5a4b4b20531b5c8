//! Lists and what is asked of their tasks, read: `PUT /lists`, `POST /lists/{id}`, `/lists/{id}/tasks`. Not the decisions
//! (`domain/src/list/`).

use domain::ListId;
use domain::list::{Change, Create, Reach};
use domain::task::command::PersonRef;
use projections::views::tasks::{Bounds, Filter};
use serde_json::Value;

use super::{BadInput, Object};
use domain::Code;

/// Reads the body of `PUT /lists` (pyrus.md §1.9).
pub fn create_list(body: &Object<'_>) -> Result<Create, BadInput> {
    Ok(Create {
        name: body.string("name")?.ok_or_else(|| BadInput::field(Code::RequiredParameterMissing, "name", "missing"))?,
        parent: body.integer("parent_id")?.map(ListId),
        color: body.string("color")?,
        reach: reach(body)?.unwrap_or_default(),
        external_id: number_or_text(body, "external_id")?,
        external_version: number_or_text(body, "external_version")?,
        managers: persons(body, ["added_managers", "added_manager_ids"])?,
        members: persons(body, ["added_members", "added_member_ids"])?,
    })
}

/// Reads the body of `POST /lists/{id}`: what is present changes, an empty text clears, a `parent_id` of 0 is the top.
pub fn change_list(body: &Object<'_>) -> Result<Change, BadInput> {
    Ok(Change {
        name: body.string("name")?,
        parent: body.integer("parent_id")?.map(ListId),
        color: body.string("color")?,
        reach: reach(body)?,
        external_id: number_or_text(body, "external_id")?,
        external_version: number_or_text(body, "external_version")?,
        managers_added: persons(body, ["added_managers", "added_manager_ids"])?,
        managers_removed: persons(body, ["removed_managers", "removed_manager_ids"])?,
        members_added: persons(body, ["added_members", "added_member_ids"])?,
        members_removed: persons(body, ["removed_members", "removed_member_ids"])?,
        deleted: body.optional_boolean("deleted")?,
    })
}

/// Reads what is asked of a list's tasks, from a query or a body.
pub fn list_tasks(asked: &Object<'_>) -> Result<Filter, BadInput> {
    let bounds = |after, before| Ok::<_, BadInput>(Bounds { after: asked.moment(after)?, before: asked.moment(before)? });
    Ok(Filter {
        include_closed: asked.boolean("include_archived")?,
        modified: bounds("modified_after", "modified_before")?,
        created: bounds("created_after", "created_before")?,
        closed: bounds("closed_after", "closed_before")?,
    })
}

/// `list_type`, which decides, or `is_private`: they are one thing.
fn reach(body: &Object<'_>) -> Result<Option<Reach>, BadInput> {
    let Some(word) = body.string("list_type")? else {
        let private = body.optional_boolean("is_private")?;
        return Ok(private.map(|private| if private { Reach::Private } else { Reach::Organisation }));
    };
    match word.to_lowercase().replace('_', "").as_str() {
        "private" => Ok(Some(Reach::Private)),
        "orgwide" => Ok(Some(Reach::Organisation)),
        _ => Err(BadInput::format("list_type", "neither private nor org_wide")),
    }
}

fn persons(body: &Object<'_>, names: [&str; 2]) -> Result<Vec<PersonRef>, BadInput> {
    let [mut all, more] = [body.persons(names[0])?, body.persons(names[1])?];
    all.extend(more);
    Ok(all)
}

/// Clients send it as a text or as a number.
pub(super) fn number_or_text(body: &Object<'_>, name: &str) -> Result<Option<String>, BadInput> {
    match body.given(name) {
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) | None => body.string(name),
    }
}

#[cfg(test)]
mod tests {
    use domain::PersonId;
    use serde_json::json;

    use super::*;

    fn with<T>(body: &Value, read: impl Fn(&Object<'_>) -> Result<T, BadInput>) -> Result<T, BadInput> {
        read(&Object::new(body.as_object().expect("an object")))
    }

    #[test]
    fn a_new_list_is_read_in_the_clients_spellings() {
        let body = json!({
            "name": "Move", "parent_id": 5, "color": "#fff", "list_type": "org_wide", "external_id": 7, "external_version": "8",
            "added_managers": [{"id": 1}], "added_member_ids": [2, 3], "added_members": [{"email": "a@b.c"}],
        });
        let create = with(&body, create_list).expect("read");
        assert_eq!((create.parent, create.reach, create.external_id.as_deref()), (Some(ListId(5)), Reach::Organisation, Some("7")));
        assert_eq!(create.managers, [PersonRef::Id(PersonId(1))]);
        assert_eq!(create.members.len(), 3);
        for (body, reach) in [
            (json!({"name": "a", "is_private": false}), Reach::Organisation),
            (json!({"name": "a", "is_private": "True"}), Reach::Private),
            (json!({"name": "a", "list_type": "OrgWide", "is_private": true}), Reach::Organisation),
            (json!({"name": "a"}), Reach::Private),
        ] {
            assert_eq!(with(&body, create_list).expect("read").reach, reach, "{body}");
        }
        assert_eq!(with(&json!({}), create_list).expect_err("refused").code(), "required_parameter_missing");
    }

    #[test]
    fn a_change_names_what_changes_and_nothing_else() {
        let body = json!({"name": null, "color": "", "parent_id": 0, "removed_managers": [4], "removed_member_ids": [5], "deleted": "n"});
        let change = with(&body, change_list).expect("read");
        assert_eq!((change.name, change.color.as_deref(), change.parent, change.deleted), (None, Some(""), Some(ListId::TOP), Some(false)));
        assert_eq!((change.managers_removed.len(), change.members_removed.len(), change.reach), (1, 1, None));
        for wrong in [json!({"list_type": "secret"}), json!({"parent_id": "x"}), json!({"added_members": 5}), json!({"name": 5})] {
            assert_eq!(with(&wrong, change_list).expect_err("refused").code(), "invalid_value_format", "{wrong}");
        }
    }

    #[test]
    fn filters_are_read_in_every_format_of_a_date() {
        let body = json!({"include_archived": "y", "modified_after": "2024-01-02T03:04:00Z", "closed_before": "/Date(1704164640000+0300)/", "created_before": "2024-01-02T03:04Z"});
        let filter = with(&body, list_tasks).expect("read");
        let moment = "2024-01-02T03:04:00Z".parse().ok();
        assert!(filter.include_closed);
        assert_eq!(
            (filter.modified.after, filter.closed.before, filter.created.before, filter.created.after),
            (moment, moment, moment, None)
        );
        assert_eq!(with(&json!({"closed_after": "soon"}), list_tasks).expect_err("refused").field.as_deref(), Some("closed_after"));
    }
}
