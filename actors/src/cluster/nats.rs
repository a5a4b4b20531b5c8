//! NATS as the bus between nodes: plain publish and subscribe, so that Debian's 2.9 does as well as newer servers.
//! Signing in, TLS, coming back with jitter, and a clear word at the start where something is missing. What is said
//! over it is not known here.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_nats::connection::State;
use async_nats::{Client, ConnectErrorKind, ConnectOptions, Event, ServerAddr, ServerError};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use rand::RngExt;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use tokio::sync::watch;

use super::bus::{Bus, Delivery, Unsent};
use super::member::Boot;
use super::metrics;
use super::shared::Subjects;

/// A connection on which nothing moves is noticed after twice this.
const PING_EVERY: Duration = Duration::from_secs(2);
const CONNECT_MAX: Duration = Duration::from_secs(3);
const BACK_MIN: Duration = Duration::from_millis(50);
const BACK_MAX: Duration = Duration::from_secs(2);
/// How long a server may take to say that something is not allowed.
const PROBE_MAX: Duration = Duration::from_secs(3);
/// Messages that wait to be sent; whoever sends more waits, and gives up.
const SENDING_MAX: usize = 16_384;
const SEND_MAX: Duration = Duration::from_millis(500);

/// Where NATS is, and who we are there.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// With commas between them.
    pub urls: String,
    /// What the connection is called in the server's lists.
    pub name: String,
    pub sign_in: SignIn,
    pub tls_authority_file: Option<PathBuf>,
    /// Ours, with its key, both PEM.
    pub tls_certificate: Option<(PathBuf, PathBuf)>,
}

/// How to sign in.
#[derive(Clone, Debug, Default)]
pub enum SignIn {
    #[default]
    Nothing,
    Password {
        user: String,
        password: SecretString,
    },
    Token(SecretString),
    /// The seed, `SU…`.
    Nkey(SecretString),
    /// JWT and seed in a file.
    Credentials(PathBuf),
}

/// Why a node does not start on this NATS.
#[derive(Debug, Error)]
pub enum NatsFailure {
    #[error("`{0}` is no address of a NATS server")]
    Address(String),
    #[error("the file of credentials for NATS cannot be used")]
    Credentials(#[source] std::io::Error),
    #[error("NATS does not let this node in: {0}; see [nats] in the settings")]
    SignIn(String),
    #[error("NATS cannot be spoken to with TLS as it is set up: {0}")]
    Tls(String),
    #[error(
        "NATS at {0} asks nobody who they are, and is not on this machine: whoever reaches it could give commands in anybody's name. \
         Set up authentication there"
    )]
    Open(String),
    #[error("NATS does not allow this node what it needs, to publish and subscribe to `{subjects}`: {reason}")]
    Forbidden { subjects: String, reason: String },
}

/// A connection to NATS, or the attempt to get one again.
pub struct NatsBus {
    client: Client,
    connected: watch::Receiver<bool>,
    refusals: Arc<Mutex<Option<String>>>,
}

impl NatsBus {
    /// Connects. A server that cannot be reached just now is tried again for as long as the bus lives; what will not
    /// get better by itself is an error. Runs on the runtime that is to carry the connection.
    ///
    /// # Errors
    /// See [`NatsFailure`].
    pub async fn connect(settings: &Settings) -> Result<Self, NatsFailure> {
        let urls: Vec<&str> = settings.urls.split(',').map(str::trim).filter(|url| !url.is_empty()).collect();
        let wrong = |url: &str| NatsFailure::Address(address(url));
        let mut servers: Vec<ServerAddr> = Vec::new();
        for url in &urls {
            servers.push(url.parse().ok().filter(|server: &ServerAddr| !server.host().is_empty()).ok_or_else(|| wrong(url))?);
        }
        let state = Told::default();
        let client = match state.options(settings).await?.connect(servers.clone()).await {
            Ok(client) => client,
            Err(error) => match error.kind() {
                ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation => {
                    return Err(NatsFailure::SignIn(reason(&error)));
                }
                ConnectErrorKind::Tls => return Err(NatsFailure::Tls(reason(&error))),
                ConnectErrorKind::Io if is_of_tls(&error) => return Err(NatsFailure::Tls(reason(&error))),
                ConnectErrorKind::ServerParse => return Err(NatsFailure::Address(settings.urls.clone())),
                ConnectErrorKind::Dns | ConnectErrorKind::TimedOut | ConnectErrorKind::Io | ConnectErrorKind::MaxReconnects => {
                    tracing::warn!(error = reason(&error), "NATS cannot be reached yet; it is tried again");
                    let options = state.options(settings).await?.retry_on_initial_connect();
                    options.connect(servers).await.map_err(|error| NatsFailure::SignIn(reason(&error)))?
                }
            },
        };
        let away = urls.iter().find(|url| !is_here(url)).map(|url| address(url));
        let usable = watch::Sender::new(false);
        if client.connection_state() == State::Connected {
            // The event of the first connection may come later than this.
            state.connected.send_replace(true);
            usable.send_replace(true);
            welcome(&client, away.as_deref())?;
        }
        let connected = usable.subscribe();
        metrics::connected(*connected.borrow());
        tokio::spawn(look_after(client.clone(), away, state.connected.subscribe(), usable));
        Ok(Self { client, connected, refusals: state.refusals })
    }

