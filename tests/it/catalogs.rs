//! Catalogs over HTTP: made, read in part, synced at once however large, tried without effect, and by whom. The rules are tested
//! in `domain/src/catalog/`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, World, id};

async fn put(client: &Client, path: &str, body: &Value) -> Answer {
    client.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await
}

async fn delete(client: &Client, path: &str) -> Answer {
    client.ask(Method::DELETE, path, &[], None).await
}

/// Acme and Beta of Bonn, and Ceta of Ulm.
fn vendors() -> Value {
    json!({
        "name": "Vendors", "catalog_headers": ["Vendor", "City"],
        "items": [{ "values": ["Acme", "Bonn"] }, { "values": ["Beta", "Bonn"] }, { "values": ["Ceta", "Ulm"] }],
    })
}

async fn make(client: &Client, body: &Value) -> i64 {
    put(client, "/v4/catalogs", body).await.ok()["catalog_id"].as_i64().expect("an id")
}

/// The first values of items.
fn names(items: &Value) -> String {
    let names = items.as_array().into_iter().flatten().map(|item| item["values"][0].as_str().unwrap_or_default());
    names.collect::<Vec<_>>().join(" ")
}

async fn found(client: &Client, catalog: i64, query: &str) -> String {
    names(&client.get(&format!("/v4/catalogs/{catalog}{query}")).await.ok()["items"])
}

#[actix_rt::test]
async fn a_catalog_is_made_listed_and_read_in_part() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let mut body = vendors();
    body["source_type"] = json!("hierarchical");
    body["external_id"] = json!(7);
    body["external_version"] = json!(8);
    body["add_supervisors"] = json!([world.clara.id]);
    body["add_workflow_headers"] = json!(["Buyer"]);
    body["column_settings"] = json!([{ "original_position": 1, "visible": true, "group_by": true }]);
    body["items"][1]["external_id"] = json!("b");
    let mut made = put(anna, "/v4/catalogs", &body).await.ok();
    let catalog = made["catalog_id"].as_i64().expect("an id");
    let mut dates = |name: &str| made.as_object_mut().and_then(|made| made.remove(name)).and_then(|date| date.as_str().map(str::len));
    assert_eq!((dates("last_sync_date"), dates("last_change_date")), (Some(20), Some(20)));
    assert_eq!(
        made,
        json!({
            "catalog_id": catalog, "name": "Vendors", "source_type": "hierarchical", "external_id": 7, "external_version": 8, "version": 3,
            "deleted": false, "supervisors": [world.clara.id],
            "catalog_headers": [{ "name": "Vendor", "type": "text" }, { "name": "City", "type": "text" }, { "name": "Buyer", "type": "workflow" }],
            "column_settings": [{ "original_position": 1, "visible": true, "group_by": true }],
            "items": [
                { "item_id": 1, "values": ["Acme", "Bonn", ""] }, { "item_id": 2, "values": ["Beta", "Bonn", ""], "external_id": "b" },
                { "item_id": 3, "values": ["Ceta", "Ulm", ""] },
            ],
        })
    );
    let other = make(anna, &json!({ "name": "Empty", "catalog_headers": ["Key"] })).await;
    let listed = boris.get("/v4/catalogs").await.ok();
    let ids: Vec<_> = listed["catalogs"].as_array().expect("catalogs").iter().map(|catalog| catalog["catalog_id"].as_i64()).collect();
    assert_eq!(ids, [Some(catalog), Some(other)]);
    assert_eq!((listed["catalogs"][0].get("items"), &listed["catalogs"][0]["external_id"]), (None, &json!(7)));

    for (query, expected) in [
        ("", "Acme Beta Ceta"),
        ("?column=City&value=Bonn", "Acme Beta"),
        ("?column=City&value=Bonn&column=Vendor&value=Beta", "Beta"),
        ("?column=Vendor&value=*e*&use_wildcard=True", "Acme Beta Ceta"),
        ("?column=Vendor&value=*eta&use_wildcard=True", "Beta Ceta"),
        ("?column=City&value=B*", ""),
        ("?column=Buyer&value=", "Acme Beta Ceta"),
    ] {
        assert_eq!(found(boris, catalog, query).await, expected, "{query}");
    }
    let path = format!("/v4/catalogs/{catalog}");
    boris.get(&format!("{path}?column=Street&value=x")).await.refused(400, "catalog_column_not_found");
    boris.get(&format!("{path}?column=City")).await.refused(400, "invalid_catalog_item_filter");
    boris.get("/v4/catalogs/x").await.refused(400, "invalid_value_format");
    boris.get("/v4/catalogs/999999").await.refused(403, "access_denied_catalog");
    world.done().await;
}

