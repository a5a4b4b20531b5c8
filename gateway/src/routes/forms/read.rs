//! `GET /forms`, `GET /forms/{id}`, its definition and its levels.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use domain::directory::OrganisationDirectory;
use domain::form::{Definition, Event, Form};
use domain::{Code, FormId, Issued};
use serde::Serialize;
use utoipa::ToSchema;

use super::form_id;
use super::shown::ShownForm;
use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::past::Shown;
use crate::routes::lists::read::issued;
use crate::routes::{moment, schema};

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
    /// What `PUT /v4/forms/{id}` takes, so that nobody's changes are overwritten unseen.
    version: i64,
    /// As `POST /v4/forms` takes it.
    #[schema(value_type = schema::form::Definition)]
    published: &'a Definition,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::form::Definition>)]
    draft: Option<&'a Definition>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ShownFormPermissions)]
pub struct Permissions {
    /// Levels of persons and roles, by their ids.
    #[schema(value_type = BTreeMap<String, schema::form::FormLevel>)]
    permissions: BTreeMap<String, &'static str>,
}

impl Permissions {
    pub fn of(form: &Form) -> Self {
        Self { permissions: form.levels.iter().map(|(id, level)| (id.to_string(), level.word())).collect() }
    }
}

/// The forms of which the asker is a member at least.
#[utoipa::path(
    get, path = "/v4/forms", tag = "forms", params(schema::Read, schema::AsOf),
    responses((status = 200, body = Forms), (status = 401, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope)),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let shown = caller.shown(&request).await?;
    let issued = issued(&caller, &shown.today);
    let seen = shown.organisation().forms.values().filter(|form| seen(&issued, &shown.today, form.id).is_ok());
    answer::json(&request, &caller.node, &Forms { forms: seen.map(|form| ShownForm::of(form)).collect() }, About::read(shown.position))
}

/// One form.
#[utoipa::path(
    get, path = "/v4/forms/{id}", tag = "forms", params(("id" = i64, Path, description = "The form"), schema::Read, schema::AsOf),
    responses(
        (status = 200, body = ShownForm), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_form`: it does not exist, or may not be seen"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = form_id(&id)?;
    let shown = caller.shown(&request).await?;
    seen(&issued(&caller, &shown.today), &shown.today, id)?;
    answer::json(&request, &caller.node, &ShownForm::of(then(&shown, id)?), About::read(shown.position))
}

/// How a form is defined: what is published, and the draft. For those who may change it.
#[utoipa::path(
    get, path = "/v4/forms/{id}/definition", tag = "forms", params(("id" = i64, Path, description = "The form"), schema::Read, schema::AsOf),
    responses(
        (status = 200, body = Defined), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_form`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn definition(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = form_id(&id)?;
    let shown = caller.shown(&request).await?;
    changeable(&issued(&caller, &shown.today), &shown.today, id)?;
    let form = then(&shown, id)?;
    let (published, draft) = (&*form.published, form.draft.as_deref());
    let defined = Defined { form_id: id.0, template: form.template, version: form.defined, published, draft };
    answer::json(&request, &caller.node, &defined, About::read(shown.position))
}

/// A version of a form: from its position on, tasks went by it.
#[derive(Serialize, ToSchema)]
#[schema(as = FormVersion)]
pub struct Version {
    template: u32,
    /// Of the log: what `as_of` takes to show how the form was defined then.
    position: i64,
    published: String,
    published_by: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FormVersions)]
pub struct Versions {
    form_id: i64,
    /// The newest is the last.
    versions: Vec<Version>,
}

/// When a form was published, and by whom. For those who may change it.
#[utoipa::path(
    get, path = "/v4/forms/{id}/versions", tag = "forms", params(("id" = i64, Path, description = "The form"), schema::Read),
    responses(
        (status = 200, body = Versions), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_form`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn versions(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = form_id(&id)?;
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    changeable(&issued(&caller, &organisation), &organisation, id)?;
    let history = caller.history_of::<Form>(id.into()).await?;
    let publishing = history.iter().filter(|(_, event)| matches!(event, Event::Created(_) | Event::Published));
    let versions = (1..).zip(publishing).map(|(template, (header, _))| Version {
        template,
        position: header.position,
        published: moment(header.at),
        published_by: header.person.0,
    });
    answer::json(&request, &caller.node, &Versions { form_id: id.0, versions: versions.collect() }, About::read(position))
}

/// Who may do what with a form.
#[utoipa::path(
    get, path = "/v4/forms/{id}/permissions", tag = "forms", params(("id" = i64, Path, description = "The form"), schema::Read, schema::AsOf),
    responses(
        (status = 200, body = Permissions), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_form`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn permissions(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = form_id(&id)?;
    let shown = caller.shown(&request).await?;
    changeable(&issued(&caller, &shown.today), &shown.today, id)?;
    answer::json(&request, &caller.node, &Permissions::of(then(&shown, id)?), About::read(shown.position))
}

/// The form as it is shown; refused where it was not there then.
fn then(shown: &Shown, id: FormId) -> Result<&Arc<Form>, Fault> {
    shown.organisation().form(id).ok_or_else(|| Fault::domain(Code::AccessDeniedForm))
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
