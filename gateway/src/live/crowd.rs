//! The people of one organisation who have streams open, by what lets them see tasks. The rule is the views' (`Access`), held here
//! the other way round: from what a task names to whoever is to hear of it, so that an event costs as much as it has hearers.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::directory::OrganisationDirectory;
use domain::{Issued, ListId, OrganisationId, PersonId};
use jiff::Timestamp;
use projections::views::tasks::{Access, Grants};

use super::stream::Stream;

/// Somebody with streams.
pub struct Seat {
    pub access: Access,
    /// Whose inbox theirs is: they, their roles, and those whom they stand in for.
    pub principals: Vec<PersonId>,
    /// The lists that may be named to them, in order.
    lists: Vec<i64>,
    pub reads_announcements: bool,
    pub streams: Vec<Arc<Stream>>,
}

/// See the module.
pub struct Crowd {
    pub directory: Arc<OrganisationDirectory>,
    /// Until when what is known of the seats holds, if the directory does not change.
    until: Timestamp,
    pub seats: HashMap<PersonId, Seat>,
    by_principal: HashMap<i64, Vec<PersonId>>,
    by_list: HashMap<i64, Vec<PersonId>>,
    seeing_all: Vec<PersonId>,
}

impl Seat {
    fn of(person: PersonId, directory: &OrganisationDirectory, now: Timestamp) -> Self {
        let issued = Issued { organisation: directory.id, who: person, at: now, directory };
        let named = |(id, list): (&ListId, &Arc<domain::list::List>)| list.seen(&issued).is_ok().then_some(id.0);
        Self {
            access: Access::of(&issued),
            principals: directory.principals(person).chain(directory.deputised_by(person, now)).collect(),
            lists: directory.lists.iter().filter_map(named).collect(),
            reads_announcements: domain::announcement::access::reads(&issued),
            streams: Vec::new(),
        }
    }

    /// Those of a task's lists that may be named to them.
    pub fn named(&self, lists: &[i64]) -> Vec<i64> {
        lists.iter().copied().filter(|list| self.lists.binary_search(list).is_ok()).collect()
    }

    fn sees_as(&self, other: &Self) -> bool {
        self.access == other.access && self.lists == other.lists && self.reads_announcements == other.reads_announcements
    }
}

impl Crowd {
    pub fn new(directory: Arc<OrganisationDirectory>, now: Timestamp) -> Self {
        let until = next_change(&directory, now);
        let (seats, by_principal, by_list) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { directory, until, seats, by_principal, by_list, seeing_all: Vec::new() }
    }

    pub fn id(&self) -> OrganisationId {
        self.directory.id
    }

    /// Whether what is known of the seats is of this directory and moment.
    pub fn is_of(&self, directory: &Arc<OrganisationDirectory>, now: Timestamp) -> bool {
        Arc::ptr_eq(&self.directory, directory) && now < self.until
    }

    /// Judges everybody anew; those for whom that makes a difference.
    pub fn judge(&mut self, directory: Arc<OrganisationDirectory>, now: Timestamp) -> Vec<PersonId> {
        self.until = next_change(&directory, now);
        self.directory = directory;
        let mut changed = Vec::new();
        for (person, seat) in &mut self.seats {
            let mut judged = Seat::of(*person, &self.directory, now);
            if !judged.sees_as(seat) {
                changed.push(*person);
            }
            judged.streams = std::mem::take(&mut seat.streams);
            *seat = judged;
        }
        self.index();
        changed
    }

    pub fn add(&mut self, stream: Arc<Stream>, now: Timestamp) {
        let person = stream.person;
        if let Some(seat) = self.seats.get_mut(&person) {
            seat.streams.push(stream);
            return;
        }
        let mut seat = Seat::of(person, &self.directory, now);
        seat.streams.push(stream);
        self.note(person, &seat);
        self.seats.insert(person, seat);
    }

    pub fn remove(&mut self, person: PersonId, number: u64) -> Option<Arc<Stream>> {
        let seat = self.seats.get_mut(&person)?;
        let place = seat.streams.iter().position(|stream| stream.number == number)?;
        let stream = seat.streams.swap_remove(place);
        if seat.streams.is_empty()
            && let Some(seat) = self.seats.remove(&person)
        {
            self.forget(person, &seat);
        }
        Some(stream)
    }

    /// Everybody who may be shown what grants this much.
    pub fn seeing(&self, grants: &Grants) -> BTreeSet<PersonId> {
        self.named(&grants.principals, &grants.lists, true)
    }

    /// Those whom these name, or who see these lists; `all`: and whoever sees everything.
    pub fn named(&self, principals: &[i64], lists: &[i64], all: bool) -> BTreeSet<PersonId> {
        let by = |index: &HashMap<i64, Vec<PersonId>>, keys: &[i64]| -> Vec<PersonId> {
            keys.iter().filter_map(|key| index.get(key)).flatten().copied().collect()
        };
        let everything = if all { &self.seeing_all[..] } else { &[] };
        let mut found: BTreeSet<PersonId> = by(&self.by_principal, principals).into_iter().collect();
        found.extend(by(&self.by_list, lists));
        found.extend(everything);
        found
    }

    fn index(&mut self) {
        (self.by_principal, self.by_list, self.seeing_all) = (HashMap::new(), HashMap::new(), Vec::new());
        let seats = std::mem::take(&mut self.seats);
        for (person, seat) in &seats {
            self.note(*person, seat);
        }
        self.seats = seats;
    }

    /// Persons and roles are noted also of who sees everything: their inbox goes by them.
    fn note(&mut self, person: PersonId, seat: &Seat) {
        for principal in keys(seat) {
            self.by_principal.entry(principal).or_default().push(person);
        }
        for list in seat.access.lists() {
            self.by_list.entry(*list).or_default().push(person);
        }
        if seat.access.sees_all() {
            self.seeing_all.push(person);
        }
    }

    fn forget(&mut self, person: PersonId, seat: &Seat) {
        let remove = |index: &mut HashMap<i64, Vec<PersonId>>, key: i64| {
            if let Some(people) = index.get_mut(&key) {
                people.retain(|one| *one != person);
                if people.is_empty() {
                    index.remove(&key);
                }
            }
        };
        for principal in keys(seat) {
            remove(&mut self.by_principal, principal);
        }
        for list in seat.access.lists() {
            remove(&mut self.by_list, *list);
        }
        self.seeing_all.retain(|one| *one != person);
    }
}

fn keys(seat: &Seat) -> BTreeSet<i64> {
    seat.access.principals().iter().copied().chain(seat.principals.iter().map(|principal| principal.0)).collect()
}

/// When somebody's absence begins or ends next: from then on others stand in for them, or do so no more.
fn next_change(directory: &OrganisationDirectory, now: Timestamp) -> Timestamp {
    let absences = directory.persons.values().filter_map(|person| person.absence);
    let moments = absences.flat_map(|absence| [absence.begins, absence.ends]);
    moments.filter(|moment| *moment > now).min().unwrap_or(Timestamp::MAX)
}
