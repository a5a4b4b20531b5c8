//! Answers a question: has collected what the asker may see of it ([`super::collect`]), counts, and shows a page.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::str::FromStr;
use std::sync::PoisonError;

use domain::{FormId, Issued, PersonId, Position};
use jiff::Timestamp;
use tantivy::Searcher;

use super::Broken;
use super::collect::Collector;
use super::gather::{COUNTED_MAX, Hit};
use super::query::Asked;
use super::schema::{Fields, Kind, Thing};
use super::snippet::Snippet;
use super::table::Table;
use super::words::{self, Marks, Wanted};
use super::writer::Live;

/// Values of a facet that are told.
const FACETS_MAX: usize = 20;
/// Characters of what something without a title is called by.
const TITLE_CHARACTERS_MAX: usize = 120;

/// What comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// What fits best; without words, the newest.
    #[default]
    Relevance,
    Newest,
}

/// Where a page ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    rank: u64,
    thing: u64,
    near: bool,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}.{:x}.{}", self.rank, self.thing, u8::from(self.near))
    }
}

/// What is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoCursor;

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let mut parts = text.split('.');
        let mut next = || parts.next().ok_or(NoCursor);
        let number = |text: &str| u64::from_str_radix(text, 16).map_err(|_| NoCursor);
        let (rank, thing, near) = (number(next()?)?, number(next()?)?, next()?);
        match (near, parts.next()) {
            ("0", None) => Ok(Self { rank, thing, near: false }),
            ("1", None) => Ok(Self { rank, thing, near: true }),
            _ => Err(NoCursor),
        }
    }
}

/// How a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskFacts {
    pub form: Option<FormId>,
    /// Of its form's route.
    pub step: Option<u8>,
    pub author: PersonId,
    pub closed: bool,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub kind: Kind,
    pub id: i64,
    pub title: String,
    /// Where it stands in `title`, in UTF-16 units.
    pub title_marks: Vec<(usize, usize)>,
    /// The comment that fits best, where one does.
    pub comment: Option<Position>,
    /// Of a catalog, likewise.
    pub item: Option<i64>,
    /// Whose the document is that was found: of a task or a comment.
    pub author: Option<PersonId>,
    pub written_at: Option<Timestamp>,
    /// `title`, `text`, `field`, `comment`, `item`: where words were found, in the document that is shown and in the title.
    pub matched: Vec<&'static str>,
    pub snippet: Snippet,
    pub task: Option<TaskFacts>,
}

/// How many of what was found are what. The most frequent of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    pub kinds: Vec<(Kind, usize)>,
    pub forms: Vec<(FormId, usize)>,
    pub steps: Vec<((FormId, u8), usize)>,
    pub authors: Vec<(PersonId, usize)>,
    pub open: usize,
    pub closed: usize,
}

/// A page of what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub found: Vec<Found>,
    /// All of it; where that is not exact, there is more.
    pub count: usize,
    pub exact: bool,
    /// What was written was found nowhere, so words that differ a little were looked for.
    pub near: bool,
    pub facets: Facets,
    pub next: Option<Cursor>,
}

/// What to show of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Slice {
    pub order: Order,
    pub count: usize,
    pub after: Option<Cursor>,
}

/// Answers. `issued` says who asks, and with the directory of the moment.
pub(super) fn find(live: &Live, asked: &Asked, issued: &Issued<'_>, slice: Slice) -> Result<Answer, Broken> {
    let (searcher, fields) = (live.reader.searcher(), &live.fields);
    let table = live.table.read().unwrap_or_else(PoisonError::into_inner);
    let collector = Collector::of((&searcher, fields, &table), asked, issued, slice.order)?;
    let near = slice.after.is_some_and(|after| after.near);
    let mut wanted = words::all(&asked.all, near, fields);
    let mut gather = collector.gather(&wanted.clauses)?;
    let mut found_near = near;
    if gather.is_empty() && !wanted.clauses.is_empty() && slice.after.is_none() {
        let other = words::all(&asked.all, true, fields);
        gather = collector.gather(&other.clauses)?;
        found_near = !gather.is_empty();
        wanted = if found_near { other } else { wanted };
    }
    let Wanted { marks, .. } = wanted;
    let (hits, exact) = gather.harvest();
    let facets = facets(&hits, &table);
    let place = slice.after.map(|after| (after.rank, after.thing));
    let begin = place.map_or(0, |place| hits.partition_point(|hit| hit.place() >= place));
    let page = &hits[begin..(begin + slice.count).min(hits.len())];
    let more = begin + page.len() < hits.len();
    let next = page.last().filter(|_| more).map(|hit| Cursor { rank: hit.rank, thing: hit.thing, near: found_near });
    let shown = Shown { live, searcher: &searcher, table: &table, issued, marks: &marks };
    let found = page.iter().map(|hit| shown.found(hit)).collect::<Result<_, _>>()?;
    Ok(Answer { found, count: if exact { hits.len() } else { COUNTED_MAX }, exact, near: found_near, facets, next })
}

/// How many of `hits` are what.
fn facets(hits: &[Hit], table: &Table) -> Facets {
    let (mut kinds, mut forms, mut steps, mut authors) = (HashMap::new(), HashMap::new(), HashMap::new(), HashMap::new());
    let mut facets = Facets::default();
    for thing in hits.iter().filter_map(|hit| Thing::unpacked(hit.thing)) {
        *kinds.entry(thing.kind).or_insert(0) += 1;
        let Some(entry) = Some(thing).filter(|thing| thing.kind == Kind::Task).and_then(|task| table.get(task.id)) else {
            continue;
        };
        let frame = table.frame(entry);
        *authors.entry(frame.author).or_insert(0) += 1;
        if let Some(form) = frame.form {
            *forms.entry(form).or_insert(0) += 1;
            if entry.step > 0 {
                *steps.entry((form, entry.step)).or_insert(0) += 1;
            }
        }
        if entry.closed { facets.closed += 1 } else { facets.open += 1 }
    }
    Facets { kinds: most(kinds), forms: most(forms), steps: most(steps), authors: most(authors), ..facets }
}

