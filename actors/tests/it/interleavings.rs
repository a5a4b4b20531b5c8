//! Whatever happens in whatever order on two nodes: every acknowledged command is in the log once, no refused
//! one is, and every actor shows what the log says.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use actors::journal::Refusal;
use actors::system::{Refused, Request};
use domain::{ClaimKind, StreamId, Version};
use proptest::prelude::*;

use crate::tally::{Command, Tally};
use crate::world::{Answer, PATIENCE, World, keyed, request, within};

/// What can happen; `node` is one of two.
#[derive(Clone, Debug)]
enum Step {
    /// A command with a number of its own; not waited for.
    Add {
        node: usize,
        stream: usize,
    },
    AddBelow {
        node: usize,
        stream: usize,
        limit: i64,
    },
    /// The same key again, on whichever node; its number is the key's.
    Keyed {
        node: usize,
        stream: usize,
        key: i64,
    },
    Panic {
        node: usize,
        stream: usize,
    },
    WrittenElsewhere {
        stream: usize,
    },
    Refuse(Refusal),
    Hold {
        node: usize,
    },
    Release {
        node: usize,
    },
    /// Everything idle goes, with snapshots.
    Sweep {
        node: usize,
    },
    Forget {
        node: usize,
        stream: usize,
    },
    Read {
        node: usize,
        stream: usize,
    },
    /// Lets what runs run on.
    Yield,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let node = || 0..2_usize;
    let stream = || 0..2_usize;
    let refusal = prop_oneof![
        Just(Refusal::Expired),
        Just(Refusal::Unavailable("away".into())),
        Just(Refusal::Unknown),
        Just(Refusal::TooLarge),
        Just(Refusal::ClaimTaken { kind: ClaimKind::Email, key: "a".into(), holder: StreamId::new(domain::Kind::Task, 1) }),
        Just(Refusal::Conflict { stream: StreamId::new(domain::Kind::Task, 1), actual: 0 }),
    ];
    let step = prop_oneof![
        8 => (node(), stream()).prop_map(|(node, stream)| Step::Add { node, stream }),
        3 => (node(), stream(), 0..500_i64).prop_map(|(node, stream, limit)| Step::AddBelow { node, stream, limit }),
        4 => (node(), stream(), 1..4_i64).prop_map(|(node, stream, key)| Step::Keyed { node, stream, key }),
        1 => (node(), stream()).prop_map(|(node, stream)| Step::Panic { node, stream }),
        3 => stream().prop_map(|stream| Step::WrittenElsewhere { stream }),
        2 => refusal.prop_map(Step::Refuse),
        2 => node().prop_map(|node| Step::Hold { node }),
        3 => node().prop_map(|node| Step::Release { node }),
        1 => node().prop_map(|node| Step::Sweep { node }),
        1 => (node(), stream()).prop_map(|(node, stream)| Step::Forget { node, stream }),
        2 => (node(), stream()).prop_map(|(node, stream)| Step::Read { node, stream }),
        4 => Just(Step::Yield),
    ];
    prop::collection::vec(step, 1..60)
}

/// A command that was given, and under which number it is found in the log.
struct Given {
    stream: StreamId,
    number: i64,
    /// The sum that it may be added to is below this.
    limit: i64,
    answer: tokio::task::JoinHandle<Answer>,
}

struct Told {
    stream: StreamId,
    number: i64,
    limit: i64,
    answer: Answer,
}

/// Numbers of keyed commands begin here, by key and stream; others are counted up from 1.
const KEYED: i64 = 1_000_000;

