//! Signing a browser in and out, and what its cookie is good for, over HTTP. How sessions are kept is tested in
//! `gateway::identity::sessions`.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Browser, Client, Person, World, id};

const PASSWORD: &str = "correct horse battery";
/// For what is waited for.
const SOON: Duration = Duration::from_secs(20);

/// Gives a person who has none a password.
pub async fn with_password(person: &Person) -> Client {
    let client = person.client.clone();
    client.ask(Method::PUT, "/v4/profile/password", &[], Some(json!({ "password": PASSWORD }).to_string().into_bytes())).await.ok();
    client.sign_in(&person.email, &person.key).await
}

async fn sign_in(browser: &Browser, login: &str, password: &str) -> tests::Answer {
    browser.post("/v4/sessions", json!({ "login": login, "password": password })).await
}

#[actix_rt::test]
async fn a_browser_signs_in_by_password_and_out_again() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let browser = Browser::new(world.app.client());
    let answer = sign_in(&browser, &world.boris.email.to_uppercase(), PASSWORD).await;
    let told = answer.ok();
    assert_eq!(told["session"]["person_id"], world.boris.id);
    assert_eq!(told["session"]["began_with"], "password");
    assert_eq!(told["persons"][0]["organization"], "Acorn");
    let set = answer.header("set-cookie").to_owned();
    for part in ["nashi=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(set.contains(part), "no {part} in {set}");
    }
    assert!(!answer.text().contains(set.split(['=', ';']).nth(1).unwrap()), "the secret is in the cookie alone");
    assert_eq!(browser.get("/v4/profile").await.ok()["person_id"], world.boris.id);
    let session = browser.get("/v4/session").await.ok();
    assert_eq!(session["session"]["session_id"], told["session"]["session_id"]);
    assert_eq!(session["session"]["current"], true);
    // It writes like any other client.
    let task = browser.post("/v4/tasks", json!({ "text": "From a browser" })).await.ok();
    assert_eq!(task["task"]["author"]["id"], world.boris.id);
    let cookie = browser.cookie();
    assert_eq!(browser.with(Method::DELETE, "/v4/session", json!({})).await.ok()["signed_out"], true);
    assert_eq!(browser.cookie(), None, "the browser forgets it");
    browser.get("/v4/profile").await.refused(401, "token_not_specified");
    browser.set_cookie(cookie);
    browser.get("/v4/profile").await.refused(401, "revoked_token");
    world.done().await;
}

#[actix_rt::test]
async fn wrong_passwords_and_unknown_logins_are_refused_alike_and_in_the_end_have_to_wait() {
    let world = World::with(|settings| settings.identity.guesses_per_login = 2).await;
    with_password(&world.boris).await;
    let browser = Browser::new(world.app.client());
    let wrong = sign_in(&browser, &world.boris.email, "wrong password").await;
    wrong.refused(401, "invalid_credentials");
    let unknown = sign_in(&browser, "nobody@example.com", "wrong password").await;
    assert_eq!((unknown.status, unknown.json()), (wrong.status, wrong.json()));
    // Somebody who has a key and no password.
    assert_eq!(sign_in(&browser, &world.clara.email, "").await.json(), wrong.json());
    sign_in(&browser, &world.boris.email, "wrong password").await.refused(401, "invalid_credentials");
    sign_in(&browser, &world.boris.email, PASSWORD).await.refused(429, "too_many_requests");
    assert_eq!(browser.cookie(), None);
    world.done().await;
}

