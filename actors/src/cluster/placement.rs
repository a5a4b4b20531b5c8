//! Who runs the actors of a stream: streams are spread over slices, and each slice belongs to the node that comes
//! first for it by rendezvous hashing. Every node works it out for itself, from whom it knows. Two nodes that know
//! different things may both run an actor for a while; the log lets one of them write.

use domain::{OrganisationId, StreamId};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::member::{Boot, Member};

/// Slices that the streams of an installation are spread over. Never changes.
pub const SLICES: u16 = 1_024;

/// The slice of a stream, below [`SLICES`].
pub fn slice(organisation: OrganisationId, stream: StreamId) -> u16 {
    let mut key = [0; 18];
    key[..8].copy_from_slice(&organisation.0.to_be_bytes());
    key[8..10].copy_from_slice(&stream.kind.number().to_be_bytes());
    key[10..].copy_from_slice(&stream.id.to_be_bytes());
    u16::try_from(xxh3_64(&key) % u64::from(SLICES)).expect("a slice is below 1,024")
}

/// How much a node may want a slice: the highest of as many draws as its weight. By its name, so that a node that
/// comes back gets back what it had; the later boot decides between two of one name.
fn score(member: &Member, slice: u16) -> (u64, Boot) {
    let draw = |number: u16| xxh3_64_with_seed(member.name.as_bytes(), u64::from(slice) << 16 | u64::from(number));
    ((0..member.weight).map(draw).max().unwrap_or_default(), member.boot)
}

/// The place in `members` of the one that owns `slice`; nothing where there are none.
pub fn first<'a>(members: impl Iterator<Item = (usize, &'a Member)>, slice: u16) -> Option<usize> {
    members.max_by_key(|(_, member)| score(member, slice)).map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use domain::Kind;

    use super::*;
    use crate::cluster::member::sample;

    fn owners(members: &[Member]) -> Vec<usize> {
        (0..SLICES).map(|slice| first(members.iter().enumerate(), slice).unwrap()).collect()
    }

    #[test]
    fn a_slice_never_changes() {
        let of = |organisation, kind, id| slice(OrganisationId(organisation), StreamId::new(kind, id));
        let pinned = [of(1, Kind::Task, 1), of(1, Kind::Task, 2), of(2, Kind::Task, 1), of(1, Kind::Person, 1)];
        assert_eq!(pinned, [445, 761, 640, 966]);
    }

    #[test]
    fn slices_are_about_equally_full() {
        let mut counts = vec![0_u32; 1_024];
        for id in 0..102_400 {
            counts[usize::from(slice(OrganisationId(7), StreamId::new(Kind::Task, id)))] += 1;
        }
        assert!(counts.iter().all(|count| (50..200).contains(count)), "{counts:?}");
    }

    #[test]
    fn nodes_share_the_slices_by_weight() {
        let mut members = [sample("a", 1), sample("b", 2), sample("c", 3)];
        let count = |members: &[Member], place| owners(members).into_iter().filter(|owner| *owner == place).count();
        for place in 0..3 {
            assert!((270..420).contains(&count(&members, place)), "{}", count(&members, place));
        }
        members[2].weight = 2;
        assert!((440..600).contains(&count(&members, 2)), "{}", count(&members, 2));
    }

    #[test]
    fn only_the_slices_of_a_node_that_comes_or_goes_move() {
        let members = [sample("a", 1), sample("b", 2), sample("c", 3)];
        let (with, without) = (owners(&members), owners(&members[..2]));
        for (before, after) in with.iter().zip(&without) {
            assert!(*before == 2 || before == after);
        }
    }

    #[test]
    fn a_node_that_is_started_again_gets_back_what_it_had() {
        let before = [sample("a", 1), sample("b", 2)];
        let after = [sample("a", 9), sample("b", 2)];
        assert_eq!(owners(&before), owners(&after));
        let both = [sample("a", 1), sample("a", 9)];
        assert!(owners(&both).iter().all(|owner| *owner == 1), "the later of two lives owns");
    }

    #[test]
    fn owners_are_those_of_every_release() {
        let members = [sample("one", 1), sample("two", 2), sample("three", 3)];
        let pinned = [2, 1, 2, 0, 2, 1, 0, 1, 1, 0, 0, 0];
        for (slice, owner) in (0..).zip(pinned) {
            assert_eq!(first(members.iter().enumerate(), slice), Some(owner), "slice {slice}");
        }
    }
}
