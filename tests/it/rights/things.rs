//! What it is done to in the tests of rights: made by the administrator, and made anew once somebody has used it up.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, World, id};

use super::MARK;
use super::askers::{Asker, Askers, Column, address};

/// What stands in the open places of a path, and for `$id` in a body.
#[derive(Clone, Debug)]
pub struct Id {
    pub first: String,
    pub second: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Thing {
    /// The route names none.
    Nothing,
    /// The asker.
    Oneself,
    /// The asker, in the person of another of the same organisation, kind and rights.
    Twin,
    /// The administrator's, and nobody else is in it.
    Task,
    /// Two of them; a refusal names the one that it is about.
    TwoTasks,
    /// The administrator's, in which everybody of the organisation takes part, the guest too.
    SharedTask,
    /// A private one of the administrator's.
    List,
    /// A private one whose members are all of the organisation, the guest too.
    SharedList,
    /// One for the whole organisation, which nobody manages by name.
    OpenList,
    Role,
    Department,
    /// A colleague with a newcomer's rights.
    Member,
    /// Somebody who was invited.
    Invited,
    Bot,
    /// The administrator's, with a comment of theirs.
    Announcement,
    /// A topic of the knowledge base that nobody but its administrators may read.
    Topic,
    /// One that is open.
    OpenTopic,
    /// With a colleague for whom it counts.
    Award,
    /// With one item, and without supervisors.
    Catalog,
    /// The administrator's, in which nobody else has a level; it is published, and drafted anew.
    Form,
    /// The administrator's own.
    Filter,
    /// One that is shared with everybody; over what anybody may ask.
    OpenFilter,
    /// The administrator's upload.
    File,
}

impl Thing {
    /// The code of the refusal where there is none.
    pub const fn unknown(self) -> &'static str {
        match self {
            Self::Task | Self::TwoTasks | Self::SharedTask => "access_denied_task",
            Self::List | Self::SharedList | Self::OpenList => "access_denied_project",
            Self::Role | Self::Member | Self::Invited | Self::Bot | Self::Oneself | Self::Twin => "access_denied_person",
            Self::Department => "invalid_department",
            Self::Announcement | Self::Nothing => "access_denied",
            Self::Topic | Self::OpenTopic => "knowledge_base_not_found",
            Self::Award => "access_denied_awards",
            Self::Form => "access_denied_form",
            Self::Filter | Self::OpenFilter => "access_denied_filter",
            Self::Catalog => "access_denied_catalog",
            Self::File => "file_is_missing",
        }
    }

    /// Whether the administrator makes it.
    pub const fn is_made(self) -> bool {
        !matches!(self, Self::Nothing | Self::Oneself | Self::Twin)
    }

    /// Whether there is one that the asker could learn of although they may not see it.
    pub const fn is_there_for_others(self) -> bool {
        self.is_made() && !matches!(self, Self::TwoTasks | Self::SharedTask | Self::SharedList)
    }

    /// The id of one that nobody has made.
    pub fn nowhere(self) -> &'static Id {
        use std::sync::LazyLock;
        static NUMBER: LazyLock<Id> = LazyLock::new(|| Id { first: "2000000000".into(), second: "1".into() });
        // Stands for 1000000.
        static WORD: LazyLock<Id> = LazyLock::new(|| Id { first: "0zfPi415usL".into(), second: "1".into() });
        if matches!(self, Self::Topic | Self::OpenTopic) { &WORD } else { &NUMBER }
    }
}

/// What is there to be used.
pub struct Things {
    administrator: Client,
    everybody: Vec<i64>,
    made: HashMap<Thing, Id>,
}

/// A number that no other name has.
pub fn number() -> usize {
    static GIVEN: AtomicUsize = AtomicUsize::new(0);
    GIVEN.fetch_add(1, Ordering::Relaxed)
}

fn name() -> String {
    format!("{MARK} {}", number())
}

impl Things {
    pub fn of(world: &World, askers: &Askers) -> Self {
        let everybody = [Column::Guest, Column::Member, Column::Manager].map(|column| askers.one(column).id);
        Self { administrator: world.anna.client.clone(), everybody: everybody.to_vec(), made: HashMap::new() }
    }

    /// The next asker needs another one.
    pub fn used(&mut self, thing: Thing) {
        self.made.remove(&thing);
    }

