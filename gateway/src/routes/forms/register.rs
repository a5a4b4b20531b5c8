//! `GET` and `POST /forms/{id}/register`: the tasks of a form, filtered, as JSON or CSV.

use actix_web::http::header::HeaderValue;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use domain::directory::OrganisationDirectory;
use domain::form::scope::Filled;
use domain::form::{Field, FieldKind, Form, Level};
use domain::task::document::register::Registered;
use domain::task::form::words;
use domain::task::{Answer, document};
use domain::{Code, FormId};
use projections::View;
use projections::views::tasks::Access;
use projections::views::tasks::register::{self, Row};
use serde_json::{Map, Value};

use super::form_id;
use crate::answer::{self, About};
use crate::dialect::{self, Format, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller};
use crate::routes::history::defused;
use crate::routes::lists::read::issued;
use crate::routes::query::Query;
use crate::routes::{moment, schema};
use crate::{edge, view};

/// Asked for, unknown parameters are refused.
const STRICT: &str = "Nashi-Strict";
const MEMORY: &str = "memory takes what is written to it, and each record has as many parts";
/// What is kept of an answer before it becomes a chunk.
const CHUNK_BYTES: usize = 64 * 1024;

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
        ("after" = Option<i64>, Query, description = "Only what comes after this task: the cursor of a page. Ours"),
        ("include_approvals" = Option<bool>, Query, description = "With `form_id` and `approvals`. Ours"),
        ("format" = Option<String>, Query, description = "`json` or `csv`"), ("delimiter" = Option<String>, Query),
        ("Nashi-Strict" = Option<String>, Header, description = "`true`: what is no parameter is refused"), schema::Read,
    ),
    responses(
        (status = 200, body = schema::Register),
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

async fn of_form(request: &HttpRequest, caller: &Caller, id: FormId, asked: &Map<String, Value>) -> Result<HttpResponse, Fault> {
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let issued = issued(caller, &organisation);
    let form = organisation.form(id).filter(|form| form.level(&issued) != Level::None);
    let form = form.ok_or_else(|| Fault::domain(Code::AccessDeniedForm))?;
    let strict = request.headers().get(STRICT).is_some_and(|value| value == "true");
    let zone = domain::zone::named(&organisation.organisation.settings.time_zone);
    let wanted = dialect::register(&Object::new(asked), &form.published, issued.at, &zone, strict)?;
    let access = Access::of(&issued).or_all(form.level(&issued).sees_all_tasks());
    let ready = view::read(caller, View::Tasks).await?;
    let found = register::rows(&caller.node.pool, &ready.generation, (organisation.id, id), &access, &wanted.asked).await;
    let found = view::answered(found)?;
    let about = About::read(ready.position);
    let mut response = match wanted.format {
        Format::Json => {
            let shown = found.rows.iter().map(|row| registered(row).rendered(form, &wanted.parts, &organisation));
            answer::chunks(request, &caller.node, json(shown, found.has_more), about)
        }
        Format::Csv { delimiter } => {
            let columns = columns(form, &wanted.parts);
            answer::csv(request, &caller.node, csv(&found.rows, form, &columns, delimiter, &organisation), about)
        }
    };
    if found.parked {
        response.headers_mut().insert(edge::INCOMPLETE.clone(), HeaderValue::from_static("tasks"));
    }
    Ok(response)
}

fn registered(row: &Row) -> Registered<'_> {
    let header = &row.header;
    Registered {
        id: row.id,
        text: &row.text,
        created_at: header.created_at,
        modified_at: header.modified_at,
        closed_at: header.closed_at,
        author: header.author,
        responsible: header.responsible,
        due: header.due,
        filling: &row.filling,
    }
}

fn json(rows: impl Iterator<Item = String>, has_more: bool) -> Answer {
    let mut chunks = Vec::new();
    let mut chunk = String::from("{\"tasks\":[");
    for (index, row) in rows.enumerate() {
        if index > 0 {
            chunk.push(',');
        }
        chunk.push_str(&row);
        if chunk.len() >= CHUNK_BYTES {
            chunks.push(Bytes::from(std::mem::take(&mut chunk)));
        }
    }
    chunk.push_str(&format!("],\"has_more\":{has_more}}}"));
    chunks.push(Bytes::from(chunk));
    Answer { chunks, names: document::Names::default() }
}

/// What stands in a field, in words.
fn cell(field: &Field, row: &Row, filled: &Filled<'_>, people: &OrganisationDirectory) -> String {
    match row.filling.values.get(&field.id) {
        Some(domain::form::Value::Checked(checked)) => if *checked { "checked" } else { "unchecked" }.to_owned(),
        _ => words(field, filled, people).unwrap_or_default(),
    }
}

/// The fields that a plain table has columns for.
fn columns<'a>(form: &'a Form, parts: &document::register::Parts) -> Vec<&'a Field> {
    let definition = &form.published;
    if !parts.fields.is_empty() {
        return parts.fields.iter().filter_map(|id| definition.find(*id)).map(|placed| placed.field).collect();
    }
    let plain =
        |field: &Field| !field.deleted && !field.kind.is_told() && !matches!(field.kind, FieldKind::Title { .. } | FieldKind::Table { .. });
    definition.all().into_iter().filter(|placed| !placed.is_cell() && plain(placed.field)).map(|placed| placed.field).collect()
}

fn csv(rows: &[Row], form: &Form, columns: &[&Field], delimiter: u8, people: &OrganisationDirectory) -> Vec<u8> {
    let mut lines = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    let named = ["Id", "Text", "Author", "Created", "Modified", "Closed", "Step"].into_iter().map(str::to_owned);
    let head: Vec<String> = named.chain(columns.iter().map(|field| defused(&field.name).into_owned())).collect();
    lines.write_record(&head).expect(MEMORY);
    for row in rows {
        let header = &row.header;
        let filled = row.filling.filled(&form.published, header.author, header.closed_at.is_some());
        let step = row.filling.progress.current.to_string();
        let closed = header.closed_at.map(moment).unwrap_or_default();
        let author = people.person(header.author).map(|author| &author.profile);
        let author = author.map(|name| format!("{} {}", name.first_name, name.last_name)).unwrap_or_default();
        let [text, author] = [row.text.as_str(), author.trim()].map(|cell| defused(cell).into_owned());
        let mut line = vec![row.id.to_string(), text, author, moment(header.created_at), moment(header.modified_at), closed, step];
        line.extend(columns.iter().map(|field| defused(&cell(field, row, &filled, people)).into_owned()));
        lines.write_record(&line).expect(MEMORY);
    }
    lines.into_inner().expect(MEMORY)
}
