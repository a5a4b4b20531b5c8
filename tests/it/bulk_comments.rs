//! Comments on several tasks over HTTP, all of them or none. How several streams are written at once is tested in `actors`.

use serde_json::{Value, json};
use tests::{Client, World, id};

const PATH: &str = "/v4/tasks//comments";

fn says(task: i64, text: &str) -> Value {
    json!({"task_id": task, "comment": {"text": text}})
}

async fn made(client: &Client, number: usize) -> Vec<i64> {
    let mut tasks = Vec::new();
    for index in 0..number {
        tasks.push(id(&client.create(json!({"text": format!("Task {index}")})).await));
    }
    tasks
}

async fn texts(client: &Client, task: i64) -> Vec<String> {
    let shown = client.get(&format!("/v4/tasks/{task}")).await.ok();
    let comments = shown["task"]["comments"].as_array().expect("comments").clone();
    comments.iter().filter_map(|comment| comment["text"].as_str().map(str::to_owned)).collect()
}

#[actix_rt::test]
async fn several_tasks_are_changed_together_and_shown() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let tasks = made(anna, 3).await;
    let close = json!({"task_id": tasks[2], "comment": {"action": "finished", "text": "Done"}});
    let body = json!({"comments": [says(tasks[0], "One"), says(tasks[1], "Two"), close]});
    let shown = anna.post(PATH, &body).await.ok();
    let shown = shown["tasks"].as_array().expect("tasks");
    assert_eq!(shown.iter().map(id).collect::<Vec<_>>(), tasks);
    assert_eq!((&shown[1]["comments"][0]["text"], &shown[2]["is_closed"]), (&json!("Two"), &json!(true)));
    assert_eq!(texts(anna, tasks[0]).await, ["Task 0", "One"]);
    let brief = json!({"no_tasks_in_response": true, "comments": [says(tasks[0], "More"), says(tasks[1], "More")]});
    assert_eq!(anna.post("/api/v4/tasks/comments", &brief).await.ok(), json!({}));
    // What changes nothing is a success that changes nothing.
    let nothing = json!({"comments": [
        {"task_id": tasks[0], "comment": {"action": "reopened"}}, {"task_id": tasks[1], "comment": {"action": "reopened"}}]});
    anna.post(PATH, &nothing).await.ok();
    assert_eq!(texts(anna, tasks[1]).await, ["Task 1", "Two", "More"]);
    world.done().await;
}

#[actix_rt::test]
async fn one_refusal_refuses_all_and_names_its_task() {
    let world = World::new().await;
    // Anna, who administers, sees everything.
    let boris = &world.boris.client;
    let tasks = made(boris, 2).await;
    let hidden = made(&world.anna.client, 1).await[0];
    let named = |answer: tests::Answer, status, code: &str, task: i64| {
        let text = answer.text();
        answer.refused(status, code);
        assert!(text.contains(&format!("task {task}")), "{text}");
    };
    let unseen = json!({"comments": [says(tasks[0], "One"), says(tasks[1], "Two"), says(hidden, "Three")]});
    named(boris.post(PATH, &unseen).await, 403, "access_denied_task", hidden);
    let unknown = json!({"comments": [says(tasks[0], "One"), says(2_000_000_000, "Two")]});
    named(boris.post(PATH, &unknown).await, 403, "access_denied_task", 2_000_000_000);
    let empty = json!({"comments": [says(tasks[0], "One"), {"task_id": tasks[1], "comment": {}}]});
    named(boris.post(PATH, &empty).await, 400, "text_missing", tasks[1]);
    let linked = json!({"task_id": tasks[1], "comment": {"field_updates": [{"id": 1, "value": {"task_id": hidden}}]}});
    boris.post(PATH, json!({"comments": [says(tasks[0], "One"), linked]})).await.refused(403, "access_denied_task");

    let first = boris.get(&format!("/v4/tasks/{}", tasks[1])).await.ok()["task"]["last_note_id"].clone();
    let seen = |text: &str| json!({"task_id": tasks[1], "previous_note_id": first, "comment": {"text": text}});
    boris.post(PATH, json!({"comments": [says(tasks[0], "Yes"), seen("Yes")]})).await.ok();
    named(boris.post(PATH, json!({"comments": [says(tasks[0], "No"), seen("No")]})).await, 409, "conflict", tasks[1]);

    boris.post(PATH, json!({"comments": []})).await.refused(400, "less_than_two_or_not_unique_tasks");
    let twice = json!({"comments": [says(tasks[0], "One"), says(tasks[0], "Two")]});
    boris.post(PATH, &twice).await.refused(400, "less_than_two_or_not_unique_tasks");
    let many: Vec<Value> = (1..=1_000).map(|task| says(task, "x")).collect();
    boris.post(PATH, json!({ "comments": many })).await.refused(400, "limit_exceeded");
    for task in tasks {
        assert!(texts(boris, task).await.iter().all(|text| text.starts_with("Task") || text == "Yes"));
    }
    world.done().await;
}

#[actix_rt::test]
async fn it_takes_effect_once_under_its_key_however_large_it_is() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let tasks = made(anna, 120).await;
    let body = json!({"comments": tasks.iter().map(|task| says(*task, "Once")).collect::<Vec<_>>()});
    let first = anna.post_once("bulk", PATH, &body).await;
    assert_eq!(first.ok()["tasks"].as_array().map(Vec::len), Some(120));
    let again = anna.post_once("bulk", PATH, &body).await;
    again.ok();
    assert_eq!(again.headers.get("idempotency-replayed").and_then(|value| value.to_str().ok()), Some("true"));
    anna.post_once("bulk", PATH, json!({"comments": [says(tasks[0], "a"), says(tasks[1], "b")]}))
        .await
        .refused(422, "idempotency_key_reused");
    let one = format!("/v4/tasks/{}/comments", tasks[0]);
    anna.post_once("bulk", &one, json!({"text": "a"})).await.refused(422, "idempotency_key_reused");
    assert_eq!(texts(anna, tasks[119]).await, ["Task 119", "Once"]);
    world.done().await;
}
