//! Two real nodes on a real NATS: how they sign in there, what they say when they cannot, and what must not matter to
//! them: another version, a clock that is wrong, a schema that is ahead. What happens when parts fail is in `tests/chaos`.

use std::time::Duration;

use serde_json::{Value, json};
use sqlx::Executor;
use tests::{Access, Events, Installation, Nats, Person, Serving, id};

/// Longer than two nodes take to find each other.
const PATIENCE: Duration = Duration::from_secs(30);

/// A node's settings, on a database and a NATS that it shares with others.
fn node(name: &str, database: &str, nats: &Nats) -> Installation {
    let mut node = Installation::on_postgres(database);
    node.set("NASHI__NODE__NAME", name);
    node.set("NASHI__NATS__URL", &nats.url(nats.address));
    for (key, value) in nats.credentials() {
        node.set(key, value);
    }
    node
}

/// What `nashi nodes --json` says.
async fn nodes(asked: &Installation) -> Vec<Value> {
    let printed = asked.run(&["nodes", "--json"]).await;
    let list: Value = serde_json::from_str(&printed).unwrap_or_else(|failure| panic!("{failure}: {printed}"));
    list["nodes"].as_array().unwrap_or_else(|| panic!("{printed}")).clone()
}

/// Waits until the list of nodes is as it should be.
async fn listed(asked: &Installation, so: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let waited = tokio::time::timeout(PATIENCE, async {
        loop {
            let list = nodes(asked).await;
            if so(&list) {
                return list;
            }
        }
    });
    waited.await.expect("the nodes find each other")
}

fn active(list: &[Value], count: usize) -> bool {
    list.len() == count && list.iter().all(|node| node["state"] == "active")
}

/// Two nodes that know each other, and an administrator.
async fn two(nats: &Nats, change: impl Fn(&mut Installation, &mut Installation)) -> (Installation, Installation, Serving, Serving, Person) {
    let mut first = Installation::on_test_postgres().await;
    let database = first.database.as_ref().expect("a database").url.clone();
    let mut second = node("two", &database, nats);
    first.set("NASHI__NODE__NAME", "one");
    first.set("NASHI__NATS__URL", &nats.url(nats.address));
    for (key, value) in nats.credentials() {
        first.set(key, value);
    }
    change(&mut first, &mut second);
    let one = first.serve().await;
    let two = second.serve().await;
    listed(&first, |list| active(list, 2)).await;
    let person = first.people(1).await.remove(0);
    (first, second, one, two, person)
}

/// Commands by both nodes to a dozen tasks, of which each node owns some, read back by the other at once.
async fn work(first: &Installation, second: &Installation, person: &Person) {
    let doors = [first.client().sign_in(&person.email, &person.key).await, second.client().sign_in(&person.email, &person.key).await];
    for number in 0..12 {
        let body = json!({ "text": format!("task {number}"), "responsible": { "id": person.id } });
        let created = doors[number % 2].post("/v4/tasks", &body).await.ok();
        let task = created["task"]["id"].as_i64().expect("an id");
        let inbox = doors[(number + 1) % 2].get("/v4/inbox").await.ok();
        let found = inbox["tasks"].as_array().is_some_and(|tasks| tasks.iter().any(|found| found["id"] == task));
        assert!(found, "task {task} is not in {inbox}");
        for (writer, reader) in [(0, 1), (1, 0)] {
            let text = format!("comment {number} by {writer}");
            doors[writer].post(&format!("/v4/tasks/{task}/comments"), &json!({ "text": text })).await.ok();
            let seen = doors[reader].get(&format!("/v4/tasks/{task}")).await.ok();
            assert!(seen.to_string().contains(&text), "{text} is not in {seen}");
        }
    }
}

/// The metric's value on that node; 0 where it was never counted.
async fn counted(node: &Installation, metric: &str) -> f64 {
    let text = node.client().get("/metrics").await.text();
    text.lines().find_map(|line| line.strip_prefix(metric)?.trim().parse().ok()).unwrap_or_default()
}

