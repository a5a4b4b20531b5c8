//! What a question looks for in the index, and what of a text is marked because of it: one from the other, so that what was found is
//! what is marked.

use std::collections::HashSet;

use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::query::Clause;
use super::schema::{Fields, Kind};
use super::tokenizers::{Piece, grams, pieces, stems, words};

/// Characters of a beginning that is looked for.
const BEGINNING_MIN: usize = 2;
/// From so many characters on a word may differ by one letter, and by two.
const ONE_OFF_MIN: usize = 4;
const TWO_OFF_MIN: usize = 8;

/// What is marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    stems: HashSet<String>,
    exact: HashSet<String>,
    beginnings: Vec<String>,
    near: Vec<(String, usize)>,
    grams: HashSet<String>,
}

/// What to look for.
#[derive(Debug)]
pub(super) struct Wanted {
    /// One a clause that can be looked for.
    pub clauses: Vec<Box<dyn Query>>,
    pub marks: Marks,
}

/// Each of these.
pub(super) fn all(clauses: &[Clause], near: bool, fields: &Fields) -> Wanted {
    let mut marks = Marks::default();
    let alone = clauses.len() == 1;
    let clauses = clauses.iter().filter_map(|clause| one(clause, near, alone, fields, &mut marks)).collect();
    Wanted { clauses, marks }
}

/// What has this one.
pub(super) fn only(clause: &Clause, fields: &Fields) -> Option<Box<dyn Query>> {
    one(&Clause { begun: false, ..clause.clone() }, false, false, fields, &mut Marks::default())
}

fn one(clause: &Clause, near: bool, alone: bool, fields: &Fields, marks: &mut Marks) -> Option<Box<dyn Query>> {
    let (stems, raw) = (pieces(&mut stems(), &clause.text), pieces(&mut words(), &clause.text));
    let mut parts: Vec<Box<dyn Query>> = Vec::new();
    match (&stems[..], &raw[..]) {
        ([], _) | (_, []) => {}
        ([_], [word]) if clause.quoted => {
            marks.exact.insert(word.text.clone());
            parts.push(term(fields.exact, &word.text, IndexRecordOption::Basic));
        }
        (several, _) if clause.quoted => {
            marks.stems.extend(several.iter().map(|piece| piece.text.clone()));
            parts.push(phrase(several, fields));
        }
        (several, raw) => {
            let last = several.len() - 1;
            for (at, (stem, word)) in several.iter().zip(raw).enumerate() {
                parts.push(word_query((stem, word), (clause.begun && at == last, near, alone && last == 0), fields, marks));
            }
        }
    }
    parts.extend(runs(&pieces(&mut grams(), &clause.text)).iter().map(|run| run_query(run, fields, marks)));
    if parts.len() > 1 { Some(Box::new(BooleanQuery::intersection(parts))) } else { parts.pop() }
}

fn term(field: Field, text: &str, option: IndexRecordOption) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), option))
}

/// A title counts for more than a field, and a field for more than a long text.
fn weighed(fields: &Fields, each: impl Fn(Field) -> Box<dyn Query>) -> Vec<Box<dyn Query>> {
    let boosted = |field, by| Box::new(BoostQuery::new(each(field), by)) as Box<dyn Query>;
    vec![boosted(fields.title, 3.0), each(fields.text), boosted(fields.values, 1.5)]
}

fn phrase(several: &[Piece], fields: &Fields) -> Box<dyn Query> {
    let of = |field| {
        let terms = several.iter().map(|piece| (piece.position, Term::from_field_text(field, &piece.text))).collect();
        Box::new(PhraseQuery::new_with_offset(terms)) as Box<dyn Query>
    };
    Box::new(DisjunctionMaxQuery::new(weighed(fields, of)))
}

fn word_query(
    (stem, word): (&Piece, &Piece),
    (begun, near, alone): (bool, bool, bool),
    fields: &Fields,
    marks: &mut Marks,
) -> Box<dyn Query> {
    marks.stems.insert(stem.text.clone());
    let mut ways = weighed(fields, |field| term(field, &stem.text, IndexRecordOption::WithFreqs));
    let length = word.text.chars().count();
    let exact = || Term::from_field_text(fields.exact, &word.text);
    let mut faint = |query| ways.push(Box::new(ConstScoreQuery::new(Box::new(query), 0.5)));
    if begun && length >= BEGINNING_MIN {
        marks.beginnings.push(word.text.clone());
        faint(FuzzyTermQuery::new_prefix(exact(), 0, true));
    }
    let off = u8::from(length >= ONE_OFF_MIN) + u8::from(length >= TWO_OFF_MIN);
    if near && off > 0 {
        marks.near.push((word.text.clone(), usize::from(off)));
        faint(FuzzyTermQuery::new(exact(), off, true));
    }
    // A task by its number.
    if alone && let Ok(id) = word.text.parse::<i64>() {
        let number = TermQuery::new(fields.key_of(Kind::Task, id, 0), IndexRecordOption::Basic);
        ways.push(Box::new(ConstScoreQuery::new(Box::new(number), 100.0)));
    }
    Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, 0.1))
}

