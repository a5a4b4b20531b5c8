//! Members, departments, bots, absences and guests over HTTP. Rules are tested in `domain`, each once.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, Person, World, id};

async fn send(client: &Client, method: Method, path: &str, body: Value) -> Answer {
    client.ask(method, path, &[], Some(body.to_string().into_bytes())).await
}

async fn put(client: &Client, path: &str, body: Value) -> Answer {
    send(client, Method::PUT, path, body).await
}

async fn delete(client: &Client, path: &str) -> Answer {
    client.ask(Method::DELETE, path, &[], None).await
}

fn ids(list: &Value) -> Vec<i64> {
    list.as_array().map_or_else(Vec::new, |people| people.iter().map(id).collect())
}

/// A guest who has signed in.
async fn guest(world: &World) -> Person {
    let anna = &world.anna.client;
    let body = json!({ "first_name": "Greta", "last_name": "Guest", "email": "greta@outside.example", "type": "guest" });
    let added = id(&anna.post("/v4/members", body).await.ok());
    let key = Person::issue_key(anna, added).await;
    let client = anna.sign_in("greta@outside.example", &key).await;
    Person { id: added, email: "greta@outside.example".into(), key, client }
}

#[actix_rt::test]
async fn every_attribute_of_a_member_is_set_shown_and_dropped() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let department = id(&put(anna, "/v4/orgchart", json!({ "department_name": "Sales" })).await.ok());
    let boris = format!("/v4/members/{}", world.boris.id);
    let attributes = json!({
        "messenger": { "type": "Telegram", "nickname": "boris" }, "vacation_days": 12, "login_phone": "+4930123456",
        "department_id": department, "birth_date": { "day": 29, "month": 2, "year": 1996 }, "two_factor_auth": true,
        "mobile_session_settings": { "life_span_hours": 8 }, "web_session_inactive_settings": { "disable": true },
        "web_session_restriction_settings": { "max_count": 3 }, "cant_export_form_registry": true,
        "cant_add_external_users_to_tasks": "y",
    });
    put(anna, &boris, attributes).await.ok();
    let shown = anna.get(&boris).await.ok();
    let expected = json!({
        "messenger": { "type": "Telegram", "nickname": "boris" }, "vacation_days": 12, "login_phone": "+4930123456",
        "department_id": department, "department_name": "Sales", "birth_date": { "day": 29, "month": 2, "year": 1996 },
        "two_factor_auth": true, "mobile_session_settings": { "life_span_hours": 8 },
        "web_session_inactive_settings": { "disable": true }, "web_session_restriction_settings": { "max_count": 3 },
        "cant_export_form_registry": true, "cant_add_external_users_to_tasks": true,
    });
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(&shown[name], value, "{name}");
    }
    // What is between them and those who manage people is not for colleagues.
    assert_eq!(world.boris.client.get(&boris).await.ok()["login_phone"], "+4930123456");
    let seen = world.clara.client.get(&boris).await.ok();
    assert_eq!((&seen["vacation_days"], &seen["birth_date"]), (&json!(12), &json!({ "day": 29, "month": 2 })));
    for name in [
        "login_phone",
        "two_factor_auth",
        "mobile_session_settings",
        "web_session_restriction_settings",
        "cant_export_form_registry",
        "has_security_key",
    ] {
        assert!(seen.get(name).is_none(), "{name} in {seen}");
    }
    let taken = json!({ "login_phone": "+49 30 123456" });
    put(anna, &format!("/v4/members/{}", world.clara.id), taken).await.refused(400, "phone_already_in_use");
    put(anna, &boris, json!({ "department_id": 999 })).await.refused(400, "invalid_department");
    put(&world.boris.client, &boris, json!({ "two_factor_auth": false })).await.refused(403, "access_denied");
    let dropped = json!({
        "messenger": { "type": "None" }, "drop_department": true, "mobile_session_settings": { "drop": true }, "two_factor_auth": false,
        "cant_export_form_registry": false, "cant_add_external_users_to_tasks": false,
    });
    let shown = put(anna, &boris, dropped).await.ok();
    for name in ["messenger", "department_id", "department_name", "mobile_session_settings", "two_factor_auth", "cant_export_form_registry"]
    {
        assert!(shown.get(name).is_none(), "{name} in {shown}");
    }
    world.done().await;
}

