//! Saved filters over HTTP: what is kept, who sees it, what it finds for whom. The rules are tested in `domain::filter`; what the live
//! stream tells of one, in `live`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, World, id};

async fn put(client: &Client, path: &str, body: Value) -> Answer {
    client.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await
}

async fn delete(client: &Client, path: &str) -> Answer {
    client.ask(Method::DELETE, path, &[], Some(b"{}".to_vec())).await
}

async fn saved(client: &Client, body: Value) -> Value {
    client.post("/v4/filters", body).await.ok()
}

/// The ids of what a filter finds, in its order, and whether there is more.
async fn found(world: &World, client: &Client, filter: i64, page: &str) -> (Vec<i64>, bool) {
    world.app.settled().await;
    let answer = client.get(&format!("/v4/filters/{filter}/tasks{page}")).await.ok();
    (answer["tasks"].as_array().into_iter().flatten().map(id).collect(), answer["has_more"] == true)
}

async fn listed(world: &World, client: &Client) -> Vec<String> {
    world.app.settled().await;
    let answer = client.get("/v4/filters").await.ok();
    answer["filters"].as_array().expect("filters").iter().map(|filter| filter["name"].as_str().expect("a name").to_owned()).collect()
}

/// A form with a text (1) and a number (2), in which Boris is a member and Clara is nothing.
async fn form(world: &World) -> i64 {
    let fields = json!([{ "name": "Note", "type": "text", "in_title": true }, { "name": "Amount", "code": "amount", "type": "number" }]);
    let anna = &world.anna.client;
    let form = id(&anna.post("/v4/forms", json!({ "name": "Requests", "definition": { "fields": fields } })).await.ok());
    let levels = json!({ "permissions": { world.boris.id.to_string(): "member" } });
    anna.post(&format!("/v4/forms/{form}/permissions"), levels).await.ok();
    form
}

async fn request(client: &Client, form: i64, amount: i64) -> i64 {
    let fields = json!([{ "name": "Note", "value": format!("Over {amount}") }, { "name": "Amount", "value": amount }]);
    id(&client.create(json!({ "form_id": form, "fields": fields })).await)
}

#[actix_rt::test]
async fn a_filter_is_kept_as_it_was_saved_changed_and_deleted() {
    let world = World::new().await;
    let (anna, form) = (&world.anna.client, form(&world).await);
    let query = json!({ "form_id": form, "fld2": "gt10", "include_archived": true });
    let presentation = json!({
        "view": "board", "columns": ["id", 2, "amount"], "sort": { "by": 2, "descending": true }, "group_by": "step",
    });
    let body = json!({ "name": "Large", "query": query, "presentation": presentation });
    let made = saved(anna, body).await;
    let filter = id(&made);
    assert_eq!((&made["name"], &made["query"], &made["presentation"]), (&json!("Large"), &query, &presentation));
    assert_eq!((id(&made["owner"]), &made["shared"], &made["can_change"]), (world.anna.id, &json!(false), &json!(true)));
    assert_eq!(made["shared_with"], json!({ "everyone": false, "person_ids": [], "role_ids": [] }));
    let path = format!("/v4/filters/{filter}");
    assert_eq!(anna.get(&path).await.ok(), made);
    assert_eq!(anna.get("/v4/filters").await.ok(), json!({ "filters": [made], "has_more": false }));

    let changed = put(anna, &path, json!({ "name": "Small", "query": { "form_id": form, "fld2": "lt3" } })).await.ok();
    assert_eq!((&changed["name"], &changed["query"]["fld2"], &changed["presentation"]), (&json!("Small"), &json!("lt3"), &presentation));
    let world = world.restarted().await;
    let anna = &world.anna.client;
    assert_eq!(anna.get(&path).await.ok(), changed, "it is in the log");
    assert_eq!(delete(anna, &path).await.ok(), json!({ "deleted": true }));
    for gone in [anna.get(&path).await, anna.get(&format!("{path}/tasks")).await, delete(anna, &path).await] {
        gone.refused(403, "access_denied_filter");
    }
    assert_eq!(listed(&world, anna).await, Vec::<String>::new());
    world.done().await;
}

