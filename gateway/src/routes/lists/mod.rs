//! Lists: read, made, changed, deleted, one or many at once; and their tasks. Who may is decided in `domain`.

pub mod bulk;
pub mod read;
pub mod tasks;
pub mod write;

use domain::list::tree::Branch;
use domain::list::{List, Reach};
use domain::{Issued, ListId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Fault;

/// A list as the API shows it (pyrus.md §1.9).
#[derive(Serialize, ToSchema)]
pub struct ShownList<'a> {
    id: i64,
    name: &'a str,
    /// The list that it is shown under.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<&'a str>,
    /// By itself, or with a list above it.
    deleted: bool,
    /// `private` or `org_wide`.
    list_type: &'static str,
    has_form: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    manager_ids: Vec<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    member_ids: Vec<i64>,
    version: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_version: Option<External<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<External<'a>>,
    is_private: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    children: Vec<ShownList<'a>>,
}

/// What another system calls something: shown as a number where it is one, since clients send it so.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum External<'a> {
    Number(i64),
    Text(&'a str),
}

impl<'a> External<'a> {
    pub fn of(text: &'a str) -> Self {
        match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => Self::Number(number),
            Ok(_) | Err(_) => Self::Text(text),
        }
    }
}

impl<'a> ShownList<'a> {
    /// A list by itself, under the nearest one above it that the asker sees.
    pub fn alone(list: &'a List, issued: &Issued<'_>) -> Self {
        let mut above = list.parent.into_iter().flat_map(|parent| issued.directory.lists_up_from(parent));
        let parent = above.find(|above| above.seen(issued).is_ok()).map(|above| above.id);
        Self::of(list, parent, list.deleted, Vec::new())
    }

    /// A list with what is below it.
    pub fn branch(branch: &'a Branch) -> Self {
        Self::of(&branch.list, branch.parent, branch.deleted, branch.children.iter().map(Self::branch).collect())
    }

    fn of(list: &'a List, parent: Option<ListId>, deleted: bool, children: Vec<Self>) -> Self {
        let settings = &list.settings;
        let is_private = settings.reach == Reach::Private;
        Self {
            id: list.id.0,
            name: &settings.name,
            parent_id: parent.map(|parent| parent.0),
            color: settings.color.as_deref(),
            deleted,
            list_type: if is_private { "private" } else { "org_wide" },
            has_form: false,
            manager_ids: list.managers.iter().map(|person| person.0).collect(),
            member_ids: list.members.iter().map(|person| person.0).collect(),
            version: list.version,
            external_version: settings.external_version.as_deref().map(External::of),
            external_id: settings.external_id.as_deref().map(External::of),
            is_private,
            children,
        }
    }
}

/// The id in a path.
///
/// # Errors
/// `invalid_value_format` for what is not written as a whole number.
pub fn list_id(text: &str) -> Result<ListId, Fault> {
    let id = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    id.map(ListId).ok_or_else(|| Fault::format("list id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_external_id_is_a_number_only_where_nothing_is_lost() {
        let shown = |text: &str| serde_json::to_string(&External::of(text)).unwrap();
        assert_eq!(
            (shown("7"), shown("-7"), shown("007"), shown("x"), shown("99999999999999999999")),
            ("7".into(), "-7".into(), "\"007\"".into(), "\"x\"".into(), "\"99999999999999999999\"".into())
        );
    }
}
