//! The row "one permission check": whether somebody sees a task, in the process itself, by the rule that every read goes by. The
//! tasks and the people are those of the log; everybody is asked about.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, ensure};
use domain::codec::EventSet;
use domain::directory::OrganisationDirectory;
use domain::task::Task;
use domain::{Aggregate, Directory, Issued, Kind, PersonId, StreamId};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Organisation, Size, judged};
use crate::measure::{self, Compared, Effort};
use crate::report::{Held, Report};

/// Events of one page of the log.
const PAGE: usize = 1_000;
/// Checks of one run.
const CHECKS: usize = 1_000_000;

/// Everything that a check rests on.
struct Rules {
    directory: Arc<OrganisationDirectory>,
    tasks: Vec<Task>,
    persons: Arc<[i64]>,
}

pub async fn one_check(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let (few, many) = (Size::SMALL, Size::large(effort));
    let (small, large) = (Rules::of(few).await?, Rules::of(many).await?);
    let rounds = measure::alternate(effort, async || small.seconds_each(), async || large.seconds_each()).await?;
    let compared = Compared::of(&rounds, |seconds| *seconds);
    report.add(
        &format!("one permission check among {} people, {} roles, {} lists", many.persons, many.roles, many.lists),
        format!("{:.2} µs, {:.1} times", compared.ours * 1e6, compared.ratio),
        format!("{} people: {:.2} µs", few.persons, compared.theirs * 1e6),
        "10 µs",
        if judged(effort) { Held::from(compared.ours < 10e-6) } else { Held::Unjudged },
    );
    Ok(())
}

impl Rules {
    async fn of(size: Size) -> anyhow::Result<Self> {
        let Organisation { founded, persons, journal, .. } = Organisation::create(size).await?;
        let (mut directory, mut tasks) = (Directory::default(), BTreeMap::<StreamId, Task>::new());
        let mut after = 0;
        loop {
            let page = journal.read_all(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.header.position;
            for event in &page {
                directory.apply(event)?;
                if event.header.stream.kind == Kind::Task {
                    let fact = <Task as Aggregate>::Event::decode(&event.event_type, event.schema, &event.payload)?;
                    tasks.entry(event.header.stream).or_default().evolve(&fact, &event.header);
                }
            }
        }
        let directory = directory.organisation(founded.organisation).cloned().context("the organisation is not in the log")?;
        ensure!(tasks.len() == size.tasks, "{} tasks are in the log instead of {}", tasks.len(), size.tasks);
        Ok(Self { directory, tasks: tasks.into_values().collect(), persons })
    }

    /// Seconds that one check takes, over people and tasks that have little to do with each other.
    fn seconds_each(&self) -> anyhow::Result<f64> {
        let at = jiff::Timestamp::UNIX_EPOCH;
        let (mut seen, begun) = (0_usize, Instant::now());
        for number in 0..CHECKS {
            let who = PersonId(self.persons[number * 7_919 % self.persons.len()]);
            let task = &self.tasks[number * 104_729 % self.tasks.len()];
            let issued = Issued { organisation: self.directory.id, who, at, directory: &self.directory };
            seen += usize::from(black_box(task.may_see(&issued)));
        }
        let seconds = begun.elapsed().as_secs_f64();
        ensure!(seen > 0 && seen < CHECKS, "{seen} of {CHECKS} were seen: not what rules are for");
        Ok(seconds / CHECKS as f64)
    }
}