#[actix_rt::test]
async fn a_picture_of_somebody_is_an_upload_of_the_asker_and_everybody_here_is_given_it() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, format!("/v4/members/{}", world.boris.id));
    let path = format!("{boris}/avatar");
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let uploaded = anna.upload("face.png", png).await;
    let avatar = json!({ "guid": uploaded["guid"], "external_avatar_id": 7, "avatar_id": 999 });
    let shown = put(anna, &path, avatar).await.ok();
    assert_eq!((&shown["external_avatar_id"], &shown["avatar_id"]), (&json!(7), &uploaded["id"]));
    for address in [format!("/avatar/{}", uploaded["id"]), format!("/services/avatar/{}", uploaded["id"])] {
        let picture = world.clara.client.get(&address).await;
        assert_eq!((picture.status, picture.body.as_slice(), picture.header("Content-Type")), (200, &png[..], "image/png"));
        assert!(picture.header("Content-Disposition").starts_with("inline"));
        world.elsewhere.client.get(&address).await.refused(404, "file_is_missing");
        world.app.client().get(&address).await.refused(401, "token_not_specified");
    }
    // As a file it is still its uploader's alone, and no other upload is a picture of anybody.
    world.clara.client.get(&format!("/v4/files/download/{}", uploaded["id"])).await.refused(403, "access_denied_file");
    let other = anna.upload("other.png", png).await;
    world.clara.client.get(&format!("/avatar/{}", other["id"])).await.refused(404, "file_is_missing");
    let of_clara = world.clara.client.upload("clara.png", png).await;
    for guid in [json!("../x"), json!("2f1e9c0a-7b1d-4f0e-9b53-0a7a4d1c2e11"), of_clara["guid"].clone()] {
        anna.post(&path, json!({ "file_guid": guid })).await.refused(400, "unrecognized_attachment_id");
    }
    let text = anna.upload("face.png", b"no picture").await;
    anna.post(&path, json!({ "file_guid": text["guid"] })).await.refused(400, "invalid_value_format");
    assert!(put(anna, &path, json!({})).await.ok().get("avatar_id").is_none());
    world.clara.client.get(&format!("/avatar/{}", uploaded["id"])).await.refused(404, "file_is_missing");
    world.done().await;
}

#[actix_rt::test]
async fn names_that_mislead_are_refused() {
    let world = World::new().await;
    let before = world.app.head().await;
    for (name, code) in [
        ("x".repeat(10_000), "value_is_too_long"),
        ("\u{202e}".repeat(10_000), "invalid_value_format"),
        ("An\u{7}na".into(), "invalid_value_format"),
    ] {
        let body = json!({ "first_name": name, "email": "new@example.com" });
        world.anna.client.post("/v4/members", &body).await.refused(400, code);
        put(&world.anna.client, &format!("/v4/members/{}", world.boris.id), body).await.refused(400, code);
        world.anna.client.post("/v4/bots", json!({ "name": name })).await.refused(400, code);
        put(&world.anna.client, "/v4/orgchart", json!({ "department_name": name })).await.refused(400, code);
    }
    assert_eq!(world.app.head().await, before, "something was written");
    world.done().await;
}

