//! A careful client: it names every command by a key, repeats it until it is answered, and writes down what
//! it was told. Not the judge of it (that is [`crate::proof`]).

use std::time::Duration;

use rand::{RngExt, rngs::StdRng};
use reqwest::Method;
use serde_json::json;
use tests::{Answer, Person};
use tokio::sync::watch;

use crate::record::{Outcome, Progress, Receipt, Record, Sent};

/// What all clients are given.
#[derive(Clone)]
pub struct Shared {
    pub colleagues: Vec<i64>,
    /// Whether there is a server to ask.
    pub serves: watch::Receiver<bool>,
    pub stopped: watch::Receiver<bool>,
    pub progress: Progress,
}

/// One client at work.
pub struct Sender {
    number: u64,
    person: Person,
    random: StdRng,
    shared: Shared,
    record: Record,
}

impl Sender {
    pub fn new(number: u64, person: Person, random: StdRng, shared: Shared) -> Self {
        let record = Record { person: person.id, ..Record::default() };
        Self { number, person, random, shared, record }
    }

    /// Works until it is told to stop; the command in hand is carried through.
    pub async fn run(mut self) -> Record {
        while !*self.shared.stopped.borrow() {
            let mut sent = self.invent();
            match self.random.random_range(0..10) {
                // Goes away in the middle.
                0 => {
                    let patience = Duration::from_micros(self.random.random_range(0..15_000));
                    self.record.tries += 1;
                    let header = header(&sent.key);
                    let hanging = self.person.client.send(Method::POST, &sent.path, &header, body(&sent));
                    // Whatever came of it, it is not looked at.
                    let _ = tokio::time::timeout(patience, hanging).await;
                }
                // Asks twice at the same time, as a client with two windows does.
                1 => {
                    let (first, second) = (self.twin(), self.twin());
                    let ((first, tries), (second, more)) = tokio::join!(first.persist(&sent), second.persist(&sent));
                    self.record.tries += tries + more;
                    assert_eq!(self.read(&sent, &first), self.read(&sent, &second), "two answers to one key: {sent:?}");
                    self.accept(&mut sent, &first);
                }
                _ => {
                    let (answer, tries) = self.persist(&sent).await;
                    self.record.tries += tries;
                    self.record.found_done += u64::from(tries > 1 && replayed(&answer));
                    self.accept(&mut sent, &answer);
                }
            }
            self.record.sent.push(sent);
            if self.random.random_ratio(1, 4) {
                self.remember().await;
            }
        }
        self.record
    }

    /// A new command: a task, or a comment on one that somebody made.
    fn invent(&mut self) -> Sent {
        let marker = format!("m{}x{}", self.number, self.record.sent.len());
        let key = format!("chaos-{}-{}", self.number, self.record.sent.len());
        // The newest tasks get half of the comments, so that some actors are hot when they die.
        let place = self.random.random_range(0..1_000_usize);
        let place = if self.random.random_bool(0.5) { place % 3 } else { place };
        let (path, body) = match self.shared.progress.task(place) {
            Some(task) if self.random.random_ratio(5, 6) => {
                let mut body = json!({ "text": format!("A word {marker} or two") });
                match self.random.random_range(0..6) {
                    0 => body["reassign_to"] = json!({ "id": self.colleague() }),
                    1 => body["subject"] = json!("Another subject"),
                    2 => body["spent_minutes"] = json!(5),
                    3 => body["action"] = json!("finished"),
                    4 => body["due_date"] = json!("2031-05-06"),
                    _ => {}
                }
                (format!("/v4/tasks/{task}/comments"), body)
            }
            _ => {
                let everyone: Vec<_> = self.shared.colleagues.iter().map(|id| json!({ "id": id })).collect();
                let body = json!({
                    "text": format!("A task {marker} for all"),
                    "responsible": { "id": self.colleague() },
                    "participants": everyone,
                });
                ("/v4/tasks".to_owned(), body)
            }
        };
        Sent { key, path, body, marker, outcome: Outcome::Abandoned }
    }

