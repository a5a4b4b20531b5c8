//! What is looked for is found by those who may see it, over HTTP. The language of questions, snippets and the table of rights are
//! tried in `projections/src/search/`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use actors::journal::{Erasure, Meta, Substitute};
use domain::erasure::OfTask;
use domain::{CommandId, Recorded, TaskId};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Person, World, id};

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// What is answered to a question.
async fn answered(client: &Client, question: &str) -> Value {
    client.get(&format!("/v4/search?q={}", encoded(question))).await.ok()
}

/// Kinds and ids of results, in the order of their ids.
fn things(answer: &Value) -> Vec<(String, i64)> {
    let results = answer["results"].as_array().cloned().unwrap_or_default();
    assert!(results.len() <= usize::try_from(answer["count"].as_u64().expect("a count")).expect("small"), "{answer}");
    let mut things: Vec<_> =
        results.iter().map(|item| (item["kind"].as_str().expect("a kind").to_owned(), item["id"].as_i64().unwrap_or_default())).collect();
    things.sort();
    things
}

/// The tasks that are found, in the order of their ids.
async fn found(client: &Client, question: &str) -> Vec<i64> {
    things(&answered(client, question).await).into_iter().filter(|(kind, _)| kind == "task").map(|(_, id)| id).collect()
}

async fn put(client: &Client, path: &str, body: Value) -> Value {
    client.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await.ok()
}

async fn comment(client: &Client, task: i64, text: &str) -> i64 {
    let answer = client.comment(task, json!({"text": text})).await;
    answer["comments"].as_array().and_then(|comments| comments.last()).map(id).expect("a comment")
}

#[actix_rt::test]
async fn words_are_found_in_any_form_wherever_they_stand() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let first = id(&anna.create(json!({"text": "Please pay the Invoices of Acme", "subject": "Payment"})).await);
    let second = id(&anna.create(json!({"text": "Письма отправлены, договорённость есть"})).await);
    comment(anna, second, "We agreed on the delivery").await;
    let third = id(&anna.create(json!({"text": "東京都の会議 и ёлка"})).await);
    for (question, expected) in [
        ("invoice", vec![first]),
        ("INVOICED acme ", vec![first]),
        ("payment", vec![first]),
        ("inv", vec![first]),
        ("inv ", vec![]),
        ("invoice agreed", vec![]),
        ("письма deliveries", vec![second]),
        ("agreement договоренность dispatch", vec![]),
        ("письма -deliveries", vec![]),
        ("payment \"invoices of acme\"", vec![first]),
        ("письмо", vec![second]),
        ("отправлены письма", vec![second]),
        ("deliveries", vec![second]),
        ("delievry ", vec![second]),
        ("договоренность", vec![second]),
        ("договореность ", vec![second]),
        ("\"pay the invoice\"", vec![first]),
        ("\"invoices pay\"", vec![]),
        ("\"invoices\"", vec![first]),
        ("\"invoice\"", vec![]),
        ("京都", vec![third]),
        ("会議", vec![third]),
        ("京会", vec![]),
        ("елка", vec![third]),
        (&first.to_string(), vec![first]),
        ("is:open -invoice -agreed", vec![third]),
        ("\"pay the", vec![first]),
    ] {
        assert_eq!(found(anna, question).await, expected, "{question}");
    }
    let answer = answered(anna, "delievry ").await;
    assert_eq!((&answer["is_approximate"], &answer["results"][0]["matched"]), (&json!(true), &json!(["comment"])));
    assert!(answer["results"][0]["comment_id"].is_i64() && answer["results"][0]["title"].as_str().expect("a title").starts_with("Письма"));
    assert_eq!(answer["results"][0]["snippet"]["html"], "We agreed on the <mark>delivery</mark>");
    world.done().await;
}

