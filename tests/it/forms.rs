//! Forms and their tasks over HTTP: from the definition to the last approval. Rules are tested in `domain`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, Person, World, id};

async fn put(client: &Client, path: &str, body: &Value) -> Answer {
    client.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await
}

/// Step 1 is the author's, 2 Boris's, 3 the clerks' where it costs more than 1000.
fn definition(world: &World) -> Value {
    json!({
        "fields": [
            {"name": "Amount", "type": "money", "code": "u_amount", "required_step": 1, "in_title": true},
            {"name": "Buyer", "type": "person"},
            {"name": "Kind", "type": "multiple_choice", "options": [
                {"choice_value": "Chairs"},
                {"choice_value": "Other", "fields": [{"name": "Which", "type": "text", "visible_if": "filled(u_amount)"}]},
            ]},
            {"name": "Rows", "type": "table", "columns": [{"name": "What", "type": "text"}, {"name": "Price", "type": "money", "code": "u_price"}]},
            {"name": "Total", "type": "money", "formula": "sum(u_price)"},
            {"name": "Place", "type": "text", "default_value": "Office", "immutable_step": 2},
        ],
        "steps": [
            {"name": "Request", "approvers": [{"who": "author"}]},
            {"name": "Chief", "approvers": [{"who": {"person": world.boris.id}}]},
            {"name": "Finance", "approvers": [{"who": {"person": world.clara.id}}], "condition": "u_amount > 1000"},
        ],
    })
}

/// A form of [`definition`] by Anna, of which everybody is a member.
async fn purchase(world: &World) -> i64 {
    let anna = &world.anna.client;
    let made = anna.post("/v4/forms", json!({"name": "Purchase", "folder": ["Finance"], "definition": definition(world)})).await.ok();
    let form = id(&made);
    let levels = json!({"permissions": {world.boris.id.to_string(): "member", world.clara.id.to_string(): "manager"}});
    anna.post(&format!("/v4/forms/{form}/permissions"), levels).await.ok();
    form
}

/// How it is defined, with the ids that it gave.
async fn published(client: &Client, form: i64) -> Value {
    client.get(&format!("/v4/forms/{form}/definition")).await.ok()["published"].take()
}

fn field<'a>(task: &'a Value, name: &str) -> &'a Value {
    let fields = task["fields"].as_array().expect("fields");
    fields.iter().find(|field| field["name"] == name).unwrap_or(&Value::Null)
}

#[actix_rt::test]
async fn a_form_is_made_shown_changed_published_copied_and_closed() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let form = purchase(&world).await;
    let path = format!("/v4/forms/{form}");
    let shown = world.boris.client.get(&path).await.ok();
    assert_eq!(shown["steps"], json!({"1": "Request", "2": "Chief", "3": "Finance"}));
    assert_eq!((&shown["name"], &shown["folder"], &shown["deleted_or_closed"]), (&json!("Purchase"), &json!(["Finance"]), &json!(false)));
    let amount = &shown["fields"][0];
    assert_eq!(amount["info"], json!({"required_step": 1, "code": "u_amount"}));
    assert_eq!(shown["fields"][2]["info"]["options"][1]["fields"][0]["parent_id"], shown["fields"][2]["id"]);
    assert_eq!(shown["fields"][4]["info"], json!({"formula": "sum(u_price)"}), "what nobody fills in says what it follows from");
    assert_eq!(world.boris.client.get("/v4/forms").await.ok()["forms"], json!([shown]));

    let mut definition = anna.get(&format!("{path}/definition")).await.ok()["published"].clone();
    definition["fields"].as_array_mut().expect("fields").pop();
    definition["steps"][1]["name"] = json!("Boss");
    put(anna, &path, &json!({"name": "Buying", "definition": definition})).await.ok();
    let waiting = world.boris.client.get(&path).await.ok();
    assert_eq!((&waiting["name"], &waiting["steps"]["2"]), (&json!("Buying"), &json!("Chief")), "a draft changes nothing yet");
    let published = anna.post(&format!("{path}/publish"), json!({})).await.ok();
    assert_eq!((&published["steps"]["2"], &published["template"]), (&json!("Boss"), &json!(2)));
    assert_eq!(published["fields"].as_array().map(Vec::len), Some(5));
    anna.post(&format!("{path}/publish"), json!({})).await.refused(400, "invalid_input");

    let copy = anna.post(&format!("{path}/clone"), json!({"name": "Copy"})).await.ok();
    assert_eq!((&copy["name"], &copy["steps"], &copy["template"]), (&json!("Copy"), &published["steps"], &json!(1)));

    let closed = anna.ask(Method::DELETE, &path, &[], None).await.ok();
    assert_eq!(closed["deleted_or_closed"], true);
    anna.post("/v4/tasks", json!({"form_id": form})).await.refused(400, "form_is_deleted");
    put(anna, &path, &json!({"deleted_or_closed": false})).await.ok();
    anna.post("/v4/tasks", json!({"form_id": form})).await.ok();
    world.done().await;
}

