//! `GET /v4/nodes`: what there is of nodes and views, and for whom. Nodes as processes are in `nodes.rs`.

use serde_json::{Value, json};
use tests::World;

fn views(shown: &Value) -> &[Value] {
    shown["views"].as_array().map(Vec::as_slice).expect("views")
}

#[actix_rt::test]
async fn who_may_change_the_settings_sees_the_node_and_how_far_its_views_are() {
    let world = World::new().await;
    let anna = &world.anna.client;
    anna.create(json!({ "text": "Something to take in" })).await;
    world.app.settled().await;
    let shown = anna.get("/v4/nodes").await.ok();
    let nodes = shown["nodes"].as_array().expect("nodes");
    assert_eq!((nodes.len(), &shown["connected"]), (1, &json!(true)));
    let node = &nodes[0];
    assert_eq!((&node["state"], &node["slices"], &node["weight"]), (&json!("active"), &json!(1024), &json!(1)));
    assert_eq!(node["http"], anna.base().strip_prefix("http://").expect("plain HTTP"));
    assert!(node["roles"].as_array().is_some_and(|roles| roles.contains(&json!("api"))) && node["uptime_seconds"].is_u64(), "{node}");
    let head = shown["head"].as_i64().expect("a position");
    let names: Vec<&str> = views(&shown).iter().filter_map(|view| view["name"].as_str()).collect();
    assert!(names.is_sorted() && ["directory", "inbox", "notifications", "tasks"].iter().all(|name| names.contains(name)), "{names:?}");
    for view in views(&shown) {
        assert_eq!((&view["state"], &view["position"], &view["lag"]), (&json!("live"), &json!(head), &json!(0)), "{view}");
        assert_eq!((&view["parked_events"], &view["moved_by"]), (&json!(0), &node["name"]), "{view}");
    }
    assert_eq!(shown["search"]["rebuilding"], false);
    world.done().await;
}

#[actix_rt::test]
async fn a_view_that_is_being_made_and_one_that_lacks_something_are_told_apart() {
    let world = World::new().await;
    let (anna, pool) = (&world.anna.client, world.app.pool());
    let run = async |sql: &'static str| sqlx::raw_sql(sql).execute(pool).await.expect("it is done");
    run("INSERT INTO view_generation (view, generation, shape, schema_name, state) VALUES ('inbox', 900, 'other', 'view_inbox_other_900', 'building');
         INSERT INTO follower_checkpoint (view, generation, part, incarnation, position) SELECT 'inbox', 900, part, incarnation, 1
             FROM follower_checkpoint WHERE view = 'inbox' AND generation = 1;
         INSERT INTO parked_event (view, generation, part, organisation, kind, stream, position, reason)
             SELECT 'tasks', generation, part, 1, 1, 7, missed, 'why' FROM follower_checkpoint, generate_series(1, 2) AS missed
             WHERE view = 'tasks'")
    .await;
    let shown = anna.get("/v4/nodes").await.ok();
    let of = |name: &str| views(&shown).iter().filter(|view| view["name"] == name).cloned().collect::<Vec<_>>();
    let inbox = of("inbox");
    assert_eq!((&inbox[0]["state"], &inbox[1]["state"], inbox.len()), (&json!("live"), &json!("building"), 2));
    assert_eq!((&inbox[1]["position"], &inbox[1]["generation"]), (&json!(1), &json!(900)));
    assert_eq!(inbox[1]["lag"], shown["head"].as_i64().map(|head| head - 1).expect("a position"));
    assert!(inbox[1].get("moved_by").is_none());
    assert_eq!(of("tasks")[0]["parked_events"], 2);
    run("DELETE FROM parked_event; DELETE FROM view_generation WHERE generation = 900").await;
    world.done().await;
}

#[actix_rt::test]
async fn nobody_else_is_told_of_the_nodes() {
    let world = World::new().await;
    for person in [&world.boris, &world.clara] {
        person.client.get("/v4/nodes").await.refused(403, "access_denied");
    }
    world.app.client().get("/v4/nodes").await.refused(401, "token_not_specified");
    world.done().await;
}
