//! The streams that are open at this node, and how entries find them. Joining a stream and telling of a page exclude each other, so
//! that whoever joins is told of everything after the position that they joined at, once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::directory::OrganisationDirectory;
use domain::{Directory, FilterId, OrganisationId, PersonId, Position, TaskId};
use jiff::Timestamp;
use projections::views::inbox::counts::Count;
use projections::views::notifications::Stand;
use projections::views::tasks::touched::Touched;
use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, SemaphorePermit, mpsc};
use uuid::Uuid;

use super::crowd::{Crowd, Seat};
use super::entry::{Entry, Place};
use super::moments::Moment;
use super::standing::{Known, Standing};
use super::stream::{Stream, TooSlow};
use super::{metrics, shown};

/// How many read what they missed at the same time.
const TURNS: usize = 4;

/// Why nobody may join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// This node goes.
    Draining,
    /// The person has as many streams as one may.
    TooMany,
}

/// A stream that was joined. Dropping it leaves.
pub struct Joined {
    pub entries: mpsc::Receiver<Arc<Entry>>,
    pub id: Uuid,
    pub whose: Whose,
    /// From here on everything is told; what lies between the reader's own position and this is the replay's.
    pub place: Place,
    _leave: Leave,
}

/// Whose stream it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whose {
    pub organisation: OrganisationId,
    pub person: PersonId,
}

struct Leave {
    hub: Arc<Hub>,
    organisation: OrganisationId,
    person: PersonId,
    number: u64,
}

impl Drop for Leave {
    fn drop(&mut self) {
        self.hub.leave(self.organisation, self.person, self.number);
    }
}

/// What a page of the log says, as far as streams are told.
#[derive(Default)]
pub struct Page {
    pub upto: Position,
    /// The organisations that it was read for.
    pub organisations: HashSet<OrganisationId>,
    /// Where the first request began that somebody may be notified of.
    pub first: Option<Position>,
    pub moments: Vec<Moment>,
    /// All tasks to which anything happened, somebody's own matters included.
    pub tasks: BTreeSet<(OrganisationId, TaskId)>,
    pub touched: HashMap<TaskId, Touched>,
    pub announcements: Vec<Announced>,
    /// Saved filters that were changed or deleted.
    pub filters: BTreeSet<(OrganisationId, FilterId)>,
    /// Who did something: their own inbox may be another.
    pub acted: BTreeSet<(OrganisationId, PersonId)>,
    pub ended: Vec<Ended>,
}

/// Something that happened to an announcement.
pub struct Announced {
    pub organisation: OrganisationId,
    pub id: i64,
    pub position: Position,
    pub by: PersonId,
    pub events: Vec<String>,
}

impl Announced {
    fn entry(&self, incarnation: i64) -> Entry {
        shown::announcement(Place { incarnation, position: self.position }, self.id, &self.events, self.by)
    }
}

/// Sessions that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    One(Uuid),
    /// All of an account, but for one.
    AllOf(i64, Option<Uuid>),
}

/// What a page leads to besides entries.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Follows {
    /// Whose inbox may be another.
    pub inboxes: BTreeSet<(OrganisationId, PersonId)>,
    /// Who sees a task no more.
    pub lost: BTreeSet<(OrganisationId, TaskId, PersonId)>,
}

pub struct Hub {
    buffer: usize,
    per_person: usize,
    numbers: AtomicU64,
    /// Held by those who read what they missed.
    turns: Semaphore,
    inside: Mutex<Inside>,
}

struct Inside {
    place: Place,
    draining: bool,
    crowds: HashMap<OrganisationId, Crowd>,
    streams: usize,
    /// Those that ended, for whoever keeps something by them.
    left: Vec<(Uuid, Whose)>,
}

impl Hub {
    pub fn new(place: Place, buffer: usize, per_person: usize) -> Arc<Self> {
        let inside = Inside { place, draining: false, crowds: HashMap::new(), streams: 0, left: Vec::new() };
        Arc::new(Self { buffer, per_person, numbers: AtomicU64::new(0), turns: Semaphore::new(TURNS), inside: Mutex::new(inside) })
    }

