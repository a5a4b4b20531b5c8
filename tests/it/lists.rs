//! Lists over HTTP: the tree, who sees which, tasks in them, and what changes at once when somebody comes or goes. The rules are
//! tested in `domain/src/list/`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, World, id};

async fn put(client: &Client, path: &str, body: Value) -> Answer {
    client.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await
}

async fn delete(client: &Client, path: &str) -> Answer {
    client.ask(Method::DELETE, path, &[], None).await
}

async fn make(client: &Client, body: Value) -> i64 {
    id(&put(client, "/v4/lists", body).await.ok())
}

fn names(lists: &Value) -> Vec<String> {
    let name = |list: &Value| {
        let below = names(&list["children"]);
        let below = if below.is_empty() { String::new() } else { format!("({})", below.join(" ")) };
        format!("{}{below}", list["name"].as_str().unwrap_or_default())
    };
    lists.as_array().map_or_else(Vec::new, |lists| lists.iter().map(name).collect())
}

async fn tree(client: &Client) -> String {
    names(&client.get("/v4/lists?with_forms=true").await.ok()["lists"]).join(" ")
}

async fn tasks(client: &Client, list: i64, more: &str) -> Vec<i64> {
    let page = client.get(&format!("/v4/lists/{list}/tasks{more}")).await.ok();
    page["tasks"].as_array().map_or_else(Vec::new, |tasks| tasks.iter().map(id).collect())
}

#[actix_rt::test]
async fn a_list_is_made_changed_moved_deleted_and_restored() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let body = json!({
        "name": "Move", "list_type": "org_wide", "color": "#fff", "external_id": 7, "external_version": "v",
        "added_managers": [{ "id": world.boris.id }], "added_member_ids": [world.clara.id],
    });
    let made = put(anna, "/v4/lists", body).await.ok();
    let list = id(&made);
    assert_eq!(
        made,
        json!({
            "id": list, "name": "Move", "color": "#fff", "deleted": false, "list_type": "org_wide", "has_form": false, "is_private": false,
            "manager_ids": [world.anna.id, world.boris.id], "member_ids": [world.clara.id], "version": 1, "external_id": 7, "external_version": "v",
        })
    );
    let below = make(anna, json!({ "name": "Boxes", "parent_id": list })).await;
    assert_eq!(tree(anna).await, "Move(Boxes)");
    let shown = anna.get(&format!("/v4/lists/{list}")).await.ok();
    assert_eq!((id(&shown["children"][0]), &shown["children"][0]["parent_id"]), (below, &json!(list)));

    let changed = anna.post(&format!("/v4/lists/{below}"), json!({ "name": "Crates", "parent_id": 0, "removed_managers": [] })).await.ok();
    assert_eq!((&changed["name"], changed.get("parent_id"), &changed["version"]), (&json!("Crates"), None, &json!(3)));
    assert_eq!(tree(anna).await, "Move Crates");
    anna.post(&format!("/v4/lists/{list}"), json!({ "parent_id": list })).await.refused(400, "invalid_input");
    anna.post(&format!("/v4/lists/{below}"), json!({ "parent_id": list })).await.ok();
    anna.post(&format!("/v4/lists/{list}"), json!({ "parent_id": below })).await.refused(400, "invalid_input");

    assert_eq!(delete(anna, &format!("/v4/lists/{list}")).await.ok()["deleted"], true);
    assert_eq!(tree(anna).await, "", "what is below goes with it");
    assert_eq!(names(&anna.get("/v4/lists?with_deleted=True").await.ok()["lists"]), ["Move(Crates)"]);
    assert_eq!(tree(&world.clara.client).await, "");
    anna.post(&format!("/v4/lists/{list}"), json!({ "name": "Gone" })).await.refused(403, "access_denied_project");
    anna.post(&format!("/v4/lists/{list}"), json!({ "deleted": false })).await.ok();
    assert_eq!(tree(anna).await, "Move(Crates)");
    world.done().await;
}

