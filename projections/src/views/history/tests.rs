//! The history on a real Postgres: facts in, rows out.

use domain::account::{self, Linked};
use domain::codec::EventSet;
use domain::person::{self, Added, PersonKind};
use domain::task::Event;
use domain::testing::{ADMIN, ANNA, GRETA, HOME, ordinary, task_created};
use domain::{Kind, OrganisationId, PersonId, StreamId, TaskId};

use super::{Follower, History, Told, told};
use crate::generation::{Generation, IDLE_MAX};
use crate::rebuild;
use crate::testing::{Log, eager};

async fn all(log: &Log, generation: &Generation) -> Vec<(i64, i16)> {
    let told = told(&log.pool, generation, HOME, (0, i64::MAX), 100).await.expect("read");
    told.into_iter().map(|Told { position, number, .. }| (position, number)).collect()
}

#[tokio::test]
async fn facts_are_told_in_the_order_of_the_log_and_guests_are_known_from_before() {
    let log = Log::create().await;
    let followed = log.follow(&History, eager()).await;
    let guest = Added { kind: PersonKind::Guest, ..ordinary("Greta", "greta@example.org") };
    let first = log.append(GRETA, ADMIN, &[person::Event::Added(Box::new(guest)).encode()]).await;
    followed.reaches(first).await;
    let created = log.append(TaskId(1), ANNA, &[task_created("hello").encode()]).await;
    let invited = Event::ParticipantsAdded { persons: vec![ANNA, GRETA] };
    let let_in = log.append(TaskId(1), ANNA, &[invited.encode()]).await;
    let end = log.append(TaskId(1), ADMIN, &[Event::Deleted.encode()]).await;
    let generation = followed.reaches(end).await.generation;
    assert_eq!(all(&log, &generation).await, [(first, 1001), (let_in, 44), (end, 1020)]);
    let range = |after, upto| (after, upto);
    let some = told(&log.pool, &generation, HOME, range(first, let_in), 9).await.expect("read");
    assert_eq!(some.iter().map(|told| (told.position, told.person)).collect::<Vec<_>>(), [(let_in, ANNA)]);
    assert_eq!(told(&log.pool, &generation, HOME, range(0, i64::MAX), 1).await.expect("read").len(), 1);
    assert_eq!(told(&log.pool, &generation, OrganisationId(2), range(0, i64::MAX), 9).await.expect("read"), []);
    assert!(created < let_in);
    followed.stop().await;
}

#[tokio::test]
async fn what_becomes_of_an_account_is_told_in_the_organisations_of_its_persons() {
    let log = Log::create().await;
    let followed = log.follow(&History, eager()).await;
    let away = OrganisationId(2);
    let (here, there) = (Linked { organisation: HOME, person: ANNA }, Linked { organisation: away, person: GRETA });
    let stream = || StreamId::new(Kind::Account, 5);
    let made = account::Event::Created { login: "anna@example.org".into(), linked: here };
    let first = log.append(stream(), PersonId::SYSTEM, &[made.encode()]).await;
    followed.reaches(first).await;
    let linked = log.append(stream(), PersonId::SYSTEM, &[account::Event::Linked(there).encode()]).await;
    let end = log.append(stream(), PersonId::SYSTEM, &[account::Event::RecoveryCodeUsed.encode()]).await;
    let generation = followed.reaches(end).await.generation;
    let of = async |organisation| -> Vec<(i64, i16, PersonId)> {
        let told = told(&log.pool, &generation, organisation, (0, i64::MAX), 9).await.expect("read");
        told.into_iter().map(|told| (told.position, told.number, told.person)).collect()
    };
    assert_eq!(of(HOME).await, [(first, 1070, ANNA), (end, 1075, ANNA)]);
    assert_eq!(of(away).await, [(linked, 1071, GRETA), (end, 1075, GRETA)]);
    followed.stop().await;
}

#[tokio::test]
async fn facts_that_come_twice_are_told_once() {
    let log = Log::create().await;
    let generation = rebuild::ensure(&History, &log.pool).await.expect("made");
    let end = log.append(TaskId(1), ADMIN, &[task_created("hello").encode(), Event::Deleted.encode()]).await;
    let events = log.all(History::KINDS).await;
    for _ in 0..2 {
        let mut tx = log.pool.begin_with(generation.begin(IDLE_MAX)).await.expect("begun");
        History.apply(&events, &mut tx).await.expect("taken in");
        tx.commit().await.expect("committed");
        assert_eq!(all(&log, &generation).await, [(end, 1020)]);
    }
}
