//! The past over HTTP: a task as it was, who saw it and what somebody saw at any position, held against what was answered at
//! the time. How a past is folded is tested in `domain`.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Person, World, id};

/// What was seen at a position: of every task by everybody.
struct Moment {
    position: i64,
    at: String,
    /// Task to the persons who were answered, and what they were shown.
    seen: BTreeMap<i64, BTreeMap<i64, Value>>,
}

impl Eyes {
    async fn look(&self, tasks: &[i64]) -> Moment {
        let mut seen = BTreeMap::new();
        for task in tasks {
            let shown: &mut BTreeMap<i64, Value> = seen.entry(*task).or_default();
            for person in self.everybody() {
                let answer = person.client.get(&format!("/v4/tasks/{task}")).await;
                if answer.status == 200 {
                    shown.insert(person.id, answer.json());
                } else {
                    answer.refused(403, "access_denied_task");
                }
            }
        }
        let at = sqlx::query_scalar("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
        let at: String = at.fetch_one(self.0.app.pool()).await.expect("the database's clock");
        Moment { position: self.0.app.head().await, at, seen }
    }
}

/// Those whose eyes are looked through.
struct Eyes(World);

impl Eyes {
    fn everybody(&self) -> [&Person; 3] {
        [&self.0.anna, &self.0.boris, &self.0.clara]
    }
}

async fn visible(client: &Client, person: i64, as_of: &str) -> BTreeSet<i64> {
    let body = client.get(&format!("/v4/members/{person}/visible_tasks?as_of={as_of}")).await.ok();
    assert_eq!(body.get("next"), None, "a small organisation fits into a page");
    body["tasks"].as_array().map_or_else(BTreeSet::new, |tasks| tasks.iter().filter_map(Value::as_i64).collect())
}

async fn seeing(client: &Client, task: i64, as_of: &str) -> BTreeSet<i64> {
    let answer = client.get(&format!("/v4/tasks/{task}/access?as_of={as_of}")).await;
    if answer.status == 403 {
        return BTreeSet::new();
    }
    let body = answer.ok();
    let persons = body["persons"].as_array().expect("persons");
    assert!(persons.iter().all(|sees| sees["reasons"].as_array().is_some_and(|reasons| !reasons.is_empty())), "{body}");
    persons.iter().map(|sees| id(&sees["person"])).collect()
}

#[actix_rt::test]
async fn what_could_be_seen_at_any_position_is_what_was_answered_then() {
    let world = Eyes(World::new().await);
    let World { app: _, anna, boris, clara, .. } = &world.0;
    let put = async |person: i64, body: Value| {
        anna.client.ask(Method::PUT, &format!("/v4/members/{person}"), &[], Some(body.to_string().into_bytes())).await.ok();
    };
    let mut moments = Vec::new();
    let first = id(&boris.client.create(json!({ "text": "First" })).await);
    let second = id(&clara.client.create(json!({ "text": "Second", "participants": [{ "id": boris.id }] })).await);
    moments.push(world.look(&[first, second]).await);
    boris.client.comment(first, json!({ "text": "Come in", "participants_added": [{ "id": clara.id }] })).await;
    clara.client.comment(second, json!({ "participants_removed": [{ "id": boris.id }] })).await;
    moments.push(world.look(&[first, second]).await);
    // Rights come and go; names change.
    put(clara.id, json!({ "rights": 0x820 | 0x2, "first_name": "Klara" })).await;
    let third = id(&boris.client.create(json!({ "text": "Third" })).await);
    moments.push(world.look(&[first, second, third]).await);
    put(clara.id, json!({ "rights": 0x820 })).await;
    boris.client.comment(first, json!({ "participants_removed": [{ "id": clara.id }], "reassign_to": { "id": anna.id } })).await;
    moments.push(world.look(&[first, second, third]).await);
    boris.client.ask(Method::DELETE, &format!("/v4/tasks/{third}"), &[], None).await.ok();
    moments.push(world.look(&[first, second, third]).await);

    for moment in &moments {
        for as_of in [moment.position.to_string(), moment.at.clone()] {
            for person in world.everybody() {
                let then: BTreeSet<i64> =
                    moment.seen.iter().filter(|(_, shown)| shown.contains_key(&person.id)).map(|(task, _)| *task).collect();
                assert_eq!(visible(&anna.client, person.id, &as_of).await, then, "{} at {as_of}", person.email);
            }
            for (task, shown) in &moment.seen {
                assert_eq!(seeing(&anna.client, *task, &as_of).await, shown.keys().copied().collect(), "task {task} at {as_of}");
                let past = anna.client.get(&format!("/v4/tasks/{task}?as_of={as_of}")).await;
                match shown.get(&anna.id) {
                    Some(then) => assert_eq!(&past.ok(), then, "task {task} at {as_of}"),
                    None => drop(past.refused(403, "access_denied_task")),
                }
            }
        }
    }
    world.0.done().await;
}

#[actix_rt::test]
async fn todays_rights_decide_who_looks_back() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let task = id(&boris.create(json!({ "text": "Draft", "participants": [{ "id": world.clara.id }] })).await);
    let created = world.app.head().await;
    let first = boris.task(task).await["comments"][0]["id"].as_i64().expect("an id");
    boris.comment(task, json!({ "edit_comment_id": first, "text": "Final" })).await;
    let past = |as_of: i64| format!("/v4/tasks/{task}?as_of={as_of}");
    let text = async |client: &Client| client.get(&past(created)).await.ok()["task"]["comments"][0]["text"].clone();
    // What was taken back is for those who may see it all.
    assert_eq!(text(&world.anna.client).await, "Draft");
    assert_eq!(text(boris).await, Value::Null);
    boris.comment(task, json!({ "participants_removed": [{ "id": world.clara.id }] })).await;
    for path in [past(created), format!("/v4/tasks/{task}/access?as_of={created}")] {
        world.clara.client.get(&path).await.refused(403, "access_denied_task");
        world.elsewhere.client.get(&path).await.refused(403, "access_denied_task");
        world.app.client().get(&path).await.refused(401, "token_not_specified");
    }
    let through = |person: i64| format!("/v4/members/{person}/visible_tasks?as_of={created}");
    world.clara.client.get(&through(world.clara.id)).await.ok();
    world.clara.client.get(&through(world.boris.id)).await.refused(403, "access_denied");
    world.elsewhere.client.get(&through(world.boris.id)).await.refused(403, "access_denied_person");
    world.app.client().get(&through(world.boris.id)).await.refused(401, "token_not_specified");
    world.done().await;
}

#[actix_rt::test]
async fn a_point_that_is_none_or_lies_ahead_is_refused() {
    let world = World::new().await;
    let task = id(&world.anna.client.create(json!({ "text": "Hello" })).await);
    let ahead = world.app.head().await + 1_000;
    for (as_of, status, code) in [
        ("yesterday".to_owned(), 400, "invalid_value_format"),
        ("-1".to_owned(), 400, "invalid_value_format"),
        (ahead.to_string(), 400, "invalid_input"),
        ("1-1".to_owned(), 412, "log_replaced"),
        ("0".to_owned(), 403, "access_denied_task"),
        ("1999-12-31T23:59:59Z".to_owned(), 403, "access_denied_task"),
    ] {
        world.anna.client.get(&format!("/v4/tasks/{task}?as_of={as_of}")).await.refused(status, code);
    }
    world.done().await;
}