    /// Says something to itself, to find out whether it may speak and hear on the subjects of a cluster.
    ///
    /// # Errors
    /// When the server forbids it. A connection that is not there is none.
    pub async fn probe(&self, cluster: &str, boot: Boot) -> Result<(), NatsFailure> {
        let (subjects, subject) = (Subjects::new(cluster).all(), Subjects::new(cluster).probe(boot));
        if !*self.connected.borrow() {
            return Ok(());
        }
        let forbidden = |reason: String| NatsFailure::Forbidden { subjects: subjects.clone(), reason };
        let probe = async {
            let mut echo = self.client.subscribe(subject.clone()).await.ok()?;
            self.client.publish(subject.clone(), Bytes::new()).await.ok()?;
            self.client.flush().await.ok()?;
            echo.next().await
        };
        let heard = tokio::time::timeout(PROBE_MAX, probe).await;
        let refusal = self.refusals.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (heard, refusal) {
            (_, Some(reason)) => Err(forbidden(reason)),
            (Ok(Some(_)), None) => Ok(()),
            (Ok(None) | Err(_), None) if *self.connected.borrow() => Err(forbidden("what is said does not arrive".to_owned())),
            (Ok(None) | Err(_), None) => Ok(()),
        }
    }
}

/// The server's first word on a connection.
fn welcome(client: &Client, away: Option<&str>) -> Result<(), NatsFailure> {
    let info = client.server_info();
    tracing::info!(nats.version = info.version, nats.payload_max = info.max_payload, "connected to NATS");
    match away {
        Some(url) if !info.auth_required => Err(NatsFailure::Open(url.to_owned())),
        Some(_) | None => Ok(()),
    }
}

/// Tells whether the connection may be used: it is there, and its server is one that may be spoken to.
async fn look_after(client: Client, away: Option<String>, mut connected: watch::Receiver<bool>, usable: watch::Sender<bool>) {
    loop {
        let there = *connected.borrow_and_update();
        if there != *usable.borrow() {
            let fit = !there || welcome(&client, away.as_deref()).inspect_err(|failure| tracing::error!(error = %failure, "NATS")).is_ok();
            usable.send_replace(there && fit);
            metrics::connected(there && fit);
        }
        tokio::select! {
            moved = connected.changed() => if moved.is_err() { return },
            () = usable.closed() => return,
        }
    }
}

/// What the connection's own task says of it.
struct Told {
    connected: watch::Sender<bool>,
    /// What the server has refused last.
    refusals: Arc<Mutex<Option<String>>>,
}

impl Default for Told {
    fn default() -> Self {
        Self { connected: watch::Sender::new(false), refusals: Arc::default() }
    }
}

impl Told {
    async fn options(&self, settings: &Settings) -> Result<ConnectOptions, NatsFailure> {
        let (connected, refusals) = (self.connected.clone(), self.refusals.clone());
        let mut options = ConnectOptions::new()
            .name(&settings.name)
            .ping_interval(PING_EVERY)
            .connection_timeout(CONNECT_MAX)
            .client_capacity(SENDING_MAX)
            .max_reconnects(None)
            .reconnect_delay_callback(back_off)
            .event_callback(move |event| {
                let (connected, refusals) = (connected.clone(), refusals.clone());
                async move { take_in(&event, &connected, &refusals) }
            });
        options = match &settings.sign_in {
            SignIn::Nothing => options,
            SignIn::Password { user, password } => options.user_and_password(user.clone(), password.expose_secret().to_owned()),
            SignIn::Token(token) => options.token(token.expose_secret().to_owned()),
            SignIn::Nkey(seed) => options.nkey(seed.expose_secret().to_owned()),
            SignIn::Credentials(path) => options.credentials_file(path).await.map_err(NatsFailure::Credentials)?,
        };
        if let Some(authority) = &settings.tls_authority_file {
            options = options.add_root_certificates(authority.clone()).require_tls(true);
        }
        if let Some((certificate, key)) = &settings.tls_certificate {
            options = options.add_client_certificate(certificate.clone(), key.clone()).require_tls(true);
        }
        Ok(options)
    }
}

