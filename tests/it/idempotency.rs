//! Commands that take effect once: `Idempotency-Key` over HTTP. What the log promises for it is tested in
//! `actors::journal::conformance`, what survives a kill in `chaos`.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, World, id};

fn replayed(answer: &Answer) -> bool {
    answer.find_header("idempotency-replayed") == Some("true")
}

#[actix_rt::test]
async fn the_same_key_gives_the_same_answer() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let body = json!({ "text": "Once" });
    let first = anna.post_once("create-1", "/v4/tasks", &body).await;
    let task = id(&first.ok()["task"]);
    assert!(!replayed(&first));
    let comment = json!({ "text": "Also once" });
    let path = format!("/v4/tasks/{task}/comments");
    let said = anna.post_once("comment-1", &path, &comment).await;
    anna.comment(task, json!({ "text": "Meanwhile, something else" })).await;

    for (before, key, path, body) in [(&first, "create-1", "/v4/tasks", &body), (&said, "comment-1", path.as_str(), &comment)] {
        for key in [key.to_owned(), format!("\"{key}\"")] {
            let again = anna.post_once(&key, path, body).await;
            assert!(replayed(&again), "{:?}", again.headers);
            assert_eq!(again.status, before.status);
            assert_eq!(again.json(), before.json(), "the body is not as of then");
            assert_eq!(again.header("nashi-position"), before.header("nashi-position"));
        }
    }
    // Without the prefix's `/api` it is the same request.
    assert!(replayed(&anna.post_once("create-1", "/api/v4/tasks", &body).await));
    assert_eq!(comments(&anna.task(task).await, "Also once"), 1);
    world.done().await;
}

#[actix_rt::test]
async fn a_key_belongs_to_one_request_of_one_person() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let task = id(&anna.post_once("key", "/v4/tasks", json!({ "text": "Mine" })).await.ok()["task"]);
    anna.post_once("key", "/v4/tasks", json!({ "text": "Other" })).await.refused(422, "idempotency_key_reused");
    let path = format!("/v4/tasks/{task}/comments");
    anna.post_once("key", &path, json!({ "text": "Mine" })).await.refused(422, "idempotency_key_reused");
    assert_eq!(comments(&anna.task(task).await, "Other"), 0);
    let other = world.boris.client.post_once("key", "/v4/tasks", json!({ "text": "Other" })).await;
    assert!(!replayed(&other) && id(&other.ok()["task"]) != task);
    world.done().await;
}

#[actix_rt::test]
async fn duplicates_at_the_same_time_have_one_effect() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let creates = join_all((0..24).map(|_| anna.post_once("at-once", "/v4/tasks", json!({ "text": "One" })))).await;
    let tasks: Vec<i64> = creates.iter().map(|answer| id(&answer.ok()["task"])).collect();
    assert!(tasks.iter().all(|task| *task == tasks[0]), "{tasks:?}");
    assert_eq!(creates.iter().filter(|answer| !replayed(answer)).count(), 1, "exactly one of them is the first");

    let path = format!("/v4/tasks/{}/comments", tasks[0]);
    let said = join_all((0..24).map(|_| anna.post_once("said-at-once", &path, json!({ "text": "Once said" })))).await;
    assert!(said.iter().all(|answer| answer.status == 200));
    assert_eq!(said.iter().filter(|answer| !replayed(answer)).count(), 1);
    assert_eq!(comments(&anna.task(tasks[0]).await, "Once said"), 1);
    world.done().await;
}

#[actix_rt::test]
async fn a_key_is_remembered_across_a_restart() {
    let world = World::new().await;
    let body = json!({ "text": "Before" });
    let first = world.anna.client.post_once("restart", "/v4/tasks", &body).await;
    let world = world.restarted().await;
    let again = world.anna.client.post_once("restart", "/v4/tasks", &body).await;
    assert!(replayed(&again));
    assert_eq!(again.json(), first.json());
    world.anna.client.post_once("restart", "/v4/tasks", json!({ "text": "After" })).await.refused(422, "idempotency_key_reused");
    world.done().await;
}

#[actix_rt::test]
async fn a_refusal_is_not_remembered() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let task = id(&anna.create(json!({ "text": "Later" })).await);
    let path = format!("/v4/tasks/{task}/comments");
    let body = json!({ "text": "May I?" });
    world.clara.client.post_once("ask", &path, &body).await.refused(403, "access_denied_task");
    anna.comment(task, json!({ "participants_added": [{ "id": world.clara.id }] })).await;
    let now = world.clara.client.post_once("ask", &path, &body).await;
    assert!(!replayed(&now) && now.status == 200, "{}", now.text());
    world.done().await;
}

#[actix_rt::test]
async fn a_key_that_is_no_key_is_refused() {
    let world = World::new().await;
    let long = "k".repeat(256);
    for key in ["", " ", "a b", "\"open", "ключ", &long] {
        let answer = world.anna.client.post_once(key, "/v4/tasks", json!({ "text": "x" })).await;
        answer.refused(400, "invalid_value_format");
    }
    world.done().await;
}

/// How many comments of `task` say `text`.
fn comments(task: &Value, text: &str) -> usize {
    task["comments"].as_array().map_or(0, |all| all.iter().filter(|one| one["text"] == text).count())
}