#[actix_rt::test]
async fn lists_that_move_below_each_other_at_one_moment_make_no_circle() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let (a, b) = (make(boris, json!({ "name": "A" })).await, make(boris, json!({ "name": "B" })).await);
    let c = make(boris, json!({ "name": "C", "parent_id": b })).await;
    for _ in 0..5 {
        let below = |list: i64, parent: i64| {
            let client = boris.clone();
            async move { client.post(&format!("/v4/lists/{list}"), json!({ "parent_id": parent })).await }
        };
        // Each below the other, one of them below what lies below the other: one comes too late.
        let (first, second) = futures_util::join!(below(a, c), below(b, a));
        assert_eq!([&first, &second].iter().filter(|answer| answer.status == 200).count(), 1, "{} {}", first.text(), second.text());
        let (late, drawn) = if first.status == 200 { (second, "B(C(A))") } else { (first, "A(B(C))") };
        late.refused(400, "invalid_input");
        assert_eq!(tree(boris).await, drawn);
        for list in [a, b] {
            boris.post(&format!("/v4/lists/{list}"), json!({ "parent_id": 0 })).await.ok();
        }
    }
    world.done().await;
}

#[actix_rt::test]
async fn a_private_list_is_seen_by_nobody_else_and_what_is_foreign_is_unknown() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let list = make(boris, json!({ "name": "Secret", "is_private": true })).await;
    let task = id(&boris.create(json!({ "text": "Hidden", "list_ids": [list] })).await);
    for (who, client) in
        [("the administrator", anna), ("a colleague", &world.clara.client), ("another organisation", &world.elsewhere.client)]
    {
        assert_eq!(tree(client).await, "", "{who}");
        client.get(&format!("/v4/lists/{list}")).await.refused(403, "access_denied_project");
        client.get(&format!("/v4/lists/{list}/tasks")).await.refused(403, "access_denied_project");
        client.post(&format!("/v4/lists/{list}"), json!({ "name": "Mine" })).await.refused(403, "access_denied_project");
        delete(client, &format!("/v4/lists/{list}")).await.refused(403, "access_denied_project");
        put(client, "/v4/lists", json!({ "name": "Below", "parent_id": list })).await.refused(403, "access_denied_project");
        client.post("/v4/tasks", json!({ "text": "In it", "list_ids": [list] })).await.refused(403, "access_denied_project");
    }
    world.clara.client.get(&format!("/v4/tasks/{task}")).await.refused(403, "access_denied_task");
    assert_eq!(tree(boris).await, "Secret");
    for unknown in ["999999", "0"] {
        boris.get(&format!("/v4/lists/{unknown}")).await.refused(403, "access_denied_project");
    }
    boris.get("/v4/lists/x").await.refused(400, "invalid_value_format");
    let nobody = boris.nobody();
    for path in [
        "/v4/lists".to_owned(),
        format!("/v4/lists/{list}"),
        format!("/v4/lists/{list}/tasks"),
        format!("/v4/tasksbyapprover/{}", world.anna.id),
    ] {
        nobody.get(&path).await.refused(401, "token_not_specified");
    }
    put(&nobody, "/v4/lists", json!({ "name": "a" })).await.refused(401, "token_not_specified");
    nobody.post(&format!("/v4/lists/{list}"), json!({})).await.refused(401, "token_not_specified");
    nobody.post(&format!("/v4/lists/{list}/tasks"), json!({})).await.refused(401, "token_not_specified");
    delete(&nobody, &format!("/v4/lists/{list}")).await.refused(401, "token_not_specified");
    for method in [Method::PUT, Method::POST, Method::DELETE] {
        nobody.ask(method, "/v4/lists/bulk", &[], Some(b"[]".to_vec())).await.refused(401, "token_not_specified");
    }
    world.done().await;
}

#[actix_rt::test]
async fn members_of_a_list_above_see_and_comment_and_are_out_at_once_when_they_are_taken_out() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let top = make(boris, json!({ "name": "Top", "added_members": [{ "id": world.clara.id }] })).await;
    let below = make(boris, json!({ "name": "Below", "parent_id": top })).await;
    let task = id(&boris.create(json!({ "text": "Shared", "list_ids": [below] })).await);
    let shown = clara.comment(task, json!({ "text": "I see it" })).await;
    assert_eq!(shown["list_ids"], json!([below]));
    assert_eq!(shown["comments"][0]["added_list_ids"], json!([below]));
    clara.post(&format!("/v4/tasks/{task}/comments"), json!({ "action": "finished" })).await.refused(403, "access_denied_close_task");
    world.app.settled().await;
    assert_eq!(tasks(clara, below, "").await, [task]);
    clara.post(&format!("/v4/lists/{top}"), json!({ "name": "Mine" })).await.refused(403, "access_denied");

    boris.post(&format!("/v4/lists/{top}"), json!({ "removed_member_ids": [world.clara.id] })).await.ok();
    clara.get(&format!("/v4/tasks/{task}")).await.refused(403, "access_denied_task");
    clara.post(&format!("/v4/tasks/{task}/comments"), json!({ "text": "Still?" })).await.refused(403, "access_denied_task");
    clara.get(&format!("/v4/lists/{below}/tasks")).await.refused(403, "access_denied_project");
    assert_eq!(tree(clara).await, "");

    // Who manages a list finishes what is in it; the administrator of the organisation has no part in it.
    boris.post(&format!("/v4/lists/{below}"), json!({ "added_managers": [world.clara.id] })).await.ok();
    clara.comment(task, json!({ "action": "finished" })).await;
    anna.get(&format!("/v4/lists/{below}")).await.refused(403, "access_denied_project");
    world.done().await;
}