#[actix_rt::test]
async fn a_task_is_found_by_the_names_of_its_files_as_long_as_it_has_them() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let mut files = Vec::new();
    for name in ["sketch.png", "blueprint.pdf", "договор.docx", "protocol.txt"] {
        files.push(anna.upload(name, name.as_bytes()).await["guid"].clone());
    }
    let own = id(&anna.create(json!({"text": "A shed", "attachments": [files[0]]})).await);
    let said = id(&anna.create(json!({"text": "A bridge"})).await);
    let answer = anna.comment(said, json!({"text": "Here it is", "attachments": [files[1], files[2]]})).await;
    let comment = answer["comments"].as_array().and_then(|comments| comments.last()).map(id).expect("a comment");
    assert_eq!(found(anna, "sketch").await, [own]);
    assert_eq!(found(anna, "blueprint").await, [said]);
    assert_eq!(found(anna, "договоры").await, [said]);
    let answer = answered(anna, "blueprint").await;
    assert_eq!((&answer["results"][0]["matched"], &answer["results"][0]["comment_id"]), (&json!(["file"]), &json!(comment)));
    assert_eq!(answered(anna, "sketch").await["results"][0]["matched"], json!(["file"]));
    let first = anna.task(own).await["comments"][0]["id"].clone();
    for (task, comment) in [(own, first), (said, json!(comment))] {
        anna.comment(task, json!({"edit_comment_id": comment, "text": "Other words"})).await;
    }
    assert_eq!((found(anna, "sketch").await, found(anna, "blueprint").await), (vec![own], vec![said]), "an edit of words leaves the files");
    anna.comment(said, json!({"edit_comment_id": comment, "text": "Instead", "attachments": [files[3]]})).await;
    assert_eq!((found(anna, "blueprint").await, found(anna, "protocol").await), (vec![], vec![said]));
    anna.comment(said, json!({"delete_comment_id": comment})).await;
    assert_eq!(found(anna, "protocol").await, [] as [i64; 0]);
    world.done().await;
}

/// A form with a text, and two steps: Boris approves the first, Clara the second.
async fn form(world: &World) -> i64 {
    let anna = &world.anna.client;
    let step = |name: &str, person: i64| json!({"name": name, "approvers": [{"who": {"person": person}}]});
    let definition = json!({
        "fields": [{"name": "What", "type": "text", "in_title": true}, {"name": "Why", "type": "text"}],
        "steps": [json!({"name": "Request", "approvers": [{"who": "author"}]}), step("Check", world.boris.id), step("Approval", world.clara.id)],
    });
    let form = id(&anna.post("/v4/forms", json!({"name": "Purchase request", "definition": definition})).await.ok());
    let levels = json!({"permissions": {world.boris.id.to_string(): "member"}});
    anna.post(&format!("/v4/forms/{form}/permissions"), levels).await.ok();
    form
}

