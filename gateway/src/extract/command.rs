//! What names a command: `Idempotency-Key` or an id minted here, and where the request came from. What is commanded is
//! in the body.

use std::sync::Arc;
use std::time::Instant;

use actix_web::{HttpMessage, HttpRequest};
use actors::journal::Meta;
use actors::system::Request;
use domain::{CommandId, OrganisationId, PersonId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Caller;
use crate::answer;
use crate::edge;
use crate::error::Fault;
use crate::node::Node;

const KEY_CHARACTERS_MAX: usize = 255;
/// A `traceparent` of version 00 has 55; later versions may say more.
const TRACE_CHARACTERS_MAX: usize = 128;

/// Makes the command's request. The fingerprint, which the log compares when a key comes back, covers method,
/// path (without the prefix, so that `/v4` and `/api/v4` are one), query and body.
///
/// # Errors
/// `invalid_value_format` for a key that is empty, too long, or not of visible ASCII characters.
pub fn command(request: &HttpRequest, caller: &Caller, body: &[u8]) -> Result<Request, Fault> {
    let key = idempotency_key(request)?;
    let command = match &key {
        Some(key) => CommandId::from_key(caller.organisation.id, caller.person.id, key),
        None => {
            let minted = mint();
            // The answer names it, so that a client can find out later what became of it.
            request.extensions_mut().insert(minted);
            minted
        }
    };
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let place = caller.node.place(request);
    let meta = Meta {
        correlation: correlation(header("traceparent"), header("x-request-id")).or_else(|| Some(command.to_string())),
        address: place.address,
        agent: place.agent,
        fingerprint: key.is_some().then(|| fingerprint(request, body)),
        ..Meta::default()
    };
    Ok(Request {
        organisation: caller.organisation.id,
        who: caller.person.id,
        command,
        keyed: key.is_some(),
        meta,
        deadline: caller.deadline,
        arrived: caller.node.head().position,
        brief: answer::prefers_minimal(request),
        trace: header("traceparent").filter(|value| value.len() <= TRACE_CHARACTERS_MAX).map(Arc::from),
    })
}

/// The request for the item at `index` of one that asks for many things.
pub fn item(request: &Request, index: u32) -> Request {
    Request { command: request.command.of_item(index), ..request.clone() }
}

/// A command of the system on behalf of somebody whom no organisation knows yet: an account's.
pub fn of_the_system(request: &HttpRequest, node: &Node, deadline: Instant) -> Request {
    let (command, place) = (mint(), node.place(request));
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let meta = Meta {
        correlation: correlation(header("traceparent"), header("x-request-id")).or_else(|| Some(command.to_string())),
        address: place.address,
        agent: place.agent,
        ..Meta::default()
    };
    Request {
        organisation: OrganisationId::SYSTEM,
        who: PersonId::SYSTEM,
        command,
        keyed: false,
        meta,
        deadline,
        arrived: node.head().position,
        brief: false,
        trace: header("traceparent").filter(|value| value.len() <= TRACE_CHARACTERS_MAX).map(Arc::from),
    }
}

/// The same circumstances, for one more command.
pub fn again(request: &Request) -> Request {
    Request { command: mint(), ..request.clone() }
}

/// A fresh command id, in the order of time.
#[expect(clippy::disallowed_methods, reason = "this is the edge, where ids are minted")]
pub fn mint() -> CommandId {
    CommandId(Uuid::now_v7())
}

/// The key, from a structured-field string (`"8e03…"`) or bare, as many clients send it; both name the same command.
fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Fault> {
    let mut values = request.headers().get_all(&edge::IDEMPOTENCY_KEY);
    let Some(value) = values.next() else { return Ok(None) };
    let wrong = || Fault::format("Idempotency-Key");
    let text = value.to_str().map_err(|_| wrong())?.trim();
    let key = match text.strip_prefix('"') {
        Some(rest) => unquote(rest.strip_suffix('"').ok_or_else(wrong)?).ok_or_else(wrong)?,
        None => text.to_owned(),
    };
    let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
    if values.next().is_some() || key.is_empty() || key.len() > KEY_CHARACTERS_MAX || !visible {
        return Err(wrong());
    }
    Ok(Some(key))
}

/// The inside of a structured-field string (RFC 9651 §3.3.3): a backslash stands only before a quote or another one.
fn unquote(inside: &str) -> Option<String> {
    let mut key = String::with_capacity(inside.len());
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return None,
            '\\' => key.push(characters.next().filter(|next| matches!(next, '"' | '\\'))?),
            other => key.push(other),
        }
    }
    Some(key)
}

