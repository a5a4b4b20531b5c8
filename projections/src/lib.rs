//! Events in, everything else out: the directory, views, notifications. What events mean is
//! `domain`'s; how they came into the log is `actors`'.
//!
//! Reading order: [`follower`] is what a view is, [`feed`] reads the log, [`runner`] brings the two
//! together under a [`lease`], [`generation`] and [`rebuild`] make a view anew, [`views`] and [`directory`] are the answers.

mod batch;
mod checkpoint;
mod erased;
mod lookout;
mod metrics;
mod rebuild;

pub mod directory;
pub mod failure;
pub mod feed;
pub mod follower;
pub mod generation;
pub mod lease;
mod leased;
pub mod notify;
pub mod parked;
pub mod past;
pub mod policy;
pub mod progress;
pub mod runner;
pub mod search;
pub mod since;
pub mod standing;
mod start;
pub mod timers;
pub mod views;

#[cfg(test)]
mod apart;
#[cfg(test)]
mod feed_tests;
#[cfg(test)]
mod nodes_tests;
#[cfg(test)]
mod runner_tests;
#[cfg(test)]
mod start_tests;
#[cfg(test)]
mod testing;

pub use directory::DirectoryHandle;
pub use failure::Failure;
pub use feed::Wake;
pub use generation::{Dropped, Generation, drop_generations};
pub use parked::Retried;
pub use progress::{Behind, Progress, State};
pub use runner::Settings;
pub use start::{Projections, View, rebuild, retry_parked};
