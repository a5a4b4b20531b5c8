//! Files in tasks, over HTTP: attached to tasks and comments, standing in fields, versions of one another, and who may have them. The
//! rules are tested in `domain/src/task/attach.rs` and `domain/src/form/fill.rs`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, World, id};

/// The ids of files, as shown.
fn ids(files: &Value) -> Vec<i64> {
    files.as_array().map_or_else(Vec::new, |files| files.iter().map(id).collect())
}

fn newest(task: &Value) -> &Value {
    task["comments"].as_array().and_then(|comments| comments.last()).expect("a comment")
}

fn field<'a>(task: &'a Value, name: &str) -> &'a Value {
    let fields = task["fields"].as_array().expect("fields");
    fields.iter().find(|field| field["name"] == name).unwrap_or(&Value::Null)
}

async fn bytes_of(client: &Client, file: i64) -> String {
    let answer = client.get(&format!("/services/attachment?Id={file}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

/// A form with papers at the top, required from its first step, and in the rows of a table.
async fn contracts(world: &World) -> i64 {
    let definition = json!({
        "fields": [
            {"name": "Papers", "type": "file", "code": "u_papers", "required_step": 1},
            {"name": "Rows", "type": "table", "columns": [{"name": "Scan", "type": "file"}, {"name": "Note", "type": "text"}]},
        ],
        "steps": [
            {"name": "Check", "approvers": [{"who": {"person": world.boris.id}}]},
            {"name": "Sign", "approvers": [{"who": "author"}]},
        ],
    });
    let form = id(&world.anna.client.post("/v4/forms", json!({"name": "Contracts", "definition": definition})).await.ok());
    let levels = json!({"permissions": {world.boris.id.to_string(): "member"}});
    world.anna.client.post(&format!("/v4/forms/{form}/permissions"), levels).await.ok();
    form
}

#[actix_rt::test]
async fn a_file_is_attached_and_read_by_whoever_sees_the_task() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let [first, second] = [anna.upload("a.txt", b"first").await, anna.upload("b.png", b"second").await];
    boris.get(&format!("/services/attachment?Id={}", id(&first))).await.refused(403, "access_denied_file");

    let body = json!({"text": "Look", "attachments": [first["guid"]], "participants": [{"id": world.boris.id}]});
    let task = anna.create(body).await;
    let shown = &task["attachments"][0];
    assert_eq!((&shown["name"], &shown["size"], &shown["version"]), (&json!("a.txt"), &json!(5), &json!(1)));
    assert_eq!((&shown["md5"], &shown["url"]), (&first["md5_hash"], &json!(format!("/services/attachment?Id={}", id(&first)))));
    assert_eq!(task["comments"][0]["attachments"], task["attachments"]);
    // At once: what was written is waited for, not what a view happens to have taken in.
    assert_eq!(bytes_of(boris, id(&first)).await, "first");
    clara.get(&format!("/services/attachment?Id={}", id(&first))).await.refused(403, "access_denied_file");
    world.elsewhere.client.get(&format!("/services/attachment?Id={}", id(&first))).await.refused(404, "file_is_missing");

    // A comment of files alone; a link beside a file; a file that stands somewhere, attached again.
    let attachments = json!([{"guid": second["guid"]}, {"attachment_id": id(&first)}, {"url": "https://example.org/x", "name": "Page"}]);
    let task = boris.comment(id(&task), json!({"attachments": attachments})).await;
    let comment = newest(&task).clone();
    assert!(comment.get("text").is_none());
    assert_eq!(ids(&comment["attachments"])[..2], [id(&second), id(&first)], "whoever knows a guid attaches it");
    let link = &comment["attachments"][2];
    assert_eq!((&link["name"], &link["url"], link.get("size")), (&json!("Page"), &json!("https://example.org/x"), None));
    anna.get(&format!("/services/attachment?Id={}", id(link))).await.refused(404, "file_is_missing");
    assert_eq!(ids(&task["attachments"]), [id(&first)], "of the task are those of its creation");

    // An edit replaces what it gives, and leaves what it does not.
    let edit = json!({"edit_comment_id": comment["id"], "text": "Better", "attachments": [{"attachment_id": id(&first)}]});
    let task = boris.comment(id(&task), edit).await;
    let edited = task["comments"].as_array().and_then(|all| all.iter().find(|one| one["id"] == comment["id"])).expect("it is there");
    assert_eq!((ids(&edited["attachments"]), &edited["text"]), (vec![id(&first)], &json!("Better")));
    assert_eq!(newest(&task)["removed_attachment_ids"], json!([id(&second), id(link)]));
    let task = boris.comment(id(&task), json!({"edit_comment_id": comment["id"], "text": "Best"})).await;
    let edited = task["comments"].as_array().and_then(|all| all.iter().find(|one| one["id"] == comment["id"])).expect("it is there");
    assert_eq!(ids(&edited["attachments"]), [id(&first)]);

    // Who is taken out of the task reads its files no more; whoever uploaded one still does.
    anna.comment(id(&task), json!({"participants_removed": [{"id": world.boris.id}]})).await;
    boris.get(&format!("/services/attachment?Id={}", id(&first))).await.refused(403, "access_denied_file");
    assert_eq!(bytes_of(anna, id(&first)).await, "first");
    world.done().await;
}

#[actix_rt::test]
async fn what_is_not_there_or_not_the_askers_is_not_attached() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let mine = anna.upload("a.txt", b"mine").await;
    let theirs = world.elsewhere.client.upload("a.txt", b"theirs").await;
    let guid = mine["guid"].as_str().expect("a guid");
    let guessed = format!("{}00", &guid[..guid.len() - 2]);
    for wrong in [
        json!(["x"]),
        json!([uuid::Uuid::nil()]),
        json!([guessed]),
        json!([theirs["guid"]]),
        json!([{"attachment_id": id(&mine)}]),
        json!([{"attachment_id": id(&theirs)}]),
        json!([{"attachment_id": 404_404}]),
        json!([{"guid": mine["guid"], "root_id": 404_404}]),
    ] {
        let body = json!({"text": "x", "attachments": wrong});
        boris.post("/v4/tasks", &body).await.refused(400, "unrecognized_attachment_id");
    }
    boris
        .post("/v4/tasks", json!({"text": "x", "attachments": [{"url": "javascript:alert(1)"}]}))
        .await
        .refused(400, "invalid_value_format");
    for wrong in [json!("x"), json!([5]), json!({}), json!([{"guid": 5}])] {
        boris.post("/v4/tasks", json!({"text": "x", "attachments": wrong})).await.refused(400, "invalid_value_format");
    }
    let many: Vec<Value> = (0..101).map(|id| json!({"attachment_id": id})).collect();
    boris.post("/v4/tasks", json!({"text": "x", "attachments": many})).await.refused(400, "too_many_attachments");
    // Nor more than one request may name, in cells that hold few each.
    let form = contracts(&world).await;
    let scans = |row: i64| (0..11).map(|name| json!({"attachment_id": 1_000 * name + row})).collect::<Vec<_>>();
    let rows = (0..1_000).map(|row| json!({"row_id": row, "cells": [{"name": "Scan", "value": scans(row)}]}));
    let fields = json!([{"name": "Rows", "value": rows.collect::<Vec<_>>()}]);
    anna.post("/v4/tasks", json!({"form_id": form, "fields": fields})).await.refused(400, "too_many_attachments");
    // The original passes over what it once took for a guid.
    let task = boris.create(json!({"text": "x", "attachments": [{"id": mine["guid"]}]})).await;
    assert!(task.get("attachments").is_none());
    let files_alone = anna.create(json!({"attachments": [mine["guid"]]})).await;
    assert_eq!(files_alone["text"], "a.txt");
    world.done().await;
}

#[actix_rt::test]
async fn versions_are_numbered_from_the_first_and_a_repeat_makes_none() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let [first, second, third] = [anna.upload("a.txt", b"1").await, anna.upload("a.txt", b"2").await, anna.upload("a.txt", b"3").await];
    let task = id(&anna.create(json!({"text": "x", "attachments": [first["guid"]]})).await);
    let body = json!({"text": "new", "attachments": [{"guid": second["guid"], "root_id": id(&first)}]});
    let path = format!("/v4/tasks/{task}/comments");
    let sent = async || {
        let key = [("Idempotency-Key", "once")];
        anna.ask(Method::POST, &path, &key, Some(body.to_string().into_bytes())).await.ok()["task"].take()
    };
    let commented = sent().await;
    let version = |task: &Value| {
        let file = &newest(task)["attachments"][0];
        (file["version"].as_i64(), file["root_id"].as_i64())
    };
    assert_eq!(version(&commented), (Some(2), Some(id(&first))));
    assert_eq!(sent().await["comments"], commented["comments"]);
    // A version of a version is one of the first.
    let body = json!({"attachments": [{"guid": third["guid"], "root_id": id(&second)}]});
    assert_eq!(version(&anna.comment(task, body).await), (Some(3), Some(id(&first))));
    world.done().await;
}

