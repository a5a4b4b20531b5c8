//! The inbox over HTTP: pages, what puts a task in and what takes it out. Its rule is tested in
//! `projections::views::inbox`.

use serde_json::json;
use tests::{Client, World, id};

/// The inbox once it shows what everybody has written.
async fn inbox(world: &World, client: &Client) -> Vec<i64> {
    world.app.settled().await;
    client.inbox().await
}

#[actix_rt::test]
async fn a_task_is_put_away_by_each_for_themselves_and_comes_back_with_a_word() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let body = json!({ "text": "For two", "responsible": { "id": world.boris.id }, "subscribers": [{ "id": world.clara.id }] });
    let task = id(&anna.create(body).await);
    assert_eq!(inbox(&world, boris).await, [task]);
    assert_eq!(inbox(&world, clara).await, [task], "who is asked to acknowledge has it in the inbox");

    let away = boris.post(&format!("/v4/tasks/{task}/put_away"), json!({})).await;
    away.ok();
    assert_eq!(inbox(&world, boris).await, [] as [i64; 0]);
    assert_eq!(inbox(&world, clara).await, [task]);
    clara.comment(task, json!({ "approval_choice": "acknowledged" })).await;
    assert_eq!(inbox(&world, clara).await, [] as [i64; 0]);

    let call = format!("<span data-personid=\"{}\">Boris</span>, one more thing", world.boris.id);
    anna.comment(task, json!({ "formatted_text": call })).await;
    assert_eq!(inbox(&world, boris).await, [task], "who is mentioned has it back");
    world.elsewhere.client.post(&format!("/v4/tasks/{task}/put_away"), json!({})).await.refused(403, "access_denied_task");
    world.done().await;
}

#[actix_rt::test]
async fn a_page_holds_what_was_asked_for_and_says_whether_there_is_more() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let mut tasks = Vec::new();
    for number in 0..5 {
        let body = json!({ "text": format!("Task {number}"), "subject": "Five", "responsible": { "id": world.boris.id } });
        tasks.push(id(&world.anna.client.create(body).await));
    }
    world.app.settled().await;
    for (count, more) in [(1, true), (4, true), (5, false), (1_000, false)] {
        let page = boris.get(&format!("/v4/inbox?item_count={count}&group_item_count=50")).await.ok();
        let shown = page["tasks"].as_array().map_or(0, Vec::len);
        assert_eq!((shown, &page["has_more"]), (count.min(5), &json!(more)), "{page}");
    }
    let header = boris.get("/v4/inbox").await.ok()["tasks"][0].take();
    assert!(tasks.contains(&id(&header)));
    assert_eq!(id(&header["author"]), world.anna.id);
    assert_eq!(id(&header["responsible"]), world.boris.id);
    assert!(header["text"].as_str().is_some_and(|text| text.starts_with("Task ")));
    for date in ["create_date", "last_modified_date"] {
        assert!(header[date].as_str().is_some_and(|date| date.len() == 20 && date.ends_with('Z')), "{header}");
    }
    for wrong in ["0", "-1", "1001"] {
        boris.get(&format!("/v4/inbox?item_count={wrong}")).await.refused(400, "items_count_out_of_range");
    }
    for wrong in ["x", "1.5", "99999999999999999999", "%F0%9F%99%82"] {
        boris.get(&format!("/v4/inbox?item_count={wrong}")).await.refused(400, "invalid_value_format");
    }
    // What the dialect does not know is no error.
    boris.get("/v4/inbox?nobody_knows=this").await.ok();
    assert_eq!(world.clara.client.get("/v4/inbox").await.ok()["has_more"], false);
    world.done().await;
}

#[actix_rt::test]
async fn a_task_that_is_scheduled_waits_outside() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let task = id(&boris.create(json!({ "text": "Later", "responsible": { "id": world.boris.id } })).await);
    assert_eq!(boris.inbox().await, [task]);
    boris.comment(task, json!({ "scheduled_date": "2031-05-06" })).await;
    assert_eq!(boris.inbox().await, [] as [i64; 0]);
    boris.comment(task, json!({ "cancel_schedule": true })).await;
    assert_eq!(boris.inbox().await, [task]);
    world.done().await;
}
