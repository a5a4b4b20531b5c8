//! The knowledge base over HTTP: wiring, mapping, who is let in, and moves that race. The rules are tested in `domain`.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, World};

async fn put(client: &Client, path: &str, body: Value) -> Answer {
    client.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await
}

async fn add(client: &Client, kind: &str, title: &str, parent: Option<&str>) -> String {
    let body = json!({ "type": kind, "title": title, "body": "# Text", "parent_topic_id": parent });
    key(&client.post("/v4/knowledgebase", body).await.ok()).to_owned()
}

fn key(entity: &Value) -> &str {
    entity["id"].as_str().unwrap_or_else(|| panic!("no id in {entity}"))
}

fn path(id: &str) -> String {
    format!("/v4/knowledgebase/{id}")
}

/// Titles with those under them, such as `Teas(Green Black) Cakes`.
fn outline(items: &Value) -> String {
    let one = |item: &Value| match outline(&item["children"]) {
        below if below.is_empty() => item["title"].as_str().unwrap_or_default().to_owned(),
        below => format!("{}({below})", item["title"].as_str().unwrap_or_default()),
    };
    items.as_array().into_iter().flatten().map(one).collect::<Vec<_>>().join(" ")
}

async fn structure(client: &Client, query: &str) -> String {
    outline(&client.get(&format!("/v4/knowledgebase/structure{query}")).await.ok()["items"])
}

#[actix_rt::test]
async fn articles_are_written_read_moved_and_deleted() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let teas = add(anna, "topic", "Teas", None).await;
    let made = anna
        .post("/v4/knowledgebase", json!({ "type": "article", "title": "Green", "body": "# 80 °C", "parent_topic_id": teas }))
        .await
        .ok();
    let green = key(&made).to_owned();
    assert_eq!((made["type"].as_str(), made["body"].as_str(), made["version"].as_i64()), (Some("article"), Some("# 80 °C"), Some(1)));
    assert_eq!((made["access_right"].as_str(), made["parent_topic_id"].as_str()), (Some("write"), Some(&*teas)));
    assert_eq!((made["author"]["id"].as_i64(), made["is_open_for_organization"].as_bool()), (Some(world.anna.id), Some(true)));
    assert_eq!(boris.get(&path(&green)).await.ok()["access_right"], "read");
    put(boris, &path(&green), json!({ "title": "Mine" })).await.refused(403, "knowledge_base_access_denied");

    // The vendor's client sends null for whatever is not to change.
    let nulls = json!({ "title": null, "body": "# 70 °C", "parent_topic_id": null, "parent_topic_id_changed": null });
    let changed = put(anna, &path(&green), nulls).await.ok();
    assert_eq!(
        (changed["title"].as_str(), changed["version"].as_i64(), changed["parent_topic_id"].as_str()),
        (Some("Green"), Some(2), Some(&*teas))
    );
    let stale = json!({ "title": "Late", "version": 1 });
    put(anna, &path(&green), stale).await.refused(409, "knowledge_base_version_conflict");
    assert_eq!(boris.get(&format!("{}?version=1", path(&green))).await.ok()["body"], "# 80 °C");
    boris.get(&format!("{}?version=3", path(&green))).await.refused(404, "knowledge_base_not_found");
    let versions = boris.get(&format!("{}/versions", path(&green))).await.ok();
    assert_eq!(versions["versions"].as_array().map(Vec::len), Some(2));

    assert_eq!(structure(boris, "").await, "Teas(Green)");
    assert_eq!(structure(boris, "?depth=1").await, "Teas");
    assert_eq!(structure(boris, &format!("?parent_topic_id={teas}")).await, "Green");
    put(anna, &path(&green), json!({ "parent_topic_id": null, "parent_topic_id_changed": true })).await.ok();
    assert_eq!(structure(boris, "").await, "Green Teas");
    put(anna, &path(&green), json!({ "parent_topic_id": teas })).await.ok();
    assert_eq!(anna.ask(Method::DELETE, &path(&teas), &[], None).await.ok(), json!({ "deleted": true }));
    assert_eq!(structure(boris, "").await, "Green", "what lay under the topic lies above now");
    let cakes = add(anna, "topic", "Cakes", None).await;
    put(anna, &path(&green), json!({ "parent_topic_id": cakes })).await.ok();
    anna.ask(Method::DELETE, &format!("{}?delete_with_children=true", path(&cakes)), &[], None).await.ok();
    assert_eq!(structure(boris, "").await, "");
    anna.get(&path(&green)).await.refused(404, "knowledge_base_not_found");
    world.done().await;
}

