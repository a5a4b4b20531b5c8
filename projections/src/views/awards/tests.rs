//! Awards on a real Postgres: facts in, answers out.

use domain::award::{Event, Naming, Thresholds};
use domain::codec::EventSet;
use domain::testing::{ANNA, BORIS, CLARA, HOME, award_created};
use domain::{AwardId, Kind, OrganisationId, PersonId, Position, StreamId};

use super::{Awards, Counter, Follower, counter, held_by, one, page};
use crate::generation::{Generation, IDLE_MAX};
use crate::rebuild;
use crate::testing::{Log, at, eager};

const TESTER: AwardId = AwardId(1);
const DELETED: AwardId = AwardId(2);
const FINDER: AwardId = AwardId(3);

async fn told(log: &Log, id: AwardId, events: impl IntoIterator<Item = Event>) -> Position {
    let events: Vec<_> = events.into_iter().map(|event| event.encode()).collect();
    log.append(StreamId::new(Kind::Award, id.0), ANNA, &events).await
}

fn counted(person: PersonId, counter: u32) -> Event {
    Event::Counted { person, counter }
}

fn granted(persons: &[PersonId]) -> Event {
    Event::Granted { persons: persons.to_vec() }
}

/// One that Boris lost and Clara holds, one that was deleted, one that Clara was given first. Returns the last position.
async fn history(log: &Log) -> Position {
    told(log, TESTER, [award_created("Tester", 3, 9)]).await;
    told(log, FINDER, [award_created("Seeker", 1, 0), counted(CLARA, 1), granted(&[CLARA])]).await;
    told(log, TESTER, [counted(BORIS, 3), granted(&[BORIS])]).await;
    told(log, TESTER, [counted(CLARA, 2)]).await;
    told(log, TESTER, [Event::ThresholdsSet(Thresholds { grant: 2, revoke: 8 }), granted(&[CLARA])]).await;
    told(log, DELETED, [award_created("Gone", 1, 0), counted(BORIS, 1), granted(&[BORIS]), Event::Deleted]).await;
    told(log, TESTER, [counted(BORIS, 0), Event::Revoked { persons: vec![BORIS] }]).await;
    let naming = Naming { name: "Finder".into(), description: Some("Finds".into()) };
    told(log, FINDER, [Event::Changed(Box::new(naming))]).await
}

/// Every row of the view, as text.
async fn rows(log: &Log, generation: &Generation) -> Vec<(String,)> {
    let sql = generation.sql(
        "SELECT 'award ' || to_jsonb(a)::text FROM {view}.award a
         UNION ALL SELECT 'person ' || to_jsonb(p)::text FROM {view}.award_person p ORDER BY 1",
    );
    sqlx::query_as(sql).fetch_all(&log.pool).await.expect("the rows are read")
}

#[tokio::test]
async fn it_tells_who_holds_which_since_when_and_what_is_counted() {
    let log = Log::create().await;
    let followed = log.follow(&Awards, eager()).await;
    let end = history(&log).await;
    let generation = followed.reaches(end).await.generation;
    let elsewhere = OrganisationId(2);

    let listed = async |organisation, after, limit| {
        let found = page(&log.pool, &generation, organisation, after, limit).await.expect("read");
        found.into_iter().map(|award| (award.id, award.name, award.grant, award.revoke)).collect::<Vec<_>>()
    };
    let (tester, finder) = ((1, "Tester".to_owned(), 2, 8), (3, "Finder".to_owned(), 1, 0));
    assert_eq!(listed(HOME, AwardId(0), 9).await, [tester.clone(), finder.clone()]);
    assert_eq!(listed(HOME, AwardId(0), 1).await, [tester]);
    assert_eq!(listed(HOME, TESTER, 9).await, [finder]);
    assert_eq!(listed(elsewhere, AwardId(0), 9).await, []);

    let read = async |organisation, award| one(&log.pool, &generation, organisation, award).await.expect("read");
    assert_eq!(read(HOME, FINDER).await.expect("it is there").description.as_deref(), Some("Finds"));
    assert_eq!((read(HOME, DELETED).await, read(elsewhere, FINDER).await), (None, None));

    let of = async |organisation, award, person| counter(&log.pool, &generation, organisation, award, person).await.expect("read");
    assert_eq!(of(HOME, TESTER, BORIS).await, Some(Counter { counter: 0, granted_at: None }));
    let since = of(HOME, TESTER, CLARA).await.expect("it is there");
    assert_eq!((since.counter, since.granted_at.is_some()), (2, true), "given by new thresholds, and counted as before");
    assert_eq!(of(HOME, TESTER, ANNA).await, Some(Counter { counter: 0, granted_at: None }), "never counted for");
    assert_eq!((of(HOME, DELETED, BORIS).await, of(elsewhere, TESTER, CLARA).await), (None, None));

    let held = async |organisation, person| {
        let found = held_by(&log.pool, &generation, organisation, person).await.expect("read");
        found.into_iter().map(|held| (held.id, held.name, held.granted_at)).collect::<Vec<_>>()
    };
    let first = at(4);
    assert_eq!(held(HOME, CLARA).await, [(3, "Finder".to_owned(), first), (1, "Tester".to_owned(), since.granted_at.expect("held"))]);
    assert_eq!((held(HOME, BORIS).await, held(elsewhere, CLARA).await), (Vec::new(), Vec::new()));
    followed.stop().await;
}

#[tokio::test]
async fn fed_twice_event_by_event_and_made_again_it_is_the_same() {
    let log = Log::create().await;
    let generation = rebuild::ensure(&Awards, &log.pool).await.expect("made");
    history(&log).await;
    let events = log.all(Awards::KINDS).await;
    let singly = events.iter().map(std::slice::from_ref);
    let mut once = Vec::new();
    for (batch, is_last) in singly.zip(1..).map(|(event, count)| (event, count == events.len())).chain([(&events[..], true)]) {
        let mut tx = log.pool.begin_with(generation.begin(IDLE_MAX)).await.expect("begun");
        Awards.apply(batch, &mut tx).await.expect("taken in");
        tx.commit().await.expect("committed");
        if is_last {
            let now = rows(&log, &generation).await;
            assert!(once.is_empty() || once == now);
            once = now;
        }
    }
    let rebuilt = rebuild::rebuild(&Awards, &log.pool, |_, _| {}).await.expect("rebuilt");
    assert_eq!(rows(&log, &rebuilt).await, once);
    assert_eq!(once.len(), 6);
}