    pub async fn id_of(&mut self, thing: Thing, asker: &Asker) -> Id {
        let alone = |first: i64| Id { first: first.to_string(), second: String::new() };
        match thing {
            Thing::Nothing | Thing::Twin => return alone(1),
            Thing::Oneself => return alone(asker.id),
            _ => {}
        }
        if let Some(known) = self.made.get(&thing) {
            return known.clone();
        }
        let made = self.make(thing).await;
        self.made.insert(thing, made.clone());
        made
    }

    async fn make(&self, thing: Thing) -> Id {
        let (anna, name) = (&self.administrator, name());
        let numbered = |made: &Value| Id { first: id(made).to_string(), second: String::new() };
        let persons: Vec<Value> = self.everybody.iter().map(|id| json!({ "id": id })).collect();
        match thing {
            Thing::Task => numbered(&anna.create(json!({ "text": name })).await),
            Thing::TwoTasks => {
                let first = anna.create(json!({ "text": name })).await;
                Id { first: id(&first).to_string(), second: id(&anna.create(json!({ "text": name })).await).to_string() }
            }
            Thing::SharedTask => numbered(&anna.create(json!({ "text": name, "participants": persons })).await),
            Thing::List => numbered(&put(anna, "/v4/lists", json!({ "name": name })).await),
            Thing::SharedList => numbered(&put(anna, "/v4/lists", json!({ "name": name, "added_members": persons })).await),
            Thing::OpenList => {
                let made = put(anna, "/v4/lists", json!({ "name": name, "list_type": "org_wide" })).await;
                numbered(&made)
            }
            Thing::Role => numbered(&anna.post("/v4/roles", json!({ "name": name, "member_add": [] })).await.ok()),
            Thing::Department => numbered(&put(anna, "/v4/orgchart", json!({ "department_name": name })).await),
            Thing::Member => numbered(&anna.post("/v4/members", json!({ "first_name": name, "email": address() })).await.ok()),
            Thing::Invited => {
                let invited = anna.post("/v4/invitations", json!({ "first_name": name, "email": address() })).await.ok();
                Id { first: invited["person_id"].to_string(), second: String::new() }
            }
            Thing::Bot => numbered(&anna.post("/v4/bots", json!({ "name": name })).await.ok()),
            Thing::Announcement => {
                let made = anna.post("/v4/announcements", json!({ "text": name })).await.ok()["announcement"].take();
                let said = anna.post(&format!("/v4/announcements/{}/comments", id(&made)), json!({ "text": name })).await.ok();
                Id { first: id(&made).to_string(), second: id(&said["announcement"]["comments"][0]).to_string() }
            }
            Thing::Topic | Thing::OpenTopic => {
                let made = anna.post("/v4/knowledgebase", json!({ "type": "topic", "title": name })).await.ok();
                let first = made["id"].as_str().expect("an id").to_owned();
                if thing == Thing::Topic {
                    put(anna, &format!("/v4/knowledgebase/{first}/permissions"), json!({ "inherit": false })).await;
                }
                Id { first, second: String::new() }
            }
            Thing::Award => {
                let made = anna.post("/v4/awards", json!({ "name": name })).await.ok();
                Id { first: id(&made).to_string(), second: self.everybody[1].to_string() }
            }
            Thing::Catalog => {
                let body = json!({ "name": name, "catalog_headers": ["Vendor"], "items": [{ "values": ["Acme"] }] });
                Id { first: put(anna, "/v4/catalogs", body).await["catalog_id"].to_string(), second: String::new() }
            }
            Thing::Form => {
                let defined = |field: &str| json!({ "fields": [{ "name": field, "type": "text" }] });
                let made = anna.post("/v4/forms", json!({ "name": name, "definition": defined("First") })).await.ok();
                put(anna, &format!("/v4/forms/{}", id(&made)), json!({ "definition": defined("Second") })).await;
                let print = json!({ "print_form_name": "Page", "template": "<p>{{ task.id }}</p>" });
                anna.post(&format!("/v4/forms/{}/print_forms", id(&made)), print).await.ok();
                numbered(&made)
            }
            Thing::Filter | Thing::OpenFilter => {
                let shared = json!({ "everyone": thing == Thing::OpenFilter });
                let body = json!({ "name": name, "query": { "responsible": "me" }, "shared_with": shared });
                numbered(&anna.post("/v4/filters", body).await.ok())
            }
            Thing::File => numbered(&anna.upload(&name, name.as_bytes()).await),
            Thing::Nothing | Thing::Oneself | Thing::Twin => unreachable!("nobody makes it"),
        }
    }
}

async fn put(client: &Client, path: &str, body: Value) -> Value {
    client.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await.ok()
}
