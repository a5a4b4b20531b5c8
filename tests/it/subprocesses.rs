//! Tasks that steps open, over HTTP: a form's step opens one, and goes on when it ends, whatever happens meanwhile. The rules are
//! tested in `domain::task::form` and `domain::workflow`.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, World, id};

/// What follows from an event is done a moment later.
const SOON: Duration = Duration::from_secs(10);

async fn until(client: &Client, task: i64, is_so: impl Fn(&Value) -> bool) -> Value {
    let arrived = async {
        loop {
            let shown = client.task(task).await;
            if is_so(&shown) {
                return shown;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    match tokio::time::timeout(SOON, arrived).await {
        Ok(shown) => shown,
        Err(_) => panic!("it never came to be: {}", client.task(task).await),
    }
}

fn says(task: &Value, text: &str) -> bool {
    let comments = task["comments"].as_array().expect("comments");
    comments.iter().any(|comment| comment["text"].as_str().is_some_and(|said| said.contains(text)))
}

fn value<'a>(task: &'a Value, code: &str) -> &'a Value {
    let fields = task["fields"].as_array().expect("fields");
    fields.iter().find(|field| field["code"] == code).map_or(&Value::Null, |field| &field["value"])
}

fn text(code: &str) -> Value {
    json!({"name": code, "code": code, "type": "text"})
}

/// Whose one step is Boris's.
async fn inner(world: &World) -> i64 {
    let step = json!({"name": "Buy", "approvers": [{"who": {"person": world.boris.id}}]});
    let definition = json!({"fields": [text("u_name"), text("u_result")], "steps": [step]});
    id(&world.anna.client.post("/v4/forms", json!({"name": "Inner", "definition": definition})).await.ok())
}

/// Whose first step is the author's, whose second opens a task of `inner`, and whose third is Clara's.
async fn outer(world: &World, subprocess: Value) -> i64 {
    let step = |name: &str, who: Value| json!({"name": name, "approvers": [{ "who": who }]});
    let steps = json!([
        step("Ask", json!("author")),
        {"name": "Have it bought", "subprocess": subprocess},
        step("Look", json!({"person": world.clara.id})),
    ]);
    let definition = json!({"fields": [text("u_name"), text("u_result")], "steps": steps});
    let body = json!({"name": "Outer", "business_owners": [world.anna.id], "definition": definition});
    id(&world.anna.client.post("/v4/forms", body).await.ok())
}

async fn begun(client: &Client, form: i64) -> i64 {
    id(&client.create(json!({"form_id": form, "fields": [{"code": "u_name", "value": "Chairs"}]})).await)
}

/// The tasks of a form, the oldest first.
async fn of_form(world: &World, form: i64) -> Vec<i64> {
    world.app.settled().await;
    let shown = world.anna.client.get(&format!("/v4/forms/{form}/register?include_archived=y&sort=id")).await.ok();
    shown["tasks"].as_array().expect("tasks").iter().map(id).collect()
}

#[actix_rt::test]
async fn a_step_opens_a_task_and_goes_on_with_its_results_once_it_ended() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let inner = inner(&world).await;
    let form = outer(&world, json!({"form_id": inner, "wait": true})).await;
    let main = begun(anna, form).await;
    let waiting = until(anna, main, |task| says(task, "was opened")).await;
    assert_eq!(waiting["current_step"], 2);
    let opened = of_form(&world, inner).await[0];
    let task = world.boris.client.task(opened).await;
    assert_eq!((&task["parent_task_id"], &task["author"]["id"]), (&json!(main), &json!(world.anna.id)));
    assert_eq!((value(&task, "u_name"), &task["current_step"]), (&json!("Chairs"), &json!(1)));
    // Who sees the one does not see the other because of that.
    world.clara.client.get(&format!("/v4/tasks/{opened}")).await.refused(403, "access_denied_task");
    world.boris.client.get(&format!("/v4/tasks/{main}")).await.refused(403, "access_denied_task");
    let bought = json!({"approval_choice": "approved", "field_updates": [{"code": "u_result", "value": "Ten of them"}]});
    world.boris.client.comment(opened, bought).await;
    let gone_on = until(anna, main, |task| task["current_step"] == 3).await;
    assert_eq!(value(&gone_on, "u_result"), "Ten of them");
    assert!(says(&gone_on, "came to the end of its route"));
    world.app.settled().await;
    assert_eq!(world.clara.client.inbox().await, [main]);
    world.done().await;
}