#[actix_rt::test]
async fn permissions_let_in_whom_they_name_and_keep_out_others_everywhere() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let topic = add(anna, "topic", "Board", None).await;
    let minutes = add(anna, "article", "Minutes", Some(&topic)).await;
    let at = format!("{}/permissions", path(&topic));
    let body = json!({ "inherit": false, "readers": [world.boris.id], "editors": null });
    let set = put(anna, &at, body).await.ok();
    assert_eq!((set["global_permission"].as_str(), set["readers"][0]["id"].as_i64()), (Some("none"), Some(world.boris.id)));
    assert_eq!(anna.get(&at).await.ok(), set);
    assert_eq!((structure(boris, "").await, structure(clara, "").await), ("Board(Minutes)".into(), String::new()));
    boris.get(&at).await.refused(403, "knowledge_base_access_denied");
    for hidden in
        [path(&minutes), format!("{}/versions", path(&minutes)), at.clone(), format!("/v4/knowledgebase/structure?parent_topic_id={topic}")]
    {
        clara.get(&hidden).await.refused(404, "knowledge_base_not_found");
        world.elsewhere.client.get(&hidden).await.refused(404, "knowledge_base_not_found");
    }
    put(anna, &at, json!({ "editors": [world.clara.id] })).await.ok();
    let below = json!({ "type": "article", "title": "Plans", "body": "x", "parent_topic_id": topic });
    clara.post("/v4/knowledgebase", &below).await.ok();
    boris.post("/v4/knowledgebase", &below).await.refused(403, "knowledge_base_access_denied");
    clara.post("/v4/knowledgebase", json!({ "type": "topic", "title": "Mine" })).await.refused(403, "knowledge_base_access_denied");
    put(anna, &at, json!({ "readers": [999_999] })).await.refused(400, "invalid_person_id");
    // Who reads an article but not what is above it sees it at the top, and learns nothing of the rest.
    put(anna, &format!("{}/permissions", path(&minutes)), json!({ "is_open_for_organization": true, "is_public": true })).await.ok();
    assert_eq!(structure(&world.boris.client, "").await, "Board(Minutes Plans)");
    put(anna, &at, json!({ "readers": [] })).await.ok();
    assert_eq!(structure(boris, "").await, "Minutes");
    let shown = boris.get(&path(&minutes)).await.ok();
    assert_eq!((shown.get("parent_topic_id"), shown["is_public"].as_bool()), (None, Some(true)));
    world.done().await;
}

#[actix_rt::test]
async fn nothing_comes_to_lie_under_itself_not_even_by_moves_that_race() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let mut topics = Vec::new();
    for title in ["A", "B", "C", "D"] {
        topics.push(add(anna, "topic", title, None).await);
    }
    put(anna, &path(&topics[0]), json!({ "parent_topic_id": topics[0] })).await.refused(400, "knowledge_base_invalid_parent");
    for _ in 0..5 {
        // Each under the next, the last under the first: one of them at least must be refused.
        let moves = (0..4).map(|one| {
            let body = json!({ "parent_topic_id": topics[(one + 1) % 4] });
            let at = path(&topics[one]);
            async move { put(anna, &at, body).await }
        });
        let answers = join_all(moves).await;
        let refused: Vec<_> = answers.iter().filter(|answer| answer.status != 200).collect();
        assert_eq!(refused.len(), 1, "{:?}", answers.iter().map(Answer::text).collect::<Vec<_>>());
        refused[0].refused(400, "knowledge_base_invalid_parent");
        let shown = structure(anna, "").await;
        assert!(topics.len() == shown.bytes().filter(u8::is_ascii_alphabetic).count(), "all of them are to be seen: {shown}");
        for topic in &topics {
            put(anna, &path(topic), json!({ "parent_topic_id": null, "parent_topic_id_changed": true })).await.ok();
        }
    }
    world.done().await;
}

#[actix_rt::test]
async fn bad_requests_are_refused_by_their_codes_and_strangers_at_the_door() {
    let world = World::new().await;
    let anna = &world.anna.client;
    for (body, code) in [
        (json!({ "type": "page", "title": "x" }), "knowledge_base_invalid_request"),
        (json!({ "type": "article", "body": "x" }), "knowledge_base_title_required"),
        (json!({ "type": "article", "title": "x" }), "knowledge_base_body_required"),
        (json!({ "type": "article", "title": "x", "body": "y".repeat(256 * 1024) }), "too_large_message_text"),
        (json!({ "type": "topic", "title": "x".repeat(201) }), "value_is_too_long"),
        (json!({ "type": "topic", "title": "x\u{1}" }), "invalid_value_format"),
        (json!({ "type": "topic", "title": "x", "parent_topic_id": "LMcleQRnRqB" }), "knowledge_base_invalid_parent"),
    ] {
        anna.post("/v4/knowledgebase", body).await.refused(400, code);
    }
    let large = json!({ "type": "article", "title": "x", "body": "y".repeat(250 * 1024) });
    let id = key(&anna.post("/v4/knowledgebase", large).await.ok()).to_owned();
    for wrong in ["1", "LMcleQRnRqB", "structures0"] {
        anna.get(&path(wrong)).await.refused(404, "knowledge_base_not_found");
    }
    let permissions = format!("{}/permissions", path(&id));
    for (method, path) in [
        (Method::GET, "/v4/knowledgebase/structure".to_owned()),
        (Method::POST, "/v4/knowledgebase".to_owned()),
        (Method::GET, path(&id)),
        (Method::PUT, path(&id)),
        (Method::DELETE, path(&id)),
        (Method::GET, format!("{}/versions", path(&id))),
        (Method::GET, permissions.clone()),
        (Method::PUT, permissions),
    ] {
        anna.nobody().ask(method, &path, &[], Some(b"{}".to_vec())).await.refused(401, "token_not_specified");
    }
    world.done().await;
}
