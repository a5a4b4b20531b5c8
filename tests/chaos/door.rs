//! Where a client knocks: one server, or the nodes of a cluster and the proxy before them. It asks until it is answered, and
//! goes to another door when one stays shut. What it asks is not known here.

use std::time::{Duration, Instant};

use rand::{RngExt, rngs::StdRng};
use reqwest::Method;
use tests::{Answer, Client};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};

/// Which of a cluster's addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    Node(usize),
    Nginx,
}

/// An address, as one person.
#[derive(Clone, Debug)]
pub struct Door {
    pub through: Through,
    pub client: Client,
}

/// How a client behaves where it is not answered.
#[derive(Clone, Copy, Debug)]
pub struct Manners {
    /// How long it waits for one answer before it takes it as lost.
    pub patience: Duration,
    /// Whether it waits as long as a 503 asks it to. One that measures how long the server takes does not.
    pub waits_when_asked: bool,
}

/// Pause after a whole round of doors at which nobody answered.
const ROUND_MIN: Duration = Duration::from_millis(20);

/// Repeats a request until it is answered.
pub struct Knocker {
    doors: Vec<Door>,
    manners: Manners,
    /// Whether there is any server to ask.
    serves: watch::Receiver<bool>,
    random: StdRng,
    pace: Interval,
}

/// A request to be repeated.
pub struct Request<'a> {
    pub method: Method,
    pub path: &'a str,
    pub header: Option<(&'a str, &'a str)>,
    pub body: Option<Vec<u8>>,
}

/// A 200, and how it came.
pub struct Answered {
    pub answer: Answer,
    pub through: Through,
    pub tries: u64,
    /// Just before the try that was answered.
    pub sent: Instant,
    pub at: Instant,
}

/// What came of one try that was not a 200.
enum Shut {
    /// "Nothing was written nor will be; ask again in so many seconds."
    Refused(Duration),
    /// No whole answer: it may have happened or not.
    Silent,
}

impl Knocker {
    pub fn new(doors: Vec<Door>, manners: Manners, serves: watch::Receiver<bool>, random: StdRng) -> Self {
        let mut pace = tokio::time::interval(ROUND_MIN);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { doors, manners, serves, random, pace }
    }

    /// Any door.
    pub fn any(&mut self) -> &Door {
        &self.doors[self.random.random_range(0..self.doors.len())]
    }

    /// Asks, at any door first, until there is a 200.
    ///
    /// # Panics
    /// When the answer is one that a careful client never gets.
    pub async fn persist(&mut self, request: &Request<'_>) -> Answered {
        let count = self.doors.len();
        let mut at = self.random.random_range(0..count);
        let mut asked_to_wait = Duration::ZERO;
        let mut tries = 0;
        loop {
            tries += 1;
            let door = self.doors[at].clone();
            let sent = Instant::now();
            match self.knock(&door, request).await {
                Ok(answer) => return Answered { answer, through: door.through, tries, sent, at: Instant::now() },
                Err(Shut::Refused(wait)) => asked_to_wait = asked_to_wait.max(wait),
                Err(Shut::Silent) => {}
            }
            // Elsewhere; where there is no elsewhere, here again.
            at = (at + self.random.random_range(1..count.max(2))) % count;
            if tries.is_multiple_of(count as u64) {
                self.pause(std::mem::take(&mut asked_to_wait)).await;
            }
        }
    }

    async fn knock(&self, door: &Door, request: &Request<'_>) -> Result<Answer, Shut> {
        let headers: Vec<_> = request.header.into_iter().collect();
        let asked = door.client.send(request.method.clone(), request.path, &headers, request.body.clone());
        let Ok(Ok(answer)) = tokio::time::timeout(self.manners.patience, asked).await else { return Err(Shut::Silent) };
        match answer.status {
            200 => Ok(answer),
            503 => Err(Shut::Refused(seconds(answer.header("retry-after")))),
            // It was not read, because it did not come in time: to a node that stood still, nothing does.
            408 => Err(Shut::Silent),
            // A proxy's word for an answer that broke off or did not come.
            502 | 504 if door.through == Through::Nginx => Err(Shut::Silent),
            other => panic!("{} {} through {:?}: {other} {}", request.method, request.path, door.through, answer.text()),
        }
    }

    async fn pause(&mut self, asked_to_wait: Duration) {
        if self.manners.waits_when_asked && !asked_to_wait.is_zero() {
            tokio::time::sleep(asked_to_wait).await;
        } else {
            self.serves.wait_for(|serves| *serves).await.expect("the test goes on as long as its clients");
            self.pace.tick().await;
        }
    }
}

fn seconds(text: &str) -> Duration {
    Duration::from_secs(text.parse().unwrap_or_else(|_| panic!("Retry-After is no number of seconds: {text}")))
}
