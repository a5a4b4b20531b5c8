//! Notifications over HTTP: who is told of what and why, what is read, what settings and rights change. The rules are tested in
//! `projections::notify`, the verbs in `domain::inbox`.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, World, id};

async fn told(world: &World, client: &Client) -> Vec<Value> {
    world.app.settled().await;
    client.get("/v4/notifications").await.ok()["notifications"].as_array().cloned().unwrap_or_default()
}

/// The newest one, and its reasons.
async fn newest(world: &World, client: &Client) -> (Value, Vec<String>) {
    let newest = told(world, client).await.into_iter().next().unwrap_or_default();
    let reasons = newest["reasons"].as_array().into_iter().flatten().filter_map(|reason| reason["reason"].as_str());
    let reasons = reasons.map(str::to_owned).collect();
    (newest, reasons)
}

async fn count(world: &World, client: &Client) -> usize {
    told(world, client).await.len()
}

fn mention(person: i64, words: &str) -> Value {
    json!({ "formatted_text": format!("<span data-personid=\"{person}\">You</span>, {words}") })
}

async fn settings(client: &Client, body: Value) {
    client.ask(Method::PUT, "/v4/notification_settings", &[], Some(body.to_string().into_bytes())).await.ok();
}

async fn unfollow(client: &Client, body: Value) -> Value {
    client.ask(Method::DELETE, "/v4/follows", &[], Some(body.to_string().into_bytes())).await.ok()
}

#[actix_rt::test]
async fn each_is_told_why_and_by_what() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let body = json!({ "text": "Paint the fence", "responsible": { "id": world.boris.id }, "subscribers": [{ "id": world.clara.id }] });
    let task = id(&anna.create(body).await);
    let (first, reasons) = newest(&world, boris).await;
    assert_eq!(reasons, ["assigned"]);
    assert_eq!(
        (&first["why"], &first["subject"], &first["text"]),
        (&json!("You are responsible for the task"), &json!("Paint the fence"), &json!("Paint the fence"))
    );
    assert_eq!((id(&first["author"]), &first["unread"], &first["cause"]["task_id"]), (world.anna.id, &json!(true), &json!(task)));
    // In the language that is asked for, and in one's own where that is not spoken here.
    for (asked, why) in [("ru", "Вы ответственный за задачу"), ("tlh", "You are responsible for the task")] {
        let told = boris.ask(Method::GET, "/v4/notifications", &[("Accept-Language", asked)], None).await.ok();
        assert_eq!(told["notifications"][0]["why"], why, "{asked}");
    }
    assert_eq!(newest(&world, clara).await.1, ["acknowledgement"]);
    assert_eq!(count(&world, anna).await, 0, "who did it is not told");

    let done = boris.comment(task, json!({ "text": "Which colour?" })).await;
    let comment = done["comments"].as_array().and_then(|comments| comments.last()).map(id).expect("a comment");
    let (told, reasons) = newest(&world, anna).await;
    assert_eq!(reasons, ["comment"]);
    assert_eq!((&told["cause"]["comment_id"], &told["text"]), (&json!(comment), &json!("Which colour?")), "it links to its cause");

    anna.comment(task, mention(world.clara.id, "decide")).await;
    assert_eq!(newest(&world, clara).await.1, ["mentioned", "comment"], "one a request, the strongest reason first");
    assert_eq!(newest(&world, boris).await.1, ["comment"]);
    anna.comment(task, json!({ "participants_added": [{ "id": world.clara.id }], "reassign_to": { "id": world.clara.id } })).await;
    assert_eq!(newest(&world, clara).await.1, ["assigned", "added"]);

    let steps = json!({ "fields": [], "steps": [{ "name": "First", "approvers": [{ "who": { "person": world.clara.id } }] }] });
    let form = id(&anna.post("/v4/forms", json!({ "name": "Leave", "definition": steps })).await.ok());
    anna.create(json!({ "form_id": form })).await;
    assert_eq!(newest(&world, clara).await.1, ["approval"]);
    assert_eq!(count(&world, &world.elsewhere.client).await, 0, "nothing of another organisation");
    world.done().await;
}

