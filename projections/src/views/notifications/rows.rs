//! The tables of notifications: read for a batch, written after it, in a fixed number of queries. Who is told what is decided by
//! [`crate::notify`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::inbox::Followed;
use domain::{FilterId, FormId, Header, ListId, OrganisationId, PersonId, Position, TaskId, Version};
use jiff::{Timestamp, ToSpan};
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

use super::KEPT_DAYS;
use super::known::Known;
use super::page::About;
use crate::failure::{Reason, Refused};
use crate::notify::address::{self, Follows, Ways, Why};
use crate::notify::rule::{Task, Words};
use crate::views::keyed;

/// A task's row.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub version: Version,
    pub stored: Version,
    pub task: Task,
}

/// A notification in the making.
#[derive(Debug)]
pub(super) struct Fresh {
    about: About,
    cause: Position,
    by: PersonId,
    at: Timestamp,
    why: BTreeSet<Why>,
    unread: bool,
    ways: Ways,
}

/// What was said, and the fact that it is from.
#[derive(Debug)]
struct Said {
    text: String,
    from: Position,
    at: Timestamp,
}

/// That somebody has read something.
#[derive(Debug)]
struct Read {
    organisation: OrganisationId,
    person: PersonId,
    task: Option<TaskId>,
    upto: Position,
}

/// All that a batch changes.
#[derive(Debug, Default)]
pub(super) struct Stored {
    pub tasks: BTreeMap<(TaskId, OrganisationId), Row>,
    /// Versions.
    pub inboxes: BTreeMap<PersonId, Version>,
    pub inboxes_changed: BTreeMap<PersonId, OrganisationId>,
    /// Whether they follow it in the end.
    pub follows: BTreeMap<(OrganisationId, Followed, PersonId), bool>,
    fresh: BTreeMap<(OrganisationId, PersonId, Position), Fresh>,
    said: BTreeMap<(OrganisationId, Position), Said>,
    edited: BTreeMap<(OrganisationId, Position), Said>,
    unsaid: BTreeSet<(OrganisationId, Position)>,
    reads: Vec<Read>,
    unreads: BTreeMap<(OrganisationId, PersonId, Position), TaskId>,
    /// Of what filters find: who has been told of its cause before this batch.
    pub told_before: BTreeSet<(OrganisationId, PersonId, Position)>,
    /// What announcements say by now.
    announced: BTreeMap<(OrganisationId, i64), Option<Said>>,
    /// Further ways by which something reached them that they had been told before this batch.
    reached: BTreeMap<(OrganisationId, PersonId, Position), BTreeSet<Why>>,
}

impl Stored {
    /// Tells people of what was caused at `cause`, with what they were told of it before.
    pub(super) fn tell(
        &mut self,
        (about, organisation): (About, OrganisationId),
        cause: Position,
        header: &Header,
        told: BTreeMap<PersonId, BTreeSet<Why>>,
        known: &Known,
    ) {
        self.tell_as((about, organisation), (cause, cause), header, told, known);
    }

    /// Tells somebody what a filter of theirs found because of `cause`. Who has been told of that is told nothing more but that it
    /// reached them by this as well; else it is a notification of its own, which links to it.
    pub(super) fn find(
        &mut self,
        (task, organisation): (TaskId, OrganisationId),
        cause: Position,
        header: &Header,
        told: BTreeMap<PersonId, BTreeSet<Why>>,
        known: &Known,
    ) {
        let mut anew = BTreeMap::new();
        for (person, why) in told {
            let key = (organisation, person, cause);
            match self.fresh.get_mut(&key).filter(|fresh| !fresh.ways.is_none()) {
                Some(fresh) => fresh.why.extend(why),
                None if self.told_before.contains(&key) => self.reached.entry(key).or_default().extend(why),
                None => drop(anew.insert(person, why)),
            }
        }
        self.tell_as((About::Task(task), organisation), (header.position, cause), header, anew, known);
    }

    fn tell_as(
        &mut self,
        (about, organisation): (About, OrganisationId),
        (position, cause): (Position, Position),
        header: &Header,
        told: BTreeMap<PersonId, BTreeSet<Why>>,
        known: &Known,
    ) {
        let directory = known.organisation(organisation);
        let form = self.tasks.get(&(number(about), organisation)).and_then(|row| row.task.form);
        for (person, why) in told {
            let fresh = self.fresh.entry((organisation, person, position)).or_insert_with(|| Fresh {
                about,
                cause,
                by: header.person,
                at: header.at,
                why: BTreeSet::new(),
                unread: true,
                ways: Ways::default(),
            });
            fresh.why.extend(why);
            let zone = address::zone_of(person, &directory);
            fresh.ways = address::ways(&known.settings(person), form, address::reasons(&fresh.why), fresh.at, zone);
        }
    }

