//! Promises on what is written: order, all or nothing, once. What is refused is in [`super::refusals`].

use std::sync::Arc;

use domain::{ClaimChange, ClaimKind, Kind, OrganisationId, StreamId, Version};

use super::*;

promises![
    positions_have_no_gaps,
    a_repeated_command_gets_its_first_receipt,
    a_claim_is_held_by_one_stream_at_a_time,
    an_append_is_all_or_nothing_over_streams_and_claims,
    a_command_repeated_while_it_is_under_way_takes_effect_once,
    a_command_id_of_another_organisation_tells_nothing,
    the_order_within_a_stream_is_the_order_of_submission,
    times_never_go_back,
];

async fn positions_have_no_gaps(world: impl World) {
    let journal = world.journal();
    for task in 1..=5 {
        let receipt = append(journal, one(Target::New(Kind::Task))).await.expect("written");
        assert_eq!(receipt.streams[0].stream, StreamId::new(Kind::Task, task), "task ids rise in commit order");
    }
    let stream = StreamId::new(Kind::Task, 3);
    append(journal, one(at(stream, 1))).await.expect("written");
    let log = journal.read_all(0, 100).await.expect("read");
    assert_eq!(log.iter().map(|event| event.header.position).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    assert_eq!(journal.head().borrow().position, 6);
    assert_eq!(journal.current_head().await.expect("read").position, 6);
    let versions = journal.read_stream(stream, 0, 100).await.expect("read");
    assert_eq!(versions.iter().map(|event| event.header.version).collect::<Vec<_>>(), [1, 2]);
}

async fn a_repeated_command_gets_its_first_receipt(world: impl World) {
    let mut repeated = one(at(person(1), 0));
    repeated.meta = Arc::new(Meta { fingerprint: Some("abc".into()), ..Meta::default() });
    let first = append(world.journal(), repeated.clone()).await.expect("written");
    assert_eq!(first.fingerprint.as_deref(), Some("abc"));
    let again = append(world.journal(), repeated.clone()).await;
    assert_eq!(again, Err(Refusal::Duplicate(Box::new(first.clone()))));
    let world = world.restart().await;
    let again = append(world.journal(), repeated.clone()).await;
    assert_eq!(again, Err(Refusal::Duplicate(Box::new(first.clone()))));
    let found = world.journal().read_command(ORGANISATION, repeated.command).await.expect("read");
    assert_eq!(found, Some(first));
    assert_eq!(world.journal().read_command(OrganisationId(2), repeated.command).await.expect("read"), None);
}

async fn a_claim_is_held_by_one_stream_at_a_time(world: impl World) {
    let journal = world.journal();
    let claim = |taken| vec![ClaimChange { kind: ClaimKind::Email, key: "a@example.org".into(), taken }];
    append(journal, Append { claims: claim(true), ..one(at(person(1), 0)) }).await.expect("free, so taken");
    let refused = append(journal, Append { claims: claim(true), ..one(at(person(2), 0)) }).await;
    assert_eq!(refused, Err(Refusal::ClaimTaken { kind: ClaimKind::Email, key: "a@example.org".into(), holder: person(1) }));
    let holder = || journal.claim_holder(ORGANISATION, ClaimKind::Email, "a@example.org");
    assert_eq!(holder().await.expect("read"), Some(person(1)));
    append(journal, Append { claims: claim(false), ..one(at(person(2), 0)) }).await.expect("releasing another's changes nothing");
    assert_eq!(holder().await.expect("read"), Some(person(1)));
    append(journal, Append { claims: claim(false), ..one(at(person(1), 1)) }).await.expect("released");
    assert_eq!(holder().await.expect("read"), None);
    append(journal, Append { claims: claim(true), ..one(at(person(2), 1)) }).await.expect("taken again");
    assert_eq!(holder().await.expect("read"), Some(person(2)));
}

async fn an_append_is_all_or_nothing_over_streams_and_claims(world: impl World) {
    let journal = world.journal();
    append(journal, one(at(person(2), 0))).await.expect("written");
    let write = |target, texts: &[&str]| Write { target, events: texts.iter().map(|text| event(text)).collect() };
    let claims = vec![ClaimChange { kind: ClaimKind::ExternalId, key: "x".into(), taken: true }];
    let several = |expected| Append {
        writes: vec![
            write(at(person(1), 0), &["a", "b"]),
            write(Target::New(Kind::Task), &["c"]),
            write(at(person(2), expected), &["d", "e", "f"]),
        ],
        claims: claims.clone(),
        ..one(at(person(1), 0))
    };
    let refused = append(journal, several(0)).await;
    assert_eq!(refused, Err(Refusal::Conflict { stream: person(2), actual: 1 }));
    assert_eq!(journal.read_all(0, 100).await.expect("read").len(), 1, "nothing of it was written");
    assert_eq!(journal.claim_holder(ORGANISATION, ClaimKind::ExternalId, "x").await.expect("read"), None);

    let receipt = append(journal, several(1)).await.expect("written");
    let parts: Vec<_> = receipt
        .streams
        .iter()
        .map(|part| (part.stream, part.first_version, part.first_position, part.events, part.last_version(), part.last_position()))
        .collect();
    let task = StreamId::new(Kind::Task, 1);
    assert_eq!(parts, [(person(1), 1, 2, 2, 2, 3), (task, 1, 4, 1, 1, 4), (person(2), 2, 5, 3, 4, 7)]);
    assert_eq!(receipt.position(), 7);
    assert_eq!(journal.claim_holder(ORGANISATION, ClaimKind::ExternalId, "x").await.expect("read"), Some(person(1)));
    let log = journal.read_all(1, 100).await.expect("read");
    assert_eq!(log.iter().map(|event| event.header.index).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    assert!(log.iter().all(|event| event.header.command == receipt.command && event.header.at == receipt.at));
    assert_eq!(receipt.streams[2].hash, log[5].hash);
    assert_eq!(journal.read_command(ORGANISATION, receipt.command).await.expect("read"), Some(receipt));
}

async fn a_command_repeated_while_it_is_under_way_takes_effect_once(world: impl World) {
    let journal = world.journal();
    let repeated = one(at(person(1), 0));
    let answers: Vec<_> = (0..20).map(|_| submit(journal, repeated.clone())).collect();
    let mut receipts = Vec::new();
    let mut duplicates = 0;
    for answer in answers {
        match answer.await.expect("answered") {
            Ok(receipt) => receipts.push(receipt),
            Err(Refusal::Duplicate(receipt)) => {
                duplicates += 1;
                receipts.push(*receipt);
            }
            Err(other) => panic!("refused: {other}"),
        }
    }
    assert_eq!(duplicates, 19);
    assert!(receipts.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(journal.current_head().await.expect("read").position, 1);
}

async fn a_command_id_of_another_organisation_tells_nothing(world: impl World) {
    let journal = world.journal();
    let first = one(at(person(1), 0));
    append(journal, first.clone()).await.expect("written");
    let stranger = Append { organisation: OrganisationId(2), ..one(at(person(2), 0)) };
    let refused = append(journal, Append { command: first.command, ..stranger }).await;
    assert!(matches!(refused, Err(Refusal::Malformed(_))), "{refused:?}");
}

async fn the_order_within_a_stream_is_the_order_of_submission(world: impl World) {
    let journal = world.journal();
    let answers: Vec<_> = (0..200).map(|expected| submit(journal, one(at(person(1), expected)))).collect();
    for (expected, answer) in answers.into_iter().enumerate() {
        let receipt = answer.await.expect("answered").expect("written");
        assert_eq!(receipt.streams[0].first_version, expected as Version + 1);
    }
}

async fn times_never_go_back(world: impl World) {
    let journal = world.journal();
    let answers: Vec<_> = (0..100).map(|_| submit(journal, one(Target::New(Kind::Task)))).collect();
    for answer in answers {
        answer.await.expect("answered").expect("written");
    }
    let before = journal.read_all(0, 1_000).await.expect("read").last().expect("events").header.at;
    let world = world.restart().await;
    append(world.journal(), one(Target::New(Kind::Task))).await.expect("written");
    let log = world.journal().read_all(0, 1_000).await.expect("read");
    assert!(log.windows(2).all(|pair| pair[0].header.at <= pair[1].header.at));
    assert!(log.last().expect("events").header.at >= before);
    assert_eq!(before.subsec_nanosecond() % 1_000, 0, "whole microseconds");
    let difference = world.journal().now().duration_since(before).abs();
    assert!(difference < jiff::SignedDuration::from_secs(60), "the journal's clock is the log's: {difference:?}");
}
