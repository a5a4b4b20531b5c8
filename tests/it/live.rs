//! The live stream over HTTP: who is told what, where a reader goes on, and when a stream ends. Who may see a task is tested in
//! `domain`, and what a page of the log says in `gateway::live`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Browser, Client, Event, Events, World, id};

fn entries(events: &[Event], name: &str) -> Vec<i64> {
    events.iter().filter(|event| event.name == name).filter_map(|event| event.data["task_id"].as_i64()).collect()
}

const PASSWORD: &str = "correct horse battery staple";

/// Boris in a browser.
async fn signed_in(world: &World) -> Browser {
    let body = json!({ "password": PASSWORD }).to_string().into_bytes();
    world.boris.client.ask(Method::PUT, "/v4/profile/password", &[], Some(body)).await.ok();
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
