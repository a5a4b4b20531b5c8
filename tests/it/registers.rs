//! Registers that are long, that are tables, and that are searched for words, over HTTP. Filters are tried in `forms`, how rows are
//! looked for in `projections`.

use std::io::Read;

use futures_util::{StreamExt, stream};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Person, World, id};

/// More than one page of what is read at once, and an odd rest.
const MANY: usize = 1_103;

fn ids(answer: &Value) -> Vec<i64> {
    answer["tasks"].as_array().expect("tasks").iter().map(id).collect()
}

async fn form(world: &World, fields: Value) -> i64 {
    let body = json!({"name": "Notes", "definition": {"fields": fields}});
    id(&world.anna.client.post("/v4/forms", body).await.ok())
}

/// Of a form with a text and a number; returns the tasks, the oldest first.
async fn noted(world: &World, form: i64, notes: &[(&str, &str)]) -> Vec<i64> {
    let mut tasks = Vec::with_capacity(notes.len());
    for (note, number) in notes {
        let fields = json!([{"name": "Note", "value": note}, {"name": "Number", "value": number}]);
        tasks.push(id(&world.anna.client.create(json!({"form_id": form, "fields": fields})).await));
    }
    world.app.settled().await;
    tasks
}

fn note_and_number() -> Value {
    json!([{"name": "Note", "type": "text", "in_title": true}, {"name": "Number", "type": "number"}])
}