#[actix_rt::test]
async fn a_sync_tells_what_it_would_do_and_does_it_when_it_is_applied() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let catalog = make(anna, &vendors()).await;
    let path = format!("/v4/catalogs/{catalog}");
    let mut wanted = json!({ "catalog_headers": ["Vendor", "City"], "items": [["Zeta", "Ulm"], ["Beta", "Bonn"], ["Acme", "Jena"]] });
    let dry = anna.post(&path, &wanted).await.ok();
    let expected = json!({
        "catalog_id": catalog, "apply": false, "catalog_headers": [{ "name": "Vendor", "type": "text" }, { "name": "City", "type": "text" }],
        "added": [{ "item_id": 4, "values": ["Zeta", "Ulm"] }], "updated": [{ "item_id": 1, "values": ["Acme", "Jena"] }],
        "deleted": [{ "item_id": 3, "values": ["Ceta", "Ulm"], "deleted": true }],
    });
    assert_eq!(dry, expected);
    assert_eq!(found(anna, catalog, "").await, "Acme Beta Ceta", "nothing was done");

    wanted["apply"] = json!(true);
    let done = anna.post_once("sync-1", &path, &wanted).await;
    let mut applied = expected.clone();
    applied["apply"] = json!(true);
    assert_eq!(done.ok(), applied);
    assert_eq!(found(anna, catalog, "").await, "Acme Beta Zeta");
    assert_eq!(found(anna, catalog, "?include_deleted=True").await, "Acme Beta Ceta Zeta");

    let changed =
        anna.post(&format!("{path}/diff"), json!({ "upsert": [{ "values": ["Ceta", "Köln"] }], "delete": ["Zeta", "nobody"] })).await.ok();
    assert_eq!((&changed["added"], changed.get("updated")), (&json!([{ "item_id": 3, "values": ["Ceta", "Köln"] }]), None));
    assert_eq!(changed["deleted"], json!([{ "item_id": 4, "values": ["Zeta", "Ulm"], "deleted": true }]));
    assert_eq!(found(anna, catalog, "").await, "Acme Beta Ceta");
    let nothing = anna.post(&format!("{path}/diff"), json!({ "upsert": [["Ceta", "Köln"]] })).await.ok();
    assert_eq!((nothing.get("added"), nothing.get("updated"), &nothing["apply"]), (None, None, &json!(true)));

    let again = anna.post_once("sync-1", &path, &wanted).await;
    assert_eq!((again.ok(), again.header("idempotency-replayed")), (applied, "true"), "what was done then is told again");
    assert_eq!(found(anna, catalog, "").await, "Acme Beta Ceta", "and not done again");
    world.done().await;
}