#[actix_rt::test]
async fn what_is_read_is_read_by_each_for_themselves() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let mut tasks = Vec::new();
    for number in 0..3 {
        let body = json!({ "text": format!("Task {number}"), "responsible": { "id": world.boris.id }, "participants": [{ "id": world.clara.id }] });
        tasks.push(id(&anna.create(body).await));
    }
    world.app.settled().await;
    let left = boris.post("/v4/notifications/read", json!({ "task_id": tasks[2] })).await.ok();
    assert_eq!(left["unread_count"], 2);
    let page = boris.get("/v4/notifications?unread=first&item_count=2").await.ok();
    assert_eq!((&page["notifications"][0]["cause"]["task_id"], &page["has_more"]), (&json!(tasks[1]), &json!(true)));
    let cursor = page["cursor"].as_str().expect("there is more");
    let rest = boris.get(&format!("/v4/notifications?unread=first&item_count=2&cursor={cursor}")).await.ok();
    assert_eq!((&rest["notifications"][0]["cause"]["task_id"], &rest["has_more"]), (&json!(tasks[2]), &json!(false)));
    let newest = id(&rest["notifications"][0]);
    assert_eq!(boris.post("/v4/notifications/unread", json!({ "id": newest })).await.ok()["unread_count"], 3);
    assert_eq!(boris.post("/v4/notifications/read", json!({ "upto": newest })).await.ok()["unread_count"], 0);
    let none = boris.get("/v4/notifications?unread=only").await.ok();
    assert_eq!((&none["notifications"], &none["unread_count"]), (&json!([]), &json!(0)));
    assert_eq!(world.clara.client.get("/v4/notifications").await.ok()["unread_count"], 3);

    world.clara.client.post("/v4/notifications/unread", json!({ "id": 1 })).await.refused(400, "invalid_input");
    for wrong in [json!({}), json!({ "upto": 0 }), json!({ "upto": "x" }), json!({ "task_id": true })] {
        assert_eq!(boris.post("/v4/notifications/read", &wrong).await.status, 400, "{wrong}");
    }
    for wrong in ["unread=yes", "cursor=x", "cursor=-5", "item_count=201", "item_count=x"] {
        assert_eq!(boris.get(&format!("/v4/notifications?{wrong}")).await.status, 400, "{wrong}");
    }
    world.done().await;
}

#[actix_rt::test]
async fn a_role_is_told_by_its_members_and_whoever_is_away_by_their_deputy() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let role = id(&anna.post("/v4/roles", json!({ "name": "Clerks", "member_add": [world.boris.id] })).await.ok());
    world.app.settled().await;
    anna.create(json!({ "text": "For the clerks", "responsible": { "id": role } })).await;
    let (told, _) = newest(&world, boris).await;
    assert_eq!(told["why"], "You are responsible for the task, in the role “Clerks”");
    assert_eq!(told["reasons"][0]["role_id"], json!(role));
    assert_eq!(count(&world, clara).await, 0);

    let away = json!({ "from": "2020-01-01", "until": "2020-01-01", "deputy_id": world.clara.id });
    assert_eq!(boris.ask(Method::PUT, "/v4/profile/absence", &[], Some(away.to_string().into_bytes())).await.status, 400, "is over");
    let today = world.app.node().journal.now().to_string();
    let (from, until) = (&today[..10], format!("{}-12-31", &today[..4]));
    let away = json!({ "from": from, "until": until, "deputy_id": world.clara.id });
    boris.ask(Method::PUT, "/v4/profile/absence", &[], Some(away.to_string().into_bytes())).await.ok();
    world.app.settled().await;
    anna.create(json!({ "text": "For Boris", "responsible": { "id": world.boris.id } })).await;
    let (told, reasons) = newest(&world, clara).await;
    assert_eq!(reasons, ["assigned"]);
    assert_eq!(told["reasons"][0]["deputy_of"], json!(world.boris.id));
    assert!(told["why"].as_str().is_some_and(|why| why.contains("Boris Bauer, who is away")), "{told}");
    world.done().await;
}

