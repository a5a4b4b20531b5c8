//! `GET /forms`, `GET /forms/{id}`, its definition and its levels.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use domain::directory::OrganisationDirectory;
use domain::form::{Definition, Form};
use domain::{Code, FormId, Issued};
use serde::Serialize;
use utoipa::ToSchema;

use super::form_id;
use super::shown::ShownForm;
use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::routes::lists::read::issued;
use crate::routes::schema;

#[derive(Serialize, ToSchema)]
pub struct Forms<'a> {
    forms: Vec<ShownForm<'a>>,
}

/// How a form is defined. Ours, beside the dialect.
#[derive(Serialize, ToSchema)]
pub struct Defined<'a> {
    form_id: i64,
    /// How often it was published.
    template: u32,
    /// As `POST /v4/forms` takes it.
    #[schema(value_type = Object)]
    published: &'a Definition,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    draft: Option<&'a Definition>,
}

#[derive(Serialize, ToSchema)]
pub struct Permissions {
    /// Levels of persons and roles, by their ids.
    permissions: BTreeMap<String, &'static str>,
}

impl Permissions {
    pub fn of(form: &Form) -> Self {
        Self { permissions: form.levels.iter().map(|(id, level)| (id.to_string(), level.word())).collect() }
    }
}

/// The forms of which the asker is a member at least.
#[utoipa::path(
    get, path = "/v4/forms", tag = "forms", params(schema::Read),
    responses((status = 200, body = Forms), (status = 401, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope)),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let issued = issued(&caller, &organisation);
    let seen = organisation.forms.values().filter(|form| form.may_see(&issued));
    answer::json(&request, &caller.node, &Forms { forms: seen.map(|form| ShownForm::of(form)).collect() }, About::read(position))
}

/// One form.
#[utoipa::path(
    get, path = "/v4/forms/{id}", tag = "forms", params(("id" = i64, Path, description = "The form"), schema::Read),
    responses(
        (status = 200, body = ShownForm), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_form`: it does not exist, or may not be seen"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = form_id(&id)?;
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let form = seen(&issued(&caller, &organisation), &organisation, id)?;
    answer::json(&request, &caller.node, &ShownForm::of(form), About::read(position))
}

/// How a form is defined: what is published, and the draft. For those who may change it.
#[utoipa::path(
    get, path = "/v4/forms/{id}/definition", tag = "forms", params(("id" = i64, Path, description = "The form"), schema::Read),
    responses(
        (status = 200, body = Defined), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_form`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn definition(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = form_id(&id)?;
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let form = changeable(&issued(&caller, &organisation), &organisation, id)?;
    let defined = Defined { form_id: id.0, template: form.template, published: &form.published, draft: form.draft.as_deref() };
    answer::json(&request, &caller.node, &defined, About::read(position))
}

/// Who may do what with a form.
#[utoipa::path(
    get, path = "/v4/forms/{id}/permissions", tag = "forms", params(("id" = i64, Path, description = "The form"), schema::Read),
    responses(
        (status = 200, body = Permissions), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_form`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn permissions(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = form_id(&id)?;
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let form = changeable(&issued(&caller, &organisation), &organisation, id)?;
    answer::json(&request, &caller.node, &Permissions::of(form), About::read(position))
}

fn seen<'a>(issued: &Issued<'_>, organisation: &'a OrganisationDirectory, id: FormId) -> Result<&'a Arc<Form>, Fault> {
    organisation.form(id).filter(|form| form.may_see(issued)).ok_or_else(|| Fault::domain(Code::AccessDeniedForm))
}

/// The form, for those who may change it.
///
/// # Errors
/// `access_denied_form`
pub fn changeable<'a>(issued: &Issued<'_>, organisation: &'a OrganisationDirectory, id: FormId) -> Result<&'a Arc<Form>, Fault> {
    organisation.form(id).filter(|form| form.may_change(issued)).ok_or_else(|| Fault::domain(Code::AccessDeniedForm))
}
