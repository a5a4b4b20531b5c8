//! Takes pages of the log into the index and the table, in a thread of its own: what tantivy does waits for disks. Who reads the
//! log, and when is committed, is decided in [`super::follower`].

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use domain::article;
use domain::codec::EventSet;
use domain::{Directory, OrganisationId, PersonId, Position, Recorded, StreamId, TaskId, task};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{DocAddress, DocSet as _, Index, IndexReader, IndexWriter, Searcher, TERMINATED, TantivyDocument, Term};
use tokio::sync::watch;

use super::Broken;
use super::schema::{Draft, Fields, Kind, Thing};
use super::state::{Meaning, Said, State};
use super::table::Table;

/// Tasks whose states are kept beside the index after a commit.
const STATES_KEPT: usize = 20_000;

/// An index that is asked while it is written.
pub(super) struct Live {
    pub fields: Fields,
    pub reader: IndexReader,
    pub table: RwLock<Table>,
    /// How far the table is, and how far what is found.
    pub known: watch::Sender<Position>,
    pub shown: watch::Sender<Position>,
    /// The position that somebody waits for.
    pub wanted: watch::Sender<Position>,
}

/// What every commit says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    pub fingerprint: String,
    pub incarnation: i64,
    pub position: Position,
}

/// A page of the log, and who there is by then.
#[derive(Debug)]
pub(super) struct Page {
    pub events: Vec<Recorded>,
    pub directory: Directory,
    /// What else is to be made from the directory again.
    pub listed: Vec<(OrganisationId, StreamId)>,
    pub upto: Position,
}

/// Items of a catalog as a change of it leaves them.
#[derive(Debug)]
pub(super) struct Items {
    pub organisation: OrganisationId,
    pub catalog: i64,
    /// These are all that there are.
    pub whole: bool,
    /// What each says.
    pub placed: Vec<(i64, String)>,
    pub gone: Vec<i64>,
}

/// What the thread is told.
#[derive(Debug)]
pub(super) enum Message {
    Page(Page),
    /// What the log holds by now of streams of which something was erased.
    Again(Vec<(StreamId, Vec<Recorded>)>),
    /// What was changed of a catalog's items; its heading comes with the page.
    Items(Items),
    Commit,
}

/// The one who writes.
pub(super) struct Writer {
    live: Arc<Live>,
    writer: IndexWriter,
    stamp: Stamp,
    /// States that are not in the index that is read, and some that are.
    states: HashMap<TaskId, State>,
    comments: HashMap<(TaskId, Position), Comment>,
    articles: HashMap<i64, Article>,
    /// Something was written since the last commit.
    written: bool,
}

/// What is kept of a comment when its text is edited.
#[derive(Clone, Debug)]
struct Comment {
    author: PersonId,
    made_at: Timestamp,
    /// Their names, one a line.
    files: String,
}

#[derive(Clone, Debug)]
struct Article {
    title: String,
    body: String,
    author: PersonId,
    made_at: Timestamp,
}

impl Live {
    pub fn new(index: &Index, fields: Fields, position: Position) -> Result<Self, Broken> {
        let reader = index.reader_builder().reload_policy(tantivy::ReloadPolicy::Manual).try_into()?;
        let live = Self {
            fields,
            reader,
            table: RwLock::default(),
            known: watch::Sender::new(position),
            shown: watch::Sender::new(position),
            wanted: watch::Sender::new(0),
        };
        live.fill_table()?;
        Ok(live)
    }

    /// Waits until rights are known up to `known` and texts are found up to `shown`; for ever when it is written no more.
    pub async fn reached(&self, known: Position, shown: Position) {
        let (mut knows, mut shows) = (self.known.subscribe(), self.shown.subscribe());
        if *self.shown.borrow() < shown {
            self.wanted.send_if_modified(|wanted| std::mem::replace(wanted, shown.max(*wanted)) < shown);
        }
        // Both are of this value, which is there.
        let _ = knows.wait_for(|position| *position >= known).await;
        let _ = shows.wait_for(|position| *position >= shown).await;
    }

