//! What a task may hold at most, at its full size: written through the log, read and refused over HTTP. Where the limits lie is
//! tested in `domain`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actors::journal::{Append, Journal, Meta, Premise, Refusal, Target, Write};
use domain::codec::EventSet;
use domain::task::Event;
use domain::task::event::{Commented, Text};
use domain::{CommandId, OrganisationId, PersonId, StreamId, TaskId};
use serde_json::json;
use tests::{World, id};

/// Comments of a task (pyrus.md §1.0).
const COMMENTS_MAX: usize = 10_000;

#[actix_rt::test]
async fn the_ten_thousand_and_first_comment_is_refused() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let created = anna.create(json!({ "text": "A long story", "responsible": { "id": world.boris.id } })).await;
    let task = TaskId(id(&created));
    // What a task is created with is shown as its first comment, and not counted.
    let shown = created["comments"].as_array().map_or(0, Vec::len);
    let stream = StreamId::from(task);
    let (version,): (i64,) = sqlx::query_as("SELECT max(version) FROM event WHERE kind = $1 AND stream = $2")
        .bind(stream.kind.number())
        .bind(stream.id)
        .fetch_one(world.app.pool())
        .await
        .expect("the task is in the log");
    write_comments(&*world.app.journal(), &world, stream, version, COMMENTS_MAX - 1).await;
    world.app.settled().await;

    let path = format!("/v4/tasks/{task}/comments");
    let last = anna.post(&path, json!({ "text": "The last word" })).await.ok();
    assert_eq!(last["task"]["comments"].as_array().map(Vec::len), Some(COMMENTS_MAX + shown));
    for over in [json!({ "text": "One more" }), json!({ "subject": "Another" }), json!({ "action": "finished" })] {
        world.boris.client.post(&path, over).await.refused(400, "too_many_comments");
    }
    // It is read, listed and put away as before.
    assert_eq!(anna.task(task.0).await["comments"].as_array().map(Vec::len), Some(COMMENTS_MAX + shown));
    assert!(world.boris.client.inbox().await.contains(&task.0));
    world.done().await;
}

/// Writes `count` comments of Anna's, each a command of its own, as the actor would.
async fn write_comments(journal: &dyn Journal, world: &World, stream: StreamId, version: i64, count: usize) {
    let (organisation,): (i64,) = sqlx::query_as("SELECT organisation FROM event WHERE kind = $1 AND stream = $2 LIMIT 1")
        .bind(stream.kind.number())
        .bind(stream.id)
        .fetch_one(world.app.pool())
        .await
        .expect("the task is in the log");
    let (organisation, person) = (OrganisationId(organisation), PersonId(world.anna.id));
    let (told, mut outcomes) = tokio::sync::mpsc::unbounded_channel::<Result<i64, Refusal>>();
    let mut written = 0;
    for (number, expected) in (0..count).zip(version..) {
        let permit = loop {
            match journal.reserve() {
                Ok(permit) => break permit,
                // The queue is full: the next outcome makes room.
                Err(_) => {
                    outcomes.recv().await.expect("the writer lives").expect("a comment is written");
                    written += 1;
                }
            }
        };
        let event = Event::Commented(Box::new(Commented::from(Text { text: format!("Chapter {number}"), ..Text::default() })));
        let append = Append {
            organisation,
            command: CommandId::from_key(organisation, person, &format!("chapter-{number}")),
            person,
            meta: Arc::new(Meta::default()),
            writes: vec![Write { target: Target::Existing { stream, expected, hash: None }, events: vec![event.encode()] }],
            claims: Vec::new(),
            premise: Premise::default(),
            deadline: Instant::now() + Duration::from_secs(60),
        };
        let told = told.clone();
        permit.submit(append, Box::new(move |outcome| drop(told.send(outcome.map(|receipt| receipt.position())))));
    }
    while written < count {
        outcomes.recv().await.expect("the writer lives").expect("a comment is written");
        written += 1;
    }
}
