//! `GET /lists` and `GET /lists/{id}`.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::{Code, Issued};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ShownList, list_id};
use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::routes::query::Query;
use crate::routes::schema;

#[derive(Serialize, ToSchema)]
pub struct Lists<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lists: Vec<ShownList<'a>>,
}

/// The lists that the asker sees, as a tree.
#[utoipa::path(
    get, path = "/v4/lists", tag = "lists",
    params(
        ("with_forms" = Option<bool>, Query, description = "Taken, and without effect where there are no forms"),
        ("with_deleted" = Option<bool>, Query, description = "With deleted lists that the asker would manage"), schema::AsOf, schema::Read,
    ),
    responses((status = 200, body = Lists), (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 412, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope)),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let query = Query::of(&request);
    query.boolean("with_forms")?;
    let deleted = query.boolean("with_deleted")?.unwrap_or(false);
    let shown = caller.shown(&request).await?;
    let issued = caller.issued(&shown.today);
    let branches = shown.then.as_ref().map_or_else(|| issued.lists(deleted), |then| issued.lists_then(then, deleted));
    let lists = branches.iter().map(ShownList::branch).collect();
    answer::json(&request, &caller.node, &Lists { lists }, About::read(shown.position))
}

/// One list, with those below it.
#[utoipa::path(
    get, path = "/v4/lists/{id}", tag = "lists", params(("id" = i64, Path, description = "The list"), schema::AsOf, schema::Read),
    responses(
        (status = 200, body = ShownList), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_project`: it does not exist, or may not be seen"),
        (status = 412, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = list_id(&id)?;
    let shown = caller.shown(&request).await?;
    let issued = caller.issued(&shown.today);
    let branch = shown.then.as_ref().map_or_else(|| issued.branch(id), |then| issued.branch_then(then, id));
    let branch = branch.ok_or_else(|| Fault::domain(Code::AccessDeniedProject))?;
    answer::json(&request, &caller.node, &ShownList::branch(&branch), About::read(shown.position))
}

/// The asker, before the directory as it was read for them.
pub fn issued<'a>(caller: &Caller, organisation: &'a domain::directory::OrganisationDirectory) -> Issued<'a> {
    Issued { organisation: organisation.id, who: caller.person.id, at: caller.node.journal.now(), directory: organisation }
}
