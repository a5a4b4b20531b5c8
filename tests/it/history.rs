//! The lists for auditors over HTTP. Which facts are told under which number is tested in `projections`, how notes are kept in
//! `gateway`.

use reqwest::Method;
use serde_json::json;
use tests::{Answer, Client, World, id};

const LISTS: [&str; 7] = [
    "eventhistory",
    "taskaccesshistory",
    "fileaccesshistory",
    "registryaccesshistory",
    "taskexporthistory",
    "registrydownloadhistory",
    "personlastaction",
];
/// Those with a line already in an organisation that was made a moment ago.
const BEGUN: [&str; 2] = ["eventhistory", "personlastaction"];

fn lines(answer: &Answer) -> Vec<Vec<String>> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.header("content-type").starts_with("text/csv"), "clients switch on that");
    // No cell of these tests holds a line break.
    answer.text().lines().map(cells).collect()
}

/// The cells of a line: quoted ones hold doubled quotes.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let cell = cells.last_mut().expect("one at least");
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => cell.extend(characters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells
}

async fn events(client: &Client, query: &str) -> Vec<Vec<String>> {
    lines(&client.get(&format!("/v4/eventhistory?{query}")).await)
}

#[actix_rt::test]
async fn the_lists_are_for_supervisors_alone_and_lie_on_both_origins() {
    let world = World::new().await;
    for list in LISTS {
        for prefix in ["/v4", "/api/v4", ""] {
            let path = format!("{prefix}/{list}");
            world.app.client().get(&path).await.refused(401, "token_not_specified");
            world.boris.client.get(&path).await.refused(403, "access_denied");
            assert!(BEGUN.contains(&list) != lines(&world.anna.client.get(&path).await).is_empty(), "{path}");
        }
        for wrong in ["count=0", "count=100001", "count=x", "after=x"] {
            let answer = world.anna.client.get(&format!("/v4/{list}?{wrong}")).await;
            assert_eq!(answer.status, 400, "{list}?{wrong}: {}", answer.text());
        }
    }
    world.done().await;
}

#[actix_rt::test]
async fn what_happened_is_told_in_one_order_and_whoever_polls_misses_nothing() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let boris = world.boris.id;
    // A wrong password, a change of rights, a sign-in: the log and the access log by turns.
    let wrong = json!({ "login": world.boris.email, "security_key": "wrong" });
    world.app.client().post("/v4/auth", &wrong).await.refused(401, "invalid_credentials");
    // Notes take their place when they are written, which reading the list waits for.
    events(anna, "").await;
    let rights = json!({ "rights": 0x820 | 0x1 }).to_string().into_bytes();
    anna.ask(Method::PUT, &format!("/v4/members/{boris}"), &[("User-Agent", "curl/8.5.0")], Some(rights)).await.ok();
    world.app.client().sign_in(&world.boris.email, &world.boris.key).await;
    let all = events(anna, "").await;
    let numbers: Vec<&str> = all.iter().map(|line| line[1].as_str()).collect();
    assert_eq!(numbers[numbers.len() - 3..], ["13", "49", "12"], "{all:?}");
    let (failed, changed) = (&all[all.len() - 3], &all[all.len() - 2]);
    assert_eq!((failed[3].as_str(), failed[4].as_str()), (boris.to_string().as_str(), world.boris.email.as_str()));
    assert_eq!(failed[6], json!({ "login": world.boris.email }).to_string());
    assert_eq!(
        (changed[3].as_str(), changed[4].as_str(), changed[5].as_str()),
        (world.anna.id.to_string().as_str(), world.anna.email.as_str(), "127.0.0.1")
    );
    assert_eq!(changed[6], json!({ "person_id": boris, "rights": 0x821 }).to_string());
    assert_eq!(changed[7], "curl 8.5.0|curl/8.5.0");
    // One by one is the same as all at once.
    let mut polled = Vec::new();
    let mut after = "0".to_owned();
    loop {
        let page = events(anna, &format!("after={after}&count=1")).await;
        let Some(line) = page.into_iter().next() else { break };
        after.clone_from(&line[0]);
        polled.push(line);
    }
    assert_eq!(polled, all);
    assert!(all.windows(2).all(|pair| pair[0][0].parse::<i64>().unwrap() < pair[1][0].parse::<i64>().unwrap()));
    let named = events(anna, "header=y&count=1").await;
    assert_eq!((named.len(), named[0][0].as_str()), (2, "event_id"));
    // Another organisation has another history.
    assert!(events(&world.elsewhere.client, "").await.iter().all(|line| line[3] != boris.to_string()));
    world.done().await;
}

#[actix_rt::test]
async fn who_was_shown_a_task_is_noted_once_and_who_was_refused_is_not() {
    let world = World::new().await;
    let task = id(&world.anna.client.create(json!({ "text": "Secret", "participants": [{ "id": world.boris.id }] })).await);
    for _ in 0..3 {
        world.boris.client.task(task).await;
    }
    world.clara.client.get(&format!("/v4/tasks/{task}")).await.refused(403, "access_denied_task");
    let read = lines(&world.anna.client.get("/v4/taskaccesshistory").await);
    let shown: Vec<(&str, &str)> = read.iter().map(|line| (line[2].as_str(), line[5].as_str())).collect();
    assert_eq!(shown, [(world.boris.id.to_string().as_str(), task.to_string().as_str())]);
    let after = format!("/v4/taskaccesshistory?after={}", read[0][0]);
    assert_eq!(lines(&world.anna.client.get(&after).await), [[""; 0]; 0]);
    world.done().await;
}

