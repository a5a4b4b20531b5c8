//! The language in which people ask. This page is its reference.
//!
//! | written | found |
//! |---|---|
//! | `invoice acme` | what has all of these words, in any form: `invoices`, `счёта`; a task may have one in its title and another in a comment. The last word may be a beginning: `inv` |
//! | `"paid in full"` | these words next to each other |
//! | `"paid"` | one word exactly as it is written |
//! | `-draft`, `-"first draft"` | nothing that says so anywhere: a task falls out also for one of its comments |
//! | `kind:task` | only tasks; also `comment`, `person`, `role`, `form`, `catalog`, `article`, `list` |
//! | `form:12`, `form:"Purchase request"` | tasks of a form, by its id or words of its name |
//! | `step:2`, `step:Approval` | tasks that stand at a step, by its number or its name |
//! | `author:anna`, `author:me`, `author:17` | what somebody wrote: their tasks and their comments |
//! | `approver:boris` | open tasks whose current step waits for somebody, or for a role of theirs |
//! | `waiting:me` | open tasks in which somebody, or a role of theirs, has anything to do: answer, approve, acknowledge |
//! | `list:5`, `list:"Spring fair"` | tasks in a list or in a list below it that the asker sees |
//! | `is:open`, `is:closed` | tasks that are open, or closed |
//! | `after:2026-01-31`, `before:2026-02-28`, `on:2026-02-01` | written from this day on, up to and with it, or on it |
//!
//! The same operator several times means any of its values; different ones all hold. Values with spaces stand in quotes. What looks
//! like an operator and is none (`http:…`, `10:30`) is text. A quotation mark that nobody closed ends with the question, because
//! people see results while they type. Operators are not excluded: `-form:12` is refused.
//!
//! Where nothing that the asker may see has the words, words that differ by a letter (by two, from eight letters on) are looked for.

use domain::Position;
use domain::directory::OrganisationDirectory;
use domain::{FormId, Issued, ListId, PersonId};
use jiff::civil::Date;
use thiserror::Error;

use super::schema::Kind;

/// Characters of a question.
pub const CHARACTERS_MAX: usize = 1_000;
/// Words, phrases and operators of a question.
pub const PARTS_MAX: usize = 32;

/// Why a question cannot be answered. Places are in characters, from 1.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Mistake {
    #[error("a question has at most {CHARACTERS_MAX} characters")]
    TooLong,
    #[error("a question has at most {PARTS_MAX} words, phrases and operators; this one has more at character {at}")]
    TooMany { at: usize },
    #[error("nothing is asked for")]
    Empty,
    #[error("only words and phrases are excluded, no operators: at character {at}")]
    Excluded { at: usize },
    #[error("{operator}: at character {at} wants {wants}")]
    Value { operator: &'static str, at: usize, wants: &'static str },
}

/// A word or a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    pub text: String,
    pub quoted: bool,
    /// More of it may follow.
    pub begun: bool,
}

/// Somebody or something by its number or by words of its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    Me,
    Id(i64),
    Words(String),
}

/// A question as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    pub all: Vec<Clause>,
    pub none: Vec<Clause>,
    pub kinds: Vec<Kind>,
    pub forms: Vec<Name>,
    pub steps: Vec<Name>,
    pub authors: Vec<Name>,
    pub approvers: Vec<Name>,
    pub waiting: Vec<Name>,
    pub lists: Vec<Name>,
    pub closed: Option<bool>,
    /// The first day, and the last.
    pub from: Option<Date>,
    pub until: Option<Date>,
}

const OPERATORS: [&str; 11] = ["kind", "form", "step", "author", "approver", "waiting", "list", "is", "after", "before", "on"];
const DAY: &str = "a day such as 2026-01-31";

