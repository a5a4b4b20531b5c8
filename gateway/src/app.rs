//! A node that listens: started, waited for, stopped. What it does with requests is in `routes`.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle, Service};
use actix_web::{App as Routes, HttpServer, web};
use anyhow::{Context as _, bail};
use bytes::Bytes;
use projections::View;
use tokio::task::JoinHandle;

use crate::config::Settings;
use crate::core::{self, Core, Life};
use crate::openapi::{self, Document};
use crate::postgres::ServeLock;
use crate::{edge, routes, telemetry};

/// Ports that `any_port` tries after the one that was asked for.
const PORTS_TRIED: u16 = 100;
/// How long [`App::settled`] waits.
const SETTLED_MAX: Duration = Duration::from_secs(30);

/// A running node.
pub struct App {
    core: Core,
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    servers: Vec<(ServerHandle, JoinHandle<std::io::Result<()>>)>,
    _lock: Option<ServeLock>,
}

impl App {
    /// Starts a node and listens. Runs on an actix system.
    ///
    /// # Errors
    /// When the address is taken (and `http.any_port` is not set), or a part cannot be started.
    pub async fn start(mut settings: Settings) -> anyhow::Result<Self> {
        let lock = match settings.database.url {
            Some(_) => None,
            None => Some(ServeLock::take(&core::home(&settings)?)?),
        };
        // Before anything that takes long: whoever waits is told at once that the port is taken.
        let listener = listen(settings.http.address, settings.http.any_port)?;
        let address = listener.local_addr().context("the address")?;
        // What it really is: the port may have been left to the system.
        settings.http.address = address;
        let alone = settings.metrics.address.map(|address| listen(address, false)).transpose()?;
        let metrics_address = alone.as_ref().map(TcpListener::local_addr).transpose()?;
        let prometheus = web::Data::new(telemetry::metrics()?);
        let document = web::Data::new(Document(Bytes::from(openapi::document().context("the API's description")?)));
        let core = Core::start(Arc::new(settings), Life::Node).await?;
        let mut servers = Vec::new();
        let served = serve(listener, &core, prometheus.clone(), document).context("the server")?;
        servers.push((served.handle(), tokio::spawn(served)));
        if let Some(listener) = alone {
            let served = serve_metrics(listener, core.node.clone(), prometheus).context("the metrics' server")?;
            servers.push((served.handle(), tokio::spawn(served)));
        }
        tracing::info!(%address, "listening");
        Ok(Self { core, address, metrics_address, servers, _lock: lock })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until somebody asks for the process to end.
    pub async fn asked_to_stop(&self) {
        self.core.node.health.asked_to_stop().await;
    }

    /// Where the metrics alone are served, if anywhere.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// The parts behind it, for tests that look inside or write as the system.
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// Waits until every view and the directory show all that the log holds now.
    ///
    /// # Errors
    /// When they do not within half a minute.
    pub async fn settled(&self) -> anyhow::Result<()> {
        let node = &self.core.node;
        let head = node.journal.current_head().await.context("the log's head")?;
        for view in View::ALL {
            node.projections.caught_up(view, head.position, SETTLED_MAX).await?;
        }
        node.projections.directory().caught_up(head.position, SETTLED_MAX).await?;
        if let Some(search) = &node.search {
            search.caught_up(head.position, head.position, SETTLED_MAX).await?;
        }
        Ok(())
    }

    /// Ends the node in order: `/readyz` turns red, no new connections, commands under way are finished, actors leave
    /// their snapshots, the web server ends (at most `http.drain_seconds`), then every part.
    pub async fn stop(self) {
        self.core.node.health.drain();
        // Streams would stay until the end: their readers go on elsewhere at once.
        self.core.node.live.drain();
        // While others take over, this node still answers, so that whoever sends requests here has time to notice.
        self.core.hand_over().await;
        for (server, _) in &self.servers {
            server.pause().await;
        }
        self.core.drain().await;
        for (server, running) in self.servers {
            server.stop(true).await;
            if let Ok(Err(error)) = running.await {
                tracing::error!(%error, "a server ended badly");
            }
        }
        self.core.stop(false).await;
    }
}

fn serve(
    listener: TcpListener,
    core: &Core,
    prometheus: web::Data<metrics_exporter_prometheus::PrometheusHandle>,
    document: web::Data<Document>,
) -> std::io::Result<Server> {
    let http = &core.node.settings.http;
    let workers = if http.workers == 0 { std::thread::available_parallelism().map_or(2, usize::from) } else { http.workers };
    let (node, body_bytes_max, roles) = (core.node.clone(), http.body_bytes_max, core.node.settings.node.roles);
    let catalog_bytes_max = http.catalog_bytes_max;
    let server = HttpServer::new(move || {
        Routes::new()
            .app_data(node.clone())
            .app_data(prometheus.clone())
            .app_data(document.clone())
            .app_data(web::PayloadConfig::new(body_bytes_max))
            .wrap_fn(|mut request, service| {
                let begun = edge::enter(&mut request);
                let answered = service.call(request);
                async move { Ok(edge::leave(answered.await?, begun)) }
            })
            .configure(|config| routes::all(config, roles, catalog_bytes_max))
    });
    Ok(server
        .workers(workers)
        .max_connections((http.connections_max / workers).max(1))
        // A process that stood still for a while finds that everything took too long; whoever sends slowly is not told so at once.
        .client_request_timeout(Duration::from_secs(http.body_seconds))
        .keep_alive(Duration::from_secs(http.keep_alive_seconds))
        // An answer longer than one write would else wait for the client's delayed acknowledgement, 40 ms.
        .tcp_nodelay(true)
        .shutdown_timeout(http.drain_seconds)
        .disable_signals()
        .listen(listener)?
        .run())
}

fn serve_metrics(
    listener: TcpListener,
    node: web::Data<crate::node::Node>,
    prometheus: web::Data<metrics_exporter_prometheus::PrometheusHandle>,
) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        Routes::new()
            .app_data(node.clone())
            .app_data(prometheus.clone())
            .route("/metrics", web::get().to(routes::operations::metrics_alone))
    });
    Ok(server.workers(1).shutdown_timeout(1).disable_signals().listen(listener)?.run())
}

/// Takes the address; with `any_port` the next free port after it.
fn listen(address: SocketAddr, any_port: bool) -> anyhow::Result<TcpListener> {
    let taken = match TcpListener::bind(address) {
        Ok(listener) => return Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => error,
        Err(error) => return Err(error).with_context(|| format!("{address} cannot be listened on")),
    };
    if !any_port {
        bail!(
            "{taken}: port {} of {} is taken by another program; name another in http.address, or pass --any-port",
            address.port(),
            address.ip()
        );
    }
    let mut others = (1..=PORTS_TRIED).filter_map(|step| address.port().checked_add(step));
    let found = others.find_map(|port| TcpListener::bind(SocketAddr::new(address.ip(), port)).ok());
    let Some(listener) = found else { bail!("port {} and the {PORTS_TRIED} after it are taken", address.port()) };
    let chosen = listener.local_addr().context("the address")?.port();
    eprintln!("Port {} is taken by another program; {chosen} is used instead.", address.port());
    Ok(listener)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_and_another_is_found_when_allowed() {
        let first = listen("127.0.0.1:0".parse().unwrap(), false).unwrap();
        let address = first.local_addr().unwrap();
        let refusal = listen(address, false).unwrap_err().to_string();
        assert!(refusal.contains(&address.port().to_string()), "{refusal}");
        let second = listen(address, true).unwrap();
        assert_ne!(second.local_addr().unwrap().port(), address.port());
    }
}