fn take_in(event: &Event, connected: &watch::Sender<bool>, refusals: &Mutex<Option<String>>) {
    match event {
        Event::Connected => {
            connected.send_replace(true);
        }
        Event::Disconnected | Event::Closed => {
            if connected.send_replace(false) {
                tracing::warn!("the connection to NATS is lost; every node does what reaches it");
                metrics::reconnecting();
            }
        }
        Event::ServerError(ServerError::Other(what)) => {
            tracing::warn!(error = what, "NATS refuses something");
            *refusals.lock().unwrap_or_else(PoisonError::into_inner) = Some(what.clone());
        }
        Event::SlowConsumer(_) => {
            tracing::warn!("messages from other nodes were lost: they came faster than they were taken");
            metrics::messages_lost();
        }
        // Among them every attempt to come back that fails.
        Event::ServerError(_) | Event::ClientError(_) => tracing::debug!(error = %event, "trouble with NATS"),
        Event::LameDuckMode | Event::Draining => tracing::info!(event = %event, "NATS"),
    }
}

/// Doubles from 50 ms to 2 s, of which up to a half is taken off by chance, so that nodes do not come back all at once.
#[expect(clippy::disallowed_methods, reason = "jitter decides nothing")]
fn back_off(attempt: usize) -> Duration {
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or(u32::MAX).min(10);
    let whole = BACK_MIN.saturating_mul(1 << doublings).min(BACK_MAX);
    whole.mul_f64(rand::rng().random_range(0.5..1.0))
}

/// Whether an address is on this machine.
fn is_here(url: &str) -> bool {
    let host = url.rsplit_once("://").map_or(url, |(_, rest)| rest);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split([':', '/']).next().unwrap_or_default(),
    };
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// An address without what may be secret in it.
fn address(url: &str) -> String {
    url.rsplit_once('@').map_or(url, |(_, host)| host).to_owned()
}

/// Whether a connection failed because the two sides do not trust or understand each other: what is on the wire is not
/// what TLS expects there. Trying again does not help.
fn is_of_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source())
        .filter_map(|error| error.downcast_ref::<std::io::Error>())
        .any(|error| error.kind() == std::io::ErrorKind::InvalidData)
}

/// An error with its causes, in one line.
fn reason(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let more = next.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = next.source();
    }
    text
}

impl Bus for NatsBus {
    fn publish(&self, subject: String, reply: Option<String>, payload: Bytes) -> BoxFuture<'_, Result<(), Unsent>> {
        Box::pin(async move {
            // What is said without a connection would arrive late, when nobody waits for it any more.
            if !*self.connected.borrow() {
                return Err(Unsent::Disconnected);
            }
            let max = self.payload_max();
            if payload.len() > max {
                return Err(Unsent::TooLarge { max });
            }
            let sending = async {
                match reply {
                    Some(reply) => self.client.publish_with_reply(subject, reply, payload).await,
                    None => self.client.publish(subject, payload).await,
                }
            };
            match tokio::time::timeout(SEND_MAX, sending).await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(Unsent::Refused(error.to_string())),
                Err(_) => Err(Unsent::Disconnected),
            }
        })
    }

    fn subscribe(&self, subject: String) -> BoxFuture<'_, Result<BoxStream<'static, Delivery>, Unsent>> {
        Box::pin(async move {
            let subscriber = self.client.subscribe(subject).await.map_err(|error| Unsent::Refused(error.to_string()))?;
            let deliveries = subscriber.map(|message| Delivery {
                subject: message.subject.into_string(),
                reply: message.reply.map(async_nats::Subject::into_string),
                nobody: message.status == Some(async_nats::StatusCode::NO_RESPONDERS),
                payload: message.payload,
            });
            Ok(deliveries.boxed())
        })
    }

    fn flush(&self) -> BoxFuture<'_, Result<(), Unsent>> {
        Box::pin(async move {
            match tokio::time::timeout(SEND_MAX, self.client.flush()).await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) | Err(_) => Err(Unsent::Disconnected),
            }
        })
    }

    fn connected(&self) -> watch::Receiver<bool> {
        self.connected.clone()
    }

    fn payload_max(&self) -> usize {
        self.client.max_payload()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_on_this_machine_is_told_from_others() {
        for here in ["nats://127.0.0.1:4222", "localhost", "tls://LOCALHOST:1", "nats://a:b@127.0.0.2:4222", "nats://[::1]:4222"] {
            assert!(is_here(here), "{here}");
        }
        for away in ["nats://10.0.0.1:4222", "nats.example.com", "nats://127.0.0.1@example.com:1", "nats://[2001:db8::1]:4222", ""] {
            assert!(!is_here(away), "{away}");
        }
    }

    #[test]
    fn nodes_come_back_later_and_later_and_not_all_at_once() {
        assert!((0..50).all(|_| (BACK_MIN / 2..=BACK_MIN).contains(&back_off(1))));
        assert!((0..50).all(|_| (BACK_MAX / 2..=BACK_MAX).contains(&back_off(100))));
        let different: std::collections::HashSet<_> = (0..50).map(|_| back_off(6)).collect();
        assert!(different.len() > 10);
    }

    #[test]
    fn no_secret_is_in_an_address() {
        assert_eq!(address("nats://user:hunter2@10.0.0.1:4222"), "10.0.0.1:4222");
    }
}