#[tokio::test]
async fn what_somebody_says_of_their_stream_at_one_node_is_done_at_the_other() {
    let nats = Nats::start(Access::Password).await;
    let (first, second, one, two, person) = two(&nats, |_, _| {}).await;
    let here = first.client().sign_in(&person.email, &person.key).await;
    let there = second.client().sign_in(&person.email, &person.key).await;
    let task = id(&here.create(json!({ "text": "Ours", "responsible": { "id": person.id } })).await);
    let (mut told, _) = Events::open(&here, "", None).await;
    there.post("/v4/live/viewing", json!({ "stream": told.stream, "task_id": task })).await.ok();
    let people = json!([{ "id": person.id, "writing": false }]);
    assert_eq!(told.next_of("presence").await.data, json!({ "task_id": task, "people": people }));
    let query = json!({ "stream": told.stream, "id": "mine", "query": { "responsible": "me" } });
    there.post("/v4/live/subscriptions", query).await.ok();
    assert_eq!(told.next_of("query").await.data["members"], json!([task]));
    let other = id(&there.create(json!({ "text": "Mine", "responsible": { "id": person.id } })).await);
    assert_eq!(told.next_of("query").await.data["entered"], json!([other]), "what is written at the other node is told here");
    drop(told);
    assert!(one.stop().await.success() && two.stop().await.success());
}

#[tokio::test]
async fn a_node_signs_in_to_nats_in_every_way_there_is() {
    for access in [Access::Open, Access::Password, Access::Token, Access::Nkey, Access::Credentials, Access::Tls] {
        let nats = Nats::start(access).await;
        let mut installation = Installation::on_test_postgres().await;
        let database = installation.database.as_ref().expect("a database").url.clone();
        let alone = node("alone", &database, &nats);
        let serving = alone.serve().await;
        let list = nodes(&alone).await;
        assert!(active(&list, 1) && list[0]["name"] == "alone" && list[0]["slices"] == 1_024, "{access:?}: {list:?}");
        let said = alone.client().get("/readyz").await.ok();
        assert_eq!(said, json!({ "ready": true }), "{access:?}");
        assert!(serving.stop().await.success());
        if access != Access::Open {
            installation.set("NASHI__NATS__URL", &nats.url(nats.address));
            let complaint = installation.refused(&["serve"]).await;
            assert!(complaint.contains("NATS"), "{access:?}, a stranger: {complaint}");
        }
    }
}

#[tokio::test]
async fn a_nats_that_will_not_do_is_named_at_the_start() {
    let installation = Installation::on_test_postgres().await;
    let database = installation.database.as_ref().expect("a database").url.clone();
    let nats = Nats::start(Access::Password).await;

    let mut guesser = node("guesser", &database, &nats);
    guesser.set("NASHI__NATS__PASSWORD", "another");
    let complaint = guesser.refused(&["serve"]).await;
    assert!(complaint.contains("NATS does not let this node in"), "{complaint}");
    assert!(!complaint.contains("another"), "the password is told: {complaint}");

    let elsewhere = Nats::start(Access::Elsewhere).await;
    let complaint = node("elsewhere", &database, &elsewhere).refused(&["serve"]).await;
    assert!(complaint.contains("`nashi.>`") && complaint.contains("ermission"), "{complaint}");

    // Whoever reaches such a server could give commands in anybody's name. 0.0.0.0 is no loopback address, and leads here.
    let open = Nats::start(Access::Open).await;
    let mut away = node("away", &database, &open);
    away.set("NASHI__NATS__URL", &format!("nats://0.0.0.0:{}", open.address.port()));
    let complaint = away.refused(&["serve"]).await;
    assert!(complaint.contains("asks nobody who they are"), "{complaint}");

    let mut wrong = node("wrong", &database, &open);
    wrong.set("NASHI__NATS__URL", "nats://");
    assert!(wrong.refused(&["serve"]).await.contains("NATS"));
    wrong.set("NASHI__NATS__URL", &open.url(open.address));
    wrong.set("NASHI__CLUSTER__PROTOCOL_MAX", "99");
    let complaint = wrong.refused(&["serve"]).await;
    assert!(complaint.contains("versions 1 to 2") && complaint.contains("99"), "{complaint}");
}

