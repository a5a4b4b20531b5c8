//! Second factors, proving oneself again, and what is demanded of sessions, over HTTP. Codes are made by oathtool, which nobody here
//! wrote. How secrets and codes are kept is tested in `gateway::identity`.

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgPool;
use tests::{Answer, Browser, Client, Installation, World};

use crate::sessions::with_password;

const PASSWORD: &str = "correct horse battery";

/// What the authenticator app shows for this secret now.
async fn code(pool: &PgPool, secret: &str) -> String {
    // The server's clock is the database's.
    let (now,): (i64,) = sqlx::query_as("SELECT extract(epoch FROM clock_timestamp())::bigint").fetch_one(pool).await.expect("the time");
    let made = tokio::process::Command::new("oathtool").args(["--totp", "--base32", secret, "--now", &format!("@{now}")]).output().await;
    let made = made.expect("oathtool is installed (Debian: oathtool)");
    String::from_utf8(made.stdout).expect("digits").trim().to_owned()
}

/// As if half a minute had passed: the present code has not been taken yet.
async fn later(pool: &PgPool) {
    sqlx::query("UPDATE totp SET step = 0").execute(pool).await.expect("the steps");
}

/// As if who is signed in had proved it longer ago than what is dangerous allows.
pub async fn long_ago(pool: &PgPool) {
    let aged = sqlx::query("UPDATE session SET authenticated_at = authenticated_at - interval '11 minutes'");
    aged.execute(pool).await.expect("the sessions");
}

async fn put(browser: &Browser, path: &str, body: Value) -> Answer {
    browser.with(Method::PUT, path, body).await
}

async fn delete(browser: &Browser, path: &str) -> Answer {
    browser.with(Method::DELETE, path, json!({})).await
}

async fn sign_in(client: &Client, login: &str) -> (Browser, Answer) {
    let browser = Browser::new(client);
    let answer = browser.post("/v4/sessions", json!({ "login": login, "password": PASSWORD })).await;
    (browser, answer)
}

/// Sets time-based codes up in a browser that is signed in; gives the secret.
pub async fn with_totp(pool: &PgPool, browser: &Browser) -> String {
    let offer = browser.post("/v4/account/totp", json!({})).await.ok();
    let secret = offer["secret"].as_str().expect("a secret").to_owned();
    assert!(offer["uri"].as_str().is_some_and(|uri| uri.starts_with("otpauth://totp/Nashi:") && uri.contains(&secret)), "{offer}");
    let told = put(browser, "/v4/account/totp", json!({ "code": code(pool, &secret).await })).await.ok();
    assert_eq!(told["totp"], true);
    later(pool).await;
    secret
}

/// The ticket that a right password gives to who has a second factor.
async fn ticket(client: &Client, login: &str) -> (Browser, String) {
    let (browser, answer) = sign_in(client, login).await;
    let told = answer.ok();
    assert!(told["session"].is_null() && browser.cookie().is_none(), "the password alone lets nobody in: {told}");
    (browser, told["second_factor"]["ticket"].as_str().expect("a ticket").to_owned())
}

#[actix_rt::test]
async fn after_the_password_a_code_is_asked_for_and_each_is_taken_once() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let (client, pool) = (world.app.client(), world.app.pool());
    let browser = Browser::signed_in(client, &world.boris.email, PASSWORD).await;
    let before = browser.cookie();
    put(&browser, "/v4/account/totp", json!({ "code": "000000" })).await.refused(401, "invalid_credentials");
    let secret = with_totp(pool, &browser).await;
    assert_ne!(browser.cookie(), before);
    assert_eq!(browser.get("/v4/session").await.ok()["session"]["second_factor"], "totp");

    let (browser, first) = ticket(client, &world.boris.email).await;
    let show = |ticket: &str, code: &str| json!({ "ticket": ticket, "code": code });
    browser.post("/v4/sessions/second_factor", show(&first, "000000")).await.refused(401, "invalid_credentials");
    let now = code(pool, &secret).await;
    browser.post("/v4/sessions/second_factor", show("guess", &now)).await.refused(401, "invalid_ticket");
    let told = browser.post("/v4/sessions/second_factor", show(&first, &now)).await.ok();
    assert_eq!((&told["session"]["began_with"], &told["session"]["second_factor"]), (&json!("password"), &json!("totp")));
    assert_eq!(browser.get("/v4/profile").await.ok()["person_id"], world.boris.id);
    // Neither the code nor the ticket is good again.
    let (other, second) = ticket(client, &world.boris.email).await;
    other.post("/v4/sessions/second_factor", show(&second, &now)).await.refused(401, "invalid_credentials");
    later(pool).await;
    let now = code(pool, &secret).await;
    other.post("/v4/sessions/second_factor", show(&first, &now)).await.refused(401, "invalid_ticket");
    // A new password voids what the old one began.
    let changed = json!({ "current_password": PASSWORD, "password": "another horse battery" });
    put(&browser, "/v4/profile/password", changed).await.ok();
    assert_eq!(browser.get("/v4/session").await.ok()["session"]["second_factor"], "totp", "the factor is not forgotten over it");
    other.post("/v4/sessions/second_factor", show(&second, &now)).await.refused(401, "invalid_credentials");
    world.done().await;
}