#[actix_rt::test]
async fn what_pages_of_others_send_is_refused() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let browser = Browser::signed_in(world.app.client(), &world.boris.email, PASSWORD).await;
    let base = world.app.client().base().to_owned();
    let ask = async |headers: &[(&str, &str)]| browser.ask(Method::POST, "/v4/tasks", headers, Some(br#"{"text":"x"}"#.to_vec())).await;
    for ours in [[("Sec-Fetch-Site", "same-origin")], [("Origin", base.as_str())], [("Nashi-Request", "1")]] {
        ask(&ours).await.ok();
    }
    for others in [
        vec![],
        vec![("Sec-Fetch-Site", "cross-site")],
        vec![("Sec-Fetch-Site", "same-site")],
        vec![("Sec-Fetch-Site", "none")],
        vec![("Sec-Fetch-Site", "cross-site"), ("Nashi-Request", "1")],
        vec![("Origin", "https://evil.example")],
        vec![("Origin", "null"), ("Nashi-Request", "1")],
    ] {
        ask(&others).await.refused(403, "cross_site_request");
    }
    // Reading changes nothing, and no page of another site can look at the answer.
    let read = browser.ask(Method::GET, "/v4/profile", &[("Sec-Fetch-Site", "cross-site")], None).await;
    read.ok();
    assert_eq!(read.header("cross-origin-resource-policy"), "same-origin");
    assert!(read.find_header("access-control-allow-origin").is_none());
    // Nobody is signed in by another's page, and a program that is no browser needs no header.
    let body = json!({ "login": world.boris.email, "password": PASSWORD }).to_string().into_bytes();
    let stranger = world.app.client();
    stranger
        .ask(Method::POST, "/v4/sessions", &[("Sec-Fetch-Site", "cross-site")], Some(body.clone()))
        .await
        .refused(403, "cross_site_request");
    stranger
        .ask(Method::POST, "/v4/sessions", &[("Origin", "https://evil.example")], Some(body.clone()))
        .await
        .refused(403, "cross_site_request");
    stranger.ask(Method::POST, "/v4/sessions", &[], Some(body)).await.ok();
    world.done().await;
}

#[actix_rt::test]
async fn a_cookie_that_is_cut_forged_or_too_old_is_refused() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let browser = Browser::signed_in(world.app.client(), &world.boris.email, PASSWORD).await;
    let good = browser.cookie().unwrap();
    for bad in [&good[..good.len() - 1], "nashi=", "nashi=x", &format!("{good}A"), &format!("nashi={}", "A".repeat(5_000))] {
        browser.set_cookie(Some(bad.to_owned()));
        browser.get("/v4/profile").await.refused(401, "invalid_token");
    }
    // Of the wrong name it is none.
    browser.set_cookie(Some(good.replace("nashi=", "__Host-nashi=")));
    browser.get("/v4/profile").await.refused(401, "token_not_specified");
    browser.set_cookie(Some(good));
    browser.get("/v4/profile").await.ok();
    sqlx::query("UPDATE session SET seen_at = seen_at - interval '15 days'").execute(world.app.pool()).await.unwrap();
    browser.get("/v4/profile").await.refused(401, "expired_token");
    sqlx::query("UPDATE session SET seen_at = now(), expires_at = now() - interval '1 second'").execute(world.app.pool()).await.unwrap();
    browser.get("/v4/profile").await.refused(401, "expired_token");
    world.done().await;
}