#[actix_rt::test]
async fn a_request_may_be_silent_but_for_the_approvals_that_it_asks_for() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let task = id(&anna.create(json!({ "text": "Quietly", "responsible": { "id": world.boris.id } })).await);
    assert_eq!(count(&world, boris).await, 1);
    let silent = json!({ "text": "Nothing to see", "skip_notification": true, "participants_added": [{ "id": world.clara.id }] });
    anna.comment(task, silent).await;
    assert_eq!((count(&world, boris).await, count(&world, clara).await), (1, 0));
    let steps = json!({ "fields": [], "steps": [{ "name": "First", "approvers": [{ "who": { "person": world.boris.id } }] }] });
    let form = id(&anna.post("/v4/forms", json!({ "name": "Leave", "definition": steps })).await.ok());
    let asked = id(&anna.create(json!({ "form_id": form })).await);
    let ask = json!({ "approvals_added": [[{ "id": world.clara.id }]], "skip_notification": true });
    anna.comment(asked, ask).await;
    assert_eq!(newest(&world, clara).await.1, ["approval"]);
    world.done().await;
}

#[actix_rt::test]
async fn lists_forms_and_tasks_are_followed_as_long_as_they_are_seen() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let put = async |path: &str, body: Value| anna.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await.ok();
    let list = id(&put("/v4/lists", json!({ "name": "Garden", "added_member_ids": [world.boris.id] })).await);
    world.app.settled().await;
    let task = id(&anna.create(json!({ "text": "In the garden", "list_ids": [list] })).await);
    clara.post("/v4/follows", json!({ "list_id": list })).await.refused(403, "access_denied_project");
    clara.post("/v4/follows", json!({ "task_id": task })).await.refused(403, "access_denied_task");
    world.elsewhere.client.post("/v4/follows", json!({ "list_id": list })).await.refused(403, "access_denied_project");
    world.elsewhere.client.post("/v4/follows", json!({ "task_id": task })).await.refused(403, "access_denied_task");
    boris.post("/v4/follows", json!({ "list_id": list })).await.ok();
    let follows = boris.post("/v4/follows", json!({ "task_id": task })).await.ok();
    assert_eq!(follows["follows"], json!([{ "task_id": task }, { "list_id": list }]));
    anna.comment(task, json!({ "text": "Weeds" })).await;
    let (told, reasons) = newest(&world, boris).await;
    assert_eq!(reasons, ["followed", "followed"]);
    assert_eq!(told["reasons"][1]["why"], "You follow the list “Garden”");
    anna.create(json!({ "text": "Also in the garden", "list_ids": [list] })).await;
    assert_eq!(newest(&world, boris).await.0["subject"], "Also in the garden");
    assert_eq!(unfollow(boris, json!({ "task_id": task })).await["follows"], json!([{ "list_id": list }]));
    anna.comment(task, json!({ "text": "More weeds" })).await;
    assert_eq!(newest(&world, boris).await.1, ["followed"]);

    // Out of the list, and so out of its tasks: nothing new is told, and of what was told no word is left.
    let before = count(&world, boris).await;
    let remove = json!({ "removed_member_ids": [world.boris.id] });
    let shown = anna.post(&format!("/v4/lists/{list}"), remove).await;
    shown.ok();
    world.app.settled().await;
    boris.get(&format!("/v4/tasks/{task}")).await.refused(403, "access_denied_task");
    anna.comment(task, json!({ "text": "Secret weeds" })).await;
    let after = told_as_text(&world, boris).await;
    assert_eq!(count(&world, boris).await, before);
    assert!(!after.contains("weeds") && !after.contains("Weeds") && !after.contains("garden"), "{after}");

    let form = json!({ "name": "Leave", "definition": { "fields": [], "steps": [] } });
    let form = id(&anna.post("/v4/forms", form).await.ok());
    anna.post(&format!("/v4/forms/{form}/permissions"), json!({ "permissions": { world.clara.id.to_string(): "manager" } })).await.ok();
    world.app.settled().await;
    boris.post("/v4/follows", json!({ "form_id": form })).await.refused(403, "access_denied_form");
    clara.post("/v4/follows", json!({ "form_id": form })).await.ok();
    let of_form = id(&anna.create(json!({ "form_id": form })).await);
    let (told, reasons) = newest(&world, clara).await;
    assert_eq!((reasons, &told["cause"]["task_id"]), (vec!["followed".to_owned()], &json!(of_form)));
    for wrong in [json!({}), json!({ "task_id": 1, "list_id": 1 }), json!({ "task_id": "x" })] {
        assert_eq!(boris.post("/v4/follows", &wrong).await.status, 400, "{wrong}");
    }
    boris.post("/v4/follows", json!({ "task_id": 2_000_000_000 })).await.refused(403, "access_denied_task");
    world.done().await;
}

