//! Fields that hold items of catalogs, over HTTP: written in every way, shown as they were, filtered by, and by whom. The rules are
//! tested in `domain/src/form/items.rs`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, Person, World, id};

async fn put(client: &Client, path: &str, body: &Value) -> Answer {
    client.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await
}

/// Acme and =Beta of Bonn, and Ceta of Ulm.
async fn vendors(client: &Client) -> i64 {
    let items = json!([{"values": ["Acme", "Bonn"]}, {"values": ["=Beta", "Bonn"]}, {"values": ["Ceta", "Ulm"]}]);
    let made = put(client, "/v4/catalogs", &json!({"name": "Vendors", "catalog_headers": ["Vendor", "City"], "items": items})).await.ok();
    made["catalog_id"].as_i64().expect("an id")
}

fn definition(vendors: i64) -> Value {
    let inner = |name: &str| json!({"name": name, "type": "catalog", "catalog_id": vendors});
    json!({
        "fields": [
            {"name": "Vendor", "type": "catalog", "catalog_id": vendors, "code": "u_vendor", "in_title": true, "default_value": "Acme"},
            {"name": "Bidders", "type": "catalog", "catalog_id": vendors, "multiple": true, "default_value": "{\"item_ids\":[3,1]}"},
            {"name": "More", "type": "title", "fields": [inner("Inside")]},
            {"name": "Kind", "type": "multiple_choice", "options": [{"choice_value": "Other", "fields": [inner("Chosen")]}]},
            {"name": "Rows", "type": "table", "columns": [inner("Source"), {"name": "Price", "type": "money"}]},
            {"name": "Papers", "type": "file"},
        ],
    })
}

/// A form of [`definition`] by Anna, of which Boris is a member, and its catalog.
async fn offers(world: &World) -> (i64, i64) {
    let anna = &world.anna.client;
    let catalog = vendors(anna).await;
    let form = id(&anna.post("/v4/forms", json!({"name": "Offers", "definition": definition(catalog)})).await.ok());
    let levels = json!({"permissions": {world.boris.id.to_string(): "member"}});
    anna.post(&format!("/v4/forms/{form}/permissions"), levels).await.ok();
    (form, catalog)
}

fn field<'a>(task: &'a Value, name: &str) -> &'a Value {
    let fields = task["fields"].as_array().expect("fields");
    fields.iter().find(|field| field["name"] == name).unwrap_or(&Value::Null)
}

async fn diff(client: &Client, catalog: i64, body: Value) {
    client.post(&format!("/v4/catalogs/{catalog}/diff"), body).await.ok();
}