#[actix_rt::test]
async fn operators_and_parameters_ask_for_where_tasks_stand() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let form = form(&world).await;
    let fields = |what: &str, why: &str| json!([{"name": "What", "value": what}, {"name": "Why", "value": why}]);
    let chairs = id(&anna.create(json!({"form_id": form, "fields": fields("Chairs", "ours are broken")})).await);
    let lamps = id(&anna.create(json!({"form_id": form, "fields": fields("Lamps", "it is dark")})).await);
    let plain = id(&boris.create(json!({"text": "Chairs for Anna", "responsible": {"id": world.anna.id}})).await);
    boris.comment(lamps, json!({"approval_choice": "approved"})).await;
    let list = id(&put(anna, "/v4/lists", json!({"name": "Spring fair", "added_member_ids": [world.boris.id]})).await);
    anna.comment(chairs, json!({"added_list_ids": [list], "text": "look at this"})).await;
    boris.comment(plain, json!({"action": "finished"})).await;
    world.app.settled().await;
    let (boris_id, clara_id) = (world.boris.id, world.clara.id);
    for (question, expected) in [
        ("chairs".to_owned(), vec![chairs, plain]),
        ("broken".into(), vec![chairs]),
        (format!("form:{form}"), vec![chairs, lamps]),
        ("form:\"purchase req\" lamp".into(), vec![lamps]),
        ("step:2".into(), vec![chairs]),
        ("step:approval".into(), vec![lamps]),
        ("approver:boris".into(), vec![chairs]),
        (format!("approver:{clara_id}"), vec![lamps]),
        ("approver:me".into(), vec![]),
        ("waiting:clara".into(), vec![lamps]),
        ("waiting:me".into(), vec![]),
        (format!("list:{list}"), vec![chairs]),
        ("list:spring".into(), vec![chairs]),
        ("author:boris".into(), vec![plain]),
        ("author:me chairs".into(), vec![chairs]),
        ("is:closed".into(), vec![plain]),
        ("chairs is:open".into(), vec![chairs]),
        ("after:2020-01-01 chairs".into(), vec![chairs, plain]),
        ("before:2020-01-01 chairs".into(), vec![]),
        ("kind:comment look".into(), vec![chairs]),
        ("kind:task look".into(), vec![]),
    ] {
        assert_eq!(found(anna, &question).await, expected, "{question}");
    }
    for (parameters, expected) in [
        (format!("form_id={form}"), vec![chairs, lamps]),
        (format!("form_id={form}&step=3"), vec![lamps]),
        (format!("approver={boris_id}"), vec![chairs]),
        (format!("q=chairs&list_id={list}"), vec![chairs]),
        ("q=chairs&closed=true".into(), vec![plain]),
        ("q=chairs&kind=task&author=me".into(), vec![chairs]),
        ("q=chairs&created_before=2020-01-01T00:00:00Z".into(), vec![]),
    ] {
        let answer = anna.get(&format!("/v4/search?{parameters}")).await.ok();
        let ids: Vec<i64> = things(&answer).into_iter().map(|(_, id)| id).collect();
        assert_eq!(ids, expected, "{parameters}");
    }
    let answer = answered(anna, "kind:task is:open chairs lamps OR").await;
    assert_eq!(answer["count"], 0);
    let facets = answered(anna, &format!("form:{form}")).await["facets"].clone();
    assert_eq!(facets["forms"], json!([{"form_id": form, "name": "Purchase request", "count": 2}]));
    let steps =
        json!([{"form_id": form, "step": 2, "name": "Check", "count": 1}, {"form_id": form, "step": 3, "name": "Approval", "count": 1}]);
    assert_eq!((&facets["steps"], &facets["open"], &facets["closed"]), (&steps, &json!(2), &json!(0)));
    assert_eq!(facets["authors"], json!([{"author_id": world.anna.id, "name": "Anna Adams", "count": 2}]));
    // Clara sees neither the list nor what is in it alone; she approves.
    assert_eq!(found(clara, &format!("list:{list}")).await, [0_i64; 0]);
    assert_eq!(found(clara, "approver:me").await, [lamps]);
    world.done().await;
}

