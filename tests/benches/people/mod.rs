//! An organisation of many people and places, and what it costs that there are so many. Who may do what in it is not measured but
//! tested (`tests/it`).

pub mod answers;
pub mod permission;
pub mod role;

mod seed;

use std::net::SocketAddr;
use std::sync::Arc;

use actors::journal::Journal;
use anyhow::{Context, ensure};
use domain::PersonId;
use serde_json::{Value, json};

use crate::measure::Effort;
use crate::world::{self, Founded};
use seed::Seed;

/// How many there are of each.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub persons: usize,
    pub roles: usize,
    pub departments: usize,
    pub lists: usize,
    pub tasks: usize,
}

impl Size {
    pub const LARGE: Self = Self { persons: 20_000, roles: 500, departments: 2_000, lists: 10_000, tasks: 10_000 };
    pub const SMALL: Self = Self { persons: 200, roles: 5, departments: 20, lists: 100, tasks: 10_000 };

    /// The large one, or for a first look one of a tenth.
    pub fn large(effort: Effort) -> Self {
        if judged(effort) { Self::LARGE } else { Self { persons: 2_000, roles: 50, departments: 200, lists: 1_000, tasks: 10_000 } }
    }
}

/// Whether a run is large enough to be held to its budget.
pub fn judged(effort: Effort) -> bool {
    effort.large >= 1_000_000
}

/// An organisation with people and places in a database, and nobody who serves it yet.
pub struct Organisation {
    pub founded: Founded,
    /// In the order in which they were made; the first is in more roles than anybody else.
    pub persons: Arc<[i64]>,
    pub journal: Arc<dyn Journal>,
}

impl Organisation {
    pub async fn create(size: Size) -> anyhow::Result<Self> {
        let founded = Founded::create(0).await?;
        let Seed { persons, journal } = seed::sow(&founded, size).await?;
        Ok(Self { founded, persons, journal })
    }

    /// A token of `person`, for whom the administrator of `token` has a key issued.
    pub async fn sign_in_as(&self, address: SocketAddr, administrator: &str, person: i64) -> anyhow::Result<String> {
        let issued = ask(address, administrator, reqwest::Method::POST, &format!("members/{person}/security_key"), json!({})).await?;
        let key = issued.get("security_key").and_then(Value::as_str).context("no key")?;
        world::sign_in(address, &seed::email(person), key).await
    }
}

/// A request that must succeed.
pub async fn ask(address: SocketAddr, token: &str, method: reqwest::Method, path: &str, body: Value) -> anyhow::Result<Value> {
    let request = reqwest::Client::new().request(method, format!("http://{address}/v4/{path}")).bearer_auth(token);
    let answer = request.json(&body).send().await?;
    ensure!(answer.status().is_success(), "{path} was refused: {}", answer.text().await?);
    Ok(answer.json().await?)
}

/// The numbers of `count` persons of the organisation, from `first` on, over and over.
fn some(persons: &[i64], first: usize, count: usize) -> Vec<PersonId> {
    (first..first + count).map(|number| PersonId(persons[number % persons.len()])).collect()
}
