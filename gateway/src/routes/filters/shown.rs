//! A saved filter as it is shown and as it is written. What it means is `crate::question`'s.

use domain::Issued;
use domain::directory::OrganisationDirectory;
use domain::filter::{Column, Filter, Presentation, Shared, Sort};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::dialect;
use crate::routes::people::ShownPerson;

#[derive(Serialize, ToSchema)]
pub struct Filters<'a> {
    pub filters: Vec<ShownFilter<'a>>,
    pub has_more: bool,
}

#[derive(Serialize, ToSchema)]
pub struct ShownFilter<'a> {
    id: i64,
    name: &'a str,
    /// As it was saved.
    #[schema(value_type = FilterQuery)]
    query: Map<String, Value>,
    presentation: ShownPresentation<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<ShownPerson<'a>>,
    /// It is shared with anybody.
    shared: bool,
    /// With whom; only to those who may change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    shared_with: Option<SharedWith>,
    /// The asker may change and delete it.
    can_change: bool,
}

/// How what is found is shown. Nothing that is found depends on it.
#[derive(Serialize, ToSchema)]
pub struct ShownPresentation<'a> {
    /// `table`, `board` or `chart`.
    view: PresentationView,
    /// In order.
    columns: Vec<FilterColumn<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sort: Option<ShownSort<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_by: Option<FilterColumn<'a>>,
}

#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PresentationView {
    Table,
    Board,
    Chart,
}

/// A field of the form by its id, or a word: a field's code or what every task has.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum FilterColumn<'a> {
    Field(u32),
    Word(&'a str),
}

#[derive(Serialize, ToSchema)]
pub struct ShownSort<'a> {
    by: FilterColumn<'a>,
    descending: bool,
}

/// Whom a filter is shared with, its owner aside.
#[derive(Serialize, ToSchema)]
pub struct SharedWith {
    /// Everybody of the organisation but guests.
    everyone: bool,
    person_ids: Vec<i64>,
    role_ids: Vec<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct DeletedFilter {
    pub deleted: bool,
}

/// What is to be found: one of `form_id`, `list_id`, `responsible`, `approver`, `inbox`. With `form_id` all that its register may be
/// asked (`POST /v4/forms/{id}/register`), `fld{id}` included, but for what belongs to one answer (`after`, `item_count`, `format`).
#[derive(ToSchema)]
#[expect(dead_code, reason = "for the description alone")]
pub struct FilterQuery {
    form_id: Option<i64>,
    list_id: Option<i64>,
    /// A person's or role's id, or `me`: whoever asks.
    #[schema(value_type = Option<WhoseTasks>)]
    responsible: Option<Value>,
    #[schema(value_type = Option<WhoseTasks>)]
    approver: Option<Value>,
    /// Of whoever asks.
    inbox: Option<bool>,
    /// With `form_id` and `list_id`: also closed tasks.
    include_archived: Option<bool>,
    steps: Option<Vec<u8>>,
    task_ids: Option<Vec<i64>>,
    field_ids: Option<Vec<u32>>,
    modified_after: Option<String>,
    modified_before: Option<String>,
    created_after: Option<String>,
    created_before: Option<String>,
    closed_after: Option<String>,
    closed_before: Option<String>,
    #[schema(value_type = Option<Object>)]
    due_filter: Option<Value>,
    include_text: Option<String>,
    include_approvals: Option<bool>,
    sort: Option<String>,
    /// `fld{id}`: what must hold of a field.
    #[schema(additional_properties)]
    #[serde(flatten)]
    fields: std::collections::BTreeMap<String, Value>,
}

/// A person's or role's id, or `me`.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "for the description alone")]
pub enum WhoseTasks {
    Person(i64),
    Me(String),
}

/// What is to be written. `POST` needs `name` and `query`; `PUT` changes what is present.
#[derive(ToSchema)]
#[expect(dead_code, reason = "for the description alone")]
pub struct WriteFilter {
    /// 1 to 200 characters, of one line.
    name: Option<String>,
    query: Option<FilterQuery>,
    presentation: Option<WritePresentation>,
    /// At most 200 persons and roles; nobody where it is absent from a `POST`.
    shared_with: Option<WriteSharedWith>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "for the description alone")]
pub struct WritePresentation {
    /// `table`, where nothing is said.
    view: Option<PresentationView>,
    /// At most 100.
    columns: Option<Vec<FilterColumn<'static>>>,
    sort: Option<WriteSort>,
    group_by: Option<FilterColumn<'static>>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "for the description alone")]
pub struct WriteSort {
    by: FilterColumn<'static>,
    descending: Option<bool>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "for the description alone")]
pub struct WriteSharedWith {
    everyone: Option<bool>,
    person_ids: Option<Vec<i64>>,
    role_ids: Option<Vec<i64>>,
}

impl<'a> ShownFilter<'a> {
    /// As the asker of `issued`, who sees it, is shown it.
    pub fn of(filter: &'a Filter, issued: &Issued<'a>) -> Self {
        let settings = &filter.settings;
        let can_change = filter.changed_by(issued).is_ok();
        Self {
            id: filter.id.0,
            name: &settings.name,
            query: dialect::written(&settings.query),
            presentation: ShownPresentation::of(&settings.presentation),
            owner: owner(filter, issued),
            shared: !settings.shared.is_nobody(),
            shared_with: can_change.then(|| SharedWith::of(&settings.shared, issued)),
            can_change,
        }
    }
}

/// Guests are told of nobody whom they do not know.
fn owner<'a>(filter: &Filter, issued: &Issued<'a>) -> Option<ShownPerson<'a>> {
    let directory: &'a OrganisationDirectory = issued.directory;
    let asker = directory.person(issued.who).filter(|asker| asker.knows(filter.owner))?;
    let owner = if asker.id == filter.owner { asker } else { directory.person(filter.owner)? };
    Some(ShownPerson::of(owner, directory))
}

impl<'a> ShownPresentation<'a> {
    fn of(presentation: &'a Presentation) -> Self {
        Self {
            view: match presentation.view {
                domain::filter::View::Table => PresentationView::Table,
                domain::filter::View::Board => PresentationView::Board,
                domain::filter::View::Chart => PresentationView::Chart,
            },
            columns: presentation.columns.iter().map(FilterColumn::of).collect(),
            sort: presentation.sort.as_ref().map(|Sort { by, descending }| ShownSort { by: FilterColumn::of(by), descending: *descending }),
            group_by: presentation.group_by.as_ref().map(FilterColumn::of),
        }
    }
}

impl<'a> FilterColumn<'a> {
    fn of(column: &'a Column) -> Self {
        match column {
            Column::Field(id) => Self::Field(id.0),
            Column::Word(word) => Self::Word(word),
        }
    }
}

impl SharedWith {
    fn of(shared: &Shared, issued: &Issued<'_>) -> Self {
        let (roles, persons): (Vec<i64>, Vec<i64>) =
            shared.with.iter().map(|id| id.0).partition(|id| issued.directory.role(domain::PersonId(*id)).is_some());
        Self { everyone: shared.everyone, person_ids: persons, role_ids: roles }
    }
}