#[actix_rt::test]
async fn a_session_that_nobody_used_for_too_long_is_told_of_once() {
    let world = World::with(|settings| settings.identity.session_sweep_seconds = 1).await;
    with_password(&world.boris).await;
    let browser = Browser::signed_in(world.app.client(), &world.boris.email, PASSWORD).await;
    let other = Browser::signed_in(world.app.client(), &world.boris.email, PASSWORD).await;
    let id = browser.get("/v4/session").await.ok()["session"]["session_id"].as_str().unwrap().to_owned();
    sqlx::query("UPDATE session SET seen_at = seen_at - interval '15 days' WHERE id = $1::uuid")
        .bind(&id)
        .execute(world.app.pool())
        .await
        .unwrap();
    let told = async || world.anna.client.get("/v4/eventhistory?count=1000").await.text();
    let timed_out = |told: &str| told.lines().filter(|line| line.split(',').nth(1) == Some("36")).map(str::to_owned).collect::<Vec<_>>();
    let arrived = async {
        while timed_out(&told().await).is_empty() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(SOON, arrived).await.expect("it was told of");
    // A look later it still is told of once, and only of the one.
    let seen: i64 = count(&world, "SELECT count(*) FROM session WHERE timed_out").await;
    let ended = "SELECT count(*) FROM event WHERE type = 'account.session_ended' AND payload ->> 'why' = 'inactive'";
    assert_eq!((seen, count(&world, ended).await), (1, 1));
    let lines = timed_out(&told().await);
    assert!(lines.len() == 1 && lines[0].contains(&world.boris.email), "{lines:?}");
    browser.get("/v4/profile").await.refused(401, "expired_token");
    other.get("/v4/profile").await.ok();
    // Whatever is allowed later, it stays over.
    sqlx::query("UPDATE session SET seen_at = now()").execute(world.app.pool()).await.unwrap();
    browser.get("/v4/profile").await.refused(401, "expired_token");
    world.done().await;
}

async fn count(world: &World, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(world.app.pool()).await.unwrap()
}

#[actix_rt::test]
async fn each_sign_in_has_a_secret_of_its_own_whatever_the_browser_brought() {
    let world = World::new().await;
    with_password(&world.boris).await;
    with_password(&world.clara).await;
    // Somebody put their own session's cookie into another's browser, or one that they made up.
    let attacker = Browser::signed_in(world.app.client(), &world.clara.email, PASSWORD).await;
    for planted in [attacker.cookie().unwrap(), "nashi=planted".to_owned()] {
        let browser = Browser::new(world.app.client());
        browser.set_cookie(Some(planted.clone()));
        sign_in(&browser, &world.boris.email, PASSWORD).await.ok();
        assert_ne!(browser.cookie().unwrap(), planted);
        attacker.set_cookie(Some(planted.clone()));
        assert_ne!(attacker.get("/v4/profile").await.json()["person_id"], world.boris.id, "{planted}");
    }
    world.done().await;
}

#[actix_rt::test]
async fn sessions_are_listed_and_ended_one_by_one_and_all_at_once() {
    let world = World::with(|settings| settings.identity.sessions_per_account = 3).await;
    with_password(&world.boris).await;
    with_password(&world.clara).await;
    let client = world.app.client();
    let open = async || Browser::signed_in(client, &world.boris.email, PASSWORD).await;
    let (one, two, three) = (open().await, open().await, open().await);
    let listed = one.get("/v4/sessions").await.ok()["sessions"].take();
    assert_eq!(listed.as_array().unwrap().iter().filter(|session| session["current"] == true).count(), 1);
    assert_eq!(listed.as_array().unwrap().len(), 3);
    assert_eq!(listed[0]["address"], "127.0.0.1");
    let ids: Vec<String> = listed.as_array().unwrap().iter().map(|session| session["session_id"].as_str().unwrap().to_owned()).collect();
    let clara = Browser::signed_in(client, &world.clara.email, PASSWORD).await;
    for path in [format!("/v4/sessions/{}", ids[1]), "/v4/sessions/nonsense".to_owned()] {
        clara.with(Method::DELETE, &path, json!({})).await.refused(404, "not_found");
    }
    one.with(Method::DELETE, &format!("/v4/sessions/{}", ids[1]), json!({})).await.ok();
    two.get("/v4/profile").await.refused(401, "revoked_token");
    three.get("/v4/profile").await.ok();
    assert_eq!(one.with(Method::DELETE, "/v4/sessions", json!({})).await.ok()["ended"], 1);
    three.get("/v4/profile").await.refused(401, "revoked_token");
    one.get("/v4/profile").await.ok();
    // The oldest beyond the limit ends.
    for _ in 0..3 {
        open().await;
    }
    one.get("/v4/profile").await.refused(401, "revoked_token");
    clara.get("/v4/profile").await.ok();
    world.done().await;
}

#[actix_rt::test]
async fn a_blocked_person_s_sessions_are_void_and_none_begins() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let browser = Browser::signed_in(world.app.client(), &world.boris.email, PASSWORD).await;
    world.anna.client.ask(Method::DELETE, &format!("/v4/members/{}", world.boris.id), &[], Some(b"{}".to_vec())).await.ok();
    browser.get("/v4/profile").await.refused(401, "account_blocked");
    sign_in(&browser, &world.boris.email, PASSWORD).await.refused(401, "account_blocked");
    sign_in(&browser, &world.boris.email, "wrong password").await.refused(401, "invalid_credentials");
    world.done().await;
}

