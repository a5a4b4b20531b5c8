//! What people ask of a node through any other: to hand its work over, to take it up again, to end. And the list
//! of who there is, for whoever is no node. Not what a node does about it (the gateway knows all of its parts).

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use super::bus::{Bus, Unsent};
use super::member::{Boot, Member, State};
use super::membership::HEARTBEAT;
use super::shared::Subjects;

/// After this long without another word everybody has answered.
const QUIET: Duration = Duration::from_millis(400);
/// A node answers at once that it has begun.
const ANSWER_MAX: Duration = Duration::from_secs(5);

/// What may be asked of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Hand actors and leases over, and take no new ones.
    Drain,
    /// Take part again.
    Resume,
    /// End the process, in order.
    Stop,
}

/// Why an order was not given.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum OrderFailure {
    #[error(transparent)]
    Unsent(#[from] Unsent),
    #[error("the node does not answer")]
    Silence,
    #[error("the node does not understand: it is of another build")]
    NotUnderstood,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Answer {
    pub begun: bool,
}

/// Everybody who answers within a moment, by name; empty without a connection.
///
/// # Errors
/// When the bus refuses.
pub async fn members(bus: &dyn Bus, cluster: &str) -> Result<Vec<Member>, Unsent> {
    let subjects = Subjects::new(cluster);
    let mut words = bus.subscribe(subjects.members()).await?;
    bus.flush().await?;
    bus.publish(subjects.hello(), None, Bytes::new()).await?;
    let mut found: HashMap<Boot, Member> = HashMap::new();
    // Answers come at once; a node that missed the question says its word within a second.
    let mut until = tokio::time::Instant::now() + HEARTBEAT + QUIET;
    while let Ok(Some(word)) = tokio::time::timeout_at(until, words.next()).await {
        until = until.min(tokio::time::Instant::now() + QUIET);
        let Some(member) = Member::decode(&word.payload) else { continue };
        if member.state == State::Gone {
            found.remove(&member.boot)
        } else {
            found.insert(member.boot, member)
        };
    }
    let mut members: Vec<_> = found.into_values().collect();
    members.sort_by(|one, other| (&one.name, one.boot).cmp(&(&other.name, other.boot)));
    Ok(members)
}

/// Gives an order to one node; returns once it has begun.
///
/// # Errors
/// See [`OrderFailure`].
pub async fn order(bus: &dyn Bus, cluster: &str, to: Boot, order: Order) -> Result<(), OrderFailure> {
    let subjects = Subjects::new(cluster);
    #[expect(clippy::disallowed_methods, reason = "the name of a subject for one answer decides nothing")]
    let own = Boot(Uuid::new_v4());
    let mut answers = bus.subscribe(subjects.reply(own, 0)).await?;
    bus.flush().await?;
    let payload = serde_json::to_vec(&order).unwrap_or_default();
    bus.publish(subjects.control(to), Some(subjects.reply(own, 0)), payload.into()).await?;
    match tokio::time::timeout(ANSWER_MAX, answers.next()).await {
        Ok(Some(answer)) if answer.nobody => Err(OrderFailure::Silence),
        Ok(Some(answer)) => match serde_json::from_slice::<Answer>(&answer.payload) {
            Ok(Answer { begun: true }) => Ok(()),
            Ok(Answer { begun: false }) | Err(_) => Err(OrderFailure::NotUnderstood),
        },
        Ok(None) | Err(_) => Err(OrderFailure::Silence),
    }
}
