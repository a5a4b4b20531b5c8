//! The live stream over HTTP: who is told what, where a reader goes on, and when a stream ends. Who may see a task is tested in
//! `domain`, and what a page of the log says in `gateway::live`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Browser, Cable, Chromium, Client, Event, Events, Proxy, WebSocket, World, id};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::sessions::with_password;

/// As `with_password` sets it.
const PASSWORD: &str = "correct horse battery";

fn entries(events: &[Event], name: &str) -> Vec<i64> {
    events.iter().filter(|event| event.name == name).filter_map(|event| event.data["task_id"].as_i64()).collect()
}

/// Boris in a browser.
async fn signed_in(world: &World) -> Browser {
    with_password(&world.boris).await;
    Browser::signed_in(world.app.client(), &world.boris.email, PASSWORD).await
}

/// What was missed since `last`, and no more.
async fn missed(client: &Client, last: &str) -> Vec<Event> {
    let mut events = Events::attempt(client, "?follow=false", Some(last)).await.expect("a stream");
    let mut told = Vec::new();
    while let Some(event) = events.maybe_next().await {
        told.push(event);
    }
    told
}

#[actix_rt::test]
async fn who_sees_a_task_is_told_what_lists_show_of_it_and_nobody_else_is_told_anything() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let (mut told, hello) = Events::open(boris, "", None).await;
    assert_eq!(hello.data["resumed"], false);
    let (mut stranger, _) = Events::open(&world.clara.client, "", None).await;
    let (mut elsewhere, _) = Events::open(&world.elsewhere.client, "", None).await;

    let task = id(&anna.create(json!({ "text": "Look", "subject": "This", "participants": [{ "id": world.boris.id }] })).await);
    let (entry, _) = told.until("task").await;
    assert_eq!(entry.data["task_id"], task);
    assert_eq!(entry.data["by"], world.anna.id);
    assert_eq!(entry.data["events"][0], "task.created");
    assert_eq!(entry.data["position"], entry.position());
    world.app.settled().await;
    let listed = |answer: &Value| json!({ "text": answer["text"], "subject": answer["subject"], "author": answer["author"] });
    let shown = boris.task(task).await;
    assert_eq!(listed(&entry.data["task"]), listed(&shown));
    assert_eq!((&entry.data["task"]["is_closed"], &entry.data["task"]["id"]), (&json!(false), &json!(task)));

    anna.comment(task, json!({ "text": "Done", "action": "finished" })).await;
    let entry = told.next_of("task").await;
    assert_eq!(entry.data["task"]["is_closed"], true);
    assert_eq!(entry.data["events"], json!(["task.closed", "task.commented"]));

    // What they are told next is the first that concerns them: nothing came before it.
    let own = id(&world.clara.client.create(json!({ "text": "Mine" })).await);
    let (first, before) = stranger.until("task").await;
    assert_eq!((first.data["task_id"].as_i64(), entries(&before, "gone")), (Some(own), vec![]));
    let other = id(&world.elsewhere.client.create(json!({ "text": "Ours" })).await);
    assert_eq!(elsewhere.next_of("task").await.data["task_id"], other);
    world.done().await;
}

#[actix_rt::test]
async fn a_task_that_is_taken_away_is_gone_and_nothing_more_is_told_of_it() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let (mut told, _) = Events::open(&world.boris.client, "", None).await;
    let with_boris = json!({ "text": "Ours", "participants": [{ "id": world.boris.id }] });
    let (removed, deleted) = (id(&anna.create(with_boris.clone()).await), id(&anna.create(with_boris).await));
    for task in [removed, deleted] {
        assert_eq!(told.next_of("task").await.data["task_id"], task);
    }
    let place = told.id.clone();
    anna.comment(removed, json!({ "text": "Sorry", "participants_removed": [{ "id": world.boris.id }] })).await;
    let gone = told.next_of("gone").await;
    assert_eq!(gone.data, json!({ "task_id": removed, "position": gone.position() }));
    anna.comment(removed, json!({ "text": "Between us" })).await;
    anna.ask(Method::DELETE, &format!("/v4/tasks/{deleted}"), &[], None).await.ok();
    let (gone, before) = told.until("gone").await;
    assert_eq!((gone.data["task_id"].as_i64(), entries(&before, "task")), (Some(deleted), vec![]));

    // Who comes back is told the same, and shown nothing of what they see no more.
    let again = missed(&world.boris.client, &place).await;
    assert_eq!((entries(&again, "gone"), entries(&again, "task")), (vec![removed, deleted], vec![]));
    assert!(!again.iter().any(|event| event.data.to_string().contains("Between us")));
    world.done().await;
}

