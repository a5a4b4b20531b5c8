//! Announcements over HTTP: wiring, mapping and who is let in. The rules are tested in `domain`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, World, id};

async fn announce(client: &Client, body: Value) -> Value {
    client.post("/v4/announcements", body).await.ok()["announcement"].take()
}

async fn put(client: &Client, path: &str, body: Value) -> tests::Answer {
    client.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await
}

async fn delete(client: &Client, path: &str) -> tests::Answer {
    client.ask(Method::DELETE, path, &[], None).await
}

fn ids(list: &Value) -> Vec<i64> {
    list["announcements"].as_array().map_or_else(Vec::new, |all| all.iter().map(id).collect())
}

#[actix_rt::test]
async fn what_is_announced_is_read_and_talked_about_by_all() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let tea = announce(anna, json!({ "formatted_text": "<b onclick=x>Tea</b> at four<script>x</script>" })).await;
    assert_eq!((&tea["text"], &tea["formatted_text"]), (&json!("Tea at four"), &json!("<b>Tea</b> at four")));
    assert_eq!((id(&tea["author"]), tea.get("comments"), tea.get("closed")), (world.anna.id, None, None));
    let (path, cake) = (format!("/v4/announcements/{}", id(&tea)), announce(boris, json!({ "text": "Cake" })).await);
    assert_eq!(ids(&boris.get("/v4/announcements").await.ok()), [id(&cake), id(&tea)], "newest first, and at once");
    assert_eq!(ids(&boris.get("/api/v4/announcements/?item_count=1").await.ok()), [id(&cake)]);

    let said = boris.post(&format!("{path}/comments"), json!({ "text": "Thanks" })).await.ok()["announcement"].take();
    let comment = id(&said["comments"][0]);
    assert_eq!((&said["comments"][0]["text"], id(&said["comments"][0]["author"])), (&json!("Thanks"), world.boris.id));
    let comment_path = format!("{path}/comments/{comment}");
    put(anna, &comment_path, json!({ "text": "No thanks" })).await.refused(403, "access_denied");
    let corrected = put(boris, &comment_path, json!({ "text": "Thank you" })).await.ok();
    assert_eq!(corrected["announcement"]["comments"][0]["text"], "Thank you");
    delete(&world.clara.client, &comment_path).await.refused(403, "access_denied");
    assert_eq!(delete(boris, &comment_path).await.ok()["announcement"].get("comments"), None);
    delete(boris, &comment_path).await.refused(400, "invalid_input");

    put(boris, &path, json!({ "text": "No tea" })).await.refused(403, "access_denied");
    let closed = put(anna, &path, json!({ "text": "Tea at five", "closed": true })).await.ok()["announcement"].take();
    assert_eq!((&closed["text"], &closed["closed"], closed.get("formatted_text")), (&json!("Tea at five"), &json!(true), None));
    boris.post(&format!("{path}/comments"), json!({ "text": "Late" })).await.refused(409, "conflict");
    assert_eq!(delete(anna, &path).await.ok(), json!({ "deleted": true }));
    anna.get(&path).await.refused(403, "access_denied");
    assert_eq!(ids(&anna.get("/v4/announcements").await.ok()), [id(&cake)]);
    world.done().await;
}

#[actix_rt::test]
async fn strangers_other_organisations_and_those_without_the_right_are_refused() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let path = format!("/v4/announcements/{}", id(&announce(anna, json!({ "text": "Tea" })).await));
    let body = json!({ "text": "x" });
    let comment = format!("{path}/comments/1");
    for (method, path) in [
        (Method::GET, "/v4/announcements"),
        (Method::POST, "/v4/announcements"),
        (Method::GET, &path),
        (Method::PUT, &path),
        (Method::DELETE, &path),
        (Method::POST, &format!("{path}/comments")),
        (Method::PUT, &comment),
        (Method::DELETE, &comment),
    ] {
        let asked = anna.nobody().ask(method, path, &[], Some(body.to_string().into_bytes())).await;
        asked.refused(401, "token_not_specified");
    }
    let elsewhere = &world.elsewhere.client;
    assert_eq!(ids(&elsewhere.get("/v4/announcements").await.ok()), [0; 0]);
    elsewhere.get(&path).await.refused(403, "access_denied");
    elsewhere.post(&format!("{path}/comments"), &body).await.refused(403, "access_denied");
    delete(elsewhere, &path).await.refused(403, "access_denied");
    put(anna, &format!("/v4/members/{}", world.boris.id), json!({ "rights": 0 })).await.ok();
    world.boris.client.post("/v4/announcements", &body).await.refused(403, "access_denied");
    world.done().await;
}