async fn told_as_text(world: &World, client: &Client) -> String {
    world.app.settled().await;
    client.get("/v4/notifications?item_count=200").await.text()
}

#[actix_rt::test]
async fn settings_silence_what_is_told_and_are_each_persons_own() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let nothing_set = json!({ "silent": { "web": [], "mail": [], "push": [] }, "forms": [] });
    assert_eq!(boris.get("/v4/notification_settings").await.ok(), nothing_set);
    settings(boris, json!({ "silent": { "web": ["comment"] }, "quiet_hours": { "from": "22:00", "until": "07:00" } })).await;
    let shown = boris.get("/v4/notification_settings").await.ok();
    assert_eq!((&shown["silent"]["web"], &shown["quiet_hours"]), (&json!(["comment"]), &json!({ "from": "22:00", "until": "07:00" })));
    assert_eq!(clara.get("/v4/notification_settings").await.ok(), nothing_set);
    let both = json!([{ "id": world.boris.id }, { "id": world.clara.id }]);
    let task = id(&anna.create(json!({ "text": "For two", "participants": both })).await);
    anna.comment(task, json!({ "text": "Only for Clara" })).await;
    assert_eq!((count(&world, boris).await, count(&world, clara).await), (1, 2));
    for (wrong, code) in [
        (json!({ "silent": { "web": ["because"] } }), "invalid_value_format"),
        (json!({ "quiet_hours": { "from": "07:00", "until": "07:00" } }), "invalid_input"),
        (json!({ "forms": [{ "form_id": 404 }] }), "access_denied_form"),
    ] {
        let answer = boris.ask(Method::PUT, "/v4/notification_settings", &[], Some(wrong.to_string().into_bytes())).await;
        answer.refused(if code == "access_denied_form" { 403 } else { 400 }, code);
    }
    world.done().await;
}

#[actix_rt::test]
async fn a_replayed_log_gives_the_same_notifications() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let task = id(&anna.create(json!({ "text": "One", "responsible": { "id": world.boris.id } })).await);
    boris.comment(task, mention(world.clara.id, "look")).await;
    boris.post("/v4/notifications/read", json!({ "task_id": task })).await.ok();
    world.app.settled().await;
    let live = tests::view::rows(world.app.pool(), "notifications").await;
    projections::rebuild(world.app.pool(), "notifications", |_, _| {}).await.expect("rebuilt");
    let again = tests::view::rows(world.app.pool(), "notifications").await;
    assert!(live.count() > 10 && live.tables == again.tables);
    world.done().await;
}

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A moment of the log's clock, as the API writes it.
async fn in_seconds(world: &World, seconds: i32) -> String {
    sqlx::query_scalar("SELECT to_char((now() + make_interval(secs => $1)) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
        .bind(f64::from(seconds))
        .fetch_one(world.app.pool())
        .await
        .expect("the clock")
}

/// Looks until there is something to see.
async fn until<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let seen = async {
        let mut tick = tokio::time::interval(Duration::from_millis(50));
        loop {
            tick.tick().await;
            if let Some(seen) = look().await {
                return seen;
            }
        }
    };
    tokio::time::timeout(PATIENCE, seen).await.expect("it comes about")
}

