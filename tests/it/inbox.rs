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

#[actix_rt::test]
async fn an_inbox_is_grouped_by_form_and_step_with_counts() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let step = |name: &str| json!({ "name": name, "approvers": [{ "who": { "person": world.boris.id } }] });
    let form = async |name: &str| {
        let definition = json!({ "fields": [], "steps": [step("First"), step("Second")] });
        id(&anna.post("/v4/forms", json!({ "name": name, "definition": definition })).await.ok())
    };
    let (leave, purchase) = (form("Leave").await, form("Purchase").await);
    let mut tasks = Vec::new();
    for form in [leave, leave, leave, purchase] {
        tasks.push(id(&anna.create(json!({ "form_id": form })).await));
    }
    let simple = id(&anna.create(json!({ "text": "Do", "responsible": { "id": world.boris.id } })).await);
    boris.comment(tasks[0], json!({ "approval_choice": "approved" })).await;
    world.app.settled().await;
    let inbox = boris.get("/v4/inbox?item_count=2&group_item_count=1").await.ok();
    let shown: Vec<_> = inbox["task_groups"]
        .as_array()
        .expect("groups")
        .iter()
        .map(|group| (group["name"].as_str().expect("a name"), &group["step"], &group["count"], &group["has_more"], id(&group["tasks"][0])))
        .collect();
    let (one, two, yes, no) = (json!(1), json!(2), json!(true), json!(false));
    let expected = [
        ("Leave: Second", &two, &one, &no, tasks[0]),
        ("Purchase: First", &one, &one, &no, tasks[3]),
        ("Leave: First", &one, &two, &yes, tasks[2]),
    ];
    assert_eq!(shown, expected, "the group of the newest task first");
    assert_eq!((inbox["tasks"].as_array().map(Vec::len), &inbox["has_more"]), (Some(2), &yes), "the list beside them is as it is without");
    assert_eq!(id(&inbox["tasks"][1]), simple);
    let ids: std::collections::BTreeSet<_> = inbox["task_groups"].as_array().expect("groups").iter().map(id).collect();
    assert_eq!(ids.len(), 3, "no two groups share an id");
    let plain = boris.get("/v4/inbox").await.ok();
    assert!(plain.get("task_groups").is_none(), "only where they are asked for");
    let nothing = world.clara.client.get("/v4/inbox?group_item_count=5").await.ok();
    assert_eq!(nothing["task_groups"], json!([]));
    world.done().await;
}