#[actix_rt::test]
async fn nobody_finds_what_they_may_not_see_and_what_was_taken_away_is_not_shown_at_once() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let david = Person::colleague(anna, 3).await;
    let secret = id(&boris.create(json!({"text": "the secret of needles", "participants": [{"id": world.clara.id}]})).await);
    comment(boris, secret, "more needles").await;
    id(&world.elsewhere.client.create(json!({"text": "needles elsewhere"})).await);
    world.app.settled().await;
    assert_eq!((found(boris, "needle").await, found(clara, "needle").await), (vec![secret], vec![secret]));
    assert_eq!(found(&world.elsewhere.client, "needle").await.len(), 1);
    let none = answered(&david.client, "needle").await;
    assert_eq!((&none["count"], &none["results"]), (&json!(0), &Value::Null));
    assert_eq!(none["facets"], json!({"open": 0, "closed": 0}));
    for stranger in [world.app.client().clone(), world.app.client().with_token("forged")] {
        assert_eq!(stranger.get("/v4/search?q=needle").await.status, 401);
    }
    for _ in 0..5 {
        boris.comment(secret, json!({"participants_removed": [{"id": world.clara.id}]})).await;
        assert_eq!(found(clara, "needle").await, [0_i64; 0], "not for a moment");
        boris.comment(secret, json!({"participants_added": [{"id": world.clara.id}]})).await;
        assert_eq!(found(clara, "needle").await, [secret]);
    }
    // By a role, and by a list.
    let role = id(&anna.post("/v4/roles", json!({"name": "Clerks", "member_add": [david.id]})).await.ok());
    boris.comment(secret, json!({"participants_added": [{"id": role}]})).await;
    assert_eq!(found(&david.client, "needle").await, [secret]);
    put(anna, &format!("/v4/roles/{role}"), json!({"member_remove": [david.id]})).await;
    assert_eq!(found(&david.client, "needle").await, [0_i64; 0]);
    let list = id(&put(boris, "/v4/lists", json!({"name": "Ours", "added_member_ids": [david.id]})).await);
    boris.comment(secret, json!({"added_list_ids": [list]})).await;
    assert_eq!(found(&david.client, "needle").await, [secret]);
    boris.post(&format!("/v4/lists/{list}"), json!({"removed_member_ids": [david.id]})).await.ok();
    assert_eq!(found(&david.client, "needle").await, [0_i64; 0]);
    anna.ask(Method::DELETE, &format!("/v4/tasks/{secret}"), &[], None).await.ok();
    assert_eq!(found(clara, "needle").await, [0_i64; 0]);
    world.done().await;
}

#[actix_rt::test]
async fn changed_texts_are_found_as_they_are_by_then() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let task = id(&anna.create(json!({"text": "alpha", "subject": "beta"})).await);
    let said = comment(anna, task, "gamma").await;
    assert_eq!(found(anna, "gamma").await, [task]);
    anna.comment(task, json!({"edit_comment_id": said, "text": "delta"})).await;
    assert_eq!((found(anna, "\"gamma\"").await, found(anna, "delta").await), (vec![], vec![task]));
    anna.comment(task, json!({"subject": "epsilon"})).await;
    assert_eq!((found(anna, "\"beta\"").await, found(anna, "epsilon").await), (vec![], vec![task]));
    world.app.settled().await;
    anna.comment(task, json!({"edit_comment_id": said, "text": "zeta"})).await;
    assert_eq!((found(anna, "\"delta\"").await, found(anna, "zeta").await), (vec![], vec![task]));
    let by_me = answered(anna, "zeta author:me").await;
    assert_eq!(by_me["results"][0]["comment_id"], json!(said));
    anna.comment(task, json!({"delete_comment_id": said})).await;
    assert_eq!(found(anna, "zeta").await, [0_i64; 0]);
    assert_eq!(found(anna, "alpha").await, [task]);
    world.done().await;
}

