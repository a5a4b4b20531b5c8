//! The past over HTTP: a task as it was, who saw it and what somebody saw at any position, held against what was answered at
//! the time. How a past is folded is tested in `domain`.

use std::collections::{BTreeMap, BTreeSet};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Person, World, id};

/// What was seen at a position: of every task by everybody.
struct Moment {
    position: i64,
    at: String,
    /// Task to the persons who were answered, and what they were shown.
    seen: BTreeMap<i64, BTreeMap<i64, Value>>,
}

impl Eyes {
    async fn look(&self, tasks: &[i64]) -> Moment {
        let mut seen = BTreeMap::new();
        for task in tasks {
            let shown: &mut BTreeMap<i64, Value> = seen.entry(*task).or_default();
            for person in self.everybody() {
                let answer = person.client.get(&format!("/v4/tasks/{task}")).await;
                if answer.status == 200 {
                    shown.insert(person.id, answer.json());
                } else {
                    answer.refused(403, "access_denied_task");
                }
            }
        }
        let position = self.0.app.head().await;
        // As the log has it: the node's estimate of the database's clock may lag behind that by a round trip.
        let at =
            sqlx::query_scalar("SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM event WHERE position = $1");
        let at: String = at.bind(position).fetch_one(self.0.app.pool()).await.expect("the log");
        Moment { position, at, seen }
    }
}

/// Those whose eyes are looked through.
struct Eyes(World);

impl Eyes {
    fn everybody(&self) -> [&Person; 3] {
        [&self.0.anna, &self.0.boris, &self.0.clara]
    }
}

async fn visible(client: &Client, person: i64, as_of: &str) -> BTreeSet<i64> {
    let body = client.get(&format!("/v4/members/{person}/visible_tasks?as_of={as_of}")).await.ok();
    assert_eq!(body.get("next"), None, "a small organisation fits into a page");
    body["tasks"].as_array().map_or_else(BTreeSet::new, |tasks| tasks.iter().filter_map(Value::as_i64).collect())
}

async fn seeing(client: &Client, task: i64, as_of: &str) -> BTreeSet<i64> {
    let answer = client.get(&format!("/v4/tasks/{task}/access?as_of={as_of}")).await;
    if answer.status == 403 {
        return BTreeSet::new();
    }
    let body = answer.ok();
    let persons = body["persons"].as_array().expect("persons");
    assert!(persons.iter().all(|sees| sees["reasons"].as_array().is_some_and(|reasons| !reasons.is_empty())), "{body}");
    persons.iter().map(|sees| id(&sees["person"])).collect()
}

#[actix_rt::test]
async fn what_could_be_seen_at_any_position_is_what_was_answered_then() {
    let world = Eyes(World::new().await);
    let World { app: _, anna, boris, clara, .. } = &world.0;
    let put = async |person: i64, body: Value| {
        anna.client.ask(Method::PUT, &format!("/v4/members/{person}"), &[], Some(body.to_string().into_bytes())).await.ok();
    };
    let mut moments = Vec::new();
    let first = id(&boris.client.create(json!({ "text": "First" })).await);
    let second = id(&clara.client.create(json!({ "text": "Second", "participants": [{ "id": boris.id }] })).await);
    moments.push(world.look(&[first, second]).await);
    boris.client.comment(first, json!({ "text": "Come in", "participants_added": [{ "id": clara.id }] })).await;
    clara.client.comment(second, json!({ "participants_removed": [{ "id": boris.id }] })).await;
    moments.push(world.look(&[first, second]).await);
    // Rights come and go; names change.
    put(clara.id, json!({ "rights": 0x820 | 0x2, "first_name": "Klara" })).await;
    let third = id(&boris.client.create(json!({ "text": "Third" })).await);
    moments.push(world.look(&[first, second, third]).await);
    put(clara.id, json!({ "rights": 0x820 })).await;
    boris.client.comment(first, json!({ "participants_removed": [{ "id": clara.id }], "reassign_to": { "id": anna.id } })).await;
    moments.push(world.look(&[first, second, third]).await);
    boris.client.ask(Method::DELETE, &format!("/v4/tasks/{third}"), &[], None).await.ok();
    moments.push(world.look(&[first, second, third]).await);

    for moment in &moments {
        for as_of in [moment.position.to_string(), moment.at.clone()] {
            for person in world.everybody() {
                let then: BTreeSet<i64> =
                    moment.seen.iter().filter(|(_, shown)| shown.contains_key(&person.id)).map(|(task, _)| *task).collect();
                assert_eq!(visible(&anna.client, person.id, &as_of).await, then, "{} at {as_of}", person.email);
            }
            for (task, shown) in &moment.seen {
                assert_eq!(seeing(&anna.client, *task, &as_of).await, shown.keys().copied().collect(), "task {task} at {as_of}");
                let past = anna.client.get(&format!("/v4/tasks/{task}?as_of={as_of}")).await;
                match shown.get(&anna.id) {
                    Some(then) => assert_eq!(&past.ok(), then, "task {task} at {as_of}"),
                    None => drop(past.refused(403, "access_denied_task")),
                }
            }
        }
    }
    world.0.done().await;
}

