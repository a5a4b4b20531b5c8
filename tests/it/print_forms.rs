//! Print forms over HTTP: templates of a form that are tried before they are kept, and a task by one of them as a page and as PDF.
//! What a template may say is tried in the gateway's own tests.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, Person, World, id};

const TEMPLATE: &str = r#"<style>h1 { color: #1a5fa8 }</style><h1>{{ form.name }} № {{ task.id }}</h1>
<p title="{{ field["Note"] }}">{{ field["Note"] }} / {{ field.u_sum }} / {{ field["Empty"] | default("nothing", true) }} / {{ field["Buyer"] }}</p>
<table><tr><th>What</th><th>Price</th></tr>{% for row in table["Rows"] %}<tr><td>{{ row["What"] }}</td><td>{{ row["Price"] }}</td></tr>{% endfor %}</table>
<p>{% for one in approvals %}{{ one.step_name }}: {{ one.person }} ({{ one.choice }}){% endfor %}</p>
<footer>{{ task.author }}, {{ printed.at }} {{ printed.zone }}</footer>"#;

const HOSTILE: &str = "</p><script>alert(1)</script><img src=x onerror=alert(2)>\" onmouseover=\"alert(3) {{ task.id }}";

async fn put(client: &Client, path: &str, body: &Value) -> Answer {
    client.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await
}

async fn delete(client: &Client, path: &str) -> Answer {
    client.ask(Method::DELETE, path, &[], None).await
}

/// A form of Anna's that Boris approves and Clara is a member of.
async fn form(world: &World) -> i64 {
    let definition = json!({
        "fields": [
            {"name": "Note", "type": "text"}, {"name": "Sum", "type": "money", "code": "u_sum"}, {"name": "Empty", "type": "text"},
            {"name": "Buyer", "type": "person"},
            {"name": "Rows", "type": "table", "columns": [{"name": "What", "type": "text"}, {"name": "Price", "type": "money"}]},
            {"name": "Secret", "type": "text", "visible_if": "u_sum > 1000"},
        ],
        "steps": [{"name": "Chief", "approvers": [{"who": {"person": world.boris.id}}]}],
    });
    let anna = &world.anna.client;
    let form = id(&anna.post("/v4/forms", json!({"name": "Order", "definition": definition})).await.ok());
    let levels = json!({"permissions": {world.clara.id.to_string(): "member"}});
    anna.post(&format!("/v4/forms/{form}/permissions"), levels).await.ok();
    form
}

async fn task(world: &World, form: i64) -> i64 {
    let fields = json!([
        {"name": "Note", "value": HOSTILE}, {"name": "Sum", "value": "12345678901234567890.25"}, {"name": "Buyer", "value": {"id": world.clara.id}},
        {"name": "Rows", "value": [{"row_id": 0, "cells": [{"name": "What", "value": "Lamp <b>"}]}, {"row_id": 1, "cells": [{"name": "Price", "value": 2}]}]},
    ]);
    id(&world.anna.client.create(json!({"form_id": form, "fields": fields})).await)
}

#[actix_rt::test]
async fn a_print_form_is_listed_added_changed_and_removed_by_who_administers_the_form() {
    let world = World::new().await;
    let (anna, form) = (&world.anna.client, form(&world).await);
    let path = format!("/v4/forms/{form}/print_forms");
    assert_eq!(anna.get(&path).await.ok(), json!({"print_forms": []}));
    assert_eq!(anna.get(&format!("/v4/forms/{form}")).await.ok().get("print_forms"), None, "what is empty is left out");
    let made = anna.post(&path, json!({"print_form_name": "Order", "template": TEMPLATE})).await.ok();
    assert_eq!((&made["print_form_id"], &made["print_form_name"]), (&json!(1), &json!("Order")));
    let changed = put(anna, &format!("{path}/1"), &json!({"print_form_name": "Bill"})).await.ok();
    assert_eq!((&changed["print_form_name"], &changed["template"]), (&json!("Bill"), &json!(TEMPLATE)));
    let shown = json!([{"print_form_id": 1, "print_form_name": "Bill"}]);
    assert_eq!(anna.get(&format!("/v4/forms/{form}")).await.ok()["print_forms"], shown);
    assert_eq!(world.clara.client.get(&format!("/v4/forms/{form}")).await.ok()["print_forms"], shown);
    assert_eq!(anna.get(&path).await.ok()["print_forms"].as_array().map(Vec::len), Some(1));

    for (template, line) in [
        ("<p>\n{{ field.Nope }}", "line 2"),
        ("{{ nope }}", "line 1"),
        ("{% for a in fields %}", "line 1"),
        ("{{ field['Note'] | safe }}", "line 1"),
        ("{% include '/etc/passwd' %}", "line 1"),
        ("{% set a = 'x' * 1000000000 %}", "line 1"),
        ("<iframe src='file:///etc/passwd'></iframe>", "<iframe"),
        ("<meta http-equiv=refresh content='0;url=//evil.example'>", "<meta"),
    ] {
        let refused = anna.post(&path, json!({"print_form_name": "Bad", "template": template})).await;
        refused.refused(400, "invalid_input");
        let told = refused.json()["error"].as_str().unwrap_or_default().to_owned();
        assert!(told.contains(line), "{template}: {told}");
        put(anna, &format!("{path}/1"), &json!({"template": template})).await.refused(400, "invalid_input");
    }
    anna.post(&path, json!({"template": "x"})).await.refused(400, "required_parameter_missing");
    anna.post(&path, json!({"print_form_name": "Long", "template": "x".repeat(70_000)})).await.refused(400, "limit_exceeded");
    for other in [&world.boris.client, &world.clara.client, &world.elsewhere.client] {
        other.get(&path).await.refused(403, "access_denied_form");
        other.post(&path, json!({"print_form_name": "Mine", "template": "x"})).await.refused(403, "access_denied_form");
        put(other, &format!("{path}/1"), &json!({"print_form_name": "Mine"})).await.refused(403, "access_denied_form");
        delete(other, &format!("{path}/1")).await.refused(403, "access_denied_form");
    }
    put(anna, &format!("{path}/2"), &json!({"print_form_name": "Other"})).await.refused(404, "not_found");
    assert_eq!(delete(anna, &format!("{path}/1")).await.ok(), json!({"print_forms": []}));
    delete(anna, &format!("{path}/1")).await.refused(404, "not_found");
    let again = anna.post(&path, json!({"print_form_name": "Order", "template": "x"})).await.ok();
    assert_eq!(again["print_form_id"], 2, "an id never means another one");
    world.done().await;
}

