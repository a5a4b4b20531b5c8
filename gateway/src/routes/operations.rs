//! What machines ask about a node: is it alive, may it be sent requests, what does it count, what is its API. No sign-in, no
//! secrets, nothing of anybody's data.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;

use super::JSON;
use crate::codes::Own;
use crate::error::Fault;
use crate::node::Node;

/// Whether requests may be sent here, and what speaks against it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Readiness {
    ready: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<String>,
    /// What people should see to, although requests may be sent here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

/// The process answers.
#[utoipa::path(get, path = "/livez", tag = "operations", security(()), responses((status = 200, description = "The process lives")))]
pub async fn livez() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("alive\n")
}

/// The node can serve: it is not going down, and the log, the directory and the views are there and up to date.
#[utoipa::path(
    get, path = "/readyz", tag = "operations", security(()),
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)),
)]
pub async fn readyz(node: web::Data<Node>) -> HttpResponse {
    let reasons = node.reasons_against().await;
    let mut builder = if reasons.is_empty() { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    builder.content_type(JSON).json(Readiness { ready: reasons.is_empty(), reasons, warnings: node.warnings() })
}

/// Prometheus' text format. On the main address only for this machine's own requests; a request that came through a
/// proxy is not one.
pub async fn metrics(request: HttpRequest, node: web::Data<Node>, handle: web::Data<PrometheusHandle>) -> Result<HttpResponse, Fault> {
    let forwarded = ["forwarded", "x-forwarded-for", "x-real-ip"].into_iter().any(|name| request.headers().contains_key(name));
    let own = request.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback()) && !forwarded;
    if node.settings.metrics.address.is_some() || !own {
        return Err(Fault::own(Own::NotFound));
    }
    Ok(exposition(&node, &handle))
}

/// As [`metrics`], on an address of its own, to everybody who reaches it.
pub async fn metrics_alone(node: web::Data<Node>, handle: web::Data<PrometheusHandle>) -> HttpResponse {
    exposition(&node, &handle)
}

fn exposition(node: &Node, handle: &PrometheusHandle) -> HttpResponse {
    // How far the views are behind is worked out when it is asked for.
    node.projections.progress();
    node.search.as_ref().map(projections::search::Search::extent);
    handle.run_upkeep();
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")).body(handle.render())
}

/// The API's description, OpenAPI 3.1.
pub async fn openapi(document: web::Data<crate::openapi::Document>) -> HttpResponse {
    HttpResponse::Ok().content_type(JSON).body(document.0.clone())
}
