//! Tasks over HTTP: every part of a request reaches the domain, and every part of the answer comes back in the
//! dialect's words. What a part means is tested in `domain`.

use serde_json::{Value, json};
use tests::{World, id};

#[actix_rt::test]
async fn a_task_is_created_and_read_back_alike() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna, &world.boris, &world.clara);
    let created = anna.client.create(json!({
        "text": "Sign the \"contract\"\n🙂 <b>not bold</b>",
        "subject": "The contract",
        "responsible": { "id": boris.id },
        "participants": [{ "email": clara.email.to_uppercase() }],
        "subscribers": [{ "id": clara.id }],
        "due_date": "2031-05-06",
        "scheduled_date": "2031-05-01",
    }));
    let created = created.await;
    in_the_dialect(&created);
    assert_eq!(created["text"], "Sign the \"contract\"\n🙂 <b>not bold</b>");
    assert_eq!(created["subject"], "The contract");
    assert_eq!(id(&created["author"]), anna.id);
    assert_eq!(created["author"]["email"], anna.email);
    assert_eq!(created["author"]["type"], "user");
    assert_eq!(id(&created["responsible"]), boris.id);
    assert!(people(&created["participants"]).contains(&clara.id));
    assert_eq!(id(&created["subscribers"][0]["person"]), clara.id);
    assert_eq!(created["due_date"], "2031-05-06");
    assert_eq!(created["scheduled_date"], "2031-05-01");
    assert_eq!(created["is_closed"], false);
    assert_eq!(created["create_date"], created["last_modified_date"]);
    assert_eq!(anna.client.task(id(&created)).await, created);
    assert_eq!(boris.client.task(id(&created)).await, created);
    world.done().await;
}

/// The parts of a comment on a simple task: what is sent, what the comment then shows, what the task then shows.
fn parts(world: &World) -> Vec<(Value, Value, Value)> {
    let (boris, clara) = (world.boris.id, world.clara.id);
    vec![
        (json!({ "text": "A word" }), json!({ "text": "A word" }), json!({})),
        (json!({ "subject": "New" }), json!({ "subject": "New" }), json!({ "subject": "New" })),
        (
            json!({ "participants_added": [{ "id": clara }] }),
            json!({ "participants_added": [{ "id": clara }] }),
            json!({ "participants": [{ "id": clara }] }),
        ),
        (
            json!({ "participants_removed": [{ "id": clara }] }),
            json!({ "participants_removed": [{ "id": clara }] }),
            json!({ "participants": null }),
        ),
        (json!({ "reassign_to": { "id": clara } }), json!({ "reassigned_to": { "id": clara } }), json!({ "responsible": { "id": clara } })),
        (
            json!({ "reassign_to": { "email": world.boris.email } }),
            json!({ "reassigned_to": { "id": boris } }),
            json!({ "responsible": { "id": boris } }),
        ),
        (
            json!({ "subscribers_added": [{ "id": clara }] }),
            json!({ "subscribers_added": [{ "id": clara }] }),
            json!({ "subscribers": [{ "person": { "id": clara } }] }),
        ),
        (
            json!({ "approval_choice": "acknowledged" }),
            json!({ "approval_choice": "acknowledged" }),
            json!({ "subscribers": [{ "person": { "id": clara }, "approval_choice": "acknowledged" }] }),
        ),
        (
            json!({ "subscribers_rerequested": [{ "id": clara }] }),
            json!({ "subscribers_rerequested": [{ "id": clara }] }),
            json!({ "subscribers": [{ "person": { "id": clara }, "approval_choice": "waiting" }] }),
        ),
        (
            json!({ "subscribers_removed": [{ "id": clara }] }),
            json!({ "subscribers_removed": [{ "id": clara }] }),
            json!({ "subscribers": null }),
        ),
        (json!({ "due_date": "2031-05-06" }), json!({ "due_date": "2031-05-06" }), json!({ "due_date": "2031-05-06", "due": null })),
        (
            json!({ "due": "2031-05-06T10:30:00Z", "duration": 90 }),
            json!({ "due": "2031-05-06T10:30:00Z", "duration": 90 }),
            json!({ "due": "2031-05-06T10:30:00Z", "duration": 90, "due_date": null }),
        ),
        (json!({ "cancel_due": true }), json!({}), json!({ "due": null, "due_date": null, "duration": null })),
        (json!({ "scheduled_date": "2031-05-06" }), json!({ "scheduled_date": "2031-05-06" }), json!({ "scheduled_date": "2031-05-06" })),
        (
            json!({ "scheduled_datetime_utc": "2031-05-06T10:30:00Z" }),
            json!({ "scheduled_datetime_utc": "2031-05-06T10:30:00Z" }),
            json!({ "scheduled_datetime_utc": "2031-05-06T10:30:00Z", "scheduled_date": null }),
        ),
        (json!({ "cancel_schedule": true }), json!({ "cancel_schedule": true }), json!({ "scheduled_datetime_utc": null })),
        (json!({ "text": "Half an hour", "spent_minutes": 30 }), json!({ "spent_minutes": 30 }), json!({})),
        (json!({ "text": "Hush", "skip_notification": true }), json!({ "skip_notification": true }), json!({})),
        (
            json!({ "action": "finished", "skip_satisfaction": true }),
            json!({ "action": "finished", "skip_satisfaction": true }),
            json!({ "is_closed": true }),
        ),
        (json!({ "text": "By the way", "skip_auto_reopen": true }), json!({ "skip_auto_reopen": true }), json!({ "is_closed": true })),
        (json!({ "text": "One more" }), json!({ "text": "One more" }), json!({ "is_closed": false, "close_date": null })),
        (json!({ "action": "finished" }), json!({ "action": "finished" }), json!({ "is_closed": true })),
        (json!({ "action": "reopened" }), json!({ "action": "reopened" }), json!({ "is_closed": false })),
    ]
}