#[actix_rt::test]
async fn programs_of_who_has_a_second_factor_sign_in_by_key_and_not_by_password() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let client = world.app.client();
    let auth = async |password: &str| client.nobody().post("/v4/auth", json!({ "login": world.boris.email, "password": password })).await;
    auth(PASSWORD).await.ok();
    let browser = Browser::signed_in(client, &world.boris.email, PASSWORD).await;
    with_totp(world.app.pool(), &browser).await;
    auth(PASSWORD).await.refused(403, "second_factor_required");
    auth("wrong password").await.refused(401, "invalid_credentials");
    let token = client.sign_in(&world.boris.email, &world.boris.key).await;
    // Which is for one person, and opens nothing of the account.
    token.get("/v4/account").await.refused(403, "session_required");
    token.ask(Method::DELETE, "/v4/account/totp", &[], None).await.refused(403, "session_required");
    delete(&browser, "/v4/account/totp").await.ok();
    delete(&browser, "/v4/account/totp").await.refused(400, "invalid_input");
    auth(PASSWORD).await.ok();
    Browser::signed_in(client, &world.boris.email, PASSWORD).await;
    world.done().await;
}

#[actix_rt::test]
async fn a_recovery_code_stands_in_once_also_where_two_show_it_at_once() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let (client, pool) = (world.app.client(), world.app.pool());
    let browser = Browser::signed_in(client, &world.boris.email, PASSWORD).await;
    browser.post("/v4/account/recovery_codes", json!({})).await.refused(400, "invalid_input");
    with_totp(pool, &browser).await;
    let codes = browser.post("/v4/account/recovery_codes", json!({})).await.ok()["recovery_codes"].take();
    assert_eq!((codes.as_array().unwrap().len(), &browser.get("/v4/account").await.ok()["recovery_codes_left"]), (10, &json!(10)));
    let show = |ticket: &str, code: &Value| json!({ "ticket": ticket, "recovery_code": code });
    let ((one, first), (two, second)) = (ticket(client, &world.boris.email).await, ticket(client, &world.boris.email).await);
    let answers = tokio::join!(
        one.post("/v4/sessions/second_factor", show(&first, &codes[0])),
        two.post("/v4/sessions/second_factor", show(&second, &codes[0]))
    );
    let (won, lost) = if answers.0.status == 200 { answers } else { (answers.1, answers.0) };
    assert_eq!(won.ok()["session"]["second_factor"], "recovery_code");
    lost.refused(401, "invalid_credentials");
    let (three, third) = ticket(client, &world.boris.email).await;
    three.post("/v4/sessions/second_factor", show(&third, &codes[0])).await.refused(401, "invalid_credentials");
    assert_eq!(browser.get("/v4/account").await.ok()["recovery_codes_left"], 9);
    // New ones void the old, and with the factor they go.
    browser.post("/v4/account/recovery_codes", json!({})).await.ok();
    three.post("/v4/sessions/second_factor", show(&third, &codes[1])).await.refused(401, "invalid_credentials");
    assert_eq!(delete(&browser, "/v4/account/totp").await.ok()["recovery_codes_left"], 0);
    let types: Vec<String> =
        sqlx::query_scalar("SELECT type FROM event WHERE type LIKE 'account.%factor%' OR type LIKE 'account.reco%' ORDER BY position")
            .fetch_all(pool)
            .await
            .unwrap();
    let expected = [
        "second_factor_added",
        "recovery_codes_made",
        "recovery_code_used",
        "recovery_codes_made",
        "second_factor_removed",
        "recovery_codes_made",
    ];
    assert_eq!(types, expected.map(|event| format!("account.{event}")));
    world.done().await;
}