    pub(super) fn say(&mut self, header: &Header, cause: Position, words: Words) {
        let organisation = header.organisation;
        let said = |text| Said { text, from: header.position, at: header.at };
        match words {
            Words::Said(text) => drop(self.said.insert((organisation, cause), said(text))),
            Words::Edited(comment, text) => match self.said.get_mut(&(organisation, comment)) {
                Some(before) => (before.text, before.from) = (text, header.position),
                None => drop(self.edited.insert((organisation, comment), said(text))),
            },
            Words::Deleted(comment) => {
                self.said.remove(&(organisation, comment));
                self.edited.remove(&(organisation, comment));
                self.unsaid.insert((organisation, comment));
            }
        }
    }

    /// An announcement has other words, or none any more. Its own position is where it was announced, which only the rows tell.
    pub(super) fn announce_otherwise(&mut self, header: &Header, text: Option<String>) {
        let said = text.map(|text| Said { text, from: header.position, at: header.at });
        self.announced.insert((header.organisation, header.stream.id), said);
    }

    pub(super) fn read(&mut self, organisation: OrganisationId, person: PersonId, task: Option<TaskId>, upto: Position) {
        for ((_, _, _), fresh) in self.fresh.range_mut((organisation, person, 0)..=(organisation, person, upto)) {
            if task.is_none_or(|task| number(fresh.about) == task) {
                fresh.unread = false;
            }
        }
        self.unreads.retain(|(_, of, position), about| {
            let covered = *of == person && *position <= upto && task.is_none_or(|task| task == *about);
            !covered
        });
        self.reads.push(Read { organisation, person, task, upto });
    }

    pub(super) fn unread(&mut self, organisation: OrganisationId, person: PersonId, task: TaskId, position: Position) {
        let key = (organisation, person, position);
        match self.fresh.get_mut(&key) {
            Some(fresh) if number(fresh.about) == task => fresh.unread = true,
            Some(_) => {}
            None => drop(self.unreads.insert(key, task)),
        }
    }
}

pub(super) async fn tasks(
    keys: &BTreeSet<(TaskId, OrganisationId)>,
    tx: &mut PgConnection,
) -> Result<BTreeMap<(TaskId, OrganisationId), Row>, Refused> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(
        "SELECT t.task, t.organisation, t.version, t.state::text FROM unnest($1::bigint[], $2::bigint[]) AS s (task, organisation)
         JOIN notification_task t ON t.task = s.task AND t.organisation = s.organisation",
    )
    .bind(keys.iter().map(|(task, _)| task.0).collect::<Vec<_>>())
    .bind(keys.iter().map(|(_, organisation)| organisation.0).collect::<Vec<_>>())
    .fetch_all(tx)
    .await?;
    let row = |(task, organisation, version, state): (i64, i64, i64, String)| {
        let task_state = serde_json::from_str(&state).map_err(|error| Refused::Unclear(Reason::Row(error)))?;
        Ok(((TaskId(task), OrganisationId(organisation)), Row { version, stored: version, task: task_state }))
    };
    rows.into_iter().map(row).collect()
}

pub(super) async fn inboxes(persons: &BTreeSet<PersonId>, tx: &mut PgConnection) -> Result<BTreeMap<PersonId, Version>, Refused> {
    if persons.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(i64, i64)> = sqlx::query_as("SELECT person, version FROM notification_inbox WHERE person = ANY($1)")
        .bind(persons.iter().map(|person| person.0).collect::<Vec<_>>())
        .fetch_all(tx)
        .await?;
    Ok(rows.into_iter().map(|(person, version)| (PersonId(person), version)).collect())
}

/// The number of the task; 0 is none's.
fn number(about: About) -> TaskId {
    about.task().unwrap_or_default()
}

/// What is followed, in two numbers.
const fn numbered(followed: Followed) -> (i16, i64) {
    match followed {
        Followed::Task(id) => (1, id.0),
        Followed::List(id) => (2, id.0),
        Followed::Form(id) => (3, id.0),
        Followed::Filter(id) => (4, id.0),
    }
}

