//! Promises on reading: what comes back, snapshots, openings, ids. Not the followers' reading, which is SQL of their own.

use std::sync::Arc;

use domain::codec::Encoded;
use domain::{Kind, Version};

use super::*;

promises![
    what_is_read_is_what_was_written,
    the_steps_of_the_log_are_its_events_without_what_happened,
    a_head_is_believed_within_its_incarnation,
    a_snapshot_counts_only_where_it_fits,
    many_open_at_once_and_each_gets_its_own,
    ids_of_people_and_organisations_are_handed_out_once,
];

async fn what_is_read_is_what_was_written(world: impl World) {
    let journal = world.journal();
    let payload = r#"{"b":1,  "a":[1.50, "Ж"], "b":2}"#;
    let written = Append {
        meta: Arc::new(Meta { cause: Some(4), address: Some("::1".into()), ..Meta::default() }),
        writes: vec![Write { target: at(person(1), 0), events: vec![Encoded { payload: payload.into(), ..event("") }] }],
        ..one(at(person(1), 0))
    };
    let receipt = append(journal, written.clone()).await.expect("written");
    let read = journal.read_stream(person(1), 0, 10).await.expect("read").remove(0);
    assert_eq!(read.payload, payload, "the exact bytes");
    assert_eq!(read.meta, r#"{"cause":4,"address":"::1"}"#);
    assert_eq!((read.event_type.as_str(), read.schema), ("test.happened", 1));
    assert_eq!(read.hash, receipt.streams[0].hash);
    let header = read.header;
    assert_eq!((header.organisation, header.person, header.command), (ORGANISATION, written.person, written.command));
    assert_eq!((header.stream, header.version, header.position, header.index, header.at), (person(1), 1, 1, 0, receipt.at));
}

async fn the_steps_of_the_log_are_its_events_without_what_happened(world: impl World) {
    let journal = world.journal();
    for version in 0..3 {
        append(journal, one(at(person(1), version))).await.expect("written");
        append(journal, one(at(person(2), version))).await.expect("written");
    }
    let events = journal.read_all(1, 4).await.expect("read");
    let expected: Vec<_> = events
        .iter()
        .map(|event| Step { position: event.header.position, stream: Some(event.header.stream), version: event.header.version })
        .collect();
    assert_eq!(expected.len(), 4);
    assert_eq!(journal.read_steps(1, 4).await.expect("read"), expected);
}

async fn a_head_is_believed_within_its_incarnation(world: impl World) {
    let journal = world.journal();
    append(journal, one(at(person(1), 0))).await.expect("written");
    let head = journal.current_head().await.expect("read");
    assert_eq!(*journal.written().borrow(), head);
    journal.told(Head { incarnation: head.incarnation + 1, position: 90 });
    assert_eq!(*journal.head().borrow(), head, "of another log");
    journal.told(Head { position: head.position + 3, ..head });
    assert_eq!(journal.head().borrow().position, head.position + 3);
    journal.told(head);
    assert_eq!(journal.head().borrow().position, head.position + 3, "heads only move on");
    assert_eq!(*journal.written().borrow(), head, "what others wrote is not its own");
}

async fn a_snapshot_counts_only_where_it_fits(world: impl World) {
    let journal = world.journal();
    let mut hashes = Vec::new();
    for version in 0..3 {
        hashes.push(append(journal, one(at(person(1), version))).await.expect("written").streams[0].hash);
    }
    let snapshot = |version: usize, hash, fingerprint| Snapshot {
        stream: person(1),
        version: version as Version,
        hash,
        fingerprint,
        body: vec![version as u8],
    };
    let opened = async |fingerprint| {
        let opening = journal.open(person(1), fingerprint).await.expect("read");
        let versions: Vec<_> = opening.events.iter().map(|event| event.header.version).collect();
        (opening.snapshot.map(|snapshot| snapshot.body), versions)
    };
    assert_eq!(opened(u64::MAX).await, (None, vec![1, 2, 3]), "there is none");
    journal.save_snapshot(snapshot(2, hashes[1], u64::MAX)).await;
    assert_eq!(opened(u64::MAX).await, (Some(vec![2]), vec![3]));
    assert_eq!(opened(9).await, (None, vec![1, 2, 3]), "of another build");
    journal.save_snapshot(snapshot(1, hashes[0], u64::MAX)).await;
    assert_eq!(opened(u64::MAX).await, (Some(vec![2]), vec![3]), "an older one replaces nothing");
    journal.save_snapshot(snapshot(3, [9; 32], u64::MAX)).await;
    assert_eq!(opened(u64::MAX).await, (None, vec![1, 2, 3]), "of another history");
    journal.save_snapshot(snapshot(4, hashes[2], u64::MAX)).await;
    assert_eq!(opened(u64::MAX).await, (None, vec![1, 2, 3]), "of a version that is not there");
    assert_eq!(journal.open(person(99), 9).await.expect("read").events, [], "an empty stream");
}

async fn many_open_at_once_and_each_gets_its_own(world: impl World) {
    let journal = world.journal();
    for id in 1..=100 {
        append(
            journal,
            Append { writes: vec![Write { target: at(person(id), 0), events: vec![event(&id.to_string())] }], ..one(at(person(id), 0)) },
        )
        .await
        .expect("written");
    }
    let openings = (1..=100).map(|id| journal.open(person(id), 1));
    for (opening, id) in futures_util::future::join_all(openings).await.into_iter().zip(1..) {
        let events = opening.expect("read").events;
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].header.stream, person(id));
        assert_eq!(events[0].payload, event(&id.to_string()).payload);
    }
}

async fn ids_of_people_and_organisations_are_handed_out_once(world: impl World) {
    let journal = world.journal();
    assert_eq!(journal.next_id(Kind::Organisation).await.expect("read"), 1);
    assert_eq!(journal.next_id(Kind::Person).await.expect("read"), 1001);
    assert_eq!(journal.next_id(Kind::Person).await.expect("read"), 1002);
    assert!(matches!(journal.next_id(Kind::Task).await, Err(ReadFailure::NotHandedOut(Kind::Task))));
    let world = world.restart().await;
    assert_eq!(world.journal().next_id(Kind::Person).await.expect("read"), 1003);
}
