//! What decisions about a catalog need to remember, and the fold that keeps it.

use serde::{Deserialize, Serialize};

use super::columns::Layout;
use super::event::{Event, ItemsChanged, Synced};
use super::heading::Heading;
use super::items::Items;
use super::stage::{AtHand, Staged};
use crate::id::Version;
use crate::recorded::Header;

/// The state of a catalog. Cheap to clone, however many items it has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    pub heading: Heading,
    pub items: Items,
    /// The version at which items or columns last changed.
    pub(super) changed_at: Version,
    pub(super) staged: Option<Staged>,
    #[serde(skip)]
    pub(super) at_hand: AtHand,
}

impl Catalog {
    pub(super) fn fold(&mut self, event: &Event, header: &Header) {
        match event {
            Event::Created(_) => self.changed_at = header.version,
            Event::ItemsChanged(changed) => self.take_in(changed, header),
            Event::Synced(synced) => self.synced(synced, header),
            Event::Deleted => {
                self.staged = None;
                self.at_hand.forget();
            }
            Event::Changed(_) | Event::SupervisorsAdded { .. } | Event::SupervisorsRemoved { .. } => {}
        }
        self.heading.fold(event, header);
    }

    fn take_in(&mut self, changed: &std::sync::Arc<ItemsChanged>, header: &Header) {
        let (batch, base) = (changed.batch, self.changed_at);
        let staged = self.staged.take().filter(|staged| !changed.begins && staged.batch == batch);
        let mut staged = staged.unwrap_or(Staged { batch, base, at: header.at, chunks: Vec::new() });
        staged.chunks.push(changed.clone());
        staged.at = header.at;
        self.staged = Some(staged);
    }

    fn synced(&mut self, synced: &Synced, header: &Header) {
        if let Some(columns) = &synced.columns {
            self.items.relay(&Layout::between(&self.heading.columns, columns));
            self.changed_at = header.version;
        }
        self.at_hand.forget();
        let Some(staged) = self.staged.take() else { return };
        for chunk in &staged.chunks {
            chunk.added.iter().chain(&chunk.updated).for_each(|placed| self.items.place(placed));
            chunk.deleted.iter().for_each(|id| self.items.delete(*id));
        }
        self.changed_at = header.version;
    }

    /// Bytes that it takes in memory, roughly.
    pub fn weight(&self) -> usize {
        let staged: usize = self.staged.iter().flat_map(|staged| &staged.chunks).map(|chunk| chunk.weight()).sum();
        size_of::<Self>() + self.items.weight() + staged
    }
}

impl ItemsChanged {
    fn weight(&self) -> usize {
        self.added.iter().chain(&self.updated).map(|placed| placed.values.bytes() + size_of_val(placed)).sum()
    }
}
