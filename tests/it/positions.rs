//! `Nashi-Position` and `Nashi-Wait-For`, and that nobody misses what they wrote themselves.

use reqwest::Method;
use serde_json::json;
use tests::{Answer, World, id};

/// The header's two numbers: incarnation and position.
fn position(answer: &Answer) -> (i64, i64) {
    let text = answer.header("nashi-position");
    let (incarnation, number) = text.split_once('-').unwrap_or_else(|| panic!("{text}"));
    (incarnation.parse().expect("a number"), number.parse().expect("a number"))
}

#[actix_rt::test]
async fn every_answer_says_where_the_log_is() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let made = anna.post("/v4/tasks", json!({ "text": "Here" })).await;
    let task = id(&made.ok()["task"]);
    let (incarnation, written) = position(&made);
    for path in [format!("/v4/tasks/{task}"), "/v4/inbox".into(), "/v4/profile".into(), "/v4/contacts".into(), "/v4/members".into()] {
        let (same, read) = position(&anna.get(&path).await);
        assert_eq!(same, incarnation, "{path}");
        assert!(read >= written, "{path} was answered from {read}, before {written}");
    }
    let refused = anna.get("/v4/tasks/2000000000").await;
    assert!(position(&refused).1 >= written);
    world.done().await;
}

#[actix_rt::test]
async fn everybody_finds_their_own_writes_at_once() {
    let world = World::new().await;
    let (boris, anna) = (&world.boris.client, &world.anna.client);
    for number in 0..25 {
        let task = id(&boris.create(json!({ "text": format!("Note {number}"), "responsible": { "id": world.boris.id } })).await);
        assert!(boris.inbox().await.contains(&task), "task {task} is not in the inbox of who made it");
        boris.comment(task, json!({ "action": "finished" })).await;
        assert!(!boris.inbox().await.contains(&task), "task {task} is still in the inbox of who finished it");
        let name = json!({ "position": format!("Clerk {number}") });
        let changed = anna.ask(Method::PUT, &format!("/v4/members/{}", world.boris.id), &[], Some(name.to_string().into_bytes())).await;
        changed.ok();
        let member = anna.get(&format!("/v4/members/{}", world.boris.id)).await.ok();
        assert_eq!(member["position"], format!("Clerk {number}"));
    }
    world.done().await;
}

#[actix_rt::test]
async fn who_is_told_a_position_finds_what_others_wrote() {
    let world = World::new().await;
    for _ in 0..25 {
        let made = world.anna.client.post("/v4/tasks", json!({ "text": "For Boris", "responsible": { "id": world.boris.id } })).await;
        let task = id(&made.ok()["task"]);
        let wait = [("Nashi-Wait-For", made.header("nashi-position"))];
        let inbox = world.boris.client.ask(Method::GET, "/v4/inbox?item_count=100", &wait, None).await.ok();
        let tasks = inbox["tasks"].as_array().cloned().unwrap_or_default();
        assert!(tasks.iter().any(|one| id(one) == task), "task {task} is not there at {wait:?}");
    }
    world.done().await;
}

#[actix_rt::test]
async fn a_position_that_does_not_come_is_a_503_and_one_of_another_log_a_412() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let (incarnation, now) = position(&anna.get("/v4/inbox").await);
    for path in ["/v4/inbox", "/v4/profile", "/v4/contacts", "/v4/members"] {
        let ask = async |wait: String| anna.ask(Method::GET, path, &[("Nashi-Wait-For", &wait)], None).await;
        let late = ask(format!("{incarnation}-{}", now + 1_000)).await;
        late.refused(503, "service_unavailable");
        assert!(late.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 1));
        ask(format!("{}-1", incarnation - 1)).await.refused(412, "log_replaced");
        for wrong in ["", "x", "-1", "1", "1-", "1-x", "1-2-3", "99999999999999999999-1"] {
            ask(wrong.to_owned()).await.refused(400, "invalid_value_format");
        }
    }
    world.done().await;
}