#[actix_rt::test]
async fn a_catalog_that_is_larger_than_a_command_and_than_other_bodies_is_taken_in_at_once() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let columns: Vec<String> = (0..12).map(|place| format!("Column {place}")).collect();
    let row = |number: usize, word: &str| -> Vec<String> {
        std::iter::once(format!("Item {number}"))
            .chain((1..12).map(|place| format!("{word} {number} {place} {}", "ж".repeat(20))))
            .collect()
    };
    let rows = |count: usize, word: &str| (0..count).map(|number| row(number, word)).collect::<Vec<_>>();
    let body = json!({ "name": "Large", "catalog_headers": columns, "items": rows(4_000, "first") });
    assert!(body.to_string().len() > 2 * 1024 * 1024);
    let text = body.to_string().into_bytes();
    let made = anna.ask(Method::PUT, "/v4/catalogs", &[("Idempotency-Key", "large-1")], Some(text.clone())).await;
    let catalog = made.ok()["catalog_id"].as_i64().expect("an id");
    assert_eq!(made.ok()["items"].as_array().map(Vec::len), Some(4_000));
    let again = anna.ask(Method::PUT, "/v4/catalogs", &[("Idempotency-Key", "large-1")], Some(text)).await;
    assert_eq!((again.ok(), again.header("idempotency-replayed")), (made.ok(), "true"));
    assert_eq!(anna.get("/v4/catalogs").await.ok()["catalogs"].as_array().map(Vec::len), Some(1));

    let path = format!("/v4/catalogs/{catalog}");
    let wanted = json!({ "apply": true, "catalog_headers": columns, "items": rows(3_900, "second") });
    let told = anna.post(&path, &wanted).await.ok();
    let count = |of: &str| told[of].as_array().map_or(0, Vec::len);
    assert_eq!((count("added"), count("updated"), count("deleted")), (0, 3_900, 100));
    let app = world.app.restarted().await;
    let anna = app.client().with_token(anna.token().expect("she has signed in"));
    let one = anna.get(&format!("{path}?column=Column%200&value=Item%20137")).await.ok();
    assert_eq!(one["items"], json!([{ "item_id": 138, "values": row(137, "second") }]));
    assert_eq!(anna.get(&path).await.ok()["items"].as_array().map(Vec::len), Some(3_900));

    let small = json!({ "text": "x".repeat(3 * 1024 * 1024) });
    anna.post("/v4/tasks", &small).await.refused(400, "too_large_request_length");
    app.done().await;
}

#[actix_rt::test]
async fn supervisors_change_their_catalog_and_others_do_not_and_guests_and_strangers_see_none() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let mut body = vendors();
    body["add_supervisors"] = json!([{ "id": world.clara.id }]);
    let catalog = make(anna, &body).await;
    let path = format!("/v4/catalogs/{catalog}");
    let change = json!({ "upsert": [["New", "Ulm"]] });
    let sync = json!({ "apply": true, "catalog_headers": ["Vendor", "City"], "items": [["New", "Ulm"]] });

    let guest = json!({ "first_name": "Greta", "email": "greta@example.com", "type": "guest" });
    let guest = id(&anna.post("/v4/members", guest).await.ok());
    let key = tests::Person::issue_key(anna, guest).await;
    let guest = anna.nobody().sign_in("greta@example.com", &key).await;
    for (who, client, sees) in [("a colleague", boris, true), ("a guest", &guest, false), ("a stranger", &world.elsewhere.client, false)] {
        assert_eq!(client.get("/v4/catalogs").await.ok()["catalogs"].as_array().map_or(0, Vec::len), usize::from(sees), "{who}");
        if sees {
            assert_eq!(found(client, catalog, "").await, "Acme Beta Ceta", "{who}");
        } else {
            client.get(&path).await.refused(403, "access_denied_catalog");
        }
        client.post(&format!("{path}/diff"), &change).await.refused(403, "access_denied_catalog");
        client.post(&path, &sync).await.refused(403, "access_denied_catalog");
        client.post(&path, json!({ "catalog_headers": ["Vendor", "City"] })).await.refused(403, "access_denied_catalog");
        delete(client, &path).await.refused(403, "access_denied_catalog");
    }
    put(boris, "/v4/catalogs", &vendors()).await.refused(403, "access_denied_catalog");
    put(&guest, "/v4/catalogs", &vendors()).await.refused(403, "access_denied_catalog");

    let clara = &world.clara.client;
    clara.post(&format!("{path}/diff"), &change).await.ok();
    assert_eq!(found(boris, catalog, "").await, "Acme Beta Ceta New");
    let hand_over = json!({
        "apply": true, "catalog_headers": ["Vendor", "City"], "items": [["New", "Ulm"]],
        "add_supervisors": [world.boris.id], "remove_supervisors": [world.clara.id],
    });
    clara.post(&path, &hand_over).await.ok();
    clara.post(&format!("{path}/diff"), &change).await.refused(403, "access_denied_catalog");
    assert_eq!(delete(boris, &path).await.ok()["deleted"], true);
    clara.get(&path).await.refused(403, "access_denied_catalog");
    assert_eq!(clara.get("/v4/catalogs?include_deleted=True").await.ok(), json!({}));
    assert_eq!(found(anna, catalog, "").await, "New", "what tasks hold can still be looked up");
    anna.post(&format!("{path}/diff"), &change).await.refused(400, "can_not_modify_deleted_catalog");
    world.done().await;
}

