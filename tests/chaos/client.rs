//! A careful client: it names every command by a key, repeats it until it is answered, reads it back elsewhere, and
//! writes down what it was told. Not the judge of it (that is [`crate::proof`]).

use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::Method;
use serde_json::{Value, json};
use tests::Answer;
use tokio::sync::watch;

use crate::door::{Answered, Door, Knocker, Manners, Request, Through};
use crate::marker::Marker;
use crate::record::{Comment, Outcome, Progress, Receipt, Record, Seen, Sent};

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
    number: u32,
    person: i64,
    doors: Vec<Door>,
    manners: Manners,
    random: StdRng,
    shared: Shared,
    record: Record,
}

impl Sender {
    /// The client of this number, as `person`, whose doors these are.
    pub fn new(number: u32, person: i64, doors: Vec<Door>, manners: Manners, seed: u64, shared: Shared) -> Self {
        let through = (doors.len() == 1).then(|| doors[0].through);
        let record = Record { person, through, ..Record::default() };
        let random = StdRng::seed_from_u64(seed ^ (u64::from(number) << 32));
        Self { number, person, doors, manners, random, shared, record }
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
                    let door = self.knocker().any().clone();
                    let key = [("Idempotency-Key", sent.key.as_str())];
                    let hanging = door.client.send(Method::POST, &sent.path, &key, body(&sent));
                    // Whatever came of it, it is not looked at.
                    let _ = tokio::time::timeout(patience, hanging).await;
                }
                // Asks twice at the same time, as a client with two windows does.
                1 => {
                    let (mut first, mut second) = (self.knocker(), self.knocker());
                    let request = command(&sent);
                    let (first, second) = tokio::join!(first.persist(&request), second.persist(&request));
                    self.record.tries += first.tries + second.tries;
                    let (one, other) = (self.read(&sent, &first.answer), self.read(&sent, &second.answer));
                    assert_eq!(one, other, "two answers to one key, through {:?} and {:?}: {sent:?}", first.through, second.through);
                    self.accept(&mut sent, if first.at < second.at { &first } else { &second });
                }
                _ => {
                    let answered = self.persist(&sent).await;
                    self.record.found_done += u64::from(answered.tries > 1 && replayed(&answered.answer));
                    self.accept(&mut sent, &answered);
                    if self.doors.len() > 1 && self.random.random_ratio(1, 3) {
                        self.read_back(&sent, &answered).await;
                    }
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
        let number = u32::try_from(self.record.sent.len()).expect("a run ends before that");
        let marker = Marker { client: self.number, number };
        let key = format!("chaos-{}-{number}", self.number);
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
        Sent { key, path, body, marker, first_sent: Instant::now(), outcome: Outcome::Abandoned }
    }

    fn colleague(&mut self) -> i64 {
        self.shared.colleagues[self.random.random_range(0..self.shared.colleagues.len())]
    }

    /// Asks again for something that was acknowledged before: the answer must be the same.
    async fn remember(&mut self) {
        let place = self.random.random_range(0..self.record.sent.len());
        let sent = self.record.sent[place].clone();
        let Outcome::Acknowledged(receipt, _) = &sent.outcome else { return };
        let answer = self.persist(&sent).await.answer;
        assert!(replayed(&answer), "{sent:?}: {:?}", answer.headers);
        assert_eq!(&self.read(&sent, &answer), receipt, "another answer to the same key: {sent:?}");
        self.record.replays += 1;
    }