#[actix_rt::test]
async fn a_long_register_is_whole_in_every_form_and_goes_on_with_its_link() {
    let world = World::new().await;
    let (anna, form) = (&world.anna.client, form(&world, note_and_number()).await);
    let make = |number: usize| async move {
        let fields = json!([{"name": "Note", "value": format!("Note {number}")}]);
        id(&anna.create(json!({"form_id": form, "fields": fields})).await)
    };
    let mut tasks: Vec<i64> = stream::iter(0..MANY).map(make).buffer_unordered(8).collect().await;
    tasks.sort_unstable_by(|one, next| next.cmp(one));
    world.app.settled().await;
    let path = format!("/v4/forms/{form}/register");
    let whole = anna.get(&path).await;
    assert_eq!(whole.find_header("content-length"), None, "it goes out while it is read");
    let whole = whole.ok();
    assert_eq!((ids(&whole), &whole["has_more"]), (tasks.clone(), &json!(false)));
    let packed = anna.ask(Method::GET, &path, &[("accept-encoding", "gzip")], None).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    let mut unpacked = String::new();
    flate2::read::GzDecoder::new(&packed.body[..]).read_to_string(&mut unpacked).expect("packed to its end");
    assert_eq!(serde_json::from_str::<Value>(&unpacked).expect("JSON"), whole);
    let csv = anna.get(&format!("{path}?format=csv")).await;
    let lines: Vec<String> = csv.text().lines().skip(1).map(|line| line.split(',').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(lines, tasks.iter().map(i64::to_string).collect::<Vec<_>>());
    let xlsx = anna.get(&format!("{path}?format=xlsx")).await;
    assert_eq!(xlsx.header("content-type"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    assert_eq!(xlsx.header("content-length"), xlsx.body.len().to_string());
    assert!(xlsx.body.starts_with(b"PK\x03\x04") && xlsx.header("content-disposition").contains("register.xlsx"));

    let (mut next, mut found) = (Some(format!("{path}?item_count=700&sort=id")), Vec::new());
    while let Some(path) = next {
        let page = anna.get(&path).await;
        next = page.find_header("link").map(|link| link.trim_start_matches('<').split('>').next().unwrap_or_default().to_owned());
        assert_eq!(page.json()["has_more"], json!(next.is_some()));
        found.extend(ids(&page.ok()));
    }
    tasks.reverse();
    assert_eq!(found, tasks);
    world.done().await;
}

#[actix_rt::test]
async fn words_are_found_in_titles_and_texts_by_those_who_see_the_task() {
    let world = World::new().await;
    let (anna, form) = (&world.anna.client, form(&world, note_and_number()).await);
    let notes = [("Chairs for the hall", "1"), ("CHAIRS and 12 lamps", "2"), ("Стулья null", "3")];
    let tasks = noted(&world, form, &notes).await;
    let path = format!("/v4/forms/{form}/register");
    for (text, found) in [
        ("chairs", vec![tasks[1], tasks[0]]),
        ("Chair", vec![tasks[1], tasks[0]]),
        ("lamps, CHAIRS!", vec![tasks[1]]),
        ("12", vec![tasks[1]]),
        ("стул", vec![tasks[2]]),
        ("null", vec![tasks[2]]),
        ("notes hall", vec![tasks[0]]),
        ("airs", vec![]),
        ("", vec![tasks[2], tasks[1], tasks[0]]),
        ("' | :* & 'hall", vec![tasks[0]]),
    ] {
        assert_eq!(ids(&anna.post(&path, json!({"include_text": text})).await.ok()), found, "{text:?}");
    }
    let david = Person::colleague(anna, 3).await;
    let levels = json!({"permissions": {david.id.to_string(): "member"}});
    anna.post(&format!("/v4/forms/{form}/permissions"), levels).await.ok();
    assert_eq!(ids(&david.client.post(&path, json!({"include_text": "chairs"})).await.ok()), [0; 0], "a member has no part in them");
    anna.comment(tasks[0], json!({"field_updates": [{"name": "Note", "value": "Tables"}], "action": "finished"})).await;
    world.app.settled().await;
    let archived = |text: &str| json!({"include_text": text, "include_archived": true});
    assert_eq!(ids(&anna.post(&path, archived("chairs")).await.ok()), [tasks[1]], "it is found by what it says now");
    assert_eq!(ids(&anna.post(&path, archived("tables")).await.ok()), [tasks[0]]);
    assert_eq!(ids(&anna.post(&path, json!({"include_text": "tables"})).await.ok()), [0; 0], "it is closed");
    anna.post(&path, json!({"include_text": "x".repeat(301)})).await.refused(400, "invalid_value_format");
    anna.post(&path, json!({"include_text": "?!"})).await.refused(400, "invalid_value_format");
    world.done().await;
}

#[actix_rt::test]
async fn a_table_has_no_cell_that_a_spreadsheet_would_run_and_numbers_stay_numbers() {
    let world = World::new().await;
    let (anna, form) = (&world.anna.client, form(&world, note_and_number()).await);
    let notes = ["=HYPERLINK(\"http://evil.example\",\"Click\")", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "-7", "a=b"];
    let tasks: Vec<(&str, &str)> = notes.iter().map(|note| (*note, "-0.30")).collect();
    noted(&world, form, &tasks).await;
    let number = "1234567890123456789012345678901234567890";
    let long = json!({"form_id": form, "fields": [{"name": "Number", "value": number}]});
    anna.post("/v4/tasks", long).await.refused(400, "invalid_value_format");
    let csv = anna.get(&format!("/v4/forms/{form}/register?format=csv&sort=id")).await.text();
    let mut lines = csv::Reader::from_reader(csv.as_bytes());
    let lines: Vec<csv::StringRecord> = lines.records().map(|line| line.expect("a line")).collect();
    for (note, line) in notes.iter().zip(&lines) {
        let shown = if ["-7", "a=b"].contains(note) { (*note).trim().to_owned() } else { format!("'{}", note.trim_start()) };
        let cell = line.get(7).expect("a note");
        assert_eq!(cell.replace('\t', ""), shown, "{note:?}");
        assert_eq!(line.get(8), Some("-0.3"), "a number below zero is none that would be run");
    }
    assert_eq!(lines.len(), notes.len());
    world.done().await;
}

#[actix_rt::test]
async fn whoever_has_no_level_learns_nothing_of_a_register_in_any_form() {
    let world = World::new().await;
    let form = form(&world, note_and_number()).await;
    noted(&world, form, &[("Secret", "1")]).await;
    let permissions = format!("/v4/forms/{form}/permissions");
    for level in ["member", "none"] {
        world.anna.client.post(&permissions, json!({"permissions": {world.clara.id.to_string(): level}})).await.ok();
        for format in ["json", "csv", "xlsx"] {
            let answer = world.clara.client.get(&format!("/v4/forms/{form}/register?format={format}&include_text=secret")).await;
            if level == "none" {
                answer.refused(403, "access_denied_form");
            } else {
                assert_eq!(answer.status, 200, "a member has a register of what is theirs");
            }
        }
    }
    let stranger = Person::colleague(&world.anna.client, 4).await;
    stranger.client.get(&format!("/v4/forms/{form}/register?format=xlsx")).await.refused(403, "access_denied_form");
    world.done().await;
}

#[actix_rt::test]
async fn a_table_of_ten_thousand_rows_is_refused_as_a_whole() {
    let world = World::new().await;
    let form = form(&world, json!([{"name": "Rows", "type": "table", "columns": [{"name": "What", "type": "text"}]}])).await;
    let rows: Vec<Value> = (0..10_000).map(|row| json!({"row_id": row, "cells": [{"name": "What", "value": "x"}]})).collect();
    let body = json!({"form_id": form, "fields": [{"name": "Rows", "value": rows}]});
    world.anna.client.post("/v4/tasks", body).await.refused(400, "table_rows_limit_exceeded");
    world.app.settled().await;
    assert_eq!(ids(&world.anna.client.get(&format!("/v4/forms/{form}/register")).await.ok()), [0; 0]);
    world.done().await;
}