#[tokio::test]
async fn a_node_that_finds_no_nats_serves_alone_and_joins_when_there_is_one() {
    let mut nats = Nats::start(Access::Password).await;
    nats.kill().await;
    let installation = Installation::on_test_postgres().await;
    let database = installation.database.as_ref().expect("a database").url.clone();
    let (first, second) = (node("one", &database, &nats), node("two", &database, &nats));
    let (one, two) = tokio::join!(first.serve(), second.serve());
    let said = first.client().get("/readyz").await.ok();
    assert!(said["ready"] == true && said["warnings"][0].as_str().is_some_and(|warning| warning.contains("NATS")), "{said}");
    let complaint = first.refused(&["nodes"]).await;
    assert!(complaint.contains("NATS cannot be reached"), "{complaint}");
    let person = first.people(1).await.remove(0);
    work(&first, &second, &person).await;
    nats.restart().await;
    listed(&first, |list| active(list, 2)).await;
    assert_eq!(first.client().get("/readyz").await.ok(), json!({ "ready": true }));
    work(&first, &second, &person).await;
    assert!(one.stop().await.success() && two.stop().await.success());
}

#[tokio::test]
async fn a_second_node_of_a_name_is_refused_and_told_who_has_it() {
    let nats = Nats::start(Access::Open).await;
    let installation = Installation::on_test_postgres().await;
    let database = installation.database.as_ref().expect("a database").url.clone();
    let first = node("one", &database, &nats);
    let serving = first.serve().await;
    let complaint = node("one", &database, &nats).refused(&["serve"]).await;
    assert!(complaint.contains("called `one`") && complaint.contains(&first.address.to_string()), "{complaint}");
    assert!(active(&nodes(&first).await, 1), "the first is none the worse for it");
    // Another cluster on the same NATS may use the name: the two do not hear each other.
    let mut other = node("one", &database, &nats);
    other.set("NASHI__CLUSTER__NAME", "other");
    let stranger = other.serve().await;
    assert!(active(&nodes(&first).await, 1) && active(&nodes(&other).await, 1));
    assert!(serving.stop().await.success() && stranger.stop().await.success());
}

#[tokio::test]
async fn nodes_of_two_versions_work_together() {
    let nats = Nats::start(Access::Open).await;
    let (first, second, one, two, person) = two(&nats, |first, _| first.set("NASHI__CLUSTER__PROTOCOL_MAX", "1")).await;
    let list = nodes(&second).await;
    assert_eq!((&list[0]["protocols"], &list[1]["protocols"]), (&json!([1, 1]), &json!([1, 2])));
    work(&first, &second, &person).await;
    for node in [&first, &second] {
        assert!(counted(node, "nashi_cluster_remote_total{outcome=\"answered\"}").await > 0.0, "each asked the other");
        assert!(counted(node, "nashi_cluster_unreadable_total").await == 0.0, "and was understood");
    }
    assert!(one.stop().await.success() && two.stop().await.success());
}