#[actix_rt::test]
async fn files_come_with_an_announcement_and_its_comments_to_every_colleague_and_to_nobody_else() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let [plan, map, photo] =
        [anna.upload("plan.pdf", b"plan").await, anna.upload("map.png", b"map").await, boris.upload("photo.jpg", b"photo").await];
    let bytes = async |client: &Client, file: &Value| client.get(&format!("/services/attachment?Id={}", id(file))).await;
    bytes(clara, &plan).await.refused(403, "access_denied_file");
    let body = json!({ "text": "We move", "attachments": [plan["guid"]] });
    let made = anna.post_once("move", "/v4/announcements", &body).await.ok()["announcement"].take();
    assert_eq!(anna.post_once("move", "/v4/announcements", &body).await.ok()["announcement"], made);
    let path = format!("/v4/announcements/{}", id(&made));
    assert_eq!((&made["attachments"][0]["name"], id(&made["attachments"][0])), (&json!("plan.pdf"), id(&plan)));
    assert_eq!(bytes(clara, &plan).await.text(), "plan");
    bytes(&world.elsewhere.client, &plan).await.refused(404, "file_is_missing");
    // A comment of files alone; an edit of its words leaves them.
    let said = boris.post(&format!("{path}/comments"), json!({ "attachments": [photo["guid"]] })).await.ok();
    let comment = &said["announcement"]["comments"][0];
    assert_eq!((&comment["text"], &comment["attachments"][0]["name"]), (&json!(""), &json!("photo.jpg")));
    let edited = put(boris, &format!("{path}/comments/{}", id(comment)), json!({ "text": "Before the move" })).await.ok();
    let comment = &edited["announcement"]["comments"][0];
    assert_eq!((&comment["text"], &comment["attachments"][0]["name"]), (&json!("Before the move"), &json!("photo.jpg")));
    assert_eq!(bytes(clara, &photo).await.text(), "photo");
    // An edit that gives files replaces them.
    let changed = put(anna, &path, json!({ "text": "We move in May", "attachments": [map["guid"]] })).await.ok();
    assert_eq!(changed["announcement"]["attachments"].as_array().map(|files| files.iter().map(id).collect()), Some(vec![id(&map)]));
    world.app.settled().await;
    let listed = clara.get("/v4/announcements").await.ok();
    assert_eq!(listed["announcements"][0], clara.get(&path).await.ok()["announcement"]);
    delete(anna, &path).await.ok();
    world.app.settled().await;
    bytes(clara, &map).await.refused(403, "access_denied_file");
    world.done().await;
}

#[actix_rt::test]
async fn bad_announcements_are_refused_and_a_repeated_one_is_made_once() {
    let world = World::new().await;
    let anna = &world.anna.client;
    for (body, code) in [
        (json!({}), "text_missing"),
        (json!({ "text": " " }), "text_missing"),
        (json!({ "text": "a", "formatted_text": "b" }), "both_text_and_formatted_text_specified"),
        (json!({ "text": "a", "attachments": ["guid"] }), "unrecognized_attachment_id"),
        (json!({ "text": "a", "attachments": [{ "attachment_id": 404 }] }), "unrecognized_attachment_id"),
        (json!({ "text": "a\u{0}" }), "invalid_value_format"),
        (json!({ "text": "x".repeat(100_001) }), "too_large_message_text"),
        (json!({ "text": 7 }), "invalid_value_format"),
    ] {
        anna.post("/v4/announcements", body).await.refused(400, code);
    }
    for wrong in ["0", "10001", "-1"] {
        anna.get(&format!("/v4/announcements?item_count={wrong}")).await.refused(400, "items_count_out_of_range");
    }
    anna.get("/v4/announcements/x").await.refused(400, "invalid_value_format");
    anna.get("/v4/announcements/404").await.refused(403, "access_denied");
    let once = anna.post_once("k", "/v4/announcements", json!({ "text": "Once" })).await.ok();
    let again = anna.post_once("k", "/v4/announcements", json!({ "text": "Once" })).await;
    assert_eq!((again.header("Idempotency-Replayed"), again.ok()), ("true", once));
    world.done().await;
}
