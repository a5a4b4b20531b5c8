//! What the nodes of a cluster say of themselves, heard from outside and asked for every few milliseconds: when a
//! node became active, and how many actors live on it. `nashi nodes` asks once and waits until all have answered.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use actors::cluster::Member;
use anyhow::{Context, anyhow};
use async_nats::{Client, Subscriber};
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt};
use tests::Nats;

const ASK_EVERY: Duration = Duration::from_millis(10);
/// Longer than a node may take to start, or to hand everything over.
const WAIT_MAX: Duration = Duration::from_secs(90);

/// The subjects on which nodes say it and are asked for it, under the cluster's name by default.
const WORDS: &str = "nashi.member";
const HELLO: &str = "nashi.hello";

pub struct Words {
    client: Client,
    words: Subscriber,
    /// The last word of each, by name.
    pub members: BTreeMap<String, Member>,
}

impl Words {
    pub async fn listen(nats: &Nats) -> anyhow::Result<Self> {
        let client = async_nats::connect(nats.url(nats.address)).await?;
        let words = client.subscribe(WORDS).await?;
        client.flush().await?;
        Ok(Self { client, words, members: BTreeMap::new() })
    }

    /// Waits for a word from now on of the node called `name` that is `so`. Gives when it was heard.
    pub async fn until(&mut self, name: &str, so: impl Fn(&Member) -> bool) -> anyhow::Result<Instant> {
        // What was said while nobody listened is not true any more.
        while self.words.next().now_or_never().is_some() {}
        let mut asking = tokio::time::interval(ASK_EVERY);
        let heard = async {
            loop {
                tokio::select! {
                    _ = asking.tick() => self.client.publish(HELLO, Bytes::new()).await?,
                    word = self.words.next() => {
                        let Some(member) = Member::decode(&word.context("the connection is gone")?.payload) else { continue };
                        let is_so = member.name == name && so(&member);
                        self.members.insert(member.name.clone(), member);
                        if is_so {
                            return anyhow::Ok(Instant::now());
                        }
                    }
                }
            }
        };
        let heard = tokio::time::timeout(WAIT_MAX, heard).await;
        heard.unwrap_or_else(|_| Err(anyhow!("the last word of {name} is {:?}", self.members.get(name))))
    }

    /// Live actors of the node called `name`, by its last word.
    pub fn actors(&self, name: &str) -> usize {
        self.members.get(name).map_or(0, |member| member.report.actors)
    }
}