#[actix_rt::test]
async fn what_was_put_off_and_what_one_wants_to_be_reminded_of_come_at_their_moment_and_once() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let both = json!([{ "id": world.boris.id }, { "id": world.clara.id }]);
    let task = id(&anna.create(json!({ "text": "Later", "participants": both })).await);
    world.app.settled().await;
    assert_eq!(boris.inbox().await, [task]);
    let far = boris.post(&format!("/v4/inbox/{task}/snooze"), json!({ "until": "2031-01-01T09:00:00Z" })).await.ok();
    assert_eq!(far["snoozed_until"], "2031-01-01T09:00:00Z");
    anna.comment(task, json!({ "text": "Now?" })).await;
    world.app.settled().await;
    assert_eq!(boris.inbox().await, [] as [i64; 0], "whatever happens in it");
    let snoozed = boris.get("/v4/inbox?snoozed=y&marks=y").await.ok();
    assert_eq!(id(&snoozed["tasks"][0]), task);
    assert_eq!(snoozed["marks"]["snoozed"], json!([{ "task_id": task, "until": "2031-01-01T09:00:00Z" }]));
    assert_eq!(clara.inbox().await, [task], "another's inbox is another's");
    boris.post(&format!("/v4/inbox/{task}/unsnooze"), json!({})).await.ok();
    assert_eq!(boris.inbox().await, [task]);

    let soon = in_seconds(&world, 2).await;
    boris.post(&format!("/v4/inbox/{task}/snooze"), json!({ "until": soon })).await.ok();
    assert_eq!(boris.inbox().await, [] as [i64; 0]);
    clara.post(&format!("/v4/inbox/{task}/remind"), json!({ "at": soon })).await.ok();
    let cancelled = id(&anna.create(json!({ "text": "Never mind", "participants": both })).await);
    clara.post(&format!("/v4/inbox/{cancelled}/remind"), json!({ "at": soon })).await.ok();
    clara.post(&format!("/v4/inbox/{cancelled}/remind"), json!({ "cancel": true })).await.ok();
    let came = async |client: &Client, reason: &str| {
        until(async || Some(newest(&world, client).await).filter(|(_, reasons)| reasons[..] == [reason.to_owned()])).await.0
    };
    assert_eq!(came(boris, "returned").await["cause"]["task_id"], json!(task));
    let reminder = came(clara, "reminder").await;
    assert_eq!((&reminder["cause"]["task_id"], &reminder["why"]), (&json!(task), &json!("You wanted to be reminded")));
    assert!(reminder["author"].is_null());
    world.app.settled().await;
    assert!(boris.inbox().await.contains(&task));
    assert_eq!(clara.inbox().await[0], task, "a reminder brings it back");
    assert_eq!(clara.get("/v4/inbox?marks=y").await.ok()["marks"]["reminded_task_ids"], json!([task]));
    let fired = "SELECT count(*) FROM event WHERE type IN ('inbox.unsnoozed', 'inbox.reminded') AND person = 0";
    let fired: i64 = sqlx::query_scalar(fired).fetch_one(world.app.pool()).await.expect("the log");
    assert_eq!(fired, 2);

    for (wrong, status, code) in [
        (json!({}), 400, "required_parameter_missing"),
        (json!({ "until": "2020-01-01T00:00:00Z" }), 400, "scheduled_date_in_past"),
        (json!({ "until": "2130-01-01T00:00:00Z" }), 400, "due_outside_of_bounds"),
        (json!({ "until": "tomorrow" }), 400, "invalid_value_format"),
    ] {
        boris.post(&format!("/v4/inbox/{task}/snooze"), &wrong).await.refused(status, code);
    }
    boris.post(&format!("/v4/inbox/{task}/remind"), json!({ "at": "2130-01-01T00:00:00Z" })).await.refused(400, "due_outside_of_bounds");
    boris.post("/v4/inbox/2000000000/snooze", json!({ "until": "2031-01-01T09:00:00Z" })).await.refused(403, "access_denied_task");
    let stranger = &world.elsewhere.client;
    stranger.post(&format!("/v4/inbox/{task}/remind"), json!({ "at": "2031-01-01T09:00:00Z" })).await.refused(403, "access_denied_task");
    world.done().await;
}