    /// Reads what was just acknowledged through another node than the one that said so. It must be there: nobody misses their
    /// own write, whether they send its position back or, as most clients, do not.
    async fn read_back(&mut self, sent: &Sent, told: &Answered) {
        let Outcome::Acknowledged(receipt, _) = &sent.outcome else { return };
        let (told, written) = (told.through, told.answer.header("nashi-position"));
        // Which node nginx asked is not known, and which it would ask neither.
        let elsewhere = |door: &&Door| door.through != Through::Nginx && door.through != told;
        let doors: Vec<Door> = self.doors.iter().filter(elsewhere).cloned().collect();
        let path = match self.random.random_range(0..4) {
            0 => "/v4/inbox?item_count=1".to_owned(),
            _ => format!("/v4/tasks/{}", receipt.task),
        };
        let mut knocker = Knocker::new(doors, self.manners, self.shared.serves.clone(), self.fork());
        let header = self.random.random_ratio(1, 4).then_some(("Nashi-Wait-For", written));
        let answered = knocker.persist(&Request { method: Method::GET, path: &path, header, body: None }).await;
        self.record.tries += answered.tries;
        let whence = format!("acknowledged through {told:?}, read through {:?}", answered.through);
        let shows = position(&answered.answer);
        assert!(shows >= receipt.position, "{whence}: {path} shows {shows} only: {sent:?}");
        if path.starts_with("/v4/tasks") {
            let task = answered.answer.json()["task"].take();
            let markers: Vec<Marker> = comments(&task).map(|(marker, _)| marker).collect();
            let there = if sent.is_comment() { markers.contains(&sent.marker) } else { sent.marker.is_in(&task.to_string()) };
            assert!(there, "{whence}, and not there: {sent:?} in {task}");
            let (sent, answered, of_now) = (answered.sent, answered.at, header.is_none());
            self.record.seen.push(Seen { task: receipt.task, markers, sent, answered, of_now });
        }
        self.record.read_back += 1;
    }

    fn accept(&mut self, sent: &mut Sent, answered: &Answered) {
        let receipt = self.read(sent, &answered.answer);
        if receipt.comment.is_none() {
            self.shared.progress.add_task(receipt.task);
        }
        self.record.replays += u64::from(replayed(&answered.answer));
        sent.outcome = Outcome::Acknowledged(receipt, answered.at);
        self.shared.progress.acknowledge();
    }

    /// What the answer says of the command. It must be there, once, as this person's.
    fn read(&self, sent: &Sent, answer: &Answer) -> Receipt {
        let body = answer.json();
        let task = &body["task"];
        let id = task["id"].as_i64().unwrap_or_else(|| panic!("no id: {body}"));
        let comment = sent.is_comment().then(|| {
            let mine: Vec<_> = comments(task).enumerate().filter(|(_, (marker, _))| *marker == sent.marker).collect();
            assert_eq!(mine.len(), 1, "{sent:?} stands {} times in {body}", mine.len());
            let (place, (_, comment)) = mine[0];
            assert_eq!(comment["author"]["id"], self.person);
            Comment { id: comment["id"].as_i64().expect("a comment has an id"), place }
        });
        Receipt { task: id, comment, position: position(answer) }
    }

    /// As this client, for one request or for a second one at the same time.
    fn knocker(&mut self) -> Knocker {
        Knocker::new(self.doors.clone(), self.manners, self.shared.serves.clone(), self.fork())
    }

    fn fork(&mut self) -> StdRng {
        StdRng::seed_from_u64(self.random.random())
    }

    async fn persist(&mut self, sent: &Sent) -> Answered {
        let answered = self.knocker().persist(&command(sent)).await;
        self.record.tries += answered.tries;
        answered
    }
}

fn command(sent: &Sent) -> Request<'_> {
    Request { method: Method::POST, path: &sent.path, header: Some(("Idempotency-Key", &sent.key)), body: body(sent) }
}

fn body(sent: &Sent) -> Option<Vec<u8>> {
    Some(sent.body.to_string().into_bytes())
}

/// The comments of a task as shown, by their markers, but for the first: that is the text of the task itself.
fn comments(task: &Value) -> impl Iterator<Item = (Marker, &Value)> {
    let in_text = |of: &Value| of["text"].as_str().and_then(|text| Marker::all_in(text).next());
    let title = in_text(task);
    let marked = task["comments"].as_array().into_iter().flatten().filter_map(move |comment| Some((in_text(comment)?, comment)));
    marked.filter(move |(marker, _)| Some(*marker) != title)
}

fn replayed(answer: &Answer) -> bool {
    answer.find_header("idempotency-replayed") == Some("true")
}

/// The number in `Nashi-Position`.
fn position(answer: &Answer) -> i64 {
    let text = answer.header("nashi-position");
    let number = text.rsplit('-').next().and_then(|number| number.parse().ok());
    number.unwrap_or_else(|| panic!("no position: {:?}", answer.headers))
}