#[actix_rt::test]
async fn todays_rights_decide_who_looks_back() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let task = id(&boris.create(json!({ "text": "Draft", "participants": [{ "id": world.clara.id }] })).await);
    let created = world.app.head().await;
    let first = boris.task(task).await["comments"][0]["id"].as_i64().expect("an id");
    boris.comment(task, json!({ "edit_comment_id": first, "text": "Final" })).await;
    let past = |as_of: i64| format!("/v4/tasks/{task}?as_of={as_of}");
    let text = async |client: &Client| client.get(&past(created)).await.ok()["task"]["comments"][0]["text"].clone();
    // What was taken back is for those who may see it all.
    assert_eq!(text(&world.anna.client).await, "Draft");
    assert_eq!(text(boris).await, Value::Null);
    boris.comment(task, json!({ "participants_removed": [{ "id": world.clara.id }] })).await;
    for path in [past(created), format!("/v4/tasks/{task}/access?as_of={created}")] {
        world.clara.client.get(&path).await.refused(403, "access_denied_task");
        world.elsewhere.client.get(&path).await.refused(403, "access_denied_task");
        world.app.client().get(&path).await.refused(401, "token_not_specified");
    }
    let through = |person: i64| format!("/v4/members/{person}/visible_tasks?as_of={created}");
    world.clara.client.get(&through(world.clara.id)).await.ok();
    world.clara.client.get(&through(world.boris.id)).await.refused(403, "access_denied");
    world.elsewhere.client.get(&through(world.boris.id)).await.refused(403, "access_denied_person");
    world.app.client().get(&through(world.boris.id)).await.refused(401, "token_not_specified");
    world.done().await;
}

#[actix_rt::test]
async fn a_point_that_is_none_or_lies_ahead_is_refused() {
    let world = World::new().await;
    let task = id(&world.anna.client.create(json!({ "text": "Hello" })).await);
    let ahead = world.app.head().await + 1_000;
    for (as_of, status, code) in [
        ("yesterday".to_owned(), 400, "invalid_value_format"),
        ("-1".to_owned(), 400, "invalid_value_format"),
        (ahead.to_string(), 400, "invalid_input"),
        ("1-1".to_owned(), 412, "log_replaced"),
        ("0".to_owned(), 403, "access_denied_task"),
        ("1999-12-31T23:59:59Z".to_owned(), 403, "access_denied_task"),
    ] {
        world.anna.client.get(&format!("/v4/tasks/{task}?as_of={as_of}")).await.refused(status, code);
    }
    world.done().await;
}

/// What is asked of people and places at each moment, beside what a round adds.
const ASKED: [&str; 7] = [
    "/v4/lists?with_deleted=true",
    "/v4/lists",
    "/v4/contacts?include_inactive=true",
    "/v4/members?include_fired=true",
    "/v4/roles?include_fired=true",
    "/v4/orgchart",
    "/v4/profile",
];

/// What is there to be changed by chance.
struct Places<'w> {
    anna: &'w Client,
    rng: StdRng,
    people: Vec<i64>,
    lists: Vec<i64>,
    roles: Vec<i64>,
    departments: Vec<i64>,
    tasks: Vec<i64>,
}

