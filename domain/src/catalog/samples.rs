//! A small catalog for the tests of this module, and a batch carried through to its end.

use std::sync::Arc;

use uuid::Uuid;

use super::stage::{Changed, Last};
use super::{
    Catalog, Column, ColumnKind, Command, Created, Event, ItemsChanged, NewItem, Placed, Rejection, Row, Settings, Synced, Upsert,
};
use crate::aggregate::Aggregate;
use crate::id::{CommandId, Kind, PersonId, Version};
use crate::issued::Issued;
use crate::testing::{ADMIN, Given, given, header};

pub fn batch(number: u128) -> CommandId {
    CommandId(Uuid::from_u128(number))
}

pub fn column(name: &str) -> Column {
    Column { name: name.to_owned(), kind: ColumnKind::Text }
}

pub fn item(id: i64, cells: &[&str]) -> Placed {
    Placed { id, values: Row::of(cells), external_id: None }
}

/// Vendors with Vendor and City.
pub fn created(change: impl FnOnce(&mut Created)) -> Event {
    let settings = Settings { name: "Vendors".into(), ..Settings::default() };
    let mut created = Created { settings, columns: vec![column("Vendor"), column("City")], supervisors: Vec::new() };
    change(&mut created);
    Event::Created(Box::new(created))
}

/// Of the only batch, which it begins.
pub fn changed(change: impl FnOnce(&mut ItemsChanged)) -> Event {
    let mut changed = ItemsChanged { batch: batch(1), begins: true, ..ItemsChanged::default() };
    change(&mut changed);
    Event::ItemsChanged(Arc::new(changed))
}

pub fn synced(change: impl FnOnce(&mut Synced)) -> Event {
    let mut synced = Synced { batch: batch(1), ..Synced::default() };
    change(&mut synced);
    Event::Synced(Box::new(synced))
}

/// Acme and Beta of Bonn, and Ceta of Ulm.
pub fn items_synced() -> Vec<Event> {
    let added = vec![item(1, &["Acme", "Bonn"]), item(2, &["Beta", "Bonn"]), item(3, &["Ceta", "Ulm"])];
    vec![created(|_| {}), changed(|changed| changed.added = added), synced(|synced| synced.added = 3)]
}

/// The same, as a request gives them.
pub fn items() -> Vec<NewItem> {
    vec![NewItem::of(["Acme", "Bonn"]), NewItem::of(["Beta", "Bonn"]), NewItem::of(["Ceta", "Ulm"])]
}

/// They are there, and who manages catalogs asks.
pub fn vendors() -> Given<Catalog> {
    given(items_synced()).by(ADMIN)
}

/// The same with a supervisor.
pub fn supervised_by(who: PersonId) -> Given<Catalog> {
    vendors().and(ADMIN, [Event::SupervisorsAdded { persons: vec![who] }])
}

/// An empty catalog whose items come from there.
pub fn was(source_type: &str) -> Given<Catalog> {
    let source = |created: &mut Created| created.settings.source_type = Some(source_type.to_owned());
    given([created(source), synced(|_| {})]).by(ADMIN)
}

pub fn upsert(items: Vec<NewItem>, delete: &[&str]) -> Command {
    let delete = delete.iter().map(ToString::to_string).collect();
    Command::Upsert(Arc::new(Upsert { batch: batch(1), items, delete }))
}

/// One of the commands that a change took.
#[derive(Debug)]
pub struct Part {
    pub events: Vec<Event>,
    pub goes_on: bool,
    /// Items that are there after it.
    pub live: usize,
}

/// Asks until nothing is left, as the edge does.
pub fn whole(state: &mut Catalog, command: &Command, issued: &Issued<'_>) -> Result<Vec<Part>, Rejection> {
    let (mut parts, mut last, mut version): (Vec<Part>, _, Version) = (Vec::new(), Last::default(), state.heading.version.max(1_000));
    loop {
        let events = state.decide(command, issued)?;
        for event in &events {
            version += 1;
            state.evolve(event, &header(Kind::Catalog, version, issued.who, version));
            last.take(event);
        }
        let Changed { goes_on, .. } = state.changed(&last);
        parts.push(Part { events, goes_on, live: state.items.live() });
        if !goes_on {
            return Ok(parts);
        }
    }
}
