//! Passkeys, made and shown by a real Chromium with a virtual authenticator. How keys are kept is told in `gateway::identity::passkeys`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Browser, Chromium, World};

use crate::second_factor::{long_ago, with_totp};
use crate::sessions::with_password;

const PASSWORD: &str = "correct horse battery";

/// What a page of ours would do, in short.
const PAGE: &str = r#"
    const ask = async (method, path, body) => {
        const answer = await fetch(path, { method, headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) });
        return { status: answer.status, body: await answer.json() };
    };
    const make = async (name) => {
        const challenge = (await ask("POST", "/v4/account/passkeys", {})).body;
        const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(challenge.options.publicKey);
        const credential = (await navigator.credentials.create({ publicKey })).toJSON();
        return { ticket: challenge.ticket, credential, name };
    };
    const show = async (mediation) => {
        const challenge = (await ask("POST", "/v4/sessions/passkey", {})).body;
        const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(challenge.options.publicKey);
        const credential = (await navigator.credentials.get({ publicKey, mediation })).toJSON();
        return { ticket: challenge.ticket, credential };
    };
    const failed = (promise) => promise.then(() => "nothing", (error) => error.name);
"#;

/// A page of the server's own, in a browser with an authenticator.
struct Page {
    chromium: Chromium,
    authenticator: String,
}

impl Page {
    async fn open(world: &World) -> Self {
        let mut chromium = Chromium::start().await;
        let authenticator = chromium.with_authenticator().await;
        // Browsers make no passkeys for addresses of numbers.
        chromium.open(&world.app.client().base().replace("127.0.0.1", "localhost")).await;
        chromium.evaluate(PAGE).await;
        Self { chromium, authenticator }
    }

    async fn run(&mut self, expression: &str) -> Value {
        self.chromium.evaluate(expression).await
    }

    async fn ask(&mut self, method: &str, path: &str, body: &Value) -> (u64, Value) {
        let mut answer = self.run(&format!("ask({}, {}, {body})", json!(method), json!(path))).await;
        (answer["status"].as_u64().expect("a status"), answer["body"].take())
    }

    #[track_caller]
    fn ok((status, body): (u64, Value)) -> Value {
        assert_eq!(status, 200, "{body}");
        body
    }

    #[track_caller]
    fn refused((status, body): (u64, Value), expected: u64, code: &str) {
        assert_eq!((status, &body["error_code"]), (expected, &json!(code)), "{body}");
    }

    /// Signs in by password and makes a passkey.
    async fn with_passkey(&mut self, login: &str) -> Value {
        Self::ok(self.ask("POST", "/v4/sessions", &json!({ "login": login, "password": PASSWORD })).await);
        let made = self.run("make('Laptop')").await;
        Self::ok(self.ask("PUT", "/v4/account/passkeys", &made).await)
    }
}

