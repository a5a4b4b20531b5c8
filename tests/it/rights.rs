//! Who may call what: every route of the API's own description, asked as nobody, as an administrator and a bot of another
//! organisation, and as a guest, a member, a manager and an administrator of this one. Each answer is held against a row here, and
//! so against the table of rights (`domain::rights`) wherever that decides alone. A route without a row fails. Whether the table
//! is what is decided is tested in `domain`.

mod askers;
mod rows;
mod things;

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::Value;
use tests::{Answer, Client, World};

use askers::{Asker, Askers, Column};
use rows::{Cell, May, ROWS, Row};
use things::{Thing, Things};

/// What only people of the organisation may read: part of every name and text that the things of these tests have.
pub const MARK: &str = "Hush";

#[actix_rt::test]
async fn every_route_answers_everybody_as_the_table_says() {
    let world = World::new().await;
    let askers = Askers::of(&world).await;
    let mut things = Things::of(&world, &askers);
    let mut wrong = Vec::new();
    for row in ROWS {
        for asker in askers.all() {
            if let Err(said) = tried(row, asker, &askers, &mut things, &world).await {
                wrong.push(format!("{} on {:?} as {:?}: {said}", row.route, row.thing, asker.column));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cells are otherwise than the table says:\n{}", wrong.len(), wrong.join("\n"));
    world.done().await;
}

#[actix_rt::test]
async fn every_route_of_the_document_has_a_row() {
    let world = World::new().await;
    let document: Value = world.app.client().get("/openapi.json").await.json();
    let mut described = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let open = operation["security"]
                .as_array()
                .is_some_and(|ways| ways.iter().all(|way| way.as_object().is_some_and(serde_json::Map::is_empty)));
            described.insert(format!("{} {path}", method.to_uppercase()), open);
        }
    }
    let rows: BTreeSet<&str> = ROWS.iter().map(Row::described).collect();
    let without: Vec<&String> = described.keys().filter(|route| !rows.contains(route.as_str())).collect();
    assert!(without.is_empty(), "these routes have no row in tests/it/rights/rows.rs that says who may call them: {without:#?}");
    for row in ROWS {
        let open = described.get(row.described()).unwrap_or_else(|| panic!("{} is in no document", row.route));
        assert_eq!(*open, matches!(row.may, May::Open), "{}: open to everybody or not?", row.route);
    }
    world.done().await;
}

/// Asks, and says what was otherwise than the row has it.
async fn tried(row: &Row, asker: &Asker, askers: &Askers, things: &mut Things, world: &World) -> Result<(), String> {
    let twin;
    let client = match row.thing {
        // What is done to oneself may end what one is known by: a twin does it.
        Thing::Twin if asker.column != Column::Nobody => {
            twin = askers.twin(asker, world).await;
            &twin
        }
        _ => &asker.client,
    };
    let id = things.id_of(row.thing, asker).await;
    world.app.settled().await;
    let answer = ask(client, row, &id).await;
    if answer.status == 200 && !row.route.starts_with("GET ") {
        things.used(row.thing);
    }
    let expected = row.cell(asker);
    let said = || format!("expected {expected:?}, but got {} {}", answer.status, shortened(&answer.text()));
    let code = code_of(&answer);
    let as_expected = match &expected {
        Cell::Yes => answer.status == 200,
        Cell::Own => answer.status == 200 && !tells_of_others(&answer, asker),
        Cell::Code(status, expected) => answer.status == *status && code.as_deref() == Some(*expected),
        Cell::Hidden => answer.status >= 400 && code.as_deref() == Some(row.thing.unknown()),
        Cell::Foreign => answer.status >= 400 && answer.status < 500,
        Cell::Open => answer.status != 401 || code.as_deref() != Some("token_not_specified"),
    };
    if !as_expected {
        return Err(said());
    }
    // Of what they may not know of, nobody is told more than of what is not there.
    let unknowing = matches!(expected, Cell::Hidden | Cell::Foreign) || (asker.column == Column::Guest && answer.status >= 400);
    if unknowing && row.thing.is_there_for_others() {
        let nowhere = ask(client, row, row.thing.nowhere()).await;
        let told = |answer: &Answer| (answer.status, answer.text());
        if told(&answer) != told(&nowhere) {
            return Err(format!("{}; of one that is not there: {} {}", said(), nowhere.status, shortened(&nowhere.text())));
        }
    }
    Ok(())
}

async fn ask(client: &Client, row: &Row, id: &things::Id) -> Answer {
    let (method, path) = row.route.split_once(' ').expect("a method and a path");
    let path = path.replace("{id}", &id.first).replace("{comment_id}", &id.second);
    let path = path.replace("{award_id}", &id.first).replace("{print_form_id}", "1").replace("{member_id}", &id.second);
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let body = (method != Method::GET).then(|| {
        let body = row.body.replace("$id", &id.first).replace("$second", &id.second);
        body.replace("$new", &things::number().to_string()).into_bytes()
    });
    client.ask(method, &path, &[], body).await
}

/// Whether the answer holds what is only for people of the organisation, and the asker is none of those who may read it.
fn tells_of_others(answer: &Answer, asker: &Asker) -> bool {
    let text = answer.text();
    text.contains(MARK) || asker.others.iter().any(|email| text.contains(email.as_str()))
}

/// The code of a refusal.
fn code_of(answer: &Answer) -> Option<String> {
    let body: Value = serde_json::from_slice(&answer.body).ok()?;
    Some(body["error_code"].as_str()?.to_owned())
}

fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}