#[actix_rt::test]
async fn a_reminder_shows_nobody_what_they_may_not_see_any_more() {
    let world = World::new().await;
    let (anna, clara) = (&world.anna.client, &world.clara.client);
    let put = async |path: &str, body: Value| anna.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await.ok();
    let list = id(&put("/v4/lists", json!({ "name": "Fair", "added_member_ids": [world.clara.id] })).await);
    let task = id(&anna.create(json!({ "text": "A stand", "list_ids": [list] })).await);
    world.app.settled().await;
    assert_eq!(clara.inbox().await, [] as [i64; 0], "she sees it, and it asks nothing of her");
    clara.post(&format!("/v4/inbox/{task}/remind"), json!({ "at": in_seconds(&world, 1).await })).await.ok();
    until(async || (clara.inbox().await == [task]).then_some(())).await;
    anna.post(&format!("/v4/lists/{list}"), json!({ "removed_member_ids": [world.clara.id] })).await.ok();
    world.app.settled().await;
    clara.get(&format!("/v4/tasks/{task}")).await.refused(403, "access_denied_task");
    assert_eq!(clara.inbox().await, [] as [i64; 0]);
    world.done().await;
}

#[actix_rt::test]
async fn a_comment_that_hides_puts_the_task_out_of_its_writers_inbox_alone() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let body = json!({ "text": "For two", "responsible": { "id": world.boris.id }, "participants": [{ "id": world.clara.id }] });
    let task = id(&anna.create(body).await);
    boris.comment(task, json!({ "text": "Tomorrow" })).await;
    world.app.settled().await;
    assert_eq!(boris.inbox().await, [task], "who is responsible keeps it");
    let shown = boris.comment(task, json!({ "text": "Next week", "hide": true })).await;
    assert_eq!(shown["comments"].as_array().map(Vec::len), Some(3), "and it is one comment");
    world.app.settled().await;
    assert_eq!(boris.inbox().await, [] as [i64; 0]);
    assert_eq!((clara.inbox().await, newest(&world, clara).await.1), (vec![task], vec!["comment".to_owned()]));
    boris.post(&format!("/v4/tasks/{task}/comments"), json!({ "hide": true })).await.refused(400, "text_missing");
    boris.post(&format!("/v4/tasks/{task}/comments"), json!({ "hide": "yes" })).await.refused(400, "invalid_value_format");
    world.done().await;
}

#[actix_rt::test]
async fn the_inbox_says_what_is_unread_where_that_is_asked_for() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let mut tasks = Vec::new();
    for words in ["One", "Two"] {
        tasks.push(id(&anna.create(json!({ "text": words, "responsible": { "id": world.boris.id } })).await));
    }
    world.app.settled().await;
    boris.post("/v4/notifications/read", json!({ "task_id": tasks[0] })).await.ok();
    let marks = boris.get("/v4/inbox?marks=y").await.ok()["marks"].clone();
    assert_eq!(marks, json!({ "unread_task_ids": [tasks[1]], "unread_count": 1 }));
    assert!(boris.get("/v4/inbox").await.ok().get("marks").is_none(), "the dialect's own clients are told as ever");
    world.done().await;
}