#[actix_rt::test]
async fn people_forms_lists_catalogs_and_articles_are_found_by_who_sees_them_under_their_names_of_now() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let form = form(&world).await;
    let list = id(&put(anna, "/v4/lists", json!({"name": "Zebra list"})).await);
    let catalog = json!({"name": "Zebra vendors", "catalog_headers": ["Vendor"], "items": [{"values": ["Acme"]}]});
    let catalog = put(anna, "/v4/catalogs", catalog).await["catalog_id"].as_i64().expect("an id");
    let article =
        anna.post("/v4/knowledgebase", json!({"title": "About zebras", "body": "They have stripes", "type": "article"})).await.ok();
    let role = id(&anna.post("/v4/roles", json!({"name": "Zebra keepers"})).await.ok());
    world.app.settled().await;
    let own = |kind: &str, id: i64| (kind.to_owned(), id);
    assert_eq!(things(&answered(anna, "zebra").await), [own("article", 0), own("catalog", catalog), own("list", list), own("role", role)]);
    assert_eq!(things(&answered(boris, "zebra").await), [own("article", 0), own("catalog", catalog), own("role", role)]);
    assert_eq!(answered(anna, "stripe").await["results"][0]["id"], article["id"]);
    assert_eq!(things(&answered(boris, "purchase").await), [own("form", form)]);
    assert_eq!(things(&answered(&world.clara.client, "purchase").await), []);
    assert_eq!(things(&answered(boris, "kind:person clara").await), [own("person", world.clara.id)]);
    assert_eq!(things(&answered(&world.elsewhere.client, "clara").await), []);
    put(anna, &format!("/v4/members/{}", world.clara.id), json!({"last_name": "Krüger"})).await;
    world.app.settled().await;
    let renamed = answered(boris, "kruger").await;
    assert_eq!((things(&renamed), &renamed["results"][0]["title"]), (vec![own("person", world.clara.id)], &json!("Clara Krüger")));
    assert_eq!(things(&answered(boris, "\"cole\"").await), []);
    world.done().await;
}

#[actix_rt::test]
async fn items_of_catalogs_are_found_as_they_are_by_then_by_who_may_read_them() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let guest = json!({ "first_name": "Greta", "email": "greta@example.com", "type": "guest" });
    let guest = id(&anna.post("/v4/members", guest).await.ok());
    let greta = anna.nobody().sign_in("greta@example.com", &Person::issue_key(anna, guest).await).await;
    let items = json!([{ "values": ["Acme Chairs", "Bonn"] }, { "values": ["Birch Lamps", "Cologne"] }]);
    let body = json!({ "name": "Vendors", "catalog_headers": ["Vendor", "City"], "items": items });
    let catalog = put(anna, "/v4/catalogs", body).await["catalog_id"].as_i64().expect("an id");
    world.app.settled().await;
    let found = async |client: &Client, question: &str| {
        let answer = answered(client, question).await;
        let results = answer["results"].as_array().cloned().unwrap_or_default();
        assert_eq!(answer["count"], results.len());
        results
    };
    let lamp = found(boris, "lamp").await.remove(0);
    assert_eq!((&lamp["kind"], &lamp["id"], &lamp["title"]), (&json!("catalog"), &json!(catalog), &json!("Vendors")));
    assert_eq!((&lamp["matched"], &lamp["snippet"]["text"]), (&json!(["item"]), &json!("Birch Lamps Cologne")));
    assert!(lamp["item_id"].is_i64() && lamp["comment_id"].is_null());
    assert_eq!((found(boris, "chairs bonn ").await.len(), found(boris, "chairs cologne ").await.len()), (1, 0), "of one item");
    assert_eq!((found(boris, "kind:catalog lamp").await.len(), found(boris, "kind:item lamp").await.len()), (1, 1));
    assert_eq!((found(boris, "kind:item vendors ").await.len(), found(boris, "kind:task lamp").await.len()), (0, 0));
    // A catalog is found once, however many of its items are.
    let second = json!({ "upsert": [{ "values": ["Second Lamps", "Bonn"] }], "delete": ["Acme Chairs"] });
    anna.post(&format!("/v4/catalogs/{catalog}/diff"), second).await.ok();
    world.app.settled().await;
    assert_eq!((found(boris, "lamp").await.len(), found(boris, "acme").await.len()), (1, 0));
    for stranger in [&greta, &world.elsewhere.client] {
        assert!(found(stranger, "lamp").await.is_empty());
    }
    // What stood in a column that is gone is found no more.
    let fewer = json!({ "apply": true, "catalog_headers": ["Vendor"], "items": [{ "values": ["Birch Lamps"] }] });
    anna.post(&format!("/v4/catalogs/{catalog}"), fewer).await.ok();
    world.app.settled().await;
    assert_eq!((found(boris, "cologne").await.len(), found(boris, "birch").await.len(), found(boris, "second").await.len()), (0, 1, 0));
    anna.ask(Method::DELETE, &format!("/v4/catalogs/{catalog}"), &[], Some(b"{}".to_vec())).await.ok();
    world.app.settled().await;
    assert!(found(boris, "birch").await.is_empty());
    world.done().await;
}