#[actix_rt::test]
async fn who_comes_back_is_told_what_they_missed_once_and_in_order() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let (mut told, _) = Events::open(boris, "", None).await;
    let body = json!({ "text": "Ours", "participants": [{ "id": world.boris.id }] });
    let task = id(&world.anna.client.create(body).await);
    let first = told.next_of("task").await;
    drop(told);
    for number in 0..20 {
        world.anna.client.comment(task, json!({ "text": format!("{number}") })).await;
    }
    let (mut again, hello) = Events::open(boris, "", Some(&first.id)).await;
    assert_eq!(hello.data["resumed"], true);
    world.anna.client.comment(task, json!({ "text": "live" })).await;
    let mut positions = vec![first.position()];
    while positions.len() < 22 {
        positions.push(again.next_of("task").await.position());
    }
    assert!(positions.is_sorted_by(|one, next| one < next), "{positions:?}");
    let comments = boris.task(task).await["comments"].as_array().map_or(0, Vec::len);
    assert_eq!(comments, positions.len(), "each of them was told of once");
    // Also by a parameter, and by any position of an answer.
    let from = missed(boris, &format!("{}-{}", first.id.split_once('-').expect("a place").0, positions[20])).await;
    assert_eq!(entries(&from, "task"), [task]);
    let (mut last, hello) = Events::open(boris, &format!("?position={}", again.id), None).await;
    assert_eq!(hello.data["resumed"], true);
    world.anna.client.comment(task, json!({ "text": "one more" })).await;
    assert!(last.next_of("task").await.position() > positions[21]);
    world.done().await;
}

#[actix_rt::test]
async fn a_position_that_nobody_can_go_on_from_leads_to_one_reset() {
    let world = World::with(|settings| settings.live.replay_events_max = 3).await;
    let boris = &world.boris.client;
    let (events, _) = Events::open(boris, "", None).await;
    let place = events.id.clone();
    let (incarnation, position) = place.split_once('-').expect("a place");
    let (ahead, position): (i64, i64) = (i64::MAX, position.parse().expect("a number"));
    for (last, reason) in [
        (format!("{incarnation}-{ahead}"), "ahead"),
        (format!("{}-{position}", ahead), "log_replaced"),
        ("garbage".to_owned(), "not_understood"),
        (format!("{incarnation}-1"), "too_old"),
    ] {
        let told = missed(boris, &last).await;
        let names: Vec<&str> = told.iter().map(|event| event.name.as_str()).collect();
        assert_eq!(names, ["hello", "reset"], "{last}");
        assert_eq!(told[1].data["reason"], reason, "{last}");
        assert!(told[1].position() >= position, "it goes on from where it is");
    }
    world.done().await;
}

#[actix_rt::test]
async fn a_stream_ends_with_what_it_was_opened_by() {
    let world = World::with(|settings| settings.live.beat_seconds = 1).await;
    let anna = &world.anna.client;
    // Blocked.
    let (mut told, _) = Events::open(&world.boris.client, "", None).await;
    anna.ask(Method::DELETE, &format!("/v4/members/{}", world.boris.id), &[], None).await.ok();
    assert_eq!(told.next_of("end").await.data["reason"], "account_blocked");
    assert_eq!(told.maybe_next().await, None, "and is closed");
    assert_eq!(Events::attempt(&world.boris.client, "", Some(&told.id)).await.err(), Some(401));
    // Credentials changed.
    let (mut told, _) = Events::open(&world.clara.client, "", None).await;
    anna.post(&format!("/v4/members/{}/security_key", world.clara.id), json!({})).await.ok();
    assert_eq!(told.next_of("end").await.data["reason"], "revoked_token");
    assert_eq!(told.maybe_next().await, None);
    // Nobody, and nobody known.
    assert_eq!(Events::attempt(&world.app.client().nobody(), "", None).await.err(), Some(401));
    assert_eq!(Events::attempt(&anna.with_token("forged"), "", None).await.err(), Some(401));
    world.done().await;
}

