//! Collects what a question finds, of what the asker may see: the filter stands inside, so that what is counted is what may be seen.
//! Not how it is shown (see [`super::find`]).
//!
//! A text with every clause of the question is found by itself. A **task** is found also where its texts have them together: the
//! title one word, a comment the other. Each clause then marks the tasks of which some text has it, the rarest first, and what is
//! marked by all of them is found by the text that has the most of them. A task of which one text has them all comes before those.

use std::collections::HashSet;

use domain::Issued;
use tantivy::query::{AllQuery, BooleanQuery, EnableScoring, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet as _, Searcher, SegmentReader, TERMINATED, columnar::Column};

use super::Broken;
use super::filter::Filter;
use super::find::Order;
use super::gather::{Gather, Hit};
use super::query::Asked;
use super::schema::{Fields, Kind, Thing};
use super::sight::Sight;
use super::table::Table;
use super::words;

/// Of so few tasks each text is looked at by itself, rather than every text that has a frequent word.
const FEW: usize = 1_000;
/// How much dearer a look at a text by its task is than one in the order of the index.
const DEARER: u64 = 50;

/// Whoever collects for one question.
pub(super) struct Collector<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    table: &'a Table,
    asked: &'a Asked,
    issued: &'a Issued<'a>,
    order: Order,
    filter: Filter<'a>,
    /// Things of which some document says what is not wanted.
    excluded: HashSet<u64>,
}

impl<'a> Collector<'a> {
    pub fn of(
        (searcher, fields, table): (&'a Searcher, &'a Fields, &'a Table),
        asked: &'a Asked,
        issued: &'a Issued<'a>,
        order: Order,
    ) -> Result<Self, Broken> {
        let filter = Filter::of(asked);
        let mut collector = Self { searcher, fields, table, asked, issued, order, filter, excluded: HashSet::new() };
        collector.exclude()?;
        Ok(collector)
    }

    fn exclude(&mut self) -> Result<(), Broken> {
        for query in self.asked.none.iter().filter_map(|clause| words::only(clause, self.fields)) {
            let weight = query.weight(EnableScoring::disabled_from_searcher(self.searcher))?;
            for segment in self.searcher.segment_readers() {
                let things = segment.fast_fields().u64("thing")?.first_or_default_col(u64::MAX);
                let alive = segment.alive_bitset();
                weight.for_each_no_score(segment, &mut |docs| {
                    let docs = docs.iter().copied().filter(|doc| alive.is_none_or(|alive| alive.is_alive(*doc)));
                    self.excluded.extend(docs.map(|doc| things.get_val(doc)));
                })?;
            }
        }
        Ok(())
    }

    /// Everything that has all of `clauses`, the asker may see, and nothing speaks against.
    pub fn gather(&self, clauses: &[Box<dyn Query>]) -> Result<Gather, Broken> {
        let mut gather = Gather::default();
        if clauses.is_empty() && !self.asked.all.is_empty() && !self.asked.of_tasks() {
            // Words without a letter in them.
            return Ok(gather);
        }
        let scored = !clauses.is_empty() && self.order == Order::Relevance;
        let weights: Vec<Box<dyn Weight>> = clauses.iter().map(|clause| clause.weight(self.scoring(scored))).collect::<Result<_, _>>()?;
        let mut sight = Sight::of(self.issued, self.table);
        let mut whole = Tasks::below(if weights.len() > 1 { self.table.reach() } else { 0 });
        self.whole_texts(clauses, scored, &mut sight, &mut |task| whole.insert(task), &mut gather)?;
        if weights.len() > 1 && self.filter.takes_tasks() {
            let mut together = self.together(&weights, &mut sight)?;
            together.remove(&whole);
            self.parts(&weights, &together, scored, &mut gather)?;
        }
        Ok(gather)
    }

    fn scoring(&self, scored: bool) -> EnableScoring<'_> {
        if scored { EnableScoring::enabled_from_searcher(self.searcher) } else { EnableScoring::disabled_from_searcher(self.searcher) }
    }

    /// What has all clauses in one text.
    fn whole_texts(
        &self,
        clauses: &[Box<dyn Query>],
        scored: bool,
        sight: &mut Sight<'_>,
        of_task: &mut dyn FnMut(u64),
        gather: &mut Gather,
    ) -> Result<(), Broken> {
        let all: Box<dyn Query> = match clauses {
            [] => Box::new(AllQuery),
            [one] => one.box_clone(),
            several => Box::new(BooleanQuery::intersection(several.iter().map(|clause| clause.box_clone()).collect())),
        };
        let weight = all.weight(self.scoring(scored))?;
        for (ordinal, segment) in (0..).zip(self.searcher.segment_readers()) {
            let columns = Columns::of(segment)?;
            let mut take = |doc: DocId, score: f32| {
                if !self.takes_text(&columns, doc) {
                    return;
                }
                let packed = columns.things.get_val(doc);
                let Some(thing) = Thing::unpacked(packed) else { return };
                let seen = if thing.kind == Kind::Task {
                    self.takes_task(thing.id, sight)
                } else {
                    let at_home = columns.organisations.get_val(doc) == self.issued.organisation.0;
                    at_home && !self.filter.of_tasks && sight.other(thing) && !self.excluded.contains(&packed)
                };
                if seen {
                    if thing.kind == Kind::Task {
                        of_task(packed);
                    }
                    gather.add(columns.hit((ordinal, doc), packed, clauses.len(), scored.then_some(score)));
                }
            };
            if scored {
                weight.for_each(segment, &mut take)?;
            } else {
                weight.for_each_no_score(segment, &mut |docs| docs.iter().for_each(|doc| take(*doc, 0.0)))?;
            }
        }
        Ok(())
    }