/// Single characters that stand together, run by run; with the pairs among them left out.
fn runs(pieces: &[Piece]) -> Vec<Vec<&str>> {
    let (mut runs, mut end): (Vec<Vec<&str>>, usize) = (Vec::new(), usize::MAX);
    for piece in pieces.iter().filter(|piece| piece.text.chars().count() == 1) {
        match runs.last_mut() {
            Some(run) if piece.from == end => run.push(&piece.text),
            Some(_) | None => runs.push(vec![&piece.text]),
        }
        end = piece.to;
    }
    runs
}

fn run_query(run: &[&str], fields: &Fields, marks: &mut Marks) -> Box<dyn Query> {
    let grams: Vec<String> = match run {
        [one] => vec![(*one).to_owned()],
        several => several.windows(2).map(<[&str]>::concat).collect(),
    };
    marks.grams.extend(grams.iter().cloned());
    match &grams[..] {
        [one] => term(fields.grams, one, IndexRecordOption::WithFreqs),
        several => Box::new(PhraseQuery::new(several.iter().map(|gram| Term::from_field_text(fields.grams, gram)).collect())),
    }
}

impl Marks {
    /// Where a text has any of it: bytes, in order, apart from each other.
    pub fn hits(&self, text: &str) -> Vec<(usize, usize)> {
        let stems = pieces(&mut stems(), text);
        let raw = pieces(&mut words(), text);
        let mut hits: Vec<(usize, usize)> = stems
            .iter()
            .zip(&raw)
            .filter(|(stem, word)| self.stems.contains(&stem.text) || self.has(&word.text))
            .map(|(stem, _)| (stem.from, stem.to))
            .collect();
        if !self.grams.is_empty() {
            hits.extend(pieces(&mut grams(), text).iter().filter(|gram| self.grams.contains(&gram.text)).map(|gram| (gram.from, gram.to)));
            hits.sort_unstable();
        }
        let mut apart: Vec<(usize, usize)> = Vec::with_capacity(hits.len());
        for (from, to) in hits {
            match apart.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                Some(_) | None => apart.push((from, to)),
            }
        }
        apart
    }

    fn has(&self, word: &str) -> bool {
        self.exact.contains(word)
            || self.beginnings.iter().any(|beginning| word.starts_with(beginning.as_str()))
            || self.near.iter().any(|(near, off)| differ(word, near, *off))
    }
}

/// Whether two words differ by at most `most` letters: put in, left out, replaced, or two neighbours swapped.
fn differ(one: &str, other: &str, most: usize) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > most {
        return false;
    }
    let mut rows = vec![vec![0; other.len() + 1]; one.len() + 1];
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let same = usize::from(one[i - 1] != other[j - 1]);
                let mut least = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + same);
                if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    rows[one.len()][other.len()] <= most
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::query::Question;

    fn marked(question: &str, near: bool, text: &str) -> Vec<String> {
        let question = Question::parse(question).expect("read");
        let marks = all(&question.all, near, &Fields::default()).marks;
        marks.hits(text).into_iter().map(|(from, to)| text[from..to].to_owned()).collect()
    }

    #[test]
    fn what_is_found_is_marked_in_any_form() {
        assert_eq!(marked("invoice письма ", false, "Two Invoices and a Письмо."), ["Invoices", "Письмо"]);
        assert_eq!(marked("inv", false, "Invoices in vain, inventory"), ["Invoices", "inventory"], "a beginning");
        assert_eq!(marked("inv ", false, "Invoices"), [""; 0]);
        assert_eq!(marked("\"invoice\"", false, "Invoices, invoice"), ["invoice"]);
        assert_eq!(marked("aggreement ", true, "Agreement"), ["Agreement"]);
        assert_eq!(marked("京都", false, "東京都 京"), ["京都"]);
    }

    #[test]
    fn words_differ_by_letters_put_in_left_out_replaced_or_swapped() {
        for (other, off) in [("invoice", 0), ("invoce", 1), ("invoicee", 1), ("imvoice", 1), ("inovice", 1), ("inovicee", 2), ("voice", 2)]
        {
            assert!(differ("invoice", other, off), "{other}");
            assert!(off == 0 || !differ("invoice", other, off - 1), "{other}");
        }
    }

    #[test]
    fn nothing_is_looked_for_in_what_has_no_letters() {
        let question = Question::parse("*** 🙂 —").expect("read");
        assert!(all(&question.all, true, &Fields::default()).clauses.is_empty());
    }
}