fn most<K: Ord + Hash>(counts: HashMap<K, usize>) -> Vec<(K, usize)> {
    let mut counts: Vec<(K, usize)> = counts.into_iter().collect();
    counts.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    counts.truncate(FACETS_MAX);
    counts
}

/// What is needed to show what was found.
struct Shown<'a> {
    live: &'a Live,
    searcher: &'a Searcher,
    table: &'a Table,
    issued: &'a Issued<'a>,
    marks: &'a Marks,
}

impl Shown<'_> {
    fn found(&self, hit: &Hit) -> Result<Found, Broken> {
        let fields = &self.live.fields;
        let document = self.searcher.doc(hit.address)?;
        let fast = self.searcher.segment_reader(hit.address.segment_ord).fast_fields();
        let number = |name| Ok::<_, Broken>(fast.i64(name)?.first(hit.address.doc_id).unwrap_or_default());
        let thing = Thing::unpacked(hit.thing).ok_or(Broken::Document)?;
        let within = Some(number("comment")?).filter(|within| *within > 0);
        let comment = within.filter(|_| thing.kind == Kind::Task);
        let item = within.filter(|_| thing.kind == Kind::Catalog);
        let (text, values) = (Fields::text_of(&document, fields.text), Fields::text_of(&document, fields.values));
        let (of_text, of_values) = (self.marks.hits(text), self.marks.hits(values));
        let title = self.title(thing, comment, Fields::text_of(&document, fields.title), text)?;
        let of_title = Snippet::of(&title, &self.marks.hits(&title));
        let mut matched = Vec::new();
        if item.is_none() && !of_title.marks.is_empty() {
            matched.push("title");
        }
        if !of_text.is_empty() {
            matched.push(match (comment, item) {
                (Some(_), _) => "comment",
                (None, Some(_)) => "item",
                (None, None) => "text",
            });
        }
        if !of_values.is_empty() {
            // Who has no fields has files.
            let has_fields = comment.is_none() && self.facts(thing.id).is_some_and(|task| task.form.is_some());
            matched.push(if has_fields { "field" } else { "file" });
        }
        let snippet = if of_text.is_empty() && (!of_values.is_empty() || text.is_empty()) {
            Snippet::of(values, &of_values)
        } else {
            Snippet::of(text, &of_text)
        };
        let written = matches!(thing.kind, Kind::Task | Kind::Article);
        Ok(Found {
            kind: thing.kind,
            id: thing.id,
            title_marks: self.marks_in(&title),
            title,
            comment,
            item,
            author: if written { Some(PersonId(number("author")?)) } else { None },
            written_at: if written { Timestamp::from_second(number("made")?).ok() } else { None },
            matched,
            snippet,
            task: Some(thing).filter(|thing| thing.kind == Kind::Task).and_then(|task| self.facts(task.id)),
        })
    }

    fn marks_in(&self, title: &str) -> Vec<(usize, usize)> {
        let units = |text: &str| text.chars().map(char::len_utf16).sum::<usize>();
        self.marks.hits(title).into_iter().map(|(from, to)| (units(&title[..from]), units(&title[..to]))).collect()
    }

    fn facts(&self, task: i64) -> Option<TaskFacts> {
        let entry = self.table.get(task)?;
        let frame = self.table.frame(entry);
        let step = Some(entry.step).filter(|step| *step > 0);
        Some(TaskFacts { form: frame.form, step, author: frame.author, closed: entry.closed })
    }

    /// What it is called now.
    fn title(&self, thing: Thing, comment: Option<Position>, title: &str, text: &str) -> Result<String, Broken> {
        let home = self.issued.directory;
        let named = |kind| super::listed::named(home, kind, thing.id).map(|(_, name, _)| name).unwrap_or_default();
        Ok(match thing.kind {
            Kind::Person => named(domain::Kind::Person),
            Kind::Role => named(domain::Kind::Role),
            Kind::Form => named(domain::Kind::Form),
            Kind::Catalog | Kind::Item => named(domain::Kind::Catalog),
            Kind::List => named(domain::Kind::List),
            Kind::Article => title.to_owned(),
            Kind::Task | Kind::Comment if comment.is_some() => {
                let fields = &self.live.fields;
                let task = self.live.document(self.searcher, &fields.key_of(Kind::Task, thing.id, 0))?;
                task.map(|(_, task)| called(Fields::text_of(&task, fields.title), Fields::text_of(&task, fields.text))).unwrap_or_default()
            }
            Kind::Task | Kind::Comment => called(title, text),
        })
    }
}

/// A title, or how a text begins.
fn called(title: &str, text: &str) -> String {
    let first = text.trim_start().lines().next().unwrap_or_default();
    if title.is_empty() { first.chars().take(TITLE_CHARACTERS_MAX).collect() } else { title.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is_one() {
        let cursor = Cursor { rank: u64::MAX, thing: 7, near: true };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for wrong in ["", "1", "1.2", "1.2.2", "1.2.0.0", "g.2.0", "-1.2.0"] {
            assert_eq!(wrong.parse::<Cursor>(), Err(NoCursor), "{wrong}");
        }
    }
}
