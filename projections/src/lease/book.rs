//! What a node knows of its leases: which it holds, which have ended, who waits for one. It knows no database: what is to
//! be asked of it follows from the book, and its answers are written into it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::Held;
use super::rows::Term;
use crate::metrics;

/// The book of one node.
#[derive(Debug, Default)]
pub(super) struct Book {
    waiting: BTreeMap<Arc<str>, VecDeque<oneshot::Sender<Held>>>,
    entries: BTreeMap<Arc<str>, Entry>,
    handed_over: bool,
    closed: bool,
}

/// A lease that the table shows, as far as is known, as this node's.
#[derive(Debug)]
struct Entry {
    epoch: i64,
    /// When the last statement began that put off its end. Read from a clock that only counts, and never earlier than the
    /// database's own reading would be: here it ends first.
    renewed: Instant,
    over: CancellationToken,
    /// What was done under it has stopped.
    left: bool,
}

impl Book {
    pub fn wait_for(&mut self, name: &str, give: oneshot::Sender<Held>) {
        self.waiting.entry(name.into()).or_default().push_back(give);
    }

    /// The leases that somebody waits for and that this node does not hold.
    pub fn wanted(&mut self) -> Vec<Arc<str>> {
        self.waiting.retain(|_, waiting| {
            waiting.retain(|give| !give.is_closed());
            !waiting.is_empty()
        });
        if self.handed_over {
            return Vec::new();
        }
        self.waiting.keys().filter(|name| !self.entries.contains_key(*name)).cloned().collect()
    }

    /// The leases to put off the end of: not of those that are to stop.
    pub fn to_renew(&self) -> Vec<Term> {
        let kept = self.entries.iter().filter(|(_, entry)| !entry.left && !entry.over.is_cancelled());
        kept.map(|(name, entry)| (name.clone(), entry.epoch)).collect()
    }

    /// The leases to give back.
    pub fn to_release(&self) -> Vec<Term> {
        self.entries.iter().filter(|(_, entry)| entry.left).map(|(name, entry)| (name.clone(), entry.epoch)).collect()
    }

    /// Enters a lease that was taken. Returns the end of it, and whoever is next to have it, unless all are to be given
    /// back.
    pub fn taken(&mut self, name: &Arc<str>, epoch: i64, at: Instant) -> (CancellationToken, VecDeque<oneshot::Sender<Held>>) {
        let over = CancellationToken::new();
        self.entries.insert(name.clone(), Entry { epoch, renewed: at, over: over.clone(), left: false });
        metrics::lease_taken(name);
        tracing::info!(lease.name = &**name, lease.epoch = epoch, "a lease was taken");
        if self.handed_over {
            over.cancel();
            return (over, VecDeque::new());
        }
        (over, self.waiting.remove(name).unwrap_or_default())
    }

    /// Puts those back who did not get the lease.
    pub fn wait_on(&mut self, name: &Arc<str>, waiting: VecDeque<oneshot::Sender<Held>>) {
        if !waiting.is_empty() {
            self.waiting.entry(name.clone()).or_default().extend(waiting);
        }
    }

    pub fn renewed(&mut self, name: &str, at: Instant) {
        if let Some(entry) = self.entries.get_mut(name) {
            entry.renewed = at;
        }
    }

    /// What was done under the lease has stopped; the lease is to be given back, if it is still this one.
    pub fn leave(&mut self, name: &str, epoch: i64) {
        if let Some(entry) = self.entries.get_mut(name).filter(|entry| entry.epoch == epoch) {
            entry.left = true;
        }
    }

    /// The lease was given back.
    pub fn released(&mut self, name: &str, epoch: i64) {
        if self.strike_out(name, epoch).is_some() {
            tracing::info!(lease.name = name, lease.epoch = epoch, "a lease was given back");
        }
    }

    /// The lease is another's by now, or free.
    pub fn lose(&mut self, name: &str, epoch: i64) {
        if let Some(entry) = self.strike_out(name, epoch) {
            entry.over.cancel();
            metrics::lease_lost(name);
            tracing::warn!(lease.name = name, lease.epoch = epoch, "a lease was lost");
        }
    }

    /// Ends the leases that were not renewed for `time`, as the database does by itself.
    pub fn end_overdue(&mut self, time: Duration) {
        let overdue = self.entries.iter().filter(|(_, entry)| entry.renewed.elapsed() >= time);
        let overdue: Vec<(Term, bool)> = overdue.map(|(name, entry)| ((name.clone(), entry.epoch), entry.left)).collect();
        for ((name, epoch), left) in overdue {
            if left { self.released(&name, epoch) } else { self.lose(&name, epoch) }
        }
    }

    /// Ends all leases, and wants none.
    pub fn hand_over(&mut self) {
        self.handed_over = true;
        for entry in self.entries.values() {
            entry.over.cancel();
        }
    }

    /// Wants leases again; not once it is closed.
    pub fn resume(&mut self) {
        self.handed_over = self.closed;
    }

    /// As [`Book::hand_over`], for good.
    pub fn close(&mut self) {
        self.closed = true;
        self.hand_over();
    }

    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whether all leases are to be given back, and none is left.
    pub fn is_handed_over(&self) -> bool {
        self.handed_over && self.entries.is_empty()
    }

    pub fn held(&self) -> Vec<String> {
        self.entries.keys().map(ToString::to_string).collect()
    }

    fn strike_out(&mut self, name: &str, epoch: i64) -> Option<Entry> {
        if self.entries.get(name)?.epoch != epoch {
            return None;
        }
        metrics::lease_no_longer_held(name);
        self.entries.remove(name)
    }
}