#[actix_rt::test]
async fn files_stand_in_fields_and_a_write_replaces_the_list() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let form = contracts(&world).await;
    let [paper, scan, more] =
        [anna.upload("paper.pdf", b"%PDF-1.7").await, anna.upload("scan.png", b"scan").await, anna.upload("more.txt", b"more").await];
    let rows = json!([{"row_id": 0, "cells": [{"name": "Scan", "value": [{"guid": scan["guid"]}]}, {"name": "Note", "value": "n"}]}]);
    let fields = json!([{"code": "u_papers", "value": [paper["guid"], {"url": "https://example.org/"}]}, {"name": "Rows", "value": rows}]);
    let task = anna.create(json!({"form_id": form, "fields": fields})).await;
    let papers = &field(&task, "Papers")["value"];
    assert_eq!((ids(papers)[0], &papers[0]["media_type"]), (id(&paper), &json!("application/pdf")));
    assert_eq!((&papers[1]["name"], &papers[1]["url"]), (&json!("example.org"), &json!("https://example.org/")));
    let cells = &field(&task, "Rows")["value"][0]["cells"];
    assert_eq!(ids(&cells[0]["value"]), [id(&scan)]);
    for file in [&paper, &scan] {
        bytes_of(boris, id(file)).await;
        clara.get(&format!("/v4/files/download/{}", id(file))).await.refused(403, "access_denied_file");
    }
    let number = id(&task);
    // What is named again stays.
    let update = json!({"field_updates": [{"name": "Papers", "value": [{"attachment_id": id(&paper)}, {"guid": more["guid"]}]}]});
    let task = anna.comment(number, update).await;
    assert_eq!(ids(&field(&task, "Papers")["value"]), [id(&paper), id(&more)]);
    assert_eq!(ids(&newest(&task)["field_updates"][0]["value"]), [id(&paper), id(&more)]);
    let task = anna.comment(number, json!({"field_updates": [{"name": "Papers", "value": more["guid"]}]})).await;
    assert_eq!(ids(&field(&task, "Papers")["value"]), [id(&more)]);
    // What was taken out is still in the history of the task, which its people read.
    bytes_of(boris, id(&paper)).await;
    // The same as before changes nothing.
    let notes = task["comments"].as_array().map(Vec::len);
    let same = json!({"field_updates": [{"name": "Papers", "value": [{"attachment_id": id(&more)}]}]});
    assert_eq!(anna.comment(number, same).await["comments"].as_array().map(Vec::len), notes);

    // Whoever wrote is shown what they wrote.
    let register = anna.get(&format!("/v4/forms/{form}/register")).await.ok();
    assert_eq!(ids(&field(&register["tasks"][0], "Papers")["value"]), [id(&more)]);
    let csv = anna.get(&format!("/v4/forms/{form}/register?format=csv")).await;
    assert!(csv.text().contains("more.txt"), "{}", csv.text());
    let printed = anna.get(&format!("/v4/tasks/{number}/print")).await;
    assert!(printed.text().contains("more.txt") && printed.text().contains("scan.png"), "{}", printed.text());

    // A step is not over while a field that it requires holds no file.
    anna.comment(number, json!({"field_updates": [{"name": "Papers", "value": []}]})).await;
    let approved = boris.comment(number, json!({"approval_choice": "approved"})).await;
    assert!(field(&approved, "Papers").get("value").is_none());
    assert_eq!(approved["current_step"], 1);
    let filled = anna.comment(number, json!({"field_updates": [{"name": "Papers", "value": [{"attachment_id": id(&more)}]}]})).await;
    assert_eq!(filled["current_step"], 2);
    for wrong in [json!(["x"]), json!([{"attachment_id": 404_404}])] {
        let body = json!({"field_updates": [{"name": "Papers", "value": wrong}]});
        anna.post(&format!("/v4/tasks/{number}/comments"), body).await.refused(400, "unrecognized_attachment_id");
    }
    let body = json!({"field_updates": [{"name": "Papers", "value": 5}]});
    anna.post(&format!("/v4/tasks/{number}/comments"), body).await.refused(400, "invalid_value_format");
    world.done().await;
}

#[actix_rt::test]
async fn one_request_attaches_to_many_tasks_all_or_none() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let [one, two] = [anna.upload("1.txt", b"1").await, anna.upload("2.txt", b"2").await];
    let [first, second] = [id(&anna.create(json!({"text": "a"})).await), id(&anna.create(json!({"text": "b"})).await)];
    let comments = |last: &Value| {
        json!({"comments": [
            {"task_id": first, "comment": {"attachments": [one["guid"]]}},
            {"task_id": second, "comment": {"attachments": [one["guid"], last]}},
        ]})
    };
    anna.post("/v4/tasks//comments", comments(&json!({"attachment_id": 404_404}))).await.refused(400, "unrecognized_attachment_id");
    assert_eq!(anna.task(first).await["comments"].as_array().map(Vec::len), Some(1));
    let done = anna.post("/v4/tasks//comments", comments(&two["guid"])).await.ok();
    let files: Vec<_> = done["tasks"].as_array().expect("tasks").iter().map(|task| ids(&newest(task)["attachments"])).collect();
    assert_eq!(files, [vec![id(&one)], vec![id(&one), id(&two)]]);
    world.done().await;
}
