//! Files that a request attaches to tasks and writes into fields: found before the task decides. What may be written is the
//! decision's matter (`domain/src/task/attach.rs`, `domain/src/form/files.rs`).

use std::sync::Arc;

use actors::system::Request;
use domain::directory::OrganisationDirectory;
use domain::file::Wanted;
use domain::form::files::wanted;
use domain::json::Json;
use domain::task::command::{Comment, Create};
use domain::{FormId, TaskId};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::READ_AT_ONCE;
use super::items::form_of;
use crate::error::Fault;
use crate::extract::Caller;
use crate::files::found;
use crate::routes::lists::read::issued;

/// Gives a new task what was found of its files.
///
/// # Errors
/// `unrecognized_attachment_id`
pub async fn of_new(caller: &Caller, command: &Request, create: &mut Create) -> Result<(), Fault> {
    let begin = create.form.as_ref().and_then(|begin| Some((begin.form, begin.fields.as_ref()?)));
    let mut all = create.attachments.clone();
    if let Some((form, fields)) = begin.filter(|(_, fields)| may_name_any(fields)) {
        let organisation = organisation(caller).await?;
        all.extend(in_fields(caller, &organisation, form, fields));
    }
    create.files = found::all(caller, command, &all).await?;
    Ok(())
}

/// Gives each change of a task what was found of its files.
///
/// # Errors
/// `access_denied_task`, `unrecognized_attachment_id`
pub async fn of_tasks(caller: &Caller, command: &Request, changes: impl IntoIterator<Item = (TaskId, &mut Comment)>) -> Result<(), Fault> {
    let filling = |comment: &Comment| comment.fields.as_ref().is_some_and(may_name_any);
    let naming =
        |(_, comment): &(TaskId, &mut Comment)| comment.attachments.as_ref().is_some_and(|all| !all.is_empty()) || filling(comment);
    let changes: Vec<_> = changes.into_iter().filter(naming).collect();
    if changes.is_empty() {
        return Ok(());
    }
    let forms = stream::iter(changes.iter().map(|(task, comment)| (*task, filling(comment))));
    let forms = forms.map(async |(task, filling)| if filling { form_of(caller, task).await } else { Ok(None) });
    let forms: Vec<Option<FormId>> = forms.buffered(READ_AT_ONCE).try_collect().await?;
    let (mut all, mut each) = (Vec::new(), Vec::with_capacity(changes.len()));
    let organisation = organisation(caller).await?;
    for ((_, comment), form) in changes.into_iter().zip(forms) {
        let mut named = comment.attachments.clone().unwrap_or_default();
        // Without a form it is the decision that refuses.
        if let (Some(form), Some(fields)) = (form, &comment.fields) {
            named.extend(in_fields(caller, &organisation, form, fields));
        }
        all.extend(named.iter().cloned());
        each.push((comment, named));
    }
    let found = found::all(caller, command, &all).await?;
    for (comment, named) in each {
        comment.files = found.only(&named);
    }
    Ok(())
}

async fn organisation(caller: &Caller) -> Result<Arc<OrganisationDirectory>, Fault> {
    let (directory, _) = caller.directory().await?;
    caller.organisation_in(&directory)
}

fn in_fields(caller: &Caller, organisation: &OrganisationDirectory, form: FormId, fields: &Json) -> Vec<Wanted> {
    organisation.form(form).map(|form| wanted(fields, &form.published, &issued(caller, organisation))).unwrap_or_default()
}

/// Whether anything in it looks like a file, so that the form need be asked: most requests name none.
fn may_name_any(json: &Json) -> bool {
    match json {
        Json::List(items) => items.iter().any(|item| is_guid(item) || may_name_any(item)),
        Json::Object(members) => members.iter().any(|(name, value)| {
            let is_value_of_one = name == "value" && is_guid(value);
            is_value_of_one || matches!(name.as_str(), "guid" | "attachment_id" | "url") || may_name_any(value)
        }),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => false,
    }
}

fn is_guid(json: &Json) -> bool {
    json.text().is_some_and(|text| uuid::Uuid::try_parse(text.trim()).is_ok())
}