#[actix_rt::test]
async fn every_part_of_a_comment_arrives_and_is_shown() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let task = id(&anna.create(json!({ "text": "All of it", "responsible": { "id": world.boris.id } })).await);
    let mut last = 0;
    for (sent, comment, state) in parts(&world) {
        // Only who was asked can acknowledge.
        let by = if sent.get("approval_choice").is_some() { &world.clara } else { &world.anna };
        let shown = by.client.comment(task, &sent).await;
        in_the_dialect(&shown);
        let newest = shown["comments"].as_array().and_then(|comments| comments.last()).cloned().unwrap_or_default();
        assert!(id(&newest) > last, "{sent}: no new comment in {shown}");
        last = id(&newest);
        assert_eq!(shown["last_note_id"], last, "{sent}");
        assert_eq!(id(&newest["author"]), by.id, "{sent}");
        includes(&newest, &comment, &format!("the comment of {sent}"));
        includes(&shown, &state, &format!("the task after {sent}"));
        assert_eq!(anna.task(task).await, shown, "{sent}: read back otherwise than answered");
    }
    world.done().await;
}

#[actix_rt::test]
async fn all_parts_of_one_comment_are_one_comment() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let task = id(&anna.create(json!({ "text": "At once" })).await);
    let before = anna.task(task).await["comments"].as_array().map_or(0, Vec::len);
    let shown = anna.comment(
        task,
        json!({
            "text": "Everything",
            "subject": "Changed",
            "participants_added": [{ "id": world.clara.id }],
            "reassign_to": { "id": world.boris.id },
            "due": "2031-05-06T10:30:00Z",
            "spent_minutes": 5,
            "action": "finished",
        }),
    );
    let shown = shown.await;
    let comments = shown["comments"].as_array().cloned().unwrap_or_default();
    assert_eq!(comments.len(), before + 1);
    includes(
        &comments[before],
        &json!({
            "text": "Everything", "subject": "Changed", "reassigned_to": { "id": world.boris.id },
            "participants_added": [{ "id": world.clara.id }], "due": "2031-05-06T10:30:00Z", "spent_minutes": 5, "action": "finished",
        }),
        "the one comment",
    );
    world.done().await;
}