#[actix_rt::test]
async fn a_passkey_signs_in_alone_and_is_a_second_factor_and_a_proof() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let mut page = Page::open(&world).await;
    let told = page.with_passkey(&world.boris.email).await;
    assert_eq!((told["passkeys"].as_array().unwrap().len(), &told["passkeys"][0]["name"]), (1, &json!("Laptop")));
    let session = Page::ok(page.ask("GET", "/v4/session", &Value::Null).await);
    assert_eq!(session["session"]["second_factor"], "passkey");
    // The device makes no second one for the same account.
    assert_eq!(page.run("failed(make('Again'))").await, "InvalidStateError");

    Page::ok(page.ask("DELETE", "/v4/session", &json!({})).await);
    let shown = page.run("show()").await;
    let told = Page::ok(page.ask("PUT", "/v4/sessions/passkey", &shown).await);
    assert_eq!((&told["session"]["began_with"], &told["session"]["person_id"]), (&json!("passkey"), &json!(world.boris.id)));
    // A challenge is answered once, and an answer is to its challenge alone.
    Page::refused(page.ask("PUT", "/v4/sessions/passkey", &shown).await, 401, "invalid_ticket");
    let fresh = page.run("ask('POST', '/v4/sessions/passkey', {})").await["body"]["ticket"].take();
    let replayed = json!({ "ticket": fresh, "credential": shown["credential"] });
    Page::refused(page.ask("PUT", "/v4/sessions/passkey", &replayed).await, 401, "invalid_credentials");

    // Who has one is asked for it after the password.
    let first = Page::ok(page.ask("POST", "/v4/sessions", &json!({ "login": world.boris.email, "password": PASSWORD })).await);
    assert_eq!(first["second_factor"]["ways"], json!(["passkey"]));
    let second = json!({ "ticket": first["second_factor"]["ticket"], "passkey": page.run("show()").await });
    let told = Page::ok(page.ask("POST", "/v4/sessions/second_factor", &second).await);
    assert_eq!(told["session"]["second_factor"], "passkey");

    long_ago(world.app.pool()).await;
    let account = Page::ok(page.ask("GET", "/v4/account", &Value::Null).await);
    let path = format!("/v4/account/passkeys/{}", account["passkeys"][0]["passkey_id"].as_str().unwrap());
    Page::refused(page.ask("DELETE", &path, &json!({})).await, 403, "step_up_required");
    let proof = json!({ "passkey": page.run("show()").await });
    Page::ok(page.ask("POST", "/v4/session/step_up", &proof).await);
    let renamed = Page::ok(page.ask("PUT", &path, &json!({ "name": "Old laptop" })).await);
    assert_eq!(renamed["passkeys"][0]["name"], "Old laptop");
    assert!(renamed["passkeys"][0]["last_used"].is_string());
    assert_eq!(Page::ok(page.ask("DELETE", &path, &json!({})).await)["passkeys"], json!([]));
    Page::refused(page.ask("DELETE", &path, &json!({})).await, 400, "invalid_input");
    let shown = page.run("show()").await;
    Page::refused(page.ask("PUT", "/v4/sessions/passkey", &shown).await, 401, "invalid_credentials");
    Browser::signed_in(world.app.client(), &world.boris.email, PASSWORD).await;
    let types: Vec<String> = sqlx::query_scalar("SELECT type FROM event WHERE type LIKE 'account.passkey%' ORDER BY position")
        .fetch_all(world.app.pool())
        .await
        .unwrap();
    assert_eq!(types, ["account.passkey_added", "account.passkey_renamed", "account.passkey_removed"]);
    page.chromium.close().await;
    world.done().await;
}

#[actix_rt::test]
async fn a_passkey_is_offered_beside_the_field_and_signs_in_whoever_it_is_of() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let mut page = Page::open(&world).await;
    page.with_passkey(&world.boris.email).await;
    Page::ok(page.ask("DELETE", "/v4/session", &json!({})).await);
    assert_eq!(page.run("PublicKeyCredential.isConditionalMediationAvailable()").await, true);
    let shown = page.run("show('conditional')").await;
    let told = Page::ok(page.ask("PUT", "/v4/sessions/passkey", &shown).await);
    assert_eq!(told["session"]["person_id"], world.boris.id);
    // Nobody signs in as somebody else with it, nor shows it for them.
    let mut shown = page.run("show()").await;
    shown["person_id"] = world.anna.id.into();
    Page::refused(page.ask("PUT", "/v4/sessions/passkey", &shown).await, 403, "access_denied_person");
    with_password(&world.clara).await;
    with_totp(world.app.pool(), &Browser::signed_in(world.app.client(), &world.clara.email, PASSWORD).await).await;
    let first = Page::ok(page.ask("POST", "/v4/sessions", &json!({ "login": world.clara.email, "password": PASSWORD })).await);
    let second = json!({ "ticket": first["second_factor"]["ticket"], "passkey": page.run("show()").await });
    Page::refused(page.ask("POST", "/v4/sessions/second_factor", &second).await, 401, "invalid_credentials");
    // Blocked is blocked.
    let blocked = format!("/v4/members/{}", world.boris.id);
    world.anna.client.ask(Method::DELETE, &blocked, &[], Some(b"{}".to_vec())).await.ok();
    let shown = page.run("show()").await;
    Page::refused(page.ask("PUT", "/v4/sessions/passkey", &shown).await, 401, "account_blocked");
    page.chromium.close().await;
    world.done().await;
}

