//! `GET /handlingtime`: how long who took at which step of a form's tasks, as CSV or JSON. What is counted is the view's
//! (`projections/src/views/tasks/handling.rs`); of tasks that the asker may not see nothing is told.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse};
use domain::directory::OrganisationDirectory;
use domain::form::{Form, Level};
use domain::{Code, FormId, PersonId};
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};
use projections::View;
use projections::views::tasks::Access;
use projections::views::tasks::handling::{self, Handled, Time};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::routes::history::defused;
use crate::routes::lists::read::issued;
use crate::routes::query::Query;
use crate::routes::{moment, schema};
use crate::view;

const DECISIONS: [&str; 11] =
    ["task_id", "task", "step", "step_name", "person_id", "person", "approver_id", "choice", "asked_at", "decided_at", "seconds"];
const SUMS: [&str; 8] = ["step", "step_name", "person_id", "person", "decisions", "seconds", "average_seconds", "longest_seconds"];
const MEMORY: &str = "memory takes what is written to it, and each record has as many parts";

#[derive(Serialize, ToSchema)]
pub struct HandlingTimes {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    decisions: Vec<Decision>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    summary: Vec<Sum>,
    /// There are more than were asked for.
    has_more: bool,
}

/// A decision, and how long it took since whoever decided was asked.
#[derive(Serialize, ToSchema)]
pub struct Decision {
    task_id: i64,
    task: String,
    step: u8,
    step_name: String,
    person_id: i64,
    person: String,
    /// A role, or somebody who was away, for whom the person decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    approver_id: Option<i64>,
    choice: String,
    asked_at: String,
    decided_at: String,
    seconds: i64,
}

/// What a person did at a step.
#[derive(Serialize, ToSchema)]
pub struct Sum {
    step: u8,
    step_name: String,
    person_id: i64,
    person: String,
    decisions: u64,
    seconds: i64,
    average_seconds: i64,
    longest_seconds: i64,
}

/// How long who took at which step, by when they decided; of the tasks that the asker may see.
#[utoipa::path(
    get, path = "/v4/handlingtime", tag = "forms",
    params(
        ("formId" = i64, Query, description = "The form"),
        ("sd" = String, Query, description = "The first day (`YYYY-MM-DD`), or moment"), ("ed" = String, Query, description = "The last day, or the moment before which"),
        ("tz" = Option<String>, Query, description = "Whose days: a name (`Europe/Berlin`), or minutes east of UTC; the organisation's where nothing is said"),
        ("format" = Option<String>, Query, description = "`csv`, or `json`"), ("summary" = Option<bool>, Query, description = "Summed up by step and person"),
        ("header" = Option<bool>, Query, description = "CSV with a line that names the columns"),
        ("count" = Option<u32>, Query, description = "1 to 100000 decisions"), schema::Read,
    ),
    responses(
        (status = 200, body = HandlingTimes, description = "Or CSV with the same columns"),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_value_format`, `items_count_out_of_range`"), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_form`"), (status = 412, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let query = Query::of(&request);
    let missing = |name: &'static str| Fault::domain(Code::RequiredParameterMissing).with(name);
    let id = FormId(query.number("formId")?.ok_or_else(|| missing("formId"))?);
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let issued = issued(&caller, &organisation);
    let form = organisation.form(id).filter(|form| form.level(&issued) != Level::None);
    let form = form.ok_or_else(|| Fault::domain(Code::AccessDeniedForm))?;
    let zone = zone(query.text("tz").as_deref(), &organisation)?;
    let time = Time {
        from: bound("sd", &query.text("sd").ok_or_else(|| missing("sd"))?, &zone, false)?,
        before: bound("ed", &query.text("ed").ok_or_else(|| missing("ed"))?, &zone, true)?,
    };
    let json = match query.text("format").as_deref() {
        None | Some("csv") => false,
        Some("json") => true,
        Some(_) => return Err(Fault::format("format")),
    };
    let (is_summary, header) = (query.boolean("summary")?.unwrap_or(false), query.boolean("header")?.unwrap_or(false));
    let most = usize::try_from(handling::LIMIT_MAX).unwrap_or(usize::MAX);
    let count = u32::try_from(query.count("count", most, most)?).unwrap_or(handling::LIMIT_MAX);
    let access = Access::of(&issued).or_all(form.level(&issued).sees_all_tasks());
    let ready = view::read(&caller, View::Tasks).await?;
    let found = handling::handled(&caller.node.pool, &ready.generation, (organisation.id, id), &access, time, count).await;
    let (found, has_more) = view::answered(found)?;
    let about = About::read(ready.position);
    let (decisions, summary) = if is_summary {
        (Vec::new(), summed(&found, form, &organisation))
    } else {
        (found.iter().map(|handled| Decision::of(handled, form, &organisation)).collect(), Vec::new())
    };
    if json {
        return answer::json(&request, &caller.node, &HandlingTimes { decisions, summary, has_more }, about);
    }
    let lines = if is_summary {
        lines(header.then_some(&SUMS[..]), summary.iter().map(Sum::cells))
    } else {
        lines(header.then_some(&DECISIONS[..]), decisions.iter().map(Decision::cells))
    };
    Ok(answer::csv(&request, &caller.node, lines, about))
}

