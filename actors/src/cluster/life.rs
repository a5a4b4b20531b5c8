//! A node's life among the others: it joins, says every second how it is, hears the others, and says good-bye.
//! Not what it knows of them (see [`super::membership`]).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use super::bus::Delivery;
use super::member::{Member, Report, State};
use super::membership::HEARTBEAT;
use super::shared::Shared;

/// How often is looked at whether this node can do its work.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What the cluster needs to know of the node that it runs in.
pub trait Around: Send + Sync + 'static {
    /// Whether it can write to the log and knows what is decided on. While it cannot, others do its work.
    fn fit(&self) -> bool;

    /// What people are to be told of it.
    fn report(&self) -> Report;

    /// Somebody asked this of it. Must not block.
    fn order(&self, order: super::control::Order);
}

/// Hears what the others say of themselves.
pub(super) async fn hear(shared: Arc<Shared>, displaced: watch::Sender<bool>, mut words: impl Stream<Item = Delivery> + Unpin) {
    while let Some(word) = words.next().await {
        let Some(member) = Member::decode(&word.payload) else {
            tracing::debug!("something that is no member was said to be one");
            continue;
        };
        let (name, boot, state) = (member.name.clone(), member.boot, member.state);
        let heard = shared.change(|members, now| {
            let heard = members.heard(member, now);
            (heard, heard.changed)
        });
        if heard.new {
            tracing::info!(peer = name, peer.boot = %boot, state = state.name(), "a node is there");
        }
        if heard.displaces && !displaced.send_replace(true) {
            tracing::error!(peer.boot = %boot, "another node bears this one's name and was started later; this one gives way");
        }
    }
}

/// Answers whoever asks for everybody.
pub(super) async fn answer(shared: Arc<Shared>, around: Arc<dyn Around>, mut hellos: impl Stream<Item = Delivery> + Unpin) {
    while hellos.next().await.is_some() {
        let report = around.report();
        shared.change(|members, _| (members.me_mut().report = report, false));
        shared.say().await;
    }
}

/// Says every second how this node is, and lets time pass for the others.
pub(super) async fn beat(shared: Arc<Shared>, around: Arc<dyn Around>) {
    let mut ticks = tokio::time::interval(HEARTBEAT);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let report = around.report();
        let dead = shared.change(|members, now| {
            members.me_mut().report = report;
            let dead = members.tick(now);
            let changed = !dead.is_empty();
            (dead, changed)
        });
        for member in dead {
            tracing::warn!(peer = member.name, peer.boot = %member.boot, "a node was not heard of for too long");
        }
        shared.say().await;
    }
}

/// Follows whether there is a way to the others.
pub(super) async fn connection(shared: Arc<Shared>) {
    let mut connected = shared.bus.connected();
    loop {
        let now = *connected.borrow_and_update();
        let back = shared.change(|members, at| {
            let news = members.set_connected(now, at);
            (news && now, news)
        });
        if back {
            shared.say().await;
            // Who else has come back?
            let _ = shared.bus.publish(shared.subjects.hello(), None, Bytes::new()).await;
        }
        if connected.changed().await.is_err() {
            return;
        }
    }
}

/// Keeps this node's state what it should be: what people want, unless it cannot, or gave way.
pub(super) async fn condition(
    shared: Arc<Shared>,
    around: Arc<dyn Around>,
    fit: Arc<AtomicBool>,
    wanted: watch::Receiver<State>,
    displaced: watch::Receiver<bool>,
) {
    let mut looks = tokio::time::interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut wanted = wanted;
    loop {
        tokio::select! {
            _ = looks.tick() => {}
            changed = wanted.changed() => if changed.is_err() { return },
        }
        let well = around.fit();
        if fit.swap(well, Ordering::Relaxed) != well {
            tracing::warn!(fit = well, "whether this node can do its work");
        }
        let wanted = *wanted.borrow_and_update();
        let state = match wanted {
            State::Active if !well => State::Impaired,
            State::Active if *displaced.borrow() => State::Draining,
            other => other,
        };
        shared.set_state(state).await;
    }
}
