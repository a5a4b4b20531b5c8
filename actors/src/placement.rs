//! Where a stream's actor lives: slices of streams, and who owns a slice. Today one node owns them all;
//! an owner elsewhere is one more case of [`Owner`]. Not how a node is reached.

use domain::{OrganisationId, StreamId};
use xxhash_rust::xxh3::xxh3_64;

/// Slices that the streams of an installation are spread over. Never changes.
pub const SLICES: u64 = 1_024;

/// Who runs the actors of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// This node.
    Here,
}

/// The slice of a stream, below [`SLICES`].
pub fn slice(organisation: OrganisationId, stream: StreamId) -> u16 {
    let mut key = [0; 18];
    key[..8].copy_from_slice(&organisation.0.to_be_bytes());
    key[8..10].copy_from_slice(&stream.kind.number().to_be_bytes());
    key[10..].copy_from_slice(&stream.id.to_be_bytes());
    u16::try_from(xxh3_64(&key) % SLICES).expect("a slice is below 1,024")
}

/// Who owns a slice, as this node sees it.
pub fn owner(_slice: u16) -> Owner {
    Owner::Here
}

#[cfg(test)]
mod tests {
    use domain::Kind;

    use super::*;

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
}