#[tokio::test]
async fn a_node_does_what_its_roles_say_and_asks_others_for_the_rest() {
    let nats = Nats::start(Access::Open).await;
    let roles = |first: &mut Installation, second: &mut Installation| {
        first.set("NASHI__NODE__ROLES", "api");
        second.set("NASHI__NODE__ROLES", "actors,followers");
    };
    let (first, second, one, two, person) = two(&nats, roles).await;
    let held = json!([
        "files.clean",
        "filters",
        "outbox",
        "policy.subprocess",
        "policy.succession",
        "sessions.time_out",
        "timers",
        "view.announcements",
        "view.awards",
        "view.directory",
        "view.files",
        "view.history",
        "view.inbox",
        "view.knowledge_base",
        "view.notifications",
        "view.tasks",
        "view.timers"
    ]);
    let held = held.as_array().expect("names");
    let list = listed(&first, |list| list[1]["leases"].as_array().is_some_and(|leases| leases.len() == held.len())).await;
    assert_eq!((&list[0]["slices"], &list[1]["slices"]), (&json!(0), &json!(1_024)));
    assert_eq!((&list[0]["leases"], &list[1]["leases"]), (&json!([]), &json!(held)));
    work(&first, &first, &person).await;
    assert!(counted(&second, "nashi_actors_activated_total").await > 0.0);
    assert!(counted(&first, "nashi_actors_activated_total").await == 0.0);
    // The same to people, through the one that answers them.
    let shown = first.client().sign_in(&person.email, &person.key).await.get("/v4/nodes").await.ok();
    assert_eq!((&shown["nodes"][0]["name"], &shown["nodes"][1]["leases"]), (&list[0]["name"], &json!(held)));
    let moved = |view: &serde_json::Value| view["moved_by"] == list[1]["name"];
    assert!(shown["views"].as_array().is_some_and(|views| views.len() > 5 && views.iter().all(moved)), "{shown}");
    // To people the other one has nothing to say; to machines it has.
    second.client().get("/v4/profile").await.refused(404, "not_found");
    assert_eq!(second.client().get("/readyz").await.ok(), json!({ "ready": true }));
    assert!(one.stop().await.success() && two.stop().await.success());
}

#[tokio::test]
async fn a_file_comes_in_at_one_node_is_attached_at_the_other_and_goes_out_at_both() {
    let nats = Nats::start(Access::Password).await;
    let folder = tempfile::tempdir().expect("a folder");
    let shared = |first: &mut Installation, second: &mut Installation| {
        for node in [first, second] {
            node.set("NASHI__FILES__DIRECTORY", &folder.path().to_string_lossy());
        }
    };
    let (first, second, one, two, person) = two(&nats, shared).await;
    let other = Person::colleague(&person.client, 1).await;
    let doors = [first.client().sign_in(&person.email, &person.key).await, second.client().sign_in(&person.email, &person.key).await];
    let others = [first.client().sign_in(&other.email, &other.key).await, second.client().sign_in(&other.email, &other.key).await];
    for (here, there) in [(0, 1), (1, 0)] {
        let content = format!("from {here}");
        let uploaded = doors[here].upload("a.txt", content.as_bytes()).await;
        let path = format!("/v4/files/download/{}", id(&uploaded));
        others[here].get(&path).await.refused(403, "access_denied_file");
        let body = json!({ "text": "Look", "attachments": [uploaded["guid"]], "participants": [{ "id": other.id }] });
        doors[there].post("/v4/tasks", &body).await.ok();
        // Nobody has waited for any view of either node.
        for reader in others.iter().chain(&doors) {
            let answer = reader.get(&path).await;
            assert_eq!((answer.status, answer.text()), (200, content.clone()));
        }
    }
    assert!(one.stop().await.success() && two.stop().await.success());
}