#[actix_rt::test]
async fn pages_follow_each_other_without_a_gap_or_a_repeat() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let mut tasks = BTreeSet::new();
    for number in 0..25 {
        let task = id(&boris.create(json!({"text": format!("needle number {number}")})).await);
        tasks.insert(task);
        id(&world.clara.client.create(json!({"text": "a needle of Clara's"})).await);
    }
    world.app.settled().await;
    for order in ["relevance", "newest"] {
        let (mut cursor, mut seen) = (String::new(), Vec::new());
        loop {
            let page = boris.get(&format!("/v4/search?q=needle&item_count=7&order={order}{cursor}")).await.ok();
            assert_eq!((&page["count"], &page["count_is_exact"]), (&json!(25), &json!(true)));
            seen.extend(page["results"].as_array().expect("results").iter().map(id));
            let Some(next) = page["cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen.len(), 25);
        assert_eq!(seen.iter().copied().collect::<BTreeSet<_>>(), tasks, "{order}");
    }
    world.done().await;
}

/// The one index that is served from below `directory`.
fn index(directory: &Path) -> PathBuf {
    let one = |directory: &Path| {
        let inside = std::fs::read_dir(directory).expect("a folder").map(|entry| entry.expect("an entry").path());
        inside.filter(|path| path.is_dir()).max().expect("one in it")
    };
    one(&one(&one(directory)))
}

#[actix_rt::test]
async fn an_index_goes_on_where_it_stopped_and_a_damaged_one_is_made_anew() {
    let world = World::new().await;
    let task = id(&world.anna.client.create(json!({"text": "needle"})).await);
    comment(&world.anna.client, task, "thread").await;
    world.app.settled().await;
    let mark = index(world.app.search_directory()).join("a mark");
    std::fs::write(&mark, "").expect("written");
    let world = world.restarted().await;
    world.app.settled().await;
    assert!(mark.exists(), "it is the same index");
    assert_eq!(found(&world.anna.client, "needle").await, [task]);
    // What the index remembers of a task is what it goes on with.
    world.anna.client.comment(task, json!({"subject": "spool"})).await;
    assert_eq!((found(&world.anna.client, "spool").await, found(&world.anna.client, "needle").await), (vec![task], vec![task]));
    comment(&world.anna.client, task, "scissors").await;
    assert_eq!(found(&world.anna.client, "scissors").await, [task]);
    let ruin = |directory: &Path| {
        let damaged = std::fs::read_dir(index(directory)).expect("a folder").map(|entry| entry.expect("an entry").path());
        let store = damaged.filter(|path| path.extension().is_some_and(|end| end == "store")).max().expect("a store");
        let bytes = std::fs::read(&store).expect("read");
        std::fs::write(store, &bytes[..bytes.len() / 2]).expect("written");
    };
    let another = |directory: &Path| {
        let meta = index(directory).join("meta.json");
        let text = std::fs::read_to_string(&meta).expect("read").replace("fingerprint\\\":\\\"", "fingerprint\\\":\\\"0");
        std::fs::write(meta, text).expect("written");
    };
    let nothing = |directory: &Path| std::fs::remove_dir_all(directory).expect("removed");
    let not_json = |directory: &Path| std::fs::write(index(directory).join("meta.json"), "{").expect("written");
    let happenings: [&dyn Fn(&Path); 4] = [&ruin, &another, &nothing, &not_json];
    let mut world = world;
    for happens in happenings {
        world = world.restarted_after(|directory| happens(directory)).await;
        // Until it is made again it says that it is not there, and never that nothing is found.
        let first = loop {
            let answer = world.anna.client.get("/v4/search?q=needle").await;
            if answer.status == 200 {
                break answer.json();
            }
            answer.refused(503, "search_unavailable");
        };
        assert_eq!(first["count"], 1);
        world.app.settled().await;
        for word in ["needle", "thread", "scissors", "spool"] {
            assert_eq!(found(&world.anna.client, word).await, [task], "{word}");
        }
        assert!(!mark.exists(), "it is another index");
    }
    world.done().await;
}

#[actix_rt::test]
async fn an_index_is_made_anew_while_the_old_one_answers() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let task = id(&anna.create(json!({"text": "needle"})).await);
    world.app.settled().await;
    let before = index(world.app.search_directory());
    let search = world.app.node().search.clone().expect("it has one");
    search.rebuild();
    let mut asked = 0;
    let rebuilt = async { search.rebuilt().await };
    let asking = async {
        loop {
            asked += 1;
            comment(anna, task, &format!("word{asked}")).await;
            assert_eq!(found(anna, &format!("\"word{asked}\"")).await, [task]);
        }
    };
    tokio::select! {
        () = rebuilt => {}
        () = asking => {}
    }
    assert_ne!(index(world.app.search_directory()), before);
    for number in 1..asked {
        assert_eq!(found(anna, &format!("\"word{number}\"")).await, [task]);
    }
    assert_eq!(search.extent().expect("it is there").tasks, 1);
    world.done().await;
}

