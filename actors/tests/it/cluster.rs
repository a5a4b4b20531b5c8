//! Several nodes on one log, over the bus in memory, which can be cut and held: who answers, what moves, and what is
//! never done twice. The real NATS is met from outside (`tests/it`, `tests/chaos`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use actors::cluster::bus::Bus;
use actors::cluster::envelope::{Frame, Question, Reply, Verb};
use actors::cluster::memory::{MemoryBus, MemoryHub};
use actors::cluster::{Around, Boot, Cluster, Hosts, JoinFailure, Order, Report, Roles, Settings, State, placement};
use actors::journal::{Journal, Meta};
use actors::system::Refused;
use bytes::Bytes;
use domain::testing::{ANNA, HOME};
use domain::{CommandId, Kind, StreamId};
use futures_util::StreamExt;
use uuid::Uuid;

use crate::tally::{Command, Tally};
use crate::world::{World, command_id, request, until, within};

/// One node of a cluster in this process.
struct Node {
    world: World,
    cluster: Cluster,
    bus: Arc<MemoryBus>,
    /// Its number on the hub.
    number: usize,
    fit: Arc<AtomicBool>,
}

struct Fit(Arc<AtomicBool>);

impl Around for Fit {
    fn fit(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn report(&self) -> Report {
        Report::default()
    }

    fn order(&self, _order: Order) {}
}

fn settings(name: &str, boot: u128) -> Settings {
    Settings {
        cluster: "test".into(),
        name: name.into(),
        boot: Boot(Uuid::from_u128(boot)),
        roles: Roles::all(),
        weight: 1,
        protocol_max: 0,
        build: "0.1.0".into(),
    }
}

async fn try_join(hub: &MemoryHub, world: World, settings: Settings, payload_max: usize) -> Result<Node, JoinFailure> {
    let (bus, number) = hub.join_with(payload_max);
    let fit = Arc::new(AtomicBool::new(true));
    let around = Arc::new(Fit(fit.clone()));
    let hosts = Hosts::default().with::<Tally>();
    let runtime = tokio::runtime::Handle::current();
    let cluster = Cluster::join(&world.system, bus.clone(), settings, hosts, around, &runtime).await?;
    Ok(Node { world, cluster, bus, number, fit })
}

async fn join(hub: &MemoryHub, world: World, name: &str, boot: u128) -> Node {
    try_join(hub, world, settings(name, boot), 1024 * 1024).await.unwrap()
}

/// Three nodes on one log that know each other.
async fn three() -> (MemoryHub, [Node; 3]) {
    let hub = MemoryHub::default();
    let first = World::new().await;
    let (second, third) = (first.elsewhere().await, first.elsewhere().await);
    let nodes = [join(&hub, first, "a", 1).await, join(&hub, second, "b", 2).await, join(&hub, third, "c", 3).await];
    settled(&nodes).await;
    (hub, nodes)
}

/// Waits until each knows the others as active, and works.
async fn settled(nodes: &[Node]) {
    for node in nodes {
        let all = |view: &Arc<actors::cluster::View>| {
            view.members().iter().filter(|member| member.state == State::Active).count() == nodes.len() && !view.in_doubt()
        };
        within(node.cluster.watch().wait_for(all)).await.unwrap();
    }
}

impl Node {
    /// Whether it owns the stream, as it sees it.
    fn owns(&self, stream: StreamId) -> bool {
        let view = self.cluster.view();
        matches!(view.owner(placement::slice(HOME, stream)), actors::cluster::view::Owner::Here)
    }
}

/// A stream that the node at `place` owns, with one number in it.
async fn stream_of(nodes: &[Node], place: usize) -> StreamId {
    loop {
        let stream = nodes[0].world.tally(1).await;
        if nodes[place].owns(stream) {
            return stream;
        }
    }
}

#[actix::test]
async fn a_command_is_decided_by_its_owner_whichever_node_is_asked() {
    let (_hub, nodes) = three().await;
    let stream = stream_of(&nodes, 1).await;
    for (node, number) in nodes.iter().zip([10, 100, 1_000]) {
        let done = node.world.ask(stream, Command::Add(number)).await.unwrap();
        assert_eq!(done.stream, stream);
        assert_eq!(done.view.0.sum, nodes[1].world.sum(stream).await, "the answer shows what the command led to");
    }
    for node in &nodes {
        assert_eq!(node.world.sum(stream).await, 1_111);
    }
    assert_eq!(nodes[0].world.logged(stream).await, [1, 10, 100, 1_000]);
    for node in &nodes {
        assert_eq!(node.world.holds(stream).await, node.owns(stream), "one actor, at its owner");
    }
}

#[actix::test]
async fn a_rule_that_stands_in_the_way_is_told_to_whoever_asked_elsewhere() {
    let (_hub, nodes) = three().await;
    let stream = stream_of(&nodes, 2).await;
    match nodes[0].world.ask(stream, Command::AddBelow { number: 1, limit: 0 }).await {
        Err(Refused::Rejected { code, reason, position }) => {
            assert_eq!((code, reason.to_string().as_str()), (domain::Code::InvalidInput, "not below the limit"));
            assert!(position > 0);
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(nodes[0].world.ask(stream, Command::PanicInDecide).await, Err(Refused::Bug)));
    let nothing = nodes[0].world.ask(stream, Command::Finish).await.unwrap();
    assert!(nothing.first.is_some());
    let nothing = nodes[0].world.ask(stream, Command::Finish).await.unwrap();
    assert_eq!((nothing.first, nothing.replayed), (None, false));
    assert!(matches!(nodes[0].world.ask(stream, Command::Oversized).await, Err(Refused::Rejected { .. })));
}

#[actix::test]
async fn a_repeat_finds_its_first_answer_on_every_node() {
    let (_hub, nodes) = three().await;
    let stream = stream_of(&nodes, 1).await;
    let keyed = |fingerprint| crate::world::keyed("k", fingerprint);
    let first = nodes[0].world.system.execute::<Tally>(stream, keyed("f"), Command::Add(5)).await.unwrap();
    for node in &nodes {
        let again = node.world.system.execute::<Tally>(stream, keyed("f"), Command::Add(5)).await.unwrap();
        assert!(again.replayed);
        assert_eq!((again.first, again.position, again.view.0.sum), (first.first, first.position, first.view.0.sum));
        let other = node.world.system.execute::<Tally>(stream, keyed("g"), Command::Add(5)).await;
        assert!(matches!(other, Err(Refused::KeyReused)), "{other:?}");
    }
    assert_eq!(nodes[0].world.logged(stream).await, [1, 5]);
}

#[actix::test]
async fn a_repeat_is_called_one_also_where_its_owner_hangs() {
    let (hub, nodes) = three().await;
    let stream = stream_of(&nodes, 1).await;
    let keyed = |arrived| actors::system::Request { arrived, ..crate::world::keyed("k", "f") };
    let first = nodes[0].world.system.execute::<Tally>(stream, keyed(0), Command::Add(5)).await.unwrap();
    hub.hold(nodes[1].number, true);
    let head = nodes[0].world.journal.current_head().await.unwrap().position;
    let again = nodes[0].world.system.execute::<Tally>(stream, keyed(head), Command::Add(5)).await.unwrap();
    assert!(again.replayed, "it was there before anybody was asked for the second time");
    assert_eq!(again.position, first.position);
    // One that came in before may have been carried out by the node that hangs, for this very request.
    hub.hold(nodes[1].number, false);
    settled(&nodes).await;
    hub.hold(nodes[1].number, true);
    let new = actors::system::Request { arrived: head, ..crate::world::keyed("new", "f") };
    let done = nodes[0].world.system.execute::<Tally>(stream, new, Command::Add(6)).await.unwrap();
    assert!(!done.replayed);
    assert_eq!(nodes[0].world.logged(stream).await, [1, 5, 6]);
}

#[actix::test]
async fn when_the_owner_is_killed_the_next_one_answers_at_once() {
    let (hub, nodes) = three().await;
    let stream = stream_of(&nodes, 1).await;
    nodes[0].world.ask(stream, Command::Add(10)).await.unwrap();
    hub.kill(nodes[1].number);
    let asked = Instant::now();
    nodes[0].world.ask(stream, Command::Add(100)).await.unwrap();
    assert!(asked.elapsed() < Duration::from_secs(5), "nobody waits for a node that is not there");
    assert_eq!(nodes[2].world.sum(stream).await, 111);
}

#[actix::test]
async fn a_node_that_hangs_is_passed_over_and_what_it_does_afterwards_is_fenced() {
    let (hub, nodes) = three().await;
    let stream = stream_of(&nodes, 1).await;
    nodes[1].world.ask(stream, Command::Add(10)).await.unwrap();
    // Its answers do not arrive, and it may carry out what it was asked: the same command, decided by two.
    hub.hold(nodes[1].number, true);
    let command = request();
    let done = nodes[0].world.system.execute::<Tally>(stream, command.clone(), Command::Add(100)).await.unwrap();
    assert_eq!(done.view.0.sum, 111);
    // The old owner takes itself for the owner still.
    assert!(nodes[1].owns(stream));
    nodes[1].world.ask(stream, Command::Add(1_000)).await.unwrap();
    nodes[0].world.ask(stream, Command::Add(10_000)).await.unwrap();
    hub.hold(nodes[1].number, false);
    settled(&nodes).await;
    for node in &nodes {
        assert_eq!(node.world.sum(stream).await, 11_111, "each command once");
    }
    let mut logged = nodes[0].world.logged(stream).await;
    logged.sort_unstable();
    assert_eq!(logged, [1, 10, 100, 1_000, 10_000]);
}

#[actix::test]
async fn a_newcomer_gets_its_share_and_actors_move_to_it() {
    let hub = MemoryHub::default();
    let world = World::new().await;
    let second = world.elsewhere().await;
    let first = join(&hub, world, "a", 1).await;
    let mut streams = Vec::new();
    for number in 0..64 {
        streams.push(first.world.tally(number).await);
    }
    until(|| first.world.system.live().actors == 64).await;
    let nodes = [first, join(&hub, second, "b", 2).await];
    settled(&nodes).await;
    assert_eq!(nodes[0].cluster.handed_over(Duration::from_secs(20)).await, Ok(()));
    let stay = streams.iter().filter(|stream| nodes[0].owns(**stream)).count();
    assert!((10..54).contains(&stay), "{stay}");
    until(|| nodes[0].world.system.live().actors == stay).await;
    for (number, stream) in (0..).zip(&streams) {
        assert_eq!(nodes[0].world.sum(*stream).await, number);
    }
    assert_eq!(nodes[1].world.system.live().actors, 64 - stay);
}

#[actix::test]
async fn a_node_that_drains_finishes_hands_over_and_still_answers() {
    let (_hub, nodes) = three().await;
    let stream = stream_of(&nodes, 1).await;
    // Commands are under way while it drains.
    nodes[1].world.journal.hold();
    let sent: Vec<_> = (0..20).map(|_| nodes[1].world.send(stream, request(), Command::Add(1))).collect();
    nodes[1].world.waiting(20).await;
    nodes[1].cluster.drain();
    nodes[1].world.journal.release();
    for answer in sent {
        within(answer).await.unwrap().unwrap();
    }
    assert_eq!(nodes[1].cluster.handed_over(Duration::from_secs(20)).await, Ok(()));
    assert!(!nodes[1].owns(stream));
    until(|| nodes[1].world.system.live().actors == 0).await;
    nodes[1].world.ask(stream, Command::Add(1)).await.unwrap();
    assert_eq!(nodes[1].world.sum(stream).await, 22);
    assert_eq!(nodes[1].world.system.live().actors, 0, "it asks the others");
    nodes[1].cluster.resume();
    settled(&nodes).await;
    assert_eq!(nodes[1].world.sum(stream).await, 22);
}

#[actix::test]
async fn a_node_that_cannot_write_leaves_its_actors_to_the_others() {
    let (_hub, nodes) = three().await;
    let stream = stream_of(&nodes, 1).await;
    nodes[1].fit.store(false, Ordering::Relaxed);
    let impaired = |view: &Arc<actors::cluster::View>| view.members().iter().any(|member| member.state == State::Impaired);
    within(nodes[0].cluster.watch().wait_for(impaired)).await.unwrap();
    assert!(!nodes[0].owns(stream) || !nodes[2].owns(stream));
    nodes[0].world.ask(stream, Command::Add(10)).await.unwrap();
    until(|| nodes[1].world.system.live().actors == 0).await;
    nodes[1].fit.store(true, Ordering::Relaxed);
    settled(&nodes).await;
    assert_eq!(nodes[1].world.sum(stream).await, 11);
}

#[actix::test]
async fn without_a_bus_every_node_does_what_reaches_it() {
    let (hub, nodes) = three().await;
    let stream = stream_of(&nodes, 1).await;
    for node in &nodes {
        hub.cut(node.number, true);
    }
    for node in &nodes {
        within(node.cluster.watch().wait_for(|view| !view.connected())).await.unwrap();
        node.world.ask(stream, Command::Add(10)).await.unwrap();
    }
    assert_eq!(nodes[0].world.logged(stream).await, [1, 10, 10, 10]);
    for node in &nodes {
        node.world.tailed().await;
        assert_eq!(node.world.sum(stream).await, 31);
        hub.cut(node.number, false);
    }
    settled(&nodes).await;
    nodes[2].world.ask(stream, Command::Add(100)).await.unwrap();
    // Where it is read from may still have the actor that it opened while it was alone; its tail tells it.
    nodes[0].world.tailed().await;
    assert_eq!(nodes[0].world.sum(stream).await, 131);
}

#[actix::test]
async fn no_two_nodes_share_a_name() {
    let hub = MemoryHub::default();
    let world = World::new().await;
    let (second, third) = (world.elsewhere().await, world.elsewhere().await);
    let first = join(&hub, world, "a", 1).await;
    match try_join(&hub, second, settings("a", 2), 1024 * 1024).await {
        Err(JoinFailure::NameTaken { name, .. }) => assert_eq!(name, "a"),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("two nodes of one name"),
    }
    assert!(!first.cluster.is_displaced());
    // One that hung when its successor came finds out when it is back.
    hub.hold(first.number, true);
    let later = join(&hub, third, "a", 3).await;
    hub.hold(first.number, false);
    until(|| first.cluster.is_displaced()).await;
    within(first.cluster.watch().wait_for(|view| view.owned() == 0)).await.unwrap();
    within(later.cluster.watch().wait_for(|view| view.owned() == 1_024)).await.unwrap();
    assert!(!later.cluster.is_displaced());
}

#[actix::test]
async fn nodes_of_two_versions_understand_each_other() {
    let hub = MemoryHub::default();
    let world = World::new().await;
    let second = world.elsewhere().await;
    let older = Settings { protocol_max: 1, ..settings("a", 1) };
    let nodes = [try_join(&hub, world, older, 1024 * 1024).await.unwrap(), join(&hub, second, "b", 2).await];
    settled(&nodes).await;
    let (olders, newers) = (stream_of(&nodes, 0).await, stream_of(&nodes, 1).await);
    for node in &nodes {
        for stream in [olders, newers] {
            node.world.ask(stream, Command::Add(10)).await.unwrap();
            assert!(matches!(node.world.ask(stream, Command::AddBelow { number: 1, limit: 0 }).await, Err(Refused::Rejected { .. })));
        }
    }
    for node in &nodes {
        assert_eq!((node.world.sum(olders).await, node.world.sum(newers).await), (21, 21));
    }
    for node in &nodes {
        assert_eq!((node.world.holds(olders).await, node.world.holds(newers).await), (node.owns(olders), node.owns(newers)));
    }
    // Upgraded, one after the other: the older node comes back with what it held back before.
    nodes[0].cluster.leave().await;
    let upgraded = join(&hub, nodes[0].world.elsewhere().await, "a", 3).await;
    upgraded.world.ask(newers, Command::Add(100)).await.unwrap();
    assert_eq!(nodes[1].world.sum(newers).await, 121);
}

#[actix::test]
async fn a_version_that_nobody_speaks_is_refused_at_the_start() {
    let hub = MemoryHub::default();
    let refused = try_join(&hub, World::new().await, Settings { protocol_max: 99, ..settings("a", 1) }, 1024).await;
    assert!(matches!(refused.err(), Some(JoinFailure::Protocol { asked: 99, .. })));
}

#[actix::test]
async fn long_answers_travel_in_parts_and_long_questions_are_answered_here() {
    let hub = MemoryHub::default();
    let world = World::new().await;
    let second = world.elsewhere().await;
    let join = |world, name, boot| try_join(&hub, world, settings(name, boot), 900);
    let nodes = [join(world, "a", 1).await.unwrap(), join(second, "b", 2).await.unwrap()];
    settled(&nodes).await;
    let stream = stream_of(&nodes, 1).await;
    let many: Vec<i64> = (0..200).map(|number| number * 1_000_000).collect();
    let before = nodes[0].world.system.live().actors;
    // Larger than a message may be: it cannot be sent, so that this node does it.
    let done = nodes[0].world.ask(stream, Command::AddAll(many.clone())).await.unwrap();
    assert_eq!(done.view.0.numbers.len(), 201);
    assert_eq!(nodes[0].world.system.live().actors, before + 1);
    // Its answer is larger too: it comes in parts.
    let done = nodes[0].world.ask(stream, Command::Add(7)).await.unwrap();
    assert_eq!(done.view.0.numbers.len(), 202);
    assert_eq!(nodes[0].world.read(stream).await.unwrap().view.0.numbers.len(), 202);
    // Who does not look at it is not sent it.
    let brief = actors::system::Request { brief: true, ..request() };
    let done = nodes[0].world.system.execute::<Tally>(stream, brief, Command::Add(8)).await.unwrap();
    assert!(done.first.is_some() && done.view.0.numbers.is_empty());
}

#[actix::test]
async fn what_cannot_be_said_is_done_here() {
    let (_hub, nodes) = three().await;
    let stream = stream_of(&nodes, 1).await;
    let before = nodes[0].world.system.live().actors;
    let (begun, mut has_begun) = tokio::sync::watch::channel(false);
    let block = Arc::new(crate::tally::Block { begun, released: std::sync::Barrier::new(2) });
    let asked = nodes[0].world.send(stream, request(), Command::Block(block.clone()));
    within(has_begun.wait_for(|begun| *begun)).await.unwrap();
    block.released.wait();
    // It changes nothing, and such a "no" is asked for twice among several nodes.
    let again = tokio::task::spawn_blocking(move || block.released.wait());
    within(asked).await.unwrap().unwrap();
    again.await.unwrap();
    assert_eq!(nodes[0].world.system.live().actors, before + 1);
}

#[actix::test]
async fn a_busy_owner_is_told_to_whoever_asked() {
    let (_hub, nodes) = three().await;
    let stream = stream_of(&nodes, 1).await;
    nodes[1].world.journal.hold();
    // More than its mailbox and its window of uncommitted commands take together.
    let sent: Vec<_> = (0..600).map(|_| nodes[0].world.send(stream, request(), Command::Add(1))).collect();
    nodes[1].world.waiting(1).await;
    until(|| sent.iter().filter(|answer| answer.is_finished()).count() > 200).await;
    nodes[1].world.journal.release();
    let (mut done, mut busy) = (0, 0);
    for answer in sent {
        match within(answer).await.unwrap() {
            Ok(_) => done += 1,
            Err(Refused::Busy(_)) => busy += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(busy > 200 && done > 0, "{busy} and {done}");
    assert_eq!(nodes[1].world.logged(stream).await.len(), done + 1, "of those that were refused nothing was done");
}

#[actix::test]
async fn one_that_is_past_its_deadline_is_not_carried_out() {
    let (_hub, nodes) = three().await;
    let stream = stream_of(&nodes, 1).await;
    let late = question(&nodes[0], stream, -1);
    assert!(matches!(ask(&nodes[0], &nodes[1], late.encode(2).unwrap()).await, Reply::Refused(Refused::Busy(_))));
    // Somebody else may be carrying it out: that nothing was done cannot be said then.
    let given_before = Question { submitted: true, ..late };
    assert!(matches!(ask(&nodes[0], &nodes[1], given_before.encode(2).unwrap()).await, Reply::Refused(Refused::Unknown)));
    assert_eq!(nodes[1].world.logged(stream).await, [1]);
}

#[actix::test]
async fn messages_that_are_none_are_told_from_questions() {
    let (_hub, nodes) = three().await;
    let stream = stream_of(&nodes, 1).await;
    let good = question(&nodes[0], stream, 5_000_000).encode(2).unwrap();
    let mut future = good.to_vec();
    future[2] = 99;
    let mut format = good.to_vec();
    format[0] = 7;
    let garbage_body = Question { body: Bytes::from_static(b"\x01\x00\x01\xff\xff\xff"), ..question(&nodes[0], stream, 5_000_000) };
    let other_schema = Question { body: Bytes::from_static(b"\x01\x00\x63\x00"), ..question(&nodes[0], stream, 5_000_000) };
    let not_hosted = Question { stream: StreamId::new(Kind::Person, 1), ..question(&nodes[0], stream, 5_000_000) };
    let messages = [
        ("nothing", Bytes::new()),
        ("one byte", Bytes::from_static(&[1])),
        ("cut short", good.slice(..good.len() - 1)),
        ("a byte too many", Bytes::from([good.as_ref(), &[0]].concat())),
        ("a later version", Bytes::from(future)),
        ("another format", Bytes::from(format)),
        ("noise", Bytes::from(vec![0xa5; 100_000])),
        ("a command that cannot be read", garbage_body.encode(2).unwrap()),
        ("a command of a later build", other_schema.encode(2).unwrap()),
        ("a kind that is not hosted", not_hosted.encode(2).unwrap()),
    ];
    for (what, message) in messages {
        let reply = ask(&nodes[0], &nodes[1], message).await;
        assert!(matches!(reply, Reply::Unreadable), "{what}: {reply:?}");
    }
    assert!(matches!(ask(&nodes[0], &nodes[1], good).await, Reply::Done { .. }), "it is none the worse for it");
    assert_eq!(nodes[1].world.logged(stream).await, [1, 9]);
}

#[actix::test]
async fn a_question_is_passed_on_once() {
    let (_hub, nodes) = three().await;
    let stream = stream_of(&nodes, 2).await;
    // To a node that does not own it: it asks the owner.
    let first = question(&nodes[0], stream, 5_000_000);
    assert!(matches!(ask(&nodes[0], &nodes[1], first.encode(2).unwrap()).await, Reply::Done { .. }));
    assert!(!nodes[1].world.holds(stream).await && nodes[2].world.holds(stream).await);
    // One that was passed on, or whose owner is passed over, is answered where it arrives.
    for second in [
        Question { hops: 1, ..question(&nodes[0], stream, 5_000_000) },
        Question { takeover: true, ..question(&nodes[0], stream, 5_000_000) },
    ] {
        let second = Question { command: command_id(), ..second };
        assert!(matches!(ask(&nodes[0], &nodes[1], second.encode(1).unwrap()).await, Reply::Done { .. }));
    }
    assert_eq!(nodes[1].world.logged(stream).await, [1, 9, 9, 9]);
}

/// A question as the node would ask it, due in so many microseconds.
fn question(from: &Node, stream: StreamId, due: i64) -> Question {
    Question {
        from: Boot(Uuid::from_u128(77)),
        verb: Verb::Execute,
        stream,
        organisation: HOME,
        who: ANNA,
        command: CommandId::from_key(HOME, ANNA, &format!("{stream}")),
        keyed: false,
        submitted: false,
        deadline: from.world.journal.now().as_microsecond() + due,
        hops: 0,
        takeover: false,
        position: 0,
        brief: false,
        meta: Meta::default(),
        trace: None,
        body: actors::codec::encode(1, &Command::Add(9)).unwrap().into(),
    }
}

/// Asks a node past everything that the cluster would do.
async fn ask(from: &Node, to: &Node, message: Bytes) -> Reply {
    let boot = to.cluster.view().members()[0].boot;
    let reply = format!("test.answer.{}", command_id().0.simple());
    let mut answers = from.bus.subscribe(reply.clone()).await.unwrap();
    from.bus.publish(format!("test.node.{boot}"), Some(reply), message).await.unwrap();
    loop {
        let answer = within(answers.next()).await.unwrap();
        match Frame::decode(&answer.payload).unwrap() {
            Frame::Alive => {}
            Frame::Part { last, number, bytes } => {
                assert!(last && number == 0);
                return Reply::decode(&bytes).unwrap();
            }
        }
    }
}