#[actix_rt::test]
async fn a_task_of_a_form_goes_its_way_to_the_last_approval() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let form = purchase(&world).await;
    let fields = json!([
        {"code": "u_amount", "value": "5000.50"},
        {"name": "Kind", "value": {"choice_names": ["Other"], "fields": [{"name": "Which", "value": "Lamps"}]}},
        {"name": "Rows", "value": [{"row_id": 0, "cells": [{"name": "What", "value": "Lamp"}, {"name": "Price", "value": 12.25}]}]},
    ]);
    let task = anna.create(json!({"form_id": form, "fields": fields, "fill_defaults": true, "text": "For the hall"})).await;
    let number = id(&task);
    assert_eq!((&task["form_id"], &task["current_step"], &task["text"]), (&json!(form), &json!(2), &json!("Purchase: 5000.5")));
    assert_eq!(field(&task, "Amount")["value"], 5000.5);
    assert_eq!(field(&task, "Kind")["value"]["fields"][0]["value"], "Lamps");
    assert_eq!((&field(&task, "Total")["value"], &field(&task, "Place")["value"]), (&json!(12.25), &json!("Office")));
    assert_eq!(task["approvals"][0][0]["approval_choice"], "approved");
    assert_eq!(
        (&task["approvals"][1][0]["person"]["id"], &task["approvals"][1][0]["approval_choice"]),
        (&json!(world.boris.id), &json!("waiting"))
    );
    world.app.settled().await;
    assert_eq!(boris.inbox().await, [number], "it waits for him");
    let header = boris.get("/v4/inbox").await.ok()["tasks"][0].clone();
    assert_eq!(header["text"], "Purchase: 5000.5");

    // What is frozen at his step he does not change; what he sees, he fills in.
    let frozen = json!({"field_updates": [{"name": "Place", "value": "Home"}]});
    boris.post(&format!("/v4/tasks/{number}/comments"), frozen).await.refused(400, "field_editing_is_not_allowed");
    let task = boris
        .comment(number, json!({"approval_choice": "approved", "field_updates": [{"name": "Buyer", "value": {"id": world.boris.id}}]}))
        .await;
    assert_eq!((&task["current_step"], &field(&task, "Buyer")["value"]["id"]), (&json!(3), &json!(world.boris.id)));
    world.app.settled().await;
    assert_eq!((boris.inbox().await, clara.inbox().await), (vec![], vec![number]));

    let task = clara.comment(number, json!({"approval_choice": "rejected", "text": "Too dear"})).await;
    let last = task["comments"].as_array().and_then(|comments| comments.last()).expect("a comment");
    assert_eq!((&last["approval_choice"], &last["approval_step"], &last["reset_to_step"]), (&json!("rejected"), &json!(3), &json!(1)));
    assert_eq!(task["current_step"], 1);
    world.app.settled().await;
    assert_eq!(anna.inbox().await, [number], "back to its author");

    let task = anna.comment(number, json!({"field_updates": [{"code": "u_amount", "value": 900}], "approval_choice": "approved"})).await;
    assert_eq!((&task["current_step"], &task["text"]), (&json!(2), &json!("Purchase: 900")));
    let task = boris.comment(number, json!({"approval_choice": "approved", "action": "finished"})).await;
    assert_eq!((&task["current_step"], &task["is_closed"]), (&json!(2), &json!(true)), "the dear step is skipped");
    world.app.settled().await;
    assert_eq!((boris.inbox().await, clara.inbox().await), (vec![], vec![]));
    world.done().await;
}