/// The trace id of a W3C `traceparent`, else the client's own request id, if they look like one.
fn correlation(traceparent: Option<&str>, request_id: Option<&str>) -> Option<String> {
    let trace = traceparent.and_then(|value| value.split('-').nth(1));
    let trace = trace.filter(|id| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let own = request_id.filter(|id| (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic()));
    trace.or(own).map(str::to_owned)
}

fn fingerprint(request: &HttpRequest, body: &[u8]) -> String {
    let path = request.path();
    let path = path.strip_prefix("/api").unwrap_or(path);
    let mut hash = Sha256::new();
    // Where there is none, as nearly always, it is left out: what was recorded before it counted stays as it is.
    let query = Some(request.query_string().as_bytes()).filter(|query| !query.is_empty());
    for part in [request.method().as_str().as_bytes(), path.as_bytes(), body].into_iter().chain(query) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn key(values: &[&str]) -> Result<Option<String>, ()> {
        let mut request = TestRequest::default();
        for value in values {
            request = request.append_header(("Idempotency-Key", *value));
        }
        idempotency_key(&request.to_http_request()).map_err(|_| ())
    }

    #[test]
    fn a_key_is_the_same_quoted_and_bare() {
        assert_eq!(key(&[]), Ok(None));
        assert_eq!(key(&["abc-1"]), Ok(Some("abc-1".to_owned())));
        assert_eq!(key(&["\"abc-1\""]), Ok(Some("abc-1".to_owned())));
        assert_eq!(key(&[r#""a\"b\\c""#]), Ok(Some(r#"a"b\c"#.to_owned())));
        assert_eq!(key(&[&"k".repeat(255)]), Ok(Some("k".repeat(255))));
    }

    #[test]
    fn a_key_that_is_no_key_is_refused() {
        let long = "k".repeat(256);
        for wrong in ["", "\"\"", "\"", "\"abc", "a b", "\"a\\x\"", "\"a\"b\"", &long] {
            assert_eq!(key(&[wrong]), Err(()), "{wrong}");
        }
        assert_eq!(key(&["a", "b"]), Err(()));
    }

    #[test]
    fn a_fingerprint_depends_on_all_of_the_request_but_the_prefix() {
        let of = |method: actix_web::http::Method, path: &str, body: &[u8]| {
            fingerprint(&TestRequest::with_uri(path).method(method).to_http_request(), body)
        };
        use actix_web::http::Method;
        let one = of(Method::POST, "/v4/tasks", b"{}");
        assert_eq!(one, of(Method::POST, "/api/v4/tasks", b"{}"));
        assert_ne!(one, of(Method::PUT, "/v4/tasks", b"{}"));
        assert_ne!(one, of(Method::POST, "/v4/tasks/1", b"{}"));
        assert_ne!(one, of(Method::POST, "/v4/tasks", b"{ }"));
        assert_ne!(of(Method::PUT, "/v4/tasks?value=1", b""), of(Method::PUT, "/v4/tasks?value=2", b""));
        assert_ne!(of(Method::POST, "/v4/ab", b"c"), of(Method::POST, "/v4/a", b"bc"));
    }

    #[test]
    fn a_correlation_is_a_trace_id_or_a_modest_request_id() {
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(correlation(Some(trace), Some("x")).as_deref(), Some("4bf92f3577b34da6a3ce929d0e0e4736"));
        assert_eq!(correlation(Some("00-zz-1"), Some("req-7")).as_deref(), Some("req-7"));
        assert_eq!(correlation(None, Some(&"x".repeat(65))), None);
        assert_eq!(correlation(None, Some("with space")), None);
    }
}