    /// Joins a stream, which is told of what comes after the hub's own position, or after `known` where its reader is further.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn join(
        self: &Arc<Self>,
        directory: &Arc<OrganisationDirectory>,
        standing: Standing,
        known: Option<Position>,
        now: Timestamp,
    ) -> Result<Joined, Refused> {
        let mut inside = self.inside();
        if inside.draining {
            return Err(Refused::Draining);
        }
        let (organisation, person) = (directory.id, standing.person());
        let place = inside.place;
        let crowd = inside.crowds.entry(organisation).or_insert_with(|| Crowd::new(Arc::clone(directory), now));
        if crowd.seats.get(&person).is_some_and(|seat| seat.streams.len() >= self.per_person) {
            return Err(Refused::TooMany);
        }
        let (sender, entries) = mpsc::channel(self.buffer);
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let after = known.unwrap_or_default().max(place.position);
        let stream = Arc::new(Stream::new(number, (organisation, after), standing, sender));
        let id = stream.id;
        crowd.add(stream, now);
        inside.streams += 1;
        metrics::streams(inside.streams);
        let leave = Leave { hub: Arc::clone(self), organisation, person, number };
        Ok(Joined { entries, id, whose: Whose { organisation, person }, place, _leave: leave })
    }

    fn leave(&self, organisation: OrganisationId, person: PersonId, number: u64) {
        self.inside().remove(organisation, person, number);
    }

    /// Waits for one's turn to read what one missed: after the end of a node many come back at once.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // Never closed.
        self.turns.acquire().await.ok()
    }

    /// Up to where everything was told.
    pub fn place(&self) -> Place {
        self.inside().place
    }

    /// Whether anybody is to be told; where nobody is, it is at `place` from now on.
    pub fn is_idle_at(&self, place: Place) -> bool {
        let mut inside = self.inside();
        if inside.streams > 0 {
            return false;
        }
        inside.place = place;
        true
    }

    /// The organisations that anybody is of.
    pub fn organisations(&self) -> HashSet<OrganisationId> {
        self.inside().crowds.keys().copied().collect()
    }

    /// Tells everybody of a page, and moves on to its end. Nobody is told, and nothing is moved, where somebody came meanwhile of an
    /// organisation that it was not read for: they would miss what it says to them.
    pub fn tell(&self, page: &Page) -> Option<Follows> {
        let mut follows = Follows::default();
        let mut inside = self.inside();
        if !inside.crowds.keys().all(|organisation| page.organisations.contains(organisation)) {
            return None;
        }
        let mut told = Told::default();
        let incarnation = inside.place.incarnation;
        for moment in &page.moments {
            let (Some(crowd), Some(touched)) = (inside.crowds.get(&moment.organisation), page.touched.get(&moment.task)) else { continue };
            tell_moment(incarnation, crowd, moment, touched, &mut told, &mut follows);
        }
        for announced in &page.announcements {
            let Some(crowd) = inside.crowds.get(&announced.organisation) else { continue };
            let entry = Arc::new(announced.entry(incarnation));
            for seat in crowd.seats.values().filter(|seat| seat.reads_announcements) {
                told.to(seat, announced.position, &entry);
            }
        }
        follows.inboxes.extend(page.acted.iter().copied());
        let is_there = |(organisation, person): &(OrganisationId, PersonId)| {
            inside.crowds.get(organisation).is_some_and(|crowd| crowd.seats.contains_key(person))
        };
        follows.inboxes.retain(is_there);
        for ended in &page.ended {
            let of = |standing: &Standing| match ended {
                Ended::One(session) => standing.session() == Some(*session),
                Ended::AllOf(account, kept) => standing.account() == Some(*account) && standing.session() != *kept,
            };
            inside.end_where(|stream| stream.judged(|standing| of(standing)).then_some("session_ended"));
        }
        inside.place.position = inside.place.position.max(page.upto);
        told.settle(&mut inside);
        Some(follows)
    }

    /// Holds everybody to the directory as it is: who may be here no more is sent away, and who sees otherwise is told so. Those whom
    /// it concerns, whose inbox may be another.
    pub fn judge(&self, directory: &Directory, now: Timestamp) -> Follows {
        let mut inside = self.inside();
        let position = inside.place.position;
        let mut follows = Follows::default();
        let mut told = Told::default();
        let changed: Vec<_> = inside
            .crowds
            .iter()
            .filter_map(|(id, crowd)| Some((*id, Arc::clone(directory.organisation(*id)?))).filter(|(_, today)| !crowd.is_of(today, now)))
            .collect();
        for (organisation, today) in changed {
            let Some(crowd) = inside.crowds.get_mut(&organisation) else { continue };
            let differ = crowd.judge(today, now);
            let entry = Arc::new(shown::access(position));
            for person in differ {
                if let Some(seat) = crowd.seats.get(&person) {
                    told.to(seat, Position::MAX, &entry);
                    follows.inboxes.insert((organisation, person));
                }
            }
            inside.end_in(organisation, |stream| stream.judged(|standing| standing.fallen(directory, now)));
        }
        told.settle(&mut inside);
        follows
    }

    /// What every stream rests on, and the number that the next stream will have.
    pub fn standings(&self) -> (Vec<Standing>, u64) {
        let inside = self.inside();
        let standings = inside.streams().map(Stream::standing).collect();
        (standings, self.numbers.load(Ordering::Relaxed))
    }

    /// Sends those of the streams before `next` away of whose session or token the database knows no more, or whose time is over.
    pub fn renew(&self, known: &Known, next: u64, directory: &Directory, now: Timestamp) {
        self.inside().end_where(|stream| {
            if stream.number >= next {
                return None;
            }
            stream.judged(|standing| if standing.renew(known) { standing.fallen(directory, now) } else { Some("session_ended") })
        });
    }

    /// What somebody is told of these who comes back, as far as they may see it now, in its order.
    pub fn retell(&self, whose: Whose, page: &Page) -> Vec<Arc<Entry>> {
        let inside = self.inside();
        let incarnation = inside.place.incarnation;
        let Some(crowd) = inside.crowds.get(&whose.organisation) else { return Vec::new() };
        let Some(seat) = crowd.seats.get(&whose.person) else { return Vec::new() };
        let mut told = BTreeMap::new();
        for moment in &page.moments {
            let entry =
                page.touched.get(&moment.task).and_then(|touched| retold(incarnation, (crowd, whose.person, seat), moment, touched));
            told.extend(entry.map(|entry| (moment.last, entry)));
        }
        for announced in page.announcements.iter().filter(|_| seat.reads_announcements) {
            told.insert(announced.position, Arc::new(announced.entry(incarnation)));
        }
        told.into_values().collect()
    }

    /// Whether a stream of this name is open here, and is theirs.
    pub fn has(&self, whose: Whose, stream: Uuid) -> bool {
        self.inside().seat(whose).is_some_and(|seat| seat.streams.iter().any(|one| one.id == stream))
    }

    /// Tells one stream something that has no position.
    pub fn send_to(&self, whose: Whose, stream: Uuid, entry: &Arc<Entry>) {
        let mut inside = self.inside();
        let mut told = Told::default();
        for one in inside.seat(whose).iter().flat_map(|seat| &seat.streams).filter(|one| one.id == stream) {
            told.one(one, one.send(entry), 1);
        }
        told.settle(&mut inside);
    }

    /// The streams that were left since this was asked last.
    pub fn take_left(&self) -> Vec<(Uuid, Whose)> {
        std::mem::take(&mut self.inside().left)
    }

    /// A sign of life to one person's streams: those that are dead are found out by it.
    pub fn probe(&self, organisation: OrganisationId, person: PersonId) {
        let inside = self.inside();
        let entry = Arc::new(Entry::beat(inside.place));
        let seat = inside.crowds.get(&organisation).and_then(|crowd| crowd.seats.get(&person));
        for stream in seat.iter().flat_map(|seat| &seat.streams) {
            // Whoever has no room for it is cut with the next entry.
            let _ = stream.send_of(inside.place.position.saturating_add(1), &entry);
        }
    }

    /// Whose inboxes these are, as far as they are still here.
    pub fn whose(&self, people: &BTreeSet<(OrganisationId, PersonId)>) -> Vec<(OrganisationId, Vec<PersonId>)> {
        let inside = self.inside();
        let seat = |(organisation, person): &(OrganisationId, PersonId)| {
            let seat = inside.crowds.get(organisation)?.seats.get(person)?;
            Some((*organisation, seat.principals.clone()))
        };
        people.iter().filter_map(seat).collect()
    }

    /// Whether they have a stream.
    pub fn is_there(&self, organisation: OrganisationId, person: PersonId) -> bool {
        self.inside().crowds.get(&organisation).is_some_and(|crowd| crowd.seats.contains_key(&person))
    }

    /// Tells these how it stands with what they are notified of, those to whom it is news.
    pub fn tell_notified(&self, stands: &[Stand], position: Position) {
        let mut inside = self.inside();
        let mut told = Told::default();
        for stand in stands {
            let Some(seat) = inside.crowds.get(&stand.organisation).and_then(|crowd| crowd.seats.get(&stand.person)) else { continue };
            let now = (stand.unread, stand.newest.map_or(0, |newest| newest.position));
            let entry = Arc::new(shown::notified(stand, position));
            for stream in seat.streams.iter().filter(|stream| stream.is_notified(now)) {
                told.one(stream, stream.send(&entry), 1);
            }
        }
        told.settle(&mut inside);
    }

    /// Tells these how much is in their inboxes, those to whom it is news.
    pub fn tell_inboxes(&self, whose: &[(OrganisationId, Vec<PersonId>)], counts: &[Count], position: Position) {
        let counts: HashMap<PersonId, (u32, bool)> = counts.iter().map(|count| (count.person, (count.tasks, count.has_more))).collect();
        let mut inside = self.inside();
        let mut told = Told::default();
        for (organisation, principals) in whose {
            let Some(person) = principals.first() else { continue };
            let Some(seat) = inside.crowds.get(organisation).and_then(|crowd| crowd.seats.get(person)) else { continue };
            let count = counts.get(person).copied().unwrap_or_default();
            let entry = Arc::new(shown::inbox(count, position));
            for stream in seat.streams.iter().filter(|stream| stream.is_news(count)) {
                told.one(stream, stream.send(&entry), 1);
            }
        }
        told.settle(&mut inside);
    }

    /// A sign of life to everybody.
    pub fn beat(&self) {
        let mut inside = self.inside();
        let entry = Arc::new(Entry::beat(inside.place));
        let mut told = Told::default();
        for stream in inside.streams() {
            // Further than we are: a beat would move its reader back.
            if stream.after <= inside.place.position {
                told.one(stream, stream.send(&entry), 0);
            }
        }
        told.settle(&mut inside);
    }

    /// The log is another one: everybody begins anew.
    pub fn replace(&self, place: Place) {
        let mut inside = self.inside();
        inside.place = place;
        let entry = Arc::new(shown::reset(place, "log_replaced"));
        inside.end_where(|stream| {
            let _ = stream.send(&entry);
            Some("log_replaced")
        });
    }

    /// Sends everybody away, and lets nobody in any more.
    pub fn drain(&self) {
        let mut inside = self.inside();
        inside.draining = true;
        inside.end_where(|_| Some("draining"));
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    fn streams(&self) -> impl Iterator<Item = &Stream> {
        self.crowds.values().flat_map(|crowd| crowd.seats.values()).flat_map(|seat| &seat.streams).map(|stream| &**stream)
    }

    fn remove(&mut self, organisation: OrganisationId, person: PersonId, number: u64) {
        let Some(crowd) = self.crowds.get_mut(&organisation) else { return };
        if let Some(stream) = crowd.remove(person, number) {
            self.left.push((stream.id, Whose { organisation, person }));
            self.streams -= 1;
            metrics::streams(self.streams);
        }
        if crowd.seats.is_empty() {
            self.crowds.remove(&organisation);
        }
    }

    fn seat(&self, whose: Whose) -> Option<&Seat> {
        self.crowds.get(&whose.organisation)?.seats.get(&whose.person)
    }

    fn end_where(&mut self, why: impl Fn(&Stream) -> Option<&'static str>) {
        let organisations: Vec<_> = self.crowds.keys().copied().collect();
        for organisation in organisations {
            self.end_in(organisation, &why);
        }
    }

    fn end_in(&mut self, organisation: OrganisationId, why: impl Fn(&Stream) -> Option<&'static str>) {
        let Some(crowd) = self.crowds.get(&organisation) else { return };
        let streams = crowd.seats.values().flat_map(|seat| &seat.streams);
        let ended: Vec<_> = streams.filter_map(|stream| Some((stream.person, stream.number, Arc::clone(stream), why(stream)?))).collect();
        for (person, number, stream, why) in ended {
            // Who has no room for it sees the end all the same.
            let _ = stream.send(&Arc::new(shown::end(why)));
            metrics::ended(why);
            self.remove(organisation, person, number);
        }
    }
}