#[actix_rt::test]
async fn a_form_is_shown_as_it_was_and_its_versions_say_when_that_was() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let form = purchase(&world).await;
    let path = format!("/v4/forms/{form}");
    let mut other = published(anna, form).await;
    other["steps"][1]["name"] = "Board".into();
    put(anna, &path, &json!({"name": "Buying", "definition": other})).await.ok();
    anna.post(&format!("{path}/publish"), json!({})).await.ok();
    let versions = anna.get(&format!("{path}/versions")).await.ok();
    let first = &versions["versions"][0];
    assert_eq!(
        (&first["template"], &first["published_by"], versions["versions"].as_array().map(Vec::len)),
        (&json!(1), &json!(world.anna.id), Some(2))
    );
    let as_of = |path: &str| format!("{path}?as_of={}", first["position"]);
    let then = anna.get(&as_of(&path)).await.ok();
    assert_eq!((&then["name"], &then["steps"]["2"], &then["template"]), (&json!("Purchase"), &json!("Chief"), &json!(1)));
    assert_eq!(anna.get(&path).await.ok()["steps"]["2"], "Board");
    let defined = anna.get(&as_of(&format!("{path}/definition"))).await.ok();
    assert_eq!((&defined["published"]["steps"][1]["name"], defined.get("draft")), (&json!("Chief"), None));
    // Levels were given after it was made; who has none today sees nothing of then.
    let levels = anna.get(&as_of(&format!("{path}/permissions"))).await.ok();
    assert_eq!(levels["permissions"], json!({world.anna.id.to_string(): "administrator"}));
    assert_eq!(anna.get(&as_of("/v4/forms")).await.ok()["forms"][0]["name"], "Purchase");
    world.elsewhere.client.get(&as_of(&path)).await.refused(403, "access_denied_form");
    world.boris.client.get(&format!("{path}/versions")).await.refused(403, "access_denied_form");
    world.boris.client.get(&as_of(&path)).await.ok();
    anna.get(&format!("{path}?as_of=1")).await.refused(403, "access_denied_form");
    world.done().await;
}

#[actix_rt::test]
async fn a_draft_is_tried_on_past_tasks_and_what_would_have_been_otherwise_is_told() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let form = purchase(&world).await;
    let path = format!("/v4/forms/{form}");
    let made = async |amount: i64| {
        id(&boris.post("/v4/tasks", json!({"form_id": form, "fields": [{"code": "u_amount", "value": amount}]})).await.ok()["task"])
    };
    let (cheap, dear) = (made(5).await, made(5_000).await);
    world.app.settled().await;
    anna.post(&format!("{path}/what_if"), json!({})).await.refused(400, "invalid_input");
    let same = anna.post(&format!("{path}/what_if"), json!({"definition": published(anna, form).await})).await.ok();
    assert_eq!((&same["examined"], &same["tasks"]), (&json!(2), &json!([])));
    let mut other = published(anna, form).await;
    other["steps"][1]["condition"] = "u_amount > 1000".into();
    put(anna, &path, &json!({"definition": other})).await.ok();
    let tried = anna.post(&format!("{path}/what_if"), json!({})).await.ok();
    let otherwise = tried["tasks"].as_array().expect("tasks");
    assert_eq!((otherwise.len(), &otherwise[0]["task_id"]), (1, &json!(cheap)), "{tried}");
    let skipped = &otherwise[0]["differences"][0];
    assert_eq!((&skipped["step"], &skipped["step_name"], &skipped["change"]), (&json!(2), &json!("Chief"), &json!("skipped")));
    assert_eq!((&skipped["condition"], &skipped["holds"]), (&json!("u_amount > 1000"), &json!(false)));
    // By pages, and only what is named.
    let page = anna.post(&format!("{path}/what_if"), json!({"item_count": 1})).await.ok();
    assert_eq!((&page["next_after"], &page["tasks"]), (&json!(dear), &json!([])));
    let rest = anna.post(&format!("{path}/what_if"), json!({"item_count": 1, "after": dear})).await.ok();
    assert_eq!((&rest["tasks"][0]["task_id"], rest.get("next_after")), (&json!(cheap), None));
    assert_eq!(anna.post(&format!("{path}/what_if"), json!({"task_ids": [dear]})).await.ok()["examined"], 1);
    for wrong in [json!({"item_count": 0}), json!({"item_count": 501}), json!({"item_count": -1})] {
        anna.post(&format!("{path}/what_if"), wrong).await.refused(400, "items_count_out_of_range");
    }
    anna.post(&format!("{path}/what_if"), json!({"definition": {"steps": [{"name": ""}]}})).await.refused(400, "invalid_field_name");
    // Nothing came of it, and who may not change the form learns nothing.
    assert_eq!(boris.get(&path).await.ok()["template"], 1);
    for stranger in [&world.boris, &world.clara, &world.elsewhere] {
        stranger.client.post(&format!("{path}/what_if"), json!({"definition": other})).await.refused(403, "access_denied_form");
    }
    world.done().await;
}

