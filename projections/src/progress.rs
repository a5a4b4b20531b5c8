//! Where a view is, published by its follower. Not how it gets there, nor the wait for it (see `lookout`).

use std::time::{Duration, Instant};

use domain::Position;
use thiserror::Error;

use crate::generation::Generation;

/// What a follower of this process is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It moves the view.
    Running,
    /// Another node holds the view's lease and moves it; this one looks on, and takes over where it may.
    Standby,
    /// The database is away, or refuses; it tries again.
    Waiting,
    /// It has stopped.
    Stopped,
}

/// Where a view is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Whose tables were at `position`.
    pub generation: Generation,
    pub incarnation: i64,
    pub position: Position,
    pub state: State,
    /// Streams that the view does not hold whole.
    pub parked_streams: usize,
    /// When it was last level with the head of the log.
    pub level_at: Option<Instant>,
}

impl Progress {
    /// How long ago the view was last level with the head; nothing when it has not been since the start.
    pub fn behind(&self) -> Option<Duration> {
        self.level_at.map(|at| at.elapsed())
    }
}

/// The view has not seen the position that was asked for in time.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the view {view} is at {position}, before {wanted}")]
pub struct Behind {
    pub view: &'static str,
    pub position: Position,
    pub wanted: Position,
}
