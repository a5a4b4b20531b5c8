//! What happens around every request: the path is normalised, answers get their headers, failures their language,
//! and all are counted. What is asked for is decided in `routes`.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Uri;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::uri::PathAndQuery;
use actix_web::{HttpMessage, HttpRequest, web};
use domain::{CommandId, PersonId};

use crate::config::AccessLog;
use crate::error::{Fault, Language};
use crate::limits::Allowance;
use crate::metrics::{self, Endpoint};
use crate::node::{Node, Who};
use crate::routes::query::Query;

pub static POSITION: HeaderName = HeaderName::from_static("nashi-position");
/// Names a view that lacks events which could not be taken in: the answer may lack something.
pub static INCOMPLETE: HeaderName = HeaderName::from_static("nashi-incomplete");
pub static WAIT_FOR: HeaderName = HeaderName::from_static("nashi-wait-for");
/// Of a request: whom the asker believes to be. Of its answer: who they are.
pub static PERSON: HeaderName = HeaderName::from_static("nashi-person");
pub static COMMAND: HeaderName = HeaderName::from_static("nashi-command");
pub static IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
pub static REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

static RATE_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
static RATE_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
static RATE_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Kept with a request whose asker was found out.
pub struct Recognised(pub PersonId);

/// Headers of every answer. Answers belong to one person at one moment, so nothing may keep them; pages of other
/// origins may not use them (there is no CORS header at all), nor show them in a frame.
const FIXED: [(HeaderName, HeaderValue); 5] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// Before the route: trailing and doubled slashes are taken out of the path (`/contacts/`, `/tasks//comments`).
pub fn enter(request: &mut ServiceRequest) -> Instant {
    let path = request.path();
    if path.len() > 1 && (path.ends_with('/') || path.contains("//")) {
        let mut clean = String::with_capacity(path.len());
        for part in path.split('/').filter(|part| !part.is_empty()) {
            clean.push('/');
            clean.push_str(part);
        }
        if clean.is_empty() {
            clean.push('/');
        }
        if let Some(query) = request.uri().query() {
            clean.push('?');
            clean.push_str(query);
        }
        let mut parts = request.uri().clone().into_parts();
        // It was a path before; what was taken out cannot have made it something else.
        if let Ok(path) = PathAndQuery::try_from(clean) {
            parts.path_and_query = Some(path);
            if let Ok(uri) = Uri::from_parts(parts) {
                request.match_info_mut().get_mut().update(&uri);
                request.head_mut().uri = uri;
            }
        }
    }
    Instant::now()
}

/// After the route.
pub fn leave<B: MessageBody + 'static>(response: ServiceResponse<B>, begun: Instant) -> ServiceResponse<BoxBody> {
    let mut response = response.map_into_boxed_body();
    let language = language(response.request());
    let fault = response.response().error().and_then(|error| error.as_error::<Fault>());
    if let Some(fault) = fault
        && language != Language::English
        && !fault.is_silence()
    {
        let body = fault.body(language);
        response = response.map_body(|_, _| BoxBody::new(body));
    }
    let request = response.request().clone();
    let Some(node) = request.app_data::<web::Data<Node>>() else { return response };
    let endpoint = request.app_data::<Endpoint>().copied().unwrap_or_default();
    let fault_position = response.response().error().and_then(|error| error.as_error::<Fault>()).and_then(|fault| fault.position);
    let headers = response.headers_mut();
    for (name, value) in &FIXED {
        if !headers.contains_key(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
    if endpoint.is_of_the_api() {
        if !headers.contains_key(&POSITION) {
            headers.insert(POSITION.clone(), node.position_header(fault_position));
        }
        rate_headers(headers, allowance(&request, node));
        if let Some(Recognised(person)) = request.extensions().get() {
            headers.insert(PERSON.clone(), HeaderValue::from(person.0));
        }
        if let Some(command) = request.extensions().get::<CommandId>()
            && let Ok(value) = HeaderValue::try_from(command.to_string())
        {
            headers.insert(COMMAND.clone(), value);
        }
    }
    observe(node, &response, endpoint, begun);
    response
}

/// What is left to the asker: counted when they were recognised, else here, by their address.
fn allowance(request: &HttpRequest, node: &Node) -> Allowance {
    let counted = request.extensions().get::<Allowance>().copied();
    counted.unwrap_or_else(|| node.rate.take(Who::Origin(node.origin(request))))
}

fn rate_headers(headers: &mut HeaderMap, allowance: Allowance) {
    headers.insert(RATE_LIMIT.clone(), HeaderValue::from(allowance.limit));
    headers.insert(RATE_REMAINING.clone(), HeaderValue::from(allowance.remaining));
    headers.insert(RATE_RESET.clone(), HeaderValue::from(allowance.reset_seconds));
}

/// The asker's language: what the client says, else their own where they were recognised, else English.
fn language(request: &HttpRequest) -> Language {
    let recognised = request.extensions().get::<Language>().copied();
    recognised.or_else(|| asked_language(request)).unwrap_or_default()
}

/// The language in which the client wants to be answered (`Accept-Language`, RFC 9110 §12.5.4), if it names one that is spoken here.
/// What a browser opens by a link cannot set headers: there `locale` in the query says it, and goes before.
pub fn asked_language(request: &HttpRequest) -> Option<Language> {
    let queried = Some(request.query_string()).filter(|query| !query.is_empty()).and_then(|query| Query::read(query).text("locale"));
    if let Some(language) = queried.as_deref().and_then(Language::of) {
        return Some(language);
    }
    let header = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    header.and_then(Language::of)
}

/// Counts the answer and writes it into the access log: the kind of request, never its path, its address or its person.
fn observe(node: &Node, response: &ServiceResponse<BoxBody>, endpoint: Endpoint, begun: Instant) {
    let (status, elapsed) = (response.status(), begun.elapsed());
    let method = response.request().method();
    metrics::request(endpoint, method, status, elapsed);
    let log = match node.settings.telemetry.access_log {
        AccessLog::All => true,
        AccessLog::Errors => status.is_server_error(),
        AccessLog::None => false,
    };
    if log {
        let code = response.response().error().and_then(|error| error.as_error::<Fault>()).and_then(Fault::code);
        let (method, status) = (method.as_str(), status.as_u16());
        let duration_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        let route = endpoint.name();
        tracing::info!(target: "nashi::access", { http.method = method, http.route = route, http.status = status, duration_ms, code }, "request");
    }
}