fn named(kind: i16, id: i64) -> Option<Followed> {
    match kind {
        1 => Some(Followed::Task(TaskId(id))),
        2 => Some(Followed::List(ListId(id))),
        3 => Some(Followed::Form(FormId(id))),
        4 => Some(Followed::Filter(FilterId(id))),
        _ => None,
    }
}

/// Who follows these.
pub(super) async fn follows(
    asked: &BTreeSet<(OrganisationId, Followed)>,
    tx: &mut PgConnection,
) -> Result<HashMap<OrganisationId, Follows>, Refused> {
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, i16, i64, i64)> = sqlx::query_as(
        "SELECT f.organisation, f.kind, f.id, f.person FROM unnest($1::bigint[], $2::smallint[], $3::bigint[]) AS s (organisation, kind, id)
         JOIN notification_follow f ON f.organisation = s.organisation AND f.kind = s.kind AND f.id = s.id",
    )
    .bind(asked.iter().map(|(organisation, _)| organisation.0).collect::<Vec<_>>())
    .bind(asked.iter().map(|(_, followed)| numbered(*followed).0).collect::<Vec<_>>())
    .bind(asked.iter().map(|(_, followed)| numbered(*followed).1).collect::<Vec<_>>())
    .fetch_all(tx)
    .await?;
    let mut follows: HashMap<OrganisationId, Follows> = HashMap::new();
    for (organisation, kind, id, person) in rows {
        if let Some(followed) = named(kind, id) {
            follows.entry(OrganisationId(organisation)).or_default().entry(followed).or_default().insert(PersonId(person));
        }
    }
    Ok(follows)
}

/// Which of these were told: of people and positions.
pub(super) async fn told(
    asked: &BTreeSet<(OrganisationId, PersonId, Position)>,
    tx: &mut PgConnection,
) -> Result<BTreeSet<(OrganisationId, PersonId, Position)>, Refused> {
    if asked.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rows: Vec<(i64, i64, i64)> = sqlx::query_as(
        "SELECT n.organisation, n.person, n.position FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS s (organisation, person, position)
         JOIN notification n ON n.organisation = s.organisation AND n.person = s.person AND n.position = s.position",
    )
    .bind(asked.iter().map(|(organisation, _, _)| organisation.0).collect::<Vec<_>>())
    .bind(asked.iter().map(|(_, person, _)| person.0).collect::<Vec<_>>())
    .bind(asked.iter().map(|(_, _, position)| *position).collect::<Vec<_>>())
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|(organisation, person, position)| (OrganisationId(organisation), PersonId(person), position)).collect())
}

/// Writes what a batch has changed. What was read is marked before what is new is written, which knows by itself whether it was read.
pub(super) async fn store(stored: Stored, tx: &mut PgConnection) -> Result<(), Refused> {
    store_tasks(&stored, tx).await?;
    store_inboxes(&stored, tx).await?;
    store_follows(&stored, tx).await?;
    store_reads(&stored, tx).await?;
    store_texts(&stored, tx).await?;
    store_reached(&stored, tx).await?;
    store_fresh(&stored, tx).await?;
    store_announced(&stored, tx).await
}

async fn store_tasks(stored: &Stored, tx: &mut PgConnection) -> Result<(), Refused> {
    let changed: Vec<_> = stored.tasks.iter().filter(|(_, row)| row.version != row.stored).collect();
    if changed.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO notification_task (task, organisation, version, state)
         SELECT task, organisation, version, state::json FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[])
              AS s (task, organisation, version, state)
         ON CONFLICT (task, organisation) DO UPDATE SET version = EXCLUDED.version, state = EXCLUDED.state",
    )
    .bind(changed.iter().map(|((task, _), _)| task.0).collect::<Vec<_>>())
    .bind(changed.iter().map(|((_, organisation), _)| organisation.0).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, row)| row.version).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, row)| keyed::json(&row.task)).collect::<Result<Vec<_>, _>>()?)
    .execute(tx)
    .await?;
    Ok(())
}