#[actix_rt::test]
async fn an_organisation_keeps_an_administrator_also_when_two_block_each_other() {
    let world = World::new().await;
    let anna = &world.anna;
    let path = |person: &Person| format!("/v4/members/{}", person.id);
    delete(&anna.client, &path(anna)).await.refused(400, "cannot_be_fired");
    put(&anna.client, &path(anna), json!({ "banned": true })).await.refused(400, "cannot_be_fired");
    put(&anna.client, &path(anna), json!({ "rights": 2080 })).await.refused(403, "access_denied");
    for _ in 0..5 {
        put(&anna.client, &path(&world.boris), json!({ "rights": 4095 })).await.ok();
        let (to_anna, to_boris) = (path(anna), path(&world.boris));
        let (first, second) = futures_util::join!(delete(&anna.client, &to_boris), delete(&world.boris.client, &to_anna));
        let won = [&first, &second].iter().filter(|answer| answer.status == 200).count();
        assert_eq!(won, 1, "{} {}", first.text(), second.text());
        if first.status != 200 {
            // Boris won. Anna is let in again, so that there are two for the next round.
            first.refused(401, "account_blocked");
            put(&world.boris.client, &path(anna), json!({ "banned": false })).await.ok();
        }
        put(&anna.client, &path(&world.boris), json!({ "banned": false, "rights": 2080 })).await.ok();
    }
    world.done().await;
}

#[actix_rt::test]
async fn members_are_added_changed_and_dismissed_in_bulk() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let body = json!({
        "AddMembers": [{ "Email": "nina@example.com", "FirstName": "Nina" }],
        "changeMembers": [{ "Id": world.clara.id, "Position": "Head" }],
        "FireMembers": [{ "Id": world.boris.id, "TaskReceiverId": world.clara.id }],
    });
    let done = anna.post("/v4/members/bulk", body).await.ok();
    let members = &done["Members"];
    assert_eq!((&members[0]["first_name"], &members[1]["position"]), (&json!("Nina"), &json!("Head")));
    assert_eq!(
        (&members[2]["fired"], &members[2]["banned"], id(&members[2]["task_receiver"])),
        (&json!(true), &json!(true), world.clara.id)
    );
    world.boris.client.get("/v4/profile").await.refused(401, "account_blocked");
    assert!(!ids(&anna.get("/v4/members").await.ok()["members"]).contains(&world.boris.id));
    assert!(ids(&anna.get("/v4/members?include_fired=true").await.ok()["members"]).contains(&world.boris.id));
    let restored = put(anna, &format!("/v4/members/{}", world.boris.id), json!({ "banned": false })).await.ok();
    assert!(restored.get("fired").is_none() && restored.get("banned").is_none());
    world.boris.client.post("/v4/members/bulk", json!({ "BanMembers": [world.clara.id] })).await.refused(403, "access_denied");
    anna.post("/v4/members/bulk", json!({ "BanMembers": 7 })).await.refused(400, "invalid_value_format");
    world.done().await;
}

#[actix_rt::test]
async fn departments_are_a_tree_without_rings() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let created =
        put(anna, "/v4/orgchart/bulk", json!([{ "department_name": "A", "manager_id": world.boris.id }, { "department_name": "B" }])).await;
    let made = ids(&created.ok()["departments"]);
    let (a, b) = (made[0], made[1]);
    let child = id(&put(anna, "/v4/orgchart", json!({ "department_name": "C", "parent_id": a })).await.ok());
    for under in [a, child] {
        anna.post(&format!("/v4/orgchart/{a}"), json!({ "parent_id": under })).await.refused(400, "invalid_department");
    }
    delete(anna, &format!("/v4/orgchart/{a}")).await.refused(400, "invalid_department");
    // Each below the other at one moment: one of them comes too late.
    for _ in 0..5 {
        let (path_a, path_b) = (format!("/v4/orgchart/{a}"), format!("/v4/orgchart/{b}"));
        let below = |id: i64| json!({ "parent_id": id });
        let (first, second) = futures_util::join!(anna.post(&path_a, below(b)), anna.post(&path_b, below(a)));
        assert_eq!([&first, &second].iter().filter(|answer| answer.status == 200).count(), 1, "{} {}", first.text(), second.text());
        let late = if first.status == 200 { second } else { first };
        late.refused(400, "invalid_department");
        anna.post("/v4/orgchart/bulk", json!([{ "id": a, "parent_id": 0 }, { "id": b, "parent_id": 0 }])).await.ok();
    }
    let shown = anna.post(&format!("/v4/orgchart/{a}"), json!({ "remove_manager": true })).await.ok();
    assert!(shown.get("manager_id").is_none());
    send(anna, Method::DELETE, "/v4/orgchart/bulk", json!([{ "id": child }, a])).await.ok();
    assert_eq!(ids(&world.boris.client.get("/v4/orgchart").await.ok()["departments"]), [b]);
    put(&world.boris.client, "/v4/orgchart", json!({ "department_name": "Mine" })).await.refused(403, "access_denied");
    assert_eq!(world.elsewhere.client.get("/v4/orgchart").await.ok()["departments"], json!([]));
    world
        .elsewhere
        .client
        .post(&format!("/v4/orgchart/{b}"), json!({ "department_name": "Taken" }))
        .await
        .refused(400, "invalid_department");
    world.done().await;
}

