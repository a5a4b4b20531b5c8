//! Clients that write at a steady rate while something else happens, and remember how long each answer took. Latency
//! counts from when a comment was due, so a node that stalls is not spared those that it kept from being sent.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::task::JoinSet;

use crate::loader::Connection;
use crate::measure;

const WRITERS: usize = 8;
/// Comments a second, of all together.
pub const RATE: usize = 500;
/// They end by then, whatever happens.
const WRITE_MAX: Duration = Duration::from_secs(300);

/// One comment's answer.
struct Answer {
    due: Instant,
    seconds: f64,
    status: u16,
}

/// They write until [`Writers::end`].
pub struct Writers {
    /// What is due from then on is not written any more.
    enough: Arc<OnceLock<Instant>>,
    writers: JoinSet<anyhow::Result<Vec<Answer>>>,
}

/// What they remember.
pub struct Answers(Vec<Answer>);

/// The answers to what was due within a span of time.
#[derive(Clone, Copy, Debug)]
pub struct Felt {
    pub comments: usize,
    pub refused: usize,
    pub p99: f64,
    pub worst: f64,
}

impl Writers {
    /// Starts them on random ones of `tasks`.
    pub fn start(address: SocketAddr, token: &str, tasks: &Arc<[i64]>) -> Self {
        let (enough, make, begun) = (Arc::new(OnceLock::new()), super::comments(token, tasks), Instant::now());
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let (enough, make) = (enough.clone(), make.clone());
            writers.spawn(async move {
                let (mut asked, mut answers) = (Connection::open(address).await?, Vec::new());
                for number in 0.. {
                    let due = begun + Duration::from_secs_f64((number * WRITERS + writer) as f64 / RATE as f64);
                    if enough.get().is_some_and(|end| due >= *end) || due.duration_since(begun) > WRITE_MAX {
                        break;
                    }
                    tokio::time::sleep_until(due.into()).await;
                    let status = asked.ask(&make(writer, number)).await?;
                    answers.push(Answer { due, seconds: due.elapsed().as_secs_f64(), status });
                }
                Ok(answers)
            });
        }
        Self { enough, writers }
    }

    /// Has them end, once all that is due by now is answered.
    pub async fn end(mut self) -> anyhow::Result<Answers> {
        let _ = self.enough.set(Instant::now());
        let mut answers = Vec::new();
        while let Some(writer) = self.writers.join_next().await {
            answers.extend(writer.context("a writer ended badly")??);
        }
        Ok(Answers(answers))
    }
}

impl Answers {
    pub fn between(&self, from: Instant, until: Instant) -> Felt {
        let within: Vec<&Answer> = self.0.iter().filter(|answer| (from..until).contains(&answer.due)).collect();
        let seconds = |share| measure::quantile(within.iter().map(|answer| answer.seconds), share);
        let refused = within.iter().filter(|answer| answer.status != 200).count();
        Felt { comments: within.len(), refused, p99: seconds(0.99), worst: seconds(1.0) }
    }
}
