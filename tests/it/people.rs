//! Profile, contacts and members over HTTP, and what of a person is shown in tasks. Who may change whom is tested in
//! `access.rs` and `domain`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, World, id};

async fn put(client: &Client, path: &str, body: Value) -> tests::Answer {
    client.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await
}

fn ids(list: &Value) -> Vec<i64> {
    list.as_array().map_or_else(Vec::new, |people| people.iter().map(id).collect())
}

#[actix_rt::test]
async fn a_profile_shows_oneself_and_ones_organisation() {
    let world = World::new().await;
    for path in ["/v4/profile", "/v4/profile?withinactive=False", "/api/v4/profile/?include_inactive=true"] {
        let profile = world.boris.client.get(path).await.ok();
        assert_eq!(profile["person_id"], world.boris.id, "{path}");
        assert_eq!(
            (&profile["first_name"], &profile["last_name"], &profile["email"]),
            (&json!("Boris"), &json!("Bauer"), &json!(world.boris.email))
        );
        assert_eq!(profile["locale"], "en-US");
        let organisation = &profile["organization"];
        assert_eq!(organisation["organization_id"], profile["organization_id"]);
        assert_eq!(organisation["name"], "Acorn");
        assert_eq!(ids(&organisation["persons"]), [world.anna.id, world.boris.id, world.clara.id]);
    }
    world.done().await;
}

#[actix_rt::test]
async fn who_is_blocked_is_shown_only_to_those_who_ask_for_it() {
    let world = World::new().await;
    let anna = &world.anna.client;
    anna.ask(Method::DELETE, &format!("/v4/members/{}", world.clara.id), &[], None).await.ok();
    let (present, all) = (vec![world.anna.id, world.boris.id], vec![world.anna.id, world.boris.id, world.clara.id]);
    for (path, at, expected) in [
        ("/v4/contacts", "/organizations/0/persons", &present),
        ("/v4/contacts?include_inactive=True", "/organizations/0/persons", &all),
        ("/v4/members", "/members", &present),
        ("/v4/members?include_fired=y", "/members", &all),
        ("/v4/profile?include_inactive=1", "/organization/persons", &all),
    ] {
        let answer = anna.get(path).await.ok();
        assert_eq!(&ids(answer.pointer(at).unwrap_or(&Value::Null)), expected, "{path}");
    }
    assert_eq!(anna.get(&format!("/v4/members/{}", world.clara.id)).await.ok()["banned"], true);
    for wrong in ["/v4/contacts?include_inactive=maybe", "/v4/members?include_fired=2"] {
        anna.get(wrong).await.refused(400, "invalid_value_format");
    }
    // Who is blocked can be given nothing to do.
    let task = json!({ "text": "For Clara", "responsible": { "id": world.clara.id } });
    anna.post("/v4/tasks", task).await.refused(403, "access_denied_person");
    world.done().await;
}

#[actix_rt::test]
async fn a_new_name_is_shown_in_every_task_at_once() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let task = id(&anna.create(json!({ "text": "Names", "responsible": { "id": world.boris.id } })).await);
    world.boris.client.comment(task, json!({ "text": "I am on it" })).await;
    put(anna, &format!("/v4/members/{}", world.boris.id), json!({ "last_name": "Bridges" })).await.ok();
    let shown = anna.task(task).await;
    assert_eq!(shown["responsible"]["last_name"], "Bridges");
    assert_eq!(
        shown["comments"].as_array().and_then(|all| all.last()).map(|last| last["author"]["last_name"].clone()),
        Some(json!("Bridges"))
    );
    world.app.settled().await;
    let header = world.boris.client.get("/v4/inbox").await.ok()["tasks"][0].take();
    assert_eq!(header["responsible"]["last_name"], "Bridges");
    world.done().await;
}

#[actix_rt::test]
async fn an_address_is_one_persons() {
    let world = World::new().await;
    let anna = &world.anna.client;
    for taken in [world.boris.email.clone(), world.boris.email.to_uppercase()] {
        let body = json!({ "first_name": "Not", "last_name": "Boris", "email": taken });
        anna.post("/v4/members", body).await.refused(400, "person_email_already_in_use");
        let change = put(anna, &format!("/v4/members/{}", world.clara.id), json!({ "email": taken })).await;
        change.refused(400, "person_email_already_in_use");
    }
    for wrong in ["", "boris", "@example.com", "a@", "a b@example.com", "a@b@c"] {
        let body = json!({ "first_name": "No", "last_name": "Address", "email": wrong });
        let answer = anna.post("/v4/members", body).await;
        assert_eq!(answer.status, 400, "{wrong:?}: {}", answer.text());
    }
    anna.post("/v4/members", json!({ "email": "nameless@example.com" })).await.refused(400, "required_parameter_missing");
    // An address that was given up is free.
    put(anna, &format!("/v4/members/{}", world.boris.id), json!({ "email": "bauer@example.com" })).await.ok();
    let body = json!({ "first_name": "Another", "last_name": "Boris", "email": world.boris.email });
    anna.post("/v4/members", body).await.ok();
    world.done().await;
}

#[actix_rt::test]
async fn a_wrong_type_in_any_field_of_a_member_is_refused() {
    let world = World::new().await;
    let before = world.app.head().await;
    for field in ["first_name", "last_name", "email", "position", "status", "phone", "mobile_phone", "skype", "external_id", "locale"] {
        for wrong in [json!(7), json!(true), json!(["a"]), json!({ "a": 1 })] {
            // The dialect has numbers where clients send ids of other systems.
            if field == "external_id" && wrong.is_number() {
                continue;
            }
            let mut body = json!({ "first_name": "A", "last_name": "B", "email": "ab@example.com" });
            body[field] = wrong;
            world.anna.client.post("/v4/members", &body).await.refused(400, "invalid_value_format");
            put(&world.anna.client, &format!("/v4/members/{}", world.boris.id), body).await.refused(400, "invalid_value_format");
        }
    }
    for (field, wrong) in [("rights", json!("all")), ("rights", json!([1])), ("banned", json!("maybe"))] {
        let answer = put(&world.anna.client, &format!("/v4/members/{}", world.boris.id), json!({ field: wrong })).await;
        answer.refused(400, "invalid_value_format");
    }
    assert_eq!(world.app.head().await, before, "something was written");
    world.done().await;
}

#[actix_rt::test]
async fn a_password_is_set_changed_and_signs_in() {
    let world = World::new().await;
    let boris = &world.boris;
    let sign_in =
        async |password: &str| boris.client.nobody().post("/v4/auth", json!({ "login": boris.email, "password": password })).await;
    put(&boris.client, "/v4/profile/password", json!({ "password": "short" })).await.refused(400, "invalid_value_format");
    put(&boris.client, "/v4/profile/password", json!({ "password": "a good long password" })).await.ok();
    // Tokens made before are void: whoever had one must show the new password.
    boris.client.get("/v4/profile").await.refused(401, "revoked_token");
    sign_in("a bad long password").await.refused(401, "invalid_credentials");
    let token = sign_in("a good long password").await.ok()["access_token"].as_str().unwrap_or_default().to_owned();
    let boris = boris.client.with_token(&token);
    let change = json!({ "password": "another long password", "current_password": "a guess" });
    put(&boris, "/v4/profile/password", change).await.refused(401, "invalid_credentials");
    let change = json!({ "password": "another long password", "current_password": "a good long password" });
    put(&boris, "/v4/profile/password", change).await.ok();
    sign_in("a good long password").await.refused(401, "invalid_credentials");
    sign_in("another long password").await.ok();
    world.done().await;
}