#[actix_rt::test]
async fn strangers_and_those_without_a_level_see_no_form_and_no_task_of_it() {
    let world = World::new().await;
    let form = purchase(&world).await;
    let david = Person::colleague(&world.anna.client, 3).await;
    let task = id(&world.anna.client.create(json!({"form_id": form, "fields": [{"code": "u_amount", "value": 1}]})).await);
    let path = format!("/v4/forms/{form}");
    for outsider in [&world.elsewhere.client, &david.client] {
        assert_eq!(outsider.get("/v4/forms").await.ok()["forms"], json!([]));
        outsider.get(&path).await.refused(403, "access_denied_form");
        outsider.get(&format!("{path}/permissions")).await.refused(403, "access_denied_form");
        outsider.get(&format!("{path}/definition")).await.refused(403, "access_denied_form");
        put(outsider, &path, &json!({"name": "Mine"})).await.refused(403, "access_denied_form");
        outsider.post(&format!("{path}/publish"), json!({})).await.refused(403, "access_denied_form");
        outsider.post(&format!("{path}/clone"), json!({})).await.refused(403, "access_denied_form");
        outsider.post(&format!("{path}/permissions"), json!({"permissions": {"1": "member"}})).await.refused(403, "access_denied_form");
        outsider.ask(Method::DELETE, &path, &[], None).await.refused(403, "access_denied_form");
        outsider.post("/v4/tasks", json!({"form_id": form})).await.refused(403, "access_denied_form");
        outsider.get(&format!("/v4/tasks/{task}")).await.refused(403, "access_denied_task");
    }
    // A member fills it in and sees their own; a manager sees all; who is asked sees what they are asked.
    world.boris.client.get(&format!("{path}/definition")).await.refused(403, "access_denied_form");
    let theirs = id(&world.boris.client.create(json!({"form_id": form})).await);
    world.clara.client.task(theirs).await;
    world.clara.client.task(task).await;
    world.done().await;
}

#[actix_rt::test]
async fn bad_definitions_and_bad_values_name_what_is_wrong_and_change_nothing() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let make = async |definition: Value| anna.post("/v4/forms", json!({"name": "Bad", "definition": definition})).await;
    for (definition, code) in [
        (json!({"fields": [{"name": "A", "type": "colour"}]}), "invalid_value_format"),
        (json!({"fields": [{"name": "A", "type": "text", "visible_if": "#9 = 1"}]}), "invalid_input"),
        (json!({"fields": [{"name": "A", "type": "text", "visible_if": "((("}]}), "invalid_input"),
        (json!({"steps": [{"name": "A", "approvers": [{"who": {"person": 404}}]}]}), "invalid_person_id"),
        (json!({"fields": [{"name": "A", "type": "text", "required_step": 3}]}), "invalid_step_number"),
    ] {
        make(definition).await.refused(400, code);
    }
    assert_eq!(anna.get("/v4/forms").await.ok()["forms"], json!([]));

    let form = purchase(&world).await;
    let task = id(&anna.create(json!({"form_id": form, "fields": [{"code": "u_amount", "value": 1}]})).await);
    let before = anna.task(task).await;
    for (updates, code) in [
        (json!([{"name": "Amount", "value": "much"}]), "invalid_value_format"),
        (json!([{"name": "Amount", "value": "1234567890123456789012345678901234567890"}]), "invalid_value_format"),
        (json!([{"id": 404, "value": 1}]), "invalid_field_id"),
        (json!([{"value": 1}]), "field_identity_missing"),
        (json!([{"name": "Price", "value": 1}]), "field_is_in_table"),
        (json!([{"name": "Total", "value": 1}]), "unable_to_edit_field"),
        (json!([{"name": "Buyer", "value": {"id": 404}}]), "invalid_person_id"),
        (json!([{"name": "Rows", "value": [{"row_id": 7, "delete": true}]}]), "invalid_table_row"),
        (json!([{"name": "Kind", "value": {"choice_ids": [9]}}]), "invalid_value_format"),
        (json!([{"name": "Amount", "value": 1}, {"code": "u_amount", "value": 2}]), "duplicate_field"),
    ] {
        anna.post(&format!("/v4/tasks/{task}/comments"), json!({"field_updates": updates, "text": "x"})).await.refused(400, code);
    }
    anna.post(&format!("/v4/tasks/{task}/comments"), json!({"approval_choice": "approved"})).await.refused(403, "access_denied");
    let seen = json!({"approval_choice": "approved", "seen": 1});
    world.boris.client.post(&format!("/v4/tasks/{task}/comments"), seen).await.refused(409, "conflict");
    assert_eq!(anna.task(task).await, before);
    world.done().await;
}

