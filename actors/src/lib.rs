//! Commands in, events out. One live writer a stream; the journal; the cluster. What a command means is
//! `domain`'s; what is made of the events is `projections`'.

pub mod audit;
pub mod codec;
pub mod journal;
pub mod metrics;
pub mod system;
