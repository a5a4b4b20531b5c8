//! Commands in, events out. One live writer a stream; the journal; the cluster. What a command means is
//! `domain`'s; what is made of the events is `projections`'.
//!
//! Reading order: [`system`] is what others call; [`journal`] is the log; `router`, `execute`, `bulk`, `create`
//! and `read` are the caller's side, `entity` is the actor; `tail` and `passivate` look after all of them; [`cluster`]
//! is about other nodes.

pub mod cluster;
pub mod hosted;
pub mod journal;
pub mod metrics;
pub mod settings;
pub mod system;

pub mod audit;
pub mod codec;

mod ask;
mod bulk;
mod caught;
mod create;
mod entity;
mod execute;
mod fold;
mod fresh;
mod passivate;
mod read;
mod registry;
mod router;
mod tail;
