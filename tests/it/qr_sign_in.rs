//! Signing a browser in by a QR code and somebody's yes, over HTTP. How requests are kept is tested in `gateway::identity::qr`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Browser, Client, World};

use crate::second_factor::{long_ago, with_totp};
use crate::sessions::with_password;

const PASSWORD: &str = "correct horse battery";

/// A browser that asks, its request, and the path of that.
async fn asks(client: &Client) -> (Browser, Value, String) {
    let browser = Browser::new(client);
    let asked = browser.post("/v4/qr_sign_in", json!({})).await.ok();
    let path = format!("/v4/qr_sign_in/{}", asked["request_id"].as_str().expect("an id"));
    (browser, asked, path)
}

async fn takes(browser: &Browser, path: &str, asked: &Value) -> Answer {
    browser.with(Method::PUT, path, json!({ "secret": asked["secret"] })).await
}

const YES: fn() -> Value = || json!({ "approve": true });

#[actix_rt::test]
async fn a_browser_is_let_in_once_by_who_is_signed_in_elsewhere() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let (client, pool) = (world.app.client(), world.app.pool());
    let phone = Browser::signed_in(client, &world.boris.email, PASSWORD).await;
    with_totp(pool, &phone).await;
    let (browser, asked, path) = asks(client).await;
    let text = asked["text"].as_str().unwrap();
    assert!(text.ends_with(asked["request_id"].as_str().unwrap()) && !text.contains(asked["secret"].as_str().unwrap()), "{text}");
    assert_eq!(takes(&browser, &path, &asked).await.ok()["state"], "waiting");
    let seen = phone.get(&path).await.ok();
    assert_eq!((&seen["address"], seen["secret"].is_null()), (&json!("127.0.0.1"), true));
    assert_eq!(phone.post(&path, YES()).await.ok()["approved"], true);
    // Who only saw the code has nothing; nor has who answers again.
    let guess = json!({ "secret": "guess" });
    Browser::new(client).with(Method::PUT, &path, guess).await.refused(401, "invalid_ticket");
    phone.post(&path, json!({ "approve": false })).await.refused(404, "not_found");
    phone.get(&path).await.refused(404, "not_found");
    let told = takes(&browser, &path, &asked).await.ok();
    assert_eq!((&told["state"], &told["session"]["began_with"]), (&json!("signed_in"), &json!("qr")));
    assert_eq!(told["session"]["second_factor"], "totp", "as far as the phone's human has proved");
    assert_eq!(browser.get("/v4/profile").await.ok()["person_id"], world.boris.id);
    takes(&Browser::new(client), &path, &asked).await.refused(401, "invalid_ticket");
    // What the phone proved long ago is not proved anew by it.
    long_ago(pool).await;
    browser.post("/v4/account/recovery_codes", json!({})).await.refused(403, "step_up_required");
    let events: Vec<(String, Value)> = sqlx::query_as(
        "SELECT type, payload::jsonb FROM event WHERE type IN ('account.qr_sign_in_answered', 'account.session_started') ORDER BY position DESC LIMIT 2",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    assert_eq!((events[0].1["by"].as_str(), &events[1].1["approved"]), (Some("qr"), &json!(true)), "{events:?}");
    world.done().await;
}

#[actix_rt::test]
async fn a_refusal_is_told_and_too_late_is_too_late() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let (client, pool) = (world.app.client(), world.app.pool());
    let phone = Browser::signed_in(client, &world.boris.email, PASSWORD).await;
    let (browser, asked, path) = asks(client).await;
    phone.post(&path, json!({})).await.refused(400, "required_parameter_missing");
    phone.post(&path, json!({ "approve": false })).await.ok();
    phone.post(&path, YES()).await.refused(404, "not_found");
    assert_eq!(takes(&browser, &path, &asked).await.ok()["state"], "refused");
    takes(&browser, &path, &asked).await.refused(401, "invalid_ticket");
    assert_eq!(browser.cookie(), None);
    let ((late, asked, path), (unseen, other, unseen_path)) = (asks(client).await, asks(client).await);
    phone.post(&path, YES()).await.ok();
    sqlx::query("UPDATE qr_sign_in SET expires_at = now()").execute(pool).await.unwrap();
    takes(&late, &path, &asked).await.refused(401, "invalid_ticket");
    takes(&unseen, &unseen_path, &other).await.refused(401, "invalid_ticket");
    phone.get(&unseen_path).await.refused(404, "not_found");
    phone.post(&unseen_path, YES()).await.refused(404, "not_found");
    phone.get("/v4/qr_sign_in/nonsense").await.refused(404, "not_found");
    world.done().await;
}

#[actix_rt::test]
async fn only_who_has_proved_enough_lets_others_in_and_what_voids_them_voids_it() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let (client, pool) = (world.app.client(), world.app.pool());
    let phone = Browser::signed_in(client, &world.boris.email, PASSWORD).await;
    let (browser, asked, path) = asks(client).await;
    // A token is for programs.
    world.boris.client.get(&path).await.refused(401, "revoked_token");
    let token = client.sign_in(&world.boris.email, &world.boris.key).await;
    token.get(&path).await.refused(403, "session_required");
    token.post(&path, YES()).await.refused(403, "session_required");
    long_ago(pool).await;
    phone.post(&path, YES()).await.refused(403, "step_up_required");
    phone.post("/v4/session/step_up", json!({ "password": PASSWORD })).await.ok();
    let demand = async |demanded: bool| {
        let body = json!({ "two_factor_auth": demanded }).to_string().into_bytes();
        world.anna.client.ask(Method::PUT, &format!("/v4/members/{}", world.boris.id), &[], Some(body)).await.ok();
    };
    demand(true).await;
    phone.get(&path).await.refused(403, "second_factor_required");
    phone.post(&path, YES()).await.refused(403, "second_factor_required");
    demand(false).await;
    phone.post(&path, YES()).await.ok();
    // Signed out before it was taken up.
    phone.with(Method::DELETE, "/v4/session", json!({})).await.ok();
    takes(&browser, &path, &asked).await.refused(401, "invalid_ticket");
    // Demanded after it was approved: let in as far as the phone was.
    let phone = Browser::signed_in(client, &world.boris.email, PASSWORD).await;
    let (browser, asked, path) = asks(client).await;
    phone.post(&path, YES()).await.ok();
    demand(true).await;
    assert_eq!(takes(&browser, &path, &asked).await.ok()["session"]["needs_second_factor"], true);
    browser.get("/v4/profile").await.refused(403, "second_factor_required");
    world.done().await;
}
