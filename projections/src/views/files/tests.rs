//! Files on a real Postgres: facts in, answers out.

use domain::codec::EventSet;
use domain::file::Event as FileEvent;
use domain::form::{FieldId, Value};
use domain::person::{Avatar, Event as PersonEvent};
use domain::task::event::{CommentEdited, Commented};
use domain::task::form::Fact;
use domain::testing::{ANNA, HOME, attached, file_uploaded, task_created};
use domain::{FileId, Kind, OrganisationId, StreamId, task};
use jiff::{SignedDuration, Timestamp};

use super::{Files, Stale, places, shared, stale, unknown};
use crate::generation::Generation;
use crate::rebuild;
use crate::testing::{Log, eager};

const TASK: StreamId = StreamId::new(Kind::Task, 7);
const OTHER: StreamId = StreamId::new(Kind::Task, 8);

async fn uploaded(log: &Log, id: i64) -> i64 {
    log.append(StreamId::new(Kind::File, id), ANNA, &[file_uploaded("a.pdf").encode()]).await
}

async fn told(log: &Log, stream: StreamId, events: impl IntoIterator<Item = task::Event>) -> i64 {
    let events: Vec<_> = events.into_iter().map(|event| event.encode()).collect();
    log.append(stream, ANNA, &events).await
}

fn commented(files: &[i64]) -> task::Event {
    let attachments = files.iter().map(|id| attached(*id, "a.pdf")).collect();
    task::Event::Commented(Box::new(Commented { attachments, ..Commented::default() }))
}

/// Files 1 to 3 stand in a task by a comment, an edit and a field; 3 also in another; 4 and 5 nowhere, and 5 is removed; 6 is a picture.
async fn history(log: &Log) -> i64 {
    for id in 1..=6 {
        uploaded(log, id).await;
    }
    let edited = CommentEdited { comment: 2, attachments: Some(vec![attached(2, "b.pdf")]), ..CommentEdited::default() };
    let filled = Fact::FieldChanged { field: FieldId(1), value: Some(Value::Files(vec![attached(3, "c.pdf")])) };
    told(log, TASK, [task_created("hello"), commented(&[1]), task::Event::CommentEdited(Box::new(edited))]).await;
    told(log, TASK, [task::Event::Form(Box::new(filled)), commented(&[])]).await;
    told(log, OTHER, [task_created("hello"), commented(&[3])]).await;
    let pictured = PersonEvent::AvatarSet(Avatar { avatar_id: Some(6), ..Avatar::default() });
    log.append(StreamId::from(ANNA), ANNA, &[pictured.encode()]).await;
    log.append(StreamId::new(Kind::File, 5), ANNA, &[FileEvent::Removed.encode()]).await
}

async fn rows(log: &Log, generation: &Generation) -> Vec<(String,)> {
    let sql = generation.sql(
        "SELECT 'upload ' || to_jsonb(u)::text FROM {view}.file_upload u
         UNION ALL SELECT 'place ' || to_jsonb(p)::text FROM {view}.file_place p ORDER BY 1",
    );
    sqlx::query_as(sql).fetch_all(&log.pool).await.expect("the rows are read")
}

#[tokio::test]
async fn it_tells_where_a_file_stands_and_which_uploads_stand_nowhere() {
    let log = Log::create().await;
    let followed = log.follow(&Files, eager()).await;
    let end = history(&log).await;
    let generation = followed.reaches(end).await.generation;
    let at = async |organisation, file| places(&log.pool, &generation, organisation, FileId(file)).await.expect("it answers");
    assert_eq!(at(HOME, 1).await, [TASK]);
    assert_eq!(at(HOME, 2).await, [TASK], "by an edit");
    assert_eq!(at(HOME, 3).await, [OTHER, TASK], "by a field, and in another task");
    assert_eq!(at(HOME, 6).await, [StreamId::from(ANNA)], "a person's picture");
    assert_eq!(at(HOME, 4).await, []);
    assert_eq!(at(OrganisationId(2), 1).await, [], "another organisation");

    let alone = async |before: Timestamp| stale(&log.pool, &generation, before, 10).await.expect("it answers");
    let (late, early) = (Timestamp::MAX - SignedDuration::from_hours(24), Timestamp::UNIX_EPOCH);
    let found = alone(late).await;
    let sha256 = found[0].sha256.clone();
    assert_eq!(found, [Stale { file: FileId(4), organisation: HOME, sha256: sha256.clone() }]);
    assert_eq!(alone(early).await, []);
    assert!(shared(&log.pool, &generation, &sha256).await.expect("it answers"));
    assert!(!shared(&log.pool, &generation, "none").await.expect("it answers"));
    let hashes = [sha256, "none".to_owned()];
    assert_eq!(unknown(&log.pool, &generation, &hashes).await.expect("it answers"), ["none"]);
}

#[tokio::test]
async fn made_anew_it_says_the_same() {
    let log = Log::create().await;
    let followed = log.follow(&Files, eager()).await;
    let end = history(&log).await;
    let before = rows(&log, &followed.reaches(end).await.generation).await;
    let generation = rebuild::rebuild(&Files, &log.pool, |_, _| {}).await.expect("it is made anew");
    assert_eq!(rows(&log, &generation).await, before);
}