#[actix_rt::test]
async fn a_part_that_is_refused_takes_the_whole_comment_with_it() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let task = id(&anna.create(json!({ "text": "All or nothing" })).await);
    let before = anna.task(task).await;
    let path = format!("/v4/tasks/{task}/comments");
    let refused =
        anna.post(&path, json!({ "text": "A word", "subject": "Changed", "due_date": "2031-05-06", "due": "2031-05-06T10:30:00Z" }));
    refused.await.refused(400, "either_due_date_or_due_can_be_set");
    assert_eq!(anna.task(task).await, before);
    world.done().await;
}

#[actix_rt::test]
async fn formatted_text_mentions_replies_and_loses_what_could_run() {
    let world = World::new().await;
    let (anna, clara) = (&world.anna.client, world.clara.id);
    let task = id(&anna.create(json!({ "text": "Words" })).await);
    let shown = anna.comment(
        task,
        json!({ "formatted_text": format!(
            "<b>Look</b> <span data-personid=\"{clara}\">Clara</span><script>alert(1)</script><img src=x onerror=alert(2)> \
             <a href=\"javascript:alert(3)\">here</a>"
        )}),
    );
    let shown = shown.await;
    let comment = shown["comments"].as_array().and_then(|comments| comments.last()).cloned().unwrap_or_default();
    assert_eq!(comment["mentions"], json!([clara]));
    let formatted = comment["formatted_text"].as_str().unwrap_or_default();
    assert!(formatted.contains("<b>Look</b>"), "{formatted}");
    for poison in ["script", "onerror", "javascript", "alert"] {
        assert!(!formatted.contains(poison), "{poison} survived in {formatted}");
    }
    assert!(comment["text"].as_str().is_some_and(|text| text.contains("Look Clara") && !text.contains('<')), "{comment}");
    // Who is mentioned takes part from then on.
    assert_eq!(world.clara.client.task(task).await["id"], task);

    let quoted = id(&comment);
    let reply = world.clara.client.comment(
        task,
        json!({ "formatted_text": format!(
            "<quote data-noteid=\"{quoted}\" data-personid=\"{}\" data-personname=\"Anna\">Look</quote>I did", world.anna.id
        )}),
    );
    let reply = reply.await;
    assert_eq!(
        reply["comments"].as_array().and_then(|comments| comments.last()).map(|last| last["reply_note_id"].clone()),
        Some(json!(quoted))
    );
    world.done().await;
}

#[actix_rt::test]
async fn a_comment_is_edited_and_deleted_by_its_id() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let task = id(&anna.create(json!({ "text": "Second thoughts" })).await);
    let said = anna.comment(task, json!({ "text": "Frist" })).await;
    let comment = said["last_note_id"].as_i64().unwrap_or_default();
    let edited = anna.comment(task, json!({ "text": "First", "edit_comment_id": comment })).await;
    assert!(!edited.to_string().contains("Frist"), "{edited}");
    assert!(edited["comments"].as_array().is_some_and(|all| all.iter().any(|one| one["edit_comment_id"] == comment)), "{edited}");
    let deleted = anna.comment(task, json!({ "delete_comment_id": comment })).await;
    assert!(!deleted.to_string().contains("First"), "{deleted}");
    world.done().await;
}