    /// Makes the table from what the documents of tasks remember.
    fn fill_table(&self) -> Result<(), Broken> {
        let searcher = self.reader.searcher();
        let mut table = Table::default();
        for segment in searcher.segment_readers() {
            let kinds = segment.fast_fields().u64("kind")?.first_or_default_col(u64::MAX);
            let store = segment.get_store_reader(8)?;
            for doc in segment.doc_ids_alive() {
                if kinds.get_val(doc) == Kind::Task as u64 {
                    let (thing, state) = self.remembered(&store.get(doc)?)?;
                    table.put(TaskId(thing.id), &state);
                }
            }
        }
        *self.table.write().unwrap_or_else(PoisonError::into_inner) = table;
        Ok(())
    }

    fn remembered(&self, document: &TantivyDocument) -> Result<(Thing, State), Broken> {
        let thing = document.get_first(self.fields.thing).and_then(|value| value.as_u64()).and_then(Thing::unpacked);
        let state = document.get_first(self.fields.state).and_then(|value| value.as_bytes());
        let (Some(thing), Some(state)) = (thing, state) else { return Err(Broken::Document) };
        Ok((thing, State::read(state)?))
    }

    /// The one document of this key.
    pub fn document(&self, searcher: &Searcher, key: &Term) -> Result<Option<(DocAddress, TantivyDocument)>, Broken> {
        for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
            let inverted = segment.inverted_index(key.field())?;
            let Some(mut postings) = inverted.read_postings(key, IndexRecordOption::Basic)? else { continue };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc)) {
                    let address = DocAddress::new(ordinal, doc);
                    return Ok(Some((address, searcher.doc(address)?)));
                }
                doc = postings.advance();
            }
        }
        Ok(None)
    }
}

impl Writer {
    pub fn new(live: Arc<Live>, writer: IndexWriter, stamp: Stamp) -> Self {
        let (states, comments, articles) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { live, writer, stamp, states, comments, articles, written: false }
    }

    /// Does what it is told, in order.
    ///
    /// # Errors
    /// When the disk does not do what is wanted; what was not committed is given again by the log.
    pub fn obey(&mut self, message: Message) -> Result<(), Broken> {
        match message {
            Message::Page(page) => self.take(&page),
            Message::Again(streams) => streams.into_iter().try_for_each(|(stream, events)| self.again(stream, &events)),
            Message::Items(items) => self.items(&items),
            Message::Commit => self.commit(),
        }
    }

    fn take(&mut self, page: &Page) -> Result<(), Broken> {
        let (mut dirty, mut listed) = (BTreeSet::new(), BTreeSet::new());
        for event in &page.events {
            let stream = event.header.stream;
            if stream.kind == domain::Kind::Task {
                self.of_task(event, &mut dirty)?;
            } else if stream.kind == domain::Kind::Article {
                self.of_article(event)?;
            } else {
                listed.insert((event.header.organisation, stream.kind.number(), stream.id));
            }
        }
        listed.extend(page.listed.iter().map(|(organisation, stream)| (*organisation, stream.kind.number(), stream.id)));
        for (organisation, kind, id) in listed {
            self.of_directory(&page.directory, organisation, kind, id)?;
        }
        self.store(&dirty)?;
        self.stamp.position = page.upto;
        self.live.known.send_replace(page.upto);
        if !self.written {
            // There is nothing to show.
            self.live.shown.send_replace(page.upto);
        }
        Ok(())
    }

    /// Writes the documents of these tasks, and puts them into the table.
    fn store(&mut self, dirty: &BTreeSet<TaskId>) -> Result<(), Broken> {
        if dirty.is_empty() {
            return Ok(());
        }
        let live = self.live.clone();
        {
            let mut table = live.table.write().unwrap_or_else(PoisonError::into_inner);
            for id in dirty {
                if let Some(state) = self.states.get(id) {
                    table.put(*id, state);
                }
            }
        }
        for id in dirty {
            let Some(state) = self.states.get_mut(id) else { continue };
            let fields = &live.fields;
            self.written = true;
            if !state.is_there() {
                // With all that was said in it.
                self.writer.delete_term(fields.thing_of(Thing { kind: Kind::Task, id: id.0 }));
                continue;
            }
            self.writer.delete_term(fields.key_of(Kind::Task, id.0, 0));
            let (written, values) = (state.written()?, state.values());
            let draft = Draft {
                title: state.title(),
                text: state.body(),
                values: &values,
                author: state.author(),
                made_at: state.task.header.created_at,
                comment: 0,
                state: Some(&written),
            };
            self.writer.add_document(fields.document(state.organisation, Kind::Task, id.0, &draft))?;
        }
        Ok(())
    }

