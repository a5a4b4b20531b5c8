//! `nashi demo`: the real binary makes a company, and the API shows it as people would see it.

use serde_json::Value;
use tests::{Browser, Installation, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demonstration_is_a_company_with_a_past_and_an_intact_log() {
    let installation = Installation::on_test_postgres().await;
    let printed = installation.run(&["demo", "--months", "1", "--scale", "0.1", "--language", "ru", "--json"]).await;
    let made: Value = serde_json::from_str(printed.lines().last().unwrap_or_default()).expect("one line of JSON");
    assert_eq!(made["persons"], 40);
    let tasks = made["tasks"].as_u64().expect("a count");
    assert!(installation.run(&["audit", "verify"]).await.contains("as it was written"));
    // Nobody's work is mixed with it, and it is not made twice.
    assert!(installation.refused(&["demo"]).await.contains("holds events"));

    let serving = installation.serve().await;
    let browser = Browser::new(&installation.client());
    let (login, password) = (made["login"].as_str().expect("a login"), made["password"].as_str().expect("a password"));
    browser.post("/v4/sessions", serde_json::json!({ "login": login, "password": password })).await.ok();
    let forms = browser.get("/v4/forms").await.ok();
    let forms = forms["forms"].as_array().expect("forms");
    assert_eq!(forms.len(), 5);
    assert!(forms.iter().any(|form| form["name"] == "Заявка на закупку"));
    let mut seen = Vec::new();
    for form in forms {
        let register = browser.get(&format!("/v4/forms/{}/register?include_archived=y", id(form))).await.ok();
        seen.extend(register["tasks"].as_array().expect("tasks").iter().cloned());
    }
    assert!(seen.len() as u64 > tasks / 2, "{} of {tasks}", seen.len());
    assert!(seen.iter().any(|task| task.get("close_date").is_some()) && seen.iter().any(|task| task.get("close_date").is_none()));
    let papers = seen.iter().flat_map(|task| task["fields"].as_array().into_iter().flatten()).find(|field| field["name"] == "Документы");
    let papers = papers.and_then(|field| field["value"].get(0)).map(|file| file["url"].as_str().expect("an address").to_owned());
    let paper = browser.get(&papers.expect("a contract has its draft")).await;
    assert!(paper.status == 200 && paper.text().starts_with("ДОГОВОР"), "{}", paper.text());
    // A month of it: the oldest is of weeks before the newest, and (below) nothing lies ahead.
    let mut days: Vec<&str> = seen.iter().filter_map(|task| task["create_date"].as_str()?.get(..10)).collect();
    days.sort_unstable();
    days.dedup();
    assert!(days.len() > 5, "{days:?}");
    // What it was made with is void: only the password that was told lets in.
    let pool = installation.database.as_ref().expect("a database").pool(1).await;
    let stale = "SELECT count(*) FROM token t JOIN password p USING (person) WHERE NOT t.revoked AND t.position > p.position";
    assert_eq!(sqlx::query_scalar::<_, i64>(stale).fetch_one(&pool).await.expect("counted"), 0);
    installation.client().sign_in(login, made["security_key"].as_str().expect("a key")).await.get("/v4/profile").await.ok();
    let ahead: i64 = sqlx::query_scalar("SELECT count(*) FROM event WHERE at > clock_timestamp()").fetch_one(&pool).await.expect("counted");
    assert_eq!(ahead, 0);
    pool.close().await;
    serving.stop().await;
}