#[actix_rt::test]
async fn a_role_opens_its_lists_to_its_members_and_guests_see_only_theirs() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let open = make(anna, json!({ "name": "Open", "list_type": "org_wide" })).await;
    assert_eq!(tree(clara).await, "Open");
    boris.post(&format!("/v4/lists/{open}"), json!({ "name": "Mine" })).await.refused(403, "access_denied");
    put(boris, "/v4/lists", json!({ "name": "For all", "list_type": "org_wide" })).await.refused(403, "access_denied");
    let task = id(&anna.create(json!({ "text": "For all", "list_ids": [open] })).await);
    assert_eq!(id(&clara.task(task).await), task, "what lies in everybody's list is everybody's");
    let own = id(&clara.create(json!({ "text": "Clara's" })).await);
    clara.comment(own, json!({ "added_list_ids": [open] })).await;
    let taken_out = clara.comment(own, json!({ "removed_list_ids": [open] })).await;
    assert_eq!(taken_out.get("list_ids"), None);

    let (greta, guest) = guest(&world).await;
    let clerks = id(&anna.post("/v4/roles", json!({ "name": "Clerks", "member_add": [world.clara.id] })).await.ok());
    let theirs = make(boris, json!({ "name": "Theirs", "added_members": [{ "id": clerks }, { "id": greta }] })).await;
    let below = make(boris, json!({ "name": "Below", "parent_id": theirs })).await;
    let others = make(boris, json!({ "name": "Others" })).await;
    let task = id(&boris.create(json!({ "text": "In it", "list_ids": [below] })).await);
    // A guest finds what they were added to and what lies below it, and not what is everybody's.
    assert_eq!((tree(clara).await, tree(&guest).await), ("Open Theirs(Below)".into(), "Theirs(Below)".into()));
    for client in [clara, &guest] {
        assert_eq!(id(&client.task(task).await), task);
        client.get(&format!("/v4/lists/{others}")).await.refused(403, "access_denied_project");
        client.post(&format!("/v4/lists/{theirs}"), json!({ "name": "Mine" })).await.refused(403, "access_denied");
    }
    guest.get(&format!("/v4/lists/{open}")).await.refused(403, "access_denied_project");
    put(&guest, "/v4/lists", json!({ "name": "Mine", "parent_id": theirs })).await.refused(403, "access_denied");
    // Who is in the role, and not banned with it, is in the list: from one request to the next.
    let change = async |body: Value| put(anna, &format!("/v4/roles/{clerks}"), body).await.ok();
    let hers = async || tree(clara).await;
    change(json!({ "member_remove": [world.clara.id] })).await;
    assert_eq!(hers().await, "Open");
    clara.get(&format!("/v4/tasks/{task}")).await.refused(403, "access_denied_task");
    change(json!({ "member_add": [world.clara.id, greta] })).await;
    boris.post(&format!("/v4/lists/{theirs}"), json!({ "removed_members": [{ "id": greta }] })).await.ok();
    assert_eq!((hers().await, tree(&guest).await), ("Open Theirs(Below)".into(), "Theirs(Below)".into()));
    change(json!({ "banned": true })).await;
    assert_eq!((hers().await, tree(&guest).await), ("Open".into(), String::new()));
    guest.get(&format!("/v4/tasks/{task}")).await.refused(403, "access_denied_task");
    world.done().await;
}

/// A guest of the organisation, signed in.
async fn guest(world: &World) -> (i64, Client) {
    let anna = &world.anna.client;
    let body = json!({ "first_name": "Greta", "email": "greta@example.com", "type": "guest" });
    let greta = id(&anna.post("/v4/members", body).await.ok());
    let key = tests::Person::issue_key(anna, greta).await;
    (greta, anna.sign_in("greta@example.com", &key).await)
}

