//! What each person last wrote through this node, so that what they read next shows it. A node that stops forgets; the
//! views have caught up by the time it is back.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::{PersonId, Position};

const SHARDS: usize = 16;

/// A position a person; bounded by how many people there are.
#[derive(Default)]
pub struct Written {
    shards: [Mutex<HashMap<PersonId, Position>>; SHARDS],
}

impl Written {
    pub fn note(&self, person: PersonId, position: Position) {
        let mut shard = self.shard(person).lock().unwrap_or_else(PoisonError::into_inner);
        let last = shard.entry(person).or_default();
        *last = position.max(*last);
    }

    /// 0 for somebody who has written nothing here.
    pub fn last(&self, person: PersonId) -> Position {
        self.shard(person).lock().unwrap_or_else(PoisonError::into_inner).get(&person).copied().unwrap_or_default()
    }

    fn shard(&self, person: PersonId) -> &Mutex<HashMap<PersonId, Position>> {
        let index = usize::try_from(person.0.unsigned_abs() % SHARDS as u64).unwrap_or(0);
        self.shards.get(index).unwrap_or(&self.shards[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_written_up_to_the_highest_position() {
        let written = Written::default();
        assert_eq!(written.last(PersonId(1)), 0);
        written.note(PersonId(1), 5);
        written.note(PersonId(1), 3);
        written.note(PersonId(17), 9);
        assert_eq!((written.last(PersonId(1)), written.last(PersonId(17))), (5, 9));
    }
}
