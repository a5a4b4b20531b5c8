//! `nashi rebuild VIEW`: a view filled anew from the first event on, beside the one that is being served.

use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use projections::View;

use crate::config::Settings;
use crate::core::Core;

#[derive(Debug, Args)]
pub struct Rebuild {
    /// The view's name
    #[arg(value_parser = View::ALL.map(View::name))]
    view: String,
}

impl Rebuild {
    pub async fn run(self, settings: &Settings) -> anyhow::Result<()> {
        let database = Core::database(settings).await?;
        let bar = bar()?;
        let rebuilt = projections::rebuild(&database.pool, &self.view, |done, all| {
            bar.set_length(u64::try_from(all).unwrap_or_default());
            bar.set_position(u64::try_from(done).unwrap_or_default());
        })
        .await;
        bar.finish();
        database.close(true).await;
        let generation = rebuilt?;
        println!("The view {} is served from its generation {} now.", self.view, generation.number);
        Ok(())
    }
}

/// A bar over the positions of the log; nothing where nobody watches.
pub fn bar() -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} events, {per_sec}, {eta} left").context("the bar")?;
    let bar = ProgressBar::new(0).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    Ok(bar)
}