impl Places<'_> {
    fn one(&mut self, of: fn(&Self) -> &Vec<i64>) -> i64 {
        let number = self.rng.random_range(0..of(self).len());
        of(self)[number]
    }

    async fn send(&self, method: Method, path: &str, body: Value) -> tests::Answer {
        self.anna.ask(method, path, &[], Some(body.to_string().into_bytes())).await
    }

    /// Changes something. What is refused (a list below itself, a change of one that is gone) changes nothing.
    async fn change(&mut self, number: usize) {
        let name = format!("No. {number}");
        let (list, other) = (self.one(|it| &it.lists), self.one(|it| &it.lists));
        let (person, role, department) = (self.one(|it| &it.people), self.one(|it| &it.roles), self.one(|it| &it.departments));
        let task = self.one(|it| &it.tasks);
        let at = |path: &str, id: i64| format!("/v4/{path}/{id}");
        let comments = format!("/v4/tasks/{task}/comments");
        match self.rng.random_range(0..20) {
            0 => {
                let made = self.send(Method::PUT, "/v4/lists", json!({ "name": name, "parent_id": list })).await;
                if made.status == 200 {
                    self.lists.push(id(&made.json()));
                }
            }
            1 => drop(self.send(Method::POST, &at("lists", list), json!({ "name": name, "color": "#123" })).await),
            2 if list != self.lists[0] => drop(self.send(Method::POST, &at("lists", list), json!({ "parent_id": other })).await),
            3 => drop(self.send(Method::POST, &at("lists", list), json!({ "added_members": [{ "id": person }, { "id": role }] })).await),
            4 => drop(self.send(Method::POST, &at("lists", list), json!({ "removed_members": [{ "id": person }] })).await),
            5 if list != self.lists[0] => drop(self.send(Method::DELETE, &at("lists", list), json!({})).await),
            6 => drop(self.send(Method::POST, &at("lists", list), json!({ "deleted": false })).await),
            7 => {
                let made = self.send(Method::POST, "/v4/tasks", json!({ "text": name, "list_ids": [list] })).await;
                if made.status == 200 {
                    self.tasks.push(id(&made.json()["task"]));
                }
            }
            8 => drop(self.send(Method::POST, &comments, json!({ "added_list_ids": [list] })).await),
            9 => drop(self.send(Method::POST, &comments, json!({ "removed_list_ids": [list] })).await),
            10 => drop(self.send(Method::POST, &comments, json!({ "action": "finished" })).await),
            11 => drop(self.send(Method::POST, &comments, json!({ "text": name, "reassign_to": { "id": person } })).await),
            12 => drop(self.send(Method::PUT, &at("roles", role), json!({ "name": name, "member_add": [person] })).await),
            13 => drop(self.send(Method::PUT, &at("roles", role), json!({ "member_remove": [person], "banned": false })).await),
            14 => drop(self.send(Method::PUT, &at("roles", role), json!({ "banned": true })).await),
            15 => {
                let wanted = json!({ "department_name": name, "parent_id": department });
                self.departments.push(id(&self.send(Method::PUT, "/v4/orgchart", wanted).await.ok()));
            }
            16 => drop(self.send(Method::POST, &at("orgchart", department), json!({ "department_name": name, "parent_id": 0 })).await),
            17 => drop(self.send(Method::PUT, &at("members", person), json!({ "last_name": name, "department_id": department })).await),
            18 => {
                let (rights, banned) = (self.rng.random_range(0..0x1000), self.rng.random_bool(0.3));
                drop(self.send(Method::PUT, &at("members", person), json!({ "rights": rights, "banned": banned, "phone": name })).await);
            }
            _ => drop(self.send(Method::POST, &at("lists", list), json!({ "external_version": name })).await),
        }
    }
}

#[actix_rt::test]
async fn people_and_places_are_shown_at_any_position_as_they_were_answered_then() {
    let world = World::new().await;
    let anna = &world.anna.client;
    let seed = rand::random();
    println!("seed {seed}");
    // All that changes lies below what Anna manages throughout, so that she may look at all of it afterwards as she could then.
    let put = async |path: &str, body: Value| anna.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await.ok();
    let top = id(&put("/v4/lists", json!({ "name": "Top" })).await);
    let below = id(&put("/v4/lists", json!({ "name": "Below", "parent_id": top })).await);
    let role = id(&anna.post("/v4/roles", json!({ "name": "Clerks", "member_add": [world.boris.id] })).await.ok());
    let department = id(&put("/v4/orgchart", json!({ "department_name": "Sales" })).await);
    let task = id(&anna.create(json!({ "text": "First", "list_ids": [below] })).await);
    let mut places = Places {
        anna,
        rng: StdRng::seed_from_u64(seed),
        people: vec![world.boris.id, world.clara.id],
        lists: vec![top, below],
        roles: vec![role],
        departments: vec![department],
        tasks: vec![task],
    };
    let mut recorded = Vec::new();
    for round in 0..25 {
        for step in 0..4 {
            places.change(round * 4 + step).await;
        }
        let (list, person) = (places.one(|it| &it.lists), places.one(|it| &it.people));
        let more = [
            format!("/v4/lists/{list}"),
            format!("/v4/lists/{list}/tasks?include_archived=y"),
            format!("/v4/members/{person}"),
            format!("/v4/roles/{role}"),
        ];
        let mut answers: Vec<(String, Value)> = Vec::new();
        for path in ASKED.iter().map(|path| (*path).to_owned()).chain(more) {
            let answer = anna.get(&path).await;
            answers.push((path, json!([answer.status, answer.json()])));
        }
        // When the last of it was recorded: what follows is later, also where clocks are not quite level.
        let position = world.app.head().await;
        let at =
            sqlx::query_scalar("SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM event WHERE position = $1");
        let at: String = at.bind(position).fetch_one(world.app.pool()).await.expect("the last event");
        recorded.push((position, at, answers));
    }
    for (position, at, answers) in &recorded {
        for as_of in [position.to_string(), at.clone()] {
            for (path, then) in answers {
                let glue = if path.contains('?') { '&' } else { '?' };
                let past = anna.get(&format!("{path}{glue}as_of={as_of}")).await;
                assert_eq!(&json!([past.status, past.json()]), then, "{path} at {as_of}, seed {seed}");
            }
        }
    }
    world.done().await;
}

