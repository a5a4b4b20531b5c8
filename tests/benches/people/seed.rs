//! People and places written straight into the log, as their commands would have left them. Not the tree's turns, which only
//! whoever moves departments reads.

use std::sync::Arc;

use actors::journal::{Journal, Target};
use domain::codec::EventSet;
use domain::list::{self, Reach};
use domain::person::{self, Added, Person, PersonKind, Profile, rights};
use domain::task::event::{Commented, Created, Text};
use domain::{Aggregate, DepartmentId, Kind, ListId, PersonId, StreamId, department, role, task};
use sqlx::PgPool;

use super::{Size, some};
use crate::bulk::{self, Fact};
use crate::server;
use crate::world::Founded;

/// Members of the first role: as many as there may be.
pub const MEMBERS_MAX: usize = 500;
/// Of the others.
const MEMBERS: usize = 40;
/// Lists below each list at the top.
const BELOW: usize = 20;
/// Departments below each.
const BRANCHES: usize = 4;

pub struct Seed {
    pub persons: Arc<[i64]>,
    pub journal: Arc<dyn Journal>,
}

/// The address of a person.
pub fn email(person: i64) -> String {
    format!("person-{person}@example.com")
}

pub async fn sow(founded: &Founded, size: Size) -> anyhow::Result<Seed> {
    let pool = founded.database.pool(1).await;
    let persons = numbers(&pool, "SELECT nextval('person_id') FROM generate_series(1, $1)", size.persons).await?;
    let roles = numbers(&pool, "SELECT nextval('person_id') FROM generate_series(1, $1)", size.roles).await?;
    let departments = numbers(&pool, "SELECT nextval('department_id') FROM generate_series(1, $1)", size.departments).await?;
    let lists = numbers(&pool, "SELECT nextval('list_id') FROM generate_series(1, $1)", size.lists).await?;
    pool.close().await;
    let journal = server::journal(&founded.database).await?;
    let sown = async |count: usize, make: Box<dyn Fn(usize) -> Fact + Send + Sync>| {
        bulk::append(&journal, founded.organisation, founded.administrator, count, make).await
    };
    let (all, heads) = (departments.clone(), persons.clone());
    sown(size.departments, Box::new(move |number| department(&all, &heads, number))).await?;
    let (all, places) = (persons.clone(), departments);
    sown(size.persons, Box::new(move |number| person(all[number], places[number % places.len()], number))).await?;
    let (all, members) = (roles.clone(), persons.clone());
    sown(size.roles, Box::new(move |number| role(all[number], &members, number))).await?;
    let (all, members, acting) = (lists.clone(), persons.clone(), roles.clone());
    sown(size.lists, Box::new(move |number| list(&all, &members, &acting, number))).await?;
    let (people, acting) = (persons.clone(), roles.clone());
    sown(size.tasks, Box::new(move |number| task(&people, &acting, &lists, number))).await?;
    Ok(Seed { persons, journal })
}

async fn numbers(pool: &PgPool, sql: &'static str, count: usize) -> anyhow::Result<Arc<[i64]>> {
    Ok(sqlx::query_scalar::<_, i64>(sql).bind(i64::try_from(count)?).fetch_all(pool).await?.into())
}

fn begun<A: Aggregate>(kind: Kind, id: i64, events: &[A::Event]) -> Fact {
    // Claims follow from the first event of a stream alone.
    let claims = events.first().map(|event| A::default().claims(event)).unwrap_or_default();
    let target = Target::Existing { stream: StreamId::new(kind, id), expected: 0, hash: None };
    Fact { target, events: events.iter().map(EventSet::encode).collect(), claims }
}

fn person(id: i64, department: i64, number: usize) -> Fact {
    let profile = Profile {
        first_name: format!("First{number}"),
        last_name: format!("Last{number}"),
        email: email(id),
        position: Some("Counter of foxes".to_owned()),
        phone: Some(format!("+49 30 {number:07}")),
        department: Some(DepartmentId(department)),
        ..Profile::default()
    };
    let added = Added { kind: PersonKind::User, rights: rights::DEFAULT, profile };
    begun::<Person>(Kind::Person, id, &[person::Event::Added(Box::new(added))])
}

/// The first person is in every twenty-fifth.
fn role(id: i64, persons: &[i64], number: usize) -> Fact {
    let count = if number == 0 { MEMBERS_MAX } else { MEMBERS };
    let mut members = some(persons, number * MEMBERS, count.min(persons.len()));
    if number.is_multiple_of(25) {
        members.push(PersonId(persons[0]));
    }
    members.sort_unstable();
    members.dedup();
    members.truncate(MEMBERS_MAX);
    let naming = role::Naming { name: format!("Role {number}"), external_id: None };
    begun::<role::Role>(Kind::Role, id, &[role::Event::Created(Box::new(role::Created { naming, members }))])
}

fn department(all: &[i64], persons: &[i64], number: usize) -> Fact {
    let manager = Some(PersonId(persons[number % persons.len()]));
    let attributes = department::Attributes { name: format!("Department {number}"), manager, external_id: None };
    let mut events = vec![department::Event::Created(Box::new(attributes))];
    if number > 0 {
        let parent = Some(DepartmentId(all[(number - 1) / BRANCHES]));
        events.push(department::Event::Moved(department::event::Placed { parent, after: 0 }));
    }
    begun::<department::Department>(Kind::Department, all[number], &events)
}

/// Every twentieth at the top, of a manager, a role and some people; the others below it.
fn list(all: &[i64], persons: &[i64], roles: &[i64], number: usize) -> Fact {
    let top = number / BELOW * BELOW;
    let reach = if number.is_multiple_of(BELOW * 10) { Reach::Organisation } else { Reach::Private };
    let settings = list::event::Settings { name: format!("List {number}"), reach, ..list::event::Settings::default() };
    let mut created = list::event::Created { settings, ..list::event::Created::default() };
    if number == top {
        created.managers = some(persons, number, 1);
        created.members = some(persons, number + 1, 5);
        created.members.push(PersonId(roles[number / BELOW % roles.len()]));
    } else {
        // A tree of three levels.
        created.parent = Some(ListId(all[if number - top < 5 { top } else { top + (number - top) % 4 + 1 }]));
    }
    begun::<list::List>(Kind::List, all[number], &[list::Event::Created(Box::new(created))])
}

/// Of a role or of a person in turn, with participants, in a list.
fn task(persons: &[i64], roles: &[i64], lists: &[i64], number: usize) -> Fact {
    let text = |text: String| Text { text, ..Text::default() };
    let of_role = roles[number / 2 % roles.len()];
    let created = Created {
        text: text(format!("Task number {number}: count the foxes, and the dogs that they jump over")),
        attachments: Vec::new(),
        subject: None,
        responsible: Some(PersonId(if number.is_multiple_of(2) { of_role } else { persons[number % persons.len()] })),
        participants: some(persons, number * 3 + 1, 2),
        subscribers: Vec::new(),
        parent: None,
        due: None,
        schedule: None,
        form: None,
        template: None,
        author: None,
        origin: None,
    };
    let events = [
        task::Event::Created(Box::new(created)),
        task::Event::AddedToLists { lists: vec![ListId(lists[number % lists.len()])] },
        task::Event::Commented(Box::new(Commented::from(text("No fox was seen today.".to_owned())))),
    ];
    Fact { target: Target::New(Kind::Task), events: events.iter().map(EventSet::encode).collect(), claims: Vec::new() }
}
