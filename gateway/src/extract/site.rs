//! Which site a request belongs to: how the client reached us, the session's cookie, and whether pages of others may have had a
//! hand in it. Not who asks (see [`super::caller`]).
//!
//! Browsers send a cookie with every request, whoever's page made it. So a request that changes something (any method but GET
//! and HEAD) and is known by its cookie alone is looked at:
//!
//! | the request | |
//! |---|---|
//! | says `Sec-Fetch-Site` | is taken when it says `same-origin`, else refused |
//! | says no `Sec-Fetch-Site`, but `Origin` | is taken when that is our origin, else refused |
//! | says neither | is taken with a header `Nashi-Request` of any content, which no form and no picture can send |
//!
//! Signing in without a cookie follows the first two rows, so that no page signs somebody in as somebody else; programs, which
//! say neither, are taken. A request with a token needs none of it: no browser adds that by itself.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration as CookieAge;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::{Method, header};

use crate::codes::Own;
use crate::error::Fault;
use crate::node::Node;

/// Over TLS: browsers hold a cookie of this prefix to the host, the root path and TLS.
const SECURE: &str = "__Host-nashi";
/// On loopback without TLS, where browsers do not take the other.
const PLAIN: &str = "nashi";

/// A header that says that a program of ours made the request.
pub const OURS: &str = "nashi-request";

/// How the client reaches us: as configured, else as it just did. Without a slash at its end.
pub fn base(request: &HttpRequest, node: &Node) -> String {
    if let Some(url) = &node.settings.http.public_url {
        return url.as_str().trim_end_matches('/').to_owned();
    }
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let through_proxy = request.peer_addr().is_some_and(|peer| node.settings.http.trusted_proxies.contains(&peer.ip().to_canonical()));
    let scheme = text("x-forwarded-proto").filter(|scheme| through_proxy && *scheme == "https").unwrap_or("http");
    let plausible = |host: &&str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte)) && !host.is_empty();
    match text(header::HOST.as_str()).filter(plausible) {
        Some(host) => format!("{scheme}://{host}"),
        None => format!("{scheme}://{}", node.settings.http.address),
    }
}

fn secure(request: &HttpRequest, node: &Node) -> bool {
    base(request, node).starts_with("https://")
}

/// The value of the session's cookie, if there is one.
pub fn cookie(request: &HttpRequest, node: &Node) -> Option<String> {
    let name = if secure(request, node) { SECURE } else { PLAIN };
    request.cookie(name).map(|cookie| cookie.value().to_owned())
}

/// The cookie that holds a session's secret.
///
/// # Errors
/// `tls_required` where everybody on the way could read it.
pub fn kept(request: &HttpRequest, node: &Node, secret: &str, lifetime_hours: u32) -> Result<Cookie<'static>, Fault> {
    let secure = secure(request, node);
    if !secure && !node.address(request).is_none_or(|address| address.is_loopback()) {
        return Err(Fault::own(Own::TlsRequired));
    }
    let name = if secure { SECURE } else { PLAIN };
    let age = CookieAge::hours(i64::from(lifetime_hours));
    Ok(Cookie::build(name, secret.to_owned()).path("/").http_only(true).secure(secure).same_site(SameSite::Lax).max_age(age).finish())
}

/// The cookie that makes a browser forget the other.
pub fn forgotten(request: &HttpRequest, node: &Node) -> Cookie<'static> {
    let secure = secure(request, node);
    let name = if secure { SECURE } else { PLAIN };
    Cookie::build(name, "").path("/").http_only(true).secure(secure).same_site(SameSite::Lax).max_age(CookieAge::ZERO).finish()
}

/// Whether pages of others may have made the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Made {
    Here,
    Elsewhere,
    /// It does not say.
    Untold,
}

/// Refuses what a page of another site made.
///
/// # Errors
/// `cross_site_request`.
pub fn not_elsewhere(request: &HttpRequest, node: &Node) -> Result<(), Fault> {
    if changes_nothing(request.method()) || made(request, &base(request, node)) != Made::Elsewhere {
        return Ok(());
    }
    Err(Fault::own(Own::CrossSiteRequest))
}

/// Takes what a page or a program of ours made, for who is known by their cookie alone.
///
/// # Errors
/// `cross_site_request`.
pub fn made_here(request: &HttpRequest, node: &Node) -> Result<(), Fault> {
    if changes_nothing(request.method()) { Ok(()) } else { page_of_ours(request, node) }
}

/// Takes what a page or a program of ours made, whatever its method: a WebSocket is opened by a GET, and any page may open one.
///
/// # Errors
/// `cross_site_request`.
pub fn page_of_ours(request: &HttpRequest, node: &Node) -> Result<(), Fault> {
    match made(request, &base(request, node)) {
        Made::Here => Ok(()),
        Made::Untold if request.headers().contains_key(OURS) => Ok(()),
        Made::Untold | Made::Elsewhere => Err(Fault::own(Own::CrossSiteRequest)),
    }
}

fn changes_nothing(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn made(request: &HttpRequest, base: &str) -> Made {
    let one = |name: &str| {
        let mut values = request.headers().get_all(name);
        values.next().map(|value| (value.to_str().unwrap_or(""), values.next().is_none()))
    };
    let here = |same: bool| if same { Made::Here } else { Made::Elsewhere };
    match (one("sec-fetch-site"), one(header::ORIGIN.as_str())) {
        (Some((site, alone)), _) => here(alone && site == "same-origin"),
        (None, Some((origin, alone))) => here(alone && is_origin_of(origin, base)),
        (None, None) => Made::Untold,
    }
}

/// `base` may have a path; an origin has none.
fn is_origin_of(origin: &str, base: &str) -> bool {
    let of = |text: &str| url::Url::parse(text).ok().map(|url| url.origin()).filter(url::Origin::is_tuple);
    of(origin).is_some_and(|origin| of(base).is_some_and(|ours| ours == origin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn asked(headers: &[(&'static str, &str)]) -> Made {
        let request = headers.iter().fold(TestRequest::post(), |request, header| request.append_header(*header));
        made(&request.to_http_request(), "https://hub.example.com/nashi")
    }

    #[test]
    fn where_a_request_was_made_is_told_by_the_browser() {
        assert_eq!(asked(&[]), Made::Untold);
        assert_eq!(asked(&[("sec-fetch-site", "same-origin")]), Made::Here);
        for elsewhere in ["same-site", "cross-site", "none", "", "Same-Origin"] {
            assert_eq!(asked(&[("sec-fetch-site", elsewhere)]), Made::Elsewhere, "{elsewhere}");
        }
        assert_eq!(asked(&[("origin", "https://hub.example.com")]), Made::Here);
        assert_eq!(asked(&[("origin", "https://HUB.example.com:443")]), Made::Here);
        for other in
            ["null", "", "http://hub.example.com", "https://hub.example.com:444", "https://example.com", "https://hub.example.com.evil"]
        {
            assert_eq!(asked(&[("origin", other)]), Made::Elsewhere, "{other}");
        }
        // The browser's own word counts; what says two things says nothing good.
        assert_eq!(asked(&[("sec-fetch-site", "cross-site"), ("origin", "https://hub.example.com")]), Made::Elsewhere);
        assert_eq!(asked(&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")]), Made::Elsewhere);
        assert_eq!(asked(&[("origin", "https://hub.example.com"), ("origin", "https://evil.example")]), Made::Elsewhere);
    }
}