async fn store_inboxes(stored: &Stored, tx: &mut PgConnection) -> Result<(), Refused> {
    if stored.inboxes_changed.is_empty() {
        return Ok(());
    }
    let version = |person| stored.inboxes.get(person).copied().unwrap_or_default();
    sqlx::query(
        "INSERT INTO notification_inbox (person, organisation, version)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) ON CONFLICT (person) DO UPDATE SET version = EXCLUDED.version",
    )
    .bind(stored.inboxes_changed.keys().map(|person| person.0).collect::<Vec<_>>())
    .bind(stored.inboxes_changed.values().map(|organisation| organisation.0).collect::<Vec<_>>())
    .bind(stored.inboxes_changed.keys().map(version).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

async fn store_follows(stored: &Stored, tx: &mut PgConnection) -> Result<(), Refused> {
    let begun = "INSERT INTO notification_follow (organisation, kind, id, person)
         SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::bigint[]) ON CONFLICT DO NOTHING";
    let ended = "DELETE FROM notification_follow f USING unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::bigint[])
              AS s (organisation, kind, id, person)
         WHERE f.organisation = s.organisation AND f.kind = s.kind AND f.id = s.id AND f.person = s.person";
    for (statement, follows) in [(begun, true), (ended, false)] {
        let keys: Vec<_> = stored.follows.iter().filter(|(_, kept)| **kept == follows).map(|(key, _)| key).collect();
        if keys.is_empty() {
            continue;
        }
        sqlx::query(statement)
            .bind(keys.iter().map(|(organisation, _, _)| organisation.0).collect::<Vec<_>>())
            .bind(keys.iter().map(|(_, followed, _)| numbered(*followed).0).collect::<Vec<_>>())
            .bind(keys.iter().map(|(_, followed, _)| numbered(*followed).1).collect::<Vec<_>>())
            .bind(keys.iter().map(|(_, _, person)| person.0).collect::<Vec<_>>())
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

/// First what was read, of all that there was; then what is to be unread after all.
async fn store_reads(stored: &Stored, tx: &mut PgConnection) -> Result<(), Refused> {
    if !stored.reads.is_empty() {
        sqlx::query(
            "UPDATE notification n SET unread = false
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS s (organisation, person, task, upto)
             WHERE n.organisation = s.organisation AND n.person = s.person AND n.position <= s.upto AND n.unread
               AND (s.task IS NULL OR n.task = s.task)",
        )
        .bind(stored.reads.iter().map(|read| read.organisation.0).collect::<Vec<_>>())
        .bind(stored.reads.iter().map(|read| read.person.0).collect::<Vec<_>>())
        .bind(stored.reads.iter().map(|read| read.task.map(|task| task.0)).collect::<Vec<_>>())
        .bind(stored.reads.iter().map(|read| read.upto).collect::<Vec<_>>())
        .execute(&mut *tx)
        .await?;
    }
    if !stored.unreads.is_empty() {
        sqlx::query(
            "UPDATE notification n SET unread = true
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS s (organisation, person, position, task)
             WHERE n.organisation = s.organisation AND n.person = s.person AND n.position = s.position AND n.task = s.task",
        )
        .bind(stored.unreads.keys().map(|(organisation, _, _)| organisation.0).collect::<Vec<_>>())
        .bind(stored.unreads.keys().map(|(_, person, _)| person.0).collect::<Vec<_>>())
        .bind(stored.unreads.keys().map(|(_, _, position)| *position).collect::<Vec<_>>())
        .bind(stored.unreads.values().map(|task| task.0).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    }
    Ok(())
}

/// What was said, whether or not anybody is told of it: who is may come with a later batch. New words where there are old ones.
async fn store_texts(stored: &Stored, tx: &mut PgConnection) -> Result<(), Refused> {
    if !stored.unsaid.is_empty() {
        sqlx::query(
            "DELETE FROM notification_text t USING unnest($1::bigint[], $2::bigint[]) AS s (organisation, position)
             WHERE t.position = s.position AND t.organisation = s.organisation",
        )
        .bind(stored.unsaid.iter().map(|(organisation, _)| organisation.0).collect::<Vec<_>>())
        .bind(stored.unsaid.iter().map(|(_, position)| *position).collect::<Vec<_>>())
        .execute(&mut *tx)
        .await?;
    }
    if !stored.edited.is_empty() {
        sqlx::query(
            "UPDATE notification_text t SET text = s.text, said_at = s.said_at
             FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) AS s (organisation, position, text, said_at)
             WHERE t.position = s.position AND t.organisation = s.organisation",
        )
        .bind(stored.edited.keys().map(|(organisation, _)| organisation.0).collect::<Vec<_>>())
        .bind(stored.edited.keys().map(|(_, position)| *position).collect::<Vec<_>>())
        .bind(stored.edited.values().map(|said| said.text.as_str()).collect::<Vec<_>>())
        .bind(stored.edited.values().map(|said| said.from).collect::<Vec<_>>())
        .execute(&mut *tx)
        .await?;
    }
    let said: Vec<_> = stored.said.iter().collect();
    if said.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO notification_text (organisation, position, text, said_at, at)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::timestamptz[])
         ON CONFLICT (position, organisation) DO UPDATE SET text = EXCLUDED.text, said_at = EXCLUDED.said_at, at = EXCLUDED.at",
    )
    .bind(said.iter().map(|((organisation, _), _)| organisation.0).collect::<Vec<_>>())
    .bind(said.iter().map(|((_, position), _)| *position).collect::<Vec<_>>())
    .bind(said.iter().map(|(_, said)| said.text.as_str()).collect::<Vec<_>>())
    .bind(said.iter().map(|(_, said)| said.from).collect::<Vec<_>>())
    .bind(said.iter().map(|(_, said)| said.at.to_sqlx()).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

/// Other words of announcements; of what was taken back nobody is told any more. After what is new.
async fn store_announced(stored: &Stored, tx: &mut PgConnection) -> Result<(), Refused> {
    let announced: Vec<_> = stored.announced.iter().collect();
    if announced.is_empty() {
        return Ok(());
    }
    let of_announcements = "FROM (SELECT DISTINCT s.ordinality, n.organisation, n.position
              FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS s (organisation, announcement, ordinality)
              JOIN notification n ON n.organisation = s.organisation AND n.announcement = s.announcement) a
         WHERE t.position = a.position AND t.organisation = a.organisation";
    let organisations: Vec<i64> = announced.iter().map(|((organisation, _), _)| organisation.0).collect();
    let ids: Vec<i64> = announced.iter().map(|((_, id), _)| *id).collect();
    let texts: Vec<Option<&str>> = announced.iter().map(|(_, said)| said.as_ref().map(|said| said.text.as_str())).collect();
    let from: Vec<Position> = announced.iter().map(|(_, said)| said.as_ref().map_or(0, |said| said.from)).collect();
    let update = format!(
        "UPDATE notification_text t SET text = ($3::text[])[a.ordinality], said_at = ($4::bigint[])[a.ordinality] {of_announcements} AND ($3::text[])[a.ordinality] IS NOT NULL"
    );
    let delete =
        format!("DELETE FROM notification_text t USING {} AND ($3::text[])[a.ordinality] IS NULL", &of_announcements["FROM ".len()..]);
    sqlx::query(sqlx::AssertSqlSafe(update)).bind(&organisations).bind(&ids).bind(&texts).bind(&from).execute(&mut *tx).await?;
    sqlx::query(sqlx::AssertSqlSafe(delete)).bind(&organisations).bind(&ids).bind(&texts).execute(&mut *tx).await?;
    sqlx::query(
        "DELETE FROM notification n USING unnest($1::bigint[], $2::bigint[], $3::text[]) AS s (organisation, announcement, text)
         WHERE n.organisation = s.organisation AND n.announcement = s.announcement AND s.text IS NULL",
    )
    .bind(&organisations)
    .bind(&ids)
    .bind(&texts)
    .execute(tx)
    .await?;
    Ok(())
}

/// On which channels and when it was told stays as it was.
async fn store_reached(stored: &Stored, tx: &mut PgConnection) -> Result<(), Refused> {
    let reached = &stored.reached;
    if reached.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE notification n SET reasons = n.reasons | s.reasons,
                why = (SELECT jsonb_agg(DISTINCT w ORDER BY w) FROM jsonb_array_elements(n.why || s.why::jsonb) w)
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::integer[], $5::text[]) AS s (organisation, person, position, reasons, why)
         WHERE n.organisation = s.organisation AND n.person = s.person AND n.position = s.position",
    )
    .bind(reached.keys().map(|(organisation, _, _)| organisation.0).collect::<Vec<_>>())
    .bind(reached.keys().map(|(_, person, _)| person.0).collect::<Vec<_>>())
    .bind(reached.keys().map(|(_, _, position)| *position).collect::<Vec<_>>())
    .bind(reached.values().map(|why| i32::from(address::reasons(why).0)).collect::<Vec<_>>())
    .bind(reached.values().map(keyed::json).collect::<Result<Vec<_>, _>>()?)
    .execute(tx)
    .await?;
    Ok(())
}