#[actix_rt::test]
async fn lists_that_somebody_does_not_see_are_not_named_to_them() {
    let world = World::new().await;
    let (boris, clara) = (&world.boris.client, &world.clara.client);
    let secret = make(boris, json!({ "name": "Secret" })).await;
    let shared = make(boris, json!({ "name": "Shared", "added_members": [{ "id": world.clara.id }] })).await;
    let task = json!({ "text": "Hello", "list_ids": [secret, shared], "participants": [{ "id": world.clara.id }] });
    let task = id(&boris.create(task).await);
    let before = world.app.head().await;
    let whole = boris.task(task).await;
    assert_eq!(whole["list_ids"], json!([secret, shared]));
    let shown = clara.task(task).await;
    assert_eq!((&shown["list_ids"], &shown["comments"][0]["added_list_ids"]), (&json!([shared]), &json!([shared])));
    let answered = clara.comment(task, json!({ "text": "Hi" })).await;
    assert_eq!(answered["list_ids"], json!([shared]), "nor in the answer to a command");
    boris.comment(task, json!({ "removed_list_ids": [secret, shared] })).await;
    let shown = clara.task(task).await;
    assert_eq!((shown.get("list_ids"), &shown["comments"][2]["removed_list_ids"]), (None, &json!([shared])));
    let past = clara.get(&format!("/v4/tasks/{task}?as_of={before}")).await.ok();
    assert_eq!(past["task"]["list_ids"], json!([shared]), "nor when it looks back");
    // Boris sees it because of both, Clara because of one; she is not told which his other is.
    let because = async |client: &Client| -> Vec<Value> {
        let seen = client.get(&format!("/v4/tasks/{task}/access?as_of={before}")).await.ok();
        let reasons = seen["persons"].as_array().expect("persons").iter().filter_map(|person| person["reasons"].as_array()).flatten();
        reasons.filter(|reason| reason["why"] == "list").map(|reason| reason["list_id"].clone()).collect()
    };
    assert_eq!(because(boris).await, [json!(secret), json!(shared), json!(shared)]);
    assert_eq!(because(clara).await, [Value::Null, json!(shared), json!(shared)]);
    world.done().await;
}

#[actix_rt::test]
async fn the_tasks_of_a_list_are_filtered_and_cut() {
    let world = World::new().await;
    let (boris, clara) = (&world.boris.client, &world.clara.client);
    let list = make(boris, json!({ "name": "Filtered" })).await;
    let mut made = Vec::new();
    for number in 0..3 {
        made.push(id(&boris.create(json!({ "text": format!("Task {number}"), "list_ids": [list] })).await));
    }
    boris.comment(made[1], json!({ "action": "finished" })).await;
    assert_eq!(tasks(boris, list, "").await, [made[2], made[0]]);
    assert_eq!(tasks(boris, list, "?include_archived=y").await, [made[1], made[2], made[0]]);
    assert_eq!(tasks(boris, list, "?closed_after=2020-01-01T00:00:00Z").await, [made[1]]);
    assert_eq!(tasks(boris, list, "?created_after=2099-01-01T00:00:00Z&nobody_knows=this").await, [] as [i64; 0]);
    let page = boris.get(&format!("/v4/lists/{list}/tasks?item_count=1")).await.ok();
    assert_eq!((page["tasks"].as_array().map(Vec::len), &page["has_more"]), (Some(1), &json!(true)));
    let body = json!({ "include_archived": "y", "modified_before": "\\/Date(4102444800000+0300)\\/".replace('\\', ""), "item_count": 2 });
    let page = boris.post(&format!("/v4/lists/{list}/tasks"), body).await.ok();
    assert_eq!((id(&page["tasks"][0]), &page["has_more"]), (made[1], &json!(true)));
    for wrong in ["?item_count=0", "?item_count=1001"] {
        boris.get(&format!("/v4/lists/{list}/tasks{wrong}")).await.refused(400, "items_count_out_of_range");
    }
    for wrong in ["?item_count=x", "?modified_after=soon", "?include_archived=maybe"] {
        boris.get(&format!("/v4/lists/{list}/tasks{wrong}")).await.refused(400, "invalid_value_format");
    }
    // Deleting the list takes nobody's own task away.
    delete(boris, &format!("/v4/lists/{list}")).await.ok();
    boris.task(made[0]).await;
    boris.post("/v4/tasks", json!({ "text": "Too late", "list_ids": [list] })).await.refused(403, "add_task_to_list_forbidden");

    let asked = id(&boris.create(json!({ "text": "Read this", "subscribers": [{ "id": world.clara.id }] })).await);
    let waiting = async |client: &Client| client.get(&format!("/v4/tasksbyapprover/{}", world.clara.id)).await.ok();
    assert_eq!(id(&waiting(boris).await["tasks"][0]), asked);
    world.app.settled().await;
    assert_eq!(id(&waiting(clara).await["tasks"][0]), asked);
    clara.comment(asked, json!({ "approval_choice": "acknowledged" })).await;
    assert_eq!(waiting(clara).await, json!({ "has_more": false }));
    boris.get("/v4/tasksbyapprover/999999").await.refused(403, "access_denied_person");
    world.elsewhere.client.get(&format!("/v4/tasksbyapprover/{}", world.clara.id)).await.refused(403, "access_denied_person");
    world.done().await;
}