impl Question {
    /// Reads what somebody wrote.
    ///
    /// # Errors
    /// [`Mistake`], with the place.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        if text.chars().take(CHARACTERS_MAX + 1).count() > CHARACTERS_MAX {
            return Err(Mistake::TooLong);
        }
        let characters: Vec<char> = text.chars().collect();
        let (mut question, mut at, mut parts) = (Self::default(), 0, 0);
        loop {
            while characters.get(at).is_some_and(|character| character.is_whitespace()) {
                at += 1;
            }
            if at >= characters.len() {
                return Ok(question);
            }
            parts += 1;
            if parts > PARTS_MAX {
                return Err(Mistake::TooMany { at: at + 1 });
            }
            at = question.part(&characters, at)?;
        }
    }

    /// Reads the part that begins at `begin`, and tells where it ends.
    fn part(&mut self, characters: &[char], begin: usize) -> Result<usize, Mistake> {
        let excluded = characters[begin] == '-' && characters.get(begin + 1).is_some_and(|next| !next.is_whitespace());
        let at = begin + usize::from(excluded);
        if let Some((operator, after)) = operator(characters, at) {
            if excluded {
                return Err(Mistake::Excluded { at: begin + 1 });
            }
            let (value, end) = value(characters, after);
            self.set(operator, &value, begin + 1)?;
            return Ok(end);
        }
        let quoted = is_quote(characters[at]);
        let (text, end) = value(characters, at);
        let begun = !quoted && !excluded && end == characters.len();
        let clauses = if excluded { &mut self.none } else { &mut self.all };
        clauses.push(Clause { text, quoted, begun });
        Ok(end)
    }

    /// Adds an operator's value; `at` is where it stands.
    ///
    /// # Errors
    /// When it is no value of this operator.
    pub fn set(&mut self, operator: &'static str, value: &str, at: usize) -> Result<(), Mistake> {
        let value = value.trim();
        let wrong = |wants| Mistake::Value { operator, at, wants };
        let name = |wants| if value.is_empty() { Err(wrong(wants)) } else { Ok(named(value)) };
        let day = || value.parse::<Date>().map_err(|_| wrong(DAY));
        match operator {
            "kind" => {
                let wants = "task, comment, person, role, form, catalog, article or list";
                self.kinds.push(Kind::of(&value.to_lowercase()).ok_or_else(|| wrong(wants))?);
            }
            "form" => self.forms.push(name("a form")?),
            "step" => self.steps.push(name("a step")?),
            "author" => self.authors.push(name("a person")?),
            "approver" => self.approvers.push(name("a person or a role")?),
            "waiting" => self.waiting.push(name("a person or a role")?),
            "list" => self.lists.push(name("a list")?),
            "is" => {
                self.closed = Some(match value.to_lowercase().as_str() {
                    "open" => false,
                    "closed" => true,
                    _ => return Err(wrong("open or closed")),
                });
            }
            "after" => self.from = self.from.max(Some(day()?)),
            "before" => self.until = Some(self.until.map_or(day()?, |until| until.min(day().unwrap_or(until)))),
            "on" => {
                let day = day()?;
                self.from = self.from.max(Some(day));
                self.until = Some(self.until.map_or(day, |until| until.min(day)));
            }
            _ => {}
        }
        Ok(())
    }

    /// Nothing but the kinds is asked for.
    pub fn is_empty(&self) -> bool {
        Self { kinds: Vec::new(), none: Vec::new(), ..self.clone() } == Self::default()
    }
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '“' | '”' | '„' | '«' | '»')
}

/// The operator that stands here, and where its value begins.
fn operator(characters: &[char], at: usize) -> Option<(&'static str, usize)> {
    OPERATORS.into_iter().find_map(|operator| {
        let after = at + operator.len();
        let word = characters.get(at..after)?;
        let same = word.iter().zip(operator.chars()).all(|(one, other)| one.to_ascii_lowercase() == other);
        (same && characters.get(after) == Some(&':')).then_some((operator, after + 1))
    })
}

