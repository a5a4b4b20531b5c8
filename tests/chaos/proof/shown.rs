//! What people read after it all: tasks and the inbox, through every door, against the log and against a rebuild.

use std::collections::{BTreeMap, BTreeSet};

use domain::Kind;
use serde_json::Value;
use sqlx::PgPool;
use tests::{Client, Installation, Person, view};
use uuid::Uuid;

use super::log::Event;
use crate::record::{Outcome, Record, Sent};

/// Each acknowledged comment once, in the order of the log; one task through one door, the next through the next. Gives the
/// number of tasks.
pub async fn tasks(doors: &[Client], log: &[Event], records: &[Record]) -> usize {
    let mut expected: BTreeMap<i64, Vec<&Sent>> = BTreeMap::new();
    for sent in records.iter().flat_map(|record| &record.sent) {
        if let Outcome::Acknowledged(receipt, _) = &sent.outcome {
            expected.entry(receipt.task).or_default().push(sent);
        }
    }
    let commands: BTreeSet<(i64, Uuid)> =
        log.iter().filter(|event| event.kind == Kind::Task.number()).map(|event| (event.stream, event.command)).collect();
    for ((task, sent), door) in expected.iter().zip(doors.iter().cycle()) {
        let body = door.get(&format!("/v4/tasks/{task}")).await.ok();
        let comments = body["task"]["comments"].as_array().expect("comments");
        let ids: Vec<i64> = comments.iter().map(|comment| comment["id"].as_i64().expect("an id")).collect();
        assert!(ids.is_sorted() && BTreeSet::from_iter(&ids).len() == ids.len(), "task {task}: {ids:?}");
        let in_log = commands.range((*task, Uuid::nil())..=(*task, Uuid::max())).count();
        assert!(ids.len().abs_diff(in_log) <= 1, "task {task} shows {} comments of {in_log} commands", ids.len());
        let whole = body["task"].to_string();
        for sent in sent {
            assert!(sent.marker.is_in(&whole), "{sent:?} is not in its task");
            // Of a new task the text is the task's own.
            if sent.is_comment() {
                let shown = comments.iter().filter(|comment| comment["text"].as_str().is_some_and(|text| sent.marker.is_in(text))).count();
                assert_eq!(shown, 1, "{sent:?} is shown {shown} times");
            }
        }
    }
    expected.len()
}

/// The inbox that followed the log through everything, and the one built from the first event on. Gives the number of rows.
pub async fn inbox(installation: &Installation, pool: &PgPool, people: &[Person], doors: &[Client]) -> usize {
    view::settled(pool).await;
    let shown = inboxes(people, doors).await;
    let before = view::rows(pool, "inbox").await;
    installation.run(&["rebuild", "inbox"]).await;
    let after = view::rows(pool, "inbox").await;
    assert_ne!(before.schema, after.schema, "the rebuild did not make a new generation");
    assert_eq!(before.tables, after.tables, "the view and its rebuild differ");
    assert_eq!(inboxes(people, doors).await, shown, "through one door or another, people see something else after the rebuild");
    assert_eq!(view::parked(pool).await, [] as [String; 0]);
    after.count()
}

/// What each person sees, which must be the same through every door.
async fn inboxes(people: &[Person], doors: &[Client]) -> Vec<Value> {
    let mut shown = Vec::new();
    for person in people {
        let token = person.client.token().expect("they have signed in");
        let mut seen = Vec::new();
        for door in doors {
            seen.push(door.with_token(token).get("/v4/inbox?item_count=1000").await.ok());
        }
        assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{} sees something else through another door", person.email);
        shown.extend(seen.pop());
    }
    shown
}