#[actix_rt::test]
async fn a_ticket_opens_one_stream_which_ends_with_what_asked_for_it() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let by_token = anna.post("/v4/live/ticket", json!({})).await.ok();
    let ticket = by_token["ticket"].as_str().expect("a ticket").to_owned();
    let nobody = world.app.client().nobody();
    let (mut told, _) = Events::open(&nobody, &format!("?ticket={ticket}"), None).await;
    let task = id(&anna.create(json!({ "text": "Mine" })).await);
    assert_eq!(told.next_of("task").await.data["task_id"], task);
    assert_eq!(Events::attempt(&nobody, &format!("?ticket={ticket}"), None).await.err(), Some(401), "once");
    assert_eq!(Events::attempt(&nobody, "?ticket=guessed", None).await.err(), Some(401));
    // As the token does, so does the stream.
    let unused = anna.post("/v4/live/ticket", json!({})).await.ok()["ticket"].as_str().expect("a ticket").to_owned();
    anna.post("/v4/profile/security_key", json!({})).await.ok();
    assert_eq!(told.next_of("end").await.data["reason"], "revoked_token");
    assert_eq!(Events::attempt(&nobody, &format!("?ticket={unused}"), None).await.err(), Some(401));
    world.done().await;
}

#[actix_rt::test]
async fn one_person_has_so_many_streams_and_those_that_went_make_room() {
    let world = World::with(|settings| settings.live.streams_per_person = 3).await;
    let boris = &world.boris.client;
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(Events::open(boris, "", None).await.0);
    }
    assert_eq!(Events::attempt(boris, "", None).await.err(), Some(429));
    let (_others, _) = Events::open(&world.clara.client, "", None).await;
    open.pop();
    let (_another, _) = Events::open(boris, "", None).await;
    world.done().await;
}

#[actix_rt::test]
async fn an_idle_stream_is_heard_from_and_moves_on() {
    let world = World::with(|settings| settings.live.beat_seconds = 1).await;
    let (mut told, hello) = Events::open(&world.boris.client, "", None).await;
    let mine = id(&world.clara.client.create(json!({ "text": "Not for Boris" })).await);
    world.app.settled().await;
    let head = world.app.head().await;
    // What is told of next is his own; before it the beat has moved him on.
    let before = told.until_at(head).await;
    assert!(before.iter().all(|event| event.name == "inbox"), "{before:?}");
    assert!(head > hello.position() && mine > 0);
    world.done().await;
}

#[actix_rt::test]
async fn a_node_that_stops_sends_its_readers_away() {
    let world = World::new().await;
    let (mut told, _) = Events::open(&world.boris.client, "", None).await;
    let place = told.id.clone();
    let world = world.restarted().await;
    assert_eq!(told.next_of("end").await.data["reason"], "draining");
    let task = id(&world.boris.client.create(json!({ "text": "After" })).await);
    let (mut again, _) = Events::open(&world.boris.client, "", Some(&place)).await;
    assert_eq!(again.next_of("task").await.data["task_id"], task);
    drop(again);
    world.done().await;
}

#[actix_rt::test]
async fn the_number_in_the_inbox_is_what_the_inbox_shows_at_that_position() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let (mut told, _) = Events::open(boris, "", None).await;
    assert_eq!(told.next_of("inbox").await.data["count"], 0);
    for expected in 1..=3 {
        let body = json!({ "text": "Do", "responsible": { "id": world.boris.id } });
        world.anna.client.create(body).await;
        let counted = told.next_of("inbox").await;
        assert_eq!(counted.data["count"], expected);
        world.app.settled().await;
        assert_eq!(boris.inbox().await.len(), expected);
        assert_eq!(counted.data["position"], world.app.head().await);
    }
    let task = boris.inbox().await[0];
    boris.post(&format!("/v4/tasks/{task}/put_away"), json!({})).await.ok();
    let (counted, before) = told.until("inbox").await;
    assert_eq!(counted.data["count"], 2);
    assert_eq!(entries(&before, "task"), [] as [i64; 0], "what is somebody's own matter is no event of the task");
    let task = boris.inbox().await[0];
    boris.post(&format!("/v4/inbox/{task}/snooze"), json!({ "until": "2031-05-06T07:00:00Z" })).await.ok();
    assert_eq!(told.next_of("inbox").await.data["count"], 1, "what is put off is not counted");
    boris.post(&format!("/v4/inbox/{task}/unsnooze"), json!({})).await.ok();
    assert_eq!(told.next_of("inbox").await.data["count"], 2);
    world.done().await;
}

