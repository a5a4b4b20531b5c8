//! Items of catalogs that a request writes into fields: looked up with the catalogs before the task decides, in one question a
//! catalog. What may be written is the decision's matter (`domain/src/form/items.rs`); no client gives rows.

use actors::hosted::catalog::Question;
use actors::hosted::task::Part;
use actors::system::{Reason, Refused};
use domain::catalog::Row;
use domain::directory::OrganisationDirectory;
use domain::form::items::{self, Found, IDENTITIES, Lookup, Wish, Wishes};
use domain::form::rejection::Misfit;
use domain::json::Json;
use domain::task::Rejection;
use domain::task::command::Comment;
use domain::task::form::Begin;
use domain::{CatalogId, FormId, Issued, Rejection as _, TaskId};
use futures_util::future::try_join_all;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;

use super::READ_AT_ONCE;
use crate::error::Fault;
use crate::extract::Caller;
use crate::routes::lists::read::issued;

/// As much of a task as says by which form it is filled in.
#[derive(Deserialize)]
struct Newest {
    task: OfForm,
}

#[derive(Deserialize)]
struct OfForm {
    form_id: Option<i64>,
}

/// What the fields of a new task name, and the defaults that are to be filled in.
///
/// # Errors
/// `limit_exceeded` for too many items; what a catalog refuses.
pub async fn of_new(caller: &Caller, begin: &Begin) -> Result<Lookup, Fault> {
    let fields = begin.fields.as_ref().filter(|fields| names_any(fields));
    if fields.is_none() && !begin.fill_defaults {
        return Ok(Lookup::default());
    }
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let issued = issued(caller, &organisation);
    let mut wishes = wished(begin.form, fields, &organisation, &issued)?;
    if let (true, Some(form)) = (begin.fill_defaults, organisation.form(begin.form)) {
        wishes = items::add_defaults(wishes, &form.published, &issued);
    }
    looked_up(caller, wishes).await
}

/// Gives each change of a task what was found of the items that its fields name.
///
/// # Errors
/// `access_denied_task`, `limit_exceeded` for too many items; what a catalog refuses.
pub async fn of_tasks(caller: &Caller, changes: impl IntoIterator<Item = (TaskId, &mut Comment)>) -> Result<(), Fault> {
    let naming = |(_, comment): &(TaskId, &mut Comment)| comment.fields.as_ref().is_some_and(names_any);
    let changes: Vec<_> = changes.into_iter().filter(naming).collect();
    if changes.is_empty() {
        return Ok(());
    }
    let forms = stream::iter(changes.iter().map(|(task, _)| *task)).map(|task| form_of(caller, task));
    let forms: Vec<Option<FormId>> = forms.buffered(READ_AT_ONCE).try_collect().await?;
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let issued = issued(caller, &organisation);
    let (mut all, mut each) = (Wishes::new(), Vec::with_capacity(changes.len()));
    for ((task, comment), form) in changes.into_iter().zip(forms) {
        // Without a form it is the decision that refuses.
        let Some(form) = form else { continue };
        let wishes = wished(form, comment.fields.as_ref(), &organisation, &issued)?;
        items::join(&mut all, &wishes).map_err(|rule| refused(Misfit { field: format!("task {}", task.0), rule }))?;
        each.push((comment, wishes));
    }
    let lookup = looked_up(caller, all).await?;
    for (comment, wishes) in each {
        comment.items = lookup.only(&wishes);
    }
    Ok(())
}

/// The form that a task is of.
///
/// # Errors
/// `access_denied_task`
pub(super) async fn form_of(caller: &Caller, task: TaskId) -> Result<Option<FormId>, Fault> {
    let (answer, _) = caller.node.show_part_of_task(caller, task, Part::Newest).await?;
    let newest: Newest = serde_json::from_slice(&answer.chunks.concat()).map_err(|error| {
        tracing::error!(%error, %task, "a task's form cannot be told from its answer");
        Fault::unavailable("the task's form is not known")
    })?;
    Ok(newest.task.form_id.map(FormId))
}

fn names_any(json: &Json) -> bool {
    match json {
        Json::List(items) => items.iter().any(names_any),
        Json::Object(members) => members.iter().any(|(name, value)| IDENTITIES.contains(&name.as_str()) || names_any(value)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => false,
    }
}

fn wished(form: FormId, fields: Option<&Json>, organisation: &OrganisationDirectory, issued: &Issued<'_>) -> Result<Wishes, Fault> {
    let (Some(form), Some(fields)) = (organisation.form(form), fields) else { return Ok(Wishes::new()) };
    items::wishes(fields, &form.published, issued).map_err(refused)
}

fn refused(misfit: Misfit) -> Fault {
    let rejection = Rejection::from(misfit);
    Fault::from(Refused::Rejected { code: rejection.code(), reason: Reason::of(&rejection), position: 0 })
}

async fn looked_up(caller: &Caller, wishes: Wishes) -> Result<Lookup, Fault> {
    let found = wishes.into_iter().map(|(catalog, wish)| found(caller, catalog, wish));
    try_join_all(found).await.map(Lookup)
}

async fn found(caller: &Caller, catalog: CatalogId, wish: Wish) -> Result<Found, Fault> {
    let (shown, _) = caller.node.show_catalog(caller, catalog, Question::Wished(wish)).await?;
    let columns = Row::of(shown.heading.columns.iter().map(|column| &column.name));
    Ok(Found { catalog, columns, items: shown.items })
}