#[actix_rt::test]
async fn what_is_to_be_sent_is_in_the_outbox_once_and_what_was_read_is_cancelled() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let all_day = json!({ "from": "00:00", "until": "23:59" });
    settings(boris, json!({ "silent": { "push": ["comment"] }, "quiet_hours": all_day })).await;
    let nothing = json!(["mentioned", "approval", "assigned", "acknowledgement", "comment", "added", "finished", "followed"]);
    settings(clara, json!({ "silent": { "mail": nothing, "push": nothing } })).await;
    let body = json!({ "text": "For two", "responsible": { "id": world.boris.id }, "participants": [{ "id": world.clara.id }] });
    let task = id(&anna.create(body).await);
    anna.comment(task, json!({ "text": "More" })).await;
    let rows = async |wanted: usize, state: &str| {
        until(async || {
            let rows: Vec<(i64, i16, bool)> = sqlx::query_as(
                "SELECT person, channel, deliver_after > at FROM outbox WHERE state = $1 ORDER BY position, person, channel",
            )
            .bind(state)
            .fetch_all(world.app.pool())
            .await
            .expect("the outbox");
            Some(rows).filter(|rows| rows.len() >= wanted)
        })
        .await
    };
    let own = world.boris.id;
    let pending = rows(3, "pending").await;
    let channels: Vec<(i64, i16)> = pending.iter().map(|(person, channel, _)| (*person, *channel)).collect();
    assert_eq!(channels, [(own, 1), (own, 2), (own, 1)], "of Clara's nothing, of a comment no push");
    assert_eq!(count(&world, clara).await, 2, "which the list has all the same");
    boris.post("/v4/notifications/read", json!({ "task_id": task })).await.ok();
    assert_eq!(rows(3, "cancelled").await.len(), 3);
    assert_eq!(rows(0, "pending").await, []);
    world.done().await;
}

/// Clara's notifications that came by a filter: the task, the cause, and every reason; the oldest first.
async fn by_filter(world: &World, client: &Client, filter: i64) -> Vec<(i64, i64, Vec<String>)> {
    let told = told(world, client).await.into_iter().rev();
    let by = told.filter(|told| told["reasons"].as_array().is_some_and(|all| all.iter().any(|why| why["follows"]["filter_id"] == filter)));
    let reasons = |told: &Value| {
        let words = told["reasons"].as_array().into_iter().flatten().filter_map(|why| why["reason"].as_str());
        words.map(str::to_owned).collect()
    };
    by.map(|told| (id_at(&told["cause"]["task_id"]), id_at(&told["cause"]["comment_id"]), reasons(&told))).collect()
}

/// Waits until what filters find has been looked up for everything that has happened to them.
async fn looked_up(world: &World) {
    let head = world.app.head().await;
    let position = async || {
        let position = sqlx::query_scalar("SELECT position FROM policy_progress WHERE policy = 'filters'");
        let position: i64 = position.fetch_one(world.app.pool()).await.expect("how far it has come");
        Some(position).filter(|position| *position >= head)
    };
    until(position).await;
}

fn id_at(value: &Value) -> i64 {
    value.as_i64().expect("a number")
}

