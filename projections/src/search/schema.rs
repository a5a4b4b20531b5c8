//! What the index holds of a document, and how a document is named in it. Not what a task's document says (see [`super::state`]).

use domain::{OrganisationId, PersonId};
use jiff::Timestamp;
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _};
use tantivy::{TantivyDocument, Term};

use super::tokenizers::{self, GRAMS, STEMS, WORDS};

/// Raised when documents are made otherwise, so that an index of before is made anew.
const REVISION: u32 = 3;
/// What a document shows of a text in snippets, and is found by, in bytes; the rest of a longer text is left out.
pub const TEXT_BYTES_MAX: usize = 256 * 1024;

/// Names an index's shape: another build with another one makes its own.
pub fn fingerprint() -> String {
    format!("{:016x}-{REVISION}-{}", tokenizers::fingerprint(), tantivy::INDEX_FORMAT_VERSION)
}

/// What is found. A comment is found as its task, and an item as its catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    Task = 0,
    Comment = 1,
    Person = 2,
    Role = 3,
    Form = 4,
    Catalog = 5,
    Article = 6,
    List = 7,
    Item = 8,
}

impl Kind {
    pub const ALL: [Self; 9] =
        [Self::Task, Self::Comment, Self::Person, Self::Role, Self::Form, Self::Catalog, Self::Article, Self::List, Self::Item];

    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Comment => "comment",
            Self::Person => "person",
            Self::Role => "role",
            Self::Form => "form",
            Self::Catalog => "catalog",
            Self::Article => "article",
            Self::List => "list",
            Self::Item => "item",
        }
    }

    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    pub(super) fn numbered(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u64 == number)
    }

    /// As what it is shown: comments with their task, items with their catalog.
    pub const fn shown(self) -> Self {
        match self {
            Self::Comment => Self::Task,
            Self::Item => Self::Catalog,
            Self::Task | Self::Person | Self::Role | Self::Form | Self::Catalog | Self::Article | Self::List => self,
        }
    }
}

/// What is shown once, however many of its documents were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thing {
    pub kind: Kind,
    pub id: i64,
}

impl Thing {
    const SHIFT: u32 = 48;

    pub fn packed(self) -> u64 {
        ((self.kind.shown() as u64) << Self::SHIFT) | (self.id.unsigned_abs() & ((1 << Self::SHIFT) - 1))
    }

    pub fn unpacked(packed: u64) -> Option<Self> {
        let id = i64::try_from(packed & ((1 << Self::SHIFT) - 1)).ok()?;
        Some(Self { kind: Kind::numbered(packed >> Self::SHIFT)?, id })
    }
}

/// A document in the making.
#[derive(Clone, Debug, Default)]
pub struct Draft<'a> {
    pub title: &'a str,
    pub text: &'a str,
    /// Of fields; of a comment the names of its files.
    pub values: &'a str,
    pub author: PersonId,
    pub made_at: Timestamp,
    /// The comment's id, or the item's; 0 for everything else.
    pub comment: i64,
    /// What its rule remembers.
    pub state: Option<&'a [u8]>,
}

/// The fields of the index.
#[derive(Clone, Debug)]
pub struct Fields {
    pub schema: Schema,
    /// The document's own name, by which it is replaced.
    pub key: Field,
    /// [`Thing::packed`]
    pub thing: Field,
    pub kind: Field,
    pub organisation: Field,
    pub author: Field,
    /// Seconds.
    pub made: Field,
    pub comment: Field,
    pub title: Field,
    pub text: Field,
    pub values: Field,
    /// Every word as it is written, without positions.
    pub exact: Field,
    pub grams: Field,
    pub state: Field,
}

impl Default for Fields {
    fn default() -> Self {
        let mut builder = Schema::builder();
        let words = |analyzer: &str, option| {
            TextOptions::default().set_indexing_options(TextFieldIndexing::default().set_tokenizer(analyzer).set_index_option(option))
        };
        let stems = words(STEMS, IndexRecordOption::WithFreqsAndPositions).set_stored();
        Self {
            key: builder.add_text_field("key", STRING),
            thing: builder.add_u64_field("thing", INDEXED | FAST | STORED),
            kind: builder.add_u64_field("kind", INDEXED | FAST),
            organisation: builder.add_i64_field("organisation", FAST),
            author: builder.add_i64_field("author", FAST),
            made: builder.add_i64_field("made", FAST),
            comment: builder.add_i64_field("comment", FAST),
            title: builder.add_text_field("title", stems.clone()),
            text: builder.add_text_field("text", stems.clone()),
            values: builder.add_text_field("values", stems),
            exact: builder.add_text_field("exact", words(WORDS, IndexRecordOption::Basic)),
            grams: builder.add_text_field("grams", words(GRAMS, IndexRecordOption::WithFreqsAndPositions)),
            state: builder.add_bytes_field("state", STORED),
            schema: builder.build(),
        }
    }
}

impl Fields {
    pub fn key_of(&self, kind: Kind, id: i64, comment: i64) -> Term {
        Term::from_field_text(self.key, &key(kind, id, comment))
    }

    pub fn thing_of(&self, thing: Thing) -> Term {
        self.thing_packed(thing.packed())
    }

    pub fn thing_packed(&self, packed: u64) -> Term {
        Term::from_field_u64(self.thing, packed)
    }

    pub fn document(&self, organisation: OrganisationId, kind: Kind, id: i64, draft: &Draft<'_>) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_text(self.key, key(kind, id, draft.comment));
        document.add_u64(self.thing, Thing { kind, id }.packed());
        document.add_u64(self.kind, kind as u64);
        document.add_i64(self.organisation, organisation.0);
        document.add_i64(self.author, draft.author.0);
        document.add_i64(self.made, draft.made_at.as_second());
        document.add_i64(self.comment, draft.comment);
        for (field, text) in [(self.title, draft.title), (self.text, draft.text), (self.values, draft.values)] {
            let text = bounded(text);
            if !text.is_empty() {
                document.add_text(field, text);
                document.add_text(self.exact, text);
                // Most texts have no letter of any other script.
                if !text.is_ascii() {
                    document.add_text(self.grams, text);
                }
            }
        }
        if let Some(state) = draft.state {
            document.add_bytes(self.state, state);
        }
        document
    }

    pub fn text_of(document: &TantivyDocument, field: Field) -> &str {
        document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default()
    }
}

fn key(kind: Kind, id: i64, comment: i64) -> String {
    if comment == 0 { format!("{}{id}", kind.word()) } else { format!("{}{id}-{comment}", kind.word()) }
}

fn bounded(text: &str) -> &str {
    let end = (0..=TEXT_BYTES_MAX.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_shown_as_its_task_and_every_kind_has_its_word() {
        assert_eq!(Thing { kind: Kind::Comment, id: 7 }.packed(), Thing { kind: Kind::Task, id: 7 }.packed());
        for kind in Kind::ALL {
            assert_eq!(Kind::of(kind.word()), Some(kind));
            let thing = Thing { kind: kind.shown(), id: 1 << 40 };
            assert_eq!(Thing::unpacked(thing.packed()), Some(thing));
        }
        assert_eq!(Thing::unpacked(u64::MAX), None);
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(bounded("abc"), "abc");
        let long = format!("a{}", "ж".repeat(TEXT_BYTES_MAX));
        assert_eq!(bounded(&long).len(), TEXT_BYTES_MAX - 1);
    }
}
