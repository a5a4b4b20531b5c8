//! Work grows: what a command, a task read and an inbox page cost with few and with many tasks.

use crate::measure::Effort;
use crate::report::{Held, Report};
use crate::world::{Kind, World};

/// The row "cost grows by less than a fifth from 10,000 to 1,000,000 tasks".
pub async fn tasks(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    const FEW: usize = 10_000;
    let few = World::create(FEW).await?;
    let many = World::create(effort.large).await?;
    let judged = effort.large >= 1_000_000;
    for what in [Kind::Comment, Kind::Read, Kind::Inbox] {
        let compared = crate::measure::pairs(
            effort,
            || async { Ok(few.closed_loop(what, 8, effort.span).await?.latency(0.5)) },
            || async { Ok(many.closed_loop(what, 8, effort.span).await?.latency(0.5)) },
        )
        .await?;
        report.add(
            &format!("{what} with {} tasks against {FEW}", effort.large),
            format!("{:.2} ms, {:.2} times", compared.ours * 1e3, compared.ratio),
            format!("{:.2} ms", compared.theirs * 1e3),
            "1.2 times",
            if judged { Held::from(compared.ratio < 1.2) } else { Held::Unjudged },
        );
    }
    few.nashi.stop().await?;
    many.nashi.stop().await
}