#[actix_rt::test]
async fn many_lists_at_once_are_done_in_order_up_to_the_first_refusal() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let top = make(boris, json!({ "name": "Top" })).await;
    let items = json!([{ "name": "A", "parent_id": top }, { "name": "B", "parent_id": top }]);
    let made = boris.ask(Method::PUT, "/v4/lists/bulk", &[("Idempotency-Key", "bulk-1")], Some(items.to_string().into_bytes())).await.ok();
    let (a, b) = (id(&made[0]), id(&made[1]));
    let again = boris.ask(Method::PUT, "/v4/lists/bulk", &[("Idempotency-Key", "bulk-1")], Some(items.to_string().into_bytes())).await;
    assert_eq!((again.ok(), again.header("idempotency-replayed")), (made, "true"));
    let changed = boris.post("/v4/lists/bulk", json!([{ "id": a, "name": "AA" }, { "id": b, "parent_id": a }])).await.ok();
    assert_eq!((&changed[0]["name"], &changed[1]["parent_id"]), (&json!("AA"), &json!(a)));
    boris
        .post("/v4/lists/bulk", json!([{ "id": a, "name": "AAA" }, { "id": 999_999, "name": "x" }, { "id": b, "name": "BB" }]))
        .await
        .refused(403, "access_denied_project");
    assert_eq!(tree(boris).await, "Top(AAA(B))", "what was done before the refusal stays");
    boris.post("/v4/lists/bulk", json!([{ "id": a, "name": "C" }, { "name": "x" }])).await.refused(400, "required_parameter_missing");
    assert_eq!(tree(boris).await, "Top(AAA(B))", "what cannot be read does nothing");
    let gone = boris.ask(Method::DELETE, "/v4/lists/bulk", &[], Some(json!([{ "id": b }, a]).to_string().into_bytes())).await.ok();
    assert_eq!((&gone[0]["deleted"], &gone[1]["deleted"]), (&json!(true), &json!(true)));
    for wrong in [json!([]), json!(vec![a; 201])] {
        boris
            .ask(Method::DELETE, "/v4/lists/bulk", &[], Some(wrong.to_string().into_bytes()))
            .await
            .refused(400, "items_count_out_of_range");
    }
    world.done().await;
}

#[actix_rt::test]
async fn bad_lists_are_refused_and_write_nothing() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let before = world.app.head().await;
    for (body, code) in [
        (json!({}), "required_parameter_missing"),
        (json!({ "name": " " }), "required_parameter_missing"),
        (json!({ "name": "x".repeat(10_000) }), "value_is_too_long"),
        (json!({ "name": "a\u{7}b" }), "invalid_value_format"),
        (json!({ "name": 7 }), "invalid_value_format"),
        (json!({ "name": "a", "list_type": "secret" }), "invalid_value_format"),
        (json!({ "name": "a", "parent_id": {} }), "invalid_value_format"),
        (json!({ "name": "a", "added_members": [{ "id": 999_999 }] }), "invalid_person_id"),
        (json!({ "name": "a", "added_members": [{ "email": "no@example.com" }] }), "invalid_email"),
        (json!({ "name": "a", "added_members": [{}] }), "person_identity_missing"),
    ] {
        put(anna, "/v4/lists", body.clone()).await.refused(400, code);
    }
    put(anna, "/v4/lists", json!({ "name": "a", "added_managers": [{ "id": world.elsewhere.id }] }))
        .await
        .refused(400, "invalid_person_id");
    assert_eq!(world.app.head().await, before, "something was written");
    world.done().await;
}
