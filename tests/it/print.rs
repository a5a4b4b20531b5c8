//! The printed page of a task: it says what the task's answer says, to those who are given that, and lets no markup of anybody's
//! through. How it looks is for eyes.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, World, id};

async fn page(client: &Client, task: i64) -> String {
    page_at(client, &format!("/v4/tasks/{task}/print")).await
}

async fn page_at(client: &Client, path: &str) -> String {
    let answer = client.get(path).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/html; charset=utf-8"), "{}", answer.text());
    answer.text()
}

async fn put(client: &Client, path: &str, body: Value) {
    client.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await.ok();
}

/// Every one of `wanted` is on the page, in this order.
#[track_caller]
fn says(page: &str, wanted: &[&str]) {
    let mut rest = page;
    for text in wanted {
        rest = rest.split_once(text).unwrap_or_else(|| panic!("no {text:?} (in its place) in {page}")).1;
    }
}

#[actix_rt::test]
async fn a_page_tells_the_whole_history_in_the_readers_language_and_zone() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let list = id(&anna.ask(Method::PUT, "/v4/lists", &[], Some(br#"{"name":"Wood & field"}"#.to_vec())).await.ok());
    let due = json!({ "due": "2031-05-06T22:30:00Z", "duration": 90 });
    let task = anna.create(json!({
        "subject": "Foxes", "text": "Count\nthem", "responsible": { "id": world.boris.id }, "list_ids": [list],
        "subscribers": [{ "id": world.clara.id }], "due": due["due"], "duration": due["duration"],
    }));
    let task = id(&task.await);
    let said = boris.comment(task, json!({ "formatted_text": "<b>Three</b> so far", "spent_minutes": 75 })).await;
    let comment = said["last_note_id"].as_i64().expect("a comment");
    boris.comment(task, json!({ "text": "Four", "edit_comment_id": comment })).await;
    let gone = anna.comment(task, json!({ "text": "Never mind" })).await["last_note_id"].as_i64().expect("a comment");
    anna.comment(task, json!({ "delete_comment_id": gone })).await;
    anna.comment(task, json!({ "action": "finished" })).await;

    let english = page(anna, task).await;
    says(
        &english,
        &[
            r#"<html lang="en">"#,
            "<title>Foxes – Task ",
            "Acorn",
            "<h1 dir=\"auto\">Foxes</h1>",
            "Closed",
            "Boris Bauer",
            "Clara Cole",
            "asked to acknowledge",
            "6 May 2031, 22:30, 1 h 30 min",
            "Wood &amp; field",
            "Time spent",
            "1 h 15 min",
            "History",
            "Count\nthem",
            "edited",
            "Four",
            "Time spent: 1 h 15 min",
            "Edited a comment",
            "This comment was deleted.",
            "Deleted a comment",
            "Closed the task",
            "Printed ",
            "Anna Adams",
            "Times in Etc/UTC",
        ],
    );
    assert!(!english.contains("Three") && !english.contains("Never mind"), "words that were taken back: {english}");

    put(anna, &format!("/v4/members/{}", world.boris.id), json!({ "locale": "ru-RU", "time_zone": "Asia/Tokyo" })).await;
    let russian = page(boris, task).await;
    says(&russian, &[r#"<html lang="ru">"#, "Завершена", "Ответственный", "07.05.2031, 07:30, 1 ч 30 мин", "История", "Asia/Tokyo"]);
    assert!(!russian.contains("Wood") && !russian.contains("№ "), "Boris does not see the list, not even by its number: {russian}");
    let link = format!("/v4/tasks/{task}/print?locale=");
    says(&page_at(boris, &format!("{link}en-GB")).await, &[r#"<html lang="en">"#, "Closed"]);
    says(&page_at(boris, &format!("{link}tlh%22%3E")).await, &[r#"<html lang="ru">"#, "Завершена"]);
    world.done().await;
}

#[actix_rt::test]
async fn markup_of_people_is_shown_as_text_and_the_page_may_run_nothing() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let hostile = "</title></style><script>alert(1)</script><img src=x onerror=alert(2)>\"'&";
    put(anna, &format!("/v4/members/{}", world.boris.id), json!({ "first_name": "<script>", "last_name": "\"><svg/onload=x>" })).await;
    let role = anna.post("/v4/roles", json!({ "name": "<iframe src=//evil>", "member_add": [world.boris.id] })).await.ok();
    let list =
        anna.ask(Method::PUT, "/v4/lists", &[], Some(json!({ "name": "</ol><form action=//evil>" }).to_string().into_bytes())).await.ok();
    let body = json!({
        "subject": hostile, "text": hostile, "list_ids": [id(&list)],
        "participants": [{ "id": world.boris.id }], "subscribers": [{ "id": id(&role) }],
    });
    let task = id(&anna.create(body).await);
    let rich = "<a href=\"javascript:alert(1)\" onclick=x>a</a><style>*{}</style><script>alert(3)</script><img src=//evil><b>bold</b>";
    anna.comment(task, json!({ "formatted_text": rich })).await;
    anna.comment(task, json!({ "subject": "</li><object data=//evil>" })).await;

    let answer = world.boris.client.get(&format!("/v4/tasks/{task}/print")).await;
    let html = answer.text();
    for (shown, what) in [
        ("&lt;script&gt; &quot;&gt;&lt;svg/onload=x&gt;", "a name"),
        ("&lt;iframe src=//evil&gt;", "a role"),
        ("&lt;/title&gt;&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;&quot;'&amp;", "a text"),
        ("&lt;/li&gt;&lt;object data=//evil&gt;", "a subject"),
        ("<b>bold</b>", "formatting that is known"),
    ] {
        assert!(html.contains(shown), "{what} is not shown as {shown}: {html}");
    }
    for tag in ["<script", "<img", "<svg", "<iframe", "<form", "<object", "javascript:", "onclick"] {
        assert!(!html.to_lowercase().contains(tag), "{tag} got through: {html}");
    }
    assert_eq!(html.matches("<style").count(), 1, "{html}");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    says(&page(anna, task).await, &["&lt;/ol&gt;&lt;form action=//evil&gt;"]);
    world.done().await;
}

#[actix_rt::test]
async fn who_is_not_shown_a_task_is_not_shown_its_page() {
    let world = World::new().await;
    let task = id(&world.boris.client.create(json!({ "text": "Mine" })).await);
    let path = format!("/v4/tasks/{task}/print");
    for other in [&world.clara, &world.elsewhere] {
        other.client.get(&path).await.refused(403, "access_denied_task");
    }
    world.boris.client.get("/v4/tasks/404404/print").await.refused(403, "access_denied_task");
    world.boris.client.get("/v4/tasks/x/print").await.refused(400, "invalid_value_format");
    world.done().await;
}

#[actix_rt::test]
async fn a_page_of_the_past_shows_the_task_as_it_was() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let task = id(&boris.create(json!({ "text": "Foxes" })).await);
    let then = world.app.head().await;
    boris.comment(task, json!({ "text": "Three of them", "action": "finished" })).await;
    let past = boris.get(&format!("/v4/tasks/{task}/print?as_of={then}")).await.text();
    says(&past, &["As of ", "Open"]);
    assert!(!past.contains("Three of them"), "{past}");
    let today = page(boris, task).await;
    says(&today, &["Closed", "Three of them"]);
    assert!(!today.contains("As of "), "{today}");
    world.clara.client.get(&format!("/v4/tasks/{task}/print?as_of={then}")).await.refused(403, "access_denied_task");
    world.done().await;
}

#[actix_rt::test]
async fn a_task_of_a_form_is_printed_with_its_fields_and_approvals() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let definition = json!({
        "fields": [
            { "name": "Amount", "type": "money", "code": "u_amount", "in_title": true },
            { "name": "Buyer <b>", "type": "person" },
            { "name": "Kind", "type": "multiple_choice", "options": [
                { "choice_value": "Chairs" }, { "choice_value": "Other", "fields": [{ "name": "Which", "type": "text" }] },
            ] },
            { "name": "Rows", "type": "table", "columns": [{ "name": "What", "type": "text" }, { "name": "Price", "type": "money" }] },
            { "name": "Empty", "type": "text" },
        ],
        "steps": [
            { "name": "Request", "approvers": [{ "who": "author" }] },
            { "name": "Chief & co", "approvers": [{ "who": { "person": world.boris.id } }] },
        ],
    });
    let form = id(&anna.post("/v4/forms", json!({ "name": "Purchase", "definition": definition })).await.ok());
    let levels = json!({ "permissions": { world.boris.id.to_string(): "member" } });
    anna.post(&format!("/v4/forms/{form}/permissions"), levels).await.ok();
    let fields = json!([
        { "code": "u_amount", "value": "5000.50" },
        { "name": "Buyer <b>", "value": { "id": world.clara.id } },
        { "name": "Kind", "value": { "choice_names": ["Other"], "fields": [{ "name": "Which", "value": "<i>Lamps</i>" }] } },
        { "name": "Rows", "value": [{ "row_id": 0, "cells": [{ "name": "What", "value": "Lamp" }, { "name": "Price", "value": 12.25 }] }] },
    ]);
    let task = id(&anna.create(json!({ "form_id": form, "fields": fields })).await);
    boris.comment(task, json!({ "approval_choice": "approved", "field_updates": [{ "code": "u_amount", "value": 7 }] })).await;
    says(
        &page(anna, task).await,
        &[
            "Form",
            "Purchase",
            "Amount",
            "7",
            "Buyer &lt;b&gt;",
            "Clara Cole",
            "Other",
            "Which",
            "&lt;i&gt;Lamps&lt;/i&gt;",
            "What",
            "Price",
            "Lamp",
            "12.25",
            "Step 1",
            "Request",
            "Anna Adams",
            "approved",
            "Step 2",
            "Chief &amp; co",
            "Boris Bauer",
            "approved",
            "History",
            "5000.5",
            "approved (Step 2)",
            "Amount",
            "7",
        ],
    );
    world.clara.client.get(&format!("/v4/tasks/{task}/print")).await.refused(403, "access_denied_task");
    world.done().await;
}
