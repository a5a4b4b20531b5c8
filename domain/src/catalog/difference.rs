//! What leads from the items that are there to those that shall be. Used alike by a change and by the question what it would
//! do. Not how it is recorded (see [`super::stage`]).

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::change::NewItem;
use super::columns::{Column, Layout};
use super::event::Placed;
use super::items::{Item, Items};
use super::rejection::Rejection;
use super::{DELETED_ITEMS_MAX, ITEMS_MAX, TEXT_BYTES_MAX};

/// What becomes of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nobody has seen it before, or it was deleted and comes back.
    Added(Placed),
    Updated(Placed),
    Deleted(i64),
}

/// All that becomes of the items, in an order that depends on nothing but them and the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Where they are others than before.
    pub columns: Option<Layout>,
    pub steps: Vec<Step>,
}

/// What becomes of items that are not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others<'a> {
    Deleted,
    /// All but those that are called so; who is not there need not go.
    Kept {
        but: &'a [String],
    },
}

/// What a change does, or would do, as it is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub columns: Vec<Column>,
    pub added: Vec<Item>,
    pub updated: Vec<Item>,
    /// As they were.
    pub deleted: Vec<Item>,
}

/// The difference between `items`, laid out as `before`, and `given`; whose rows need no look each by itself when they are
/// `known_good`, because the same change has been recorded in part.
///
/// # Errors
/// When the rows do not fit, or there would be too many.
pub fn difference(
    items: &Items,
    before: &[Column],
    layout: Layout,
    given: &[NewItem],
    others: Others<'_>,
    known_good: bool,
) -> Result<Difference, Rejection> {
    let mut seen = HashSet::with_capacity(given.len());
    let mut steps = Vec::new();
    let mut next_id = items.next_id();
    for new in given {
        if !known_good {
            new.check()?;
        }
        if !seen.insert(new.row.key()) {
            return Err(Rejection::DuplicateKey);
        }
        let known = items.called(new.row.key());
        let was = known.map(|item| layout.relaid(&item.row));
        let row = layout.taken(&new.row, was.as_ref());
        let external_id = new.external_id.clone().or_else(|| known.and_then(|item| item.external_id.clone()));
        match known {
            Some(item) if !item.deleted && was.as_ref() == Some(&row) && item.external_id == external_id => {}
            Some(item) => {
                let placed = Placed { id: item.id, values: row, external_id };
                steps.push(if item.deleted { Step::Added(placed) } else { Step::Updated(placed) });
            }
            None => {
                steps.push(Step::Added(Placed { id: next_id, values: row, external_id }));
                next_id += 1;
            }
        }
    }
    match others {
        Others::Deleted => {
            let gone = items.iter().filter(|item| !item.deleted && !seen.contains(item.row.key()));
            steps.extend(gone.map(|item| Step::Deleted(item.id)));
        }
        Others::Kept { but } => {
            let mut gone = HashSet::new();
            for key in but {
                if seen.contains(key.as_str()) {
                    return Err(Rejection::GivenAndDeleted);
                }
                if let Some(item) = items.called(key).filter(|item| !item.deleted && gone.insert(item.id)) {
                    steps.push(Step::Deleted(item.id));
                }
            }
        }
    }
    check_bounds(items, &steps)?;
    let columns = (layout.columns != before).then_some(layout);
    Ok(Difference { columns, steps })
}

/// What would be there is not too much. Cells that go with their column are counted as if they stayed.
fn check_bounds(items: &Items, steps: &[Step]) -> Result<(), Rejection> {
    let (mut live, mut deleted, mut text) = (items.live(), items.deleted(), items.text_bytes());
    for step in steps {
        match step {
            Step::Added(placed) | Step::Updated(placed) => {
                let before = items.get(placed.id);
                text += placed.values.bytes();
                text -= before.map_or(0, |item| item.row.bytes());
                let (was_live, was_deleted) = before.map_or((0, 0), |item| (usize::from(!item.deleted), usize::from(item.deleted)));
                live += 1;
                live -= was_live;
                deleted -= was_deleted;
            }
            Step::Deleted(_) => {
                live -= 1;
                deleted += 1;
            }
        }
    }
    if live > ITEMS_MAX {
        return Err(Rejection::TooManyItems);
    }
    if deleted > DELETED_ITEMS_MAX {
        return Err(Rejection::TooManyDeletedItems);
    }
    if text > TEXT_BYTES_MAX { Err(Rejection::TooMuchText) } else { Ok(()) }
}

impl Difference {
    pub fn is_nothing(&self) -> bool {
        self.columns.is_none() && self.steps.is_empty()
    }

    /// As it is answered; `before` are the items and columns that it starts from.
    pub fn told(&self, items: &Items, before: &[Column]) -> Told {
        let columns = self.columns.as_ref().map_or(before, |layout| &layout.columns).to_vec();
        let mut told = Told { columns, ..Told::default() };
        let item =
            |placed: &Placed| Item { id: placed.id, row: placed.values.clone(), external_id: placed.external_id.clone(), deleted: false };
        for step in &self.steps {
            match step {
                Step::Added(placed) => told.added.push(item(placed)),
                Step::Updated(placed) => told.updated.push(item(placed)),
                Step::Deleted(id) => told.deleted.extend(items.get(*id).map(|item| Item { deleted: true, ..item.clone() })),
            }
        }
        told
    }
}

/// The external id of an item that is given.
pub(super) type ExternalId = Option<Arc<str>>;