#[actix_rt::test]
async fn what_one_is_notified_of_is_told_with_why_and_reading_it_is_told_too() {
    let world = World::with(|settings| settings.live.beat_seconds = 1).await;
    let boris = &world.boris.client;
    let (mut told, _) = Events::open(boris, "", None).await;
    let task = id(&world.anna.client.create(json!({ "text": "Do", "responsible": { "id": world.boris.id } })).await);
    let notified = told.next_of("notified").await;
    assert_eq!((&notified.data["unread_count"], &notified.data["newest"]["task_id"]), (&json!(1), &json!(task)));
    assert_eq!(notified.data["newest"]["reasons"], json!(["assigned"]));
    let list = boris.get("/v4/notifications").await.ok();
    assert_eq!(list["notifications"][0]["id"], notified.data["newest"]["id"], "it is the newest of the list");
    boris.post("/v4/notifications/read", json!({ "task_id": task })).await.ok();
    assert_eq!(told.next_of("notified").await.data["unread_count"], 0);
    let (mut again, _) = Events::open(&world.clara.client, "", None).await;
    world.anna.client.comment(task, json!({ "text": "Now" })).await;
    let before = again.until_at(world.app.head().await).await;
    assert!(before.iter().all(|event| event.name != "notified"), "it is nothing to Clara: {before:?}");
    world.done().await;
}

#[actix_rt::test]
async fn a_browsers_stream_ends_when_it_signs_out() {
    let world = World::new().await;
    let browser = signed_in(&world).await;
    let mut told = Events::of_browser(world.app.client(), &browser).await;
    let task = id(&world.anna.client.create(json!({ "text": "Ours", "participants": [{ "id": world.boris.id }] })).await);
    assert_eq!(told.next_of("task").await.data["task_id"], task);
    browser.ask(Method::DELETE, "/v4/session", &[("Sec-Fetch-Site", "same-origin")], None).await.ok();
    assert_eq!(told.next_of("end").await.data["reason"], "session_ended");
    assert_eq!(told.maybe_next().await, None);
    world.done().await;
}

#[actix_rt::test]
async fn a_websocket_tells_the_same_and_goes_on_where_it_was() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let mut told = WebSocket::open(boris, "/bind", &[]).await.expect("it is open");
    assert_eq!(told.next_of("hello").await["data"]["resumed"], false);
    let with_boris = json!({ "text": "Ours", "participants": [{ "id": world.boris.id }] });
    let task = id(&anna.create(with_boris.clone()).await);
    let frame = told.next_of("task").await;
    assert_eq!(frame["data"]["task_id"], task);
    let place = frame["id"].as_str().expect("a place").to_owned();
    drop(told);
    let other = id(&anna.create(with_boris).await);
    let mut again = WebSocket::open(boris, &format!("/v4/live/bind?last_event_id={place}"), &[]).await.expect("it is open");
    assert_eq!(again.next_of("hello").await["data"]["resumed"], true);
    assert_eq!(again.next_of("task").await["data"]["task_id"], other);
    for (wrong, code) in [(json!({ "viewing": "x" }), "invalid_value_format"), (json!({ "sing": 1 }), "invalid_value_format")] {
        again.say(&wrong).await;
        assert_eq!(again.next_of("refused").await["data"]["error_code"], code);
    }
    anna.ask(Method::DELETE, &format!("/v4/members/{}", world.boris.id), &[], None).await.ok();
    assert_eq!(again.next_of("end").await["data"]["reason"], "account_blocked");
    assert_eq!(again.next().await, None, "and is closed");
    assert_eq!(WebSocket::open(boris, "/bind", &[]).await.err(), Some(401));
    anna.get("/v4/live/bind").await.refused(400, "invalid_value_format");
    world.done().await;
}

#[actix_rt::test]
async fn no_page_of_others_opens_a_websocket_with_the_cookie() {
    let world = World::new().await;
    let browser = signed_in(&world).await;
    let cookie = browser.cookie().expect("a cookie");
    let nobody = world.app.client().nobody();
    let ours = nobody.base().to_owned();
    let open = async |headers: &[(&str, &str)]| {
        let headers: Vec<(&str, &str)> = [("Cookie", cookie.as_str())].into_iter().chain(headers.iter().copied()).collect();
        WebSocket::open(&nobody, "/bind", &headers).await.err()
    };
    assert_eq!(open(&[("Origin", "https://evil.example")]).await, Some(403));
    assert_eq!(open(&[("Origin", "null")]).await, Some(403));
    assert_eq!(open(&[("Sec-Fetch-Site", "cross-site"), ("Origin", &ours)]).await, Some(403));
    assert_eq!(open(&[]).await, Some(403), "what says nothing of itself is no page of ours");
    assert_eq!(open(&[("Origin", &ours)]).await, None);
    world.done().await;
}

