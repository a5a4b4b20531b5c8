//! `nashi rebuild VIEW`: a view filled anew from the first event on, beside the one that is being served; `nashi rebuild search`: the
//! same of the search's index, which the node that serves it does itself.

use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use projections::View;

use crate::config::Settings;
use crate::core::{self, Core};

const SEARCH: &str = "search";

/// What can be made anew.
fn named() -> Vec<&'static str> {
    View::ALL.map(View::name).into_iter().chain([SEARCH]).collect()
}

#[derive(Debug, Args)]
pub struct Rebuild {
    /// The view's name
    #[arg(value_parser = named())]
    view: String,
}

impl Rebuild {
    pub async fn run(self, settings: &Settings) -> anyhow::Result<()> {
        if self.view == SEARCH {
            let home = core::search_home(settings)?;
            let asked = projections::search::ask_for_rebuild(&home).with_context(|| format!("no index under {}", home.display()))?;
            anyhow::ensure!(asked > 0, "no index under {}", home.display());
            println!("The node that serves from {} makes its index anew: now, or at its next start.", home.display());
            return Ok(());
        }
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