#[actix_rt::test]
async fn what_is_no_catalog_is_refused_with_the_code_that_says_why() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let with = |change: fn(&mut Value)| {
        let mut body = vendors();
        change(&mut body);
        body
    };
    type Case = (fn(&mut Value), &'static str);
    let cases: [Case; 10] = [
        (|body| body["name"] = Value::Null, "required_parameter_missing"),
        (|body| body["catalog_headers"] = json!([]), "empty_catalog_headers"),
        (|body| body["catalog_headers"] = json!(["a", "A"]), "catalog_duplicate_headers"),
        (|body| body["items"][0] = json!(["Beta", "x"]), "catalog_duplicate_rows"),
        (|body| body["items"][0] = json!(["Acme"]), "catalog_headers_items_mismatch"),
        (|body| body["items"][0] = json!(["", "x"]), "empty_item_key"),
        (|body| body["items"][0] = json!(["Acme", null]), "catalog_null_value"),
        (|body| body["items"][0] = json!(["Acme", "x".repeat(501)]), "catalog_item_max_length_exceeded"),
        (
            |body| body["items"] = json!((0..50_001).map(|number| [number.to_string(), String::new()]).collect::<Vec<_>>()),
            "too_many_catalog_items",
        ),
        (|body| body["source_type"] = json!("department_catalog"), "unsupported_catalog_operation"),
    ];
    for (change, code) in cases {
        put(anna, "/v4/catalogs", &with(change)).await.refused(400, code);
    }
    let catalog = make(anna, &vendors()).await;
    let renamed = json!({ "apply": true, "catalog_headers": ["Supplier", "City"], "items": [] });
    anna.post(&format!("/v4/catalogs/{catalog}"), &renamed).await.refused(400, "can_not_modify_first_column");
    world.done().await;
}

#[actix_rt::test]
async fn many_catalogs_are_made_synced_and_deleted_each_once() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let ask = async |method: Method, key: &str, body: Value| {
        anna.ask(method, "/v4/catalogs/bulk", &[("Idempotency-Key", key)], Some(body.to_string().into_bytes())).await
    };
    let two = json!([vendors(), { "name": "Cities", "catalog_headers": ["City"] }]);
    let made = ask(Method::PUT, "make", two.clone()).await.ok();
    let ids: Vec<i64> = made.as_array().expect("catalogs").iter().filter_map(|catalog| catalog["catalog_id"].as_i64()).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ask(Method::PUT, "make", two).await.ok(), made);
    let sync = |apply| {
        json!([
            { "catalog_id": ids[0], "apply": apply, "catalog_headers": ["Vendor", "City"], "items": [["Acme", "Bonn"]] },
            { "catalog_id": ids[1], "apply": apply, "catalog_headers": ["City"], "items": [["Bonn"]] },
        ])
    };
    ask(Method::POST, "dry", sync(false)).await.refused(400, "unsupported_catalog_operation");
    let synced = ask(Method::POST, "sync", sync(true)).await.ok();
    assert_eq!((names(&synced[0]["deleted"]), names(&synced[1]["added"])), ("Beta Ceta".to_owned(), "Bonn".to_owned()));
    ask(Method::DELETE, "delete", json!([ids[0], { "catalog_id": ids[1] }])).await.ok();
    assert_eq!(anna.get("/v4/catalogs").await.ok(), json!({}));
    ask(Method::DELETE, "none", json!([])).await.refused(400, "items_count_out_of_range");
    world.done().await;
}

