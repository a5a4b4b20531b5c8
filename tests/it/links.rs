//! Links that let somebody in once: resetting a password, accepting an invitation, setting an installation up. How tickets are kept is
//! tested in `gateway::identity::tickets`.

use domain::organisation::Settings;
use domain::person::{Added, Command, PersonKind, Profile, rights};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Browser, Client, Person, TestApp, World, as_the_system, id};

use crate::sessions::with_password;

const PASSWORD: &str = "correct horse battery";
const NEW: &str = "another horse battery";

/// The secret of a link.
fn token(link: &Value) -> String {
    link.as_str().expect("a link").split_once("#token=").expect("with a token").1.to_owned()
}

async fn put(client: &Client, path: &str, body: Value) -> Answer {
    client.nobody().ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await
}

/// What `nashi admin password reset-link` prints.
async fn reset_token(world: &World, person: &Person) -> String {
    let node = world.app.node();
    let found = node.resettable(&node.world.latest(), &person.email).await.expect("the log is read");
    node.reset_ticket(found.first().expect("somebody")).await.expect("a ticket").expose().to_owned()
}

#[actix_rt::test]
async fn a_changed_password_ends_all_sessions_but_goes_on_where_it_was_changed() {
    let world = World::new().await;
    let token = with_password(&world.boris).await;
    let client = world.app.client();
    let (here, there) =
        (Browser::signed_in(client, &world.boris.email, PASSWORD).await, Browser::signed_in(client, &world.boris.email, PASSWORD).await);
    let before = here.cookie().unwrap();
    let change = |current: &str| json!({ "current_password": current, "password": NEW });
    here.with(Method::PUT, "/v4/profile/password", change("wrong one")).await.refused(401, "invalid_credentials");
    here.with(Method::PUT, "/v4/profile/password", change(PASSWORD)).await.ok();
    assert_ne!(here.cookie().unwrap(), before);
    here.get("/v4/profile").await.ok();
    there.get("/v4/profile").await.refused(401, "revoked_token");
    token.get("/v4/profile").await.refused(401, "revoked_token");
    here.set_cookie(Some(before));
    here.get("/v4/profile").await.refused(401, "revoked_token");
    here.post("/v4/sessions", json!({ "login": world.boris.email, "password": PASSWORD })).await.refused(401, "invalid_credentials");
    Browser::signed_in(client, &world.boris.email, NEW).await;
    world.done().await;
}

#[actix_rt::test]
async fn a_link_resets_a_password_once() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let client = world.app.client();
    let browser = Browser::signed_in(client, &world.boris.email, PASSWORD).await;
    let (first, second) = (reset_token(&world, &world.boris).await, reset_token(&world, &world.boris).await);
    let reset = |token: &str| json!({ "token": token, "password": NEW });
    put(client, "/v4/password_reset", json!({ "token": first, "password": "short" })).await.refused(400, "invalid_value_format");
    for bad in ["", "guess", &first[..first.len() - 1], &format!("{first}A")] {
        put(client, "/v4/password_reset", reset(bad)).await.refused(401, "invalid_ticket");
    }
    assert_eq!(put(client, "/v4/password_reset", reset(&first)).await.ok()["login"], world.boris.email);
    browser.get("/v4/profile").await.refused(401, "revoked_token");
    // Neither it nor any that was made before.
    put(client, "/v4/password_reset", reset(&first)).await.refused(401, "invalid_ticket");
    put(client, "/v4/password_reset", reset(&second)).await.refused(401, "invalid_ticket");
    Browser::signed_in(client, &world.boris.email, NEW).await;
    // Too late is too late, and the blocked stay out.
    let late = reset_token(&world, &world.boris).await;
    sqlx::query("UPDATE ticket SET expires_at = now()").execute(world.app.pool()).await.unwrap();
    put(client, "/v4/password_reset", reset(&late)).await.refused(401, "invalid_ticket");
    let blocked = reset_token(&world, &world.boris).await;
    world.anna.client.ask(Method::DELETE, &format!("/v4/members/{}", world.boris.id), &[], Some(b"{}".to_vec())).await.ok();
    put(client, "/v4/password_reset", reset(&blocked)).await.refused(401, "invalid_ticket");
    world.done().await;
}

