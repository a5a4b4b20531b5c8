//! What people say of their streams, to whichever node they reach: what they look at, and what they subscribe to. Told to all
//! nodes, since a stream may be at any of them; what is lost on the way is said again.

use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::hub::{Hub, Whose};
use super::presence::{Looks, Presence};
use super::queries::Queries;
use crate::node::Node;

/// What nodes call it among each other.
const TOPIC: &str = "live";
/// Between two looks at whether this node has joined the others by now.
const PAUSE: Duration = Duration::from_millis(100);

/// Something that was said of a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Word {
    Looks(Looks),
    /// From now on the stream is told which tasks meet the query, under this name.
    Subscribes {
        stream: Uuid,
        whose: Whose,
        name: String,
        query: Map<String, Value>,
    },
    Unsubscribes {
        stream: Uuid,
        whose: Whose,
        name: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Sent {
    from: Uuid,
    word: Word,
}

/// Who does what was said.
#[derive(Clone)]
pub struct Ears {
    pub hub: Arc<Hub>,
    pub presence: Arc<Presence>,
    pub queries: Arc<Queries>,
}

impl Ears {
    pub fn hear(&self, word: Word) {
        match word {
            Word::Looks(looks) => self.presence.take(&looks, &self.hub),
            Word::Subscribes { stream, whose, name, query } => {
                if self.hub.has(whose, stream) {
                    self.queries.subscribe(stream, whose, name, query);
                }
            }
            Word::Unsubscribes { stream, whose, name } => self.queries.unsubscribe(stream, whose, name),
        }
    }
}

/// Does what was said, here and at the other nodes.
pub async fn say(node: &Node, word: Word) {
    node.live.ears.hear(word.clone());
    let Some(cluster) = node.cluster() else { return };
    let Ok(bytes) = serde_json::to_vec(&Sent { from: node.boot.0, word }) else { return };
    if let Err(unsent) = cluster.whisper(TOPIC, Bytes::from(bytes)).await {
        tracing::debug!(%unsent, "other nodes were not told of what somebody said of their stream");
    }
}

/// Hears what was said at other nodes, until `shutdown`.
pub async fn hear(node: Weak<Node>, ears: Ears, shutdown: CancellationToken) {
    let heard = async {
        let (cluster, me) = loop {
            let Some(node) = node.upgrade() else { return };
            if let Some(cluster) = node.cluster() {
                break (cluster.clone(), node.boot.0);
            }
            drop(node);
            tokio::time::sleep(PAUSE).await;
        };
        let Ok(mut whispers) = cluster.overhear(TOPIC).await else {
            tracing::warn!("what people say of their streams at other nodes is not heard");
            return;
        };
        while let Some(delivery) = whispers.next().await {
            if let Ok(sent) = serde_json::from_slice::<Sent>(&delivery.payload)
                && sent.from != me
            {
                ears.hear(sent.word);
            }
        }
    };
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = heard => {}
    }
}