#[actix_rt::test]
async fn todays_rights_decide_who_looks_back_at_people_and_places() {
    let world = World::new().await;
    let (anna, boris, clara) = (&world.anna.client, &world.boris.client, &world.clara.client);
    let put =
        async |client: &Client, path: &str, body: Value| client.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await.ok();
    let list = id(&put(boris, "/v4/lists", json!({ "name": "Plans", "added_members": [{ "id": world.clara.id }] })).await);
    let task = id(&boris.create(json!({ "text": "Draft", "list_ids": [list] })).await);
    let hers = id(&clara.create(json!({ "text": "Hers", "list_ids": [list] })).await);
    put(anna, &format!("/v4/members/{}", world.boris.id), json!({ "login_phone": "+49301", "location": "Kiel" })).await;
    let then = world.app.head().await;
    let first = boris.task(task).await["comments"][0]["id"].clone();
    boris.comment(task, json!({ "edit_comment_id": first, "text": "Final" })).await;
    boris.comment(hers, json!({ "removed_list_ids": [list] })).await;
    boris.post(&format!("/v4/lists/{list}"), json!({ "name": "Renamed", "removed_members": [{ "id": world.clara.id }] })).await.ok();
    put(anna, &format!("/v4/members/{}", world.boris.id), json!({ "location": "Bonn" })).await;

    let past = |path: String| format!("{path}{}as_of={then}", if path.contains('?') { '&' } else { '?' });
    let (one, tasks) = (past(format!("/v4/lists/{list}")), past(format!("/v4/lists/{list}/tasks")));
    assert_eq!(boris.get(&one).await.ok()["name"], "Plans");
    // What left the list since, and is not his to see by itself, he does not find; nor words that were taken back.
    let shown = boris.get(&tasks).await.ok()["tasks"].take();
    assert_eq!((shown.as_array().map(Vec::len), id(&shown[0]), shown[0].get("text")), (Some(1), task, None));
    for (who, client) in [("who was in it then", clara), ("another organisation", &world.elsewhere.client)] {
        for path in [&one, &tasks] {
            let refused = client.get(path).await;
            assert_eq!(refused.status, 403, "{who}: {}", refused.text());
        }
        assert!(!client.get(&past("/v4/lists?with_deleted=true".into())).await.ok().to_string().contains("Plans"), "{who}");
    }
    let member = past(format!("/v4/members/{}", world.boris.id));
    let (colleague, himself) = (clara.get(&member).await.ok(), boris.get(&member).await.ok());
    assert_eq!((&colleague["location"], colleague.get("login_phone")), (&json!("Kiel"), None));
    assert_eq!((&himself["location"], &himself["login_phone"]), (&json!("Kiel"), &json!("+49301")));
    world.elsewhere.client.get(&member).await.refused(403, "access_denied_person");
    for path in ["/v4/lists", "/v4/contacts", "/v4/members", "/v4/roles", "/v4/orgchart", "/v4/profile"] {
        let theirs = world.elsewhere.client.get(&past(path.into())).await.ok();
        assert!(!theirs.to_string().contains("boris@example.com"), "{path}");
        anna.get(&format!("{path}?as_of=tomorrow")).await.refused(400, "invalid_value_format");
        anna.get(&format!("{path}?as_of={}", then + 10_000)).await.refused(400, "invalid_input");
        world.app.client().get(&past(path.into())).await.refused(401, "token_not_specified");
    }
    anna.get("/v4/profile?as_of=0").await.refused(403, "access_denied_person");
    world.done().await;
}