#[actix_rt::test]
async fn those_at_a_task_are_told_who_else_is_and_who_writes_and_nobody_else_is() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let with_boris = json!({ "text": "Ours", "participants": [{ "id": world.boris.id }] });
    let task = id(&anna.create(with_boris).await);
    let (mut at_annas, _) = Events::open(anna, "", None).await;
    let (mut at_claras, _) = Events::open(&world.clara.client, "", None).await;
    let mut at_boris = WebSocket::open(boris, "/bind", &[]).await.expect("it is open");
    let here = json!({ "stream": at_annas.stream, "task_id": task });
    assert_eq!(anna.post("/v4/live/viewing", &here).await.status, 200);
    let people = |writing: [Option<bool>; 2]| -> Value {
        let both = [(world.anna.id, writing[0]), (world.boris.id, writing[1])];
        both.iter().filter_map(|(id, writing)| Some(json!({ "id": id, "writing": (*writing)? }))).collect()
    };
    assert_eq!(at_annas.next_of("presence").await.data, json!({ "task_id": task, "people": people([Some(false), None]) }));
    at_boris.say(&json!({ "viewing": task })).await;
    assert_eq!(at_annas.next_of("presence").await.data["people"], people([Some(false), Some(false)]));
    assert_eq!(at_boris.next_of("presence").await["data"]["people"], people([Some(false), Some(false)]));
    at_boris.say(&json!({ "writing": task })).await;
    assert_eq!(at_annas.next_of("presence").await.data["people"], people([Some(false), Some(true)]));
    // Who sees no task is not at it.
    let not_hers = json!({ "stream": at_claras.stream, "task_id": task });
    world.clara.client.post("/v4/live/viewing", &not_hers).await.refused(403, "access_denied_task");
    world.clara.client.post("/v4/live/writing", &not_hers).await.refused(403, "access_denied_task");
    world.elsewhere.client.post("/v4/live/viewing", &not_hers).await.refused(403, "access_denied_task");
    // Who loses it is no longer at it, and is told of nobody.
    anna.comment(task, json!({ "text": "Sorry", "participants_removed": [{ "id": world.boris.id }] })).await;
    assert_eq!(at_annas.next_of("presence").await.data["people"], people([Some(false), None]));
    let mine = id(&world.clara.client.create(json!({ "text": "Mine" })).await);
    let (entry, before) = at_claras.until("task").await;
    assert_eq!((entry.data["task_id"].as_i64(), before.iter().any(|event| event.name == "presence")), (Some(mine), false));
    world.done().await;
}