/// Tasks 1, 5000 and 70, with a text, a kind and rows; the second closed.
async fn filled(world: &World) -> (i64, [i64; 3], Value) {
    let form = purchase(world).await;
    let anna = &world.anna.client;
    let make = async |amount: i64, kind: &str, price: i64| {
        let fields = json!([
            {"code": "u_amount", "value": amount}, {"name": "Kind", "value": {"choice_names": [kind]}},
            {"name": "Place", "value": format!("ABC-000{amount}")}, {"name": "Buyer", "value": {"id": world.boris.id}},
            {"name": "Rows", "value": [{"row_id": 0, "cells": [{"name": "Price", "value": price}, {"name": "What", "value": "=1+1"}]}]},
        ]);
        id(&anna.create(json!({"form_id": form, "fields": fields})).await)
    };
    let tasks = [make(1, "Chairs", 10).await, make(5000, "Other", 20).await, make(70, "Chairs", 30).await];
    anna.comment(tasks[1], json!({"action": "finished"})).await;
    world.app.settled().await;
    let shown = anna.get(&format!("/v4/forms/{form}")).await.ok();
    (form, tasks, shown)
}

fn found(answer: &Value) -> Vec<i64> {
    answer["tasks"].as_array().expect("tasks").iter().map(id).collect()
}

