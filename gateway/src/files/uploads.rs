//! How many uploads are under way: so many at a node, and so many of one person; and how many of them are just being recorded. Not how
//! large one may be, nor how long it may take.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::PersonId;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Uploads that are being recorded: each holds a connection of the pool.
const RECORDED_AT_ONCE: usize = 2;

/// Those under way at this node.
pub struct Uploads {
    most: usize,
    most_of_one: usize,
    taken: Arc<Mutex<HashMap<PersonId, usize>>>,
    recorded: Semaphore,
}

/// A place of one upload. Dropped, it is free again.
pub struct Place {
    taken: Arc<Mutex<HashMap<PersonId, usize>>>,
    person: PersonId,
}

impl Uploads {
    pub fn new(most: usize, most_of_one: usize) -> Self {
        Self { most, most_of_one, taken: Arc::default(), recorded: Semaphore::new(RECORDED_AT_ONCE) }
    }

    /// Waits for the turn to be recorded. The turn is over once what comes back is dropped.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed.
        self.recorded.acquire().await.ok()
    }

    /// A place, where there is one left.
    pub fn enter(&self, person: PersonId) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        // As many entries as uploads at most.
        let all: usize = taken.values().sum();
        let own = taken.get(&person).copied().unwrap_or_default();
        if all >= self.most || own >= self.most_of_one {
            return None;
        }
        taken.insert(person, own + 1);
        drop(taken);
        Some(Place { taken: self.taken.clone(), person })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(&self.person) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(taken.remove(&self.person)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_for_all_and_for_each_and_come_back() {
        let uploads = Uploads::new(3, 2);
        let [anna, boris] = [PersonId(1), PersonId(2)];
        let first = uploads.enter(anna).unwrap();
        let _second = uploads.enter(anna).unwrap();
        assert!(uploads.enter(anna).is_none(), "two of one");
        let _third = uploads.enter(boris).unwrap();
        assert!(uploads.enter(boris).is_none(), "three of all");
        drop(first);
        assert!(uploads.enter(boris).is_some());
        assert!(uploads.enter(anna).is_some(), "the one before has gone again");
    }
}