/// A word, or what stands in quotes; and where it ends.
fn value(characters: &[char], at: usize) -> (String, usize) {
    if characters.get(at).copied().is_some_and(is_quote) {
        let text: String = characters[at + 1..].iter().copied().take_while(|character| !is_quote(*character)).collect();
        let end = at + 1 + text.chars().count();
        return (text, (end + 1).min(characters.len()));
    }
    let text: String = characters[at.min(characters.len())..].iter().copied().take_while(|character| !character.is_whitespace()).collect();
    let end = at + text.chars().count();
    (text, end)
}

fn named(value: &str) -> Name {
    match value.parse() {
        Ok(id) => Name::Id(id),
        Err(_) if value.eq_ignore_ascii_case("me") => Name::Me,
        Err(_) => Name::Words(value.to_owned()),
    }
}

/// A question whose names are known. An empty set is nothing at all; none is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub all: Vec<Clause>,
    pub none: Vec<Clause>,
    pub kinds: Vec<Kind>,
    pub forms: Option<Vec<FormId>>,
    pub steps: Option<Vec<(Option<FormId>, u8)>>,
    pub authors: Option<Vec<PersonId>>,
    pub approvers: Option<Vec<PersonId>>,
    pub waiting: Option<Vec<PersonId>>,
    pub lists: Option<Vec<ListId>>,
    pub closed: Option<bool>,
    /// Seconds: from the first up to the second, without it.
    pub from: Option<i64>,
    pub until: Option<i64>,
    /// Where the asker's index is to be at least.
    pub after: Position,
}

impl Asked {
    /// Whether it asks for tasks alone.
    pub fn of_tasks(&self) -> bool {
        self.forms.is_some()
            || self.steps.is_some()
            || self.approvers.is_some()
            || self.waiting.is_some()
            || self.lists.is_some()
            || self.closed.is_some()
    }
}

impl Question {
    /// Finds whom and what the names mean to the asker. A name that means nothing to them finds nothing, as one that is not there.
    pub fn resolved(self, issued: &Issued<'_>, zone: &jiff::tz::TimeZone) -> Asked {
        let directory = issued.directory;
        let set = |names: &[Name], find: &dyn Fn(&Name) -> Vec<PersonId>| {
            (!names.is_empty()).then(|| names.iter().flat_map(find).collect::<Vec<_>>())
        };
        let people = |name: &Name| people(name, issued);
        // Whoever is waited for is also waited for as a role.
        let with_roles = |names: &[Name]| {
            let found = set(names, &people)?;
            let roles = found.iter().flat_map(|person| directory.principals(*person).collect::<Vec<_>>()).collect::<Vec<_>>();
            Some(found.into_iter().chain(roles).collect::<Vec<_>>())
        };
        let begin = |day: Date| day.to_zoned(zone.clone()).map(|at| at.timestamp().as_second()).ok();
        Asked {
            forms: (!self.forms.is_empty()).then(|| self.forms.iter().flat_map(|name| forms(name, directory)).collect()),
            steps: (!self.steps.is_empty()).then(|| self.steps.iter().flat_map(|name| steps(name, directory)).collect()),
            authors: set(&self.authors, &people),
            approvers: with_roles(&self.approvers),
            waiting: with_roles(&self.waiting),
            lists: (!self.lists.is_empty()).then(|| self.lists.iter().flat_map(|name| lists(name, issued)).collect()),
            from: self.from.and_then(begin),
            until: self.until.and_then(|day| begin(day.tomorrow().unwrap_or(day))),
            all: self.all,
            none: self.none,
            kinds: self.kinds,
            closed: self.closed,
            after: 0,
        }
    }
}

