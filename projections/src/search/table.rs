//! Who may see each task, and where it stands, in memory: as fresh as the log, whatever the index has taken in. What a document was
//! found for is shown only if this table lets it through, so that a right that was taken away never shows a title.
//!
//! A task takes an [`Entry`] of 16 bytes at its number; what many tasks have in common (who sees them, who is waited for, their form
//! and author) is kept once and shared.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use domain::{FormId, ListId, OrganisationId, PersonId, TaskId};

use super::state::State;

/// Whom a task is shown to: those whom it names, those who see all tasks of its form (a principal below zero), and those who see
/// one of its lists. In order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Audience {
    pub organisation: OrganisationId,
    pub principals: Box<[PersonId]>,
    pub lists: Box<[ListId]>,
}

/// Who has something to do in an open task, in order, and whether its current step waits for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Waiting(pub Box<[(PersonId, bool)]>);

/// What a task is and of whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Frame {
    pub form: Option<FormId>,
    pub author: PersonId,
}

/// A task, as far as this table knows it. The zeroth of each kind is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    audience: u32,
    waiting: u32,
    frame: u32,
    /// Of its form's route: the current one, or the last.
    pub step: u8,
    pub closed: bool,
}

/// All tasks.
#[derive(Debug, Default)]
pub struct Table {
    /// By the task's number.
    entries: Vec<Entry>,
    audiences: Shared<Audience>,
    waiting: Shared<Waiting>,
    frames: Shared<Frame>,
    tasks: usize,
}

impl Table {
    /// Takes in how a task is by now.
    pub fn put(&mut self, task: TaskId, state: &State) {
        let Ok(at) = usize::try_from(task.0) else { return };
        let there = state.is_there();
        if self.entries.len() <= at {
            if !there {
                return;
            }
            self.entries.resize(at + 1, Entry::default());
        }
        let before = self.entries[at];
        let after = if there { self.entry(state) } else { Entry::default() };
        self.entries[at] = after;
        self.audiences.release(before.audience);
        self.waiting.release(before.waiting);
        self.frames.release(before.frame);
        self.tasks = self.tasks + usize::from(there) - usize::from(before.audience > 0);
    }

    fn entry(&mut self, state: &State) -> Entry {
        let (task, grants) = (&state.task, state.task.grants());
        let asked: std::collections::BTreeSet<PersonId> = task.filling.iter().flat_map(|filling| filling.progress.waiting()).collect();
        let open = task.header.closed_at.is_none();
        let waits = grants.iter().filter(|(_, grant)| grant.responsible || grant.asked);
        let waiting = Waiting(waits.map(|(person, _)| (*person, open && asked.contains(person))).collect());
        let lists = task.lists.iter().copied().collect();
        let audience = Audience { organisation: state.organisation, principals: grants.into_keys().collect(), lists };
        Entry {
            audience: self.audiences.take(audience),
            waiting: self.waiting.take(waiting),
            frame: self.frames.take(Frame { form: task.form(), author: task.header.author }),
            step: if task.form().is_some() { task.step().unwrap_or_default() } else { 0 },
            closed: !open,
        }
    }

    /// The task, if it is there.
    pub fn get(&self, task: i64) -> Option<Entry> {
        let entry = usize::try_from(task).ok().and_then(|at| self.entries.get(at)).copied();
        entry.filter(|entry| entry.audience > 0)
    }

    pub fn audience(&self, entry: Entry) -> &Audience {
        self.audiences.get(entry.audience)
    }

    pub fn waiting(&self, entry: Entry) -> &Waiting {
        self.waiting.get(entry.waiting)
    }

    pub fn frame(&self, entry: Entry) -> Frame {
        *self.frames.get(entry.frame)
    }

    /// Verdicts on audiences that a question remembers.
    pub fn memory(&self) -> Memory {
        Memory(vec![Verdict::default(); self.audiences.values.len()])
    }

    /// All tasks have numbers below this.
    pub fn reach(&self) -> usize {
        self.entries.len()
    }

    /// How many tasks are there.
    pub fn tasks(&self) -> usize {
        self.tasks
    }

    /// Its bytes, about: what it reserves, with what the allocator adds.
    pub fn bytes(&self) -> usize {
        let audience = |audience: &Audience| {
            heap(size_of_val(&*audience.principals)) + heap(size_of_val(&*audience.lists)) + heap(size_of::<Audience>() + 16)
        };
        let waiting = |waiting: &Waiting| heap(size_of_val(&*waiting.0)) + heap(size_of::<Waiting>() + 16);
        self.entries.capacity() * size_of::<Entry>()
            + self.audiences.bytes(audience)
            + self.waiting.bytes(waiting)
            + self.frames.bytes(|_| heap(size_of::<Frame>() + 16))
    }
}

fn heap(bytes: usize) -> usize {
    if bytes == 0 { 0 } else { bytes.next_multiple_of(16) }
}

/// What was found of an audience.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Verdict {
    #[default]
    Unknown,
    Seen,
    Unseen,
}

/// Each audience is judged once a question.
#[derive(Debug)]
pub struct Memory(Vec<Verdict>);

