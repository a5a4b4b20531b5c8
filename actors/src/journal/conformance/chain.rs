//! Promises on the chain of hashes, with erasures in it. Tampering is tested beside [`crate::audit`].

use domain::{ClaimChange, ClaimKind, Kind, OrganisationId, StreamId};

use super::*;

promises![
    the_chain_verifies,
    a_hash_brought_along_is_believed_only_if_the_log_has_it,
    erased_content_is_gone_and_the_chain_still_verifies,
    an_erasure_names_events_that_may_be_erased,
    an_erasure_releases_what_the_erased_content_claimed,
];

async fn the_chain_verifies(world: impl World) {
    for round in 0..3 {
        for id in 1..=4 {
            let mut several = one(at(person(id), round * 2));
            several.writes[0].events.push(event("two"));
            append(world.journal(), several).await.expect("written");
        }
    }
    let verified = world.verify().await.expect("the chain is whole");
    assert_eq!((verified.position, verified.streams, verified.erased), (24, 4, 0));
}

async fn a_hash_brought_along_is_believed_only_if_the_log_has_it(world: impl World) {
    let first = append(world.journal(), one(at(person(1), 0))).await.expect("written").streams.remove(0);
    append(world.journal(), one(at(person(1), 1))).await.expect("written");
    // A journal that has seen neither.
    let world = world.restart().await;
    let brought = |expected, hash| one(Target::Existing { stream: person(1), expected, hash: Some(hash) });
    let conflict = Err(Refusal::Conflict { stream: person(1), actual: 2 });
    assert_eq!(append(world.journal(), brought(1, first.hash)).await, conflict, "an old version");
    let world = world.restart().await;
    assert_eq!(append(world.journal(), brought(3, [3; 32])).await, conflict, "a version that is not there");
    let world = world.restart().await;
    append(world.journal(), brought(2, [3; 32])).await.expect("the right version with a wrong hash goes on from the log's");
    world.verify().await.expect("the chain is whole");
}

async fn erased_content_is_gone_and_the_chain_still_verifies(world: impl World) {
    let journal = world.journal();
    let secret = "Ann's address";
    for version in 0..3 {
        let writes = vec![Write { target: at(person(1), version), events: vec![event(secret)] }];
        append(journal, Append { writes, ..one(at(person(1), version)) }).await.expect("written");
    }
    let hash = journal.read_stream(person(1), 1, 1).await.expect("read")[0].hash;
    journal.save_snapshot(Snapshot { stream: person(1), version: 2, hash, fingerprint: 1, body: secret.into() }).await;
    let erasure = erasure(&[1, 3]);
    let receipt = journal.erase(erasure.clone()).await.expect("erased");
    assert_eq!(receipt.streams[0].stream, StreamId::new(Kind::Audit, ORGANISATION.0));
    assert_eq!(journal.erase(erasure).await, Err(Refusal::Duplicate(Box::new(receipt))), "a repeat");

    let log = journal.read_all(0, 10).await.expect("read");
    let payloads: Vec<_> = log[..3].iter().map(|event| event.payload.as_str()).collect();
    assert_eq!(payloads, [r#"{"text":"erased"}"#, &event(secret).payload, r#"{"text":"erased"}"#]);
    assert_eq!(log[0].meta, "{}");
    assert_eq!((log[3].event_type.as_str(), log[3].header.position, log.len()), ("erasure.performed", 4, 4));
    assert!(log[3].payload.contains(r#""reason":"asked for""#), "{}", log[3].payload);
    assert_eq!(journal.open(person(1), 1).await.expect("read").snapshot, None, "snapshots of the stream are purged");
    let verified = world.verify().await.expect("the chain is whole");
    assert_eq!((verified.position, verified.erased), (4, 2));

    append(world.journal(), one(at(person(1), 3))).await.expect("the stream goes on");
    world.journal().erase(self::erasure(&[1])).await.expect("erased again, with another substitute");
    world.verify().await.expect("the chain is whole");
}

async fn an_erasure_names_events_that_may_be_erased(world: impl World) {
    let journal = world.journal();
    append(journal, one(at(person(1), 0))).await.expect("written");
    append(journal, Append { organisation: OrganisationId(2), ..one(at(person(2), 0)) }).await.expect("written");
    journal.erase(erasure(&[1])).await.expect("erased");
    let broken = Erasure { substitutes: vec![Substitute { position: 1, meta: "{".into(), payload: "{}".into() }], ..erasure(&[]) };
    let cases = [
        ("none", erasure(&[])),
        ("an event twice", erasure(&[1, 1])),
        ("an event that is not there", erasure(&[1, 99])),
        ("position 0", erasure(&[0])),
        ("another organisation's event", erasure(&[1, 2])),
        ("the record of an erasure", erasure(&[3])),
        ("a substitute that is not JSON", broken),
    ];
    for (case, erasure) in cases {
        let refused = journal.erase(erasure).await;
        assert!(matches!(refused, Err(Refusal::Malformed(_))), "{case}: {refused:?}");
    }
    assert_eq!(journal.current_head().await.expect("read").position, 3);
    world.verify().await.expect("the chain is whole");
}

async fn an_erasure_releases_what_the_erased_content_claimed(world: impl World) {
    let journal = world.journal();
    let claim = |key: &str| ClaimChange { kind: ClaimKind::Email, key: key.into(), taken: true };
    append(journal, Append { claims: vec![claim("ann@example.org"), claim("kept")], ..one(at(person(1), 0)) }).await.expect("written");
    append(journal, Append { claims: vec![claim("bob@example.org")], ..one(at(person(2), 0)) }).await.expect("written");
    let claims = ["ann@example.org", "bob@example.org", "nobody@example.org"].map(|key| (ClaimKind::Email, key.to_owned()));
    let release = |expected| Some(Release { stream: person(1), expected, claims: claims.to_vec() });
    let late = journal.erase(Erasure { release: release(0), ..erasure(&[1]) }).await;
    assert_eq!(late, Err(Refusal::Conflict { stream: person(1), actual: 1 }), "something was written since");
    let holder = async |key| journal.claim_holder(ORGANISATION, ClaimKind::Email, key).await.expect("read");
    assert_eq!(holder("ann@example.org").await, Some(person(1)));

    journal.erase(Erasure { release: release(1), ..erasure(&[1]) }).await.expect("erased");
    assert_eq!(holder("ann@example.org").await, None);
    assert_eq!(holder("kept").await, Some(person(1)));
    assert_eq!(holder("bob@example.org").await, Some(person(2)), "another's claim");
    append(journal, Append { claims: vec![claim("ann@example.org")], ..one(at(person(2), 1)) }).await.expect("it is free");
}
