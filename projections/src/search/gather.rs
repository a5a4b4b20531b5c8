//! Keeps the best of what was found, each thing once, and counts: exactly up to [`COUNTED_MAX`], in bounded memory beyond.

use std::cmp::Reverse;
use std::collections::HashMap;

use tantivy::DocAddress;

/// Up to here counts are exact, and pages go.
pub const COUNTED_MAX: usize = 10_000;

/// How far up something stands, and in which document it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub rank: u64,
    /// How much of the question it is found for; the document that is worth most is shown.
    pub worth: u64,
    pub thing: u64,
    pub address: DocAddress,
}

impl Hit {
    /// What is shown first is the greater.
    pub fn place(&self) -> (u64, u64) {
        (self.rank, self.thing)
    }
}

#[derive(Debug, Default)]
pub(super) struct Gather {
    best: HashMap<u64, Hit>,
    /// Of what was let go because there is too much; nothing below is taken any more.
    floor: Option<(u64, u64)>,
}

impl Gather {
    pub fn add(&mut self, hit: Hit) {
        if self.floor.is_some_and(|floor| hit.place() <= floor) {
            return;
        }
        let known = self.best.entry(hit.thing).or_insert(hit);
        let rank = hit.rank.max(known.rank);
        // Of two documents that are as good, the later one: which segment comes first is chance.
        if (hit.worth, hit.address) > (known.worth, known.address) {
            *known = hit;
        }
        known.rank = rank;
        if self.best.len() > 2 * COUNTED_MAX {
            self.prune();
        }
    }

    fn prune(&mut self) {
        let mut hits: Vec<Hit> = self.best.drain().map(|(_, hit)| hit).collect();
        hits.select_nth_unstable_by_key(COUNTED_MAX, |hit| Reverse(hit.place()));
        self.floor = Some(hits[COUNTED_MAX].place());
        hits.truncate(COUNTED_MAX);
        self.best = hits.into_iter().map(|hit| (hit.thing, hit)).collect();
    }

    /// All of it, best first, and whether that is all there is.
    pub fn harvest(mut self) -> (Vec<Hit>, bool) {
        let all = self.floor.is_none() && self.best.len() <= COUNTED_MAX;
        let mut hits: Vec<Hit> = self.best.drain().map(|(_, hit)| hit).collect();
        hits.sort_unstable_by_key(|hit| Reverse(hit.place()));
        hits.truncate(COUNTED_MAX);
        (hits, all)
    }

    pub fn is_empty(&self) -> bool {
        self.best.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(thing: u64, rank: u64, doc: u32) -> Hit {
        Hit { rank, worth: rank, thing, address: DocAddress::new(0, doc) }
    }

    #[test]
    fn a_thing_is_kept_once_with_its_best_document() {
        let mut gather = Gather::default();
        [hit(1, 5, 0), hit(2, 7, 1), hit(1, 9, 2), hit(1, 6, 3)].into_iter().for_each(|hit| gather.add(hit));
        assert_eq!(gather.harvest(), (vec![hit(1, 9, 2), hit(2, 7, 1)], true));
    }

    #[test]
    fn a_thing_stands_where_its_newest_document_has_it_and_shows_the_one_that_is_worth_most() {
        let mut gather = Gather::default();
        let (worth, new) = (Hit { worth: 2, ..hit(1, 5, 0) }, Hit { worth: 1, ..hit(1, 9, 1) });
        [worth, new].into_iter().for_each(|hit| gather.add(hit));
        assert_eq!(gather.harvest(), (vec![Hit { rank: 9, ..worth }], true));
    }

    #[test]
    fn beyond_what_is_counted_the_best_are_still_right() {
        let mut gather = Gather::default();
        let many = 100_000_u64;
        for thing in 0..many {
            // In an order without order.
            gather.add(hit(thing, thing * 7_919 % many, 0));
        }
        // One that was let go comes back with a better document.
        gather.add(hit(0, many + 1, 1));
        let (hits, all) = gather.harvest();
        assert_eq!((hits.len(), all), (COUNTED_MAX, false));
        assert_eq!(hits[0], hit(0, many + 1, 1));
        assert!(hits.windows(2).all(|pair| pair[0].rank > pair[1].rank));
        assert_eq!(hits[COUNTED_MAX - 1].rank, many + 1 - u64::try_from(COUNTED_MAX).expect("small"));
    }
}
