//! The door of every route, taken from the API's own description: whoever brings no token, or a made-up one, is refused before
//! anything else is looked at. Who may do what behind it is tested with each route.

use reqwest::Method;
use serde_json::Value;
use tests::TestApp;

/// Open to everybody by design: the doors themselves, and what machines ask.
const OPEN: &[&str] = &[
    "GET /livez",
    "GET /readyz",
    "POST /v4/auth",
    "POST /v4/sessions",
    "POST /v4/sessions/second_factor",
    "POST /v4/sessions/passkey",
    "PUT /v4/sessions/passkey",
    "POST /v4/qr_sign_in",
    "PUT /v4/qr_sign_in/{id}",
    "POST /v4/password_reset",
    "PUT /v4/password_reset",
    "PUT /v4/invitations",
    "GET /v4/set_up",
    "POST /v4/set_up",
];

#[actix_rt::test]
async fn no_route_lets_a_stranger_in() {
    let app = TestApp::start(|_| {}).await;
    let document: Value = app.client().get("/openapi.json").await.json();
    let mut closed = 0;
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let open = operation["security"]
                .as_array()
                .is_some_and(|ways| ways.iter().all(|way| way.as_object().is_some_and(serde_json::Map::is_empty)));
            let asked = sample(path);
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            if open {
                assert!(OPEN.contains(&format!("{method} {path}").as_str()), "{method} {path} is described as open to everybody");
                continue;
            }
            closed += 1;
            let nobody = app.client().ask(method.clone(), &asked, &[], Some(b"{}".to_vec())).await;
            assert_eq!(nobody.status, 401, "{method} {asked} by nobody: {}", nobody.text());
            let forged = app.client().with_token("forged").ask(method.clone(), &asked, &[], Some(b"{}".to_vec())).await;
            assert_eq!(forged.status, 401, "{method} {asked} with a forged token: {}", forged.text());
        }
    }
    assert!(closed > 60, "only {closed} doors were tried: is the document written otherwise than this test reads it?");
    app.done().await;
}

/// The path with something in every place that is open.
fn sample(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect::<Vec<_>>().join("/")
}
