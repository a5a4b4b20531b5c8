//! The browser's app (`gateway/web`): the files that Vite built, carried by the binary. The app finds its own way, so every path that a
//! person may open leads to its one page: what the product prints and mails (`links.rs`) is among them. Not what the app does, and not
//! the API: it is public, the same for everybody, and tells nothing of anybody.

use std::borrow::Cow;

use actix_web::guard::GuardContext;
use actix_web::http::header::{self, AcceptEncoding, ContentEncoding, Encoding, EntityTag, Header, HeaderName, HeaderValue, IfNoneMatch};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use rust_embed::{EmbeddedFile, RustEmbed};

/// In a build for developers the files are read from the disk when they are asked for.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Built;

const PAGE: &str = "index.html";
/// Files below it are named after what is in them, and never change.
const HASHED: &str = "assets/";
/// What begins a path that is not the app's.
const NOT_THE_APP: [&str; 6] = ["v4", "api", "bind", "livez", "readyz", "metrics"];
/// Compressed by the build, beside the file itself; the best first.
const COMPRESSED: [(ContentEncoding, &str); 2] = [(ContentEncoding::Brotli, ".br"), (ContentEncoding::Gzip, ".gz")];

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Kept, and asked about each time: a newer build is seen at once.
const ASKED_ABOUT: HeaderValue = HeaderValue::from_static("no-cache");

/// No script, style or picture of others, no script in the page itself, and no page of others around it.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
     manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
);
const OPENER: (HeaderName, HeaderValue) = (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
/// What the app does not use, no page of it may.
const PERMISSIONS: (HeaderName, HeaderValue) = (
    HeaderName::from_static("permissions-policy"),
    HeaderValue::from_static(
        "accelerometer=(), autoplay=(), bluetooth=(), browsing-topics=(), camera=(), display-capture=(), encrypted-media=(), \
         geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), \
         picture-in-picture=(), screen-wake-lock=(), serial=(), storage-access=(), usb=(), xr-spatial-tracking=()",
    ),
);

const NOT_BUILT: &str = "The browser's app is not in this build. To build it: `npm ci && npm run build` in gateway/web, then the binary again; \
                         or `ops/up`, which does both. The API is here: see /openapi.json.\n";

/// Whether a request is for the app: a file of it, or a page that a browser opens. All others are answered as what is not there.
pub fn is_meant(context: &GuardContext<'_>) -> bool {
    let head = context.head();
    if head.method != Method::GET && head.method != Method::HEAD {
        return false;
    }
    match meant(head.uri.path()) {
        Meant::Page => true,
        Meant::PageOf => head.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(wants_pages),
        Meant::File(name) => Built::get(name).is_some(),
        Meant::Nothing => false,
    }
}

/// The file, or the app's page.
pub async fn serve(request: HttpRequest) -> HttpResponse {
    let name = match meant(request.uri().path()) {
        Meant::File(name) => name,
        Meant::Page | Meant::PageOf | Meant::Nothing => PAGE,
    };
    let Some(plain) = Built::get(name) else {
        return HttpResponse::build(StatusCode::NOT_FOUND).content_type("text/plain; charset=utf-8").body(NOT_BUILT);
    };
    let kind = content_type(&plain);
    let (file, encoding) = suited(&request, name, plain);
    let tag = EntityTag::new_strong(hex::encode(&file.metadata.sha256_hash()[..16]));
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::ETAG, tag.to_string()))
        .insert_header((header::CACHE_CONTROL, if name.starts_with(HASHED) { FOR_EVER } else { ASKED_ABOUT }))
        .insert_header((header::VARY, HeaderValue::from_static("accept-encoding")))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header(OPENER)
        .insert_header(PERMISSIONS);
    if known(&request, &tag) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    if let Some(encoding) = encoding {
        response.insert_header((header::CONTENT_ENCODING, encoding.as_str()));
    }
    response.content_type(kind).body(bytes(file.data))
}

/// What a path stands for.
#[derive(Debug, PartialEq, Eq)]
enum Meant<'a> {
    /// The app's page, whoever asks.
    Page,
    /// The same, for browsers.
    PageOf,
    File(&'a str),
    Nothing,
}