    fn of_task(&mut self, event: &Recorded, dirty: &mut BTreeSet<TaskId>) -> Result<(), Broken> {
        let Some(fact) = read::<task::Event>(event) else { return Ok(()) };
        let (id, meaning) = (TaskId(event.header.stream.id), Meaning::of(&fact, &event.header));
        let own = if meaning.untouched {
            false
        } else {
            if event.header.version > 1 && !self.states.contains_key(&id) {
                let state = self.state(id)?;
                self.states.insert(id, state);
            }
            dirty.insert(id);
            self.states.entry(id).or_default().take(&fact, &event.header)
        };
        match meaning.said {
            Said::Comment { id: comment, text, files } => {
                let said = Comment { author: event.header.person, made_at: event.header.at, files };
                self.say(event.header.organisation, (id, comment), &text, said)?;
            }
            Said::Edited { id: comment, text, files } if !own => {
                let unknown = || Comment { author: event.header.person, made_at: event.header.at, files: String::new() };
                let before = self.comment((id, comment))?.unwrap_or_else(unknown);
                self.unsay((id, comment));
                let said = Comment { files: files.unwrap_or(before.files), ..before };
                self.say(event.header.organisation, (id, comment), &text, said)?;
            }
            Said::Gone { id: comment } if !own => self.unsay((id, comment)),
            Said::Edited { .. } | Said::Gone { .. } | Said::Nothing => {}
        }
        Ok(())
    }

    fn say(&mut self, organisation: OrganisationId, (task, comment): (TaskId, Position), text: &str, said: Comment) -> Result<(), Broken> {
        let Comment { author, made_at, ref files } = said;
        let draft = Draft { text, values: files, author, made_at, comment, ..Draft::default() };
        self.writer.add_document(self.live.fields.document(organisation, Kind::Comment, task.0, &draft))?;
        self.comments.insert((task, comment), said);
        self.written = true;
        Ok(())
    }

    fn unsay(&mut self, (task, comment): (TaskId, Position)) {
        self.writer.delete_term(self.live.fields.key_of(Kind::Comment, task.0, comment));
        self.written = true;
    }

    /// What the index remembers of a task.
    fn state(&self, id: TaskId) -> Result<State, Broken> {
        let key = self.live.fields.key_of(Kind::Task, id.0, 0);
        let found = self.live.document(&self.live.reader.searcher(), &key)?;
        found.map_or_else(|| Ok(State::default()), |(_, document)| Ok(self.live.remembered(&document)?.1))
    }

    /// What is known of a comment beside its text.
    fn comment(&self, (task, comment): (TaskId, Position)) -> Result<Option<Comment>, Broken> {
        if let Some(known) = self.comments.get(&(task, comment)) {
            return Ok(Some(known.clone()));
        }
        let searcher = self.live.reader.searcher();
        let Some((address, document)) = self.live.document(&searcher, &self.live.fields.key_of(Kind::Comment, task.0, comment))? else {
            return Ok(None);
        };
        let (author, made_at) = made(&searcher, address)?;
        let files = Fields::text_of(&document, self.live.fields.values).to_owned();
        Ok(Some(Comment { author, made_at, files }))
    }

    fn of_article(&mut self, event: &Recorded) -> Result<(), Broken> {
        let Some(fact) = read::<article::Event>(event) else { return Ok(()) };
        let id = event.header.stream.id;
        let article = match fact {
            article::Event::Created(created) => {
                Article { title: created.title, body: created.body, author: event.header.person, made_at: event.header.at }
            }
            article::Event::Edited(edited) => {
                let Some(before) = self.article(id)? else { return Ok(()) };
                Article { title: edited.title.unwrap_or(before.title), body: edited.body.unwrap_or(before.body), ..before }
            }
            // Where it lies and who reads it is asked of the directory.
            article::Event::Moved { .. } | article::Event::PermissionsChanged(_) | article::Event::Deleted { .. } => return Ok(()),
        };
        let draft =
            Draft { title: &article.title, text: &article.body, author: article.author, made_at: article.made_at, ..Draft::default() };
        self.replace(event.header.organisation, Kind::Article, id, &draft)?;
        self.articles.insert(id, article);
        Ok(())
    }

