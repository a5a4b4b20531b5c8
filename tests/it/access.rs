//! Who may call what: every route is closed to strangers, tasks to those they are not for, and organisations
//! to each other. The rules themselves are tested in `domain::task::access`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, World, id};

/// Routes that are meant for anybody, and why.
const OPEN: &[&str] = &[
    "/auth",             // where a person stops being a stranger
    "POST /v4/sessions", // and a browser
    "POST /v4/sessions/second_factor",
    "POST /v4/sessions/passkey",
    "PUT /v4/sessions/passkey",
    "POST /v4/qr_sign_in",
    "PUT /v4/qr_sign_in/{id}",
    "POST /v4/password_reset",
    "PUT /v4/password_reset",
    "PUT /v4/invitations", // with the token of a link
    "GET /v4/set_up",
    "POST /v4/set_up", // with the token that is printed at the start
    "/livez",          // asked by what restarts the process
    "/readyz",         // asked by load balancers
    "/metrics",        // kept to loopback or an address of its own
    "/openapi.json",   // the same for everybody
];

#[actix_rt::test]
async fn no_route_of_the_document_answers_a_stranger() {
    let world = World::new().await;
    let document = world.anna.client.get("/openapi.json").await.ok();
    let mut closed = 0;
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        if OPEN.iter().any(|open| open.starts_with('/') && path.ends_with(open)) {
            continue;
        }
        for method in methods.as_object().into_iter().flatten().map(|(method, _)| method) {
            let Ok(method) = Method::from_bytes(method.to_uppercase().as_bytes()) else { continue };
            if OPEN.contains(&format!("{method} {path}").as_str()) {
                continue;
            }
            let path = filled(path);
            let body = (method != Method::GET).then(|| b"{}".to_vec());
            let nobody = world.app.client().ask(method.clone(), &path, &[], body.clone()).await;
            nobody.refused(401, "token_not_specified");
            let forger = world.app.client().with_token("gAAAAAforged").ask(method, &path, &[], body).await;
            forger.refused(401, "invalid_token");
            closed += 1;
        }
    }
    assert!(closed >= 10, "only {closed} routes are in the document");
    world.done().await;
}

/// The path of a document with a number in every place that waits for one.
fn filled(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect::<Vec<_>>().join("/")
}

#[actix_rt::test]
async fn a_stranger_cannot_tell_a_task_from_one_that_does_not_exist() {
    let world = World::new().await;
    let task = id(&world.anna.client.create(json!({ "text": "Ours", "responsible": { "id": world.boris.id } })).await);
    // A colleague who is not on the task, and the administrator of another organisation.
    for stranger in [&world.clara.client, &world.elsewhere.client] {
        for (method, path, body) in [
            (Method::GET, "/v4/tasks/{}", None),
            (Method::POST, "/v4/tasks/{}/comments", Some(json!({ "text": "Hello" }))),
            (Method::POST, "/v4/tasks/{}/comments", Some(json!({ "participants_added": [{ "id": world.clara.id }] }))),
            (Method::DELETE, "/v4/tasks/{}", None),
        ] {
            let ask = async |task: i64| {
                let body = body.as_ref().map(|body: &Value| body.to_string().into_bytes());
                stranger.ask(method.clone(), &path.replace("{}", &task.to_string()), &[], body).await
            };
            let (there, nowhere) = (ask(task).await, ask(2_000_000_000).await);
            there.refused(403, "access_denied_task");
            assert_eq!(there.json(), nowhere.json(), "{method} {path} tells them apart");
        }
    }
    assert_eq!(world.anna.client.task(task).await["comments"].as_array().map_or(0, Vec::len), written(&world, task).await);
    world.done().await;
}

/// How many comments the responsible sees: the same as everybody else on the task.
async fn written(world: &World, task: i64) -> usize {
    world.boris.client.task(task).await["comments"].as_array().map_or(0, Vec::len)
}

#[actix_rt::test]
async fn who_leaves_a_task_no_longer_reads_it() {
    let world = World::new().await;
    let (anna, clara) = (&world.anna.client, &world.clara.client);
    let task = id(&anna.create(json!({ "text": "For a while", "participants": [{ "id": world.clara.id }] })).await);
    assert_eq!(id(&clara.task(task).await), task);
    anna.comment(task, json!({ "participants_removed": [{ "id": world.clara.id }] })).await;
    clara.get(&format!("/v4/tasks/{task}")).await.refused(403, "access_denied_task");
    world.done().await;
}

#[actix_rt::test]
async fn organisations_do_not_see_each_other() {
    let world = World::new().await;
    let (anna, elsewhere) = (&world.anna, &world.elsewhere);
    for path in ["/v4/contacts", "/v4/members", "/v4/profile", "/v4/contacts?include_inactive=true"] {
        let answer = elsewhere.client.get(path).await;
        answer.ok();
        for person in [anna, &world.boris, &world.clara] {
            assert!(!answer.text().contains(&person.email), "{path} shows {} to another organisation", person.email);
        }
        assert!(answer.text().contains(&elsewhere.email), "{path} does not show their own");
    }
    elsewhere.client.get(&format!("/v4/members/{}", anna.id)).await.refused(403, "access_denied_person");
    let put = elsewhere.client.ask(Method::PUT, &format!("/v4/members/{}", anna.id), &[], Some(b"{\"position\":\"x\"}".to_vec())).await;
    put.refused(403, "access_denied_person");

    // Naming a foreign person works no better by address than by id, and says no more than for one that nobody has.
    for (field, value) in [("responsible", json!({ "id": anna.id })), ("participants", json!([{ "id": anna.id }]))] {
        let body = json!({ "text": "Come over", field: value });
        elsewhere.client.post("/v4/tasks", &body).await.refused(400, "invalid_person_id");
    }
    let by_address = json!({ "text": "Come over", "responsible": { "email": anna.email } });
    elsewhere.client.post("/v4/tasks", &by_address).await.refused(400, "invalid_email");

    let theirs = id(&elsewhere.client.create(json!({ "text": "Theirs" })).await);
    anna.client.get(&format!("/v4/tasks/{theirs}")).await.refused(403, "access_denied_task");
    assert_eq!(anna.client.inbox().await, [] as [i64; 0]);
    world.done().await;
}

#[actix_rt::test]
async fn only_those_who_manage_people_change_members() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let path = format!("/v4/members/{}", world.clara.id);
    let new = json!({ "first_name": "New", "last_name": "One", "email": "new.one@example.com" });
    boris.post("/v4/members", &new).await.refused(403, "access_denied");
    send(boris, Method::PUT, &path, &json!({ "rights": 4095 })).await.refused(403, "access_denied");
    send(boris, Method::DELETE, &path, &json!({})).await.refused(403, "access_denied");

    let added = world.anna.client.post("/v4/members", &new).await.ok();
    assert_eq!(added["email"], "new.one@example.com");
    let changed = send(&world.anna.client, Method::PUT, &format!("/v4/members/{}", id(&added)), &json!({ "position": "Clerk" })).await.ok();
    assert_eq!(changed["position"], "Clerk");
    let members = boris.get("/v4/members").await.ok();
    assert!(members["members"].as_array().is_some_and(|all| all.iter().any(|one| id(one) == id(&added) && one["position"] == "Clerk")));
    let blocked = send(&world.anna.client, Method::DELETE, &format!("/v4/members/{}", id(&added)), &json!({})).await.ok();
    assert_eq!(blocked["banned"], true);
    world.done().await;
}

async fn send(client: &Client, method: Method, path: &str, body: &Value) -> tests::Answer {
    client.ask(method, path, &[], Some(body.to_string().into_bytes())).await
}
