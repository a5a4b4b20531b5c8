//! `Nashi-Person`: who asks as somebody whom they are not signed in as is refused, and nothing is done. Two tabs of two people share one
//! browser's cookie; what the first one left is not sent as the second.

use reqwest::Method;
use serde_json::json;
use tests::{Browser, Events, World};

use crate::sessions::with_password;

const PASSWORD: &str = "correct horse battery";

#[actix_rt::test]
async fn what_was_left_by_one_person_is_not_done_as_the_next() {
    let world = World::new().await;
    with_password(&world.boris).await;
    with_password(&world.clara).await;
    let browser = Browser::signed_in(world.app.client(), &world.boris.email, PASSWORD).await;
    let (boris, clara) = (world.boris.id.to_string(), world.clara.id.to_string());
    let create = async |key: &str, person: &str| {
        let headers = [("Nashi-Person", person), ("Nashi-Request", "1"), ("Idempotency-Key", key)];
        browser.ask(Method::POST, "/v4/tasks", &headers, Some(json!({ "text": "Left in a tab" }).to_string().into_bytes())).await
    };
    create("one", &boris).await.ok();
    // Clara signs in with the same browser, and Boris's tab goes on.
    browser.post("/v4/sessions", json!({ "login": world.clara.email, "password": PASSWORD })).await.ok();
    let head = world.app.head().await;
    create("two", &boris).await.refused(409, "other_person");
    assert_eq!(world.app.head().await, head, "something was written");
    browser.ask(Method::GET, "/v4/inbox", &[("Nashi-Person", &boris)], None).await.refused(409, "other_person");
    browser
        .ask(Method::DELETE, "/v4/session", &[("Nashi-Person", &boris), ("Nashi-Request", "1")], None)
        .await
        .refused(409, "other_person");
    // Her own go through, and so does whoever says nothing.
    create("three", &clara).await.ok();
    browser.ask(Method::GET, "/v4/inbox", &[("Nashi-Person", &clara)], None).await.ok();
    // Whoever says nothing is told who they are, and a stranger nothing.
    let silent = browser.get("/v4/inbox").await;
    silent.ok();
    assert_eq!(silent.header("nashi-person"), clara);
    assert_eq!(world.app.client().get("/v4/inbox").await.find_header("nashi-person"), None);
    for wrong in ["", "me", "1x", "99999999999999999999"] {
        browser.ask(Method::GET, "/v4/inbox", &[("Nashi-Person", wrong)], None).await.refused(400, "invalid_value_format");
    }
    let russian = browser.ask(Method::GET, "/v4/inbox", &[("Nashi-Person", &boris), ("Accept-Language", "ru")], None).await;
    assert_eq!(russian.json()["error_code"], "other_person");
    world.done().await;
}

#[actix_rt::test]
async fn a_token_and_a_stream_of_somebody_else_are_refused_too() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let (own, other) = (world.boris.id.to_string(), world.clara.id.to_string());
    boris.ask(Method::GET, "/v4/profile", &[("Nashi-Person", &other)], None).await.refused(409, "other_person");
    boris.ask(Method::GET, "/v4/profile", &[("Nashi-Person", &own)], None).await.ok();
    boris.get(&format!("/v4/live?person={other}")).await.refused(409, "other_person");
    boris.get("/v4/live?person=me").await.refused(400, "invalid_value_format");
    let ticket = boris.post("/v4/live/ticket", json!({})).await.ok()["ticket"].as_str().expect("a ticket").to_owned();
    world.app.client().get(&format!("/v4/live?ticket={ticket}&person={other}")).await.refused(409, "other_person");
    let (_, hello) = Events::open(boris, &format!("?person={own}"), None).await;
    assert_eq!(hello.name, "hello");
    world.done().await;
}
