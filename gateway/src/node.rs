//! What handlers share: one value a process, made by [`crate::app`]. What is done with it is in `routes`.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderValue};
use actors::cluster::{Boot, Cluster};
use actors::journal::{Head, Journal};
use actors::system::System;
use domain::{PersonId, Position};
use projections::search::Search;
use projections::{Projections, State};
use sqlx::PgPool;

use crate::access_log::{AccessLog, Place};
use crate::codes::Own;
use crate::config::Settings;
use crate::error::Fault;
use crate::files::{Blobs, Uploads};
use crate::health::Health;
use crate::identity::{Credentials, Factors, Passkeys, Passwords, QrSignIns, Sessions, SignIns, Tickets, Tokens};
use crate::limits::{Origin, Windows};
use crate::live::Live;
use crate::world::World;
use crate::written::Written;

/// A view that is this far behind the head answers reads with 503, since they wait for their asker's last write.
const VIEW_BEHIND_MAX: Duration = Duration::from_secs(10);
/// What is kept of what a program calls itself.
const AGENT_CHARACTERS_MAX: usize = 256;
const DATABASE_ANSWER_MAX: Duration = Duration::from_millis(500);

/// Who is counted: a person, or an address where nobody has signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    Person(PersonId),
    Origin(Origin),
}

/// One running node.
pub struct Node {
    /// This life of the node.
    pub boot: Boot,
    pub settings: Arc<Settings>,
    pub pool: PgPool,
    pub journal: Arc<dyn Journal>,
    pub system: System,
    pub projections: Projections,
    /// None where this node keeps no index.
    pub search: Option<Search>,
    /// None where a command of the command line runs, which touches no bytes.
    pub files: Option<Blobs>,
    pub uploads: Uploads,
    pub world: Arc<World>,
    pub credentials: Credentials,
    pub passwords: Passwords,
    pub tokens: Tokens,
    pub sessions: Sessions,
    pub tickets: Tickets,
    pub qr_sign_ins: QrSignIns,
    pub sign_ins: SignIns,
    pub factors: Factors,
    pub passkeys: Passkeys,
    pub rate: Windows<Who>,
    pub written: Written,
    pub access_log: AccessLog,
    pub health: Health,
    pub live: Live,
    /// Set once, when it has joined the others.
    pub cluster: OnceLock<Cluster>,
}

impl Node {
    /// This node among the others; nothing when it is alone.
    pub fn cluster(&self) -> Option<&Cluster> {
        self.cluster.get()
    }

    /// It has joined the others.
    pub fn joined(&self, cluster: Cluster) {
        let _ = self.cluster.set(cluster);
    }

    /// The end of the log as this node knows it.
    pub fn head(&self) -> Head {
        *self.journal.head().borrow()
    }

    /// Waits until the log is known to reach `position`.
    ///
    /// # Errors
    /// 503 when it does not within `within`.
    pub async fn await_head(&self, position: Position, within: Duration) -> Result<(), Fault> {
        let mut head = self.journal.head();
        if head.borrow().position >= position {
            return Ok(());
        }
        match tokio::time::timeout(within, head.wait_for(|head| head.position >= position)).await {
            Ok(Ok(_)) => Ok(()),
            _ => Err(Fault::unavailable("the position was not reached in time")),
        }
    }

    /// Where the bytes of files are.
    ///
    /// # Errors
    /// 503 where this process keeps none.
    pub fn blobs(&self) -> Result<&Blobs, Fault> {
        self.files.as_ref().ok_or_else(|| Fault::unavailable("no files are kept here"))
    }

    /// The argon2id string of a password that was checked for its length.
    ///
    /// # Errors
    /// `server_error`, with the reason in the log.
    pub async fn hash_password(&self, password: String) -> Result<String, Fault> {
        self.passwords.hash(password).await.map_err(|error| {
            tracing::error!(%error, "a password could not be hashed");
            Fault::own(Own::ServerError)
        })
    }

    /// What speaks against sending requests here; nothing when it is ready.
    pub async fn reasons_against(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        if self.health.is_draining() {
            reasons.push("the node is stopping".to_owned());
        }
        if let Some(cluster) = self.cluster() {
            if cluster.is_draining() {
                reasons.push("the node hands its work over to the others".to_owned());
            }
            if cluster.is_displaced() {
                reasons.push("another node bears this one's name, and was started later".to_owned());
            }
        }
        reasons.extend(self.journal.health().err().map(|unhealthy| unhealthy.to_string()));
        reasons.extend(self.world.reason_against());
        for progress in self.projections.progress() {
            let view = progress.generation.view;
            let behind = progress.behind();
            match progress.state {
                State::Running | State::Standby => {}
                State::Waiting => reasons.push(format!("the view {view} waits for the database")),
                State::Stopped => reasons.push(format!("the view {view} has stopped")),
            }
            if let Some(behind) = behind.filter(|behind| *behind > VIEW_BEHIND_MAX) {
                reasons.push(format!("the view {view} is {} ms behind", behind.as_millis()));
            }
        }
        let asked = tokio::time::timeout(DATABASE_ANSWER_MAX, sqlx::query("SELECT 1").execute(&self.pool)).await;
        if !matches!(asked, Ok(Ok(_))) {
            reasons.push("the database does not answer".to_owned());
        }
        reasons
    }

    /// What people should see to, although requests may be sent here.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.cluster().is_some_and(|cluster| !cluster.view().connected()) {
            warnings.push("there is no connection to NATS: this node does by itself what reaches it".to_owned());
        }
        warnings
    }

    /// The value of `Nashi-Position`: `position`, or the head where an answer rests on nothing in particular.
    pub fn position_header(&self, position: Option<Position>) -> HeaderValue {
        let head = self.head();
        let text = format!("{}-{}", head.incarnation, position.unwrap_or(head.position));
        // Two numbers and a hyphen.
        HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("0-0"))
    }

    /// The client's address: the peer's, or what a trusted proxy says of it.
    pub fn address(&self, request: &HttpRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip().to_canonical();
        let trusted = &self.settings.http.trusted_proxies;
        if !trusted.contains(&peer) {
            return Some(peer);
        }
        let values = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
        let chain: Vec<IpAddr> = values.flat_map(|value| value.split(',')).map_while(|part| part.trim().parse().ok()).collect();
        // From the right: each proxy writes down whom it was asked by; the first that is no proxy of ours is the client.
        Some(chain.into_iter().rev().find(|address| !trusted.contains(address)).unwrap_or(peer))
    }

    /// Where a request came from, for records of it.
    pub fn place(&self, request: &HttpRequest) -> Place {
        let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Place {
            address: self.address(request).map(|address| address.to_string()),
            agent: agent.map(|agent| agent.chars().take(AGENT_CHARACTERS_MAX).collect()),
        }
    }

    /// For counting; a connection without an address (a socket of the system) is one origin.
    pub fn origin(&self, request: &HttpRequest) -> Origin {
        Origin::from(self.address(request).unwrap_or(IpAddr::from([0, 0, 0, 0])))
    }
}