impl Memory {
    /// Whether the asker is of the task's audience, by `judge` where it is not known yet.
    pub fn sees(&mut self, entry: Entry, table: &Table, judge: impl FnOnce(&Audience) -> bool) -> bool {
        let Some(verdict) = usize::try_from(entry.audience).ok().and_then(|at| self.0.get_mut(at)) else { return false };
        if *verdict == Verdict::Unknown {
            *verdict = if judge(table.audience(entry)) { Verdict::Seen } else { Verdict::Unseen };
        }
        *verdict == Verdict::Seen
    }
}

/// Values that many tasks have in common, each once, counted.
#[derive(Debug)]
struct Shared<T> {
    values: Vec<Arc<T>>,
    uses: Vec<u32>,
    free: Vec<u32>,
    numbers: HashMap<Arc<T>, u32>,
}

impl<T: Default> Default for Shared<T> {
    fn default() -> Self {
        // The zeroth is nothing, and stays.
        Self { values: vec![Arc::default()], uses: vec![1], free: Vec::new(), numbers: HashMap::new() }
    }
}

impl<T: Default + Eq + Hash> Shared<T> {
    fn get(&self, number: u32) -> &T {
        usize::try_from(number).ok().and_then(|at| self.values.get(at)).unwrap_or(&self.values[0])
    }

    fn take(&mut self, value: T) -> u32 {
        if let Some(number) = self.numbers.get(&value) {
            self.uses[*number as usize] += 1;
            return *number;
        }
        let value = Arc::new(value);
        let number = if let Some(number) = self.free.pop() {
            (self.values[number as usize], self.uses[number as usize]) = (value.clone(), 1);
            number
        } else {
            self.values.push(value.clone());
            self.uses.push(1);
            // A part numbers its tasks below 2^31.
            u32::try_from(self.values.len() - 1).unwrap_or_default()
        };
        self.numbers.insert(value, number);
        number
    }

    fn release(&mut self, number: u32) {
        let at = number as usize;
        if number == 0 || self.uses[at] == 0 {
            return;
        }
        self.uses[at] -= 1;
        if self.uses[at] == 0 {
            let gone = std::mem::take(&mut self.values[at]);
            self.numbers.remove(&gone);
            self.free.push(number);
        }
    }

    fn bytes(&self, each: impl Fn(&T) -> usize) -> usize {
        let values: usize = self.values.iter().map(|value| each(value)).sum();
        values
            + self.values.capacity() * size_of::<Arc<T>>()
            + self.uses.capacity() * size_of::<u32>()
            + self.numbers.capacity() * (size_of::<(Arc<T>, u32)>() + 1) * 8 / 7
    }
}

#[cfg(test)]
mod tests {
    use domain::Aggregate as _;
    use domain::task::{Event, Task};
    use domain::testing::{ANNA, BORIS, CLARA, given, task_created};

    use super::*;

    fn state(events: impl IntoIterator<Item = Event>) -> (State, Task) {
        let given = given::<Task>([task_created("hello")]).and(ANNA, events);
        let (mut state, mut task) = (State::default(), Task::default());
        for (header, event) in given.history() {
            state.take(event, header);
            task.evolve(event, header);
        }
        (state, task)
    }

    #[test]
    fn a_task_is_shared_with_those_like_it_and_gone_when_it_is_deleted() {
        let mut table = Table::default();
        let (plain, _) = state([]);
        table.put(TaskId(1), &plain);
        table.put(TaskId(2), &plain);
        let (one, two) = (table.get(1).expect("there"), table.get(2).expect("there"));
        assert_eq!(one, two);
        assert_eq!((table.tasks(), table.audiences.values.len()), (2, 2));
        assert_eq!(&*table.audience(one).principals, [ANNA]);
        let (given, _) = state([Event::Reassigned { to: BORIS }]);
        table.put(TaskId(2), &given);
        assert_eq!(&*table.audience(table.get(2).expect("there")).principals, [ANNA, BORIS]);
        assert_eq!(&*table.waiting(table.get(2).expect("there")).0, [(BORIS, false)]);
        let (deleted, _) = state([Event::Deleted]);
        table.put(TaskId(2), &deleted);
        assert_eq!((table.get(2), table.get(3), table.tasks()), (None, None, 1));
        let (again, _) = state([Event::Reassigned { to: CLARA }]);
        table.put(TaskId(3), &again);
        assert_eq!(table.audiences.values.len(), 3, "the place of what is gone is taken again");
        assert!(table.bytes() > 0);
    }

    #[test]
    fn an_audience_is_judged_once() {
        let mut table = Table::default();
        let (plain, _) = state([]);
        table.put(TaskId(1), &plain);
        let entry = table.get(1).expect("there");
        let mut memory = table.memory();
        let mut judged = 0;
        for _ in 0..2 {
            assert!(memory.sees(entry, &table, |_| {
                judged += 1;
                true
            }));
        }
        assert_eq!(judged, 1);
    }

    #[test]
    fn an_entry_is_16_bytes() {
        assert_eq!(size_of::<Entry>(), 16);
    }
}