#[tokio::test]
async fn a_catalog_of_any_size_is_changed_and_read_through_a_node_that_does_not_hold_it() {
    let nats = Nats::start(Access::Open).await;
    let roles = |first: &mut Installation, second: &mut Installation| {
        first.set("NASHI__NODE__ROLES", "api");
        second.set("NASHI__NODE__ROLES", "actors,followers");
    };
    let (first, _second, one, two, person) = two(&nats, roles).await;
    let door = first.client().sign_in(&person.email, &person.key).await;
    let put = async |body: Value| {
        let made = door.ask(reqwest::Method::PUT, "/v4/catalogs", &[], Some(body.to_string().into_bytes())).await.ok();
        made["catalog_id"].as_i64().expect("an id")
    };
    let rows = |count: usize| (0..count).map(|number| [format!("Item {number}"), "x".repeat(400)]).collect::<Vec<_>>();
    let small = put(json!({ "name": "Small", "catalog_headers": ["Key", "Value"], "items": rows(2) })).await;
    let changed = door.post(&format!("/v4/catalogs/{small}/diff"), &json!({ "delete": ["Item 0"] })).await.ok();
    assert_eq!(changed["deleted"][0]["item_id"], 1);
    // Its command, and the answer to whoever reads it, are longer than a message.
    let large = put(json!({ "name": "Large", "catalog_headers": ["Key", "Value"], "items": rows(4_000) })).await;
    for (catalog, count) in [(small, 1), (large, 4_000)] {
        let read = door.get(&format!("/v4/catalogs/{catalog}")).await.ok();
        assert_eq!(read["items"].as_array().map(Vec::len), Some(count));
    }
    let one_more = door.post(&format!("/v4/catalogs/{large}/diff"), &json!({ "upsert": [["Item 4000", "x"]] })).await.ok();
    assert_eq!(one_more["added"][0]["item_id"], 4_001);
    assert!(one.stop().await.success() && two.stop().await.success());
}