#[actix_rt::test]
async fn a_subscription_knows_what_polling_shows_after_every_change() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let list = id(&anna
        .ask(Method::PUT, "/v4/lists", &[], Some(json!({ "name": "Ours", "list_type": "org_wide" }).to_string().into_bytes()))
        .await
        .ok());
    let form = registers_form(anna, world.boris.id).await;
    let (mut told, _) = Events::open(boris, "", None).await;
    let asked = json!({ "form_id": form, "fld2": "gt10" });
    let body = json!({ "name": "Large", "query": asked, "shared_with": { "person_ids": [world.boris.id] } });
    let saved = id(&anna.post("/v4/filters", body).await.ok());
    for (name, query) in [
        ("register", asked.clone()),
        ("filter", json!({ "filter_id": saved })),
        ("list", json!({ "list_id": list })),
        ("mine", json!({ "responsible": "me" })),
        ("inbox", json!({ "inbox": true })),
    ] {
        let body = json!({ "stream": told.stream, "id": name, "query": query });
        assert_eq!(boris.post("/v4/live/subscriptions", body).await.status, 200);
        let first = told.next_of("query").await;
        assert_eq!(first.data, json!({ "id": name, "position": first.data["position"], "members": [], "has_more": false }));
    }
    let mut known: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    let mut tasks = Vec::new();
    let mut random = StdRng::seed_from_u64(7);
    for step in 0..60 {
        change(&world, &mut random, &mut tasks, (list, form)).await;
        if step % 5 < 4 {
            continue;
        }
        world.app.settled().await;
        // What meets each of them comes last, so that all before it has been told.
        let his = id(&boris.create(json!({ "text": "Mark", "responsible": { "id": world.boris.id } })).await);
        let fields = json!([{ "name": "Note", "value": "Mark" }, { "name": "Amount", "value": 15 }]);
        let of_form = id(&anna.create(json!({ "form_id": form, "fields": fields, "list_ids": [list] })).await);
        world.app.settled().await;
        let polled = polled(boris, &asked, (list, form, saved), world.boris.id).await;
        let marks = [("mine", his), ("inbox", his), ("register", of_form), ("filter", of_form), ("list", of_form)];
        while !marks.iter().all(|(name, mark)| known.get(*name).is_some_and(|tasks| tasks.contains(mark))) {
            take_in(&mut known, &told.next_of("query").await.data);
        }
        for (name, tasks) in polled {
            assert_eq!(known.get(name).cloned().unwrap_or_default(), tasks, "{name} after step {step}");
        }
    }
    assert!(known.values().all(|tasks| !tasks.is_empty()), "nothing was found by some query: {known:?}");
    for (query, code) in [
        (json!({ "form_id": 404 }), "access_denied_form"),
        (json!({ "list_id": 404 }), "access_denied_project"),
        (json!({ "form_id": form, "fld404": "1" }), "invalid_field_id"),
        (json!({ "filter_id": 404 }), "access_denied_filter"),
        (json!({ "sing": true }), "invalid_value_format"),
    ] {
        let body = json!({ "stream": told.stream, "id": "wrong", "query": query });
        let answer = boris.post("/v4/live/subscriptions", body).await;
        assert_eq!(answer.json()["error_code"], code, "{query}");
    }
    // A filter that asks something else begins anew; one that is not shared any more has ended.
    let path = format!("/v4/filters/{saved}");
    let put = async |body: Value| anna.ask(Method::PUT, &path, &[], Some(body.to_string().into_bytes())).await.ok();
    let of_filter = async |told: &mut Events| loop {
        let entry = told.next_of("query").await.data;
        if entry["id"] == "filter" && entry["entered"].is_null() && entry["left"].is_null() {
            return entry;
        }
    };
    put(json!({ "query": { "form_id": form, "fld2": "14,15", "fld1": "Mark" } })).await;
    let anew = of_filter(&mut told).await;
    let now = boris.get(&format!("{path}/tasks?item_count=1000")).await.ok();
    let now: Vec<i64> = now["tasks"].as_array().into_iter().flatten().map(id).collect();
    assert!(!now.is_empty() && anew["members"] == json!(now), "{anew} and {now:?}");
    put(json!({ "shared_with": {} })).await;
    assert_eq!(of_filter(&mut told).await["ended"], "access_denied_filter");
    world.done().await;
}

/// A form with a number, of which Boris sees every task.
async fn registers_form(anna: &Client, boris: i64) -> i64 {
    let fields = json!([{ "name": "Note", "type": "text", "in_title": true }, { "name": "Amount", "type": "number" }]);
    let form = id(&anna.post("/v4/forms", json!({ "name": "Requests", "definition": { "fields": fields } })).await.ok());
    let levels = json!({ "permissions": { boris.to_string(): "manager" } });
    anna.post(&format!("/v4/forms/{form}/permissions"), levels).await.ok();
    form
}

/// Something happens to some task.
async fn change(world: &World, random: &mut StdRng, tasks: &mut Vec<(i64, bool)>, (list, form): (i64, i64)) {
    let anna = &world.anna.client;
    if tasks.len() < 5 || random.random_bool(0.2) {
        let of_form = random.random_bool(0.5);
        let amount = random.random_range(0..20);
        let mut body = if of_form {
            json!({ "form_id": form, "fields": [{ "name": "Note", "value": "x" }, { "name": "Amount", "value": amount }] })
        } else {
            json!({ "text": "Some", "responsible": { "id": world.boris.id } })
        };
        if random.random_bool(0.5) {
            body["list_ids"] = json!([list]);
        }
        tasks.push((id(&anna.create(body).await), of_form));
        return;
    }
    let (task, of_form) = tasks[random.random_range(0..tasks.len())];
    let body = match random.random_range(0..6) {
        0 => json!({ "action": "finished" }),
        1 => json!({ "action": "reopened" }),
        2 => json!({ "added_list_ids": [list] }),
        3 => json!({ "removed_list_ids": [list] }),
        4 if of_form => json!({ "field_updates": [{ "id": 2, "value": random.random_range(0..20) }] }),
        5 if !of_form => {
            let to = if random.random_bool(0.5) { world.boris.id } else { world.anna.id };
            json!({ "text": "Yours", "reassign_to": { "id": to } })
        }
        _ => json!({ "text": "Nothing much" }),
    };
    // What is so already is refused, which is no matter here.
    anna.post(&format!("/v4/tasks/{task}/comments"), body).await;
}