/// That each word of `wanted` begins a word of `name`.
fn is_called(name: &str, wanted: &str) -> bool {
    let words =
        |text: &str| text.to_lowercase().split(|character: char| !character.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
    let (name, wanted) = (words(name), words(wanted));
    let mut wanted = wanted.iter().filter(|word| !word.is_empty()).peekable();
    wanted.peek().is_some() && wanted.all(|wanted| name.iter().any(|word| word.starts_with(wanted)))
}

fn people(name: &Name, issued: &Issued<'_>) -> Vec<PersonId> {
    match name {
        Name::Me => vec![issued.who],
        Name::Id(id) => vec![PersonId(*id)],
        Name::Words(wanted) => {
            let called = |person: &domain::person::Person| {
                let profile = &person.profile;
                let native = [&profile.native_first_name, &profile.native_last_name].map(|name| name.as_deref().unwrap_or_default());
                let names = format!("{} {} {} {}", profile.first_name, profile.last_name, native[0], native[1]);
                profile.email.eq_ignore_ascii_case(wanted) || is_called(&names, wanted)
            };
            let persons = issued.directory.persons.values().filter(|person| called(person)).map(|person| person.id);
            let roles = issued.directory.roles.values().filter(|role| is_called(&role.name, wanted)).map(|role| role.id);
            persons.chain(roles).collect()
        }
    }
}

fn forms(name: &Name, directory: &OrganisationDirectory) -> Vec<FormId> {
    match name {
        Name::Me => Vec::new(),
        Name::Id(id) => vec![FormId(*id)],
        Name::Words(wanted) => directory.forms.values().filter(|form| is_called(&form.settings.name, wanted)).map(|form| form.id).collect(),
    }
}

fn steps(name: &Name, directory: &OrganisationDirectory) -> Vec<(Option<FormId>, u8)> {
    match name {
        Name::Me => Vec::new(),
        Name::Id(id) => u8::try_from(*id).ok().filter(|step| *step > 0).map(|step| (None, step)).into_iter().collect(),
        Name::Words(wanted) => directory
            .forms
            .values()
            .flat_map(|form| {
                let steps = form.published.steps.iter().zip(1_u8..);
                steps.filter(|(step, _)| is_called(&step.name, wanted)).map(|(_, number)| (Some(form.id), number))
            })
            .collect(),
    }
}

/// With those below them; only those that the asker sees.
fn lists(name: &Name, issued: &Issued<'_>) -> Vec<ListId> {
    let seen = |list: &ListId| issued.standing(*list).is_some();
    let tops: Vec<ListId> = match name {
        Name::Me => Vec::new(),
        Name::Id(id) => vec![ListId(*id)],
        Name::Words(wanted) => {
            issued.directory.lists.values().filter(|list| is_called(&list.settings.name, wanted)).map(|list| list.id).collect()
        }
    };
    let tops: Vec<ListId> = tops.into_iter().filter(seen).collect();
    let below = |list: &ListId| issued.directory.lists_up_from(*list).any(|above| tops.contains(&above.id));
    issued.directory.lists.keys().copied().filter(|list| (tops.contains(list) || below(list)) && seen(list)).collect()
}

#[cfg(test)]
mod tests {
    use domain::testing::{ANNA, BORIS, HOME, directory, now};
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> Question {
        Question::parse(text).expect("it can be read")
    }

    fn clause(text: &str, quoted: bool, begun: bool) -> Clause {
        Clause { text: text.into(), quoted, begun }
    }

    #[test]
    fn words_phrases_and_what_is_excluded() {
        let question = parsed("invoice \"paid in full\" -draft -«first draft» acm");
        assert_eq!(question.all, [clause("invoice", false, false), clause("paid in full", true, false), clause("acm", false, true)]);
        assert_eq!(question.none, [clause("draft", false, false), clause("first draft", true, false)]);
        assert_eq!(parsed("acme ").all, [clause("acme", false, false)], "a space ends the word");
        assert_eq!(parsed("a - b").all.len(), 3);
        assert_eq!(parsed("\"no end").all, [clause("no end", true, false)]);
    }

    #[test]
    fn each_operator_has_its_values() {
        let question = parsed("kind:task form:12 Form:\"Purchase request\" step:2 author:me approver:boris waiting:17 list:5 is:open");
        assert_eq!((question.kinds, question.closed), (vec![Kind::Task], Some(false)));
        assert_eq!(question.forms, [Name::Id(12), Name::Words("Purchase request".into())]);
        assert_eq!((question.steps, question.authors), (vec![Name::Id(2)], vec![Name::Me]));
        assert_eq!((question.approvers, question.waiting), (vec![Name::Words("boris".into())], vec![Name::Id(17)]));
        assert_eq!((question.lists, question.all.len()), (vec![Name::Id(5)], 0));
        let dates = parsed("after:2026-01-31 before:2026-03-01");
        assert_eq!((dates.from, dates.until), (Some(date(2026, 1, 31)), Some(date(2026, 3, 1))));
        let day = parsed("on:2026-02-01");
        assert_eq!((day.from, day.until), (Some(date(2026, 2, 1)), Some(date(2026, 2, 1))));
    }

    #[test]
    fn what_only_looks_like_an_operator_is_text() {
        for text in ["http://example.com", "10:30", "foo:bar", "information:x", ":", "-", "*", "***"] {
            assert_eq!(parsed(text).all, [clause(text, false, true)], "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let wrong = |text: &str| Question::parse(text).expect_err("it is refused");
        assert_eq!(
            wrong("привет kind:tree"),
            Mistake::Value { operator: "kind", at: 8, wants: "task, comment, person, role, form, catalog, article or list" }
        );
        assert_eq!(wrong("a -form:12"), Mistake::Excluded { at: 3 });
        assert_eq!(wrong("after:yesterday"), Mistake::Value { operator: "after", at: 1, wants: DAY });
        assert_eq!(wrong("form: x"), Mistake::Value { operator: "form", at: 1, wants: "a form" });
        assert_eq!(wrong(&"x".repeat(CHARACTERS_MAX + 1)), Mistake::TooLong);
        assert_eq!(wrong(&"x ".repeat(PARTS_MAX + 1)), Mistake::TooMany { at: 2 * PARTS_MAX + 1 });
        assert!(parsed("").is_empty() && parsed("kind:task -x").is_empty() && !parsed("is:open").is_empty());
    }

    #[test]
    fn names_are_found_by_the_beginnings_of_their_words_and_unknown_ones_find_nothing() {
        let directory = directory();
        let issued = Issued { organisation: HOME, who: ANNA, at: now(), directory: &directory };
        let boris = directory.person(BORIS).expect("there").profile.first_name.to_lowercase();
        let resolved = |text: &str| parsed(text).resolved(&issued, &jiff::tz::TimeZone::UTC);
        assert!(resolved(&format!("author:{}", &boris[..3])).authors.expect("asked").contains(&BORIS));
        assert_eq!(resolved("author:me").authors, Some(vec![ANNA]));
        assert_eq!(resolved("author:nobody form:nothing list:404").authors, Some(Vec::new()));
        assert_eq!(resolved("list:404").lists, Some(Vec::new()));
        assert_eq!(resolved("x").authors, None);
        let day = resolved("on:2026-02-01");
        assert_eq!(day.until.expect("asked") - day.from.expect("asked"), 24 * 60 * 60);
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_or_refused_within_it(text in "\\PC{0,60}|[a-z:\"\\- «»0-9א🙂\u{200b}]{0,80}") {
            match Question::parse(&text) {
                Ok(question) => {
                    let directory = directory();
                    let issued = Issued { organisation: HOME, who: ANNA, at: now(), directory: &directory };
                    question.resolved(&issued, &jiff::tz::TimeZone::UTC);
                }
                Err(Mistake::TooMany { at } | Mistake::Excluded { at } | Mistake::Value { at, .. }) => {
                    prop_assert!((1..=text.chars().count()).contains(&at));
                }
                Err(Mistake::TooLong | Mistake::Empty) => prop_assert!(false, "{text:?} is neither"),
            }
        }
    }
}