#[actix_rt::test]
async fn nobody_learns_from_a_reset_whether_an_address_exists() {
    let world = World::with(|settings| settings.identity.guesses_per_login = 2).await;
    with_password(&world.boris).await;
    let client = world.app.client().nobody();
    let mut answers = Vec::new();
    for login in [world.boris.email.as_str(), "nobody@example.com", "", world.boris.email.as_str(), world.boris.email.as_str()] {
        answers.push(client.post("/v4/password_reset", json!({ "login": login })).await.ok());
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    world.done().await;
}

#[actix_rt::test]
async fn who_changes_somebody_s_address_gets_no_link_to_their_account() {
    let world = World::new().await;
    with_password(&world.boris).await;
    Browser::signed_in(world.app.client(), &world.boris.email, PASSWORD).await;
    let moved = json!({ "email": "anna+boris@example.com" }).to_string().into_bytes();
    world.anna.client.ask(Method::PUT, &format!("/v4/members/{}", world.boris.id), &[], Some(moved)).await.ok();
    let node = world.app.node();
    assert!(node.resettable(&node.world.latest(), "anna+boris@example.com").await.unwrap().is_empty());
    world.done().await;
}

#[actix_rt::test]
async fn an_invitation_is_accepted_once_with_a_name_and_a_password() {
    let world = World::new().await;
    let invited = world.anna.client.post("/v4/invitations", json!({ "email": "nina@example.com" })).await.ok();
    let listed = world.anna.client.get("/v4/invitations").await.ok()["invitations"].take();
    assert_eq!((listed[0]["email"].as_str(), listed[0]["link"].is_null()), (Some("nina@example.com"), true));
    let accept = json!({ "token": token(&invited["link"]), "password": PASSWORD, "first_name": "Nina", "last_name": "Novak" });
    let browser = Browser::new(world.app.client());
    let told = browser.with(Method::PUT, "/v4/invitations", accept.clone()).await.ok();
    assert_eq!(told["session"]["began_with"], "invitation");
    let profile = browser.get("/v4/profile").await.ok();
    assert_eq!((profile["first_name"].as_str(), profile["person_id"].as_i64()), (Some("Nina"), invited["person_id"].as_i64()));
    Browser::new(world.app.client()).with(Method::PUT, "/v4/invitations", accept).await.refused(401, "invalid_ticket");
    Browser::signed_in(world.app.client(), "nina@example.com", PASSWORD).await;
    assert_eq!(world.anna.client.get("/v4/invitations").await.ok()["invitations"], json!([]));
    // Nobody makes a link to somebody who is in.
    let path = format!("/v4/invitations/{}", invited["person_id"]);
    world.anna.client.post(&path, json!({})).await.refused(403, "access_denied_person");
    world.anna.client.post(&format!("/v4/invitations/{}", world.boris.id), json!({})).await.refused(403, "access_denied_person");
    world.done().await;
}

#[actix_rt::test]
async fn of_two_invitations_for_one_address_at_once_one_wins() {
    let world = World::new().await;
    let body = json!({ "email": "nina@example.com" });
    let (one, two) = tokio::join!(
        world.anna.client.post("/v4/invitations", body.clone()),
        world.anna.client.post("/v4/invitations", json!({ "email": "NINA@example.com" }))
    );
    let (won, lost) = if one.status == 200 { (one, two) } else { (two, one) };
    won.ok();
    lost.refused(400, "person_email_already_in_use");
    world.done().await;
}

#[actix_rt::test]
async fn only_those_who_may_invite_invite_and_a_revoked_link_is_void() {
    let world = World::new().await;
    let anna = &world.anna.client;
    world.boris.client.post("/v4/invitations", json!({ "email": "nina@example.com" })).await.refused(403, "access_denied");
    world.boris.client.get("/v4/invitations").await.refused(403, "access_denied");
    let invited = anna.post("/v4/invitations", json!({ "email": "nina@example.com" })).await.ok();
    let path = format!("/v4/invitations/{}", invited["person_id"]);
    for stranger in [&world.boris.client, &world.elsewhere.client] {
        assert_eq!(stranger.post(&path, json!({})).await.status, 403);
        assert_eq!(stranger.ask(Method::DELETE, &path, &[], Some(b"{}".to_vec())).await.status, 403);
    }
    let again = anna.post(&path, json!({})).await.ok();
    let accept = |link: &Value| json!({ "token": token(link), "password": PASSWORD });
    put(anna, "/v4/invitations", accept(&invited["link"])).await.refused(401, "invalid_ticket");
    assert_eq!(anna.ask(Method::DELETE, &path, &[], Some(b"{}".to_vec())).await.ok()["revoked"], true);
    put(anna, "/v4/invitations", accept(&again["link"])).await.refused(401, "invalid_ticket");
    world.done().await;
}

#[actix_rt::test]
async fn who_is_signed_in_accepts_with_the_account_that_they_have() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let browser = Browser::signed_in(world.app.client(), &world.boris.email, PASSWORD).await;
    let invited = world.elsewhere.client.post("/v4/invitations", json!({ "email": "boris@birch.example" })).await.ok();
    let told = browser.with(Method::PUT, "/v4/invitations", json!({ "token": token(&invited["link"]) })).await.ok();
    assert_eq!(told["session"]["person_id"], invited["person_id"]);
    assert_eq!(told["persons"].as_array().unwrap().len(), 2);
    browser.with(Method::PUT, "/v4/session", json!({ "person_id": world.boris.id })).await.ok();
    assert_eq!(browser.get("/v4/profile").await.ok()["person_id"], world.boris.id);
    world.done().await;
}