#[actix_rt::test]
async fn who_guesses_codes_has_to_wait_and_others_need_not() {
    let world = World::with(|settings| settings.identity.guesses_per_login = 2).await;
    with_password(&world.boris).await;
    with_password(&world.clara).await;
    let (client, pool) = (world.app.client(), world.app.pool());
    let mut secrets = Vec::new();
    for person in [&world.boris, &world.clara] {
        secrets.push(with_totp(pool, &Browser::signed_in(client, &person.email, PASSWORD).await).await);
    }
    let (browser, theirs) = ticket(client, &world.boris.email).await;
    for _ in 0..2 {
        let guess = json!({ "ticket": theirs, "code": "000000" });
        browser.post("/v4/sessions/second_factor", guess).await.refused(401, "invalid_credentials");
    }
    // Also with another ticket, and with the right code.
    let (browser, theirs) = ticket(client, &world.boris.email).await;
    let right = json!({ "ticket": theirs, "code": code(pool, &secrets[0]).await });
    browser.post("/v4/sessions/second_factor", right).await.refused(429, "too_many_requests");
    let (browser, hers) = ticket(client, &world.clara.email).await;
    browser.post("/v4/sessions/second_factor", json!({ "ticket": hers, "code": code(pool, &secrets[1]).await })).await.ok();
    world.done().await;
}

#[actix_rt::test]
async fn who_must_have_a_second_factor_can_do_nothing_but_add_one() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let (client, pool) = (world.app.client(), world.app.pool());
    let browser = Browser::signed_in(client, &world.boris.email, PASSWORD).await;
    let demand = async |demanded: bool| {
        let body = json!({ "two_factor_auth": demanded }).to_string().into_bytes();
        world.anna.client.ask(Method::PUT, &format!("/v4/members/{}", world.boris.id), &[], Some(body)).await.ok();
    };
    demand(true).await;
    // Whoever was signed in already, and whoever signs in now.
    let now = Browser::signed_in(client, &world.boris.email, PASSWORD).await;
    for one in [&browser, &now] {
        one.get("/v4/profile").await.refused(403, "second_factor_required");
        one.post("/v4/tasks", json!({ "text": "x" })).await.refused(403, "second_factor_required");
        put(one, "/v4/profile/password", json!({ "current_password": PASSWORD, "password": "x" }))
            .await
            .refused(403, "second_factor_required");
        one.post("/v4/profile/security_key", json!({})).await.refused(403, "second_factor_required");
        one.post("/v4/session/step_up", json!({ "password": PASSWORD })).await.ok();
        one.get("/v4/profile").await.refused(403, "second_factor_required");
        assert_eq!(one.get("/v4/session").await.ok()["session"]["needs_second_factor"], true);
    }
    client
        .nobody()
        .post("/v4/auth", json!({ "login": world.boris.email, "password": PASSWORD }))
        .await
        .refused(403, "second_factor_required");
    let secret = with_totp(pool, &now).await;
    now.get("/v4/profile").await.ok();
    // The other, which began before there was one, shows it as well before it takes it away; the password is not enough.
    browser.get("/v4/profile").await.refused(403, "second_factor_required");
    browser.post("/v4/account/totp", json!({})).await.refused(403, "second_factor_required");
    put(&browser, "/v4/account/totp", json!({ "code": "000000" })).await.refused(403, "second_factor_required");
    browser.post("/v4/session/step_up", json!({ "password": PASSWORD })).await.refused(403, "second_factor_required");
    demand(false).await;
    delete(&browser, "/v4/account/totp").await.refused(403, "second_factor_required");
    browser.post("/v4/account/recovery_codes", json!({})).await.refused(403, "second_factor_required");
    browser.post("/v4/account/passkeys", json!({})).await.refused(403, "second_factor_required");
    demand(true).await;
    browser.post("/v4/session/step_up", json!({ "code": code(pool, &secret).await })).await.ok();
    browser.get("/v4/profile").await.ok();
    // Who gives up the last one is where they began.
    delete(&now, "/v4/account/totp").await.ok();
    now.get("/v4/profile").await.refused(403, "second_factor_required");
    demand(false).await;
    now.get("/v4/profile").await.ok();
    world.done().await;
}

