//! Signing in and staying signed in, over HTTP. How secrets are kept is tested in `gateway::identity`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Person, World};

async fn sign_in(client: &Client, body: Value) -> tests::Answer {
    client.nobody().post("/v4/auth", &body).await
}

#[actix_rt::test]
async fn a_key_gives_a_token_and_the_addresses_that_clients_need() {
    let world = World::new().await;
    let answer = sign_in(&world.anna.client, json!({ "login": world.anna.email, "security_key": world.anna.key })).await.ok();
    assert!(answer["access_token"].as_str().is_some_and(|token| token.len() >= 32));
    let base = world.app.client().base().to_owned();
    assert_eq!(answer["api_url"], format!("{base}/api/v4/"));
    assert_eq!(answer["files_url"], format!("{base}/"));
    let again = sign_in(&world.anna.client, json!({ "login": world.anna.email.to_uppercase(), "security_key": world.anna.key })).await.ok();
    assert_ne!(answer["access_token"], again["access_token"]);
    world.done().await;
}

#[actix_rt::test]
async fn a_wrong_key_and_an_unknown_login_are_refused_alike() {
    let world = World::new().await;
    let mut refusals = Vec::new();
    for (login, key) in [
        (world.anna.email.as_str(), "wrong"),
        ("nobody@example.com", "wrong"),
        (world.anna.email.as_str(), world.boris.key.as_str()),
        (world.anna.email.as_str(), ""),
    ] {
        let answer = sign_in(&world.anna.client, json!({ "login": login, "security_key": key })).await;
        answer.refused(401, "invalid_credentials");
        refusals.push(answer.json());
    }
    assert!(refusals.windows(2).all(|pair| pair[0] == pair[1]), "{refusals:?}");
    world.done().await;
}

#[actix_rt::test]
async fn a_token_is_refused_by_what_is_wrong_with_it() {
    let world = World::new().await;
    let boris = &world.boris;
    let good = boris.client.token().unwrap_or_default().to_owned();
    let ask = async |header: &str| boris.client.nobody().ask(Method::GET, "/v4/profile", &[("Authorization", header)], None).await;
    ask(&format!("Bearer {good}")).await.ok();
    ask(&format!("bearer {good}")).await.ok();
    for absent in ["", "Bearer", "Bearer ", "Basic Ym9yaXM6eA=="] {
        assert_eq!(ask(absent).await.status, 401, "{absent:?}");
    }
    let mut forged = good.clone();
    forged.replace_range(forged.len() - 1.., if forged.ends_with('A') { "B" } else { "A" });
    for forged in [forged.as_str(), "x", "null", &"A".repeat(10_000), &good[..good.len() - 1], &format!("{good}{good}")] {
        ask(&format!("Bearer {forged}")).await.refused(401, "invalid_token");
    }
    let fresh = boris.client.sign_in(&boris.email, &boris.key).await;
    world.app.expire_tokens().await;
    fresh.get("/v4/profile").await.refused(401, "expired_token");
    world.done().await;
}

#[actix_rt::test]
async fn a_key_that_is_reset_takes_its_tokens_with_it() {
    let world = World::new().await;
    let boris = &world.boris;
    boris.client.get("/v4/profile").await.ok();
    let new = Person::issue_key(&world.anna.client, boris.id).await;
    boris.client.get("/v4/profile").await.refused(401, "revoked_token");
    sign_in(&boris.client, json!({ "login": boris.email, "security_key": boris.key })).await.refused(401, "invalid_credentials");
    let again = boris.client.sign_in(&boris.email, &new).await;
    again.get("/v4/profile").await.ok();
    // Others are not touched.
    world.clara.client.get("/v4/profile").await.ok();
    let path = format!("/v4/members/{}/security_key", boris.id);
    world.anna.client.ask(Method::DELETE, &path, &[], None).await.ok();
    again.get("/v4/profile").await.refused(401, "revoked_token");
    sign_in(&boris.client, json!({ "login": boris.email, "security_key": new })).await.refused(401, "invalid_credentials");
    world.done().await;
}

#[actix_rt::test]
async fn a_blocked_person_is_out_until_restored() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris);
    let path = format!("/v4/members/{}", boris.id);
    anna.ask(Method::DELETE, &path, &[], Some(b"{}".to_vec())).await.ok();
    boris.client.get("/v4/profile").await.refused(401, "account_blocked");
    sign_in(anna, json!({ "login": boris.email, "security_key": boris.key })).await.refused(401, "account_blocked");
    // Who does not have the key learns nothing about the account.
    sign_in(anna, json!({ "login": boris.email, "security_key": "wrong" })).await.refused(401, "invalid_credentials");
    anna.ask(Method::PUT, &path, &[], Some(json!({ "banned": false }).to_string().into_bytes())).await.ok();
    boris.client.sign_in(&boris.email, &boris.key).await.get("/v4/profile").await.ok();
    world.done().await;
}

#[actix_rt::test]
async fn one_address_in_two_organisations_is_told_apart_by_the_person() {
    let world = World::new().await;
    // The administrator elsewhere gets a colleague with Anna's address.
    let twin = world.elsewhere.client.post("/v4/members", json!({ "first_name": "Anna", "last_name": "Too", "email": world.anna.email }));
    let twin = tests::id(&twin.await.ok());
    let mine = json!({ "login": world.anna.email, "security_key": world.anna.key });
    let with_person = |person: Value| {
        let mut body = mine.clone();
        body["person_id"] = person;
        body
    };
    sign_in(&world.anna.client, with_person(json!(world.anna.id))).await.ok();
    sign_in(&world.anna.client, with_person(json!(world.anna.id.to_string()))).await.ok();
    sign_in(&world.anna.client, with_person(json!(twin))).await.refused(401, "invalid_credentials");
    sign_in(&world.anna.client, with_person(json!(999_999_999))).await.refused(401, "invalid_credentials");
    world.done().await;
}

#[actix_rt::test]
async fn the_newest_tokens_stay_and_the_oldest_goes() {
    let world = World::with(|settings| settings.identity.tokens_per_person = 2).await;
    let boris = &world.boris;
    // The first token is the one that the world was made with.
    let second = boris.client.sign_in(&boris.email, &boris.key).await;
    let third = boris.client.sign_in(&boris.email, &boris.key).await;
    assert_eq!(boris.client.get("/v4/profile").await.status, 401);
    second.get("/v4/profile").await.ok();
    third.get("/v4/profile").await.ok();
    world.done().await;
}

#[actix_rt::test]
async fn who_guesses_keys_has_to_wait() {
    let world = World::with(|settings| settings.identity.guesses_per_login = 3).await;
    let guess = json!({ "login": world.boris.email, "security_key": "a guess" });
    for _ in 0..3 {
        sign_in(&world.anna.client, guess.clone()).await.refused(401, "invalid_credentials");
    }
    let answer = sign_in(&world.anna.client, guess).await;
    answer.refused(429, "too_many_requests");
    assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
    sign_in(&world.anna.client, json!({ "login": world.clara.email, "security_key": world.clara.key })).await.ok();
    world.done().await;
}
