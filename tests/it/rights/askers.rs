//! Those who ask in the tests of rights: one for each column.

use std::sync::atomic::{AtomicUsize, Ordering};

use domain::person::{Person as Known, PersonKind, rights};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Person, World, id};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Nobody,
    /// Holds every right, in another organisation.
    Stranger,
    /// A bot of that organisation.
    ForeignBot,
    Guest,
    Member,
    /// Holds the rights of the preset "organization manager".
    Manager,
    Administrator,
}

impl Column {
    pub const fn is_from_elsewhere(self) -> bool {
        matches!(self, Self::Stranger | Self::ForeignBot)
    }
}

pub struct Asker {
    pub column: Column,
    pub id: i64,
    pub client: Client,
    /// Kind and rights, as the table asks for them.
    pub known: Known,
    /// Addresses of people whom the asker must not learn of.
    pub others: Vec<String>,
}

pub struct Askers(Vec<Asker>);

impl Askers {
    pub async fn of(world: &World) -> Self {
        let (anna, elsewhere) = (&world.anna, &world.elsewhere);
        let manager = rights::DEFAULT | rights::ORGANISATION_MANAGER;
        put(&anna.client, &format!("/v4/members/{}", world.clara.id), json!({ "rights": manager })).await;
        let guest = added(&anna.client, json!({ "first_name": "Greta", "email": "greta@example.com", "type": "guest" })).await;
        let bot = bot(&elsewhere.client).await;
        let asker = |column, (id, client): (i64, Client), kind, rights, others: &[&Person]| {
            let mut known = Known::default();
            (known.exists, known.kind, known.rights) = (true, kind, rights);
            Asker { column, id, client, known, others: others.iter().map(|person| person.email.clone()).collect() }
        };
        let of = |person: &Person| (person.id, person.client.clone());
        let home = [&world.anna, &world.boris, &world.clara];
        Self(vec![
            asker(Column::Nobody, (1, world.app.client().clone()), PersonKind::Guest, 0, &home),
            asker(Column::Stranger, of(elsewhere), PersonKind::User, rights::ADMINISTRATOR, &home),
            asker(Column::ForeignBot, bot, PersonKind::Bot, rights::DEFAULT, &home),
            asker(Column::Guest, guest, PersonKind::Guest, rights::DEFAULT, &home),
            asker(Column::Member, of(&world.boris), PersonKind::User, rights::DEFAULT, &[elsewhere]),
            asker(Column::Manager, of(&world.clara), PersonKind::User, manager, &[elsewhere]),
            asker(Column::Administrator, of(anna), PersonKind::User, rights::ADMINISTRATOR, &[elsewhere]),
        ])
    }

    pub fn all(&self) -> impl Iterator<Item = &Asker> {
        self.0.iter()
    }

    pub fn one(&self, column: Column) -> &Asker {
        self.0.iter().find(|asker| asker.column == column).expect("each is there")
    }

    /// Somebody of the same organisation, kind and rights, who has just signed in.
    pub async fn twin(&self, asker: &Asker, world: &World) -> Client {
        let administrator = if asker.column.is_from_elsewhere() { &world.elsewhere.client } else { &world.anna.client };
        if asker.known.kind == PersonKind::Bot {
            return bot(administrator).await.1;
        }
        let kind = if asker.known.kind == PersonKind::Guest { "guest" } else { "user" };
        let body = json!({ "first_name": "Twin", "email": address(), "type": kind, "rights": asker.known.rights });
        added(administrator, body).await.1
    }
}

/// An address that nobody has.
pub fn address() -> String {
    static GIVEN: AtomicUsize = AtomicUsize::new(0);
    format!("somebody{}@example.net", GIVEN.fetch_add(1, Ordering::Relaxed))
}

/// A member whom `administrator` adds, signed in.
async fn added(administrator: &Client, body: Value) -> (i64, Client) {
    let person = id(&administrator.post("/v4/members", &body).await.ok());
    let key = Person::issue_key(administrator, person).await;
    (person, administrator.sign_in(body["email"].as_str().expect("an address"), &key).await)
}

async fn bot(administrator: &Client) -> (i64, Client) {
    let made = administrator.post("/v4/bots", json!({ "name": "Robot" })).await.ok();
    let key = Person::issue_key(administrator, id(&made)).await;
    (id(&made), administrator.sign_in(made["login"].as_str().expect("a login"), &key).await)
}

async fn put(client: &Client, path: &str, body: Value) {
    client.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await.ok();
}