    fn colleague(&mut self) -> i64 {
        self.shared.colleagues[self.random.random_range(0..self.shared.colleagues.len())]
    }

    /// Asks again for something that was acknowledged before: the answer must be the same.
    async fn remember(&mut self) {
        let place = self.random.random_range(0..self.record.sent.len());
        let sent = self.record.sent[place].clone();
        let Outcome::Acknowledged(receipt) = &sent.outcome else { return };
        let (answer, tries) = self.persist(&sent).await;
        self.record.tries += tries;
        assert!(replayed(&answer), "{sent:?}: {:?}", answer.headers);
        assert_eq!(&self.read(&sent, &answer), receipt, "another answer to the same key: {sent:?}");
        self.record.replays += 1;
    }

    fn accept(&mut self, sent: &mut Sent, answer: &Answer) {
        let receipt = self.read(sent, answer);
        if receipt.comment.is_none() {
            self.shared.progress.add_task(receipt.task);
        }
        self.record.replays += u64::from(replayed(answer));
        sent.outcome = Outcome::Acknowledged(receipt);
        self.shared.progress.acknowledge();
    }

    /// What the answer says of the command. It must be there, once, as this person's.
    fn read(&self, sent: &Sent, answer: &Answer) -> Receipt {
        let body = answer.json();
        let task = &body["task"];
        let id = task["id"].as_i64().unwrap_or_else(|| panic!("no id: {body}"));
        let comment = sent.path.ends_with("/comments").then(|| {
            let comments = task["comments"].as_array().unwrap_or_else(|| panic!("no comments: {body}"));
            let mine: Vec<_> =
                comments.iter().filter(|comment| comment["text"].as_str().is_some_and(|text| has(text, &sent.marker))).collect();
            assert_eq!(mine.len(), 1, "{sent:?} stands {} times in {body}", mine.len());
            assert_eq!(mine[0]["author"]["id"], self.person.id);
            mine[0]["id"].as_i64().expect("a comment has an id")
        });
        let position = answer.header("nashi-position");
        let position = position.rsplit(['-', ':', '/', ' ']).next().and_then(|number| number.parse().ok());
        Receipt { task: id, comment, position: position.unwrap_or_else(|| panic!("no position: {:?}", answer.headers)) }
    }

    /// The same client once more, for a second request at the same time.
    fn twin(&self) -> Asker {
        Asker { person: self.person.clone(), serves: self.shared.serves.clone() }
    }

    async fn persist(&self, sent: &Sent) -> (Answer, u64) {
        self.twin().persist(sent).await
    }
}

/// Repeats a command until it is answered.
struct Asker {
    person: Person,
    serves: watch::Receiver<bool>,
}

impl Asker {
    async fn persist(mut self, sent: &Sent) -> (Answer, u64) {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.person.client.send(Method::POST, &sent.path, &header(&sent.key), body(sent)).await {
                Ok(answer) if answer.status == 200 => return (answer, tries),
                // "Nothing was written nor will be; ask again in a moment."
                Ok(answer) if answer.status == 503 => {
                    let seconds: u64 = answer.header("retry-after").parse().expect("seconds");
                    tokio::time::sleep(Duration::from_secs(seconds)).await;
                }
                Ok(answer) => panic!("{sent:?}: {} {}", answer.status, answer.text()),
                // No whole answer: it may have happened or not. Wait until somebody serves, then ask again.
                Err(_) => {
                    self.serves.wait_for(|serves| *serves).await.expect("the test goes on as long as its clients");
                }
            }
        }
    }
}

fn replayed(answer: &Answer) -> bool {
    answer.find_header("idempotency-replayed") == Some("true")
}

fn header(key: &str) -> [(&str, &str); 1] {
    [("Idempotency-Key", key)]
}

fn body(sent: &Sent) -> Option<Vec<u8>> {
    Some(sent.body.to_string().into_bytes())
}

/// Whether `text` holds `marker` as a word: `m1x2` is not in `m1x23`.
pub fn has(text: &str, marker: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| word == marker)
}