#[actix_rt::test]
async fn items_are_written_by_id_and_by_name_and_shown_as_they_were_then() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let (form, catalog) = offers(&world).await;
    let shown = boris.get(&format!("/v4/forms/{form}")).await.ok();
    assert_eq!(shown["fields"][0]["info"], json!({"code": "u_vendor", "catalog_id": catalog}));
    assert_eq!(shown["fields"][1]["info"], json!({"catalog_id": catalog, "multiple_choice": true}));
    assert_eq!(shown["fields"][5]["type"], "file");

    let source = json!([{"row_id": 0, "cells": [{"name": "Source", "value": {"item_id": 3}}, {"name": "Price", "value": 5}]}]);
    let fields = json!([
        {"code": "u_vendor", "value": {"item_name": "Ceta"}},
        {"name": "Bidders", "value": {"item_ids": [1, 3]}},
        {"name": "More", "value": {"fields": [{"name": "Inside", "value": {"item_names": ["Acme"]}}]}},
        {"name": "Kind", "value": {"choice_id": 1, "fields": [{"name": "Chosen", "value": {"item_id": 1}}]}},
        {"name": "Rows", "value": source},
    ]);
    let task = boris.create(json!({"form_id": form, "fields": fields})).await;
    let number = id(&task);
    let ceta = json!({"item_id": 3, "item_ids": [3], "headers": ["Vendor", "City"], "values": ["Ceta", "Ulm"], "rows": [["Ceta", "Ulm"]]});
    let acme =
        json!({"item_id": 1, "item_ids": [1], "headers": ["Vendor", "City"], "values": ["Acme", "Bonn"], "rows": [["Acme", "Bonn"]]});
    assert_eq!((&field(&task, "Vendor")["value"], &task["text"]), (&ceta, &json!("Offers: Ceta")));
    let both = json!({"item_ids": [1, 3], "headers": ["Vendor", "City"], "rows": [["Acme", "Bonn"], ["Ceta", "Ulm"]]});
    assert_eq!(field(&task, "Bidders")["value"], both);
    assert_eq!(field(&task, "More")["value"]["fields"][0]["value"], acme);
    assert_eq!(field(&task, "Kind")["value"]["fields"][0]["value"], acme);
    assert_eq!(field(&task, "Rows")["value"][0]["cells"][0]["value"], ceta);
    assert_eq!(field(&task, "Papers").get("value"), None);

    // What becomes of the item afterwards is not what was chosen.
    diff(anna, catalog, json!({"upsert": [{"values": ["Acme", "Trier"]}], "delete": ["Ceta"]})).await;
    let later = boris.comment(number, json!({"text": "Still?"})).await;
    assert_eq!((&field(&later, "Vendor")["value"], &field(&later, "Bidders")["value"]), (&ceta, &both));
    // Written as it was read, the deleted one stays, and the other is taken as it is now.
    let again = json!({"field_updates": [{"name": "Bidders", "value": both}, {"code": "u_vendor", "value": null}]});
    let again = boris.comment(number, again).await;
    assert_eq!(field(&again, "Bidders")["value"]["rows"], json!([["Acme", "Trier"], ["Ceta", "Ulm"]]));
    assert_eq!(field(&again, "Vendor").get("value"), None);
    let other = id(&boris.create(json!({"form_id": form})).await);
    let vendor = |task: i64, name: &str| json!({"task_id": task, "comment": {"field_updates": [{"code": "u_vendor", "value": {"item_name": name}}]}});
    boris.post("/v4/tasks/comments", json!({"comments": [vendor(number, "Acme"), vendor(other, "=Beta")]})).await.ok();
    assert_eq!(field(&boris.task(number).await, "Vendor")["value"]["values"], json!(["Acme", "Trier"]));
    assert_eq!(field(&boris.task(other).await, "Vendor")["value"]["item_id"], 2);
    let refused = boris.post("/v4/tasks/comments", json!({"comments": [vendor(number, "=Beta"), vendor(other, "Ceta")]})).await;
    refused.refused(400, "invalid_catalog_item_name");
    assert!(refused.text().contains("Vendor"), "{}", refused.text());
    world.app.settled().await;
    world.done().await;
}

#[actix_rt::test]
async fn defaults_are_items_where_they_are_asked_for() {
    let world = World::new().await;
    let (form, catalog) = offers(&world).await;
    let boris = &world.boris.client;
    let filled = boris.create(json!({"form_id": form, "fill_defaults": true})).await;
    assert_eq!(field(&filled, "Vendor")["value"]["values"], json!(["Acme", "Bonn"]));
    assert_eq!(field(&filled, "Bidders")["value"]["item_ids"], json!([3, 1]));
    let other = json!({"form_id": form, "fill_defaults": true, "fields": [{"code": "u_vendor", "value": {"item_id": 3}}]});
    assert_eq!(field(&boris.create(other).await, "Vendor")["value"]["item_id"], 3);
    diff(&world.anna.client, catalog, json!({"upsert": [], "delete": ["Acme"]})).await;
    let without = boris.create(json!({"form_id": form, "fill_defaults": true})).await;
    assert_eq!((field(&without, "Vendor").get("value"), field(&without, "Bidders").get("value")), (None, None));
    world.done().await;
}