/// Lines of CSV, led by the names of the columns where they are given.
fn lines(names: Option<&[&str]>, rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut lines = csv::Writer::from_writer(Vec::new());
    if let Some(names) = names {
        lines.write_record(names).expect(MEMORY);
    }
    for row in rows {
        lines.write_record(row.iter().map(|cell| defused(cell).into_owned())).expect(MEMORY);
    }
    lines.into_inner().expect(MEMORY)
}

fn zone(name: Option<&str>, organisation: &OrganisationDirectory) -> Result<TimeZone, Fault> {
    let Some(name) = name else { return Ok(domain::zone::named(&organisation.organisation.settings.time_zone)) };
    let wrong = || Fault::format("tz");
    match name.parse::<i32>() {
        Ok(minutes) => Offset::from_seconds(minutes.saturating_mul(60)).map(TimeZone::fixed).map_err(|_| wrong()),
        Err(_) => TimeZone::get(name).map_err(|_| wrong()),
    }
}

/// A day begins, or as an end is over, at midnight.
fn bound(name: &'static str, text: &str, zone: &TimeZone, is_end: bool) -> Result<Timestamp, Fault> {
    let wrong = |_| Fault::format(name);
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let day: Date = text.parse().map_err(wrong)?;
    let day = if is_end { day.checked_add(1.day()).map_err(wrong)? } else { day };
    day.to_zoned(zone.clone()).map(|midnight| midnight.timestamp()).map_err(wrong)
}

fn seconds(handled: &Handled) -> i64 {
    handled.decided_at.duration_since(handled.asked_at).as_secs().max(0)
}

fn step_name(step: u8, form: &Form) -> String {
    form.published.step(step).map(|step| step.name.clone()).unwrap_or_default()
}

fn name(person: PersonId, people: &OrganisationDirectory) -> String {
    let profile = people.person(person).map(|person| &person.profile);
    profile.map(|profile| format!("{} {}", profile.first_name, profile.last_name).trim().to_owned()).unwrap_or_default()
}

impl Decision {
    fn of(handled: &Handled, form: &Form, people: &OrganisationDirectory) -> Self {
        Self {
            task_id: handled.task.0,
            task: handled.text.clone(),
            step: handled.step,
            step_name: step_name(handled.step, form),
            person_id: handled.person.0,
            person: name(handled.person, people),
            approver_id: Some(handled.approver.0).filter(|_| handled.approver != handled.person),
            choice: handled.choice.clone(),
            asked_at: moment(handled.asked_at),
            decided_at: moment(handled.decided_at),
            seconds: seconds(handled),
        }
    }

    /// By [`DECISIONS`].
    fn cells(&self) -> Vec<String> {
        let approver = self.approver_id.map(|id| id.to_string()).unwrap_or_default();
        let texts = [&self.task, &self.step_name, &self.person, &self.choice, &self.asked_at, &self.decided_at].map(Clone::clone);
        let [task, step_name, person, choice, asked_at, decided_at] = texts;
        let (task_id, step, person_id) = (self.task_id.to_string(), self.step.to_string(), self.person_id.to_string());
        vec![task_id, task, step, step_name, person_id, person, approver, choice, asked_at, decided_at, self.seconds.to_string()]
    }
}

impl Sum {
    /// By [`SUMS`].
    fn cells(&self) -> Vec<String> {
        let numbers = [self.seconds, self.average_seconds, self.longest_seconds].map(|number| number.to_string());
        let [seconds, average, longest] = numbers;
        let (step, person_id) = (self.step.to_string(), self.person_id.to_string());
        vec![step, self.step_name.clone(), person_id, self.person.clone(), self.decisions.to_string(), seconds, average, longest]
    }
}

fn summed(found: &[Handled], form: &Form, people: &OrganisationDirectory) -> Vec<Sum> {
    let mut sums: BTreeMap<(u8, PersonId), Vec<i64>> = BTreeMap::new();
    for handled in found {
        sums.entry((handled.step, handled.person)).or_default().push(seconds(handled));
    }
    let sum = |((step, person), times): ((u8, PersonId), Vec<i64>)| {
        let (decisions, total): (u64, i64) = (times.len() as u64, times.iter().sum());
        Sum {
            step,
            step_name: step_name(step, form),
            person_id: person.0,
            person: name(person, people),
            decisions,
            seconds: total,
            average_seconds: i64::try_from(decisions).map_or(0, |decisions| total / decisions.max(1)),
            longest_seconds: times.into_iter().max().unwrap_or_default(),
        }
    };
    sums.into_iter().map(sum).collect()
}
