//! The year: people ask, decide, talk and finish, each at a moment of their own. What happens next to a task is seen from what the
//! API answered last, as a person sees it.

use std::collections::BTreeMap;

use anyhow::Context as _;
use domain::PersonId;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use rand::RngExt as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use super::book::{Book, Fill, Form};
use super::company::Company;
use super::hours::{at_work, later};
use super::office::Office;

/// Working hours of a month.
const HOURS_OF_A_MONTH: f64 = 190.0;
/// Decisions on one task; who says no again and again gives up.
const TURNS_MAX: u8 = 14;
/// One of so many decisions takes a week or more.
const SLOW: f64 = 0.05;

/// What somebody does at a moment.
#[derive(Debug)]
enum Act {
    Begin(usize),
    Decide(Box<Running>),
    Say(Box<Running>),
    BeginPlain,
    GoOnPlain(Box<Running>),
    Announce(usize),
}

/// A task under way.
#[derive(Clone, Debug)]
struct Running {
    /// Of which form.
    form: usize,
    id: i64,
    author: PersonId,
    turns: u8,
    /// As the API showed it last.
    task: Value,
}

struct Year<'a> {
    office: &'a Office<'a>,
    book: &'a Book,
    company: &'a Company,
    rng: &'a mut StdRng,
    zone: &'a TimeZone,
    acts: BTreeMap<(Timestamp, u64), Act>,
    numbered: u64,
    serial: u32,
    tasks: usize,
    /// Times as much as `company.json` says.
    scale: f64,
}

/// Lives it; how many tasks there are in the end.
pub async fn live(
    office: &Office<'_>,
    book: &Book,
    company: &Company,
    rng: &mut StdRng,
    (zone, begins, now): (&TimeZone, Timestamp, Timestamp),
    scale: f64,
) -> anyhow::Result<usize> {
    let mut year = Year { office, book, company, rng, zone, acts: BTreeMap::new(), numbered: 0, serial: 1_000, tasks: 0, scale };
    for form in 0..book.forms.len() {
        year.at(begins, Act::Begin(form));
    }
    year.at(begins, Act::BeginPlain);
    let whole = now.duration_since(begins).as_hours();
    for (index, share) in (0..book.announcements.len()).zip(0_i64..) {
        let hours = whole / i64::try_from(book.announcements.len()).unwrap_or(1).max(1) * share;
        year.at(begins + SignedDuration::from_hours(hours), Act::Announce(index));
    }
    while let Some(((at, _), act)) = year.acts.pop_first() {
        if at > now {
            break;
        }
        office.tell(at);
        year.act(at, act).await?;
    }
    Ok(year.tasks)
}

