//! What clients did to one task and saw of it, and in which order its log has it. Not the judgement of it.

use std::collections::BTreeMap;
use std::time::Instant;

use super::effects::Effects;
use crate::marker::Marker;
use crate::record::{Outcome, Record};

/// Everything of one task but its creation, which comes before all of it.
#[derive(Debug, Default)]
pub struct History {
    pub task: i64,
    /// The comments in the order of their versions.
    pub order: Vec<Marker>,
    pub operations: Vec<Operation>,
    /// What was shown as of some position, by whatever time.
    pub glimpses: Vec<Vec<Marker>>,
}

/// One thing that a client did, between two moments of its own clock.
#[derive(Clone, Debug)]
pub struct Operation {
    pub sent: Instant,
    /// Nothing: no answer was waited for, and it may have happened or not.
    pub answered: Option<Instant>,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    /// A comment, and how many the answer showed before it.
    Append { marker: Marker, before: Option<usize> },
    /// A read, and the comments that it showed.
    Read { shown: Vec<Marker> },
}

/// The histories of all tasks that the log knows.
pub fn of_all(effects: &Effects<'_>, records: &[Record]) -> Vec<History> {
    let mut histories: BTreeMap<i64, History> = BTreeMap::new();
    for done in &effects.done {
        let history = histories.entry(done.task).or_insert_with(|| History { task: done.task, ..History::default() });
        if done.sent.is_comment() {
            history.order.push(done.sent.marker);
        }
    }
    for record in records {
        for sent in record.sent.iter().filter(|sent| sent.is_comment()) {
            let task = sent.path.split('/').nth(3).and_then(|task| task.parse().ok()).expect("/v4/tasks/{id}/comments");
            let Some(history) = histories.get_mut(&task) else { panic!("a comment on a task that is not there: {sent:?}") };
            let before = match &sent.outcome {
                Outcome::Acknowledged(receipt, _) => receipt.comment.map(|comment| comment.place),
                Outcome::Abandoned => None,
            };
            let what = What::Append { marker: sent.marker, before };
            history.operations.push(Operation { sent: sent.first_sent, answered: sent.answered(), what });
        }
        for seen in &record.seen {
            let Some(history) = histories.get_mut(&seen.task) else { panic!("a task was shown that is not there: {seen:?}") };
            if seen.of_now {
                let what = What::Read { shown: seen.markers.clone() };
                history.operations.push(Operation { sent: seen.sent, answered: Some(seen.answered), what });
            } else {
                history.glimpses.push(seen.markers.clone());
            }
        }
    }
    histories.into_values().collect()
}