/// What the routes show that answer the same.
async fn polled(boris: &Client, asked: &Value, (list, form, saved): (i64, i64, i64), person: i64) -> Vec<(&'static str, BTreeSet<i64>)> {
    let ids = |answer: &Value| -> BTreeSet<i64> { answer["tasks"].as_array().into_iter().flatten().map(id).collect() };
    let register = ids(&boris.post(&format!("/v4/forms/{form}/register"), asked).await.ok());
    let filter = ids(&boris.get(&format!("/v4/filters/{saved}/tasks?item_count=1000")).await.ok());
    let in_list = ids(&boris.get(&format!("/v4/lists/{list}/tasks?item_count=1000")).await.ok());
    let inbox = boris.get("/v4/inbox?item_count=1000").await.ok();
    let is_his = |task: &&Value| task["responsible"]["id"] == person && task["close_date"].is_null();
    let mine = inbox["tasks"].as_array().into_iter().flatten().filter(is_his).map(id).collect();
    vec![("register", register), ("filter", filter), ("list", in_list), ("inbox", ids(&inbox)), ("mine", mine)]
}

fn take_in(known: &mut BTreeMap<String, BTreeSet<i64>>, told: &Value) {
    let tasks = known.entry(told["id"].as_str().expect("a name").to_owned()).or_default();
    let ids = |name: &str| told[name].as_array().into_iter().flatten().filter_map(Value::as_i64).collect::<Vec<_>>();
    for task in ids("left") {
        assert!(tasks.remove(&task), "what left was there");
    }
    for task in ids("entered") {
        assert!(tasks.insert(task), "what entered was not there");
    }
}

/// Reads a byte a second of what comes, until nothing more does.
async fn trickle(mut socket: TcpStream) {
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    while socket.read_u8().await.is_ok() {
        tick.tick().await;
    }
}

#[actix_rt::test]
async fn who_reads_nothing_or_a_byte_a_second_is_cut_and_misses_nothing() {
    let world = World::with(|settings| settings.live.buffer_entries = 8).await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let (told, _) = Events::open(boris, "", None).await;
    let place = told.id.clone();
    let mut slow = TcpStream::connect(boris.base().trim_start_matches("http://")).await.expect("a connection");
    let token = boris.token().expect("a token");
    let head = format!("GET /v4/live HTTP/1.1\r\nHost: nashi\r\nAuthorization: Bearer {token}\r\n\r\n");
    slow.write_all(head.as_bytes()).await.expect("sent");
    let open = || async { metric(world.app.client(), "nashi_live_streams").await };
    while open().await < 2.0 {
        tokio::task::yield_now().await;
    }
    let slow = actix_rt::spawn(trickle(slow));
    // More than the kernel keeps for a reader who reads nothing.
    let text = "x".repeat(60_000);
    let task = id(&anna.create(json!({ "text": text, "participants": [{ "id": world.boris.id }] })).await);
    let mut positions = 1;
    while open().await > 0.0 {
        positions += 1;
        assert!(positions < 2_000, "nobody is cut");
        anna.comment(task, json!({ "text": "more" })).await;
    }
    drop(told);
    slow.abort();
    let again = missed(boris, &place).await;
    assert_eq!(entries(&again, "task").len(), positions, "all of it is told to who comes back");
    world.done().await;
}

async fn metric(client: &Client, name: &str) -> f64 {
    let text = client.get("/metrics").await.text();
    let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("no {name} in {text}"));
    line.rsplit(' ').next().and_then(|value| value.parse().ok()).expect("a number")
}

/// A page of ours that notes what it is told.
const PAGE: &str = r#"
    window.told = [];
    window.begin = async (login, password) => {
        const signedIn = await fetch("/v4/sessions", {
            method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ login, password }),
        });
        const source = window.source = new EventSource("/v4/live");
        for (const name of ["hello", "task", "reset", "end"]) {
            source.addEventListener(name, (event) => told.push({ name, id: event.lastEventId, data: JSON.parse(event.data) }));
        }
        await new Promise((resolve) => source.addEventListener("hello", resolve, { once: true }));
        return signedIn.status;
    };
    window.until = (enough) => new Promise((resolve) => {
        const look = setInterval(() => { if (enough(told)) { clearInterval(look); resolve(told); } }, 20);
    });
