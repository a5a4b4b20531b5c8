//! `GET /nodes`: the nodes of the installation and how far its views are, for who may change the organisation's settings. The same as
//! `nashi nodes` shows on the command line. Not what they do about it: that is the operator's, on the machine.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse};
use actors::cluster::{Member, Report, State, placement};
use domain::rights::Deed;
use domain::{Code, Position};
use projections::standing::{Standing, standing};
use serde::Serialize;
use utoipa::ToSchema;

use super::{moment, schema};
use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::node::Node;
use crate::view::answered;

#[derive(Serialize, ToSchema)]
pub struct Nodes {
    /// The one that answers first. A node without NATS is alone.
    nodes: Vec<ShownNode>,
    /// By their names; a view that is being made anew is there twice.
    views: Vec<ShownView>,
    /// Of the search on the node that answers, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    search: Option<ShownIndex>,
    /// The end of the log.
    head: i64,
    /// The way to the other nodes is there, where there are any.
    connected: bool,
}

#[derive(Serialize, ToSchema)]
pub struct ShownNode {
    name: String,
    /// This life of it.
    boot: String,
    /// `joining`, `active`, `draining`, `impaired` or `unknown`.
    state: &'static str,
    roles: Vec<&'static str>,
    /// Its share of the actors beside the others', 1 to 16.
    weight: u16,
    build: String,
    /// How many of the 1024 slices of all actors are its own.
    slices: usize,
    /// Where it answers HTTP.
    http: String,
    /// Live ones.
    actors: usize,
    /// The end of the log as it knows it.
    head: i64,
    /// How far each view is behind on it, in milliseconds.
    behind_ms: BTreeMap<String, u64>,
    /// What it alone does at present.
    leases: Vec<String>,
    uptime_seconds: u64,
}

#[derive(Serialize, ToSchema)]
pub struct ShownView {
    name: String,
    /// How often it was made.
    generation: i32,
    /// `live`: it is read; `building`: it is being filled, and is read once it has caught up.
    state: &'static str,
    made_at: String,
    /// Up to where it holds the log; of one that is being filled, its progress on the way to `head`.
    position: i64,
    /// Events that it lacks up to the end of the log.
    lag: i64,
    /// Events that could not be taken in, and those of their streams that came after.
    parked_events: i64,
    /// The node that moves it.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_by: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct ShownIndex {
    /// Up to where it has read the log, and up to where that is found.
    position: i64,
    shown_position: i64,
    documents: u64,
    rebuilding: bool,
}

/// The nodes and the views, for who may change the organisation's settings. Ours, beside the dialect.
#[utoipa::path(
    get, path = "/v4/nodes", tag = "operations", params(schema::Read),
    responses(
        (status = 200, body = Nodes), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    if !caller.issued(&organisation).permits(Deed::ChangeOrganisation) {
        return Err(Fault::domain(Code::AccessDenied));
    }
    let node = &caller.node;
    let head = node.true_head().await?.max(position);
    let (nodes, connected) = members(node);
    let views = answered(standing(&node.pool).await)?.into_iter().map(|view| ShownView::of(view, (head, node.head().incarnation), &nodes));
    let search = node.search.as_ref().and_then(|search| search.extent()).map(|extent| ShownIndex {
        position: extent.known,
        shown_position: extent.shown,
        documents: extent.documents,
        rebuilding: extent.rebuilding,
    });
    let shown = Nodes { views: views.collect(), nodes, search, head, connected };
    answer::json(&request, node, &shown, About::read(head))
}

/// Who is known to live, this node first; and whether the others can be reached. A report is at most a second old.
fn members(node: &Node) -> (Vec<ShownNode>, bool) {
    let Some(cluster) = node.cluster() else {
        let (settings, report) = (&node.settings, node.report());
        let alone = ShownNode {
            name: settings.node_name(),
            boot: node.boot.to_string(),
            state: if node.health.is_draining() { State::Draining } else { State::Active }.name(),
            roles: settings.node.roles.names(),
            weight: settings.node.weight,
            build: env!("CARGO_PKG_VERSION").to_owned(),
            slices: usize::from(placement::SLICES),
            ..ShownNode::reported(&report)
        };
        return (vec![alone], true);
    };
    let view = cluster.view();
    let shown = view.members().iter().enumerate().map(|(place, member)| ShownNode::of(member, view.slices_of(place)));
    (shown.collect(), view.connected())
}

impl ShownNode {
    fn of(member: &Member, slices: usize) -> Self {
        Self {
            name: member.name.clone(),
            boot: member.boot.to_string(),
            state: member.state.name(),
            roles: member.roles.names(),
            weight: member.weight,
            build: member.build.clone(),
            slices,
            ..Self::reported(&member.report)
        }
    }

    /// What a node tells of itself; who it is stands elsewhere.
    fn reported(report: &Report) -> Self {
        Self {
            name: String::new(),
            boot: String::new(),
            state: State::Unknown.name(),
            roles: Vec::new(),
            weight: 1,
            build: String::new(),
            slices: 0,
            http: report.http.clone(),
            actors: report.actors,
            head: report.head,
            behind_ms: report.behind_ms.clone(),
            leases: report.leases.clone(),
            uptime_seconds: report.uptime_seconds,
        }
    }
}

impl ShownView {
    fn of(view: Standing, (head, incarnation): (Position, i64), nodes: &[ShownNode]) -> Self {
        // What was made from a log that is no longer this one is made from the beginning.
        let position = if view.incarnation == incarnation { view.position } else { 0 };
        let lease = format!("view.{}", view.view);
        let holder = nodes.iter().find(|node| node.leases.contains(&lease)).filter(|_| view.live);
        Self {
            moved_by: holder.map(|node| node.name.clone()),
            name: view.view,
            generation: view.generation,
            state: if view.live { "live" } else { "building" },
            made_at: moment(view.made_at),
            position,
            lag: head.saturating_sub(position).max(0),
            parked_events: view.parked_events,
        }
    }
}