    /// The tasks of which each clause is in some text.
    fn together(&self, weights: &[Box<dyn Weight>], sight: &mut Sight<'_>) -> Result<Tasks, Broken> {
        let segments = self.searcher.segment_readers();
        // One a segment for each clause, and what it costs to go through all of them.
        let mut clauses: Vec<(u64, Vec<Box<dyn Scorer>>)> = Vec::with_capacity(weights.len());
        for weight in weights {
            let scorers: Vec<_> = segments.iter().map(|segment| weight.scorer(segment, 1.0)).collect::<Result<_, _>>()?;
            clauses.push((scorers.iter().map(|scorer| scorer.cost()).sum(), scorers));
        }
        clauses.sort_by_key(|(cost, _)| *cost);
        let mut found: Option<Tasks> = None;
        for (cost, scorers) in clauses {
            let mut having = Tasks::below(self.table.reach());
            let few = found.as_ref().map(Tasks::count).filter(|count| *count <= FEW && cost > *count as u64 * DEARER);
            for (mut scorer, segment) in scorers.into_iter().zip(segments) {
                let columns = Columns::of(segment)?;
                let mut mark = |doc| {
                    let task = columns.things.get_val(doc);
                    if found.as_ref().is_none_or(|found| found.contains(task)) && !having.contains(task) && self.takes_text(&columns, doc) {
                        having.insert(task);
                    }
                };
                if few.is_some() {
                    for doc in self.texts(segment, found.as_ref())? {
                        if reaches(&mut *scorer, doc) {
                            mark(doc);
                        }
                    }
                } else {
                    let mut doc = scorer.doc();
                    while doc != TERMINATED {
                        mark(doc);
                        doc = scorer.advance();
                    }
                }
            }
            if found.is_none() {
                having.retain(|task| i64::try_from(task).is_ok_and(|task| self.takes_task(task, sight)));
            }
            let nothing = having.is_empty();
            found = Some(having);
            if nothing {
                break;
            }
        }
        Ok(found.unwrap_or_default())
    }

    /// Adds each of `tasks` by its texts that have any of the clauses; the one that has the most of them counts.
    fn parts(&self, weights: &[Box<dyn Weight>], tasks: &Tasks, scored: bool, gather: &mut Gather) -> Result<(), Broken> {
        let few = match tasks.count() {
            0 => return Ok(()),
            count => count <= FEW,
        };
        for (ordinal, segment) in (0..).zip(self.searcher.segment_readers()) {
            let columns = Columns::of(segment)?;
            let mut scorers: Vec<Box<dyn Scorer>> = weights.iter().map(|weight| weight.scorer(segment, 1.0)).collect::<Result<_, _>>()?;
            let mut take = |doc: DocId, scorers: &mut [Box<dyn Scorer>]| {
                let task = columns.things.get_val(doc);
                if !tasks.contains(task) || !self.takes_text(&columns, doc) {
                    return;
                }
                let (mut has, mut score) = (0, 0.0);
                for scorer in scorers.iter_mut().filter(|scorer| scorer.doc() == doc) {
                    has += 1;
                    score += if scored { scorer.score() } else { 0.0 };
                }
                gather.add(columns.hit((ordinal, doc), task, has, scored.then_some(score)));
            };
            if few {
                for doc in self.texts(segment, Some(tasks))? {
                    let mut any = false;
                    for scorer in &mut scorers {
                        any |= reaches(&mut **scorer, doc);
                    }
                    if any {
                        take(doc, &mut scorers);
                    }
                }
            } else {
                loop {
                    let doc = scorers.iter().map(|scorer| scorer.doc()).min().unwrap_or(TERMINATED);
                    if doc == TERMINATED {
                        break;
                    }
                    take(doc, &mut scorers);
                    scorers.iter_mut().filter(|scorer| scorer.doc() == doc).for_each(|scorer| {
                        scorer.advance();
                    });
                }
            }
        }
        Ok(())
    }