fn tell_moment(incarnation: i64, crowd: &Crowd, moment: &Moment, touched: &Touched, told: &mut Told, follows: &mut Follows) {
    let seeing = if touched.deleted { BTreeSet::new() } else { crowd.seeing(&touched.grants) };
    let mut by_lists: BTreeMap<Vec<i64>, Arc<Entry>> = BTreeMap::new();
    for person in &seeing {
        let Some(seat) = crowd.seats.get(person) else { continue };
        let lists = seat.named(&touched.grants.lists);
        let entry =
            by_lists.entry(lists).or_insert_with_key(|lists| Arc::new(shown::task(incarnation, moment, touched, lists, &crowd.directory)));
        told.to(seat, moment.last, entry);
    }
    let lost = lost(crowd, moment, touched);
    if !lost.is_empty() {
        let entry = Arc::new(shown::gone(incarnation, moment.task, moment.last));
        for seat in lost.difference(&seeing).filter_map(|person| crowd.seats.get(person)) {
            told.to(seat, moment.last, &entry);
        }
        follows.lost.extend(lost.difference(&seeing).map(|person| (crowd.id(), moment.task, *person)));
    }
    let concerned = crowd.named(&[&touched.grants.principals[..], &moment.taken_from[..]].concat(), &[], false);
    follows.inboxes.extend(concerned.into_iter().map(|person| (crowd.id(), person)));
}

