//! What must not get in: broken bodies, characters that a log cannot hold, wrong types, wrong ids, too much
//! of anything. Each is refused with the dialect's code, and nothing is written.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, World, id};

/// Sends raw bytes to a route.
async fn raw(client: &Client, path: &str, body: impl Into<Vec<u8>>) -> Answer {
    client.ask(Method::POST, path, &[], Some(body.into())).await
}

/// A world, a task in it, and the paths of everything that takes a body.
async fn world_with_task() -> (World, i64, [String; 3]) {
    let world = World::new().await;
    let task = id(&world.anna.client.create(json!({ "text": "Unharmed", "responsible": { "id": world.boris.id } })).await);
    (world, task, ["/v4/tasks".into(), format!("/v4/tasks/{task}/comments"), "/v4/members".into()])
}

#[actix_rt::test]
async fn a_body_that_is_not_an_object_of_json_is_refused() {
    let (world, task, paths) = world_with_task().await;
    let before = world.app.head().await;
    let deep = format!("{{\"text\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_objects = format!("{}1{}", "{\"a\":".repeat(50_000), "}".repeat(50_000));
    for path in &paths {
        for (body, code) in [
            (&b""[..], "empty_body"),
            (b"   \n", "empty_body"),
            (b"{", "invalid_json"),
            (b"{\"text\": \"cut of", "invalid_json"),
            (b"{\"text\": \"a\",}", "invalid_json"),
            (b"{'text': 'a'}", "invalid_json"),
            (b"{\"text\": \"a\"} trailing", "invalid_json"),
            (b"{\"text\": NaN}", "invalid_json"),
            (b"{\"text\": \"\x01\"}", "invalid_json"),
            (b"[]", "invalid_value_format"),
            (b"\"text\"", "invalid_value_format"),
            (b"null", "invalid_value_format"),
            (b"text=a", "invalid_json"),
            (b"{\"text\": \"\xff\xfe\"}", "invalid_request_encoding"),
            (b"{\"text\": \"\xc0\x80\"}", "invalid_request_encoding"),
            (b"\xff\xfe{\x00}\x00", "invalid_request_encoding"),
            (b"{\"text\": \"\xed\xa0\x80\"}", "invalid_request_encoding"),
            (deep.as_bytes(), "invalid_json"),
            (deep_objects.as_bytes(), "invalid_json"),
        ] {
            raw(&world.anna.client, path, body).await.refused(400, code);
        }
    }
    assert_eq!(world.app.head().await, before, "something was written");
    assert_eq!(id(&world.anna.client.task(task).await), task);
    world.done().await;
}

#[actix_rt::test]
async fn a_huge_body_is_refused_before_it_is_read() {
    let (world, _, paths) = world_with_task().await;
    let before = world.app.head().await;
    let long = json!({ "text": "x".repeat(3 * 1024 * 1024) }).to_string();
    // Put together as text: the app inside the test must not stand still for as long as a tree of so many takes.
    let many = format!(r#"{{"text":"x","participants":[{}]}}"#, [r#"{"id":1}"#; 400_000].join(","));
    for path in &paths {
        for body in [&long, &many] {
            // The server may answer and close while we still send; that is a refusal too.
            if let Ok(answer) = world.anna.client.send(Method::POST, path, &[], Some(body.clone().into_bytes())).await {
                answer.refused(400, "too_large_request_length");
            }
        }
    }
    // Within the body's limit, but more than a text may hold.
    let answer = raw(&world.anna.client, "/v4/tasks", json!({ "text": "x".repeat(1_500_000) }).to_string()).await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert_eq!(world.app.head().await, before, "something was written");
    world.done().await;
}

#[actix_rt::test]
async fn a_zero_character_or_half_a_surrogate_pair_is_refused_anywhere() {
    let (world, task, _) = world_with_task().await;
    let before = world.app.head().await;
    for poison in [r"\u0000", r"\ud83d", r"\ude00", r"\ude00\ud83d", r"\uD83Dx"] {
        for (path, body) in [
            ("/v4/tasks", r#"{"text": "a@b"}"#),
            ("/v4/tasks", r#"{"text": "a", "subject": "@"}"#),
            ("/v4/tasks", r#"{"text": "a", "responsible": {"email": "@"}}"#),
            ("/v4/tasks", r#"{"text": "a", "nobody": {"reads": ["this", "@"]}}"#),
            ("/v4/tasks", r#"{"text": "a", "@": 1}"#),
            ("/v4/tasks/{}/comments", r#"{"text": "@"}"#),
            ("/v4/tasks/{}/comments", r#"{"formatted_text": "<b>@</b>"}"#),
            ("/v4/tasks/{}/comments", r#"{"participants_added": [{"email": "@"}]}"#),
            ("/v4/members", r#"{"first_name": "@", "email": "zero@example.com"}"#),
            ("/v4/members", r#"{"first_name": "a", "email": "@"}"#),
            ("/v4/auth", r#"{"login": "@", "security_key": "x"}"#),
        ] {
            let answer = raw(&world.anna.client, &path.replace("{}", &task.to_string()), body.replace('@', poison)).await;
            answer.refused(400, "invalid_value_format");
        }
    }
    // As a byte of the body it is not even JSON; in a query it is a character like any other that is no number.
    assert_eq!(raw(&world.anna.client, "/v4/tasks", b"{\"text\": \"a\0b\"}".to_vec()).await.status, 400);
    world.anna.client.get("/v4/inbox?item_count=%00").await.refused(400, "invalid_value_format");
    assert_eq!(world.app.head().await, before, "something was written");
    // A whole pair, and the text of an escape, are ordinary text.
    let fine = world.anna.client.comment(task, json!({ "text": "🙂 and \\u0000" })).await;
    assert!(fine.to_string().contains("🙂 and \\\\u0000"));
    world.done().await;
}

#[actix_rt::test]
async fn a_wrong_type_in_any_field_of_a_comment_is_refused() {
    let (world, task, _) = world_with_task().await;
    let before = world.app.head().await;
    let path = format!("/v4/tasks/{task}/comments");
    let texts = [json!(7), json!(true), json!(["a"]), json!({ "a": 1 })];
    let numbers = [json!("five"), json!(true), json!([5]), json!({ "a": 5 }), json!(5.5), json!(1e300), json!("")];
    let booleans = [json!("maybe"), json!(2), json!([true]), json!({ "a": true }), json!(0.5)];
    let dates = [json!("tomorrow"), json!(7), json!(true), json!(["2031-05-06"]), json!({}), json!("2031-02-30"), json!("")];
    let person = [
        json!("boris"),
        json!(true),
        json!([true]),
        json!({ "id": true }),
        json!({ "id": "x" }),
        json!({ "id": 1.5 }),
        json!({ "email": 7 }),
    ];
    let mut people: Vec<Value> = person.iter().map(|wrong| json!([wrong])).collect();
    people.extend([json!("boris"), json!(7), json!(true), json!({ "id": world.boris.id })]);
    let mut tried = 0;
    for (fields, wrong) in [
        (&["text", "formatted_text", "subject", "action", "approval_choice"][..], &texts[..]),
        (&["spent_minutes", "duration", "edit_comment_id", "delete_comment_id"], &numbers),
        (&["cancel_due", "cancel_schedule", "skip_satisfaction", "skip_notification", "skip_auto_reopen"], &booleans),
        (&["due_date", "due", "scheduled_date", "scheduled_datetime_utc"], &dates),
        (&["reassign_to"], &person),
        (&["participants_added", "participants_removed", "subscribers_added", "subscribers_removed", "subscribers_rerequested"], &people),
        (&["action", "approval_choice"], &[json!("maybe"), json!(""), json!("Finished")]),
    ] {
        for field in fields {
            for value in wrong {
                // With everything else that the field needs to be read at all.
                let mut body = json!({ "text": "Not to be written" });
                if *field == "duration" {
                    body["due"] = json!("2031-05-06T10:30:00Z");
                }
                if *field == "formatted_text" {
                    body = json!({});
                }
                body[*field] = value.clone();
                let answer = world.anna.client.post(&path, &body).await;
                assert_eq!(
                    (answer.status, &answer.json()["error_code"]),
                    (400, &json!("invalid_value_format")),
                    "{body}: {}",
                    answer.text()
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 100);
    assert_eq!(world.app.head().await, before, "something was written");
    world.done().await;
}

#[actix_rt::test]
async fn a_wrong_type_in_any_field_of_a_task_is_refused() {
    let (world, _, _) = world_with_task().await;
    let before = world.app.head().await;
    for (field, value) in [
        ("text", json!(7)),
        ("subject", json!(["a"])),
        ("responsible", json!(true)),
        ("participants", json!({ "id": world.boris.id })),
        ("subscribers", json!([true])),
        ("parent_task_id", json!("one")),
        ("due_date", json!(20310506)),
        ("due", json!("noon")),
        ("duration", json!("long")),
        ("scheduled_date", json!(true)),
        ("scheduled_datetime_utc", json!([])),
    ] {
        let mut body = json!({ "text": "Not to be written" });
        body[field] = value;
        let answer = world.anna.client.post("/v4/tasks", &body).await;
        assert_eq!((answer.status, &answer.json()["error_code"]), (400, &json!("invalid_value_format")), "{body}: {}", answer.text());
    }
    assert_eq!(world.app.head().await, before, "something was written");
    world.done().await;
}

#[actix_rt::test]
async fn an_id_that_is_no_number_is_malformed_and_one_that_nobody_has_is_denied() {
    let (world, _, _) = world_with_task().await;
    let anna = &world.anna.client;
    for wrong in ["x", "1.5", "1e3", "0x1", "%00", "1%20", "99999999999999999999", "--1", "%F0%9F%99%82"] {
        anna.get(&format!("/v4/tasks/{wrong}")).await.refused(400, "invalid_value_format");
        anna.post(&format!("/v4/tasks/{wrong}/comments"), json!({ "text": "a" })).await.refused(400, "invalid_value_format");
        anna.get(&format!("/v4/members/{wrong}")).await.refused(400, "invalid_value_format");
    }
    for nobodys in [2_147_483_647_i64, 2_147_483_648, i64::MAX] {
        anna.get(&format!("/v4/tasks/{nobodys}")).await.refused(403, "access_denied_task");
        anna.post(&format!("/v4/tasks/{nobodys}/comments"), json!({ "text": "a" })).await.refused(403, "access_denied_task");
        anna.get(&format!("/v4/members/{nobodys}")).await.refused(403, "access_denied_person");
    }
    world.done().await;
}

#[actix_rt::test]
async fn people_and_comments_that_nobody_knows_are_refused_by_name() {
    let (world, task, _) = world_with_task().await;
    let before = world.app.head().await;
    let path = format!("/v4/tasks/{task}/comments");
    for (body, code) in [
        (json!({ "reassign_to": { "id": 999_999_999 } }), "invalid_person_id"),
        (json!({ "participants_added": [{ "id": world.elsewhere.id }] }), "invalid_person_id"),
        (json!({ "subscribers_added": [{ "email": "nobody@example.com" }] }), "invalid_email"),
        (json!({ "reassign_to": { "id": world.boris.id, "email": world.clara.email } }), "invalid_person_id_email"),
        (json!({ "participants_added": [{}] }), "person_identity_missing"),
        (json!({ "text": "a", "formatted_text": "b" }), "both_text_and_formatted_text_specified"),
        (json!({ "due": "2031-05-06T10:30:00Z", "duration": -1 }), "negative_duration"),
        (json!({ "due": "2031-05-06T10:30:00Z", "duration": 525_601 }), "duration_is_too_long"),
        (json!({ "duration": 30 }), "due_missing"),
        (json!({ "scheduled_date": "2001-01-01" }), "scheduled_date_in_past"),
    ] {
        let answer = world.anna.client.post(&path, &body).await;
        assert_eq!((answer.status, &answer.json()["error_code"]), (400, &json!(code)), "{body}: {}", answer.text());
    }
    for body in [json!({ "text": "a", "edit_comment_id": 999_999_999 }), json!({ "delete_comment_id": 999_999_999 })] {
        let answer = world.anna.client.post(&path, &body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
    }
    assert_eq!(world.app.head().await, before, "something was written");
    world.done().await;
}

#[actix_rt::test]
async fn a_thousand_mentions_of_a_few_are_one_comment_and_of_a_thousand_are_refused() {
    let (world, task, _) = world_with_task().await;
    let mention = |person: i64| format!("<span data-personid=\"{person}\">Somebody</span> ");
    // The same few, over and over: each takes part once.
    let again = world.anna.client.comment(task, json!({ "formatted_text": mention(world.clara.id).repeat(1_000) })).await;
    let comment = again["comments"].as_array().and_then(|all| all.last()).cloned().unwrap_or_default();
    assert_eq!(comment["mentions"], json!([world.clara.id]));
    world.app.settled().await;
    assert!(world.clara.client.inbox().await.contains(&task));
    // A thousand different ones are more than one request may name, whoever they are.
    let strangers: String = (900_000_000..900_001_000).chain([world.elsewhere.id]).map(mention).collect();
    let answer = world.anna.client.post(&format!("/v4/tasks/{task}/comments"), json!({ "formatted_text": strangers })).await;
    answer.refused(400, "participant_limit_exceeded");
    // And one whom nobody knows here is refused, an acquaintance of another organisation no less.
    for nobody in [900_000_000, world.elsewhere.id] {
        let body = json!({ "formatted_text": mention(nobody) });
        world.anna.client.post(&format!("/v4/tasks/{task}/comments"), body).await.refused(400, "invalid_person_id");
    }
    assert_eq!(world.elsewhere.client.inbox().await, [] as [i64; 0]);
    world.done().await;
}
