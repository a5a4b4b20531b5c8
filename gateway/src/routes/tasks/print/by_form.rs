//! `GET /tasks/{id}/print_forms/{print_form_id}`: a task by one of its form's own templates, as PDF or as a page.

use std::sync::LazyLock;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use domain::form::Form;
use domain::{FormId, zone};
use maud::{DOCTYPE, PreEscaped, html};

use super::context::Context;
use super::page::{Page, Reader};
use super::pdf::{self, Failed};
use super::template::{self, Flawed};
use super::{task, words::Words};
use crate::answer::{self, About};
use crate::codes::Own;
use crate::error::{Envelope, Fault, Language};
use crate::extract::Caller;
use crate::routes::query::Query;
use crate::routes::schema;
use crate::routes::tasks::{links, task_id};

/// Styles of the template itself, and pictures that stand in it; nothing from elsewhere, no script, and nothing leads away.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";
/// The same for a file, which no server stands behind.
const POLICY_OF_FILE: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
const STYLE: &str = "body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; font: 15px/1.5 'Noto Sans', 'Helvetica Neue', Arial, sans-serif; overflow-wrap: break-word } table { border-collapse: collapse; max-width: 100% } th, td { padding: .2rem .6rem; border: 1px solid #cbc7bf; text-align: left; vertical-align: top } @media print { body { max-width: none; margin: 0; padding: 0 } } @page { margin: 18mm }";

/// A task of a form as one of the form's print forms shows it; for whoever sees the task, with what they see of it.
#[utoipa::path(
    get, path = "/v4/tasks/{id}/print_forms/{print_form_id}", tag = "tasks",
    params(
        ("id" = i32, Path, description = "The task"), ("print_form_id" = u32, Path, description = "The print form"),
        ("format" = Option<String>, Query, description = "`pdf`, or `html` for a page without scripts"), schema::Locale, schema::Read,
    ),
    responses(
        (status = 200, body = String, content_type = "application/pdf", description = "Or `text/html`"),
        (status = 400, body = Envelope, description = "`task_has_no_form`; `invalid_input`: what the template makes of this task is told"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_task`"),
        (status = 404, body = Envelope, description = "`not_found`: the form has no such print form"), (status = 412, body = Envelope, description = "`log_replaced`"),
        (status = 429, body = Envelope), (status = 501, body = Envelope, description = "`pdf_not_available`: no browser is installed here that could make it"),
        (status = 503, body = Envelope),
    ),
)]
pub async fn print(request: HttpRequest, caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Fault> {
    let (id, print_form) = path.into_inner();
    let id = task_id(&id)?;
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let (answer, position) = caller.node.show_task(&caller, id).await?;
    let answer = links::named_in(&caller, answer).await?;
    let task::Answer { task } = serde_json::from_slice(&answer.to_vec()).map_err(|error| {
        tracing::error!(%error, "a task's answer is not what its page is made of");
        Fault::own(Own::ServerError)
    })?;
    let form = task.form_id.ok_or_else(|| Fault::domain(domain::Code::TaskHasNoForm))?;
    // Whoever sees a task sees what its form makes of it, at whatever level they are.
    let form = organisation.form(FormId(form)).cloned().ok_or_else(|| Fault::own(Own::NotFound))?;
    let print_form =
        print_form.parse::<u32>().ok().and_then(|id| form.print_forms.get(&id).cloned()).ok_or_else(|| Fault::own(Own::NotFound))?;
    super::note(&request, &caller, id);
    let zone = caller.person.profile.time_zone.as_deref().unwrap_or(&organisation.organisation.settings.time_zone);
    let reader = Reader {
        zone: zone::named(zone),
        language: request.extensions().get::<Language>().copied().unwrap_or_default(),
        person: caller.person.id,
        at: caller.node.journal.now(),
        organisation,
    };
    let as_pdf = match Query::of(&request).members().get("format").and_then(serde_json::Value::as_str) {
        None | Some("pdf") => true,
        Some("html") => false,
        Some(_) => return Err(Fault::domain(domain::Code::InvalidValueFormat).with("format: neither pdf nor html".to_owned())),
    };
    let title = format!("{} – {}", print_form.name, task.id);
    let words = Words::of(reader.language);
    let made = web::block(move || {
        let page = Page { reader: &reader, as_of: None, position };
        template::rendered(&print_form.template, &Context::of(&page, &form, &task))
    });
    let body = made.await.map_err(|_| Fault::own(Own::ServerError))?.map_err(|flawed| refused(&flawed))?;
    if !as_pdf {
        return Ok(answer::page(&request, &caller.node, document(words, &title, &body, None), POLICY, About::read(position)));
    }
    let html = document(words, &title, &body, Some(POLICY_OF_FILE));
    let pdf = pdf::of(&html, &caller.node.settings.printing.browser).await.map_err(failed)?;
    let mut head = answer::head(&caller.node, About::read(position));
    head.insert_header((header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")));
    head.insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"task-{id}.pdf\"")));
    Ok(head.body(pdf))
}

/// What is wrong with a template, told to whoever asked for it.
pub fn refused(flawed: &Flawed) -> Fault {
    Fault::domain(domain::Code::InvalidInput).with(format!("template: {flawed}"))
}

/// Whether a form's tasks could be printed with a template: it is tried on a task with something in every field.
///
/// # Errors
/// What is wrong with it, and where.
pub async fn tried(form: &Form, template: String) -> Result<(), Fault> {
    let sample = Context::sample(form);
    let tried = web::block(move || template::rendered(&template, &sample));
    tried.await.map_err(|_| Fault::own(Own::ServerError))?.map(drop).map_err(|flawed| refused(&flawed))
}

fn failed(error: Failed) -> Fault {
    match error {
        Failed::NoBrowser => Fault::own(Own::PdfNotAvailable),
        Failed::Busy => Fault::unavailable("too many pages are being made"),
        Failed::TooLong | Failed::Nothing | Failed::Io(_) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a page was not made to PDF");
            Fault::own(Own::ServerError)
        }
    }
}

fn document(words: &Words, title: &str, body: &str, policy: Option<&str>) -> String {
    static BARE: LazyLock<PreEscaped<&'static str>> = LazyLock::new(|| PreEscaped(STYLE));
    let page = html! {
        (DOCTYPE)
        html lang=(words.tag) {
            head {
                meta charset="utf-8";
                @if let Some(policy) = policy { meta http-equiv="Content-Security-Policy" content=(policy); }
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (*BARE) }
            }
            body { (PreEscaped(body)) }
        }
    };
    page.into_string()
}
