//! What time alone does to tasks, over HTTP and on real nodes: it comes at its moment, once, whoever is away meanwhile. When a
//! timer stands is tested in `domain/src/task/timer.rs`, what the view says of it in `projections/src/views/timers/`.

use std::time::Duration;

use serde_json::{Value, json};
use sqlx::PgPool;
use tests::{Access, Client, Installation, Nats, World, id};

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A moment of the log's clock, as the API writes it.
async fn in_seconds(pool: &PgPool, seconds: i32) -> String {
    sqlx::query_scalar("SELECT to_char((now() + make_interval(secs => $1)) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
        .bind(f64::from(seconds))
        .fetch_one(pool)
        .await
        .expect("the clock")
}

/// Four moments, a second apart, the first of them so many seconds ahead.
async fn moments(pool: &PgPool, ahead: i32) -> Vec<String> {
    let first = in_seconds(pool, ahead).await;
    sqlx::query_scalar(
        "SELECT to_char(($1::timestamptz + make_interval(secs => n)) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')
         FROM generate_series(0, 3) n ORDER BY n",
    )
    .bind(first)
    .fetch_all(pool)
    .await
    .expect("the clock")
}

/// What fired, in the order of the log.
async fn fired(pool: &PgPool) -> Vec<(i64, String)> {
    sqlx::query_as("SELECT stream, payload ->> 'timer' FROM event WHERE type = 'task.timer_fired' ORDER BY position")
        .fetch_all(pool)
        .await
        .expect("the log")
}

/// Waits until that many have fired.
async fn until_fired(pool: &PgPool, count: usize) -> Vec<(i64, String)> {
    let arrived = async {
        let mut look = tokio::time::interval(Duration::from_millis(50));
        loop {
            look.tick().await;
            let fired = fired(pool).await;
            if fired.len() >= count {
                return fired;
            }
        }
    };
    match tokio::time::timeout(PATIENCE, arrived).await {
        Ok(fired) => fired,
        Err(_) => panic!("only {:?} fired", fired(pool).await),
    }
}

async fn task(client: &Client, part: Value) -> i64 {
    let mut body = json!({ "text": "In time" });
    body.as_object_mut().expect("an object").extend(part.as_object().expect("an object").clone());
    let created = client.post("/v4/tasks", &body).await.ok();
    id(&created["task"])
}

#[actix_rt::test]
async fn what_is_due_comes_back_or_is_late_says_so_at_its_moment_and_once() {
    let world = World::new().await;
    let (pool, client) = (world.app.pool().clone(), world.anna.client.clone());
    let soon = in_seconds(&pool, 2).await;
    let away = task(&client, json!({ "scheduled_datetime_utc": soon, "responsible": { "id": world.boris.id } })).await;
    let meeting = task(&client, json!({ "due": soon, "duration": 60 })).await;
    let late = task(&client, json!({ "due": soon })).await;
    let closed = task(&client, json!({ "due": soon })).await;
    client.post(&format!("/v4/tasks/{closed}/comments"), &json!({ "action": "finished" })).await.ok();
    // Due long before the server was installed, and never by the clock of today.
    task(&client, json!({ "due": "2020-01-01T10:00:00Z" })).await;
    task(&client, json!({ "due_date": "2190-01-01" })).await;
    let before = client.task(late).await;

    let mut came = until_fired(&pool, 3).await;
    came.sort_unstable();
    let expected = [(away, "returned"), (meeting, "due"), (late, "overdue")].map(|(task, timer)| (task, timer.to_owned()));
    assert_eq!(came, expected);
    let early = "SELECT count(*) FROM event WHERE type = 'task.timer_fired' AND at < $1::timestamptz";
    let early: i64 = sqlx::query_scalar(early).bind(&soon).fetch_one(&pool).await.expect("the log");
    assert_eq!(early, 0, "nothing comes before its time");
    let (who, cause): (i64, i64) = sqlx::query_as(
        "SELECT f.person, (f.meta ->> 'cause')::bigint - (SELECT min(position) FROM event e WHERE e.kind = f.kind AND e.stream = f.stream)
         FROM event f WHERE f.type = 'task.timer_fired' AND f.stream = $1",
    )
    .bind(late)
    .fetch_one(&pool)
    .await
    .expect("the log");
    assert_eq!((who, cause), (0, 0), "the system, because of the fact that set it");
    assert_eq!(client.task(late).await, before, "what people are shown of the task is what it was");

    // Set anew, it comes anew; and a start of the server brings nothing again.
    let again = in_seconds(&pool, 1).await;
    client.post(&format!("/v4/tasks/{late}/comments"), &json!({ "due": again })).await.ok();
    until_fired(&pool, 4).await;
    let world = world.restarted().await;
    let third = task(&world.anna.client, json!({ "due": in_seconds(&pool, 1).await })).await;
    let came = until_fired(&pool, 5).await;
    assert_eq!(came[3..], [(late, "overdue".to_owned()), (third, "overdue".to_owned())]);
    world.done().await;
}

#[tokio::test]
async fn what_came_due_while_the_server_was_away_is_made_up_for_in_its_order() {
    let installation = Installation::on_test_postgres().await;
    let pool = installation.database.as_ref().expect("a database").pool(2).await;
    let serving = installation.serve().await;
    let person = installation.people(1).await.remove(0);
    let mut ahead = 3;
    // On a busy machine it takes longer to ask for all of them: none may be due before that.
    let mut due = loop {
        let (moments, mut due) = (moments(&pool, ahead).await, Vec::new());
        for at in moments.iter().rev() {
            for _ in 0..30 {
                due.push((at.clone(), task(&person.client, json!({ "due": at })).await));
            }
        }
        if in_seconds(&pool, 1).await < moments[0] {
            break due;
        }
        ahead *= 2;
        for (_, late) in due {
            person.client.post(&format!("/v4/tasks/{late}/comments"), &json!({ "action": "finished" })).await.ok();
        }
    };
    let before = fired(&pool).await.len();
    serving.kill().await;
    due.sort();
    let over = async {
        let mut look = tokio::time::interval(Duration::from_millis(50));
        loop {
            look.tick().await;
            if in_seconds(&pool, 0).await > due[due.len() - 1].0 {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, over).await.expect("time passes");
    let serving = installation.serve().await;
    let came: Vec<i64> = until_fired(&pool, before + due.len()).await.into_iter().skip(before).map(|(task, _)| task).collect();
    let mut tasks: Vec<i64> = due.iter().map(|(_, task)| *task).collect();
    let at = |task: &i64| &due.iter().find(|(_, one)| one == task).expect("a task of ours").0;
    // Those under way together may pass each other.
    let passed = came.windows(9).filter(|window| at(&window[0]) > at(&window[8])).count();
    assert_eq!(passed, 0, "{came:?}");
    let mut once = came.clone();
    once.sort_unstable();
    tasks.sort_unstable();
    assert_eq!(once, tasks, "each once");
    assert!(serving.stop().await.success());
}

#[tokio::test]
async fn every_timer_fires_once_although_the_node_that_fires_them_dies() {
    let nats = Nats::start(Access::Open).await;
    let mut first = Installation::on_test_postgres().await;
    let database = first.database.as_ref().expect("a database").url.clone();
    let pool = first.database.as_ref().expect("a database").pool(2).await;
    let mut second = Installation::on_postgres(&database);
    for (node, name) in [(&mut first, "one"), (&mut second, "two")] {
        node.set("NASHI__NODE__NAME", name);
        node.set("NASHI__NATS__URL", &nats.url(nats.address));
        for (key, value) in nats.credentials() {
            node.set(key, value);
        }
    }
    let one = first.serve().await;
    let person = first.people(1).await.remove(0);
    let two = second.serve().await;
    let mut tasks = Vec::new();
    for second in 3..9 {
        let at = in_seconds(&pool, second).await;
        for _ in 0..15 {
            tasks.push(task(&person.client, json!({ "due": at })).await);
        }
    }
    until_fired(&pool, 20).await;
    // It was there first, and holds every lease.
    one.kill().await;
    let mut came: Vec<i64> = until_fired(&pool, tasks.len()).await.into_iter().map(|(task, _)| task).collect();
    came.sort_unstable();
    assert_eq!(came, tasks, "each once");
    assert!(two.stop().await.success());
    assert_eq!(fired(&pool).await.len(), tasks.len());
}

/// Waits until what somebody was told says so.
async fn told(client: &Client, reason: &str) -> Value {
    let arrived = async {
        let mut look = tokio::time::interval(Duration::from_millis(50));
        loop {
            look.tick().await;
            let told = client.get("/v4/notifications").await.ok();
            let found = told["notifications"].as_array().and_then(|all| {
                let because =
                    |told: &&Value| told["reasons"].as_array().is_some_and(|reasons| reasons.iter().any(|one| one["reason"] == reason));
                all.iter().find(because)
            });
            if let Some(found) = found {
                return found.clone();
            }
        }
    };
    tokio::time::timeout(PATIENCE, arrived).await.unwrap_or_else(|_| panic!("nobody told of {reason}"))
}

/// Waits for an event of this type.
async fn until_log(pool: &PgPool, event_type: &str) {
    let arrived = async {
        let mut look = tokio::time::interval(Duration::from_millis(50));
        loop {
            look.tick().await;
            let there = "SELECT EXISTS (SELECT 1 FROM event WHERE type = $1)";
            if sqlx::query_scalar(there).bind(event_type).fetch_one(pool).await.expect("the log") {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, arrived).await.expect("it is recorded");
}

#[actix_rt::test]
async fn what_somebody_put_off_comes_back_to_them_alone_and_their_reminder_is_theirs() {
    let world = World::new().await;
    let (pool, boris) = (world.app.pool().clone(), world.boris.client.clone());
    let shared =
        task(&world.anna.client, json!({ "responsible": { "id": world.boris.id }, "participants": [{ "id": world.clara.id }] })).await;
    let soon = in_seconds(&pool, 4).await;
    boris.post(&format!("/v4/inbox/{shared}/snooze"), &json!({ "until": soon })).await.ok();
    boris.post(&format!("/v4/inbox/{shared}/remind"), &json!({ "at": soon })).await.ok();
    let reminded = told(&boris, "reminder").await;
    assert_eq!(reminded["cause"]["task_id"], shared);
    until_log(&pool, "inbox.unsnoozed").await;
    let fired: Vec<(String, i64)> = sqlx::query_as(
        "SELECT type, stream FROM event WHERE person = 0 AND (type = 'inbox.reminded' OR type = 'inbox.unsnoozed') ORDER BY type",
    )
    .fetch_all(&pool)
    .await
    .expect("the log");
    assert_eq!(fired, [("inbox.reminded".to_owned(), world.boris.id), ("inbox.unsnoozed".to_owned(), world.boris.id)]);
    let others = world.clara.client.get("/v4/notifications").await.ok();
    assert!(!others.to_string().contains("reminder"), "{others}");
    world.done().await;
}
