//! Awards over HTTP: wiring, mapping and who is let in. When somebody is given one is tested in `domain`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, World, id};

async fn put(client: &Client, path: &str, body: Value) -> Answer {
    client.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await
}

async fn award(client: &Client, body: Value) -> i64 {
    id(&client.post("/v4/awards", body).await.ok())
}

/// The names of the awards that a member is shown to hold.
async fn held(client: &Client, person: i64) -> Vec<String> {
    let member = client.get(&format!("/v4/members/{person}")).await.ok();
    let name = |award: &Value| award["name"].as_str().unwrap_or_default().to_owned();
    member["awards"].as_array().map_or_else(Vec::new, |awards| awards.iter().map(name).collect())
}

#[actix_rt::test]
async fn an_award_is_made_counted_for_and_held() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let made = anna.post("/v4/awards", json!({ "name": "Tester", "description": "Finds bugs", "grant_threshold": 3 })).await.ok();
    let tester = id(&made);
    let expected = json!({ "id": tester, "name": "Tester", "description": "Finds bugs", "grant_threshold": 3, "revoke_threshold": 0 });
    assert_eq!(made, expected);
    let threshold = format!("/v4/awards/{tester}/threshold");
    let wanted = json!({ "grant_threshold": 2, "revoke_threshold": 10 });
    assert_eq!(put(anna, &threshold, wanted.clone()).await.ok(), wanted);
    assert_eq!(anna.get(&threshold).await.ok(), wanted);
    put(anna, &threshold, json!({ "revoke_threshold": 2 })).await.refused(400, "invalid_award_limits");

    let counter = format!("/v4/members/{}/awards/{tester}/counter", world.boris.id);
    let shown = |count: i64| json!({ "person_id": world.boris.id, "award_id": tester, "award_counter": count });
    assert_eq!(anna.get(&counter).await.ok(), shown(0));
    assert_eq!(anna.post(&format!("{counter}/increment"), json!({})).await.ok(), shown(1));
    let none: &[i64] = &[];
    assert_eq!(held(boris, world.boris.id).await.len(), none.len());
    let mut given = anna.ask(Method::POST, &format!("{counter}/increment"), &[], None).await.ok();
    let since = given.as_object_mut().and_then(|given| given.remove("assignment_date")).expect("he has it");
    assert_eq!((given, since.as_str().map(str::len)), (shown(2), Some("2026-03-02T10:00:00Z".len())));
    assert_eq!(anna.get(&counter).await.ok()["assignment_date"], since);
    let member = world.clara.client.get(&format!("/v4/members/{}", world.boris.id)).await.ok();
    assert_eq!(member["awards"], json!([{ "award_id": tester, "name": "Tester", "assignment_date": since }]));

    assert_eq!(put(anna, &format!("{counter}?value=0"), json!({})).await.ok(), shown(0));
    assert_eq!(held(anna, world.boris.id).await, [""; 0]);
    anna.ask(Method::PUT, &format!("{counter}?value=7"), &[], None).await.ok();
    let renamed = put(anna, &format!("/v4/awards/{tester}"), json!({ "name": "Finder", "description": "" })).await.ok();
    assert_eq!((&renamed["name"], renamed.get("description")), (&json!("Finder"), None));
    assert_eq!(held(boris, world.boris.id).await, ["Finder"]);

    let second = award(anna, json!({ "name": "Second" })).await;
    let listed = boris.get("/v4/awards").await.ok();
    assert_eq!(listed, json!({ "awards": [{ "id": tester, "name": "Finder" }, { "id": second, "name": "Second" }] }), "without thresholds");
    let page = boris.get("/v4/awards?item_count=1").await.ok();
    assert_eq!((id(&page["awards"][0]), &page["next"]), (tester, &json!(tester)));
    assert_eq!(id(&boris.get(&format!("/v4/awards?item_count=1&after={tester}")).await.ok()["awards"][0]), second);

    let path = format!("/v4/awards/{tester}");
    assert_eq!(anna.ask(Method::DELETE, &path, &[], None).await.ok(), json!({ "deleted": true }));
    for gone in [&path, &threshold, &counter] {
        anna.get(gone).await.refused(403, "access_denied_awards");
    }
    assert_eq!(held(boris, world.boris.id).await, [""; 0]);
    world.done().await;
}