#[actix_rt::test]
async fn whom_a_filter_is_shared_with_finds_by_it_what_they_see_themselves() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let form = form(&world).await;
    request(anna, form, 5).await;
    let (annas, boriss) = (request(anna, form, 20).await, request(boris, form, 30).await);
    let filter = id(&saved(anna, json!({ "name": "Large", "query": { "form_id": form, "fld2": "gt10" } })).await);
    let path = format!("/v4/filters/{filter}");
    assert_eq!(found(&world, anna, filter, "").await, (vec![boriss, annas], false));
    // Nobody else knows of it.
    assert_eq!(listed(&world, boris).await, Vec::<String>::new());
    for refused in [boris.get(&path).await, boris.get(&format!("{path}/tasks")).await, put(boris, &path, json!({ "name": "x" })).await] {
        refused.refused(403, "access_denied_filter");
    }
    world.elsewhere.client.get(&path).await.refused(403, "access_denied_filter");

    let clerks = id(&anna.post("/v4/roles", json!({ "name": "Clerks", "member_add": [world.clara.id] })).await.ok());
    let shared = json!({ "shared_with": { "person_ids": [world.boris.id], "role_ids": [clerks] } });
    let told = put(anna, &path, shared).await.ok();
    let with = json!({ "everyone": false, "person_ids": [world.boris.id], "role_ids": [clerks] });
    assert_eq!((&told["shared"], &told["shared_with"]), (&json!(true), &with));
    assert_eq!(listed(&world, boris).await, ["Large"]);
    let shown = boris.get(&path).await.ok();
    assert_eq!((&shown["can_change"], &shown["shared_with"], id(&shown["owner"])), (&json!(false), &Value::Null, world.anna.id));
    assert_eq!(found(&world, boris, filter, "").await, (vec![boriss], false), "a member sees their own requests");
    put(boris, &path, json!({ "name": "Ours" })).await.refused(403, "access_denied");
    delete(boris, &path).await.refused(403, "access_denied");
    // Clara is a clerk, and does not see the form.
    clara.get(&path).await.refused(403, "access_denied_filter");
    assert_eq!(listed(&world, clara).await, Vec::<String>::new());
    let levels = json!({ "permissions": { world.clara.id.to_string(): "manager" } });
    anna.post(&format!("/v4/forms/{form}/permissions"), levels).await.ok();
    assert_eq!(found(&world, clara, filter, "").await, (vec![boriss, annas], false));
    put(anna, &path, json!({ "shared_with": {} })).await.ok();
    assert_eq!(listed(&world, clara).await, Vec::<String>::new());
    world.done().await;
}

#[actix_rt::test]
async fn each_kind_of_filter_finds_what_its_route_shows_page_by_page() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let form = form(&world).await;
    let list = id(&put(anna, "/v4/lists", json!({ "name": "Ours", "list_type": "org_wide" })).await.ok());
    let task = |body: Value| async move { id(&anna.create(body).await) };
    let his = json!({ "id": world.boris.id });
    let first = task(json!({ "text": "One", "responsible": his, "list_ids": [list] })).await;
    let second = task(json!({ "text": "Two", "subscribers": [his], "list_ids": [list] })).await;
    let third = task(json!({ "text": "Three", "responsible": his, "list_ids": [list] })).await;
    anna.comment(first, json!({ "action": "finished" })).await;
    let (small, large) = (request(boris, form, 1).await, request(boris, form, 2).await);
    for (query, expected) in [
        (json!({ "list_id": list }), vec![third, second]),
        (json!({ "list_id": list, "include_archived": true }), vec![third, second, first]),
        (json!({ "responsible": "me" }), vec![third]),
        (json!({ "responsible": world.boris.id }), vec![third]),
        (json!({ "approver": "me" }), vec![second]),
        (json!({ "form_id": form }), vec![large, small]),
        (json!({ "form_id": form, "sort": "id" }), vec![small, large]),
    ] {
        let filter = id(&saved(boris, json!({ "name": "Mine", "query": query })).await);
        assert_eq!(found(&world, boris, filter, "").await, (expected.clone(), false), "{query}");
        let mut paged = Vec::new();
        let mut page = "?item_count=1".to_owned();
        loop {
            let (tasks, has_more) = found(&world, boris, filter, &page).await;
            assert!(tasks.len() <= 1);
            paged.extend(tasks);
            if !has_more {
                break;
            }
            page = format!("?item_count=1&after={}", paged.last().expect("a task"));
        }
        assert_eq!(paged, expected, "{query} by pages");
    }
    let inbox = id(&saved(boris, json!({ "name": "Mine", "query": { "inbox": true } })).await);
    let mut shown = boris.inbox().await;
    shown.sort_unstable_by(|one, next| next.cmp(one));
    assert_eq!(found(&world, boris, inbox, "").await, (shown, false));
    // A table of a form, as its register is one.
    let of_form = id(&saved(boris, json!({ "name": "Mine", "query": { "form_id": form, "fld2": "gt1" } })).await);
    let csv = boris.get(&format!("/v4/filters/{of_form}/tasks?format=csv")).await;
    assert!(csv.header("content-type").starts_with("text/csv") && csv.text().lines().count() == 2, "{}", csv.text());
    let page = boris.get(&format!("/v4/filters/{of_form}/tasks?item_count=20001")).await;
    page.refused(400, "items_count_out_of_range");
    boris.get(&format!("/v4/filters/{inbox}/tasks?item_count=0")).await.refused(400, "items_count_out_of_range");
    world.done().await;
}