#[actix_rt::test]
async fn a_register_is_filtered_by_fields_steps_and_dates_and_read_page_by_page() {
    let world = World::new().await;
    let (form, [one, closed, seventy], shown) = filled(&world).await;
    let path = format!("/v4/forms/{form}/register");
    let number = |name: &str| {
        let field = shown["fields"].as_array().expect("fields").iter().find(|field| field["name"] == name).expect("a field");
        field["id"].as_i64().expect("a number")
    };
    let column = |name: &str| {
        let table = shown["fields"].as_array().expect("fields").iter().find(|field| field["type"] == "table").expect("a table");
        table["info"]["columns"].as_array().expect("columns").iter().find(|field| field["name"] == name).map(id).expect("a column")
    };
    let (amount, kind, place, buyer) = (number("Amount"), number("Kind"), number("Place"), number("Buyer"));
    let anna = &world.anna.client;
    for (filter, tasks) in [
        (json!({}), vec![seventy, one]),
        (json!({"include_archived": true}), vec![seventy, closed, one]),
        (json!({"include_archived": "y", "sort": "id"}), vec![one, closed, seventy]),
        (json!({format!("fld{amount}"): "70"}), vec![seventy]),
        (json!({format!("fld{amount}"): "gt1"}), vec![seventy]),
        (json!({format!("fld{amount}"): "gt0,lt5001", "include_archived": true}), vec![seventy, closed, one]),
        (json!({format!("fld{amount}"): "1,70"}), vec![seventy, one]),
        (json!({format!("fld{place}"): "abc-0007"}), vec![seventy]),
        (json!({format!("fld{place}"): "0007"}), vec![]),
        (json!({format!("fld{place}"): "empty"}), vec![]),
        (json!({format!("fld{place}"): "*"}), vec![seventy, one]),
        (json!({format!("fld{kind}"): "Chairs", format!("fld{buyer}"): world.boris.id.to_string()}), vec![seventy, one]),
        (json!({format!("fld{}", column("Price")): "gt25"}), vec![seventy]),
        (json!({"steps": [2]}), vec![seventy, one]),
        (json!({"steps": [3]}), vec![]),
        (json!({"task_ids": [one]}), vec![one]),
        (json!({"id": format!("gt{one}")}), vec![seventy]),
        (json!({"closed_after": "2020-01-01T00:00:00Z"}), vec![closed]),
        (json!({"created_before": "2020-01-01T00:00:00Z"}), vec![]),
        (json!({"due_filter": "overdue"}), vec![]),
    ] {
        assert_eq!(found(&anna.post(&path, filter.clone()).await.ok()), tasks, "{filter}");
    }
    assert_eq!(found(&anna.get(&format!("{path}?fld{amount}=gt1&include_archived=y&item_count=1")).await.ok()), [seventy]);
    let first = anna.get(&format!("{path}?item_count=1&field_ids={place},{amount}")).await.ok();
    assert_eq!((found(&first), &first["has_more"]), (vec![seventy], &json!(true)));
    let row = &first["tasks"][0];
    assert_eq!(
        (&row["fields"][0]["value"], &row["fields"][1]["value"], &row["current_step"]),
        (&json!("ABC-00070"), &json!(70), &json!(2))
    );
    assert_eq!((row.get("approvals"), row.get("form_id")), (None, None));
    let next = anna.get(&format!("{path}?after={seventy}&include_approvals=true")).await.ok();
    assert_eq!((found(&next), &next["has_more"], &next["tasks"][0]["form_id"]), (vec![one], &json!(false), &json!(form)));
    assert_eq!(next["tasks"][0]["approvals"][1][0]["person"]["id"], world.boris.id);

    let csv = anna.get(&format!("{path}?format=csv&delimiter=%3B&field_ids={place},{amount}")).await;
    assert!(csv.header("content-type").starts_with("text/csv"));
    let lines: Vec<String> = csv.text().lines().map(str::to_owned).collect();
    assert_eq!((lines.len(), lines[0].as_str()), (3, "Id;Text;Author;Created;Modified;Closed;Step;Place;Amount"));
    assert!(lines[1].starts_with(&format!("{seventy};")) && lines[1].ends_with(";2;ABC-00070;70"), "{}", lines[1]);
    world.done().await;
}

#[actix_rt::test]
async fn a_link_is_called_by_its_task_and_brings_values_along_to_those_who_see_it() {
    let world = World::new().await;
    let (anna, boris) = (&world.anna.client, &world.boris.client);
    let text = |name: &str| json!({"name": name, "code": name, "type": "text", "in_title": true});
    let member = json!({"permissions": {world.boris.id.to_string(): "member"}});
    let made = async |body: Value| {
        let form = id(&anna.post("/v4/forms", body).await.ok());
        anna.post(&format!("/v4/forms/{form}/permissions"), &member).await.ok();
        form
    };
    let contract = made(json!({"name": "Contract", "definition": {"fields": [text("u_vendor"), text("u_place")]}})).await;
    let link = json!({"name": "Contract", "code": "u_contract", "type": "form_link", "form_id": contract, "multiple": true});
    let order = made(json!({"name": "Order", "definition": {"fields": [text("u_vendor"), text("u_place"), link]}})).await;
    let fields = |vendor: &str| json!([{"code": "u_vendor", "value": vendor}, {"code": "u_place", "value": "Hall"}]);
    let theirs = id(&boris.create(json!({"form_id": contract, "fields": fields("Acme")})).await);
    let hidden = id(&anna.create(json!({"form_id": contract, "fields": fields("Hush")})).await);
    let linked = |tasks: Value, more: Value| {
        let mut fields = vec![json!({"code": "u_contract", "value": {"task_ids": tasks}})];
        fields.extend(more.as_array().cloned().unwrap_or_default());
        json!({"form_id": order, "fields": fields})
    };
    boris.post("/v4/tasks", linked(json!([hidden]), json!([]))).await.refused(403, "access_denied_task");
    let task = boris.create(linked(json!([theirs]), json!([{"code": "u_place", "value": "Attic"}]))).await;
    let value = |task: &Value, name: &str| field(task, name)["value"].clone();
    assert_eq!((value(&task, "u_vendor"), value(&task, "u_place")), (json!("Acme"), json!("Attic")));
    let called = |task: &Value| value(task, "Contract")["subject"].clone();
    assert_eq!(called(&task), "Contract: Acme; Hall");

    // Anna links to what Boris does not see; he reads the ids, and no name.
    let number = id(&task);
    let both = json!({"field_updates": [{"code": "u_contract", "value": {"task_ids": [theirs, hidden]}}]});
    let seen = anna.comment(number, both).await;
    assert_eq!(called(&seen), "Contract: Acme; Hall; Contract: Hush; Hall");
    assert_eq!(seen["comments"][1]["field_updates"][0]["value"]["subject"], called(&seen));
    boris.comment(theirs, json!({"field_updates": [{"code": "u_vendor", "value": "Apex"}]})).await;
    let read = boris.task(number).await;
    assert_eq!((called(&read), &value(&read, "Contract")["task_ids"]), (json!("Contract: Apex; Hall"), &json!([theirs, hidden])));
    let rows = boris.get(&format!("/v4/forms/{order}/register")).await.ok();
    assert_eq!(called(&rows["tasks"][0]), "Contract: Apex; Hall");
    let rows = anna.get(&format!("/v4/forms/{order}/register")).await.ok();
    assert_eq!(called(&rows["tasks"][0]), "Contract: Apex; Hall; Contract: Hush; Hall");
    world.done().await;
}

