//! The browser's app as the node serves it: which paths lead to it, what is kept, and what a page may do. What the app does is tried in
//! a browser (`gateway/web/tests/e2e`). `ops/test` has built it before.

use reqwest::Method;
use tests::{Answer, World};

const BROWSER: (&str, &str) = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

/// What the page loads first: a script with a hashed name.
fn script(page: &Answer) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("src=\"").expect("the page loads a script");
    rest.split_once('"').expect("its name ends").0.to_owned()
}

#[actix_rt::test]
async fn whatever_a_person_opens_leads_into_the_app_and_the_api_stays_as_it_is() {
    let world = World::new().await;
    let stranger = world.app.client();
    let open = async |path: &str| stranger.ask(Method::GET, path, &[BROWSER], None).await;
    let page = stranger.get("/").await;
    assert!(page.status == 200 && page.text().contains("<script type=\"module\""), "{}", page.text());
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    for path in ["/", "/inbox", "/tasks/5", "/tasks/5/", "/set_up", "/password_reset", "/invitation", "/qr", "/nothing/at/all?x=1"] {
        let opened = open(path).await;
        assert_eq!((opened.status, opened.text()), (200, page.text()), "{path}");
    }
    // A program that asks for a path that is not there is told so, and the API's paths are no pages.
    for path in ["/inbox", "/nothing"] {
        stranger.get(path).await.refused(404, "not_found");
    }
    for path in ["/v4/nothing", "/api/v4/nothing", "/v4", "/api", "/nothing.js", "/assets/nothing.js", "/assets/", "/favicon.ico"] {
        open(path).await.refused(404, "not_found");
    }
    open("/v4/profile").await.refused(401, "token_not_specified");
    stranger.ask(Method::POST, "/inbox", &[BROWSER], None).await.refused(404, "not_found");
    let head = stranger.ask(Method::HEAD, "/inbox", &[BROWSER], None).await;
    assert_eq!((head.status, head.body.len(), head.header("etag")), (200, 0, page.header("etag")));
    world.done().await;
}

#[actix_rt::test]
async fn nothing_but_the_apps_own_files_is_served_however_it_is_written() {
    let world = World::new().await;
    // Written as it stands: an HTTP client would tidy these paths up before it sends them.
    for path in [
        "/../Cargo.toml",
        "/assets/../../../Cargo.toml",
        "/..%2f..%2fCargo.toml",
        "/%2e%2e/%2e%2e/Cargo.toml",
        "/assets/%2e%2e%2f%2e%2e%2fCargo.toml",
        "/..%5c..%5cCargo.toml",
        "/.git/config",
        "/%252e%252e/Cargo.toml",
        "/assets/..;/..;/Cargo.toml",
        "//etc/passwd%00.html",
        "/index.html.br",
        "/sw.js.gz",
    ] {
        let answer = raw(world.app.client().base(), path).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {}", answer.lines().next().unwrap_or_default());
        assert!(answer.contains("\"not_found\"") && !answer.contains("[package]"), "{path}: {answer}");
    }
    world.done().await;
}

#[actix_rt::test]
async fn a_page_may_use_the_apps_own_files_and_nothing_else() {
    let world = World::new().await;
    let stranger = world.app.client();
    let page = stranger.get("/").await;
    let script = script(&page);
    for path in ["/", "/sw.js", &script] {
        let answer = stranger.ask(Method::GET, path, &[BROWSER], None).await;
        let policy = answer.header("content-security-policy").to_owned();
        let said: Vec<&str> = policy.split(';').map(str::trim).collect();
        for rule in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "base-uri 'none'"] {
            assert!(said.contains(&rule), "{path}: {policy}");
        }
        assert!(said.contains(&"frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert!(answer.header("permissions-policy").contains("camera=()"));
        assert_eq!((answer.find_header("nashi-position"), answer.find_header("x-ratelimit-limit")), (None, None), "{path}");
    }
    // An answer of the API, opened as a page, may still do nothing at all.
    let answer = stranger.ask(Method::GET, "/v4/profile", &[BROWSER], None).await;
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    assert_eq!(answer.header("cache-control"), "no-store");
    let text = page.text();
    assert!(!text.contains("<style") && !text.contains("onload="), "the policy would break it: {text}");
    world.done().await;
}

#[actix_rt::test]
async fn what_is_named_after_its_content_is_kept_and_all_else_is_asked_about() {
    let world = World::new().await;
    let stranger = world.app.client();
    let page = stranger.get("/").await;
    let script = script(&page);
    assert_eq!(stranger.get(&script).await.header("cache-control"), "public, max-age=31536000, immutable");
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/sw.js", "text/javascript; charset=utf-8"),
        ("/manifest.webmanifest", "application/manifest+json; charset=utf-8"),
    ] {
        let answer = stranger.get(path).await;
        assert_eq!((answer.status, answer.header("cache-control"), answer.header("content-type")), (200, "no-cache", kind), "{path}");
        let tag = answer.header("etag").to_owned();
        let again = stranger.ask(Method::GET, path, &[("If-None-Match", &tag)], None).await;
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, &*tag), "{path}");
        let other = stranger.ask(Method::GET, path, &[("If-None-Match", "\"another\"")], None).await;
        assert_eq!((other.status, &other.body), (200, &answer.body), "{path}");
    }
    world.done().await;
}

#[actix_rt::test]
async fn each_browser_gets_the_form_that_it_takes() {
    let world = World::new().await;
    let stranger = world.app.client();
    let script = script(&stranger.get("/").await);
    let as_taken = async |taken: &str| stranger.ask(Method::GET, &script, &[("Accept-Encoding", taken)], None).await;
    let plain = stranger.get(&script).await;
    assert_eq!((plain.find_header("content-encoding"), plain.header("vary")), (None, "accept-encoding"));
    let mut tags = vec![plain.header("etag").to_owned()];
    for (taken, given) in [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("br", "br")] {
        let answer = as_taken(taken).await;
        assert_eq!((answer.header("content-encoding"), answer.header("vary")), (given, "accept-encoding"), "{taken}");
        assert_eq!(answer.header("content-type"), plain.header("content-type"), "{taken}");
        assert!(answer.body.len() * 2 < plain.body.len(), "{taken}: {} of {}", answer.body.len(), plain.body.len());
        tags.push(answer.header("etag").to_owned());
    }
    for taken in ["identity", "deflate", "br;q=0"] {
        let answer = as_taken(taken).await;
        assert_eq!((answer.find_header("content-encoding"), &answer.body), (None, &plain.body), "{taken}");
    }
    // Another form is another thing to keep.
    tags.sort_unstable();
    tags.dedup();
    assert_eq!(tags.len(), 3);
    world.done().await;
}

/// The head and the beginning of the answer to a request for exactly this path.
async fn raw(base: &str, path: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let address = base.strip_prefix("http://").expect("plain HTTP");
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("the node listens");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("it is sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("it is answered");
    String::from_utf8_lossy(&answer).into_owned()
}
