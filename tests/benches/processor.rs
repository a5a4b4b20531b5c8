//! How long processes have had a processor, as Linux counts it. Not how long anything took.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context;
use sqlx::PgPool;

/// The kernel's unit of a process's times, whatever its own clock ticks in.
const TICK: Duration = Duration::from_millis(10);

struct Process {
    parent: u32,
    /// Its own ticks, and those of its children that have ended.
    ticks: u64,
}

/// Processor time so far of each of `roots` with all that descends from it, those included that have ended.
pub fn used(roots: &[u32]) -> anyhow::Result<Vec<Duration>> {
    let entries = std::fs::read_dir("/proc").context("only Linux tells what a process has used")?;
    let numbers = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    // One that has just ended is counted with its parent.
    let processes: HashMap<u32, Process> = numbers.filter_map(|id| Some((id, process(id)?))).collect();
    let descends = |mut id: u32, root: u32| {
        while id != root {
            let Some(process) = processes.get(&id) else { return false };
            id = process.parent;
        }
        true
    };
    let of = |root: &u32| {
        processes.get(root).with_context(|| format!("the process {root} has ended"))?;
        let ticks: u64 = processes.iter().filter(|(id, _)| descends(**id, *root)).map(|(_, process)| process.ticks).sum();
        Ok(TICK * u32::try_from(ticks)?)
    };
    roots.iter().map(of).collect()
}

/// The server behind `pool`, on this machine: whoever started the process that answers.
pub async fn postmaster(pool: &PgPool) -> anyhow::Result<u32> {
    let backend: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(pool).await?;
    let found = process(u32::try_from(backend)?).context("Postgres runs on another machine: its processor time is not known")?;
    Ok(found.parent)
}

fn process(id: u32) -> Option<Process> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // A name may hold spaces and brackets; what follows its last bracket is numbers.
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let number = |place: usize| fields.get(place)?.parse::<u64>().ok();
    // utime, stime, cutime, cstime.
    let ticks = number(11)? + number(12)? + number(13)? + number(14)?;
    Some(Process { parent: u32::try_from(number(1)?).ok()?, ticks })
}