#[actix_rt::test]
async fn a_bot_is_made_signs_in_and_is_dismissed() {
    let world = World::new().await;
    let anna = &world.anna.client;
    anna.post("/v4/bots", json!({ "name": "Robo", "hook_url": "http://bots.example.com/" })).await.refused(400, "invalid_input");
    let made = anna.post("/v4/bots", json!({ "name": "Robo", "hook_url": "https://bots.example.com/", "external_id": 7 })).await.ok();
    let login = made["login"].as_str().expect("a login").to_owned();
    assert!(login.starts_with("bot@") && made["is_enabled"] == true && made["external_id"] == "7", "{made}");
    let bot = id(&made);
    let changed =
        put(anna, &format!("/v4/bots/{bot}"), json!({ "name": "Robot", "bot_settings": "{\"a\":1}", "is_enabled": false })).await.ok();
    assert_eq!((&changed["name"], &changed["is_enabled"]), (&json!("Robot"), &json!(false)));
    assert_ne!(changed["version"], made["version"]);
    let robot = anna.sign_in(&login, &Person::issue_key(anna, bot).await).await;
    assert_eq!(robot.get("/v4/profile/identity").await.ok()["email"], login);
    robot.create(json!({ "text": "Counted" })).await;
    let seen = world.boris.client.get("/v4/bots").await.ok()["bots"][0].take();
    assert!(seen.get("bot_settings").is_none() && seen.get("hook_url").is_none(), "{seen}");
    world.boris.client.post("/v4/bots", json!({ "name": "Mine" })).await.refused(403, "access_denied");
    put(&world.boris.client, &format!("/v4/bots/{bot}"), json!({ "name": "Mine" })).await.refused(403, "access_denied");
    delete(anna, &format!("/v4/bots/{}", world.boris.id)).await.refused(403, "access_denied_person");
    let gone = send(anna, Method::DELETE, &format!("/v4/bots/{bot}"), json!({ "task_receiver_id": world.clara.id })).await.ok();
    assert_eq!(gone["fired"], true);
    robot.get("/v4/profile").await.refused(401, "account_blocked");
    assert_eq!(anna.get("/v4/bots").await.ok()["bots"], json!([]));
    assert_eq!(ids(&anna.get("/v4/bots?include_fired=y").await.ok()["bots"]), [bot]);
    world.done().await;
}

#[actix_rt::test]
async fn a_deputy_finds_and_answers_the_tasks_of_who_is_away() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let task = id(&anna.create(json!({ "text": "Answer soon", "responsible": { "id": world.boris.id } })).await);
    clara.get(&format!("/v4/tasks/{task}")).await.refused(403, "access_denied_task");
    let away = json!({ "from": "2020-01-01", "until": "2020-01-02", "deputy_id": world.clara.id });
    put(boris, "/v4/profile/absence", away).await.refused(400, "invalid_input");
    let (yesterday, tomorrow) = {
        let now = world.app.journal().now();
        let day = |hours: i64| (now + jiff::SignedDuration::from_hours(hours)).strftime("%Y-%m-%d").to_string();
        (day(-24), day(24))
    };
    let away = json!({ "from": yesterday, "until": tomorrow, "deputy_id": world.clara.id });
    let shown = put(boris, "/v4/profile/absence", away.clone()).await.ok();
    assert_eq!(shown["absence"]["deputy_id"], world.clara.id);
    assert_eq!(id(&clara.task(task).await), task);
    world.app.settled().await;
    assert_eq!(ids(&clara.get("/v4/inbox").await.ok()["tasks"]), [task]);
    clara.comment(task, json!({ "text": "In place of Boris", "action": "finished" })).await;
    clara.comment(task, json!({ "action": "reopened" })).await;
    let path = format!("/v4/members/{}/absence", world.boris.id);
    put(clara, &path, away).await.refused(403, "access_denied");
    delete(anna, &path).await.ok();
    clara.get(&format!("/v4/tasks/{task}")).await.refused(403, "access_denied_task");
    world.app.settled().await;
    assert!(ids(&clara.get("/v4/inbox").await.ok()["tasks"]).is_empty());
    world.done().await;
}