    fn article(&self, id: i64) -> Result<Option<Article>, Broken> {
        if let Some(article) = self.articles.get(&id) {
            return Ok(Some(article.clone()));
        }
        let (searcher, fields) = (self.live.reader.searcher(), &self.live.fields);
        let Some((address, document)) = self.live.document(&searcher, &fields.key_of(Kind::Article, id, 0))? else { return Ok(None) };
        let (author, made_at) = made(&searcher, address)?;
        let text = |field| Fields::text_of(&document, field).to_owned();
        Ok(Some(Article { title: text(fields.title), body: text(fields.text), author, made_at }))
    }

    fn of_directory(&mut self, directory: &Directory, organisation: OrganisationId, kind: i16, id: i64) -> Result<(), Broken> {
        let (Some(home), Some(kind)) = (directory.organisation(organisation), domain::Kind::from_number(kind)) else { return Ok(()) };
        let named = super::listed::named(home, kind, id);
        let Some((kind, title, text)) = named else { return Ok(()) };
        self.replace(organisation, kind, id, &Draft { title: &title, text: &text, ..Draft::default() })
    }

    fn replace(&mut self, organisation: OrganisationId, kind: Kind, id: i64, draft: &Draft<'_>) -> Result<(), Broken> {
        self.writer.delete_term(self.live.fields.key_of(kind, id, 0));
        self.writer.add_document(self.live.fields.document(organisation, kind, id, draft))?;
        self.written = true;
        Ok(())
    }

    fn items(&mut self, items: &Items) -> Result<(), Broken> {
        let live = self.live.clone();
        let (fields, catalog) = (&live.fields, items.catalog);
        if items.whole {
            // With its heading, which is made again by what comes next.
            self.writer.delete_term(fields.thing_of(Thing { kind: Kind::Catalog, id: catalog }));
        }
        for item in items.gone.iter().chain(items.placed.iter().map(|(item, _)| item)) {
            self.writer.delete_term(fields.key_of(Kind::Item, catalog, *item));
        }
        for (item, text) in &items.placed {
            let draft = Draft { text, comment: *item, ..Draft::default() };
            self.writer.add_document(fields.document(items.organisation, Kind::Item, catalog, &draft))?;
        }
        self.written = true;
        Ok(())
    }

    /// Makes what is found of a stream again, from what the log holds of it now.
    fn again(&mut self, stream: StreamId, events: &[Recorded]) -> Result<(), Broken> {
        if stream.kind == domain::Kind::Task {
            let id = TaskId(stream.id);
            self.writer.delete_term(self.live.fields.thing_of(Thing { kind: Kind::Task, id: id.0 }));
            self.states.insert(id, State::default());
            self.comments.retain(|(task, _), _| *task != id);
        }
        let mut dirty = BTreeSet::new();
        for event in events {
            if stream.kind == domain::Kind::Task {
                self.of_task(event, &mut dirty)?;
            } else if stream.kind == domain::Kind::Article {
                self.of_article(event)?;
            }
        }
        self.written = true;
        self.store(&dirty)
    }

    /// Lets go of the index, once nothing moves in it any more.
    ///
    /// # Errors
    /// When the disk does not do what is wanted.
    pub fn end(self) -> Result<(), Broken> {
        Ok(self.writer.wait_merging_threads()?)
    }

    /// Makes everything that was taken in durable and found.
    pub fn commit(&mut self) -> Result<(), Broken> {
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(&serde_json::to_string(&self.stamp)?);
        prepared.commit()?;
        self.live.reader.reload()?;
        self.written = false;
        self.comments.clear();
        self.articles.clear();
        if self.states.len() > STATES_KEPT {
            self.states.clear();
        }
        self.live.shown.send_replace(self.stamp.position);
        Ok(())
    }
}

/// Whose a document is, and since when.
fn made(searcher: &Searcher, address: DocAddress) -> Result<(PersonId, Timestamp), Broken> {
    let fast = searcher.segment_reader(address.segment_ord).fast_fields();
    let value = |name| Ok::<_, Broken>(fast.i64(name)?.first(address.doc_id).unwrap_or_default());
    Ok((PersonId(value("author")?), Timestamp::from_second(value("made")?).unwrap_or_default()))
}

/// The fact; what this build cannot read is left out, and said.
fn read<E: EventSet>(event: &Recorded) -> Option<E> {
    match E::decode(&event.event_type, event.schema, &event.payload) {
        Ok(fact) => Some(fact),
        Err(_) => {
            // The reason may quote the event's content.
            tracing::error!(event.position = event.header.position, "search leaves out an event that it cannot read");
            None
        }
    }
}
