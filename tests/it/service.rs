//! What operators and clients rely on around every request: health, metrics, the document, the envelope, the
//! rate limit.

use reqwest::Method;
use serde_json::json;
use tests::World;

#[actix_rt::test]
async fn health_metrics_and_the_document_are_there() {
    let world = World::new().await;
    let anybody = world.app.client();
    assert_eq!(anybody.get("/livez").await.status, 200);
    assert_eq!(anybody.get("/readyz").await.status, 200);
    world.anna.client.create(json!({ "text": "Counted" })).await;
    let metrics = anybody.get("/metrics").await;
    assert_eq!(metrics.status, 200);
    assert!(metrics.header("content-type").starts_with("text/plain"));
    let lines: Vec<String> = metrics.text().lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    assert!(lines.iter().any(|line| line.starts_with("nashi_") && line.contains("tasks")), "no request is counted: {lines:#?}");
    for person in [&world.anna, &world.boris] {
        assert!(!metrics.text().contains(&person.email), "metrics hold personal data");
    }
    let document = anybody.get("/openapi.json").await.ok();
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.")));
    assert_eq!(document["info"]["title"], "Nashi");
    world.done().await;
}

#[actix_rt::test]
async fn a_path_or_a_method_that_is_not_there_is_said_in_the_envelope() {
    let world = World::new().await;
    let anna = &world.anna.client;
    for path in ["/v4/nothing", "/v4", "/api/v4/", "/v4/tasks/1/nothing", "/v3/tasks/1"] {
        anna.get(path).await.refused(404, "not_found");
    }
    for (method, path) in [(Method::PATCH, "/v4/tasks/1"), (Method::DELETE, "/v4/inbox"), (Method::PUT, "/v4/tasks")] {
        anna.ask(method, path, &[], Some(b"{}".to_vec())).await.refused(405, "method_not_allowed");
    }
    world.done().await;
}

#[actix_rt::test]
async fn an_error_is_told_in_the_askers_language() {
    let world = World::new().await;
    let path = "/v4/tasks/2000000000";
    let answer = world.app.client().ask(Method::GET, path, &[("Accept-Language", "ru-RU,ru;q=0.9")], None).await;
    answer.refused(401, "token_not_specified");
    assert!(answer.text().contains("токена"), "{}", answer.text());
    let english = world.app.client().ask(Method::GET, path, &[("Accept-Language", "de")], None).await;
    assert!(english.text().contains("token"), "{}", english.text());
    world.done().await;
}

#[actix_rt::test]
async fn the_rate_limit_is_told_counts_down_and_holds() {
    let world = World::with(|settings| settings.rate.requests = 30).await;
    let boris = &world.boris.client;
    let left = |answer: &tests::Answer| answer.header("x-ratelimit-remaining").parse::<u32>().expect("a number");
    let first = boris.get("/v4/profile").await;
    assert_eq!(first.header("x-ratelimit-limit"), "30");
    assert!(first.header("x-ratelimit-reset").parse::<u64>().is_ok_and(|seconds| (1..=600).contains(&seconds)));
    let second = boris.get("/v4/tasks/2000000000").await;
    assert_eq!(left(&second) + 1, left(&first), "a refusal counts too");
    for _ in 0..left(&second) {
        boris.get("/v4/profile").await.ok();
    }
    let over = boris.get("/v4/profile").await;
    over.refused(429, "too_many_requests");
    assert_eq!(left(&over), 0);
    assert!(over.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 1));
    // Each person has their own.
    world.clara.client.get("/v4/profile").await.ok();
    world.done().await;
}

#[actix_rt::test]
async fn no_answer_may_be_kept_or_framed() {
    let world = World::new().await;
    let answer = world.anna.client.get("/v4/profile").await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("content-type").starts_with("application/json"));
    assert!(answer.find_header("access-control-allow-origin").is_none());
    world.done().await;
}
