//! The calendar over HTTP: masks, whose tasks, and that each shows its newest comment alone. Which tasks are due when is tested
//! in `projections::views::tasks`.

use serde_json::{Value, json};
use tests::{Client, World, id};

async fn calendar(client: &Client, more: &str) -> Value {
    client.get(&format!("/v4/calendar?start_date_utc=2031-05-01T00:00Z&end_date_utc=2031-05-31T23:59:59Z{more}")).await.ok()
}

fn ids(page: &Value) -> Vec<i64> {
    page["tasks"].as_array().map_or_else(Vec::new, |tasks| tasks.iter().map(id).collect())
}

#[actix_rt::test]
async fn what_is_due_in_a_time_is_shown_in_order_with_its_newest_comment_alone() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let for_boris = json!({ "id": world.boris.id });
    let due =
        id(&anna.create(json!({ "text": "At a moment", "responsible": for_boris, "due": "2031-05-20T10:00:00Z", "duration": 30 })).await);
    let day = id(&anna.create(json!({ "text": "On a day", "responsible": for_boris, "due_date": "2031-05-10" })).await);
    let later = id(&anna.create(json!({ "text": "Later", "responsible": for_boris, "scheduled_date": "2031-05-15" })).await);
    let asked = id(&anna.create(json!({ "text": "Asked", "subscribers": [for_boris], "due_date": "2031-05-11" })).await);
    anna.create(json!({ "text": "Next month", "responsible": for_boris, "due_date": "2031-06-10" })).await;
    let followed = id(&anna.create(json!({ "text": "Followed", "participants": [for_boris], "due_date": "2031-05-12" })).await);
    anna.comment(due, json!({ "text": "The last word" })).await;
    world.app.settled().await;

    let page = calendar(boris, "").await;
    assert_eq!((ids(&page), &page["has_more"]), (vec![day, asked, due], &json!(false)));
    let task = &page["tasks"][2];
    assert_eq!((&task["text"], &task["comments"][0]["text"]), (&json!("At a moment"), &json!("The last word")));
    assert_eq!(task["comments"].as_array().map(Vec::len), Some(1));
    assert_eq!(ids(&calendar(boris, "&filter_mask=1").await), [due]);
    assert_eq!(ids(&calendar(boris, "&filter_mask=2").await), [day, asked]);
    assert_eq!(ids(&calendar(boris, "&filter_mask=4").await), [] as [i64; 0]);
    assert_eq!(ids(&calendar(boris, "&filter_mask=8&include_meetings=true").await), [later]);
    assert_eq!(ids(&calendar(boris, "&filter_mask=15&all_accessed_tasks=True").await), [day, asked, followed, later, due]);
    let page = calendar(boris, "&item_count=2").await;
    assert_eq!((ids(&page), &page["has_more"]), (vec![day, asked], &json!(true)));
    assert_eq!(calendar(clara, "&all_accessed_tasks=true&filter_mask=15").await, json!({ "has_more": false }));

    boris.comment(due, json!({ "action": "finished" })).await;
    boris.comment(asked, json!({ "approval_choice": "acknowledged" })).await;
    assert_eq!(ids(&calendar(boris, "").await), [day]);
    world.done().await;
}

#[actix_rt::test]
async fn a_list_opens_its_tasks_in_the_calendar_as_long_as_somebody_belongs_to_it() {
    let world = World::new().await;
    let (boris, clara) = (&world.boris.client, &world.clara.client);
    let body = json!({ "name": "Due", "added_members": [world.clara.id] });
    let list = boris.ask(reqwest::Method::PUT, "/v4/lists", &[], Some(body.to_string().into_bytes())).await.ok();
    let list = id(&list);
    let task = id(&boris.create(json!({ "text": "In the list", "list_ids": [list], "due_date": "2031-05-10" })).await);
    world.app.settled().await;
    assert_eq!(ids(&calendar(clara, "&all_accessed_tasks=true").await), [task]);
    assert_eq!(ids(&calendar(clara, "").await), [] as [i64; 0]);
    boris.post(&format!("/v4/lists/{list}"), json!({ "removed_members": [world.clara.id] })).await.ok();
    assert_eq!(ids(&calendar(clara, "&all_accessed_tasks=true").await), [] as [i64; 0]);
    world.done().await;
}

#[actix_rt::test]
async fn what_a_calendar_cannot_be_asked_is_refused() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let (start, end) = ("start_date_utc=2031-05-01T00:00:00Z", "end_date_utc=2031-05-02T00:00:00Z");
    boris.get(&format!("/v4/calendar?{start}")).await.refused(400, "required_parameter_missing");
    boris.get(&format!("/v4/calendar?{end}")).await.refused(400, "required_parameter_missing");
    for wrong in ["&item_count=0", "&item_count=101"] {
        boris.get(&format!("/v4/calendar?{start}&{end}{wrong}")).await.refused(400, "items_count_out_of_range");
    }
    for wrong in ["&item_count=x", "&filter_mask=x", "&all_accessed_tasks=maybe", "&start_date_utc=tomorrow"] {
        boris.get(&format!("/v4/calendar?{start}&{end}{wrong}")).await.refused(400, "invalid_value_format");
    }
    boris.nobody().get(&format!("/v4/calendar?{start}&{end}")).await.refused(401, "token_not_specified");
    world.done().await;
}
