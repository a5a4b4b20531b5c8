//! Alternating pairs and their median. Not what is measured.

use std::future::Future;
use std::time::Duration;

/// How long and how often.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    pub pairs: usize,
    pub span: Duration,
    /// Events of a large log, and tasks of a large world.
    pub large: usize,
}

impl Effort {
    pub const FULL: Self = Self { pairs: 3, span: Duration::from_secs(5), large: 1_000_000 };
    pub const SHORT: Self = Self { pairs: 1, span: Duration::from_secs(2), large: 50_000 };
}

/// Ours beside theirs: the medians, and the median of the ratios of each pair.
#[derive(Clone, Copy, Debug)]
pub struct Compared {
    pub ours: f64,
    pub theirs: f64,
    pub ratio: f64,
}

/// Runs `theirs` and `ours` in turn, `effort.pairs` times.
pub async fn pairs<T, O, TF, OF>(effort: Effort, mut theirs: T, mut ours: O) -> anyhow::Result<Compared>
where
    T: FnMut() -> TF,
    O: FnMut() -> OF,
    TF: Future<Output = anyhow::Result<f64>>,
    OF: Future<Output = anyhow::Result<f64>>,
{
    let rounds = alternate(effort, async || theirs().await, async || ours().await).await?;
    for (their, our) in &rounds {
        eprintln!("   {our:.0} against {their:.0}: {:.2}", our / their);
    }
    Ok(Compared::of(&rounds, |figure| *figure))
}

/// What `theirs` and `ours` came to, run in turn, `effort.pairs` times: for rows that show several figures of one run.
pub async fn alternate<T>(
    effort: Effort,
    mut theirs: impl AsyncFnMut() -> anyhow::Result<T>,
    mut ours: impl AsyncFnMut() -> anyhow::Result<T>,
) -> anyhow::Result<Vec<(T, T)>> {
    let mut rounds = Vec::with_capacity(effort.pairs);
    for _ in 0..effort.pairs {
        rounds.push((theirs().await?, ours().await?));
    }
    Ok(rounds)
}

impl Compared {
    /// One figure of each run.
    pub fn of<T>(rounds: &[(T, T)], figure: impl Fn(&T) -> f64) -> Self {
        Self {
            ours: median(rounds.iter().map(|(_, our)| figure(our))),
            theirs: median(rounds.iter().map(|(their, _)| figure(their))),
            ratio: median(rounds.iter().map(|(their, our)| figure(our) / figure(their))),
        }
    }
}

/// The middle value; of an even number, the lower of the two in the middle. 0 of none.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    quantile(values, 0.5)
}

/// The value below which `share` of the values lie (nearest rank). 0 of none.
pub fn quantile(values: impl Iterator<Item = f64>, share: f64) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let rank = (values.len() as f64 * share).ceil().max(1.0) as usize;
    values.get(rank - 1).copied().unwrap_or_default()
}
