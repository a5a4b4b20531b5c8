//! How long clients waited for answers while something was broken, by what it was and where they asked; beside what was
//! promised. Printed, and judged by people: a test on a busy machine is no measurement.

use std::fmt;
use std::time::Duration;

use crate::door::Through;
use crate::faults::{Fault, Kind};
use crate::record::Record;

/// The longest time from the first try of a command to its answer.
#[derive(Clone, Copy, Debug, Default)]
struct Longest {
    /// Of clients that always ask the same node, which was not the one that the fault befell.
    live: Duration,
    /// Of clients that always ask nginx.
    nginx: Duration,
    /// Of clients that go elsewhere when they are not answered.
    roaming: Duration,
}

/// The whole table.
pub struct Waits {
    rows: Vec<(Kind, usize, Longest)>,
    healthy: Longest,
}

impl Waits {
    pub fn of(faults: &[Fault], records: &[Record]) -> Self {
        let mut rows: Vec<_> = Kind::ALL.into_iter().map(|kind| (kind, 0, Longest::default())).collect();
        for (number, fault) in faults.iter().enumerate() {
            // What began in an earlier fault is that one's.
            let earlier = number.checked_sub(1).map(|number| faults[number].over);
            let row = rows.iter_mut().find(|(kind, ..)| *kind == fault.kind).expect("every kind has a row");
            row.1 += 1;
            let during = |record: &Record| {
                let hit = record.sent.iter().filter_map(|sent| Some((sent.first_sent, sent.answered()?)));
                let hit =
                    hit.filter(|(sent, answered)| *sent < fault.over && *answered > fault.began && earlier.is_none_or(|over| *sent > over));
                hit.map(|(sent, answered)| answered - sent).max()
            };
            for record in records.iter().filter(|record| record.through.is_none() || record.through != fault.node.map(Through::Node)) {
                row.2.note(record.through, during(record).unwrap_or_default());
            }
        }
        rows.retain(|(_, times, _)| *times > 0);
        let mut healthy = Longest::default();
        for record in records {
            let calm = record.sent.iter().filter_map(|sent| Some((sent.first_sent, sent.answered()?)));
            let calm = calm.filter(|(sent, answered)| faults.iter().all(|fault| *answered < fault.began || *sent > fault.over));
            healthy.note(record.through, calm.map(|(sent, answered)| answered - sent).max().unwrap_or_default());
        }
        Self { rows, healthy }
    }

    /// The longest of all, which a client of a healthy node must not have waited for ever.
    pub fn longest(&self) -> Duration {
        let all = self.rows.iter().map(|(.., longest)| longest).chain([&self.healthy]);
        all.flat_map(|longest| [longest.live, longest.nginx, longest.roaming]).max().unwrap_or_default()
    }
}

impl Longest {
    fn note(&mut self, through: Option<Through>, wait: Duration) {
        let column = match through {
            Some(Through::Node(_)) => &mut self.live,
            Some(Through::Nginx) => &mut self.nginx,
            None => &mut self.roaming,
        };
        *column = wait.max(*column);
    }
}

impl fmt::Display for Waits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "The longest wait for an answer:")?;
        writeln!(f, "{:<20} {:>5}  {:<22} {:<22} a client that goes elsewhere", "what was broken", "times", "a live node", "nginx")?;
        for (kind, times, longest) in &self.rows {
            let judged = |wait: Duration| match kind.budget() {
                None => seconds(wait),
                Some(budget) if wait <= budget => format!("{}, held ({} s)", seconds(wait), budget.as_secs()),
                Some(budget) => format!("{}, not held ({} s)", seconds(wait), budget.as_secs()),
            };
            let (live, nginx, roaming) = (judged(longest.live), judged(longest.nginx), seconds(longest.roaming));
            writeln!(f, "{kind:<20} {times:>5}  {live:<22} {nginx:<22} {roaming}")?;
        }
        let Longest { live, nginx, roaming } = self.healthy;
        write!(f, "{:<20} {:>5}  {:<22} {:<22} {}", "nothing", "", seconds(live), seconds(nginx), seconds(roaming))
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}
