//! What a client knows of its own commands and of what it was shown: the only witness that the server cannot talk to.
//! Not how anything is sent.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde_json::Value;
use tokio::sync::watch;

use crate::door::Through;
use crate::marker::Marker;

/// One command, from the client's side.
#[derive(Clone, Debug)]
pub struct Sent {
    pub key: String,
    pub path: String,
    pub body: Value,
    /// A word that stands in the text of this command and of no other.
    pub marker: Marker,
    /// Just before the first try.
    pub first_sent: Instant,
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Answered with 200, at least once; the first such answer had been read by then.
    Acknowledged(Receipt, Instant),
    /// The client went away in the middle and never asked again: it may have happened, once.
    Abandoned,
}

/// What a 200 said, in the parts that must never change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub task: i64,
    /// The comment's; for a new task, none.
    pub comment: Option<Comment>,
    /// `Nashi-Position`, the number only: nothing here restores a backup.
    pub position: i64,
}

/// A comment in the answer that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    pub id: i64,
    /// How many comments stand before it, of those that clients sent as comments.
    pub place: usize,
}

/// A task as it was read.
#[derive(Clone, Debug)]
pub struct Seen {
    pub task: i64,
    /// The comments as shown, by their markers; not the text of the task itself.
    pub markers: Vec<Marker>,
    pub sent: Instant,
    pub answered: Instant,
    /// Asked for as it is now. Else it was asked for as of a position, and may lack what others wrote after that.
    pub of_now: bool,
}

/// What one client did.
#[derive(Debug, Default)]
pub struct Record {
    pub person: i64,
    /// Where it always asks; nothing for a client that goes elsewhere.
    pub through: Option<Through>,
    pub sent: Vec<Sent>,
    pub seen: Vec<Seen>,
    /// Requests made, tries included.
    pub tries: u64,
    /// Answers that the server marked as given before.
    pub replays: u64,
    /// Commands that had taken effect although no answer came: found done when they were asked for again.
    pub found_done: u64,
    /// Own commands that were read back elsewhere, and found.
    pub read_back: u64,
}

impl Sent {
    pub fn is_comment(&self) -> bool {
        self.path.ends_with("/comments")
    }

    pub fn answered(&self) -> Option<Instant> {
        match &self.outcome {
            Outcome::Acknowledged(_, at) => Some(*at),
            Outcome::Abandoned => None,
        }
    }
}

/// What all clients share: how many commands were acknowledged, and which tasks exist.
#[derive(Clone, Debug)]
pub struct Progress {
    acknowledged: watch::Sender<u64>,
    tasks: Arc<Mutex<Vec<i64>>>,
}

impl Default for Progress {
    fn default() -> Self {
        Self { acknowledged: watch::Sender::new(0), tasks: Arc::default() }
    }
}

impl Progress {
    pub fn acknowledge(&self) {
        self.acknowledged.send_modify(|count| *count += 1);
    }

    /// Waits until `count` more commands were acknowledged.
    pub async fn more(&self, count: u64) {
        let mut seen = self.acknowledged.subscribe();
        let until = *seen.borrow() + count;
        seen.wait_for(|now| *now >= until).await.expect("we hold the sender ourselves");
    }

    pub fn add_task(&self, task: i64) {
        self.tasks.lock().expect("nobody panics with it").push(task);
    }

    /// The task at `place`, counted around from the newest, if there is any.
    pub fn task(&self, place: usize) -> Option<i64> {
        let tasks = self.tasks.lock().expect("nobody panics with it");
        tasks.iter().rev().cycle().nth(place % tasks.len().max(1)).copied()
    }
}