    /// All texts of these tasks in a segment, in its order.
    fn texts(&self, segment: &SegmentReader, tasks: Option<&Tasks>) -> Result<Vec<DocId>, Broken> {
        let things = segment.inverted_index(self.fields.thing)?;
        let mut texts = Vec::new();
        for task in tasks.into_iter().flat_map(Tasks::iter) {
            let term = self.fields.thing_packed(task);
            let Some(mut postings) = things.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                texts.push(doc);
                doc = postings.advance();
            }
        }
        texts.sort_unstable();
        Ok(texts)
    }

    /// Whether a text counts: it is there, and of the kind, by whom and of the time that is asked for.
    fn takes_text(&self, columns: &Columns<'_>, doc: DocId) -> bool {
        columns.segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc))
            && self.filter.takes_kind(|| Kind::numbered(columns.kinds.get_val(doc)))
            && self.filter.takes_written(|| columns.authors.get_val(doc), || columns.made.get_val(doc))
    }

    /// Whether the asker sees a task, it stands as is asked for, and nothing speaks against it.
    fn takes_task(&self, task: i64, sight: &mut Sight<'_>) -> bool {
        let Some(entry) = self.table.get(task) else { return false };
        sight.task(entry, self.table)
            && self.filter.takes_task(entry, self.table)
            && !self.excluded.contains(&Thing { kind: Kind::Task, id: task }.packed())
    }
}

/// Moves on to `target`, or behind it. Tells whether it is there.
fn reaches(scorer: &mut dyn Scorer, target: DocId) -> bool {
    let doc = if scorer.doc() < target { scorer.seek(target) } else { scorer.doc() };
    doc == target
}

/// What is looked up of each text.
struct Columns<'a> {
    segment: &'a SegmentReader,
    kinds: Values<u64>,
    things: Values<u64>,
    organisations: Values<i64>,
    authors: Values<i64>,
    made: Values<i64>,
}

type Values<T> = std::sync::Arc<dyn tantivy::columnar::ColumnValues<T>>;

impl<'a> Columns<'a> {
    fn of(segment: &'a SegmentReader) -> Result<Self, Broken> {
        let fast = segment.fast_fields();
        let number = |name, default| Ok::<_, Broken>(Column::first_or_default_col(fast.i64(name)?, default));
        Ok(Self {
            segment,
            kinds: fast.u64("kind")?.first_or_default_col(u64::MAX),
            things: fast.u64("thing")?.first_or_default_col(u64::MAX),
            organisations: number("organisation", i64::MIN)?,
            authors: number("author", 0)?,
            made: number("made", 0)?,
        })
    }

    /// What a text that has so many of the clauses is found as. Without a score the newest comes first.
    fn hit(&self, (ordinal, doc): (u32, DocId), thing: u64, clauses: usize, score: Option<f32>) -> Hit {
        let clauses = u64::try_from(clauses).unwrap_or_default();
        let made = || u64::try_from(self.made.get_val(doc)).unwrap_or_default();
        let (rank, worth) = match score {
            // Bits of floats that are not negative are in their order.
            Some(score) => {
                let worth = (clauses << 32) | u64::from(score.max(0.0).to_bits());
                (worth, worth)
            }
            None => (made(), (clauses << 40) | made()),
        };
        Hit { rank, worth, thing, address: DocAddress::new(ordinal, doc) }
    }
}

/// A set of tasks, by their numbers.
#[derive(Debug, Default)]
struct Tasks(Vec<u64>);

impl Tasks {
    /// Nothing yet, of those below `reach`.
    fn below(reach: usize) -> Self {
        Self(vec![0; reach.div_ceil(64)])
    }

    fn place(task: u64) -> Option<(usize, u64)> {
        Some((usize::try_from(task / 64).ok()?, 1 << (task % 64)))
    }

    /// What is no task is none of them.
    fn contains(&self, task: u64) -> bool {
        Self::place(task).is_some_and(|(at, bit)| self.0.get(at).is_some_and(|bits| bits & bit != 0))
    }

    fn insert(&mut self, task: u64) {
        if let Some((at, bit)) = Self::place(task)
            && let Some(bits) = self.0.get_mut(at)
        {
            *bits |= bit;
        }
    }

    fn remove(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(bits, others)| *bits &= !others);
    }

    fn retain(&mut self, mut keep: impl FnMut(u64) -> bool) {
        for (at, bits) in (0_u64..).zip(&mut self.0) {
            let mut left = *bits;
            while left != 0 {
                let bit = left & left.wrapping_neg();
                left &= !bit;
                if !keep(at * 64 + u64::from(bit.trailing_zeros())) {
                    *bits &= !bit;
                }
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = u64> {
        let bits = |(at, bits): (u64, &u64)| {
            let bits = *bits;
            (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| at * 64 + bit)
        };
        (0_u64..).zip(&self.0).filter(|(_, bits)| **bits != 0).flat_map(bits)
    }

    fn count(&self) -> usize {
        self.0.iter().map(|bits| bits.count_ones() as usize).sum()
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_tasks_holds_what_was_put_in_and_nothing_that_is_no_task() {
        let mut tasks = Tasks::below(130);
        [0, 63, 64, 129, 1 << 50].into_iter().for_each(|task| tasks.insert(task));
        assert_eq!(tasks.iter().collect::<Vec<_>>(), [0, 63, 64, 129]);
        assert!(tasks.contains(129) && !tasks.contains(1 << 50) && !tasks.contains(1));
        tasks.retain(|task| task != 63);
        let mut others = Tasks::below(130);
        others.insert(64);
        tasks.remove(&others);
        assert_eq!((tasks.iter().collect::<Vec<_>>(), tasks.count(), tasks.is_empty()), (vec![0, 129], 2, false));
    }
}
