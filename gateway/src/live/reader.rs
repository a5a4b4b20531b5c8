//! The reading end of a stream: what is told at its beginning, then what its reader missed, then what happens. How entries go out
//! is known by whoever reads it.

use std::collections::HashSet;
use std::sync::{Arc, Weak};

use domain::Position;
use projections::since;

use super::entry::Entry;
use super::hub::{Hub, Joined, Whose};
use super::read;
use crate::node::Node;

/// Events that are read at once for who comes back.
const PAGE: i64 = 500;
/// Entries that go out together.
const TOGETHER: usize = 64;

pub struct Reader {
    pub joined: Joined,
    pub first: Vec<Arc<Entry>>,
    pub missed: Option<Missed>,
    /// Also what happens from now on.
    pub follow: bool,
}

/// What lies between a reader's position and where its stream begins.
pub struct Missed {
    pub node: Weak<Node>,
    pub hub: Arc<Hub>,
    pub whose: Whose,
    pub after: Position,
    pub upto: Position,
}

impl Reader {
    /// What comes next, at least one entry; nothing at the end.
    pub async fn next(&mut self) -> Option<Vec<Arc<Entry>>> {
        if !self.first.is_empty() {
            return Some(std::mem::take(&mut self.first));
        }
        while let Some(missed) = &mut self.missed {
            match missed.next().await {
                Ok(entries) => {
                    if missed.after >= missed.upto {
                        self.missed = None;
                    }
                    if !entries.is_empty() {
                        return Some(entries);
                    }
                }
                Err(error) => {
                    // It comes back by the last position that it was told.
                    tracing::warn!(error = format!("{error:#}"), "what a stream missed could not be read");
                    return None;
                }
            }
        }
        if !self.follow {
            return None;
        }
        let mut entries = vec![self.joined.entries.recv().await?];
        while entries.len() < TOGETHER
            && let Ok(entry) = self.joined.entries.try_recv()
        {
            entries.push(entry);
        }
        Some(entries)
    }
}

impl Missed {
    async fn next(&mut self) -> anyhow::Result<Vec<Arc<Entry>>> {
        let node = self.node.upgrade().ok_or_else(|| anyhow::anyhow!("the node ends"))?;
        let _turn = self.hub.turn().await;
        let organisation = self.whose.organisation;
        let events = since::events(&node.pool, organisation, &read::OF_ORGANISATIONS, (self.after, self.upto), PAGE).await?;
        let full = i64::try_from(events.len()).is_ok_and(|events| events >= PAGE);
        let upto = events.last().filter(|_| full).map_or(self.upto, |last| last.header.position);
        // Rights as they are now: at least as they were when the last of it happened.
        node.world.at_least(upto).await?;
        let page = read::page(&node, &events, upto, HashSet::from([organisation])).await?;
        self.after = upto;
        Ok(self.hub.retell(self.whose, &page))
    }
}