#[actix_rt::test]
async fn those_without_the_right_other_organisations_and_guests_are_refused() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let tester = award(anna, json!({ "name": "Tester", "grant_threshold": 1 })).await;
    let path = format!("/v4/awards/{tester}");
    let threshold = format!("{path}/threshold");
    let counter = format!("/v4/members/{}/awards/{tester}/counter", world.boris.id);
    let (set, increment) = (format!("{counter}?value=1"), format!("{counter}/increment"));
    let managing: [(Method, &str); 8] = [
        (Method::POST, "/v4/awards"),
        (Method::PUT, &path),
        (Method::DELETE, &path),
        (Method::GET, &threshold),
        (Method::PUT, &threshold),
        (Method::GET, &counter),
        (Method::PUT, &set),
        (Method::POST, &increment),
    ];
    let guest = json!({ "first_name": "Greta", "email": "greta@example.com", "type": "guest" });
    let guest = id(&anna.post("/v4/members", guest).await.ok());
    let key = tests::Person::issue_key(anna, guest).await;
    let greta = anna.sign_in("greta@example.com", &key).await;
    for client in [boris, &greta, &world.elsewhere.client] {
        for (method, path) in &managing {
            // Elsewhere is an administrator: may create there, and does not find these.
            if *path != "/v4/awards" || client.token() != world.elsewhere.client.token() {
                let asked = client.ask(method.clone(), path, &[], Some(br#"{"name":"x","grant_threshold":5}"#.to_vec())).await;
                let code = asked.json()["error_code"].clone();
                let foreign_member = code == "access_denied_person" && path.starts_with("/v4/members");
                assert!(asked.status == 403 && (code == "access_denied_awards" || foreign_member), "{method} {path}: {}", asked.text());
            }
        }
    }
    greta.get("/v4/awards").await.refused(403, "access_denied_awards");
    greta.get(&path).await.refused(403, "access_denied_awards");
    world.elsewhere.client.get(&path).await.refused(403, "access_denied_awards");
    assert_eq!(world.elsewhere.client.get("/v4/awards").await.ok(), json!({}));
    assert_eq!(boris.get(&path).await.ok(), json!({ "id": tester, "name": "Tester" }));
    assert_eq!(anna.get(&counter).await.ok()["award_counter"], 0, "nothing came of it");

    // The preset's three rights, and no others.
    put(anna, &format!("/v4/members/{}", world.boris.id), json!({ "rights": 0x640 })).await.ok();
    boris.post(&increment, json!({})).await.ok();
    for nobody in [guest, world.elsewhere.id, 404_404] {
        let counter = format!("/v4/members/{nobody}/awards/{tester}/counter/increment");
        boris.post(&counter, json!({})).await.refused(403, "access_denied_person");
    }
    world.done().await;
}

#[actix_rt::test]
async fn what_is_repeated_under_its_key_counts_once_and_bad_requests_are_refused() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let once = anna.post_once("k", "/v4/awards", json!({ "name": "Once" })).await.ok();
    let again = anna.post_once("k", "/v4/awards", json!({ "name": "Once" })).await;
    assert_eq!((again.header("Idempotency-Replayed"), again.ok()), ("true", once.clone()));
    let counter = format!("/v4/members/{}/awards/{}/counter", world.boris.id, id(&once));
    for _ in 0..2 {
        let counted = anna.post_once("i", &format!("{counter}/increment"), json!({})).await.ok();
        assert_eq!(counted["award_counter"], 1);
    }
    let set = async |value: &str| anna.ask(Method::PUT, &format!("{counter}{value}"), &[("Idempotency-Key", "s")], None).await;
    assert_eq!(set("?value=5").await.ok()["award_counter"], 5);
    set("?value=6").await.refused(422, "idempotency_key_reused");
    for (value, code) in [
        ("", "required_parameter_missing"),
        ("?value=", "required_parameter_missing"),
        ("?value=-1", "limit_exceeded"),
        ("?value=1000000001", "limit_exceeded"),
        ("?value=x", "invalid_value_format"),
        ("?value=99999999999999999999", "invalid_value_format"),
    ] {
        anna.ask(Method::PUT, &format!("{counter}{value}"), &[], None).await.refused(400, code);
    }
    for (body, code) in [
        (json!({}), "required_parameter_missing"),
        (json!({ "name": " " }), "required_parameter_missing"),
        (json!({ "name": "x".repeat(10_000) }), "value_is_too_long"),
        (json!({ "name": "a\u{202e}b" }), "invalid_value_format"),
        (json!({ "name": "x", "grant_threshold": -1 }), "invalid_award_limits"),
        (json!({ "name": "x", "grant_threshold": 2, "revoke_threshold": 1 }), "invalid_award_limits"),
        (json!({ "name": "x", "grant_threshold": "many" }), "invalid_value_format"),
    ] {
        anna.post("/v4/awards", body).await.refused(400, code);
    }
    anna.get("/v4/awards/x").await.refused(400, "invalid_value_format");
    anna.get("/v4/awards?item_count=1001").await.refused(400, "items_count_out_of_range");
    world.done().await;
}
