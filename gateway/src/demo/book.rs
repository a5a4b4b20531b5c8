//! `company.json`, read in one language: wherever it has a text in several, as `{"en": …, "ru": …}`, the one is taken.

use serde::Deserialize;
use serde_json::{Map, Value};

const COMPANY: &str = include_str!("company.json");

/// What the people of the company speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    #[default]
    En,
    Ru,
}

impl Language {
    const fn word(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    pub company: Company,
    pub people: Vec<Person>,
    /// Each after the one above it.
    pub departments: Vec<Department>,
    pub roles: Vec<Role>,
    pub catalogs: Vec<Catalog>,
    pub forms: Vec<Form>,
    /// Each after the one above it.
    pub lists: Vec<List>,
    pub tasks: Plain,
    pub announcements: Vec<Announcement>,
    /// Each after its topic.
    pub articles: Vec<Article>,
}

#[derive(Debug, Deserialize)]
pub struct Company {
    pub name: String,
    pub time_zone: String,
    pub locale: String,
    pub domain: String,
}

/// The first one administers.
#[derive(Debug, Deserialize)]
pub struct Person {
    pub key: String,
    pub first_name: String,
    pub last_name: String,
    pub position: String,
    pub department: String,
    /// Before the `@`.
    pub email: String,
}

#[derive(Debug, Deserialize)]
pub struct Department {
    pub key: String,
    pub parent: Option<String>,
    pub name: String,
    pub head: String,
}

#[derive(Debug, Deserialize)]
pub struct Role {
    pub key: String,
    pub name: String,
    pub members: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Catalog {
    pub key: String,
    pub name: String,
    pub headers: Vec<String>,
    pub items: Vec<Vec<String>>,
}

#[derive(Debug, Deserialize)]
pub struct Form {
    pub key: String,
    pub name: String,
    pub folder: Vec<String>,
    pub owners: Vec<String>,
    pub managers: Vec<String>,
    /// Who fills it in; everybody where nobody is named.
    #[serde(default)]
    pub members: Vec<String>,
    /// As the API takes it, but that `{"ref": "person:key"}` stands for an id, and `{"field_code": "u_…"}` for the field of that code.
    pub definition: Value,
    pub story: Story,
}

/// What happens to tasks of a form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    pub per_month: f64,
    /// Everybody where nobody is named.
    #[serde(default)]
    pub authors: Vec<String>,
    /// How often an approver says no.
    pub reject: f64,
    /// Working hours that a decision takes, from and to.
    pub hours: [f64; 2],
    /// One of these is what the task is about.
    #[serde(default)]
    pub cases: Vec<Vec<Fill>>,
    pub fields: Vec<Fill>,
    /// What an approver fills in at a step.
    #[serde(default)]
    pub fills: std::collections::BTreeMap<String, Vec<Fill>>,
    pub talk: Vec<String>,
    pub approve: Vec<String>,
    pub reject_text: Vec<String>,
}

/// How a field is filled in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fill {
    pub code: String,
    /// One of these texts; an empty one leaves the field empty.
    pub pick: Option<Vec<String>>,
    /// Money, small sums more often than large ones.
    pub amount: Option<[f64; 2]>,
    pub count: Option<[i64; 2]>,
    /// This choice.
    pub choose: Option<u32>,
    /// A choice, each as likely.
    pub choice: Option<u32>,
    /// A choice, by how likely each is.
    pub weights: Option<Vec<u32>>,
    /// A date so many days ahead; with `span` after another field's.
    pub days: Option<[i64; 2]>,
    pub after: Option<String>,
    pub span: Option<[i64; 2]>,
    #[serde(default)]
    pub person: bool,
    /// An item of this catalog.
    pub catalog: Option<String>,
    /// A number that rises, behind this.
    pub serial: Option<String>,
    /// A file that somebody wrote.
    pub paper: Option<Paper>,
    pub rows: Option<[i64; 2]>,
    #[serde(default)]
    pub cells: Vec<Fill>,
}

/// A text that goes up as a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// The field whose value stands where the text has `{}`.
    pub about: String,
    pub name: String,
    pub text: String,
}

#[derive(Debug, Deserialize)]
pub struct List {
    pub key: String,
    pub parent: Option<String>,
    pub name: String,
    pub manager: String,
    pub members: Vec<String>,
}

/// Tasks of no form.
#[derive(Debug, Deserialize)]
pub struct Plain {
    pub per_month: f64,
    pub subjects: Vec<Subject>,
    pub talk: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Subject {
    pub text: String,
    pub list: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Announcement {
    pub by: String,
    pub text: String,
}

#[derive(Debug, Deserialize)]
pub struct Article {
    pub key: String,
    #[serde(rename = "type")]
    pub nature: String,
    pub parent: Option<String>,
    pub title: String,
    pub body: Option<String>,
}

impl Book {
    pub fn email(&self, person: &Person) -> String {
        format!("{}@{}", person.email, self.company.domain)
    }
}

/// # Errors
/// When it is not as it is described here.
pub fn read(language: Language) -> serde_json::Result<Book> {
    serde_json::from_value(in_one(serde_json::from_str(COMPANY)?, language))
}

fn in_one(value: Value, language: Language) -> Value {
    match value {
        Value::Object(mut texts) if is_translated(&texts) => texts.remove(language.word()).unwrap_or_default(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, in_one(value, language))).collect::<Map<_, _>>().into(),
        Value::Array(items) => items.into_iter().map(|item| in_one(item, language)).collect(),
        plain => plain,
    }
}

fn is_translated(members: &Map<String, Value>) -> bool {
    members.len() == 2 && members.contains_key("en") && members.contains_key("ru")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_company_is_whole_in_every_language() {
        for language in [Language::En, Language::Ru] {
            let book = read(language).expect("readable");
            assert_eq!((book.people.len(), book.forms.len()), (40, 5), "{language:?}");
            let known = |key: &String| book.people.iter().any(|person| person.key == *key);
            assert!(book.departments.iter().all(|department| known(&department.head)));
            assert!(book.roles.iter().flat_map(|role| &role.members).all(known));
            assert!(book.people.iter().all(|person| book.departments.iter().any(|department| department.key == person.department)));
        }
        let cyrillic = |text: &str| text.chars().any(|letter| ('а'..='я').contains(&letter.to_ascii_lowercase()));
        assert!(cyrillic(&read(Language::Ru).expect("readable").company.name));
        assert!(!cyrillic(COMPANY.split("\"ru\"").next().unwrap_or_default()));
    }
}