#[tokio::test]
async fn a_node_whose_clock_is_wrong_by_an_hour_is_a_node_like_others() {
    let nats = Nats::start(Access::Open).await;
    let hour_early = |_: &mut Installation, second: &mut Installation| {
        second.set("LD_PRELOAD", &faketime());
        second.set("FAKETIME", "-1h");
        second.set("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    };
    let (first, second, one, two, person) = two(&nats, hour_early).await;
    work(&first, &second, &person).await;
    let pool = first.database.as_ref().expect("a database").pool(1).await;
    let (apart,): (f64,) =
        sqlx::query_as("SELECT extract(epoch FROM now() - min(at))::float8 FROM event").fetch_one(&pool).await.expect("the log");
    assert!(apart < 600.0, "an event was recorded {apart} s ago, by the clock of a node");
    let list = nodes(&first).await;
    assert!(active(&list, 2), "{list:?}");
    assert!(counted(&first, "nashi_cluster_suspected_total").await == 0.0);
    pool.close().await;
    assert!(one.stop().await.success() && two.stop().await.success());
}

/// What gives a process another time of day.
fn faketime() -> String {
    let found = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib/faketime", "/usr/local/lib/faketime"];
    let files = found.iter().flat_map(|folder| [format!("{folder}/faketime/libfaketimeMT.so.1"), format!("{folder}/libfaketimeMT.so.1")]);
    files.into_iter().find(|file| std::path::Path::new(file).exists()).expect("libfaketime is missing: ops/test installs it")
}

#[tokio::test]
async fn a_node_serves_a_database_that_a_later_build_has_gone_ahead_with_and_none_that_was_changed_under_it() {
    let installation = Installation::on_test_postgres().await;
    installation.run(&["migrate"]).await;
    let pool = installation.database.as_ref().expect("a database").pool(1).await;
    let later =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', true, '\\x00', 1)";
    pool.execute(later).await.expect("a later build");
    let serving = installation.serve().await;
    assert!(serving.stop().await.success());
    pool.execute("UPDATE _sqlx_migrations SET checksum = '\\x00' WHERE version = 1").await.expect("another build");
    let complaint = installation.refused(&["serve"]).await;
    assert!(complaint.contains("migration 1") && complaint.contains("this build's schema"), "{complaint}");
    pool.close().await;
}

/// The tasks that are found, in the order of their ids.
async fn searched(door: &tests::Client, words: &str) -> Vec<i64> {
    let answer = door.get(&format!("/v4/search?q={words}")).await.ok();
    let mut tasks: Vec<i64> = answer["results"].as_array().into_iter().flatten().map(id).collect();
    tasks.sort_unstable();
    tasks
}

/// The numbers of the indexes that a node of this name keeps.
fn indexes(directory: &std::path::Path, name: &str) -> Vec<u64> {
    let inside = |at: &std::path::Path| std::fs::read_dir(at).into_iter().flatten().flatten().map(|entry| entry.path()).collect::<Vec<_>>();
    let numbers = inside(&directory.join(name)).into_iter().flat_map(|incarnation| inside(&incarnation));
    numbers.filter_map(|path| path.file_name()?.to_str()?.parse().ok()).collect()
}

#[tokio::test]
async fn each_node_answers_from_its_own_index_and_makes_it_anew_when_it_is_told_to() {
    let nats = Nats::start(Access::Open).await;
    let kept = tempfile::tempdir().expect("a folder");
    let change = |first: &mut Installation, second: &mut Installation| {
        for node in [first, second] {
            node.set("NASHI__SEARCH__DIRECTORY", &kept.path().display().to_string());
        }
    };
    let (first, second, one, two, person) = two(&nats, change).await;
    let doors = [first.client().sign_in(&person.email, &person.key).await, second.client().sign_in(&person.email, &person.key).await];
    let task = id(&doors[0].create(json!({ "text": "A needle in the hay" })).await);
    for (node, door) in [(&first, &doors[0]), (&second, &doors[1])] {
        assert_eq!(searched(door, "needle").await, [task]);
        assert!(counted(node, "nashi_search_documents").await > 0.0, "of an index of its own");
    }
    assert!(two.stop().await.success());
    assert_eq!((indexes(kept.path(), "one"), indexes(kept.path(), "two")), (vec![1], vec![1]));

    // The command line leaves word, and the node that serves from it makes its index anew.
    let printed = first.run(&["rebuild", "search"]).await;
    assert!(printed.contains("makes its index anew"), "{printed}");
    let later = id(&doors[0].create(json!({ "text": "Another needle" })).await);
    let made = async {
        let mut look = tokio::time::interval(Duration::from_millis(20));
        while indexes(kept.path(), "one") != [2] {
            assert_eq!(searched(&doors[0], "needle").await, [task, later], "one of them answers meanwhile");
            look.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, made).await.expect("it is made anew");
    assert_eq!(searched(&doors[0], "needle").await, [task, later]);
    assert_eq!(indexes(kept.path(), "two"), [1], "the other's is its own");
    assert!(one.stop().await.success());
}

#[tokio::test]
async fn a_node_without_an_index_has_one_that_has_it_answer_what_is_searched_for() {
    let nats = Nats::start(Access::Open).await;
    let roles = |first: &mut Installation, _: &mut Installation| first.set("NASHI__NODE__ROLES", "api,actors,followers");
    let (first, second, one, two, person) = two(&nats, roles).await;
    let door = first.client().sign_in(&person.email, &person.key).await;
    let task = id(&door.create(json!({ "text": "A needle in the hay" })).await);
    // At once after it was written, and under the rights of who asks.
    assert_eq!(searched(&door, "needle").await, [task]);
    assert_eq!(counted(&first, "nashi_search_documents").await, 0.0, "it has no index");
    let there = second.client().sign_in(&person.email, &person.key).await;
    let (here, there) = (door.get("/v4/search?q=needle").await, there.get("/v4/search?q=needle").await);
    assert_eq!((here.json(), here.header("content-type")), (there.json(), there.header("content-type")));
    let colleague = Person::colleague(&door, 1).await;
    assert!(searched(&colleague.client, "needle").await.is_empty());
    door.get("/v4/search?q=").await.refused(400, "invalid_search_query");
    assert!(two.stop().await.success());
    door.get("/v4/search?q=needle").await.refused(503, "search_unavailable");
    assert!(one.stop().await.success());
}
