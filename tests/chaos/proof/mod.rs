//! The clients' records against the log, the tasks, the view and the chain.

mod effects;
mod history;
mod linear;
mod log;
mod order;
mod shown;

use std::fmt;

use sqlx::PgPool;
use tests::{Client, Installation, Person};

use crate::record::Record;

/// What was held against each other.
#[derive(Default)]
pub struct Counts {
    pub tries: u64,
    pub acknowledged: usize,
    pub replays: u64,
    pub found_done: u64,
    pub abandoned: usize,
    pub abandoned_but_done: usize,
    pub read_back: u64,
    pub events: usize,
    pub tasks: usize,
    pub histories: usize,
    pub checked: usize,
    pub operations_checked: usize,
    pub inbox_rows: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} requests, {} commands acknowledged and in the log once ({} of them had lost their answer), {} answered again \
             alike, {} abandoned ({} of them took effect, once), {} read back elsewhere, {} events in an unbroken chain, {} tasks read back, \
             {} inbox rows equal to a rebuild; the order of the log is one that clients could see, over all and in each of {} histories, {} of \
             which ({} operations) were also found linearizable without believing the log",
            self.tries,
            self.acknowledged,
            self.found_done,
            self.replays,
            self.abandoned,
            self.abandoned_but_done,
            self.read_back,
            self.events,
            self.tasks,
            self.inbox_rows,
            self.histories,
            self.checked,
            self.operations_checked,
        )
    }
}

/// What is looked at when everything is over.
pub struct Scene<'a> {
    /// Whose command line is asked.
    pub installation: &'a Installation,
    pub pool: PgPool,
    pub people: &'a [Person],
    /// Every address at which people may read, as the first of them.
    pub doors: Vec<Client>,
}

/// Holds everything, or panics with what does not hold.
pub async fn hold(scene: &Scene<'_>, records: &[Record]) -> Counts {
    let log = log::read(&scene.pool).await;
    log::is_whole(&scene.pool, &log).await;

    let effects = effects::of(&log, records);
    println!("lost = {}, doubled = {}", effects.lost.len(), effects.doubled.len());
    assert!(effects.lost.is_empty(), "acknowledged and lost: {:#?}", effects.lost);
    assert!(effects.doubled.is_empty(), "more than once in the log: {:#?}", effects.doubled);
    let sum = |of: fn(&Record) -> u64| records.iter().map(of).sum();
    let mut counts = Counts {
        tries: sum(|record| record.tries),
        replays: sum(|record| record.replays),
        found_done: sum(|record| record.found_done),
        read_back: sum(|record| record.read_back),
        acknowledged: effects.acknowledged,
        abandoned: effects.abandoned,
        abandoned_but_done: effects.abandoned_but_done,
        events: log.len(),
        ..Counts::default()
    };

    if let Err(wrong) = order::of_the_log(&effects.done) {
        panic!("the order of the log is not the order of time: {wrong}");
    }
    for history in history::of_all(&effects, records) {
        if let Err(wrong) = order::of_a_task(&history) {
            panic!("task {}: {wrong}", history.task);
        }
        counts.histories += 1;
        if linear::is_short(&history.operations) {
            assert!(linear::can_have_happened(&history.operations), "no order explains what was seen: {history:#?}");
            counts.checked += 1;
            counts.operations_checked += history.operations.len();
        }
    }

    counts.tasks = shown::tasks(&scene.doors, &log, records).await;
    counts.inbox_rows = shown::inbox(scene.installation, &scene.pool, scene.people, &scene.doors).await;
    let verdict = scene.installation.run(&["audit", "verify"]).await;
    assert!(verdict.contains(&log.len().to_string()), "the chain was not walked to its end: {verdict}");
    scene.pool.close().await;
    counts
}