#[actix_rt::test]
async fn who_had_files_registers_and_documents_is_noted_and_who_was_refused_is_not() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let file = anna.upload("plan.txt", b"plan").await;
    let body = json!({ "text": "Plan", "participants": [{ "id": world.boris.id }], "attachments": [file["guid"]] });
    let task = id(&anna.create(body).await);
    let definition = json!({ "fields": [{ "name": "What", "type": "text" }] });
    let form = id(&anna.post("/v4/forms", json!({ "name": "Wishes", "definition": definition })).await.ok());
    anna.post(&format!("/v4/forms/{form}/permissions"), json!({ "permissions": { world.boris.id.to_string(): "manager" } })).await.ok();
    let (by_id, register, print) =
        (format!("/v4/files/download/{}", id(&file)), format!("/v4/forms/{form}/register"), format!("/v4/tasks/{task}/print"));
    let csv = format!("{register}?format=csv");
    for path in [&by_id, &register, &csv, &print] {
        for _ in 0..2 {
            assert_eq!(boris.get(path).await.status, 200, "{path}");
        }
        assert_eq!(clara.get(path).await.status, 403, "{path}");
    }
    // Reads are noted once an hour, which may have ended meanwhile; what is taken away each time.
    for (list, subject, times) in [
        ("fileaccesshistory", id(&file), 1..=2),
        ("registryaccesshistory", form, 1..=2),
        ("registrydownloadhistory", form, 2..=2),
        ("taskexporthistory", task, 2..=2),
    ] {
        let noted = lines(&anna.get(&format!("/v4/{list}")).await);
        assert!(times.contains(&noted.len()), "{list}: {noted:?}");
        for line in &noted {
            assert_eq!((line[2].as_str(), line[5].as_str()), (world.boris.id.to_string().as_str(), subject.to_string().as_str()), "{list}");
        }
    }
    world.done().await;
}

#[actix_rt::test]
async fn everybody_is_listed_with_when_they_were_last_here() {
    let world = World::new().await;
    let added = json!({ "first_name": "=1+1", "email": "dora@example.com" });
    let dora = id(&world.anna.client.post("/v4/members", &added).await.ok());
    let listed = lines(&world.anna.client.get("/v4/personlastaction").await);
    let of = |person: i64| listed.iter().find(|line| line[0] == person.to_string()).unwrap_or_else(|| panic!("{person} in {listed:?}"));
    assert_eq!(listed.len(), 4);
    assert_eq!(of(world.anna.id)[4].len(), "20260302T010203Z".len());
    assert_eq!((of(dora)[2].as_str(), of(dora)[4].as_str()), ("'=1+1", ""), "no formula, and never here");
    world.done().await;
}

#[actix_rt::test]
async fn articles_announcements_and_accounts_are_in_the_history_of_their_organisation() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let topic = anna.post("/v4/knowledgebase", json!({ "type": "topic", "title": "Board" })).await.ok();
    let permissions = json!({ "inherit": false, "readers": [world.boris.id] }).to_string().into_bytes();
    let path = format!("/v4/knowledgebase/{}/permissions", topic["id"].as_str().expect("an id"));
    anna.ask(Method::PUT, &path, &[], Some(permissions)).await.ok();
    let announced = id(&anna.post("/v4/announcements", json!({ "text": "Tea" })).await.ok()["announcement"]);
    anna.ask(Method::DELETE, &format!("/v4/announcements/{announced}"), &[], None).await.ok();
    let invited = anna.post("/v4/invitations", json!({ "email": "dora@example.com" })).await.ok();
    let dora = invited["person_id"].as_i64().expect("an id");
    let token = invited["link"].as_str().and_then(|link| link.split_once("#token=")).expect("a link with a token").1.to_owned();
    let accepted = json!({ "token": token, "password": "correct horse battery staple", "first_name": "Dora" }).to_string().into_bytes();
    world.app.client().ask(Method::PUT, "/v4/invitations", &[], Some(accepted)).await.ok();
    let told = events(anna, "").await;
    let has = |number: &str, who: i64, details: &str| {
        let found = told.iter().any(|line| line[1] == number && line[3] == who.to_string() && line[6].contains(details));
        assert!(found, "{number} by {who} with {details}: {told:?}");
    };
    has("1050", world.anna.id, topic["id"].as_str().expect("an id"));
    has("1053", world.anna.id, &format!("\"reader_ids\":[{}]", world.boris.id));
    has("1060", world.anna.id, &announced.to_string());
    has("1064", world.anna.id, &announced.to_string());
    has("1070", dora, &dora.to_string());
    assert!(events(&world.elsewhere.client, "").await.iter().all(|line| !["1050", "1060", "1070"].contains(&line[1].as_str())));
    world.done().await;
}