#[actix_rt::test]
async fn a_subtask_names_its_parent() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let parent = id(&anna.create(json!({ "text": "The whole" })).await);
    let part = anna.create(json!({ "text": "A part", "parent_task_id": parent })).await;
    assert_eq!(part["parent_task_id"], parent);
    let shared = json!({ "text": "Another part", "parent_task_id": parent, "participants": [{ "id": world.boris.id }] });
    let shared = id(&anna.create(shared).await);
    let related = anna.get(&format!("/v4/tasks/{parent}/related")).await.ok();
    let parts: Vec<i64> = related["subtasks"].as_array().expect("tasks").iter().map(id).collect();
    assert_eq!((parts, &related["linked_from"]), (vec![id(&part), shared], &json!([])));
    anna.comment(shared, json!({ "action": "finished" })).await;
    let related = anna.get(&format!("/v4/tasks/{parent}/related")).await.ok();
    assert_eq!((&related["subtasks"][0]["is_closed"], &related["subtasks"][1]["is_closed"]), (&json!(false), &json!(true)));
    let related = anna.get(&format!("/v4/tasks/{}/related", id(&part))).await.ok();
    assert_eq!((&related["parent"]["id"], &related["parent"]["text"]), (&json!(parent), &json!("The whole")));
    let related = world.boris.client.get(&format!("/v4/tasks/{shared}/related")).await.ok();
    assert!(related.get("parent").is_none(), "what Boris may not see is not told: {related}");
    let refused = world.clara.client.post("/v4/tasks", json!({ "text": "Mine", "parent_task_id": parent })).await;
    refused.refused(403, "access_denied_task");
    world.done().await;
}

#[actix_rt::test]
async fn a_deleted_task_is_gone_for_everyone() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let task = id(&boris.create(json!({ "text": "A mistake", "responsible": { "id": world.anna.id } })).await);
    world.app.settled().await;
    assert_eq!(anna.inbox().await, [task]);
    let path = format!("/v4/tasks/{task}");
    assert_eq!(boris.ask(reqwest::Method::DELETE, &path, &[], None).await.ok()["deleted"], true);
    world.app.settled().await;
    for person in [anna, boris] {
        person.get(&path).await.refused(403, "access_denied_task");
        person.post(&format!("{path}/comments"), json!({ "text": "?" })).await.refused(403, "access_denied_task");
        assert_eq!(person.inbox().await, [] as [i64; 0]);
    }
    world.done().await;
}

#[actix_rt::test]
async fn both_prefixes_and_superfluous_slashes_lead_to_the_same_task() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let task = anna.create(json!({ "text": "Many ways" })).await;
    for path in ["/v4/tasks/{}", "/api/v4/tasks/{}", "/v4//tasks/{}/", "//api/v4/tasks//{}"] {
        let path = path.replace("{}", &id(&task).to_string());
        assert_eq!(anna.get(&path).await.ok()["task"], task, "{path}");
    }
    world.done().await;
}

fn people(list: &Value) -> Vec<i64> {
    list.as_array().map_or_else(Vec::new, |people| people.iter().map(id).collect())
}

/// Holds `expected` to be a part of `actual`; null means that the member is not there.
#[track_caller]
fn includes(actual: &Value, expected: &Value, what: &str) {
    match (actual, expected) {
        (Value::Object(members), Value::Object(wanted)) => {
            for (name, value) in wanted {
                match members.get(name) {
                    Some(found) => includes(found, value, &format!("{what}, {name}")),
                    None => assert!(value.is_null(), "{what}: no {name} in {actual}"),
                }
            }
        }
        (Value::Array(items), Value::Array(wanted)) => {
            assert_eq!(items.len(), wanted.len(), "{what}: {actual}");
            for (item, value) in items.iter().zip(wanted) {
                includes(item, value, what);
            }
        }
        _ => assert_eq!(actual, expected, "{what}"),
    }
}

/// "Empty fields are never returned", and moments have whole seconds and a Z (pyrus.md §1.0).
#[track_caller]
fn in_the_dialect(value: &Value) {
    match value {
        Value::Null => panic!("null in an answer"),
        Value::Array(items) => {
            assert!(!items.is_empty(), "an empty list in an answer");
            items.iter().for_each(in_the_dialect);
        }
        Value::Object(members) => {
            for (name, value) in members {
                assert!(value.as_array().is_none_or(|items| !items.is_empty()), "{name} is empty in {members:?}");
                assert!(!value.is_null() && value != "", "{name} is empty in {members:?}");
                if name.ends_with("_date") && value.is_string() && !["due_date", "scheduled_date"].contains(&name.as_str()) {
                    let text = value.as_str().unwrap_or_default();
                    assert!(text.len() == 20 && text.ends_with('Z') && text.as_bytes()[10] == b'T', "{name} is {text}");
                }
                in_the_dialect(value);
            }
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