#[actix_rt::test]
async fn what_cannot_be_asked_is_not_saved_and_the_refusal_names_it() {
    let world = World::new().await;
    let (anna, form) = (&world.anna.client, form(&world).await);
    let inbox = json!({ "inbox": true });
    for (body, status, code, named) in [
        (json!({ "name": "x", "query": { "form_id": form, "fld404": "1" } }), 400, "invalid_field_id", "fld404"),
        (json!({ "name": "x", "query": { "form_id": form, "fld2": "ten" } }), 400, "invalid_value_format", "fld2"),
        (json!({ "name": "x", "query": { "form_id": form, "colour": "red" } }), 400, "filter_type_is_not_supported", "colour"),
        (json!({ "name": "x", "query": { "form_id": form, "item_count": 3 } }), 400, "filter_type_is_not_supported", "item_count"),
        (json!({ "name": "x", "query": { "form_id": 404 } }), 403, "access_denied_form", ""),
        (json!({ "name": "x", "query": { "list_id": 404 } }), 403, "access_denied_project", ""),
        (json!({ "name": "x", "query": { "responsible": 404 } }), 403, "access_denied_person", ""),
        (json!({ "name": "x", "query": { "sing": true } }), 400, "invalid_value_format", "query"),
        (json!({ "name": "x", "query": { "form_id": form, "inbox": true } }), 400, "invalid_input", "query"),
        (json!({ "name": " ", "query": inbox }), 400, "required_parameter_missing", "name"),
        (json!({ "query": inbox }), 400, "required_parameter_missing", "name"),
        (json!({ "name": "x".repeat(201), "query": inbox }), 400, "value_is_too_long", "name"),
        (json!({ "name": "x", "query": inbox, "presentation": { "view": "pie" } }), 400, "invalid_value_format", "presentation.view"),
        (json!({ "name": "x", "query": inbox, "presentation": { "columns": [2] } }), 400, "invalid_field_id", "presentation.columns"),
        (json!({ "name": "x", "query": inbox, "shared_with": { "person_ids": [404] } }), 400, "invalid_person_id", "shared_with"),
    ] {
        let refused = anna.post("/v4/filters", &body).await;
        let text = refused.refused(status, code).json()["error"].as_str().expect("a text").to_owned();
        assert!(text.contains(named), "{body}: {text}");
    }
    let filter = id(&saved(anna, json!({ "name": "x", "query": { "form_id": form } })).await);
    put(anna, &format!("/v4/filters/{filter}"), json!({ "query": { "form_id": form, "fld9": "1" } }))
        .await
        .refused(400, "invalid_field_id");
    // What was right once is asked no more once the form has changed.
    let of_note = id(&saved(anna, json!({ "name": "x", "query": { "form_id": form, "fld1": "a" } })).await);
    let fewer = json!({ "definition": { "fields": [{ "id": 2, "name": "Amount", "type": "number" }] } });
    put(anna, &format!("/v4/forms/{form}"), fewer).await.ok();
    anna.post(&format!("/v4/forms/{form}/publish"), json!({})).await.ok();
    world.app.settled().await;
    anna.get(&format!("/v4/filters/{of_note}/tasks")).await.refused(400, "invalid_field_id");
    world.done().await;
}