/// Paths of the app are plain: nothing in them is encoded, and no part begins with a dot, so none leads out of the folder.
fn meant(path: &str) -> Meant<'_> {
    let name = path.trim_start_matches('/');
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~');
    let first = name.split('/').next().unwrap_or_default();
    if !name.bytes().all(plain) || name.split('/').any(|part| part.starts_with('.')) || NOT_THE_APP.contains(&first) {
        return Meant::Nothing;
    }
    let is_file = name.rsplit('/').next().is_some_and(|last| last.contains('.'));
    match (name, is_file) {
        ("" | PAGE, _) => Meant::Page,
        (_, false) if first == "assets" => Meant::Nothing,
        (_, false) => Meant::PageOf,
        // As another form of a file only.
        (_, true) if COMPRESSED.iter().any(|(_, ending)| name.ends_with(ending)) => Meant::Nothing,
        (_, true) => Meant::File(name),
    }
}

/// `Accept` of a browser that opens a page; `*/*`, as programs send it, is none.
fn wants_pages(accept: &str) -> bool {
    accept.split(',').any(|kind| kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/html"))
}

/// The form of the file that the client likes best of those that were made.
fn suited(request: &HttpRequest, name: &str, plain: EmbeddedFile) -> (EmbeddedFile, Option<ContentEncoding>) {
    let Ok(accepted) = AcceptEncoding::parse(request) else { return (plain, None) };
    let mut forms: Vec<(ContentEncoding, EmbeddedFile)> =
        COMPRESSED.into_iter().filter_map(|(encoding, ending)| Some((encoding, Built::get(&format!("{name}{ending}"))?))).collect();
    let made: Vec<Encoding> = forms.iter().map(|(encoding, _)| Encoding::Known(*encoding)).chain([Encoding::identity()]).collect();
    let chosen = accepted.negotiate(made.iter());
    match forms.iter().position(|(encoding, _)| chosen == Some(Encoding::Known(*encoding))) {
        Some(place) => {
            let (encoding, file) = forms.swap_remove(place);
            (file, Some(encoding))
        }
        None => (plain, None),
    }
}

/// The client has this very form of it.
fn known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => request.headers().contains_key(header::IF_NONE_MATCH),
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}

fn content_type(file: &EmbeddedFile) -> String {
    let kind = file.metadata.mimetype();
    let is_text = kind.starts_with("text/") || kind.ends_with("json") || kind.ends_with("javascript");
    if is_text { format!("{kind}; charset=utf-8") } else { kind.to_owned() }
}

/// What the binary carries is not copied.
fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(carried) => Bytes::from_static(carried),
        Cow::Owned(read) => Bytes::from(read),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_people_and_links_of_the_product_lead_into_the_app() {
        assert_eq!((meant("/"), meant("/index.html")), (Meant::Page, Meant::Page));
        for page in ["/inbox", "/tasks/5", "/set_up", "/password_reset", "/invitation", "/qr", "/forms/3/register", "/set-up"] {
            assert_eq!(meant(page), Meant::PageOf, "{page}");
        }
        assert_eq!(meant("/assets/index-AbC_1.js"), Meant::File("assets/index-AbC_1.js"));
        assert_eq!((meant("/sw.js"), meant("/manifest.webmanifest")), (Meant::File("sw.js"), Meant::File("manifest.webmanifest")));
    }

    #[test]
    fn paths_of_the_api_and_ways_out_of_the_folder_are_not_the_apps() {
        for path in
            ["/v4/nothing", "/v4", "/api/v4/tasks", "/api", "/bind/x", "/metrics/x", "/assets", "/assets/", "/assets/x", "/sw.js.br"]
        {
            assert_eq!(meant(path), Meant::Nothing, "{path}");
        }
        for path in [
            "/../Cargo.toml",
            "/assets/../../Cargo.toml",
            "/assets/..%2f..%2fCargo.toml",
            "/%2e%2e/Cargo.toml",
            "/..%5cCargo.toml",
            "/assets\\..\\x.js",
            "/.git/config",
            "/.well-known/x",
            "/index.html%00.js",
            "/%252e%252e/x.js",
        ] {
            assert_eq!(meant(path), Meant::Nothing, "{path}");
        }
    }

    #[test]
    fn programs_that_take_anything_are_no_browsers() {
        assert!(wants_pages("text/html,application/xhtml+xml,*/*;q=0.8") && wants_pages("application/json, TEXT/HTML;q=0.5"));
        assert!(!wants_pages("*/*") && !wants_pages("application/json") && !wants_pages("text/htmlx"));
    }
}
