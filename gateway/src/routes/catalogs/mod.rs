//! Catalogs: read, made, synced, changed in part, deleted, one or many at once. Who may, and what a change does, is decided in
//! `domain`. The list of them is the directory's; their items are read from the actor of each, which holds them.

pub mod bulk;
pub mod read;
pub mod write;

use domain::CatalogId;
use domain::catalog::stage::Changed;
use domain::catalog::{Column, ColumnKind, ColumnSetting, Heading, Item, Row};
use serde::Serialize;
use utoipa::ToSchema;

use super::lists::External;
use super::moment;
use crate::error::Fault;

/// The source of a catalog that people keep.
const DEFAULT_SOURCE: &str = "default";

/// A catalog as the API shows it (pyrus.md §1.5).
#[derive(Serialize, ToSchema)]
pub struct ShownCatalog<'a> {
    catalog_id: i64,
    name: &'a str,
    source_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<External<'a>>,
    /// Rises with every change.
    version: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_version: Option<External<'a>>,
    deleted: bool,
    /// Persons and roles who may change it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    supervisors: Vec<i64>,
    catalog_headers: Vec<ShownColumn<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    column_settings: Vec<ShownSetting>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<ShownItem<'a>>,
    /// When items were last changed, or found to be as they shall be.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_sync_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_change_date: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct ShownColumn<'a> {
    name: &'a str,
    /// `text`, or `workflow`: its values name persons and roles by ids and e-mail addresses, with commas between.
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize, ToSchema)]
pub struct ShownSetting {
    original_position: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    sort_order: Option<i64>,
    visible: bool,
    group_by: bool,
}

#[derive(Serialize, ToSchema)]
pub struct ShownItem<'a> {
    /// Unique within the catalog; the same while the item's first value is.
    item_id: i64,
    #[schema(value_type = Vec<String>)]
    values: &'a Row,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    deleted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<External<'a>>,
}

/// What a change has done, or would do.
#[derive(Serialize, ToSchema)]
pub struct ShownChange<'a> {
    catalog_id: i64,
    /// False for one that was only asked about.
    apply: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    added: Vec<ShownItem<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    updated: Vec<ShownItem<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deleted: Vec<ShownItem<'a>>,
    catalog_headers: Vec<ShownColumn<'a>>,
}

impl<'a> ShownCatalog<'a> {
    pub fn of(heading: &'a Heading, items: &'a [Item]) -> Self {
        let settings = &heading.settings;
        Self {
            catalog_id: heading.id.0,
            name: &settings.name,
            source_type: settings.source_type.as_deref().unwrap_or(DEFAULT_SOURCE),
            external_id: settings.external_id.as_deref().map(External::of),
            version: heading.version,
            external_version: settings.external_version.as_deref().map(External::of),
            deleted: heading.deleted,
            supervisors: heading.supervisors.iter().map(|person| person.0).collect(),
            catalog_headers: columns(&heading.columns),
            column_settings: settings.column_settings.iter().map(ShownSetting::of).collect(),
            items: items.iter().map(ShownItem::of).collect(),
            last_sync_date: heading.synced_at.map(moment),
            last_change_date: heading.changed_at.map(moment),
        }
    }
}

impl ShownSetting {
    const fn of(setting: &ColumnSetting) -> Self {
        let ColumnSetting { original_position, sort_order, visible, group_by } = *setting;
        Self { original_position, sort_order, visible, group_by }
    }
}

impl<'a> ShownItem<'a> {
    fn of(item: &'a Item) -> Self {
        Self { item_id: item.id, values: &item.row, deleted: item.deleted, external_id: item.external_id.as_deref().map(External::of) }
    }
}

impl<'a> ShownChange<'a> {
    pub fn of(catalog: CatalogId, changed: &'a Changed, apply: bool) -> Self {
        let told = &changed.told;
        let items = |items: &'a [Item]| items.iter().map(ShownItem::of).collect();
        Self {
            catalog_id: catalog.0,
            apply,
            added: items(&told.added),
            updated: items(&told.updated),
            deleted: items(&told.deleted),
            catalog_headers: columns(&told.columns),
        }
    }
}

fn columns(columns: &[Column]) -> Vec<ShownColumn<'_>> {
    let kind = |column: &Column| match column.kind {
        ColumnKind::Text => "text",
        ColumnKind::Workflow => "workflow",
    };
    columns.iter().map(|column| ShownColumn { name: &column.name, kind: kind(column) }).collect()
}

/// The id in a path.
///
/// # Errors
/// `invalid_value_format` for what is not written as a whole number.
pub fn catalog_id(text: &str) -> Result<CatalogId, Fault> {
    let id = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    id.map(CatalogId).ok_or_else(|| Fault::format("catalog id"))
}