#[actix_rt::test]
async fn the_catalog_of_departments_is_as_the_chart_is_and_nobody_changes_it() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    assert_eq!(anna.get("/v4/profile").await.ok()["organization"].get("department_catalog_id"), None);
    let acorn = put(anna, "/v4/orgchart", &json!({"department_name": "Acorn", "manager_id": world.clara.id})).await.ok()["id"].clone();
    let sales = json!({"department_name": "Sales", "parent_id": acorn, "external_id": "s"});
    let sales = put(anna, "/v4/orgchart", &sales).await.ok()["id"].as_i64().expect("an id");
    let catalog = boris.get("/v4/profile").await.ok()["organization"]["department_catalog_id"].as_i64().expect("an id");
    let path = format!("/v4/catalogs/{catalog}");
    let shown = boris.get(&path).await.ok();
    assert_eq!(
        (&shown["source_type"], &shown["catalog_headers"][2]),
        (&json!("department_catalog"), &json!({"name": "Head", "type": "workflow"}))
    );
    let clara = world.clara.id.to_string();
    let both = json!([
        {"item_id": acorn, "values": ["Acorn", "", clara]}, {"item_id": sales, "values": ["Sales", "Acorn", clara], "external_id": "s"},
    ]);
    assert_eq!(shown["items"], both, "a missing head is inherited");
    let listed = boris.get("/v4/catalogs").await.ok();
    assert_eq!((listed["catalogs"].as_array().map(Vec::len), &listed["catalogs"][0]["catalog_id"]), (Some(1), &json!(catalog)));
    assert_eq!(found(boris, catalog, "?column=Parent&value=Acorn").await, "Sales");

    let sync = json!({"apply": true, "catalog_headers": ["Department"], "items": []});
    for (path, body) in [(path.clone(), &sync), (format!("{path}/diff"), &json!({"upsert": [], "delete": ["Sales"]}))] {
        anna.post(&path, body).await.refused(400, "department_catalog_can_not_be_modified");
        boris.post(&path, body).await.refused(403, "access_denied_catalog");
    }
    anna.post(&path, json!({"catalog_headers": ["Department"], "items": []})).await.refused(400, "department_catalog_can_not_be_modified");
    delete(anna, &path).await.refused(400, "department_catalog_can_not_be_modified");
    let mine = json!({"name": "Mine", "catalog_headers": ["A"], "source_type": "department_catalog"});
    put(anna, "/v4/catalogs", &mine).await.refused(400, "unsupported_catalog_operation");
    world.elsewhere.client.get(&path).await.refused(403, "access_denied_catalog");

    // A form takes departments, and a step asks whoever heads the chosen one when it is entered.
    let fields = json!([{"id": 1, "name": "For", "type": "catalog", "catalog_id": catalog, "code": "u_for"}]);
    let asks = json!([{"who": {"catalog_field": {"field": 1, "column": "Head"}}}]);
    let steps = json!([{"name": "Author", "approvers": [{"who": {"person": world.boris.id}}]}, {"name": "Head", "approvers": asks}]);
    let form = id(&anna.post("/v4/forms", json!({"name": "Trip", "definition": {"fields": fields, "steps": steps}})).await.ok());
    let task = anna.create(json!({"form_id": form, "fields": [{"code": "u_for", "value": {"item_name": "Sales"}}]})).await;
    assert_eq!(task["fields"][0]["value"]["rows"], json!([["Sales", "Acorn", clara]]));
    let version = shown["version"].as_i64().expect("a number");
    anna.post(&format!("/v4/orgchart/{sales}"), json!({"department_name": "Selling", "manager_id": world.anna.id})).await.ok();
    let renamed = anna.get(&path).await.ok();
    assert_eq!(renamed["items"][1]["values"], json!(["Selling", "Acorn", world.anna.id.to_string()]));
    assert!(renamed["version"].as_i64() > Some(version));
    world.app.settled().await;
    let task = boris.comment(id(&task), json!({"approval_choice": "approved"})).await;
    assert_eq!(task["approvals"][1][0]["person"]["id"], world.anna.id);
    delete(anna, &format!("/v4/orgchart/{sales}")).await.ok();
    assert_eq!(
        (found(anna, catalog, "").await, found(anna, catalog, "?include_deleted=true").await),
        ("Acorn".into(), "Acorn Selling".into())
    );
    world.done().await;
}