#[actix_rt::test]
async fn a_guest_is_shown_nobody_and_nothing_but_what_they_were_added_to() {
    let world = World::new().await;
    let greta = guest(&world).await;
    put(&world.anna.client, "/v4/orgchart", json!({ "department_name": "Sales" })).await.ok();
    let own = vec![greta.id];
    for (path, at) in [
        ("/v4/contacts", "/organizations/0/persons"),
        ("/v4/members?include_fired=y", "/members"),
        ("/v4/profile", "/organization/persons"),
    ] {
        let answer = greta.client.get(path).await.ok();
        assert_eq!(ids(answer.pointer(at).unwrap_or(&Value::Null)), own, "{path}");
    }
    assert_eq!(greta.client.get("/v4/orgchart").await.ok()["departments"], json!([]));
    assert_eq!(greta.client.get("/v4/bots").await.ok()["bots"], json!([]));
    greta.client.get(&format!("/v4/members/{}", world.anna.id)).await.refused(403, "access_denied_person");
    greta.client.get(&format!("/v4/members/{}", greta.id)).await.ok();
    let anna = &world.anna.client;
    let task = id(&anna.create(json!({ "text": "Welcome" })).await);
    greta.client.get(&format!("/v4/tasks/{task}")).await.refused(403, "access_denied_task");
    anna.comment(task, json!({ "participants_added": [greta.id] })).await;
    assert_eq!(id(&greta.client.task(task).await["author"]), world.anna.id);
    let body = json!({ "participants_added": [{ "id": world.boris.id }] });
    greta.client.post(&format!("/v4/tasks/{task}/comments"), body).await.refused(400, "invalid_person_id");
    // Whoever is bound not to does not bring guests in.
    put(anna, &format!("/v4/members/{}", world.boris.id), json!({ "cant_add_external_users_to_tasks": true })).await.ok();
    let body = json!({ "text": "Join", "participants": [greta.id] });
    world.boris.client.post("/v4/tasks", body).await.refused(400, "cannot_add_external_user");
    world.done().await;
}

#[actix_rt::test]
async fn a_stranger_finds_none_of_it() {
    let world = World::new().await;
    let nobody = world.anna.client.nobody();
    for (method, path) in [
        (Method::GET, "/v4/bots"),
        (Method::POST, "/v4/bots"),
        (Method::PUT, "/v4/bots/7"),
        (Method::DELETE, "/v4/bots/7"),
        (Method::GET, "/v4/orgchart"),
        (Method::PUT, "/v4/orgchart"),
        (Method::POST, "/v4/orgchart/7"),
        (Method::DELETE, "/v4/orgchart/7"),
        (Method::PUT, "/v4/orgchart/bulk"),
        (Method::POST, "/v4/orgchart/bulk"),
        (Method::DELETE, "/v4/orgchart/bulk"),
        (Method::POST, "/v4/members/bulk"),
        (Method::PUT, "/v4/members/7/avatar"),
        (Method::PUT, "/v4/members/7/absence"),
        (Method::DELETE, "/v4/members/7/absence"),
        (Method::PUT, "/v4/profile/absence"),
        (Method::DELETE, "/v4/profile/absence"),
        (Method::GET, "/v4/profile/identity"),
    ] {
        send(&nobody, method.clone(), path, json!({})).await.refused(401, "token_not_specified");
    }
    world.done().await;
}