#[actix_rt::test]
async fn a_task_is_opened_once_also_when_the_server_stops_meanwhile() {
    let world = World::new().await;
    let inner = inner(&world).await;
    let form = outer(&world, json!({"form_id": inner, "wait": true})).await;
    let main = begun(&world.anna.client, form).await;
    let world = world.restarted().await;
    let anna = &world.anna.client;
    until(anna, main, |task| says(task, "was opened")).await;
    let opened = of_form(&world, inner).await;
    assert_eq!(opened.len(), 1);
    // Closing the one that opened it closes it as well.
    anna.comment(main, json!({"action": "finished"})).await;
    let world = world.restarted().await;
    until(&world.anna.client, opened[0], |task| task["is_closed"] == true).await;
    assert_eq!(of_form(&world, inner).await, opened);
    world.done().await;
}

#[actix_rt::test]
async fn a_form_that_takes_no_more_tasks_leaves_a_note_and_somebody_is_asked() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let inner = inner(&world).await;
    let form = outer(&world, json!({"form_id": inner, "wait": true})).await;
    anna.ask(Method::DELETE, &format!("/v4/forms/{inner}"), &[], None).await.ok();
    let levels = json!({"permissions": {world.boris.id.to_string(): "member"}});
    anna.post(&format!("/v4/forms/{form}/permissions"), levels).await.ok();
    let main = begun(&world.boris.client, form).await;
    let noted = until(&world.boris.client, main, |task| says(task, "takes no more tasks")).await;
    assert_eq!((&noted["current_step"], &noted["approvals"][1][0]["person"]["id"]), (&json!(2), &json!(world.anna.id)));
    // The form itself may be closed while its tasks run: they go on.
    anna.ask(Method::DELETE, &format!("/v4/forms/{form}"), &[], None).await.ok();
    let decided = anna.comment(main, json!({"approval_choice": "approved"})).await;
    assert_eq!(decided["current_step"], 3);
    world.done().await;
}

#[actix_rt::test]
async fn who_was_blocked_meanwhile_is_not_waited_for_in_what_a_step_opens() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let inner = inner(&world).await;
    let form = outer(&world, json!({"form_id": inner, "wait": true})).await;
    anna.ask(Method::DELETE, &format!("/v4/members/{}", world.boris.id), &[], Some(b"{}".to_vec())).await.ok();
    world.app.settled().await;
    let main = begun(anna, form).await;
    until(anna, main, |task| says(task, "was opened")).await;
    let opened = of_form(&world, inner).await[0];
    let task = anna.task(opened).await;
    assert_eq!(task["approvals"][0][0]["person"]["id"], world.anna.id, "who administers the form stands in");
    anna.comment(opened, json!({"approval_choice": "rejected"})).await;
    let back = until(anna, main, |task| says(task, "was rejected")).await;
    assert_eq!((&back["current_step"], &back["approvals"][0][0]["approval_choice"]), (&json!(1), &json!("waiting")));
    world.done().await;
}

#[actix_rt::test]
async fn forms_that_open_each_other_come_to_an_end() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let form = id(&anna.post("/v4/forms", json!({"name": "Ring", "definition": {"steps": [{"name": "First"}]}})).await.ok());
    let path = format!("/v4/forms/{form}");
    let definition = json!({"steps": [{"name": "Again", "subprocess": {"form_id": form}}]});
    let body = json!({ "definition": definition }).to_string().into_bytes();
    anna.ask(Method::PUT, &path, &[], Some(body)).await.ok();
    anna.post(&format!("{path}/publish"), json!({})).await.ok();
    anna.create(json!({ "form_id": form })).await;
    let arrived = async {
        loop {
            let tasks = of_form(&world, form).await;
            if let Some(last) = tasks.last().filter(|_| tasks.len() == 6) {
                return *last;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let last = tokio::time::timeout(SOON, arrived).await.expect("they open each other");
    until(anna, last, |task| says(task, "have opened each other already")).await;
    assert_eq!(of_form(&world, form).await.len(), 6, "one, and five that were opened");
    world.done().await;
}