/// Whom the moment may have taken the task from.
fn lost(crowd: &Crowd, moment: &Moment, touched: &Touched) -> BTreeSet<PersonId> {
    let mut lost = crowd.named(&moment.taken_from, &moment.taken_out_of, false);
    if moment.taken_from_all {
        lost.extend(crowd.seeing(&touched.grants));
    }
    lost
}

fn retold(incarnation: i64, (crowd, person, seat): (&Crowd, PersonId, &Seat), moment: &Moment, touched: &Touched) -> Option<Arc<Entry>> {
    if !touched.deleted && seat.access.sees(&touched.grants) {
        let lists = seat.named(&touched.grants.lists);
        return Some(Arc::new(shown::task(incarnation, moment, touched, &lists, &crowd.directory)));
    }
    lost(crowd, moment, touched).contains(&person).then(|| Arc::new(shown::gone(incarnation, moment.task, moment.last)))
}

/// Those who were sent something, and those who did not keep up.
#[derive(Default)]
struct Told {
    entries: u64,
    slow: Vec<(OrganisationId, PersonId, u64)>,
}

impl Told {
    fn to(&mut self, seat: &Seat, position: Position, entry: &Arc<Entry>) {
        for stream in &seat.streams {
            self.one(stream, stream.send_of(position, entry), 1);
        }
    }