#[actix_rt::test]
async fn what_is_dangerous_wants_a_proof_of_a_moment_ago() {
    let world = World::new().await;
    with_password(&world.anna).await;
    let (client, pool) = (world.app.client(), world.app.pool());
    let browser = Browser::signed_in(client, &world.anna.email, PASSWORD).await;
    long_ago(pool).await;
    let member = format!("/v4/members/{}", world.boris.id);
    let key = format!("{member}/security_key");
    for (method, path, body) in [
        (Method::PUT, "/v4/profile/password", json!({ "current_password": PASSWORD, "password": "another horse battery" })),
        (Method::POST, "/v4/profile/security_key", json!({})),
        (Method::DELETE, "/v4/profile/security_key", json!({})),
        (Method::POST, &key, json!({})),
        (Method::DELETE, &key, json!({})),
        (Method::DELETE, &member, json!({})),
        (Method::PUT, &member, json!({ "rights": 0xfff })),
        (Method::PUT, &member, json!({ "banned": true })),
        (Method::PUT, &member, json!({ "two_factor_auth": false })),
        (Method::POST, "/v4/members", json!({ "email": "x@example.com", "first_name": "X", "rights": 1 })),
        (Method::POST, "/v4/invitations", json!({ "email": "x@example.com", "rights": 1 })),
        (Method::POST, "/v4/members/bulk", json!({})),
        (Method::DELETE, "/v4/sessions", json!({})),
        (Method::POST, "/v4/account/totp", json!({})),
        (Method::PUT, "/v4/account/totp", json!({ "code": "000000" })),
        (Method::DELETE, "/v4/account/totp", json!({})),
        (Method::POST, "/v4/account/recovery_codes", json!({})),
    ] {
        browser.with(method.clone(), path, &body).await.refused(403, "step_up_required");
        browser.with(method, &path.replace("/v4", "/api/v4"), &body).await.refused(403, "step_up_required");
    }
    // The rest goes on, and programs are not asked.
    put(&browser, &member, json!({ "position": "Fox" })).await.ok();
    let token = client.sign_in(&world.anna.email, &world.anna.key).await;
    token.ask(Method::PUT, &member, &[], Some(json!({ "rights": 1 }).to_string().into_bytes())).await.ok();
    let before = browser.cookie();
    browser.post("/v4/session/step_up", json!({})).await.refused(400, "required_parameter_missing");
    browser.post("/v4/session/step_up", json!({ "password": "wrong password" })).await.refused(401, "invalid_credentials");
    browser.post("/v4/session/step_up", json!({ "code": "000000" })).await.refused(401, "invalid_credentials");
    assert_eq!(browser.cookie(), before);
    let told = browser.post("/v4/session/step_up", json!({ "password": PASSWORD })).await.ok();
    assert_eq!(told["session"]["began_with"], "step_up");
    put(&browser, &member, json!({ "rights": 3 })).await.ok();
    // Whoever held the cookie of before, or put it there, has nothing.
    let after = browser.cookie();
    assert_ne!(after, before);
    browser.set_cookie(before);
    browser.get("/v4/profile").await.refused(401, "revoked_token");
    browser.post("/v4/session/step_up", json!({ "password": PASSWORD })).await.refused(401, "revoked_token");
    browser.set_cookie(after);
    assert_eq!(browser.get("/v4/sessions").await.ok()["sessions"].as_array().unwrap().len(), 1);
    token.post("/v4/session/step_up", json!({ "password": PASSWORD })).await.refused(403, "session_required");
    world.done().await;
}