#[actix_rt::test]
async fn a_task_is_printed_by_its_form_as_its_reader_sees_it_and_hostile_words_stay_words() {
    let world = World::new().await;
    let (anna, form) = (&world.anna.client, form(&world).await);
    anna.post(&format!("/v4/forms/{form}/print_forms"), json!({"print_form_name": "Order", "template": TEMPLATE})).await.ok();
    let task = task(&world, form).await;
    let path = format!("/v4/tasks/{task}/print_forms/1?format=html");
    let page = anna.get(&path).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none';") && policy.ends_with("sandbox") && !policy.contains("script-src"), "{policy}");
    let html = page.text();
    for said in [
        &format!("<h1>Order № {task}</h1>"),
        "12345678901234567890.25",
        "/ nothing /",
        "Clara Cole",
        "<td>Lamp &lt;b&gt;</td><td></td>",
        "<td></td><td>2</td>",
        "Chief: Boris Bauer (",
        "&lt;script&gt;alert(1)",
        "{{ task.id }}",
    ] {
        assert!(html.contains(said), "no {said:?} in {html}");
    }
    for never in ["<script", "<img", "\" onmouseover"] {
        assert!(!html.contains(never), "{never:?} in {html}");
    }
    assert_eq!(world.boris.client.get(&path).await.status, 200, "who is asked sees it");
    let stranger = Person::colleague(anna, 3).await;
    for other in [&world.clara.client, &stranger.client, &world.elsewhere.client] {
        other.get(&path).await.refused(403, "access_denied_task");
    }
    anna.get(&format!("/v4/tasks/{task}/print_forms/7?format=html")).await.refused(404, "not_found");
    anna.get(&format!("/v4/tasks/{task}/print_forms/1?format=docx")).await.refused(400, "invalid_value_format");
    let plain = id(&anna.create(json!({"text": "Plain"})).await);
    anna.get(&format!("/v4/tasks/{plain}/print_forms/1?format=html")).await.refused(400, "task_has_no_form");
    world.done().await;
}

#[actix_rt::test]
async fn a_task_is_printed_to_pdf_by_a_browser_and_nothing_of_it_is_left() {
    let world = World::new().await;
    let (anna, form) = (&world.anna.client, form(&world).await);
    anna.post(&format!("/v4/forms/{form}/print_forms"), json!({"print_form_name": "Order", "template": TEMPLATE})).await.ok();
    let task = task(&world, form).await;
    let pdf = anna.get(&format!("/v4/tasks/{task}/print_forms/1")).await;
    assert_eq!((pdf.status, pdf.header("content-type")), (200, "application/pdf"), "{}", pdf.text());
    assert!(pdf.header("content-disposition").contains(&format!("task-{task}.pdf")));
    assert!(pdf.body.starts_with(b"%PDF-") && pdf.body.len() > 2_000, "{}", pdf.body.len());
    world.done().await;
}

#[actix_rt::test]
async fn without_a_browser_there_are_pages_and_no_pdf() {
    let world = World::with(|settings| settings.printing.browser = "no-such-browser".to_owned()).await;
    let (anna, form) = (&world.anna.client, form(&world).await);
    anna.post(&format!("/v4/forms/{form}/print_forms"), json!({"print_form_name": "Order", "template": TEMPLATE})).await.ok();
    let path = format!("/v4/tasks/{}/print_forms/1", task(&world, form).await);
    anna.get(&path).await.refused(501, "pdf_not_available");
    assert_eq!(anna.get(&format!("{path}?format=html")).await.status, 200);
    world.done().await;
}
