//! Whether the order of the log is one that clients could have seen: what was answered before something else was begun stands
//! before it, and whoever read saw a beginning of the history, the later the longer. The log names the order, so this is
//! exact for histories of any length; [`super::linear`] asks the same without believing the log.

use std::fmt::Debug;
use std::time::Instant;

use super::effects::Done;
use super::history::{History, What};

/// Commands of all tasks: the log is one, and its positions rise as time does.
///
/// # Errors
/// Two commands in the wrong order.
pub fn of_the_log(done: &[Done<'_>]) -> Result<(), String> {
    rises(done.iter().map(|done| (done.position, done.sent.first_sent, done.sent.answered(), done.sent)))
}

/// One task, with what was read of it.
///
/// # Errors
/// What was seen that cannot have been.
pub fn of_a_task(history: &History) -> Result<(), String> {
    if let Some(shown) = history.glimpses.iter().find(|shown| !history.order.starts_with(shown)) {
        return Err(format!("{shown:?} was shown, which is no beginning of {:?}", history.order));
    }
    let mut placed = Vec::new();
    for operation in &history.operations {
        // A comment stands on an even place of its own, and the reads that show it as the last one on the odd place after it.
        let place = match &operation.what {
            What::Append { marker, before } => {
                let Some(place) = history.order.iter().position(|other| other == marker) else {
                    if operation.answered.is_none() {
                        continue;
                    }
                    return Err(format!("{marker} is lost"));
                };
                if before.is_some_and(|before| before != place) {
                    return Err(format!("{marker} is comment number {place}, and its answer showed {before:?} before it"));
                }
                2 * place + 2
            }
            What::Read { shown } => {
                if !history.order.starts_with(shown) {
                    return Err(format!("{shown:?} was shown, which is no beginning of {:?}", history.order));
                }
                2 * shown.len() + 1
            }
        };
        placed.push((place, operation.sent, operation.answered, &operation.what));
    }
    placed.sort_by_key(|(place, ..)| *place);
    rises(placed.into_iter())
}

/// In the given order, whether nothing was answered before something that stands on an earlier place was begun.
fn rises<P: PartialEq, W: Debug>(placed: impl Iterator<Item = (P, Instant, Option<Instant>, W)>) -> Result<(), String> {
    // What was begun last: on earlier places, and on this one.
    let mut earlier: Option<(Instant, W)> = None;
    let mut here: Vec<(Instant, W)> = Vec::new();
    let mut at: Option<P> = None;
    for (place, sent, answered, what) in placed {
        if at.as_ref() != Some(&place) {
            earlier = earlier.into_iter().chain(here.drain(..)).max_by_key(|(sent, _)| *sent);
            at = Some(place);
        }
        if let (Some(answered), Some((begun, before))) = (answered, &earlier)
            && answered < *begun
        {
            return Err(format!("{before:?} stands before {what:?}, but was begun {:?} after that was answered", *begun - answered));
        }
        here.push((sent, what));
    }
    Ok(())
}