/// Has what people wrote into a task taken out of the log, as a lawful request does.
async fn erase(world: &World, task: i64) {
    let journal = world.app.journal();
    let recorded = journal.read_stream(TaskId(task).into(), 0, 100).await.expect("its events");
    let remains = |event: &Recorded| OfTask.remains(event).expect("it can be told").payload;
    let substitute = |event: &Recorded| Substitute { position: event.header.position, meta: "{}".to_owned(), payload: remains(event) };
    let header = recorded.first().expect("it was created").header;
    let erasure = Erasure {
        organisation: header.organisation,
        command: CommandId::from_key(header.organisation, header.person, "forget it"),
        person: header.person,
        meta: Meta::default(),
        reason: "asked for".to_owned(),
        substitutes: recorded.iter().map(substitute).collect(),
        release: None,
        deadline: Instant::now() + Duration::from_secs(60),
    };
    journal.erase(erasure).await.expect("erased");
}

#[actix_rt::test]
async fn what_was_erased_is_found_no_more_not_even_after_the_index_is_made_anew() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let forgotten = id(&anna.create(json!({"text": "needle", "subject": "haystack"})).await);
    comment(anna, forgotten, "thread").await;
    let kept = id(&anna.create(json!({"text": "needle and thread"})).await);
    assert_eq!(found(anna, "needle thread").await, [forgotten, kept]);
    erase(&world, forgotten).await;
    world.app.settled().await;
    for (question, expected) in [("needle", vec![kept]), ("thread", vec![kept]), ("haystack", vec![]), ("needle thread", vec![kept])] {
        assert_eq!(found(anna, question).await, expected, "{question}");
    }
    let search = world.app.node().search.clone().expect("it has one");
    search.rebuild();
    search.rebuilt().await;
    for (question, expected) in [("needle", vec![kept]), ("haystack", vec![])] {
        assert_eq!(found(anna, question).await, expected, "{question} in the new index");
    }
    world.done().await;
}

