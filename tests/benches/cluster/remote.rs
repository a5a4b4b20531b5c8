//! The rows "a comment to a task of another node": what it costs that the node that is asked must ask another.
//! Both are asked for by the same connections to the same node.

use std::sync::Arc;

use anyhow::ensure;
use tests::{Access, Nats};

use super::NAMES;
use crate::loader::{self, Load};
use crate::measure::{self, Compared, Effort};
use crate::report::{Held, Report};
use crate::world::Founded;

const TASKS: usize = 2_000;
const MANY: usize = 64;

/// Latency at one connection, throughput at many, of tasks that live on the other of two nodes.
pub async fn against_local(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let founded = Founded::create(TASKS).await?;
    let nats = Nats::start(Access::Open).await;
    let nodes = super::start(&founded, Some(&nats), 2).await?;
    let asked = nodes[0].address;
    let token = founded.sign_in(asked).await?;
    let [here, there] = super::tasks_by_owner(&founded, &nats, [NAMES[0], NAMES[1]]).await?;
    let comments = async |tasks: &Arc<[i64]>, connections: usize| -> anyhow::Result<Load> {
        let make = super::comments(&token, tasks);
        let load = loader::drive(&[asked], connections, effort.span, None, make).await?;
        ensure!(load.refused * 100 <= load.answered, "{} of {} comments were refused", load.refused, load.refused + load.answered);
        Ok(load)
    };
    for tasks in [&here, &there] {
        super::visit(asked, &token, tasks).await?;
        comments(tasks, MANY).await?;
    }

    let rounds = measure::alternate(effort, async || comments(&here, 1).await, async || comments(&there, 1).await).await?;
    let (p50, p99) = (Compared::of(&rounds, |load| load.latency(0.5)), Compared::of(&rounds, |load| load.latency(0.99)));
    report.add(
        "a comment over HTTP to a task of another node, 1 connection",
        format!("p50 {:.2} ms, {:.2} times; p99 {:.2} ms, {:.2} times", p50.ours * 1e3, p50.ratio, p99.ours * 1e3, p99.ratio),
        format!("to a task of the node that is asked: p50 {:.2} ms; p99 {:.2} ms", p50.theirs * 1e3, p99.theirs * 1e3),
        "",
        Held::Unjudged,
    );
    let rounds = measure::alternate(effort, async || comments(&here, MANY).await, async || comments(&there, MANY).await).await?;
    let rate = Compared::of(&rounds, Load::per_second);
    let p99 = Compared::of(&rounds, |load| load.latency(0.99));
    report.add(
        &format!("the same, {MANY} connections"),
        format!("{:.0} a second, {:.2} of it; p99 {:.1} ms", rate.ours, rate.ratio, p99.ours * 1e3),
        format!("to tasks of the node that is asked: {:.0}; p99 {:.1} ms", rate.theirs, p99.theirs * 1e3),
        "",
        Held::Unjudged,
    );
    super::stop(nodes).await
}