/// New notifications; of a request whose facts came in two batches, what was told of the first of them is told still.
async fn store_fresh(stored: &Stored, tx: &mut PgConnection) -> Result<(), Refused> {
    let fresh: Vec<_> = stored.fresh.iter().filter(|(_, fresh)| !fresh.ways.is_none()).collect();
    if fresh.is_empty() {
        return Ok(());
    }
    sqlx::query(
            "INSERT INTO notification AS n (organisation, person, position, task, announcement, cause, by_person, at, reasons, why, unread, web,
                                           mail_after, push_after)
             SELECT organisation, person, position, task, announcement, cause, by_person, at, reasons,
                    (SELECT jsonb_agg(DISTINCT w ORDER BY w) FROM jsonb_array_elements(why::jsonb) w), unread, web, mail_after, push_after
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::timestamptz[], $7::integer[], $8::text[],
                         $9::boolean[], $10::boolean[], $11::timestamptz[], $12::timestamptz[], $13::bigint[], $14::bigint[])
                  AS s (organisation, person, position, task, by_person, at, reasons, why, unread, web, mail_after, push_after,
                        announcement, cause)
             ON CONFLICT (organisation, person, position) DO UPDATE SET
                reasons = n.reasons | EXCLUDED.reasons,
                why = (SELECT jsonb_agg(DISTINCT w ORDER BY w) FROM jsonb_array_elements(n.why || EXCLUDED.why) w),
                web = n.web OR EXCLUDED.web,
                mail_after = least(n.mail_after, EXCLUDED.mail_after), push_after = least(n.push_after, EXCLUDED.push_after)",
        )
        .bind(fresh.iter().map(|((organisation, _, _), _)| organisation.0).collect::<Vec<_>>())
        .bind(fresh.iter().map(|((_, person, _), _)| person.0).collect::<Vec<_>>())
        .bind(fresh.iter().map(|((_, _, position), _)| *position).collect::<Vec<_>>())
        .bind(fresh.iter().map(|(_, fresh)| number(fresh.about).0).collect::<Vec<_>>())
        .bind(fresh.iter().map(|(_, fresh)| fresh.by.0).collect::<Vec<_>>())
        .bind(fresh.iter().map(|(_, fresh)| fresh.at.to_sqlx()).collect::<Vec<_>>())
        .bind(fresh.iter().map(|(_, fresh)| i32::from(address::reasons(&fresh.why).0)).collect::<Vec<_>>())
        .bind(fresh.iter().map(|(_, fresh)| keyed::json(&fresh.why)).collect::<Result<Vec<_>, _>>()?)
        .bind(fresh.iter().map(|(_, fresh)| fresh.unread).collect::<Vec<_>>())
        .bind(fresh.iter().map(|(_, fresh)| fresh.ways.web).collect::<Vec<_>>())
        .bind(fresh.iter().map(|(_, fresh)| fresh.ways.mail.map(ToSqlx::to_sqlx)).collect::<Vec<_>>())
        .bind(fresh.iter().map(|(_, fresh)| fresh.ways.push.map(ToSqlx::to_sqlx)).collect::<Vec<_>>())
        .bind(fresh.iter().map(|(_, fresh)| fresh.about.announcement()).collect::<Vec<_>>())
        .bind(fresh.iter().map(|(_, fresh)| fresh.cause).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// What is older than it is kept for. The time is the log's, so that every reading of it keeps the same.
pub(super) async fn drop_old(newest: Timestamp, tx: &mut PgConnection) -> Result<(), Refused> {
    let before = newest.saturating_sub((24 * KEPT_DAYS).hours()).unwrap_or(Timestamp::MIN).to_sqlx();
    sqlx::query("DELETE FROM notification WHERE at < $1").bind(before).execute(&mut *tx).await?;
    sqlx::query("DELETE FROM notification_text WHERE at < $1").bind(before).execute(tx).await?;
    Ok(())
}

/// Puts other words in place of those from these positions.
pub(super) async fn replace_texts(left: &[(Position, String)], tx: &mut PgConnection) -> Result<(), Refused> {
    sqlx::query(
        "UPDATE notification_text t SET text = s.text FROM unnest($1::bigint[], $2::text[]) AS s (said_at, text) WHERE t.said_at = s.said_at",
    )
    .bind(left.iter().map(|(position, _)| *position).collect::<Vec<_>>())
    .bind(left.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}