async fn play(steps: Vec<Step>) {
    let one = World::new().await;
    let nodes = [one.clone(), one.elsewhere().await];
    let streams = [one.tally(0).await, one.tally(0).await];
    let (mut given, mut next, mut held) = (Vec::new(), 0_i64, [false; 2]);
    for step in steps {
        next += 1;
        let mut give = |node: usize, stream: usize, request: Request, command: Command, number: i64| {
            let limit = if let Command::AddBelow { limit, .. } = command { limit } else { i64::MAX };
            let answer = nodes[node].send(streams[stream], request, command);
            given.push(Given { stream: streams[stream], number, limit, answer });
        };
        match step {
            Step::Add { node, stream } => give(node, stream, request(), Command::Add(next), next),
            Step::AddBelow { node, stream, limit } => {
                give(node, stream, request(), Command::AddBelow { number: next, limit }, next);
            }
            Step::Keyed { node, stream, key } => {
                let number = KEYED + key * 10 + stream as i64;
                give(node, stream, keyed(&number.to_string(), "f"), Command::Add(number), number);
            }
            Step::Panic { node, stream } => give(node, stream, request(), Command::PanicInDecide, -1),
            Step::WrittenElsewhere { stream } => {
                let version = one.logged(streams[stream]).await.len() as Version;
                // A node may have been quicker, which is as good.
                let _ = one.written_elsewhere(streams[stream], version, next);
            }
            Step::Refuse(refusal) => one.journal.refuse_next(refusal),
            Step::Hold { node } => {
                nodes[node].journal.hold();
                held[node] = true;
            }
            Step::Release { node } => {
                nodes[node].journal.release();
                held[node] = false;
            }
            Step::Sweep { node } => drop(nodes[node].system.sweep(Instant::now() + Duration::from_secs(3_600)).await),
            Step::Forget { node, stream } => drop(nodes[node].system.forget::<Tally>(streams[stream]).await),
            // A reader of what another node wrote waits for what this one has under way.
            Step::Read { node, .. } if held[node] => {}
            Step::Read { node, stream } => {
                let seen = nodes[node].read(streams[stream]).await.expect("nothing keeps it from being read");
                let logged = one.logged(streams[stream]).await;
                let shown: Vec<_> = seen.view.0.numbers.iter().map(|(_, number)| *number).collect();
                assert!(logged.starts_with(&shown), "{shown:?} is not the beginning of {logged:?}");
            }
            Step::Yield => tokio::task::yield_now().await,
        }
    }
    for node in &nodes {
        node.journal.release();
    }
    let mut told = Vec::new();
    for Given { stream, number, limit, answer } in given {
        told.push(Told { stream, number, limit, answer: within(answer).await.unwrap() });
    }
    check(&one, &nodes, &streams, told).await;
    for node in nodes {
        within(node.system.drain(Instant::now() + PATIENCE)).await;
    }
}

async fn check(one: &World, nodes: &[World; 2], streams: &[StreamId; 2], told: Vec<Told>) {
    let mut logged = HashMap::new();
    for stream in streams {
        logged.insert(*stream, one.logged(*stream).await);
    }
    for Told { stream, number, limit, answer } in told {
        let versions: Vec<_> = (1..).zip(&logged[&stream]).filter(|(_, found)| **found == number).map(|(version, _)| version).collect();
        for version in &versions {
            let before: i64 = logged[&stream][..usize::try_from(version - 1).unwrap()].iter().sum();
            assert!(before < limit, "{number} was decided on a sum below {limit}, and stands on {before}");
        }
        match answer {
            Ok(done) => {
                assert_eq!(versions, [done.version], "an acknowledged command is in the log once, where it was said to be");
                assert_eq!(done.view.0.numbers.last(), Some(&(done.version, number)), "the answer is as of its version");
                assert!(done.view.1.positions.iter().all(|(_, position)| *position > 0));
            }
            Err(Refused::Unknown) => assert!(versions.len() <= 1, "{versions:?}"),
            // A repeat under its key may have had better luck.
            Err(_) if number >= KEYED => assert!(versions.len() <= 1, "{versions:?}"),
            Err(refused) => assert_eq!(versions, [] as [Version; 0], "{refused:?}"),
        }
    }
    for stream in streams {
        let numbers = &logged[stream];
        for node in nodes {
            node.tailed().await;
            let seen = node.read(*stream).await.expect("read");
            let shown: Vec<_> = seen.view.0.numbers.iter().map(|(_, number)| *number).collect();
            assert_eq!((&shown, seen.version), (numbers, numbers.len() as Version));
            assert_eq!(seen.view.1.sum, numbers.iter().sum::<i64>(), "the state is the fold of the log");
            assert_eq!(seen.view.1.positions.len(), numbers.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_order_of_things_leads_to_what_the_log_says(steps in steps()) {
        actix_rt::System::new().block_on(play(steps));
    }
}
