//! What carries messages between nodes, as the cluster needs it: subjects, at most once, bounded size. Two of
//! them: NATS ([`super::nats`]) and one in memory for tests ([`super::memory`]). What is said is not known here.

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use thiserror::Error;
use tokio::sync::watch;

/// A message as it arrives.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub subject: String,
    /// Where an answer goes.
    pub reply: Option<String>,
    pub payload: Bytes,
    /// Not a message, but the bus' own word that nobody listens where a question was sent; it arrives where the answer would.
    pub nobody: bool,
}

/// A message that was not sent.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Unsent {
    #[error("there is no connection")]
    Disconnected,
    #[error("the message is larger than the {max} bytes that the server takes")]
    TooLarge { max: usize },
    #[error("the bus refuses: {0}")]
    Refused(String),
}

/// The way to the other nodes. Messages of one sender to one subject arrive in order, or not at all.
pub trait Bus: Send + Sync + 'static {
    /// Sends. Returns once it is on its way, which says nothing about its arrival.
    fn publish(&self, subject: String, reply: Option<String>, payload: Bytes) -> BoxFuture<'_, Result<(), Unsent>>;

    /// What arrives from now on; `*` stands for one part of a subject. Outlives disconnections, in which messages are lost.
    fn subscribe(&self, subject: String) -> BoxFuture<'_, Result<BoxStream<'static, Delivery>, Unsent>>;

    /// Waits until what was said so far has reached the server.
    fn flush(&self) -> BoxFuture<'_, Result<(), Unsent>>;

    /// Whether there is a connection.
    fn connected(&self) -> watch::Receiver<bool>;

    /// Bytes that a message may hold.
    fn payload_max(&self) -> usize;
}
