//! The items of a catalog, by id and by what they are called. Persistent: a clone shares all, and a change costs what changes.

use std::borrow::Borrow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use imbl::{HashMap, OrdMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::columns::Layout;
use super::event::Placed;
use super::row::Row;

/// Bytes that an item takes besides its text, roughly.
const ITEM_BYTES: usize = 160;

/// A row of a catalog. Its id is unique within the catalog, and stays while it is called the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub id: i64,
    pub row: Row,
    /// What another system calls it; unique nowhere.
    pub external_id: Option<Arc<str>>,
    pub deleted: bool,
}

/// All items, deleted ones included.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Items {
    by_id: OrdMap<i64, Item>,
    by_key: HashMap<Key, i64>,
    live: usize,
    text: usize,
}

/// A row, as its first cell.
#[derive(Clone, Debug)]
struct Key(Row);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0.key() == other.0.key()
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.key().hash(state);
    }
}

impl Borrow<str> for Key {
    fn borrow(&self) -> &str {
        self.0.key()
    }
}

impl Items {
    pub fn get(&self, id: i64) -> Option<&Item> {
        self.by_id.get(&id)
    }

    /// The item that is called `key`, deleted or not.
    pub fn called(&self, key: &str) -> Option<&Item> {
        self.by_key.get(key).and_then(|id| self.by_id.get(id))
    }

    /// In the order of their ids, deleted ones included.
    pub fn iter(&self) -> impl Iterator<Item = &Item> {
        self.by_id.values()
    }

    /// How many are not deleted.
    pub const fn live(&self) -> usize {
        self.live
    }

    pub fn deleted(&self) -> usize {
        self.by_id.len() - self.live
    }

    /// Bytes of text in them.
    pub const fn text_bytes(&self) -> usize {
        self.text
    }

    /// Bytes that they take in memory, roughly.
    pub fn weight(&self) -> usize {
        self.text + self.by_id.len() * ITEM_BYTES
    }

    /// The id of the next item that nobody has seen before.
    pub fn next_id(&self) -> i64 {
        self.by_id.get_max().map_or(0, |(id, _)| *id) + 1
    }

    /// Lays all rows out anew.
    pub(super) fn relay(&mut self, layout: &Layout) {
        let before = std::mem::take(self);
        for item in before.iter() {
            self.put(Item { row: layout.relaid(&item.row), ..item.clone() });
        }
    }

    /// An item is there as a change leaves it.
    pub(super) fn place(&mut self, placed: &Placed) {
        let (row, external_id) = (placed.values.clone(), placed.external_id.clone());
        self.put(Item { id: placed.id, row, external_id, deleted: false });
    }

    pub(super) fn delete(&mut self, id: i64) {
        if let Some(item) = self.by_id.get(&id) {
            self.put(Item { deleted: true, ..item.clone() });
        }
    }

    pub(super) fn put(&mut self, item: Item) {
        let (id, live, text) = (item.id, usize::from(!item.deleted), item.row.bytes());
        self.by_key.insert(Key(item.row.clone()), id);
        let before = self.by_id.insert(id, item);
        if let Some(before) = before {
            self.live -= usize::from(!before.deleted);
            self.text -= before.row.bytes();
        }
        self.live += live;
        self.text += text;
    }
}

/// What is told by the items themselves is not written.
impl Serialize for Items {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.by_id.values())
    }
}

impl<'de> Deserialize<'de> for Items {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut items = Self::default();
        Vec::<Item>::deserialize(deserializer)?.into_iter().for_each(|item| items.put(item));
        Ok(items)
    }
}
