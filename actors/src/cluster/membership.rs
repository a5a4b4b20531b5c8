//! Who there is, as one node knows it: from what it hears, and from what it does not hear any more. Pure: what was
//! heard and what time it is are arguments. Not how it is heard (see [`super::life`]).
//!
//! Time is the node's own monotonic clock, never the wall's: a node whose clock is an hour off is a member like others.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::member::{Boot, Member, State};
use super::view::View;

/// Between two words of a node.
pub const HEARTBEAT: Duration = Duration::from_secs(1);
/// A node that was not heard of for so long is dead.
pub const DEAD_AFTER: Duration = Duration::from_secs(3);
/// For how long a node that gave no sign of life is passed over; after that it must have been heard of.
pub const SUSPECT_FOR: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
struct Peer {
    member: Arc<Member>,
    heard: Instant,
    /// Until when it is passed over.
    suspected: Option<Instant>,
}

/// What a word of another node led to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    /// Whom to send what to is different now.
    pub changed: bool,
    /// It was not known before.
    pub new: bool,
    /// It bears this node's own name, and is the later of the two.
    pub displaces: bool,
}

/// The others, and this node among them.
pub(crate) struct Membership {
    me: Member,
    peers: BTreeMap<Boot, Peer>,
    /// Whether there is a way to the others.
    connected: bool,
    ticked: Instant,
}

impl Membership {
    pub fn new(me: Member, now: Instant) -> Self {
        Self { me, peers: BTreeMap::new(), connected: false, ticked: now }
    }

    pub fn me(&self) -> &Member {
        &self.me
    }

    pub fn me_mut(&mut self) -> &mut Member {
        &mut self.me
    }

    /// Whether there is a way to the others; tells whether that is news.
    pub fn set_connected(&mut self, connected: bool, now: Instant) -> bool {
        if connected && !self.connected {
            // Nobody could be heard meanwhile; they get the time to be heard again.
            self.forgive(now);
        }
        std::mem::replace(&mut self.connected, connected) != connected
    }

    /// Takes in a node's word.
    pub fn heard(&mut self, member: Member, now: Instant) -> Heard {
        if member.boot == self.me.boot {
            return Heard::default();
        }
        if member.state == State::Gone {
            return Heard { changed: self.left(member.boot), ..Heard::default() };
        }
        let displaces = member.name == self.me.name && member.boot > self.me.boot && member.state != State::Joining;
        let Some(peer) = self.peers.get_mut(&member.boot) else {
            let peer = Peer { member: Arc::new(member), heard: now, suspected: None };
            self.peers.insert(peer.member.boot, peer);
            return Heard { changed: true, new: true, displaces };
        };
        peer.heard = now;
        let mut changed = false;
        if peer.suspected.is_some_and(|until| until <= now) {
            peer.suspected = None;
            changed = true;
        }
        changed |= !same_place(&peer.member, &member);
        peer.member = Arc::new(member);
        Heard { changed, new: false, displaces }
    }

    /// A node has ended, or nobody is there where it was. Tells whether that is news.
    pub fn left(&mut self, boot: Boot) -> bool {
        self.peers.remove(&boot).is_some()
    }

    /// A node gave no sign of life. Tells whether that is news.
    pub fn suspect(&mut self, boot: Boot, now: Instant) -> bool {
        let Some(peer) = self.peers.get_mut(&boot) else { return false };
        peer.suspected.replace(now + SUSPECT_FOR).is_none()
    }

    /// Lets time pass. Tells who died of it.
    pub fn tick(&mut self, now: Instant) -> Vec<Arc<Member>> {
        // Whoever stood still itself must not take the others for dead.
        if now.saturating_duration_since(self.ticked) > HEARTBEAT * 2 {
            self.forgive(now);
        }
        self.ticked = now;
        if !self.connected {
            return Vec::new();
        }
        let dead: Vec<_> = self.peers.values().filter(|peer| now.saturating_duration_since(peer.heard) >= DEAD_AFTER).collect();
        let dead: Vec<Arc<Member>> = dead.into_iter().map(|peer| peer.member.clone()).collect();
        for member in &dead {
            self.peers.remove(&member.boot);
        }
        dead
    }

    fn forgive(&mut self, now: Instant) {
        for peer in self.peers.values_mut() {
            peer.heard = now;
        }
    }

    /// Somebody alive who bears this node's name.
    pub fn namesake(&self) -> Option<&Member> {
        self.peers.values().map(|peer| peer.member.as_ref()).find(|member| member.name == self.me.name)
    }

    /// Whether a node is known to live.
    pub fn knows(&self, boot: Boot) -> bool {
        self.peers.contains_key(&boot)
    }

    /// How things stand.
    pub fn view(&self) -> View {
        let others = self.peers.values().map(|peer| (peer.member.clone(), peer.suspected.is_some()));
        View::new(Arc::new(self.me.clone()), others.collect(), self.connected)
    }
}