#[actix_rt::test]
async fn a_session_lasts_as_long_as_its_person_s_may_and_there_are_no_more_than_that() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let (client, pool) = (world.app.client(), world.app.pool());
    let bound = async |body: Value| {
        world.anna.client.ask(Method::PUT, &format!("/v4/members/{}", world.boris.id), &[], Some(body.to_string().into_bytes())).await.ok();
    };
    let browser = Browser::signed_in(client, &world.boris.email, PASSWORD).await;
    sqlx::query("UPDATE session SET authenticated_at = now() - interval '9 hours'").execute(pool).await.unwrap();
    browser.get("/v4/profile").await.ok();
    bound(json!({ "web_session_settings": { "life_span_hours": 8 } })).await;
    for _ in 0..2 {
        browser.get("/v4/profile").await.refused(401, "expired_token");
    }
    bound(json!({ "web_session_settings": { "drop": true }, "web_session_inactive_settings": { "life_span_hours": 1 } })).await;
    browser.get("/v4/profile").await.ok();
    sqlx::query("UPDATE session SET seen_at = now() - interval '2 hours'").execute(pool).await.unwrap();
    for _ in 0..2 {
        // Asking does not bring it back.
        browser.get("/v4/profile").await.refused(401, "expired_token");
    }
    bound(json!({ "web_session_inactive_settings": { "drop": true }, "web_session_restriction_settings": { "max_count": 1 } })).await;
    let (one, two) =
        (Browser::signed_in(client, &world.boris.email, PASSWORD).await, Browser::signed_in(client, &world.boris.email, PASSWORD).await);
    one.get("/v4/profile").await.refused(401, "revoked_token");
    two.get("/v4/profile").await.ok();
    let why: Vec<String> = sqlx::query_scalar("SELECT payload->>'why' FROM event WHERE type = 'account.session_ended' ORDER BY position")
        .fetch_all(pool)
        .await
        .unwrap();
    assert_eq!(why, ["too_many", "too_many"], "those that were evicted");
    world.done().await;
}

#[actix_rt::test]
async fn an_installation_without_a_key_offers_no_codes() {
    let world = World::with(|settings| settings.identity.key = None).await;
    with_password(&world.boris).await;
    let browser = Browser::signed_in(world.app.client(), &world.boris.email, PASSWORD).await;
    browser.post("/v4/account/totp", json!({})).await.refused(400, "option_is_not_supported");
    world.done().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_of_our_own_has_the_key_beside_it() {
    let installation = Installation::with_own_postgres();
    let serving = installation.serve().await;
    let (client, people) = (installation.client(), installation.people(2).await);
    with_password(&people[1]).await;
    let browser = Browser::signed_in(&client, &people[1].email, PASSWORD).await;
    browser.post("/v4/account/totp", json!({})).await.ok();
    assert!(serving.stop().await.success());
    let key = installation.home.path().join("identity.key");
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&key).expect("the key's file").permissions());
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_and_no_code_is_written_down_however_much_is_logged() {
    let mut installation = Installation::on_test_postgres().await;
    installation.set("NASHI__IDENTITY__KEY", "a key of this test, which is never written");
    installation.set("NASHI__TELEMETRY__FILTER", "trace");
    installation.set("NASHI__TELEMETRY__ACCESS_LOG", "all");
    let serving = installation.serve().await;
    let pool = installation.database.as_ref().expect("a database").pool(1).await;
    let (client, people) = (installation.client(), installation.people(2).await);
    let boris = &people[1];
    let mut secrets = vec![boris.key.clone(), PASSWORD.to_owned(), "a key of this test".to_owned()];
    with_password(boris).await;
    let (browser, answer) = sign_in(&client, &boris.email).await;
    answer.ok();
    secrets.push(browser.cookie().expect("a cookie").replace("nashi=", ""));
    let secret = with_totp(&pool, &browser).await;
    secrets.extend(browser.cookie().map(|cookie| cookie.replace("nashi=", "")));
    let made = browser.post("/v4/account/recovery_codes", json!({})).await.ok();
    secrets.extend(made["recovery_codes"].as_array().expect("codes").iter().filter_map(Value::as_str).map(str::to_owned));
    let (browser, ticket) = ticket(&client, &boris.email).await;
    let now = code(&pool, &secret).await;
    let shown = json!({ "ticket": ticket, "code": now });
    browser.post("/v4/sessions/second_factor", shown).await.ok();
    let shown = json!({ "recovery_code": made["recovery_codes"][0] });
    browser.post("/v4/session/step_up", shown).await.ok();
    secrets.extend([secret, ticket, format!("\"{now}\"")]);
    pool.close().await;
    let log = serving.log.clone();
    assert!(serving.stop().await.success());
    let log = std::fs::read_to_string(log).expect("the log");
    assert!(log.contains("TRACE"), "everything is logged");
    for secret in secrets {
        assert!(!log.contains(&secret), "it is in the log: {secret}");
    }
}