    fn one(&mut self, stream: &Stream, sent: Result<(), TooSlow>, entries: u64) {
        match sent {
            Ok(()) => self.entries += entries,
            Err(TooSlow) => self.slow.push((stream.organisation, stream.person, stream.number)),
        }
    }

    fn settle(self, inside: &mut Inside) {
        metrics::told(self.entries);
        for (organisation, person, number) in self.slow {
            metrics::ended("too_slow");
            inside.remove(organisation, person, number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{Secret, Token};
    use domain::testing::{ANNA, HOME, directory, now};
    use projections::views::tasks::{Grants, Listed};

    fn hub(buffer: usize) -> Arc<Hub> {
        Hub::new(Place { incarnation: 7, position: 10 }, buffer, 2)
    }

    fn join(hub: &Arc<Hub>, known: Option<Position>) -> Result<Joined, Refused> {
        let token = Token { person: ANNA, organisation: HOME, position: 1, revoked: false, expires_at: Timestamp::MAX };
        hub.join(&Arc::new(directory()), Standing::Token(token, Secret::make().hash()), known, now())
    }

    /// A task of Anna's to which something happened at each of these positions.
    fn page(positions: &[Position], organisations: impl Into<HashSet<OrganisationId>>) -> Page {
        let task = TaskId(5);
        let moment = |position: &Position| Moment::sample(HOME, task, ANNA, *position);
        let grants = Grants { principals: vec![ANNA.0], lists: Vec::new() };
        let listed = Listed { id: task, ..Listed::default() };
        let touched = Touched { organisation: HOME, listed, form: None, step: None, grants, deleted: false };
        Page {
            upto: positions.last().copied().unwrap_or_default(),
            organisations: organisations.into(),
            moments: positions.iter().map(moment).collect(),
            touched: HashMap::from([(task, touched)]),
            ..Page::default()
        }
    }

    fn told(joined: &mut Joined) -> Vec<Position> {
        let mut positions = Vec::new();
        while let Ok(entry) = joined.entries.try_recv() {
            positions.extend(entry.place.map(|place| place.position));
        }
        positions
    }

    #[test]
    fn whoever_comes_while_a_page_is_read_is_not_passed_over() {
        let hub = hub(8);
        let mut joined = join(&hub, None).ok().unwrap();
        assert_eq!(hub.tell(&page(&[11, 12], [])), None);
        assert_eq!((hub.place().position, told(&mut joined)), (10, vec![]), "it is read again");
        assert!(hub.tell(&page(&[11, 12], [HOME])).is_some());
        assert_eq!((hub.place().position, told(&mut joined)), (12, vec![11, 12]));
    }

    #[test]
    fn whoever_was_told_more_by_another_node_is_not_told_it_again() {
        let hub = hub(8);
        let mut joined = join(&hub, Some(12)).ok().unwrap();
        hub.tell(&page(&[11, 12, 13], [HOME]));
        assert_eq!(told(&mut joined), [13]);
        let mut behind = join(&hub, Some(11)).ok().unwrap();
        hub.tell(&page(&[14], [HOME]));
        assert_eq!((behind.place.position, told(&mut behind)), (13, vec![14]), "what lies between is the replay's");
    }

    #[test]
    fn who_does_not_keep_up_is_cut_after_what_was_sent_and_who_leaves_makes_room() {
        let hub = hub(2);
        let mut slow = join(&hub, None).ok().unwrap();
        hub.tell(&page(&[11, 12, 13], [HOME]));
        assert_eq!(told(&mut slow), [11, 12]);
        assert!(slow.entries.is_closed() && hub.organisations().is_empty());
        let (one, _two) = (join(&hub, None).ok().unwrap(), join(&hub, None).ok().unwrap());
        assert_eq!(join(&hub, None).err(), Some(Refused::TooMany));
        drop(one);
        assert!(join(&hub, None).is_ok());
        hub.drain();
        assert_eq!(join(&hub, None).err(), Some(Refused::Draining));
    }
}
