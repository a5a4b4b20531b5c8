//! The log's head as it is now, for whoever must not miss what was acknowledged elsewhere a moment ago. One query
//! serves all who came before it was made. Not the head that this process was told of (that costs nothing, and may
//! be a moment old).

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::journal::{Head, Journal};

/// Those who may wait; more are told at once that the head cannot be read.
const WAITING_MAX: usize = 16_384;
/// Between two queries, so that many readers make few of them.
const PACE: Duration = Duration::from_millis(1);

/// Asks for the head on behalf of many. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Fresh(mpsc::Sender<oneshot::Sender<Head>>);

impl Fresh {
    /// Starts asking on the current runtime; ends when the last of its clones is gone.
    pub fn start(journal: Arc<dyn Journal>) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        tokio::spawn(serve(journal, receiver));
        Self(sender)
    }

    /// The head as committed after the call began; nothing when it cannot be read.
    pub async fn head(&self) -> Option<Head> {
        let (answer, answered) = oneshot::channel();
        self.0.try_send(answer).ok()?;
        answered.await.ok()
    }
}

async fn serve(journal: Arc<dyn Journal>, mut waiting: mpsc::Receiver<oneshot::Sender<Head>>) {
    let mut asking = Vec::new();
    while waiting.recv_many(&mut asking, WAITING_MAX).await > 0 {
        let begun = tokio::time::Instant::now();
        match journal.current_head().await {
            Ok(head) => {
                for answer in asking.drain(..) {
                    // Who went away needs no answer.
                    let _ = answer.send(head);
                }
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the log's head cannot be read");
                asking.clear();
            }
        }
        tokio::time::sleep_until(begun + PACE).await;
    }
}
