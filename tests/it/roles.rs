//! Roles over HTTP: their routes, and that members act for them everywhere a person could. Who may do what is decided, and
//! tested cell by cell, in `domain`.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, Person, World, id};

const SOON: Duration = Duration::from_secs(20);

async fn send(client: &Client, method: Method, path: &str, body: Value) -> Answer {
    client.ask(method, path, &[], Some(body.to_string().into_bytes())).await
}

async fn put(client: &Client, path: &str, body: Value) -> Answer {
    send(client, Method::PUT, path, body).await
}

async fn delete(client: &Client, role: i64, body: Value) -> Answer {
    send(client, Method::DELETE, &format!("/v4/roles/{role}"), body).await
}

/// A role of Boris and Clara, made by Anna.
async fn clerks(world: &World) -> i64 {
    let body = json!({"name": "Clerks", "member_add": [world.boris.id, world.clara.id]});
    id(&world.anna.client.post("/v4/roles", body).await.ok())
}

/// Waits until the task is `person`'s: what follows from an event is done a moment later.
async fn until_responsible(client: &Client, task: i64, person: i64) -> Value {
    let arrived = async {
        loop {
            let shown = client.task(task).await;
            if shown["responsible"]["id"] == person {
                return shown;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(SOON, arrived).await.unwrap_or_else(|_| panic!("task {task} never came to {person}"))
}

#[actix_rt::test]
async fn a_role_is_created_listed_changed_and_shown_in_contacts_and_profile() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let made =
        anna.post("/v4/roles", json!({"name": "Clerks", "external_id": "c-1", "member_add": [world.clara.id, world.boris.id]})).await.ok();
    let role = id(&made);
    let expected =
        json!({"id": role, "name": "Clerks", "external_id": "c-1", "banned": false, "member_ids": [world.boris.id, world.clara.id]});
    assert_eq!(made, expected);
    for path in ["/v4/roles", "/api/v4/roles?include_fired=True"] {
        assert_eq!(world.boris.client.get(path).await.ok(), json!({"roles": [expected]}), "{path}");
    }
    assert_eq!(world.boris.client.get(&format!("/v4/roles/{role}")).await.ok(), expected);
    assert_eq!(world.boris.client.get("/v4/contacts").await.ok()["organizations"][0]["roles"], json!([expected]));
    assert_eq!(world.boris.client.get("/v4/profile").await.ok()["organization"]["roles"], json!([expected]));

    // The vendor's client misspells the member.
    let changed = put(anna, &format!("/v4/roles/{role}"), json!({"name": "Scribes", "memebr_remove": [world.boris.id]})).await.ok();
    assert_eq!(changed, json!({"id": role, "name": "Scribes", "external_id": "c-1", "banned": false, "member_ids": [world.clara.id]}));
    let changed =
        put(anna, &format!("/v4/roles/{role}"), json!({"member_add": [world.boris.id], "member_remove": [world.clara.id]})).await.ok();
    assert_eq!(changed["member_ids"], json!([world.boris.id]));
    world.done().await;
}

#[actix_rt::test]
async fn strangers_members_and_other_organisations_manage_no_roles() {
    let world = World::new().await;
    let role = clerks(&world).await;
    let path = format!("/v4/roles/{role}");
    let nobody = world.app.client().nobody();
    for (method, path) in [
        (Method::GET, "/v4/roles"),
        (Method::POST, "/v4/roles"),
        (Method::POST, "/v4/roles/bulk"),
        (Method::PUT, "/v4/roles/bulk"),
        (Method::DELETE, "/v4/roles/bulk"),
        (Method::GET, &path),
        (Method::PUT, &path),
        (Method::DELETE, &path),
    ] {
        nobody.ask(method, path, &[], Some(b"{}".to_vec())).await.refused(401, "token_not_specified");
    }
    let boris = &world.boris.client;
    boris.post("/v4/roles", json!({"name": "Mine"})).await.refused(403, "access_denied");
    put(boris, &path, json!({"name": "Mine"})).await.refused(403, "access_denied");
    delete(boris, role, json!({"task_receiver_id": world.boris.id})).await.refused(403, "access_denied");

    let elsewhere = &world.elsewhere.client;
    assert_eq!(elsewhere.get("/v4/roles").await.ok(), json!({}));
    elsewhere.get(&path).await.refused(403, "access_denied_person");
    put(elsewhere, &path, json!({"name": "Mine"})).await.refused(403, "access_denied_person");
    delete(elsewhere, role, json!({})).await.refused(403, "access_denied_person");
    elsewhere.post("/v4/roles", json!({"name": "Ours", "member_add": [world.boris.id]})).await.refused(400, "invalid_person_id");
    elsewhere.post("/v4/tasks", json!({"text": "For you", "responsible": {"id": role}})).await.refused(400, "invalid_person_id");
    world.anna.client.get("/v4/roles/99999999").await.refused(403, "access_denied_person");
    world.anna.client.get("/v4/roles/x").await.refused(400, "invalid_value_format");
    world.done().await;
}

#[actix_rt::test]
async fn a_member_sees_finds_answers_and_closes_what_their_role_is_responsible_for() {
    let world = World::new().await;
    let role = clerks(&world).await;
    let dmitri = Person::colleague(&world.anna.client, 3).await;
    let task =
        world.anna.client.create(json!({"text": "For the clerks", "responsible": {"id": role}, "subscribers": [{"id": role}]})).await;
    assert_eq!(task["responsible"], json!({"id": role, "first_name": "Clerks", "type": "role"}));
    let task = id(&task);
    // Another wrote it: the view is waited for.
    world.app.settled().await;
    for member in [&world.boris.client, &world.clara.client] {
        assert_eq!(member.inbox().await, [task]);
        assert_eq!(id(&member.task(task).await), task);
    }
    assert_eq!(dmitri.client.inbox().await, [0_i64; 0]);
    dmitri.client.get(&format!("/v4/tasks/{task}")).await.refused(403, "access_denied_task");

    world.boris.client.post(&format!("/v4/tasks/{task}/put_away"), json!({})).await.ok();
    assert_eq!((world.boris.client.inbox().await, world.clara.client.inbox().await), (vec![], vec![task]));

    let shown = world.clara.client.comment(task, json!({"approval_choice": "acknowledged", "comment_as_roles": [{"id": role}]})).await;
    assert_eq!(shown["subscribers"][0]["approval_choice"], "acknowledged");
    let comment = &shown["comments"][1];
    assert_eq!(
        (&comment["author"]["id"], &comment["comment_as_roles"]),
        (&json!(world.clara.id), &json!([{"id": role, "name": "Clerks"}]))
    );
    let as_role = json!({"text": "x", "comment_as_roles": [role]});
    world.anna.client.post(&format!("/v4/tasks/{task}/comments"), as_role).await.refused(403, "access_denied");

    // Whoever comes finds it at once, and whoever leaves does not any more.
    put(&world.anna.client, &format!("/v4/roles/{role}"), json!({"member_add": [dmitri.id], "member_remove": [world.clara.id]})).await.ok();
    assert_eq!((dmitri.client.inbox().await, world.clara.client.inbox().await), (vec![task], vec![]));
    world.clara.client.get(&format!("/v4/tasks/{task}")).await.refused(403, "access_denied_task");
    assert!(dmitri.client.comment(task, json!({"text": "Done", "action": "finished"})).await["close_date"].is_string());
    assert_eq!(dmitri.client.inbox().await, [0_i64; 0]);
    world.done().await;
}

#[actix_rt::test]
async fn nobody_acts_for_a_banned_role_and_tasks_show_what_became_of_it() {
    let world = World::new().await;
    let role = clerks(&world).await;
    let task = id(&world.anna.client.create(json!({"text": "For the clerks", "responsible": {"id": role}})).await);
    let path = format!("/v4/roles/{role}");
    assert_eq!(put(&world.anna.client, &path, json!({"banned": true, "name": "Scribes"})).await.ok()["banned"], true);
    world.boris.client.get(&format!("/v4/tasks/{task}")).await.refused(403, "access_denied_task");
    assert_eq!(world.boris.client.inbox().await, [0_i64; 0]);
    let responsible = &world.anna.client.task(task).await["responsible"];
    assert_eq!((&responsible["first_name"], &responsible["banned"]), (&json!("Scribes"), &json!(true)));
    world.anna.client.post("/v4/tasks", json!({"text": "x", "responsible": {"id": role}})).await.refused(403, "access_denied_person");
    assert!(world.boris.client.get("/v4/contacts").await.ok()["organizations"][0]["roles"].is_null());
    assert_eq!(put(&world.anna.client, &path, json!({"banned": "n"})).await.ok()["banned"], false);
    world.app.settled().await;
    assert_eq!(world.boris.client.inbox().await, [task]);
    world.done().await;
}

#[actix_rt::test]
async fn what_a_deleted_role_was_responsible_for_goes_to_the_receiver_once() {
    let world = World::new().await;
    let role = clerks(&world).await;
    let anna = &world.anna.client;
    let mut open = Vec::new();
    for number in 0..5 {
        open.push(id(&anna.create(json!({"text": format!("Open {number}"), "responsible": {"id": role}})).await));
    }
    let closed = id(&anna.create(json!({"text": "Closed", "responsible": {"id": role}})).await);
    anna.comment(closed, json!({"action": "finished"})).await;
    delete(anna, role, json!({"task_receiver_id": role})).await.refused(400, "invalid_person_id");
    delete(anna, role, json!({"task_receiver_id": world.elsewhere.id})).await.refused(400, "invalid_person_id");
    let deleted = delete(anna, role, json!({"task_receiver_id": world.clara.id})).await.ok();
    assert_eq!((&deleted["banned"], &deleted["fired"]), (&json!(true), &json!(true)));
    for task in &open {
        let shown = until_responsible(anna, *task, world.clara.id).await;
        assert_eq!(shown["comments"].as_array().map(Vec::len), Some(2), "handed on once");
    }
    world.app.settled().await;
    let mut found = world.clara.client.inbox().await;
    found.sort_unstable();
    assert_eq!(found, open);
    assert_eq!(anna.task(closed).await["responsible"]["id"], role);
    delete(anna, role, json!({})).await.refused(403, "access_denied_person");
    assert_eq!(anna.get("/v4/roles").await.ok(), json!({}));
    assert_eq!(anna.get("/v4/roles?include_fired=y").await.ok()["roles"][0]["fired"], true);

    // A restart does nothing twice.
    let world = world.restarted().await;
    world.app.settled().await;
    for task in open {
        assert_eq!(world.anna.client.task(task).await["comments"].as_array().map(Vec::len), Some(2));
    }
    world.done().await;
}

#[actix_rt::test]
async fn a_receiver_that_is_deleted_at_once_hands_on_what_it_received() {
    let world = World::new().await;
    let (first, second) = (clerks(&world).await, clerks(&world).await);
    let anna = &world.anna.client;
    let task = id(&anna.create(json!({"text": "Passed on", "responsible": {"id": first}, "participants": [{"id": first}]})).await);
    let all = json!([{"id": first, "task_receiver_id": second}, {"id": second, "task_receiver_id": world.boris.id}]);
    let deleted = send(anna, Method::DELETE, "/v4/roles/bulk", all).await.ok();
    assert_eq!(deleted.as_array().map(Vec::len), Some(2));
    let shown = until_responsible(anna, task, world.boris.id).await;
    assert_eq!(shown["participants"][0]["id"], world.boris.id);
    world.done().await;
}

#[actix_rt::test]
async fn many_roles_are_created_and_changed_by_one_request_which_takes_effect_once() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let both = json!([{"name": "Clerks", "member_add": [world.boris.id]}, {"name": "Scribes"}]);
    let made = anna.post_once("both", "/v4/roles/bulk", &both).await.ok();
    let again = anna.post_once("both", "/v4/roles/bulk", &both).await;
    assert_eq!((again.ok(), again.header("Idempotency-Replayed")), (made.clone(), "true"));
    let (clerks, scribes) = (id(&made[0]), id(&made[1]));
    assert_eq!(anna.get("/v4/roles").await.ok()["roles"].as_array().map(Vec::len), Some(2));
    let changes = json!([{"id": clerks, "memebr_remove": [world.boris.id]}, {"id": scribes, "member_add": [world.boris.id]}]);
    let changed = put(anna, "/v4/roles/bulk", changes).await.ok();
    assert_eq!((&changed[0]["member_ids"], &changed[1]["member_ids"]), (&Value::Null, &json!([world.boris.id])));
    // The first refusal ends it; what was before it stays.
    let halfway = json!([{"id": clerks, "name": "Kept"}, {"id": scribes, "name": ""}, {"id": clerks, "name": "Never"}]);
    put(anna, "/v4/roles/bulk", halfway).await.refused(400, "required_parameter_missing");
    assert_eq!(anna.get(&format!("/v4/roles/{clerks}")).await.ok()["name"], "Kept");
    put(anna, "/v4/roles/bulk", json!([{"name": "Nobody's"}])).await.refused(400, "required_parameter_missing");
    for wrong in [json!({}), json!("x"), json!([1]), json!({"roles": 5})] {
        anna.post("/v4/roles/bulk", wrong).await.refused(400, "invalid_value_format");
    }
    world.done().await;
}

#[actix_rt::test]
async fn a_role_holds_500_members_and_a_change_of_them_is_in_their_inboxes_at_once() {
    let world = World::with(|settings| settings.rate.requests = 1_000_000).await;
    let anna = &world.anna.client;
    let mut members = vec![world.boris.id, world.clara.id];
    for number in members.len()..501 {
        let body = json!({"first_name": "M", "email": format!("m{number}@example.com")});
        members.push(id(&anna.post("/v4/members", body).await.ok()));
    }
    anna.post("/v4/roles", json!({"name": "All", "member_add": members})).await.refused(400, "participant_limit_exceeded");
    let role = id(&anna.post("/v4/roles", json!({"name": "All", "member_add": members[..500]})).await.ok());
    let task = id(&anna.create(json!({"text": "For all", "responsible": {"id": role}})).await);
    // Another wrote it: the view is waited for.
    world.app.settled().await;
    assert_eq!((world.boris.client.inbox().await, world.clara.client.inbox().await), (vec![task], vec![task]));
    let path = format!("/v4/roles/{role}");
    put(anna, &path, json!({"member_add": [members[500]]})).await.refused(400, "participant_limit_exceeded");
    put(anna, &path, json!({"member_remove": members[1..500], "member_add": [members[500]]})).await.ok();
    assert_eq!((world.boris.client.inbox().await, world.clara.client.inbox().await), (vec![task], vec![]));
    world.done().await;
}