#[actix_rt::test]
async fn one_human_in_two_organisations_chooses_and_goes_on_as_the_other() {
    let world = World::new().await;
    let twin = json!({ "first_name": "Boris", "last_name": "Too", "email": world.boris.email });
    let twin = id(&world.elsewhere.client.post("/v4/members", twin).await.ok());
    let key = Person::issue_key(&world.elsewhere.client, twin).await;
    let there = world.app.client().sign_in(&world.boris.email, &key).await;
    with_password(&world.boris).await;
    there.ask(Method::PUT, "/v4/profile/password", &[], Some(json!({ "password": PASSWORD }).to_string().into_bytes())).await.ok();
    let browser = Browser::new(world.app.client());
    let choose = sign_in(&browser, &world.boris.email, PASSWORD).await.ok();
    assert_eq!((choose["session"].is_null(), choose["persons"].as_array().unwrap().len()), (true, 2));
    assert_eq!(browser.cookie(), None);
    let with = |person: i64| json!({ "login": world.boris.email, "password": PASSWORD, "person_id": person });
    browser.post("/v4/sessions", with(world.clara.id)).await.refused(403, "access_denied_person");
    browser.post("/v4/sessions", with(twin)).await.ok();
    assert_eq!(browser.get("/v4/profile").await.ok()["person_id"], twin);
    let before = browser.cookie().unwrap();
    let switch = |person: i64| json!({ "person_id": person });
    browser.with(Method::PUT, "/v4/session", switch(world.clara.id)).await.refused(403, "access_denied_person");
    browser.with(Method::PUT, "/v4/session", switch(world.boris.id)).await.ok();
    assert_eq!(browser.get("/v4/profile").await.ok()["organization"]["name"], "Acorn");
    assert_ne!(browser.cookie().unwrap(), before);
    browser.set_cookie(Some(before));
    browser.get("/v4/profile").await.refused(401, "revoked_token");
    // A token is for one person.
    let token = world.app.client().sign_in(&world.boris.email, &world.boris.key).await;
    token.ask(Method::PUT, "/v4/session", &[], Some(switch(twin).to_string().into_bytes())).await.refused(403, "session_required");
    world.done().await;
}

#[actix_rt::test]
async fn the_same_address_with_another_password_is_somebody_else() {
    let world = World::new().await;
    let impostor = json!({ "first_name": "Not", "last_name": "Boris", "email": world.boris.email });
    let impostor = id(&world.elsewhere.client.post("/v4/members", impostor).await.ok());
    let key = Person::issue_key(&world.elsewhere.client, impostor).await;
    let there = world.app.client().sign_in(&world.boris.email, &key).await;
    let set = json!({ "password": "the impostor's own" }).to_string().into_bytes();
    there.ask(Method::PUT, "/v4/profile/password", &[], Some(set)).await.ok();
    with_password(&world.boris).await;
    for (password, person) in [("the impostor's own", impostor), (PASSWORD, world.boris.id)] {
        let browser = Browser::signed_in(world.app.client(), &world.boris.email, password).await;
        let told = browser.get("/v4/session").await.ok();
        assert_eq!(told["persons"].as_array().unwrap().len(), 1, "{told}");
        assert_eq!(told["session"]["person_id"], person);
    }
    world.done().await;
}

#[actix_rt::test]
async fn the_log_tells_of_sessions_and_holds_no_secret() {
    let world = World::new().await;
    with_password(&world.boris).await;
    let browser = Browser::signed_in(world.app.client(), &world.boris.email, PASSWORD).await;
    let secret = browser.cookie().unwrap().replace("nashi=", "");
    browser.with(Method::DELETE, "/v4/session", json!({})).await.ok();
    let events: Vec<(String, String)> = sqlx::query_as("SELECT type, payload::text FROM event WHERE organisation = 0 ORDER BY position")
        .fetch_all(world.app.pool())
        .await
        .unwrap();
    let types: Vec<&str> = events.iter().map(|(event, _)| event.as_str()).collect();
    assert_eq!(types, ["account.created", "account.session_started", "account.session_ended"]);
    let (all,): (Value,) = sqlx::query_as("SELECT json_agg(e)::jsonb FROM event e").fetch_one(world.app.pool()).await.unwrap();
    assert!(!all.to_string().contains(&secret) && !all.to_string().contains(PASSWORD));
    world.done().await;
}
