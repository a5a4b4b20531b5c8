//! `GET` and `POST /forms/{id}/register`: the tasks of a form, filtered, as JSON, as CSV or as a workbook. Which tasks those are is
//! found at once; what is shown of them goes out while it is read.

mod pages;
mod table;
mod workbook;

use std::sync::Arc;

use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, Uri};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use domain::form::Level;
use domain::task::Answer;
use domain::{Code, FormId, TaskId};
use futures_util::{StreamExt, stream};
use projections::View;
use projections::views::tasks::Access;
use projections::views::tasks::register::{self, Found};
use serde_json::{Map, Value};

use super::form_id;
use crate::access_log::Kind;
use crate::answer::{self, About};
use crate::dialect::{self, Format, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller};
use crate::routes::lists::read::issued;
use crate::routes::query::Query;
use crate::routes::{JSON, schema};
use crate::streamed::{self, Broken};
use crate::{edge, view};
use pages::{Make, PAGE, Sheet};

/// Asked for, unknown parameters are refused.
const STRICT: &str = "Nashi-Strict";
const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The tasks of a form that the asker may see, newest first. Every parameter may be asked for in the body as well (`POST`).
#[utoipa::path(
    get, path = "/v4/forms/{id}/register", tag = "forms",
    params(
        ("id" = i64, Path, description = "The form"),
        ("fld{id}" = Option<String>, Query, description = "What must hold of a field: `a` (texts: begins with), `a,b` (one of), `gt…`, `lt…`, `gt…,lt…`, `empty`, `*`"),
        ("id" = Option<String>, Query, description = "The same of the task's id"),
        ("steps" = Option<String>, Query), ("task_ids" = Option<String>, Query),
        ("field_ids" = Option<String>, Query, description = "Only these fields, in this order"),
        ("include_archived" = Option<bool>, Query, description = "Also closed tasks"),
        ("modified_after" = Option<String>, Query), ("modified_before" = Option<String>, Query),
        ("created_after" = Option<String>, Query), ("created_before" = Option<String>, Query),
        ("closed_after" = Option<String>, Query), ("closed_before" = Option<String>, Query),
        ("due_filter" = Option<String>, Query, description = "`overdue` or `past_due`; `overdue_on_step`, or `{\"overdue_steps\":[1,2]}`"),
        ("item_count" = Option<u32>, Query, description = "1 to 20000"), ("sort" = Option<String>, Query, description = "`id`: the oldest first"),
        ("include_text" = Option<String>, Query, description = "At most 300 characters. Each word begins a word of the title, the subject or a text in a field; comments are not searched"),
        ("after" = Option<i64>, Query, description = "Only what comes after this task: the cursor of a page. Ours"),
        ("include_approvals" = Option<bool>, Query, description = "With `form_id` and `approvals`. Ours"),
        ("format" = Option<String>, Query, description = "`json`, `csv` or `xlsx` (ours)"), ("delimiter" = Option<String>, Query),
        ("Nashi-Strict" = Option<String>, Header, description = "`true`: what is no parameter is refused"), schema::Read,
    ),
    responses(
        (status = 200, body = schema::Register, description = "Where there is more, a `Link` leads on. A long answer is broken off where it cannot be read to its end"),
        (status = 400, body = Envelope, description = "`filter_type_is_not_supported`, `incorrect_parameters_count`, `invalid_field_id`, `step_field_does_not_exists`, `items_count_out_of_range`, `invalid_value_format`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_form`"),
        (status = 412, body = Envelope, description = "`log_replaced`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let asked = Query::of(&request).members();
    of_form(&request, &caller, form_id(&id)?, &asked).await
}

/// The same, with what is asked for in the body.
#[utoipa::path(
    post, path = "/v4/forms/{id}/register", tag = "forms",
    params(("id" = i64, Path, description = "The form"), schema::Read), request_body = schema::AskRegister,
    responses(
        (status = 200, body = schema::Register), (status = 400, body = Envelope, description = "As for `GET`"), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_form`"), (status = 412, body = Envelope, description = "`log_replaced`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn ask(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    of_form(&request, &caller, form_id(&id)?, &body.object_or_nothing()?).await
}

/// The register of `id` as it is asked for: for the two routes, and for saved filters.
///
/// # Errors
/// As the routes say.
pub async fn of_form(request: &HttpRequest, caller: &Caller, id: FormId, asked: &Map<String, Value>) -> Result<HttpResponse, Fault> {
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let issued = issued(caller, &organisation);
    let form = organisation.form(id).filter(|form| form.level(&issued) != Level::None);
    let form = form.ok_or_else(|| Fault::domain(Code::AccessDeniedForm))?.clone();
    let strict = request.headers().get(STRICT).is_some_and(|value| value == "true");
    let zone = domain::zone::named(&organisation.organisation.settings.time_zone);
    let wanted = dialect::register(&Object::new(asked), &form.published, issued.at, &zone, strict)?;
    let access = Access::of(&issued).or_all(form.level(&issued).sees_all_tasks());
    let ready = view::read(caller, View::Tasks).await?;
    let pool = caller.node.pool.clone();
    let found = view::answered(register::found(&pool, &ready.generation, (organisation.id, id), &access, &wanted.asked).await)?;
    let delimiter = if let Format::Csv { delimiter } = wanted.format { delimiter } else { b',' };
    let names_for = matches!(wanted.format, Format::Json).then(|| Access::of(&issued));
    let sheet = Arc::new(Sheet { pool, generation: ready.generation, organisation, form, parts: wanted.parts, delimiter, names_for });
    let (last, has_more, parked) = (found.tasks.last().copied(), found.has_more, found.parked);
    let about = About::read(ready.position);
    note(request, caller, id, !matches!(wanted.format, Format::Json));
    let mut response = match wanted.format {
        Format::Json => json(request, caller, sheet, found, about).await?,
        Format::Csv { .. } => csv(request, caller, sheet, found, about).await?,
        Format::Xlsx => workbook::answer(request, caller, sheet, found.tasks, about).await?,
    };
    let headers = response.headers_mut();
    if parked {
        headers.insert(edge::INCOMPLETE.clone(), HeaderValue::from_static("tasks"));
    }
    if let Some(next) = last.filter(|_| has_more).filter(|_| request.method() == Method::GET).and_then(|last| next(request.uri(), last)) {
        headers.insert(header::LINK, next);
    }
    Ok(response)
}

/// Notes that the asker looked into the register, or had it as a document.
fn note(request: &HttpRequest, caller: &Caller, form: FormId, exported: bool) {
    let node = &caller.node;
    let (organisation, person, now) = (caller.organisation.id, caller.person.id, node.journal.now());
    if exported {
        node.access_log.exported(Kind::RegisterExported, organisation, person, form.0, now, node.place(request));
    } else {
        node.access_log.register_read(organisation, person, form, now, || node.place(request));
    }
}

/// Where the next page is, for a request whose parameters are in its address.
fn next(uri: &Uri, last: TaskId) -> Option<HeaderValue> {
    let others = uri.query().unwrap_or_default().split('&').filter(|other| !other.is_empty() && !other.starts_with("after="));
    let query: Vec<String> = others.map(str::to_owned).chain([format!("after={last}")]).collect();
    HeaderValue::try_from(format!("<{}?{}>; rel=\"next\"", uri.path(), query.join("&"))).ok()
}

async fn json(request: &HttpRequest, caller: &Caller, sheet: Arc<Sheet>, found: Found, about: About) -> Result<HttpResponse, Fault> {
    let end = format!("],\"has_more\":{}}}", found.has_more);
    whole_or_pieces((request, caller), sheet, found, (Bytes::from_static(b"{\"tasks\":["), pages::json, end.into()), JSON, about).await
}

async fn csv(request: &HttpRequest, caller: &Caller, sheet: Arc<Sheet>, found: Found, about: About) -> Result<HttpResponse, Fault> {
    let head = table::head(&sheet);
    whole_or_pieces((request, caller), sheet, found, (head, table::lines, Bytes::new()), CSV, about).await
}

/// Few rows at once, with their length; many as they are read.
async fn whole_or_pieces(
    (request, caller): (&HttpRequest, &Caller),
    sheet: Arc<Sheet>,
    found: Found,
    (head, make, end): (Bytes, Make, Bytes),
    content_type: &'static str,
    about: About,
) -> Result<HttpResponse, Fault> {
    if found.tasks.len() > PAGE {
        let pages = stream::iter([Ok(head)]).chain(sheet.pages(found.tasks, make)).chain(stream::iter([Ok(end)]));
        return Ok(streamed::pieces(request, &caller.node, content_type, pages, about));
    }
    let rows = sheet.page(0, &found.tasks, make).await.map_err(broken)?;
    let answer = Answer { chunks: vec![head, rows, end], ..Answer::default() };
    let mut response = answer::chunks(request, &caller.node, answer, about);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    Ok(response)
}

fn broken(error: Broken) -> Fault {
    tracing::warn!(error = &error as &dyn std::error::Error, "a register could not be read");
    Fault::unavailable("a view cannot be read just now")
}
