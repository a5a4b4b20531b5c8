//! Tasks and comments of made-up words, written straight into the log as their commands would have left them.

use std::sync::Arc;

use actors::journal::{Journal, Target};
use domain::codec::EventSet;
use domain::task::Event;
use domain::task::event::{Commented, Created, Text};
use domain::{Kind, PersonId, StreamId};

use super::COMMENTS;
use crate::bulk::{self, Fact};
use crate::server;
use crate::world::Founded;

/// Different words. A text has [`LONG`] of them, so each stands in 0.6 per cent of all texts.
const WORDS: usize = 2_000;
const LONG: usize = 12;

/// Writes the tasks, of which `member` takes part in every tenth, each with its comments. Gives the position of the last.
pub async fn sow(founded: &Founded, member: i64, tasks: usize) -> anyhow::Result<f64> {
    let journal = server::journal(&founded.database).await?;
    let (author, member) = (founded.administrator, PersonId(member));
    bulk::append(&journal, founded.organisation, author, tasks, move |number| task(number, member)).await?;
    // Tasks are numbered from 1, and as many as there are.
    bulk::append(&journal, founded.organisation, author, tasks * COMMENTS, move |number| comment(number, tasks)).await?;
    Ok(head(&journal).await? as f64)
}

async fn head(journal: &Arc<dyn Journal>) -> anyhow::Result<i64> {
    Ok(journal.current_head().await?.position)
}

fn task(number: usize, member: PersonId) -> Fact {
    let participants = if number.is_multiple_of(10) { vec![member] } else { Vec::new() };
    let text = Text { text: text(number), ..Text::default() };
    let created = Created { text, subject: Some(format!("Task {}", word(number))), participants, ..Created::default() };
    Fact { target: Target::New(Kind::Task), events: vec![Event::Created(Box::new(created)).encode()], claims: Vec::new() }
}

fn comment(number: usize, tasks: usize) -> Fact {
    let (task, round) = (number % tasks + 1, number / tasks);
    let text = Text { text: text(number + tasks), ..Text::default() };
    let target = Target::Existing {
        stream: StreamId::new(Kind::Task, i64::try_from(task).unwrap_or_default()),
        expected: i64::try_from(round).unwrap_or_default() + 1,
        hash: None,
    };
    Fact { target, events: vec![Event::Commented(Box::new(Commented::from(text))).encode()], claims: Vec::new() }
}

/// A number that looks like chance.
fn mixed(number: usize) -> usize {
    let mut mixed = (number as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    usize::try_from((mixed ^ (mixed >> 27)) >> 16).unwrap_or_default()
}

/// Three syllables and an end that no stemmer touches.
fn word(number: usize) -> String {
    const SYLLABLES: [&str; 13] = ["ba", "ko", "mi", "tu", "ra", "lo", "ni", "zu", "fa", "go", "pi", "du", "va"];
    let number = mixed(number) % WORDS;
    let syllable = |by: usize| SYLLABLES[number / by % SYLLABLES.len()];
    format!("{}{}{}k", syllable(1), syllable(13), syllable(169))
}

fn text(number: usize) -> String {
    (0..LONG).map(|place| word(number * LONG + place)).collect::<Vec<_>>().join(" ")
}

/// Two different words that stand together in some text of somebody's tasks.
pub fn pair(number: usize, tasks: usize) -> [String; 2] {
    let text = mixed(number + 7) % tasks.max(1) * LONG;
    let one = word(text);
    let other = (1..LONG).map(|place| word(text + place)).find(|word| *word != one);
    [one.clone(), other.unwrap_or(one)]
}
