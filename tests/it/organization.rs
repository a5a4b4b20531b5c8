//! An organisation's settings, over HTTP. The rules are tested in `domain/src/organisation/`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, World};

async fn put(client: &Client, body: &Value) -> Answer {
    client.ask(Method::PUT, "/v4/organization", &[], Some(body.to_string().into_bytes())).await
}

#[actix_rt::test]
async fn what_is_given_changes_and_everybody_is_shown_it() {
    let world = World::new().await;
    let (admin, boris) = (&world.anna.client, &world.boris.client);
    let before = boris.get("/v4/organization").await.ok();
    let changed = put(admin, &json!({"name": "Renamed & Co", "time_zone": "Asia/Almaty"})).await.ok();
    assert_eq!((&changed["name"], &changed["time_zone"]), (&json!("Renamed & Co"), &json!("Asia/Almaty")));
    assert_eq!((&changed["locale"], &changed["organization_id"]), (&before["locale"], &before["organization_id"]));
    assert_eq!(admin.get("/v4/organization").await.ok(), changed);
    assert_eq!(admin.get("/v4/profile").await.ok()["organization"]["name"], "Renamed & Co");

    put(boris, &json!({"name": "Mine"})).await.refused(403, "access_denied");
    for (wrong, code) in [
        (json!({"name": " "}), "required_parameter_missing"),
        (json!({"name": "x".repeat(201)}), "value_is_too_long"),
        (json!({"name": 5}), "invalid_value_format"),
        (json!({"time_zone": "Mars/Olympus"}), "invalid_input"),
        (json!({"locale": "English"}), "invalid_input"),
    ] {
        put(admin, &wrong).await.refused(400, code);
    }
    assert_eq!(admin.get("/v4/organization").await.ok(), changed, "what was refused changed nothing");
    world.done().await;
}
