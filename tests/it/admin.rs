//! The links of `nashi admin`, and its way out for who lost a second factor: the real binary beside a server that runs. What is behind
//! the links is tested in `links`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Browser, Installation};

use crate::second_factor::with_totp;

const PASSWORD: &str = "correct horse battery";
const NEW: &str = "another horse battery";

/// The secret of a printed link to `page`.
fn token(printed: &str, base: &str, page: &str) -> String {
    let rest = printed.trim().strip_prefix(&format!("{base}/{page}#token="));
    rest.unwrap_or_else(|| panic!("no link to {page} at {base}: {printed}")).to_owned()
}

async fn signs_in(browser: &Browser, login: &str, password: &str) -> Value {
    browser.post("/v4/sessions", json!({ "login": login, "password": password })).await.ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_command_line_prints_lets_in_as_the_server_says() {
    let mut installation = Installation::on_test_postgres().await;
    installation.set("NASHI__IDENTITY__KEY", "a key of this test, which nobody guesses");
    installation.set("NASHI__HTTP__PUBLIC_URL", "http://localhost:8080/hub/");
    let serving = installation.serve().await;
    let client = installation.client();
    let base = "http://localhost:8080/hub";

    let printed = installation.run(&["admin", "set-up-link"]).await;
    let body = json!({
        "token": token(&printed, base, "set_up"), "organization": "Acorn", "email": "anna@example.com", "first_name": "Anna",
        "password": PASSWORD,
    });
    let anna = Browser::new(&client);
    anna.post("/v4/set_up", body).await.ok();
    assert!(installation.refused(&["admin", "set-up-link"]).await.contains("already"));

    installation.run(&["admin", "person", "add", "--email", "boris@example.com", "--first-name", "Boris"]).await;
    let first = installation.run(&["admin", "invitation", "link", "boris@example.com"]).await;
    let second = installation.run(&["admin", "invitation", "link", "boris@example.com"]).await;
    let boris = Browser::new(&client);
    let accept = |printed: &str| json!({ "token": token(printed, base, "invitation"), "password": PASSWORD });
    boris.with(Method::PUT, "/v4/invitations", accept(&first)).await.refused(401, "invalid_ticket");
    boris.with(Method::PUT, "/v4/invitations", accept(&second)).await.ok();
    assert!(installation.refused(&["admin", "invitation", "link", "boris@example.com"]).await.contains("signed in before"));

    let printed = installation.run(&["admin", "password", "reset-link", "boris@example.com"]).await;
    let reset = json!({ "token": token(&printed, base, "password_reset"), "password": NEW });
    client.ask(Method::PUT, "/v4/password_reset", &[], Some(reset.to_string().into_bytes())).await.ok();
    boris.get("/v4/profile").await.refused(401, "revoked_token");
    assert!(installation.refused(&["admin", "password", "reset-link", "nobody@example.com"]).await.contains("nobody has"));

    // The phone and the codes are lost.
    let pool = installation.database.as_ref().expect("a database").pool(1).await;
    signs_in(&boris, "boris@example.com", NEW).await;
    with_totp(&pool, &boris).await;
    pool.close().await;
    let browser = Browser::new(&client);
    assert!(signs_in(&browser, "boris@example.com", NEW).await["session"].is_null());
    installation.run(&["admin", "second-factor", "remove", "boris@example.com"]).await;
    assert_eq!(signs_in(&browser, "boris@example.com", NEW).await["session"]["began_with"], "password");
    assert!(installation.refused(&["admin", "second-factor", "remove", "boris@example.com"]).await.contains("no second factor"));
    assert!(serving.stop().await.success());
}
