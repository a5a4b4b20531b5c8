//! `GET` and `POST /forms/{id}/print_forms`, `PUT` and `DELETE /forms/{id}/print_forms/{print_form_id}`: the templates that a form's
//! tasks are printed with. For those who administer the form; a template is tried before it is kept.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::FormId;
use domain::form::{Command, Form, PrintForm, SavePrint};
use serde::Serialize;
use utoipa::ToSchema;

use super::form_id;
use super::read::changeable;
use crate::answer::{self, About};
use crate::codes::Own;
use crate::dialect::Object;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::routes::lists::read::issued;
use crate::routes::tasks::print::by_form;
use crate::routes::{credentials, schema};

#[derive(Serialize, ToSchema)]
pub struct ShownPrint<'a> {
    print_form_id: u32,
    print_form_name: &'a str,
    /// The body of the page.
    template: &'a str,
}

#[derive(Serialize, ToSchema)]
pub struct ShownPrints<'a> {
    print_forms: Vec<ShownPrint<'a>>,
}

fn shown(print: &PrintForm) -> ShownPrint<'_> {
    ShownPrint { print_form_id: print.id, print_form_name: &print.name, template: &print.template }
}

/// What a form's tasks can be printed with.
#[utoipa::path(
    get, path = "/v4/forms/{id}/print_forms", tag = "forms", params(("id" = i64, Path, description = "The form"), schema::Read),
    responses(
        (status = 200, body = ShownPrints), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_form`"),
        (status = 412, body = Envelope, description = "`log_replaced`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn list(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let form = changeable(&issued(&caller, &organisation), &organisation, form_id(&id)?)?;
    let print_forms = form.print_forms.values().map(|print| shown(print)).collect();
    answer::json(&request, &caller.node, &ShownPrints { print_forms }, About::read(position))
}

/// Adds a print form.
#[utoipa::path(
    post, path = "/v4/forms/{id}/print_forms", tag = "forms", params(("id" = i64, Path, description = "The form"), schema::Write), request_body = schema::WritePrint,
    responses(
        (status = 200, body = ShownPrint),
        (status = 400, body = Envelope, description = "`invalid_input`: the template's line, and what is wrong; `required_parameter_missing`, `limit_exceeded`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_form`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn create(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    save(&request, &caller, form_id(&id)?, None, &body).await
}

/// Changes a print form: what is given.
#[utoipa::path(
    put, path = "/v4/forms/{id}/print_forms/{print_form_id}", tag = "forms",
    params(("id" = i64, Path, description = "The form"), ("print_form_id" = u32, Path, description = "The print form"), schema::Write),
    request_body = schema::WritePrint,
    responses(
        (status = 200, body = ShownPrint), (status = 400, body = Envelope, description = "As for a new one"), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_form`"), (status = 404, body = Envelope, description = "`not_found`"),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn change(request: HttpRequest, caller: Caller, path: web::Path<(String, String)>, body: Body) -> Result<HttpResponse, Fault> {
    let (form, print) = path.into_inner();
    save(&request, &caller, form_id(&form)?, Some(&print), &body).await
}

/// Removes a print form.
#[utoipa::path(
    delete, path = "/v4/forms/{id}/print_forms/{print_form_id}", tag = "forms",
    params(("id" = i64, Path, description = "The form"), ("print_form_id" = u32, Path, description = "The print form"), schema::Write),
    responses(
        (status = 200, body = ShownPrints), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_form`"),
        (status = 404, body = Envelope, description = "`not_found`"), (status = 422, body = Envelope), (status = 429, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn remove(request: HttpRequest, caller: Caller, path: web::Path<(String, String)>, body: Body) -> Result<HttpResponse, Fault> {
    let (form, print) = path.into_inner();
    let form = form_id(&form)?;
    let command = command(&request, &caller, &body.0)?;
    let print = known(&*may_change(&caller, form).await?, &print)?;
    let done = caller.node.change_form(form, command, Command::RemovePrint(print)).await?;
    credentials::seen(&caller, done.position).await;
    let print_forms = done.view.print_forms.values().map(|print| shown(print)).collect();
    answer::json(&request, &caller.node, &ShownPrints { print_forms }, About::done(&done))
}

async fn save(request: &HttpRequest, caller: &Caller, id: FormId, print: Option<&str>, body: &Body) -> Result<HttpResponse, Fault> {
    let command = command(request, caller, &body.0)?;
    let form = may_change(caller, id).await?;
    let print = print.map(|print| known(&form, print)).transpose()?;
    let members = body.object()?;
    let members = Object::new(&members);
    let save = SavePrint { id: print, name: members.string("print_form_name")?, template: members.string("template")? };
    // What is too long is refused before it is tried.
    if let Some(template) = save.template.clone().filter(|template| template.len() <= domain::form::print::TEMPLATE_BYTES_MAX) {
        by_form::tried(&form, template).await?;
    }
    let done = caller.node.change_form(id, command, Command::SavePrint(Box::new(save))).await?;
    credentials::seen(caller, done.position).await;
    let saved = print.or(Some(done.view.last_print_form)).and_then(|id| done.view.print_forms.get(&id));
    let saved = saved.ok_or_else(|| Fault::own(Own::NotFound))?;
    answer::json(request, &caller.node, &shown(saved), About::done(&done))
}

async fn may_change(caller: &Caller, id: FormId) -> Result<std::sync::Arc<Form>, Fault> {
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    changeable(&issued(caller, &organisation), &organisation, id).cloned()
}

fn known(form: &Form, print: &str) -> Result<u32, Fault> {
    let id = print.parse::<u32>().ok().filter(|id| form.print_forms.contains_key(id));
    id.ok_or_else(|| Fault::own(Own::NotFound))
}