#[actix_rt::test]
async fn no_question_is_too_odd_to_be_answered_or_refused() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let text = "<script>alert('needle')</script> & \"so\" مرحبا בדיקה 🙂\u{200b}x";
    let task = id(&anna.create(json!({"text": text})).await);
    for question in ["*", "???", "***", "🙂", "\u{200b}", "\u{202e}\u{202c}", "- - -", "\"\"", "()[]{}^~:", "the", "and or not"] {
        assert_eq!(found(anna, question).await, [0_i64; 0], "{question:?}");
    }
    for question in ["مرحبا", "בדיקה", "\"needle", "alert", "script needle"] {
        assert_eq!(found(anna, question).await, [task], "{question:?}");
    }
    let html = answered(anna, "needle").await["results"][0]["snippet"]["html"].as_str().expect("a snippet").to_owned();
    assert!(html.starts_with("&lt;script&gt;alert(&#39;<mark>needle</mark>&#39;)&lt;/script&gt; &amp; &quot;so&quot;"), "{html}");
    for (question, place) in [
        ("", ""),
        ("kind:task", ""),
        (&"x".repeat(100_000)[..50_000], "1000"),
        (&"x ".repeat(400), "65"),
        ("a -form:1", "3"),
        ("a is:x", "3"),
    ] {
        let answer = anna.get(&format!("/v4/search?q={}", encoded(question))).await;
        answer.refused(400, "invalid_search_query");
        assert!(answer.text().contains(place), "{}", answer.text());
    }
    anna.get("/v4/search?q=x&cursor=nonsense").await.refused(400, "invalid_value_format");
    anna.get("/v4/search?q=x&item_count=0").await.refused(400, "items_count_out_of_range");
    world.done().await;
}

#[actix_rt::test]
async fn what_is_found_is_what_a_look_at_every_task_finds() {
    const WORDS: [&str; 6] = ["apple", "banana", "cherry", "дерево", "elder", "fig"];
    let world = World::new().await;
    let people = [&world.anna, &world.boris, &world.clara];
    let list = id(&put(&world.boris.client, "/v4/lists", json!({"name": "Fruit", "added_member_ids": [world.clara.id]})).await);
    let mut seed = 7_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("small") % below
    };
    // Every task with its texts as they are.
    let mut all: Vec<(i64, Vec<String>)> = Vec::new();
    for _ in 0..40 {
        let (author, other) = (people[next(3)], people[next(3)]);
        let text = format!("{} {}", WORDS[next(6)], WORDS[next(6)]);
        let mut body = json!({"text": text});
        if next(2) == 0 {
            body["responsible"] = json!({"id": other.id});
        }
        if next(4) == 0 && author.id != world.anna.id {
            body["list_ids"] = json!([list]);
        }
        let task = id(&author.client.create(body).await);
        let mut texts = vec![text];
        for _ in 0..next(3) {
            let text = format!("{} {}", WORDS[next(6)], WORDS[next(6)]);
            comment(&author.client, task, &text).await;
            texts.push(text);
        }
        if next(5) == 0 {
            author.client.comment(task, json!({"reassign_to": other.id, "participants_added": [{"id": people[next(3)].id}]})).await;
        }
        if next(8) == 0 {
            author.client.comment(task, json!({"action": "finished"})).await;
        }
        all.push((task, texts));
    }
    world.app.settled().await;
    let mut compared = 0;
    for person in people {
        let mut visible = BTreeSet::new();
        for (task, _) in &all {
            if person.client.get(&format!("/v4/tasks/{task}")).await.status == 200 {
                visible.insert(*task);
            }
        }
        for (one, other) in (0..6).flat_map(|one| (0..6).map(move |other| (WORDS[one], WORDS[other]))) {
            let has = |texts: &[String], word| texts.iter().any(|text| text.contains(word));
            let matching = all.iter().filter(|(task, texts)| visible.contains(task) && has(texts, one) && has(texts, other));
            let expected: Vec<i64> = matching.map(|(task, _)| *task).collect();
            let answer = person.client.get(&format!("/v4/search?q={}&item_count=100", encoded(&format!("{one} {other} ")))).await.ok();
            let ids: Vec<i64> = things(&answer).into_iter().map(|(_, id)| id).collect();
            assert_eq!((ids, &answer["count"]), (expected.clone(), &json!(expected.len())), "{one} {other} by {}", person.email);
            compared += expected.len();
        }
    }
    assert!(compared > 100, "{compared}");
    world.done().await;
}