#[actix_rt::test]
async fn an_invitation_whose_linking_is_refused_stays_good() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let browser = Browser::signed_in(world.app.client(), &world.boris.email, PASSWORD).await;
    let invited = world.anna.client.post("/v4/invitations", json!({ "email": "boris+two@example.com" })).await.ok();
    let accept = json!({ "token": token(&invited["link"]), "password": PASSWORD });
    // An account stands for one person an organisation.
    browser.with(Method::PUT, "/v4/invitations", accept.clone()).await.refused(409, "conflict");
    let told = Browser::new(world.app.client()).with(Method::PUT, "/v4/invitations", accept).await.ok();
    assert_eq!(told["session"]["person_id"], invited["person_id"]);
    world.done().await;
}

#[actix_rt::test]
async fn an_installation_is_set_up_once_by_who_has_the_printed_link() {
    let app = TestApp::start(|_| {}).await;
    let client = app.client();
    assert_eq!(client.get("/v4/set_up").await.ok()["needed"], true);
    let first = app.node().set_up_ticket().await.unwrap().expose().to_owned();
    let printed = app.node().set_up_ticket().await.unwrap().expose().to_owned();
    let body = |token: &str| json!({ "token": token, "organization": "Acorn", "email": "anna@example.com", "first_name": "Anna", "password": PASSWORD });
    let browser = Browser::new(client);
    for bad in ["guess", &first] {
        browser.post("/v4/set_up", body(bad)).await.refused(401, "invalid_ticket");
    }
    // What is refused leaves the token as it was.
    for (name, value, code) in [
        ("email", "anna", "incorrect_email_format"),
        ("first_name", "An\0na", "invalid_value_format"),
        ("organization", "Ac\0orn", "invalid_value_format"),
        ("time_zone", "Mars/Base", "invalid_input"),
        ("password", "short", "invalid_value_format"),
    ] {
        let mut bad = body(&printed);
        bad[name] = value.into();
        browser.post("/v4/set_up", bad).await.refused(400, code);
    }
    assert_eq!(client.get("/v4/set_up").await.ok()["needed"], true);
    let told = browser.post("/v4/set_up", body(&printed)).await.ok();
    assert_eq!(told["session"]["began_with"], "set_up");
    let member = browser.get(&format!("/v4/members/{}", told["session"]["person_id"])).await.ok();
    assert_eq!(member["rights"], 0xfff);
    assert_eq!(client.get("/v4/set_up").await.ok()["needed"], false);
    browser.post("/v4/set_up", body(&printed)).await.refused(401, "invalid_ticket");
    let another = app.node().set_up_ticket().await.unwrap().expose().to_owned();
    browser.post("/v4/set_up", body(&another)).await.refused(409, "conflict");
    assert!(id(&browser.post("/v4/tasks", json!({ "text": "First" })).await.ok()["task"]) > 0);
    app.done().await;
}

#[actix_rt::test]
async fn a_set_up_that_was_broken_off_is_gone_on_with() {
    let app = TestApp::start(|_| {}).await;
    let (client, node) = (app.client(), app.node());
    let settings = Settings { name: "Acorn".into(), time_zone: "Etc/UTC".into(), locale: "en-US".into() };
    // As far as it got: an organisation, and an administrator who has nothing to sign in with.
    let organisation = node.found_organisation(as_the_system, settings).await.unwrap();
    let profile = Profile { email: "anna@example.com".into(), first_name: "Anna".into(), ..Profile::default() };
    let added = Added { kind: PersonKind::User, rights: rights::ADMINISTRATOR, profile };
    let done = node.add_person(as_the_system(organisation), Command::Add(Box::new(added))).await.unwrap();
    assert_eq!(client.get("/v4/set_up").await.ok()["needed"], true);
    let printed = node.set_up_ticket().await.unwrap().expose().to_owned();
    let browser = Browser::new(client);
    let body =
        json!({ "token": printed, "organization": "Acorn", "email": "anna@example.com", "first_name": "Anna", "password": PASSWORD });
    let told = browser.post("/v4/set_up", body).await.ok();
    assert_eq!(told["session"]["organization_id"], organisation.0);
    assert_eq!(told["session"]["person_id"], done.stream.id);
    assert_eq!(node.world.latest().organisations().count(), 1);
    assert_eq!(client.get("/v4/set_up").await.ok()["needed"], false);
    app.done().await;
}
