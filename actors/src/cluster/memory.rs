//! A bus without a server, for tests: nodes in one process, which can be cut off and come back. Not for production.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use tokio::sync::{mpsc, watch};

use super::bus::{Bus, Delivery, Unsent};

/// Messages that may wait for one subscriber; more are lost, as on the real one.
const WAITING_MAX: usize = 65_536;

/// What all nodes of a test are connected to.
#[derive(Clone, Default)]
pub struct MemoryHub(Arc<Mutex<Hub>>);

#[derive(Default)]
struct Hub {
    subscribers: Vec<Subscriber>,
    /// Nodes that nothing reaches and that reach nobody.
    cut: HashSet<usize>,
    /// Nodes whose messages arrive and whose answers do not, as of a process that hangs.
    held: HashSet<usize>,
    connected: HashMap<usize, watch::Sender<bool>>,
}

struct Subscriber {
    node: usize,
    subject: String,
    sender: mpsc::Sender<Delivery>,
}

/// One node's way to the others.
pub struct MemoryBus {
    hub: MemoryHub,
    node: usize,
    payload_max: usize,
}

impl MemoryHub {
    /// A new node's bus, and the number by which it is cut off.
    pub fn join(&self) -> (Arc<MemoryBus>, usize) {
        self.join_with(1024 * 1024)
    }

    /// With another bound of a message.
    pub fn join_with(&self, payload_max: usize) -> (Arc<MemoryBus>, usize) {
        let mut hub = self.lock();
        let node = hub.connected.len();
        hub.connected.insert(node, watch::Sender::new(true));
        drop(hub);
        (Arc::new(MemoryBus { hub: self.clone(), node, payload_max }), node)
    }

    /// Cuts a node's connection, or mends it. Messages meanwhile are lost.
    pub fn cut(&self, node: usize, cut: bool) {
        let mut hub = self.lock();
        if cut {
            hub.cut.insert(node)
        } else {
            hub.cut.remove(&node)
        };
        hub.connected[&node].send_replace(!cut);
    }

    /// Lets nothing of a node through any more, without anybody noticing but by its silence.
    pub fn hold(&self, node: usize, held: bool) {
        let mut hub = self.lock();
        if held {
            hub.held.insert(node)
        } else {
            hub.held.remove(&node)
        };
    }

    /// Ends a node as a kill would: nobody listens there any more.
    pub fn kill(&self, node: usize) {
        let mut hub = self.lock();
        hub.subscribers.retain(|subscriber| subscriber.node != node);
        hub.cut.insert(node);
    }

    fn lock(&self) -> MutexGuard<'_, Hub> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hub {
    /// How many were given it.
    fn deliver(&mut self, from: usize, delivery: &Delivery) -> usize {
        self.subscribers.retain(|subscriber| !subscriber.sender.is_closed());
        let fits = |subscriber: &&Subscriber| !self.cut.contains(&subscriber.node) && matches(&subscriber.subject, &delivery.subject);
        let reached: Vec<_> = self.subscribers.iter().filter(fits).collect();
        if !self.held.contains(&from) {
            for subscriber in &reached {
                let _ = subscriber.sender.try_send(delivery.clone());
            }
        }
        reached.len()
    }
}

/// Whether a subject is meant by one that may hold `*`.
fn matches(wanted: &str, subject: &str) -> bool {
    let (mut wanted, mut subject) = (wanted.split('.'), subject.split('.'));
    loop {
        match (wanted.next(), subject.next()) {
            (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(one), Some(other)) if one == other => {}
            _ => return false,
        }
    }
}

impl Bus for MemoryBus {
    fn publish(&self, subject: String, reply: Option<String>, payload: Bytes) -> BoxFuture<'_, Result<(), Unsent>> {
        Box::pin(async move {
            if payload.len() > self.payload_max {
                return Err(Unsent::TooLarge { max: self.payload_max });
            }
            let mut hub = self.hub.lock();
            if hub.cut.contains(&self.node) {
                return Err(Unsent::Disconnected);
            }
            let reached = hub.deliver(self.node, &Delivery { subject, reply: reply.clone(), payload, nobody: false });
            if let (0, Some(reply)) = (reached, reply) {
                hub.deliver(self.node, &Delivery { subject: reply, reply: None, payload: Bytes::new(), nobody: true });
            }
            Ok(())
        })
    }

    fn subscribe(&self, subject: String) -> BoxFuture<'_, Result<BoxStream<'static, Delivery>, Unsent>> {
        Box::pin(async move {
            let (sender, receiver) = mpsc::channel(WAITING_MAX);
            self.hub.lock().subscribers.push(Subscriber { node: self.node, subject, sender });
            let arriving = stream::unfold(receiver, |mut receiver| async move { Some((receiver.recv().await?, receiver)) });
            Ok(arriving.boxed())
        })
    }

    fn flush(&self) -> BoxFuture<'_, Result<(), Unsent>> {
        Box::pin(async { Ok(()) })
    }

    fn connected(&self) -> watch::Receiver<bool> {
        self.hub.lock().connected[&self.node].subscribe()
    }

    fn payload_max(&self) -> usize {
        self.payload_max
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_one_part() {
        assert!(matches("a.b", "a.b") && matches("a.*", "a.b") && matches("a.*.c", "a.b.c"));
        assert!(!matches("a.*", "a") && !matches("a.*", "a.b.c") && !matches("a.b", "a.c"));
    }
}
