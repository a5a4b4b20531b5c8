//! The row "timers": how long after its moment a task says that it is late, by the log's own clock. That each timer fires once is
//! not measured but tested (`tests/it/timers.rs`).

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::json;
use sqlx::PgPool;

use crate::measure::{self, Effort};
use crate::report::{Held, Report};
use crate::server::Nashi;
use crate::world::Founded;

/// Timers of one second.
const A_SECOND: usize = 20;
/// Timers of one and the same moment.
const AT_ONCE: usize = 1_000;
/// Until the first moment: enough to set all of them.
const AHEAD: Duration = Duration::from_secs(15);
/// Longer than the last of them takes.
const PATIENCE: Duration = Duration::from_secs(60);

pub async fn fired(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let founded = Founded::create(0).await?;
    let nashi = Nashi::start(&founded.database).await?;
    let asking = Asking {
        client: reqwest::Client::new(),
        token: founded.sign_in(nashi.address).await?,
        url: format!("http://{}/v4/tasks", nashi.address),
        pool: founded.database.pool(2).await,
    };
    let seconds = if effort.pairs > 1 { 30 } else { 10 };
    let steady = asking.late((0..seconds).flat_map(|second| std::iter::repeat_n(second, A_SECOND))).await?;
    let crowd = asking.late(std::iter::repeat_n(0, AT_ONCE)).await?;
    let p99 = measure::quantile(steady.iter().copied(), 0.99);
    report.add(
        &format!("a timer fires after its moment, {A_SECOND} a second, p99"),
        format!("{:.0} ms (p50 {:.0} ms)", p99 * 1e3, measure::median(steady.iter().copied()) * 1e3),
        format!("{AT_ONCE} at one moment: the last after {:.1} s", crowd.iter().copied().fold(0.0, f64::max)),
        "1 s",
        Held::from(p99 < 1.0),
    );
    nashi.stop().await
}

struct Asking {
    client: reqwest::Client,
    token: String,
    url: String,
    pool: PgPool,
}

impl Asking {
    /// Sets a timer for each of `seconds` after a moment ahead; how many seconds after its moment each fired.
    async fn late(&self, seconds: impl Iterator<Item = u64>) -> anyhow::Result<Vec<f64>> {
        let before: i64 = sqlx::query_scalar("SELECT position FROM log_head").fetch_one(&self.pool).await?;
        let begin: i64 = sqlx::query_scalar("SELECT extract(epoch FROM now())::bigint").fetch_one(&self.pool).await?;
        let mut count = 0;
        for second in seconds {
            let at = begin + i64::try_from(AHEAD.as_secs() + second)?;
            let due: String = sqlx::query_scalar("SELECT to_char(to_timestamp($1) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
                .bind(f64::from(u32::try_from(at)?))
                .fetch_one(&self.pool)
                .await?;
            let request = self.client.post(&self.url).bearer_auth(&self.token).json(&json!({ "text": "In time", "due": due }));
            let answer = request.send().await?;
            ensure!(answer.status().is_success(), "a task was refused: {}", answer.text().await?);
            count += 1;
        }
        let all = async {
            let mut look = tokio::time::interval(Duration::from_millis(200));
            loop {
                look.tick().await;
                let late: Vec<f64> = sqlx::query_scalar(
                    "SELECT extract(epoch FROM f.at - (c.payload -> 'due' -> 'moment' ->> 'at')::timestamptz)::float8
                     FROM event f JOIN event c ON c.part = f.part AND c.kind = f.kind AND c.stream = f.stream AND c.version = 1
                     WHERE f.position > $1 AND f.type = 'task.timer_fired'",
                )
                .bind(before)
                .fetch_all(&self.pool)
                .await?;
                if late.len() >= count {
                    return anyhow::Ok(late);
                }
            }
        };
        tokio::time::timeout(PATIENCE, all).await.context("not every timer fired")?
    }
}