/// Whether both lead to the same messages to the same node.
fn same_place(one: &Member, other: &Member) -> bool {
    (&one.name, one.state, one.roles, one.weight, one.protocols) == (&other.name, other.state, other.roles, other.weight, other.protocols)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::member::sample;
    use crate::cluster::view::Owner;

    const MOMENT: Duration = Duration::from_millis(900);

    fn two(now: Instant) -> Membership {
        let mut members = Membership::new(sample("a", 1), now);
        members.set_connected(true, now);
        assert_eq!(members.heard(sample("b", 2), now), Heard { changed: true, new: true, displaces: false });
        members
    }

    /// How many slices are this node's own.
    fn own(members: &Membership) -> usize {
        members.view().owned()
    }

    #[test]
    fn a_node_that_falls_silent_is_dead_after_three_seconds() {
        let mut now = Instant::now();
        let mut members = two(now);
        assert!((400..620).contains(&own(&members)));
        for _ in 0..3 {
            now += MOMENT;
            assert!(members.tick(now).is_empty());
        }
        now += MOMENT;
        assert_eq!(members.tick(now)[0].name, "b");
        assert_eq!(own(&members), 1_024);
    }

    #[test]
    fn a_node_that_says_good_bye_is_gone_at_once() {
        let now = Instant::now();
        let mut members = two(now);
        assert!(members.heard(Member { state: State::Gone, ..sample("b", 2) }, now).changed);
        assert_eq!(own(&members), 1_024);
        assert!(!members.heard(Member { state: State::Gone, ..sample("b", 2) }, now).changed, "only once");
    }

    #[test]
    fn whoever_stood_still_does_not_take_the_others_for_dead() {
        let mut now = Instant::now();
        let mut members = two(now);
        now += Duration::from_secs(10);
        assert!(members.tick(now).is_empty());
        // But they must be heard of from then on.
        for _ in 0..4 {
            now += MOMENT;
            members.tick(now);
        }
        assert_eq!(own(&members), 1_024);
    }

    #[test]
    fn without_a_way_to_the_others_nobody_dies_and_everything_is_done_here() {
        let mut now = Instant::now();
        let mut members = two(now);
        assert!(members.set_connected(false, now));
        assert_eq!(own(&members), 1_024);
        for _ in 0..20 {
            now += MOMENT;
            assert!(members.tick(now).is_empty());
        }
        members.set_connected(true, now);
        assert!(members.tick(now).is_empty());
        assert!(own(&members) < 620);
    }

    #[test]
    fn a_suspect_is_passed_over_until_it_is_heard_of_after_its_time() {
        let mut now = Instant::now();
        let mut members = two(now);
        assert!(members.suspect(Boot(uuid::Uuid::from_u128(2)), now));
        assert_eq!(own(&members), 1_024);
        assert!(members.view().in_doubt());
        now += MOMENT;
        assert!(!members.heard(sample("b", 2), now).changed, "too early: it may have been sent before");
        assert_eq!(own(&members), 1_024);
        now += MOMENT;
        assert!(members.heard(sample("b", 2), now).changed);
        assert!(own(&members) < 620 && !members.view().in_doubt());
        assert!(!members.suspect(Boot(uuid::Uuid::from_u128(9)), now), "nobody");
    }

    #[test]
    fn only_active_nodes_own_anything() {
        let now = Instant::now();
        let mut members = two(now);
        for state in [State::Joining, State::Draining, State::Impaired, State::Unknown] {
            assert!(members.heard(Member { state, ..sample("b", 2) }, now).changed);
            assert_eq!(own(&members), 1_024, "{state:?}");
        }
        let followers = "followers".parse().unwrap();
        members.heard(Member { roles: followers, ..sample("b", 2) }, now);
        assert_eq!(own(&members), 1_024, "without the role");
        members.heard(sample("b", 2), now);
        members.me_mut().state = State::Draining;
        assert_eq!(own(&members), 0);
        assert!((0..1_024).all(|slice| matches!(members.view().owner(slice), Owner::There(_))));
    }

    #[test]
    fn where_nobody_may_own_anything_each_does_what_reaches_it() {
        let now = Instant::now();
        let mut members = two(now);
        members.heard(Member { state: State::Impaired, ..sample("b", 2) }, now);
        members.me_mut().state = State::Impaired;
        assert!((0..1_024).all(|slice| matches!(members.view().owner(slice), Owner::Here)));
    }

    #[test]
    fn of_two_nodes_of_one_name_the_earlier_is_displaced() {
        let now = Instant::now();
        let mut members = two(now);
        assert!(members.namesake().is_none());
        assert!(members.heard(sample("a", 9), now).displaces);
        assert_eq!(members.namesake().unwrap().boot, sample("a", 9).boot);
        let mut later = Membership::new(sample("a", 9), now);
        assert!(!later.heard(sample("a", 1), now).displaces);
        let mut early = Membership::new(sample("a", 1), now);
        assert!(!early.heard(Member { state: State::Joining, ..sample("a", 9) }, now).displaces, "it may yet be refused");
    }

    #[test]
    fn its_own_word_is_nothing_new() {
        let now = Instant::now();
        let mut members = two(now);
        assert_eq!(members.heard(sample("a", 1), now), Heard::default());
    }
}