#[actix_rt::test]
async fn how_long_who_took_at_a_step_is_told_as_csv_and_json_to_who_sees_the_tasks() {
    let world = World::new().await;
    let (form, [one, ..], _) = filled(&world).await;
    world.boris.client.comment(one, json!({"approval_choice": "approved"})).await;
    world.app.settled().await;
    let path = format!("/v4/handlingtime?formId={form}&sd=2020-01-01&ed=2199-12-31");
    let anna = &world.anna.client;
    let told = anna.get(&format!("{path}&format=json")).await.ok();
    let of_one: Vec<&Value> = told["decisions"].as_array().expect("decisions").iter().filter(|row| row["task_id"] == one).collect();
    let shown = |row: &Value| (row["step"].clone(), row["step_name"].clone(), row["person_id"].clone(), row["choice"].clone());
    let approved = json!("approved");
    assert_eq!(shown(of_one[0]), (json!(1), json!("Request"), json!(world.anna.id), approved.clone()));
    assert_eq!(shown(of_one[1]), (json!(2), json!("Chief"), json!(world.boris.id), approved));
    assert!(of_one[1]["seconds"].as_i64().is_some_and(|seconds| (0..60).contains(&seconds)), "{told}");
    let csv = anna.get(&format!("{path}&header=y")).await;
    assert!(csv.header("content-type").starts_with("text/csv"));
    let text = csv.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), told["decisions"].as_array().map_or(0, Vec::len) + 1);
    assert!(lines[0].starts_with("task_id,task,step,step_name,person_id,person,approver_id,choice,asked_at,decided_at,seconds"));
    let sums = anna.get(&format!("{path}&format=json&summary=true")).await.ok();
    let boris = sums["summary"].as_array().expect("sums").iter().find(|sum| sum["person_id"] == world.boris.id).expect("he decided");
    assert_eq!((&boris["step"], &boris["decisions"], &boris["person"]), (&json!(2), &json!(1), &json!("Boris Bauer")));
    assert_eq!(anna.get(&format!("/handlingtime?formId={form}&sd=2020-01-01&ed=2020-01-31&tz=180")).await.text(), "");

    world.elsewhere.client.get(&path).await.refused(403, "access_denied_form");
    let david = Person::colleague(anna, 3).await;
    david.client.get(&path).await.refused(403, "access_denied_form");
    let member = json!({"permissions": {david.id.to_string(): "member"}});
    anna.post(&format!("/v4/forms/{form}/permissions"), member).await.ok();
    assert_eq!(david.client.get(&path).await.text(), "", "a member sees what is theirs");
    for (wrong, code) in [
        ("formId=x&sd=2020-01-01&ed=2020-01-02".to_owned(), "invalid_value_format"),
        ("sd=2020-01-01&ed=2020-01-02".to_owned(), "required_parameter_missing"),
        (format!("formId={form}&ed=2020-01-02"), "required_parameter_missing"),
        (format!("formId={form}&sd=soon&ed=2020-01-02"), "invalid_value_format"),
        (format!("formId={form}&sd=2020-01-01&ed=2020-01-02&tz=Mars"), "invalid_value_format"),
        (format!("formId={form}&sd=2020-01-01&ed=2020-01-02&count=0"), "items_count_out_of_range"),
    ] {
        anna.get(&format!("/v4/handlingtime?{wrong}")).await.refused(400, code);
    }
    world.done().await;
}

