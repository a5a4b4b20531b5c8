//! A form, made as anybody makes one, and its tasks, written straight into the log as their commands would have left them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use actors::journal::Target;
use anyhow::{Context, ensure};
use domain::codec::EventSet;
use domain::form::{FieldId, Value};
use domain::task::Event;
use domain::task::event::{Created, Text};
use domain::task::form::Fact as FormFact;
use domain::{FormId, Kind, PersonId, workflow};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;

use crate::bulk::{self, Fact};
use crate::people::ask;
use crate::server;
use crate::world::Founded;

/// Longer than the view takes to show a million tasks.
const SHOWN_MAX: Duration = Duration::from_secs(15 * 60);
/// Tasks that have what is rare.
const RARE: usize = 100;

/// The form, and the ids of its fields and choices.
#[derive(Clone, Copy)]
pub struct Fields {
    pub form: i64,
    pub invoice: u32,
    pub amount: u32,
    pub day: u32,
    pub kind: u32,
    pub note: u32,
    pub remark: u32,
    choices: [u32; 3],
}

/// Days rise with the tasks.
pub fn day(number: usize) -> Date {
    Date::constant(2000, 1, 1).saturating_add(i64::try_from(number / 100).unwrap_or_default().days())
}

pub async fn sow(founded: &Founded, address: SocketAddr, token: &str, tasks: usize) -> anyhow::Result<Fields> {
    let fields = form(founded.administrator, address, token).await?;
    let journal = server::journal(&founded.database).await?;
    let author = founded.administrator;
    bulk::append(&journal, founded.organisation, author, tasks, move |number| task(&fields, author, number, tasks)).await?;
    shown(fields.form, address, token, tasks).await?;
    Ok(fields)
}

async fn form(administrator: PersonId, address: SocketAddr, token: &str) -> anyhow::Result<Fields> {
    let step = |name: &str| json!({"name": name, "approvers": [{"who": {"person": administrator.0}}]});
    let definition = json!({
        "fields": [
            {"name": "Invoice", "type": "text"},
            {"name": "Amount", "type": "money"},
            {"name": "Day", "type": "date"},
            {"name": "Kind", "type": "multiple_choice", "options": [
                {"choice_value": "One"}, {"choice_value": "Two"}, {"choice_value": "Rare"},
            ]},
            {"name": "Note", "type": "text"},
            {"name": "Remark", "type": "text"},
        ],
        "steps": [step("First"), step("Second"), step("Third")],
    });
    let body = json!({"name": "Invoices", "definition": definition});
    let made = ask(address, token, reqwest::Method::POST, "forms", body).await?;
    let id = |value: &serde_json::Value| value.as_u64().and_then(|id| u32::try_from(id).ok()).context("no id");
    let field = |number: usize| id(&made["fields"][number]["id"]);
    let choice = |number: usize| id(&made["fields"][3]["info"]["options"][number]["choice_id"]);
    Ok(Fields {
        form: made["id"].as_i64().context("no form")?,
        invoice: field(0)?,
        amount: field(1)?,
        day: field(2)?,
        kind: field(3)?,
        note: field(4)?,
        remark: field(5)?,
        choices: [choice(0)?, choice(1)?, choice(2)?],
    })
}

/// Every other task is closed, of those that have nothing rare.
fn task(fields: &Fields, author: PersonId, number: usize, tasks: usize) -> Fact {
    let rare = number.is_multiple_of(tasks / RARE);
    // Numbers from 0 to the count, in no order.
    let mixed = number * 7_919 % tasks;
    let set = |field: u32, value: Value| Event::Form(Box::new(FormFact::FieldChanged { field: FieldId(field), value: Some(value) }));
    let kind = if rare { 2 } else { number % 2 };
    let created = Created {
        text: Text::default(),
        attachments: Vec::new(),
        subject: None,
        responsible: None,
        participants: Vec::new(),
        subscribers: Vec::new(),
        parent: None,
        due: None,
        schedule: None,
        form: Some(FormId(fields.form)),
        template: Some(1),
        author: None,
        origin: None,
    };
    let route = |fact| Event::Form(Box::new(FormFact::Route(fact)));
    let step = if rare { 3 } else { 1 + u8::from(number.is_multiple_of(5)) };
    let mut events = vec![
        Event::Created(Box::new(created)),
        set(fields.invoice, Value::Text(format!("INV-{mixed:09}"))),
        set(fields.amount, Value::Number(i64::try_from(mixed).unwrap_or_default().into())),
        set(fields.day, Value::Date(day(number))),
        set(fields.kind, Value::Choices(vec![fields.choices[kind]])),
    ];
    let words = if rare { "A fox is rarely seen" } else { "Every fox jumps over the dog" };
    events.push(if rare { set(fields.remark, Value::Text(words.to_owned())) } else { set(fields.note, Value::Text(words.to_owned())) });
    events.push(route(workflow::Fact::Entered { step, approvers: vec![author], due: None }));
    events.push(Event::Form(Box::new(FormFact::Titled { title: format!("Invoices: INV-{mixed:09}") })));
    if !rare && number.is_multiple_of(2) {
        events.push(Event::Closed);
    }
    Fact { target: Target::New(Kind::Task), events: events.iter().map(EventSet::encode).collect(), claims: Vec::new() }
}

/// Waits until the register shows the last of the tasks.
async fn shown(form: i64, address: SocketAddr, token: &str, tasks: usize) -> anyhow::Result<()> {
    let (begun, client) = (Instant::now(), reqwest::Client::new());
    let path = format!("http://{address}/v4/forms/{form}/register?include_archived=y&item_count=1&field_ids=");
    loop {
        let answer = client.get(&path).bearer_auth(token).send().await?;
        if answer.status().is_success() {
            let shown: serde_json::Value = answer.json().await?;
            if shown["tasks"][0]["id"].as_u64() == u64::try_from(tasks).ok() {
                return Ok(());
            }
        }
        ensure!(begun.elapsed() < SHOWN_MAX, "the register does not show all of its tasks");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