#[actix_rt::test]
async fn what_is_no_item_is_refused_with_its_code_and_the_fields_name() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let (form, catalog) = offers(&world).await;
    diff(anna, catalog, json!({"upsert": [], "delete": ["Ceta"]})).await;
    let task = id(&boris.create(json!({"form_id": form})).await);
    let rows = |value: Value| json!([{"name": "Rows", "value": [{"row_id": 0, "cells": [{"name": "Source", "value": value}]}]}]);
    let vendor = |value: Value| json!([{"code": "u_vendor", "value": value}]);
    for (updates, code, named) in [
        (vendor(json!({"item_id": 404})), "invalid_catalog_item_id", "Vendor"),
        (vendor(json!({"item_id": 3})), "invalid_catalog_item_id", "Vendor"),
        (vendor(json!({"item_name": "Ceta"})), "invalid_catalog_item_name", "Vendor"),
        (vendor(json!({"item_id": 1, "item_name": "=Beta"})), "catalog_item_id_name_mismatch", "Vendor"),
        (vendor(json!({"item_ids": [1, 2]})), "field_cannot_have_multiple_values", "Vendor"),
        (vendor(json!({"values": ["Acme", "Bonn"]})), "catalog_identity_missing", "Vendor"),
        (vendor(json!("Acme")), "invalid_value_format", "Vendor"),
        (json!([{"name": "Bidders", "value": {"item_ids": (1..=501).collect::<Vec<_>>()}}]), "limit_exceeded", "Bidders"),
        (rows(json!({"item_id": 404})), "invalid_catalog_item_id", "Rows: Source"),
    ] {
        let answer = boris.post(&format!("/v4/tasks/{task}/comments"), json!({"field_updates": updates})).await;
        answer.refused(400, code);
        assert!(answer.text().contains(named), "{}", answer.text());
    }
    // What a client claims to be the item's row is not taken from it.
    let forged = vendor(json!({"item_id": 1, "values": ["Forged"], "rows": [["Forged"]], "headers": ["X"]}));
    let task = boris.comment(task, json!({"field_updates": forged})).await;
    assert_eq!(field(&task, "Vendor")["value"]["rows"], json!([["Acme", "Bonn"]]));
    world.done().await;
}

#[actix_rt::test]
async fn forms_are_published_with_catalogs_that_are_there_and_of_the_same_organisation() {
    let world = World::new().await;
    let (anna, elsewhere) = (&world.anna.client, &world.elsewhere.client);
    let (form, catalog) = offers(&world).await;
    let theirs = vendors(elsewhere).await;
    let make = async |client: &Client, catalog: i64| {
        let fields = json!([{"name": "Vendor", "type": "catalog", "catalog_id": catalog}]);
        client.post("/v4/forms", json!({"name": "Bad", "definition": {"fields": fields}})).await
    };
    make(anna, theirs).await.refused(400, "invalid_catalog_id");
    make(anna, 404).await.refused(400, "invalid_catalog_id");
    make(elsewhere, catalog).await.refused(400, "invalid_catalog_id");
    elsewhere.get(&format!("/v4/forms/{form}/register?fld1={catalog}")).await.refused(403, "access_denied_form");

    let other = vendors(anna).await;
    let mut definition = anna.get(&format!("/v4/forms/{form}/definition")).await.ok()["published"].clone();
    let mut moved = definition.clone();
    moved["fields"][0]["catalog_id"] = json!(other);
    put(anna, &format!("/v4/forms/{form}"), &json!({"definition": moved})).await.refused(400, "invalid_input");
    let new = json!({"name": "New", "type": "catalog", "catalog_id": other});
    definition["fields"].as_array_mut().expect("fields").push(new);
    put(anna, &format!("/v4/forms/{form}"), &json!({"definition": definition})).await.ok();
    anna.ask(Method::DELETE, &format!("/v4/catalogs/{other}"), &[], None).await.ok();
    anna.post(&format!("/v4/forms/{form}/publish"), json!({})).await.refused(400, "invalid_catalog_id");

    // A catalog that goes later leaves what was chosen, and takes no more.
    let task = id(&anna.create(json!({"form_id": form, "fields": [{"code": "u_vendor", "value": {"item_id": 1}}]})).await);
    anna.ask(Method::DELETE, &format!("/v4/catalogs/{catalog}"), &[], None).await.ok();
    assert_eq!(field(&anna.task(task).await, "Vendor")["value"]["item_id"], 1);
    let update = json!({"field_updates": [{"code": "u_vendor", "value": {"item_id": 2}}]});
    anna.post(&format!("/v4/tasks/{task}/comments"), &update).await.refused(400, "invalid_catalog_id");
    world
        .boris
        .client
        .post("/v4/tasks", json!({"form_id": form, "fields": update["field_updates"]}))
        .await
        .refused(403, "access_denied_catalog");
    world.done().await;
}