"#;

#[actix_rt::test]
async fn a_real_browser_goes_on_by_itself_where_its_connection_broke() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let address = world.app.client().base().trim_start_matches("http://").parse().expect("an address");
    let cable = Proxy::start(address).await;
    let mut chromium = Chromium::start().await;
    chromium.open(&format!("http://{}/", cable.address)).await;
    chromium.evaluate(PAGE).await;
    let began = chromium.evaluate(&format!("begin({}, {})", json!(world.boris.email), json!(PASSWORD))).await;
    assert_eq!(began, 200);
    let with_boris = json!({ "text": "Ours", "participants": [{ "id": world.boris.id }] });
    let mut tasks = vec![id(&world.anna.client.create(with_boris.clone()).await)];
    chromium.evaluate("until((told) => told.some((event) => event.name === 'task')).then(() => true)").await;
    cable.set(Cable::Refused);
    for _ in 0..3 {
        tasks.push(id(&world.anna.client.create(with_boris.clone()).await));
    }
    cable.set(Cable::Whole);
    chromium.evaluate("until((told) => told.filter((event) => event.name === 'hello').length > 1).then(() => true)").await;
    tasks.push(id(&world.anna.client.create(with_boris).await));
    let told = chromium.evaluate("until((told) => told.filter((event) => event.name === 'task').length >= 5)").await;
    let told = told.as_array().expect("events");
    let of = |name: &str| told.iter().filter(|event| event["name"] == name).collect::<Vec<_>>();
    assert_eq!(of("task").iter().map(|event| event["data"]["task_id"].as_i64().expect("a task")).collect::<Vec<_>>(), tasks);
    assert!(of("reset").is_empty() && of("hello")[1..].iter().all(|hello| hello["data"]["resumed"] == true), "{told:?}");
    chromium.close().await;
    world.done().await;
}

#[actix_rt::test]
async fn who_sees_otherwise_is_told_to_ask_anew_and_is_told_of_what_they_see_from_then_on() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let role = id(&anna.post("/v4/roles", json!({ "name": "Clerks" })).await.ok());
    let task = id(&anna.create(json!({ "text": "For clerks", "responsible": { "id": role } })).await);
    let (mut told, _) = Events::open(&world.boris.client, "", None).await;
    let change = async |name: &str| {
        let body = json!({ name: [world.boris.id] }).to_string().into_bytes();
        anna.ask(Method::PUT, &format!("/v4/roles/{role}"), &[], Some(body)).await.ok();
    };
    change("member_add").await;
    told.next_of("access").await;
    anna.comment(task, json!({ "text": "Welcome" })).await;
    assert_eq!(told.next_of("task").await.data["task_id"], task);
    change("member_remove").await;
    told.next_of("access").await;
    anna.comment(task, json!({ "text": "Between us" })).await;
    let own = id(&world.boris.client.create(json!({ "text": "Mine" })).await);
    assert_eq!(told.next_of("task").await.data["task_id"], own);
    world.done().await;
}

#[actix_rt::test]
async fn what_is_announced_is_told_to_colleagues_and_to_nobody_elsewhere() {
    let world = World::new().await;
    let (mut told, _) = Events::open(&world.boris.client, "", None).await;
    let place = told.id.clone();
    let (mut elsewhere, _) = Events::open(&world.elsewhere.client, "", None).await;
    let announcement = id(&world.anna.client.post("/v4/announcements", json!({ "text": "Tea" })).await.ok()["announcement"]);
    let entry = told.next_of("announcement").await;
    assert_eq!((&entry.data["announcement_id"], &entry.data["by"]), (&json!(announcement), &json!(world.anna.id)));
    let again = missed(&world.boris.client, &place).await;
    assert!(again.iter().any(|event| event.name == "announcement" && event.id == entry.id), "{again:?}");
    let own = id(&world.elsewhere.client.create(json!({ "text": "Ours" })).await);
    let (first, before) = elsewhere.until("task").await;
    assert_eq!((first.data["task_id"].as_i64(), before.iter().any(|event| event.name == "announcement")), (Some(own), false));
    world.done().await;
}