#[actix_rt::test]
async fn who_follows_a_filter_hears_of_what_comes_and_of_what_is_said_there() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let fields = json!([{ "name": "Note", "type": "text", "in_title": true }, { "name": "Amount", "type": "number" }]);
    let form = id(&anna.post("/v4/forms", json!({ "name": "Requests", "definition": { "fields": fields } })).await.ok());
    let levels = json!({ "permissions": { world.clara.id.to_string(): "manager", world.boris.id.to_string(): "member" } });
    anna.post(&format!("/v4/forms/{form}/permissions"), levels).await.ok();
    let request = async |amount: i64| {
        let fields = json!([{ "name": "Note", "value": "x" }, { "name": "Amount", "value": amount }]);
        id(&anna.create(json!({ "form_id": form, "fields": fields })).await)
    };
    let body = json!({ "name": "Large", "query": { "form_id": form, "fld2": "gt10" }, "shared_with": { "everyone": true } });
    let filter = id(&anna.post("/v4/filters", body).await.ok());
    boris.post("/v4/follows", json!({ "filter_id": 404 })).await.refused(403, "access_denied_filter");
    let there = request(20).await;
    let follows = clara.post("/v4/follows", json!({ "filter_id": filter })).await.ok();
    assert_eq!(follows, json!({ "follows": [{ "filter_id": filter }] }));
    boris.post("/v4/follows", json!({ "filter_id": filter })).await.ok();
    looked_up(&world).await;
    // What was there before is no news; what is said in it is, and what comes.
    let said = anna.comment(there, json!({ "text": "There already" })).await;
    let said = said["comments"].as_array().and_then(|comments| comments.last()).map(id).expect("a comment");
    let heard =
        async |count: usize| until(async || Some(by_filter(&world, clara, filter).await).filter(|heard| heard.len() >= count)).await;
    assert_eq!(heard(1).await, [(there, said, vec!["followed".to_owned()])]);
    let (small, large) = (request(5).await, request(30).await);
    assert_eq!(heard(2).await[1].0, large);
    let grows = anna.comment(small, json!({ "field_updates": [{ "id": 2, "value": 11 }] })).await;
    assert!(grows["id"].is_i64());
    assert_eq!(heard(3).await[2].0, small);
    // What Clara does herself she is not told of, nor what is to be silent; nor is anybody of what left.
    clara.comment(large, json!({ "text": "Mine" })).await;
    anna.comment(large, json!({ "text": "Hush", "skip_notification": true })).await;
    anna.comment(small, json!({ "field_updates": [{ "id": 2, "value": 1 }] })).await;
    anna.comment(small, json!({ "text": "Small again" })).await;
    let last = request(40).await;
    let tasks: Vec<i64> = heard(4).await.iter().map(|(task, _, _)| *task).collect();
    assert_eq!(tasks, [there, large, small, last]);
    // Boris may follow it, and sees none of these.
    assert!(by_filter(&world, boris, filter).await.is_empty());
    // Another question begins anew; one that is not followed any more tells nothing.
    let path = format!("/v4/filters/{filter}");
    let query = json!({ "query": { "form_id": form, "fld2": "lt10" } });
    anna.ask(Method::PUT, &path, &[], Some(query.to_string().into_bytes())).await.ok();
    looked_up(&world).await;
    let tiny = request(2).await;
    assert_eq!(heard(5).await[4].0, tiny);
    let newest = told(&world, clara).await.remove(0);
    assert_eq!(newest["why"], "You follow the filter “Large”");
    unfollow(clara, json!({ "filter_id": filter })).await;
    request(3).await;
    let body = json!({ "name": "Mark", "query": { "form_id": form } });
    let mark = id(&clara.post("/v4/filters", body).await.ok());
    clara.post("/v4/follows", json!({ "filter_id": mark })).await.ok();
    looked_up(&world).await;
    let marked = request(4).await;
    let heard = until(async || Some(by_filter(&world, clara, mark).await).filter(|heard| !heard.is_empty())).await;
    assert_eq!((heard.len(), heard[0].0), (1, marked));
    assert_eq!(by_filter(&world, clara, filter).await.len(), 5);
    world.done().await;
}

#[actix_rt::test]
async fn an_announcement_is_told_to_everybody_it_is_for() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    settings(clara, json!({ "silent": { "web": ["announcement"] } })).await;
    let announced = anna.post("/v4/announcements", json!({ "text": "Tea at four" })).await.ok();
    let announcement = id(&announced["announcement"]);
    let (told, reasons) = newest(&world, boris).await;
    assert_eq!(
        (reasons, &told["why"], &told["text"]),
        (vec!["announcement".to_owned()], &json!("Something was announced"), &json!("Tea at four"))
    );
    assert_eq!((&told["cause"]["announcement_id"], &told["cause"]["task_id"]), (&json!(announcement), &Value::Null));
    assert_eq!((count(&world, clara).await, count(&world, anna).await), (0, 0), "silent, and who announced it");
    assert_eq!(count(&world, &world.elsewhere.client).await, 0);
    let left = boris.post("/v4/notifications/read", json!({ "announcements": true })).await.ok();
    assert_eq!(left["unread_count"], 0);
    anna.ask(Method::DELETE, &format!("/v4/announcements/{announcement}"), &[], Some(b"{}".to_vec())).await.ok();
    assert_eq!(count(&world, boris).await, 0, "of what was taken back nobody is told");
    world.done().await;
}