#[actix_rt::test]
async fn a_register_is_filtered_by_items_and_shows_what_they_are_called() {
    let world = World::new().await;
    let (form, _) = offers(&world).await;
    let boris = &world.boris.client;
    let make = async |vendor: Value, bidders: Value| {
        let rows = json!([{"row_id": 0, "cells": [{"name": "Source", "value": {"item_id": 2}}]}]);
        let fields = json!([{"code": "u_vendor", "value": vendor}, {"name": "Bidders", "value": bidders}, {"name": "Rows", "value": rows}]);
        id(&boris.create(json!({"form_id": form, "fields": fields})).await)
    };
    let acme = make(json!({"item_id": 1}), json!({"item_ids": [1, 3]})).await;
    let beta = make(json!({"item_id": 2}), json!({"item_ids": [3]})).await;
    let none = id(&boris.create(json!({"form_id": form})).await);
    world.app.settled().await;
    let shown = boris.get(&format!("/v4/forms/{form}")).await.ok();
    let number =
        |name: &str| shown["fields"].as_array().and_then(|all| all.iter().find(|field| field["name"] == name)).map(id).expect("a field");
    let (vendor, bidders, papers) = (number("Vendor"), number("Bidders"), number("Papers"));
    let source = id(&shown["fields"][4]["info"]["columns"][0]);
    let path = format!("/v4/forms/{form}/register");
    for (filter, tasks) in [
        (format!("fld{vendor}=1"), vec![acme]),
        (format!("fld{vendor}=1,2"), vec![beta, acme]),
        (format!("fld{vendor}=404"), vec![]),
        (format!("fld{vendor}=empty"), vec![none]),
        (format!("fld{vendor}=*"), vec![beta, acme]),
        (format!("fld{bidders}=3"), vec![beta, acme]),
        (format!("fld{bidders}=1&fld{vendor}=1"), vec![acme]),
        (format!("fld{source}=2"), vec![beta, acme]),
        (format!("fld{papers}=empty"), vec![none, beta, acme]),
        (format!("fld{papers}=*"), vec![]),
    ] {
        let found = boris.get(&format!("{path}?{filter}")).await.ok();
        let found: Vec<i64> = found["tasks"].as_array().expect("tasks").iter().map(id).collect();
        assert_eq!(found, tasks, "{filter}");
    }
    boris.get(&format!("{path}?fld{vendor}=Acme")).await.refused(400, "invalid_value_format");
    let csv = boris.get(&format!("{path}?format=csv&delimiter=%3B&field_ids={vendor},{bidders},{papers}")).await.text();
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].ends_with("Step;Vendor;Bidders;Papers"), "{}", lines[0]);
    assert!(lines[2].ends_with(";'=Beta;Ceta;"), "no sheet computes it: {}", lines[2]);
    assert!(lines[3].ends_with(";Acme;Acme, Ceta;"), "{}", lines[3]);
    world.done().await;
}

