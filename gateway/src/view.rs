//! A view of the projections, once it shows what an asker must see. What is read from it is the routes' matter.

use domain::Position;
use projections::{Failure, Generation, View};

use crate::error::Fault;
use crate::extract::Caller;
use crate::extract::caller::WAIT_MAX;

/// What to read, and the position that it shows at least.
pub struct Ready {
    pub generation: Generation,
    pub position: Position,
}

/// The view as far as a read by the asker needs it.
///
/// # Errors
/// 503 when it is not there within [`WAIT_MAX`].
pub async fn read(caller: &Caller, view: View) -> Result<Ready, Fault> {
    let after = caller.after().await?;
    let projections = &caller.node.projections;
    // Taken before the rows are read: they show this much at least.
    let position = projections.progress().iter().find(|progress| progress.generation.view == view.name()).map_or(0, |found| found.position);
    let generation = projections.caught_up(view, after, WAIT_MAX).await.map_err(|behind| {
        tracing::warn!(%behind, "a view was waited for in vain");
        Fault::unavailable("a view is behind")
    })?;
    Ok(Ready { generation, position: position.max(after) })
}

/// The view with all that anybody has written before now, through whichever node: for what a decision copies from it.
///
/// # Errors
/// 503 when it is not there within [`WAIT_MAX`].
pub async fn current(caller: &Caller, view: View) -> Result<Ready, Fault> {
    let position = caller.node.true_head().await?;
    let generation = caller.node.projections.caught_up(view, position, WAIT_MAX).await.map_err(|behind| {
        tracing::warn!(%behind, "a view was waited for in vain");
        Fault::unavailable("a view is behind")
    })?;
    Ok(Ready { generation, position })
}

/// The view as a command at `position` left it. The command is in the log: where the view does not show it in time, the asker
/// is told nothing, and repeats the request.
///
/// # Errors
/// The silence that is for outcomes that cannot be told.
pub async fn written(caller: &Caller, view: View, position: Position) -> Result<Ready, Fault> {
    caller.wrote(position);
    let ready = caller.node.projections.caught_up(view, position, WAIT_MAX).await;
    let generation = ready.map_err(|behind| {
        tracing::warn!(%behind, "a view was waited for in vain");
        Fault::unknown_outcome()
    })?;
    Ok(Ready { generation, position })
}

/// What became of a query.
pub fn answered<T>(result: Result<T, Failure>) -> Result<T, Fault> {
    result.map_err(|error| {
        tracing::warn!(error = &error as &dyn std::error::Error, "a view could not be read");
        Fault::unavailable("a view cannot be read just now")
    })
}