#[actix_rt::test]
async fn a_passkey_that_asks_nobody_or_was_copied_lets_nobody_in() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let (mut page, pool) = (Page::open(&world).await, world.app.pool());
    page.with_passkey(&world.boris.email).await;
    let counter = async || -> i64 {
        sqlx::query_scalar("SELECT (passkey->'cred'->>'counter')::bigint FROM passkey").fetch_one(pool).await.expect("one passkey")
    };
    let before = counter().await;
    let shown = page.run("show()").await;
    Page::ok(page.ask("PUT", "/v4/sessions/passkey", &shown).await);
    assert!(counter().await > before);
    // Its copy has been used meanwhile.
    sqlx::query("UPDATE passkey SET passkey = jsonb_set(passkey::jsonb, '{cred,counter}', '1000')").execute(pool).await.unwrap();
    let shown = page.run("show()").await;
    Page::refused(page.ask("PUT", "/v4/sessions/passkey", &shown).await, 401, "invalid_credentials");
    // One that cannot be unlocked is not even asked.
    let locked = json!({ "authenticatorId": page.authenticator, "isUserVerified": false });
    page.chromium.order("WebAuthn.setUserVerified", locked).await;
    assert_eq!(page.run("failed(show())").await, "NotAllowedError");
    page.chromium.close().await;
    world.done().await;
}

#[actix_rt::test]
async fn challenges_are_for_who_asked_and_nonsense_is_refused() {
    let world = World::new().await;
    with_password(&world.boris).await;
    with_password(&world.clara).await;
    let client = world.app.client();
    let (boris, clara) =
        (Browser::signed_in(client, &world.boris.email, PASSWORD).await, Browser::signed_in(client, &world.clara.email, PASSWORD).await);
    let challenge = async |browser: &Browser| browser.post("/v4/account/passkeys", json!({})).await.ok();
    let keep = async |browser: &Browser, ticket: &Value, credential: Value| {
        let body = json!({ "ticket": ticket, "credential": credential, "name": "Phone" });
        browser.with(Method::PUT, "/v4/account/passkeys", body).await
    };
    let asked = challenge(&boris).await;
    let selection = &asked["options"]["publicKey"]["authenticatorSelection"];
    assert_eq!((&selection["residentKey"], &selection["userVerification"]), (&json!("required"), &json!("required")));
    keep(&clara, &asked["ticket"], json!({})).await.refused(401, "invalid_ticket");
    let asked = challenge(&boris).await;
    keep(&boris, &asked["ticket"], json!({ "id": "x" })).await.refused(400, "invalid_value_format");
    keep(&boris, &asked["ticket"], json!({ "id": "x" })).await.refused(401, "invalid_ticket");
    let sign_in = client.nobody().post("/v4/sessions/passkey", json!({})).await.ok();
    // One challenge is not another.
    keep(&boris, &sign_in["ticket"], json!({})).await.refused(401, "invalid_ticket");
    let answer = json!({ "ticket": sign_in["ticket"], "credential": "x" }).to_string().into_bytes();
    client.nobody().ask(Method::PUT, "/v4/sessions/passkey", &[], Some(answer)).await.refused(400, "invalid_value_format");
    assert_eq!(boris.get("/v4/account").await.ok()["passkeys"], json!([]));
    world.done().await;
}

#[actix_rt::test]
async fn an_installation_whose_address_is_of_numbers_makes_no_passkeys() {
    let world = World::with(|settings| settings.http.public_url = Some("http://127.0.0.1".parse().expect("an address"))).await;
    world.app.client().nobody().post("/v4/sessions/passkey", json!({})).await.refused(400, "option_is_not_supported");
    world.done().await;
}
