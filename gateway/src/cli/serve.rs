//! `nashi serve`: the node, until it is told to stop.

use std::time::Duration;

use actors::cluster::Roles;
use anyhow::Context as _;
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::App;
use crate::config::Settings;
use crate::{links, memory};

/// After the first signal everything is brought to an end in order; past this the process ends anyhow.
const STOP_MAX: Duration = Duration::from_secs(120);

#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen, in place of `http.address`
    #[arg(long, value_name = "ADDRESS")]
    address: Option<std::net::SocketAddr>,
    /// What this node does, in place of `node.roles`: api, actors, followers, with commas
    #[arg(long, value_name = "ROLES")]
    roles: Option<Roles>,
    /// If the port is taken, say so and take the next free one
    #[arg(long)]
    any_port: bool,
}

impl Serve {
    pub async fn run(self, mut settings: Settings) -> anyhow::Result<()> {
        if let Some(address) = self.address {
            settings.http.address = address;
        }
        if let Some(roles) = self.roles {
            settings.node.roles = roles;
        }
        settings.http.any_port |= self.any_port;
        let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be listened for")?;
        let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT cannot be listened for")?;
        let mut starting = Box::pin(App::start(settings));
        let app = tokio::select! {
            app = &mut starting => app?,
            _ = terminate.recv() => return stopped(starting).await,
            _ = interrupt.recv() => return stopped(starting).await,
        };
        println!("Nashi listens on http://{}", app.address());
        tokio::spawn(memory::give_back(app.core().node.journal.head()));
        set_up(&app).await;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            () = app.asked_to_stop() => {}
        }
        tracing::info!("stopping: requests under way are finished first");
        tokio::select! {
            () = app.stop() => tracing::info!("stopped"),
            () = tokio::time::sleep(STOP_MAX) => anyhow::bail!("not everything ended within {STOP_MAX:?}"),
            _ = terminate.recv() => anyhow::bail!("told a second time to stop"),
            _ = interrupt.recv() => anyhow::bail!("told a second time to stop"),
        }
        Ok(())
    }
}

/// Where nobody could administer anything yet, says how to set the installation up. To the terminal and never to the log: it lets whoever reads
/// it in.
async fn set_up(app: &App) {
    let node = &app.core().node;
    if !links::set_up_needed(&node.world.latest()) {
        return;
    }
    match node.set_up_ticket().await {
        Ok(secret) => {
            let base = format!("http://{}", app.address());
            println!("There is no administrator yet. To set Nashi up: {}", links::address(&node.settings, Some(&base), "set_up", &secret));
        }
        Err(fault) => tracing::warn!(%fault, "no link to set the installation up could be made; `nashi admin set-up-link` makes one"),
    }
}

/// Told to stop while starting: what was started is brought to an end in order, a Postgres of our own among it.
async fn stopped(starting: impl Future<Output = anyhow::Result<App>>) -> anyhow::Result<()> {
    tracing::info!("stopping as soon as everything is up");
    starting.await?.stop().await;
    Ok(())
}