impl Year<'_> {
    fn at(&mut self, at: Timestamp, act: Act) {
        self.numbered += 1;
        self.acts.insert((at_work(at, self.zone), self.numbered), act);
    }

    fn in_hours(&mut self, at: Timestamp, [from, to]: [f64; 2], act: Act) {
        let slow = self.rng.random_bool(SLOW);
        // Most answer soon.
        let share: f64 = self.rng.random_range(0.0_f64..1.0).powi(2);
        let hours = (from + (to - from) * share) * if slow { 6.0 } else { 1.0 };
        let at = later(at, hours, self.zone);
        self.at(at, act);
    }

    fn pick<'b, T>(&mut self, of: &'b [T]) -> Option<&'b T> {
        if of.is_empty() { None } else { of.get(self.rng.random_range(0..of.len())) }
    }

    async fn act(&mut self, at: Timestamp, act: Act) -> anyhow::Result<()> {
        match act {
            Act::Begin(form) => self.begin(at, form).await,
            Act::Decide(running) => self.decide(at, *running).await,
            Act::Say(running) => self.say(*running).await,
            Act::BeginPlain => self.begin_plain(at).await,
            Act::GoOnPlain(running) => self.go_on_plain(at, *running).await,
            Act::Announce(index) => {
                let Some(announcement) = self.book.announcements.get(index) else { return Ok(()) };
                let by = self.company.person(&announcement.by)?;
                self.office.post(by, "/v4/announcements", &json!({"text": announcement.text})).await.map(drop)
            }
        }
    }

    /// When the next of so many a month is due.
    fn next(&mut self, at: Timestamp, per_month: f64) -> Timestamp {
        let hours = HOURS_OF_A_MONTH / (per_month * self.scale) * self.rng.random_range(0.2..1.8);
        later(at, hours, self.zone)
    }

    async fn begin(&mut self, at: Timestamp, index: usize) -> anyhow::Result<()> {
        let book = self.book;
        let Some(form) = book.forms.get(index) else { return Ok(()) };
        let next = self.next(at, form.story.per_month);
        self.at(next, Act::Begin(index));
        let author = self.author(form)?;
        let case = self.pick(&form.story.cases).map(Vec::as_slice).unwrap_or_default();
        let mut fields = self.fields(case.iter().chain(&form.story.fields), at, author)?;
        self.bring_papers(case.iter().chain(&form.story.fields), &mut fields, author).await?;
        let body = json!({"form_id": self.company.id("form", &form.key)?, "fields": fields});
        let mut made = self.office.post(author, "/v4/tasks", &body).await?;
        self.tasks += 1;
        let task = made["task"].take();
        let running = Running { form: index, id: task["id"].as_i64().context("a task has no id")?, author, turns: 0, task };
        self.go_on(at, running, form);
        Ok(())
    }

    fn author(&mut self, form: &Form) -> anyhow::Result<PersonId> {
        let (company, authors) = (self.company, &form.story.authors);
        match self.pick(authors) {
            Some(key) => company.person(key),
            None => self.pick(&company.everybody).copied().context("nobody is there"),
        }
    }

    fn go_on(&mut self, at: Timestamp, running: Running, form: &Form) {
        if running.task["is_closed"] == true || running.turns >= TURNS_MAX {
            return;
        }
        if self.rng.random_bool(0.3) {
            self.in_hours(at, [0.2, 4.0], Act::Say(Box::new(running.clone())));
        }
        self.in_hours(at, form.story.hours, Act::Decide(Box::new(running)));
    }

    async fn decide(&mut self, at: Timestamp, mut running: Running) -> anyhow::Result<()> {
        let book = self.book;
        let Some(form) = book.forms.get(running.form) else { return Ok(()) };
        let step = running.task["current_step"].as_i64().unwrap_or(1);
        let Some(approver) = self.waiting(&running.task, step) else { return Ok(()) };
        let rejects = step > 1 && self.rng.random_bool(form.story.reject);
        let text = self.pick(if rejects { &form.story.reject_text } else { &form.story.approve }).cloned().unwrap_or_default();
        let mut body = json!({"approval_choice": if rejects { "rejected" } else { "approved" }});
        if !text.is_empty() {
            body["text"] = text.into();
        }
        if let Some(fills) = form.story.fills.get(&step.to_string()).filter(|_| !rejects) {
            body["field_updates"] = self.fields(fills, at, approver)?;
        }
        let mut answer = self.office.post(approver, &format!("/v4/tasks/{}/comments", running.id), &body).await?;
        running.task = answer["task"].take();
        running.turns += 1;
        self.go_on(at, running, form);
        Ok(())
    }

    /// Somebody who is waited for at the step; of a role, one of its members.
    fn waiting(&mut self, task: &Value, step: i64) -> Option<PersonId> {
        let index = usize::try_from(step - 1).ok()?;
        let approvals = task["approvals"].get(index)?.as_array()?;
        let waits = |approval: &&Value| approval["approval_choice"].as_str().is_none_or(|choice| matches!(choice, "waiting" | "revoked"));
        let asked = approvals.iter().find(waits)?["person"]["id"].as_i64().map(PersonId)?;
        let company = self.company;
        match company.members.get(&asked) {
            Some(members) => self.pick(members).copied(),
            None => Some(asked),
        }
    }

    async fn say(&mut self, running: Running) -> anyhow::Result<()> {
        let book = self.book;
        let Some(form) = book.forms.get(running.form) else { return Ok(()) };
        let step = running.task["current_step"].as_i64().unwrap_or(1);
        let by = if self.rng.random_bool(0.5) { Some(running.author) } else { self.waiting(&running.task, step) };
        let Some(text) = self.pick(&form.story.talk) else { return Ok(()) };
        let by = by.unwrap_or(running.author);
        self.office.post(by, &format!("/v4/tasks/{}/comments", running.id), &json!({"text": text})).await.map(drop)
    }

    async fn begin_plain(&mut self, at: Timestamp) -> anyhow::Result<()> {
        let (book, company) = (self.book, self.company);
        let next = self.next(at, book.tasks.per_month);
        self.at(next, Act::BeginPlain);
        let Some(subject) = self.pick(&book.tasks.subjects) else { return Ok(()) };
        let list = subject.list.as_ref().and_then(|key| book.lists.iter().find(|list| list.key == *key));
        let (author, responsible) = match list {
            Some(list) => (company.person(&list.manager)?, self.pick(&list.members).map(|key| company.person(key)).transpose()?),
            None => (self.pick(&company.everybody).copied().context("nobody is there")?, self.pick(&company.everybody).copied()),
        };
        let responsible = responsible.unwrap_or(author);
        let ahead = self.rng.random_range(2_i64..21);
        let mut body = json!({"text": subject.text, "responsible": {"id": responsible}, "due_date": self.day(at, ahead)});
        if let Some(list) = list {
            body["list_ids"] = json!([company.id("list", &list.key)?]);
        }
        let made = self.office.post(author, "/v4/tasks", &body).await?;
        self.tasks += 1;
        let id = made["task"]["id"].as_i64().context("a task has no id")?;
        let running = Running { form: 0, id, author, turns: 0, task: json!({"responsible": responsible}) };
        self.in_hours(at, [1.0, 60.0], Act::GoOnPlain(Box::new(running)));
        Ok(())
    }

    async fn go_on_plain(&mut self, at: Timestamp, mut running: Running) -> anyhow::Result<()> {
        let (book, path) = (self.book, format!("/v4/tasks/{}/comments", running.id));
        let responsible = running.task["responsible"].as_i64().map_or(running.author, PersonId);
        let Some(text) = self.pick(&book.tasks.talk) else { return Ok(()) };
        running.turns += 1;
        let finishes = running.turns > 1 && self.rng.random_bool(0.5);
        let by = if !finishes && self.rng.random_bool(0.3) { running.author } else { responsible };
        let body = if finishes { json!({"text": text, "action": "finished"}) } else { json!({"text": text}) };
        self.office.post(by, &path, &body).await?;
        if !finishes {
            self.in_hours(at, [2.0, 60.0], Act::GoOnPlain(Box::new(running)));
        }
        Ok(())
    }

    fn day(&self, at: Timestamp, ahead: i64) -> String {
        let day = at.to_zoned(self.zone.clone()).date();
        day.checked_add(ahead.days()).unwrap_or(day).to_string()
    }

    fn fields<'b>(&mut self, fills: impl IntoIterator<Item = &'b Fill>, at: Timestamp, author: PersonId) -> anyhow::Result<Value> {
        let mut fields: Vec<Value> = Vec::new();
        for fill in fills {
            let value = self.value(fill, &fields, at, author)?;
            if !value.is_null() {
                fields.push(json!({"code": fill.code, "value": value}));
            }
        }
        Ok(fields.into())
    }

    /// Files go up before the task that they are for.
    async fn bring_papers<'b>(
        &self,
        fills: impl IntoIterator<Item = &'b Fill>,
        fields: &mut Value,
        author: PersonId,
    ) -> anyhow::Result<()> {
        let Some(fields) = fields.as_array_mut() else { return Ok(()) };
        for fill in fills {
            let Some(paper) = &fill.paper else { continue };
            let about = fields.iter().find(|field| field["code"] == paper.about.as_str()).and_then(|field| field["value"].as_str());
            let text = paper.text.replace("{}", about.unwrap_or_default());
            let guid = self.office.bring(author, &paper.name, &text).await?;
            fields.push(json!({"code": fill.code, "value": [{"guid": guid}]}));
        }
        Ok(())
    }

    fn value(&mut self, fill: &Fill, before: &[Value], at: Timestamp, author: PersonId) -> anyhow::Result<Value> {
        if let Some(texts) = &fill.pick {
            return Ok(self.pick(texts).filter(|text| !text.is_empty()).map_or(Value::Null, |text| text.as_str().into()));
        }
        if let Some([from, to]) = fill.amount {
            let sum = from * (to / from).powf(self.rng.random_range(0.0..1.0));
            return Ok(if sum > 200.0 { (sum / 10.0).round() as i64 * 10 } else { sum.round() as i64 }.into());
        }
        if let Some([from, to]) = fill.count {
            return Ok(self.rng.random_range(from..=to).into());
        }
        if let Some(choice) = fill.choose {
            return Ok(json!({"choice_id": choice}));
        }
        if let Some(choices) = fill.choice {
            return Ok(json!({"choice_id": self.rng.random_range(1..=choices)}));
        }
        if let Some(weights) = &fill.weights {
            let mut left = self.rng.random_range(0..weights.iter().sum::<u32>().max(1));
            let chosen = (1_u32..).zip(weights).find(|(_, weight)| {
                let here = left < **weight;
                left = left.saturating_sub(**weight);
                here
            });
            return Ok(json!({"choice_id": chosen.map_or(1, |(choice, _)| choice)}));
        }
        if let Some([from, to]) = fill.days {
            let ahead = self.rng.random_range(from..=to);
            return Ok(self.day(at, ahead).into());
        }
        if let (Some(other), Some([from, to])) = (&fill.after, fill.span) {
            let began = before.iter().find(|field| field["code"] == other.as_str()).and_then(|field| field["value"].as_str());
            let began: jiff::civil::Date = began.context("a date is missing")?.parse()?;
            return Ok(began.checked_add(self.rng.random_range(from..=to).days())?.to_string().into());
        }
        if fill.person {
            let company = self.company;
            let other = self.pick(&company.everybody).copied().filter(|person| *person != author);
            return Ok(other.map_or(Value::Null, |person| json!({"id": person})));
        }
        if let Some(key) = &fill.catalog {
            let book = self.book;
            let catalog = book.catalogs.iter().find(|catalog| catalog.key == *key).context("a catalog is missing")?;
            let name = self.pick(&catalog.items).and_then(|item| item.first());
            return Ok(name.map_or(Value::Null, |name| json!({"item_name": name})));
        }
        if let Some(before) = &fill.serial {
            self.serial += 1;
            return Ok(format!("{before}{}", self.serial).into());
        }
        if let Some([from, to]) = fill.rows {
            let mut rows = Vec::new();
            for row in 0..self.rng.random_range(from..=to) {
                rows.push(json!({"row_id": row, "cells": self.fields(&fill.cells, at, author)?}));
            }
            return Ok(rows.into());
        }
        if fill.paper.is_some() {
            return Ok(Value::Null);
        }
        anyhow::bail!("{} says nothing of its value", fill.code)
    }
}