#[actix_rt::test]
async fn a_step_with_a_time_is_due_in_the_task_the_register_and_the_calendar() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let step =
        |name: &str, minutes: Value| json!({"name": name, "approvers": [{"who": {"person": world.boris.id}}], "due_minutes": minutes});
    let defined = |minutes: Value| json!({"name": "Timed", "definition": {"steps": [step("First", minutes), step("Second", Value::Null)]}});
    anna.post("/v4/forms", defined(json!(0))).await.refused(400, "due_outside_of_bounds");
    let form = id(&anna.post("/v4/forms", defined(json!(90))).await.ok());
    let task = anna.create(json!({ "form_id": form })).await;
    let moment = |of: &Value| of.as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok()).expect("a moment");
    assert_eq!(moment(&task["current_step_due"]).duration_since(moment(&task["create_date"])).as_mins(), 90);
    let number = id(&task);
    let path = format!("/v4/forms/{form}/register");
    assert_eq!(anna.get(&path).await.ok()["tasks"][0]["current_step_due"], task["current_step_due"]);
    for filter in [json!("overdue_on_step"), json!({"overdue_steps": [1, 2]})] {
        assert_eq!(found(&anna.post(&path, json!({ "due_filter": filter })).await.ok()), [0; 0], "there is time left");
    }
    let (from, to) = (moment(&task["create_date"]), moment(&task["current_step_due"]) + jiff::SignedDuration::from_mins(1));
    let calendar = format!("/v4/calendar?start_date_utc={from}&end_date_utc={to}&all_accessed_tasks=true&filter_mask=");
    let due = async |mask: u8| anna.get(&format!("{calendar}{mask}")).await.ok()["tasks"][0]["id"].clone();
    assert_eq!((due(4).await, due(11).await), (json!(number), Value::Null));
    let next = world.boris.client.comment(number, json!({"approval_choice": "approved"})).await;
    assert_eq!((&next["current_step"], next.get("current_step_due")), (&json!(2), None));
    world.done().await;
}

#[actix_rt::test]
async fn a_register_shows_each_what_they_may_see_and_refuses_what_it_does_not_know() {
    let world = World::new().await;
    let (form, [one, _, seventy], _) = filled(&world).await;
    let path = format!("/v4/forms/{form}/register");
    let david = Person::colleague(&world.anna.client, 3).await;
    for outsider in [&world.elsewhere.client, &david.client] {
        outsider.get(&path).await.refused(403, "access_denied_form");
        outsider.post(&path, json!({})).await.refused(403, "access_denied_form");
    }
    assert_eq!(found(&world.clara.client.get(&path).await.ok()), [seventy, one], "a manager sees all");
    assert_eq!(found(&world.boris.client.get(&path).await.ok()), [seventy, one], "whoever is asked sees what they are asked");
    let levels = json!({"permissions": {david.id.to_string(): "member"}});
    world.anna.client.post(&format!("/v4/forms/{form}/permissions"), levels).await.ok();
    assert_eq!(found(&david.client.get(&path).await.ok()), Vec::<i64>::new(), "a member sees what is theirs");
    let theirs = id(&david.client.create(json!({"form_id": form})).await);
    assert_eq!(found(&david.client.get(&path).await.ok()), [theirs]);

    let strict = [("Nashi-Strict", "true")];
    world.anna.client.ask(Method::GET, &format!("{path}?colour=red"), &strict, None).await.refused(400, "filter_type_is_not_supported");
    world.anna.client.get(&format!("{path}?colour=red")).await.ok();
    world.anna.client.get(&format!("{path}?fld404=x")).await.refused(400, "invalid_field_id");
    world.anna.client.get(&format!("{path}?item_count=20001")).await.refused(400, "items_count_out_of_range");
    world.done().await;
}
