//! What holds for every change of items that anybody could ask for. Single cases are beside the code.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::samples::{batch, whole};
use super::{Catalog, Command, Create, NewItem, Sync, Upsert};
use crate::aggregate::Aggregate as _;
use crate::issued::Issued;
use crate::testing::{ADMIN, HOME, directory, now};

/// What items are called, and what stands in their other column: few of each, so that they meet again.
type Rows = BTreeMap<String, String>;

fn rows() -> impl Strategy<Value = Rows> {
    prop::collection::btree_map("[a-f]", "[x-z]?", 0..6)
}

#[derive(Clone, Debug)]
enum Change {
    Sync { rows: Rows, other_column: bool },
    Upsert { rows: Rows, delete: Vec<String> },
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let sync = (rows(), prop::bool::weighted(0.2)).prop_map(|(rows, other_column)| Change::Sync { rows, other_column });
    let upsert = (rows(), prop::collection::vec("[a-f]", 0..3)).prop_map(|(rows, delete)| Change::Upsert { rows, delete });
    prop::collection::vec(prop_oneof![sync, upsert], 1..8)
}

fn items(rows: &Rows) -> Vec<NewItem> {
    rows.iter().map(|(key, value)| NewItem::of([key, value])).collect()
}

fn live(state: &Catalog) -> Rows {
    let live = state.items.iter().filter(|item| !item.deleted);
    live.map(|item| (item.row.key().to_owned(), item.row.cells().nth(1).unwrap_or_default().to_owned())).collect()
}

/// Every name that was ever there, with its id.
fn ids(state: &Catalog) -> BTreeMap<String, i64> {
    state.items.iter().map(|item| (item.row.key().to_owned(), item.id)).collect()
}

proptest! {
    #[test]
    fn changes_lead_to_exactly_what_was_asked_for_and_names_keep_their_ids(first in rows(), changes in changes()) {
        let home = directory();
        let issued = Issued { organisation: HOME, who: ADMIN, at: now(), directory: &home };
        let mut state = Catalog::default();
        let create = Create {
            batch: batch(1), name: "Any".into(), source_type: None, external_id: None, external_version: None,
            column_settings: Vec::new(), columns: vec!["k".into(), "v".into()], workflow_columns: Vec::new(),
            items: items(&first), supervisors: Vec::new(),
        };
        whole(&mut state, &Command::Create(Arc::new(create)), &issued).expect("it can be made");
        let mut expected = first;
        let mut column = "v";
        for (request, change) in (2..).zip(changes) {
            let before = ids(&state);
            let command = match &change {
                Change::Sync { rows, other_column } => {
                    if *other_column {
                        column = if column == "v" { "w" } else { "v" };
                    }
                    expected.clone_from(rows);
                    let columns = vec!["k".into(), column.into()];
                    Command::Sync(Arc::new(Sync { batch: batch(request), columns, items: items(rows), ..Sync::default() }))
                }
                Change::Upsert { rows, delete } => {
                    let delete: Vec<String> = delete.iter().filter(|key| !rows.contains_key(*key)).cloned().collect();
                    expected.retain(|key, _| !delete.contains(key));
                    expected.extend(rows.clone());
                    Command::Upsert(Arc::new(Upsert { batch: batch(request), items: items(rows), delete }))
                }
            };
            if let Command::Sync(sync) = &command {
                let told = state.dry_run(sync, &issued).expect("it may be asked");
                let mut tried = state.clone();
                whole(&mut tried, &command, &issued).expect("it may be done");
                let changed = told.added.len() + told.updated.len() + told.deleted.len();
                let differing = tried.items.iter().filter(|item| state.items.get(item.id) != Some(*item));
                // A column that goes takes cells along without a word about each item.
                prop_assert!(sync.columns[1] != state.heading.columns[1].name || differing.count() == changed);
            }
            whole(&mut state, &command, &issued).expect("it may be done");
            prop_assert_eq!(live(&state), expected.clone());
            let after = ids(&state);
            prop_assert!(before.iter().all(|(key, id)| after.get(key) == Some(id)), "{:?} {:?}", before, after);
            prop_assert_eq!(after.len(), state.items.iter().count(), "each name is one item");
            let again = state.decide(&command, &issued).expect("it may be asked again");
            prop_assert!(again.len() <= 1, "nothing is left to do: {:?}", again);
            let config = bincode::config::standard();
            let bytes = bincode::serde::encode_to_vec(&state, config).expect("it can be kept");
            prop_assert_eq!(&bincode::serde::decode_from_slice::<Catalog, _>(&bytes, config).expect("and read").0, &state);
        }
    }
}