#[actix_rt::test]
async fn strangers_fill_in_nothing_of_a_form_and_learn_nothing_of_its_catalogs() {
    let world = World::new().await;
    let (form, _) = offers(&world).await;
    let task = id(&world.anna.client.create(json!({"form_id": form})).await);
    let david = Person::colleague(&world.anna.client, 3).await;
    let fields = json!([{"code": "u_vendor", "value": {"item_id": 1}}]);
    for outsider in [&world.elsewhere.client, &david.client] {
        outsider.post("/v4/tasks", json!({"form_id": form, "fields": fields})).await.refused(403, "access_denied_form");
        outsider.post(&format!("/v4/tasks/{task}/comments"), json!({"field_updates": fields})).await.refused(403, "access_denied_task");
    }
    let plain = id(&world.boris.client.create(json!({"text": "No form"})).await);
    world
        .boris
        .client
        .post(&format!("/v4/tasks/{plain}/comments"), json!({"field_updates": fields}))
        .await
        .refused(400, "task_has_no_form");
    world.done().await;
}

#[actix_rt::test]
async fn a_step_asks_whom_the_chosen_item_names_and_conditions_look_at_its_columns() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let buyers = [world.boris.id.to_string(), format!("{}; {}", world.clara.id, world.boris.id)];
    let items = json!([{"values": ["Acme", "Bonn", buyers[0]]}, {"values": ["Beta", "Ulm", buyers[1]]}, {"values": ["Ceta", "Ulm", ""]}]);
    let made = json!({"name": "Vendors", "catalog_headers": ["Vendor", "City"], "add_workflow_headers": ["Buyer"], "items": items});
    let catalog = put(anna, "/v4/catalogs", &made).await.ok()["catalog_id"].as_i64().expect("an id");
    let asks = |column: &str| json!([{"who": {"catalog_field": {"field": 1, "column": column}}}]);
    let define = |column: &str, condition: &str| {
        let vendor = json!({"id": 1, "name": "Vendor", "type": "catalog", "catalog_id": catalog, "code": "u_vendor"});
        let step = json!({"name": "Buyer", "approvers": asks(column), "condition": condition});
        json!({"name": "Offers", "definition": {"fields": [vendor], "steps": [{"name": "Author", "approvers": [{"who": "author"}]}, step]}})
    };
    for (column, condition, code) in [
        ("City", "true", "catalog_column_not_found"),
        ("Head", "true", "catalog_column_not_found"),
        ("Buyer", "u_vendor.Country = 'D'", "invalid_input"),
    ] {
        anna.post("/v4/forms", define(column, condition)).await.refused(400, code);
    }
    let form =
        id(&anna.post("/v4/forms", define("buyer", "u_vendor != 'Ceta' and (u_vendor.city = 'ulm' or u_vendor.City = 'Bonn')")).await.ok());
    let make = async |vendor: &str| {
        let fields = json!([{"code": "u_vendor", "value": {"item_name": vendor}}]);
        anna.create(json!({"form_id": form, "fields": fields})).await
    };
    let asked = |task: &Value| {
        let step = task["approvals"][1].as_array().cloned().unwrap_or_default();
        step.iter().map(|approval| id(&approval["person"])).collect::<Vec<_>>()
    };
    let (acme, beta, ceta) = (make("Acme").await, make("Beta").await, make("Ceta").await);
    assert_eq!((asked(&acme), asked(&beta)), (vec![world.boris.id], vec![world.clara.id, world.boris.id]));
    assert_eq!((asked(&ceta), &ceta["current_step"]), (vec![], &json!(1)), "the step is skipped");
    world.app.settled().await;
    assert_eq!((boris.inbox().await.len(), clara.inbox().await), (2, vec![id(&beta)]));

    // Who is blocked meanwhile is asked no more by what is entered later.
    anna.ask(Method::DELETE, &format!("/v4/members/{}", world.boris.id), &[], None).await.ok();
    world.app.settled().await;
    assert_eq!(asked(&make("Beta").await), [world.clara.id]);
    assert_eq!(asked(&make("Acme").await), [world.anna.id], "who administers the form stands in");
    world.done().await;
}
