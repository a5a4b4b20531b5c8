//! Walks the log from its first event on and names the first thing that is not as it was written. What the hashes
//! cover is [`crate::journal::chain`]'s. A log that is cut short together with its head cannot be told
//! from a shorter one here: that takes a head kept elsewhere.

use std::collections::{BTreeMap, HashMap};

use domain::audit::{Event, PERFORMED};
use domain::codec::EventSet;
use domain::{Kind, Position, Recorded, StreamId, Version};
use jiff::Timestamp;
use sqlx::Row;
use sqlx::postgres::{PgPool, PgRow};
use thiserror::Error;

use crate::journal::chain::{self, Link, START};
use crate::journal::judge::PART;
use crate::journal::postgres::rows::{self, recorded_columns};
use crate::journal::{Hash, ReadFailure};

/// Events read at a time.
const PAGE: i64 = 1_000;

/// An event with all that the log keeps of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub recorded: Recorded,
    /// Nothing once the event is erased.
    pub salt: Option<Vec<u8>>,
    pub digest: Hash,
}

/// A log that is as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// All of 1 to here.
    pub position: Position,
    /// The rolling hash there. Kept elsewhere, it shows later that nothing was cut off.
    pub rolling: Hash,
    /// Streams seen.
    pub streams: usize,
    /// Events whose content was erased, each with a record of it.
    pub erased: usize,
}

/// Why a log does not count as verified.
#[derive(Debug, Error)]
pub enum VerifyFailure {
    #[error("the log cannot be read")]
    Read(#[from] ReadFailure),
    #[error("at position {position}: {defect}")]
    Broken { position: Position, defect: Defect },
}

impl From<sqlx::Error> for VerifyFailure {
    fn from(failure: sqlx::Error) -> Self {
        Self::Read(failure.into())
    }
}

/// What is wrong with the first record that is not as it was written.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Defect {
    #[error("the event is missing; the next one there is stands at {next}")]
    Missing { next: Position },
    #[error("the log ends before it, but its head stands at {head}")]
    CutOff { head: Position },
    #[error("{stream} goes on with version {found} where {expected} is due")]
    Version { stream: StreamId, expected: Version, found: Version },
    #[error("its time is before that of the event before it")]
    Time,
    #[error("its content is not what was recorded")]
    Content,
    #[error("its content was erased, but no erasure of it with this substitute is recorded")]
    Erased,
    #[error("its erasure is recorded at {by}, but its content is there")]
    NotErased { by: Position },
    #[error("the record of an erasure cannot be read")]
    Erasure,
    #[error("its hash does not follow from its columns and the event before it in {stream}")]
    Hash { stream: StreamId },
    #[error("the events up to here do not add up to the head's rolling hash")]
    Rolling,
}

/// Verifies the whole log, a page at a time. `progress` is told the position after each. Events that are appended
/// meanwhile are left for the next time. Memory grows with the number of streams.
///
/// # Errors
/// The first defect, in the order of positions, or that the log could not be read.
pub async fn verify(pool: &PgPool, mut progress: impl FnMut(Position)) -> Result<Verified, VerifyFailure> {
    let head = sqlx::query("SELECT position, hash FROM log_head WHERE part = $1").bind(PART).fetch_one(pool).await?;
    let (position, rolling): (Position, Hash) = (head.try_get("position")?, rows::hash(&head, "hash")?);
    let mut walk = Walk::default();
    while walk.position < position {
        let page = sqlx::query(READ_PAGE).bind(PART).bind(walk.position).bind(position).bind(PAGE).fetch_all(pool).await?;
        if page.is_empty() {
            break;
        }
        for row in &page {
            walk.event(&stored(row)?)?;
        }
        progress(walk.position);
    }
    // An erasure that was performed since may have replaced what was read after it.
    for row in sqlx::query(READ_ERASURES).bind(PART).bind(position).bind(PERFORMED).fetch_all(pool).await? {
        walk.later_erasure(row.try_get("position")?, row.try_get("schema")?, row.try_get_unchecked("payload")?)?;
    }
    walk.finish(position, &rolling)
}

pub(crate) const READ_PAGE: &str = concat!(
    "SELECT e.salt, e.digest, ",
    recorded_columns!(),
    " FROM event e WHERE e.part = $1 AND e.position > $2 AND e.position <= $3 ORDER BY e.position LIMIT $4"
);

const READ_ERASURES: &str = "SELECT position, schema, payload FROM event WHERE part = $1 AND position > $2 AND type = $3 ORDER BY position";

fn stored(row: &PgRow) -> Result<Stored, ReadFailure> {
    Ok(Stored { recorded: rows::recorded(row)?, salt: row.try_get("salt")?, digest: rows::hash(row, "digest")? })
}

/// What is known of the log up to a position.
#[derive(Debug)]
pub(crate) struct Walk {
    position: Position,
    at: Timestamp,
    rolling: Hash,
    streams: HashMap<StreamId, (Version, Hash)>,
    /// Events without a salt, with the digest of what stands there.
    substitutes: BTreeMap<Position, Hash>,
    /// The digest of the last substitute that is recorded for a position.
    erasures: HashMap<Position, Hash>,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            position: 0,
            at: Timestamp::MIN,
            rolling: START,
            streams: HashMap::new(),
            substitutes: BTreeMap::new(),
            erasures: HashMap::new(),
        }
    }
}

impl Walk {
    /// Checks the next event against all before it.
    pub fn event(&mut self, stored: &Stored) -> Result<(), VerifyFailure> {
        let Stored { recorded, salt, digest } = stored;
        let header = &recorded.header;
        let broken = |defect| Err(VerifyFailure::Broken { position: header.position, defect });
        if header.position != self.position + 1 {
            return Err(VerifyFailure::Broken { position: self.position + 1, defect: Defect::Missing { next: header.position } });
        }
        if header.at < self.at {
            return broken(Defect::Time);
        }
        let (version, previous) = self.streams.get(&header.stream).copied().unwrap_or((0, START));
        if header.version != version + 1 {
            return broken(Defect::Version { stream: header.stream, expected: version + 1, found: header.version });
        }
        let content = chain::digest(salt.as_deref().unwrap_or_default(), &recorded.meta, &recorded.payload);
        match salt {
            Some(_) if content != *digest => return broken(Defect::Content),
            Some(_) => {}
            None => {
                self.substitutes.insert(header.position, content);
            }
        }
        let link = Link {
            part: PART,
            position: header.position,
            organisation: header.organisation,
            stream: header.stream,
            version: header.version,
            event_type: &recorded.event_type,
            schema: recorded.schema,
            at: header.at,
            person: header.person,
            command: header.command,
            index: header.index,
            digest: *digest,
        };
        if link.hash(&previous) != recorded.hash {
            return broken(Defect::Hash { stream: header.stream });
        }
        self.position = header.position;
        self.at = header.at;
        self.rolling = chain::roll(&self.rolling, &recorded.hash);
        self.streams.insert(header.stream, (header.version, recorded.hash));
        if header.stream.kind == Kind::Audit && recorded.event_type == PERFORMED {
            for (position, digest) in performed(header.position, recorded.schema, &recorded.payload)? {
                if !self.substitutes.contains_key(&position) {
                    return Err(VerifyFailure::Broken { position, defect: Defect::NotErased { by: header.position } });
                }
                self.erasures.insert(position, digest);
            }
        }
        Ok(())
    }

    /// Takes in the record of an erasure behind the end of the walk. What it names may have been read before or after it.
    fn later_erasure(&mut self, at: Position, schema: i16, payload: &str) -> Result<(), VerifyFailure> {
        for (position, digest) in performed(at, schema, payload)? {
            if self.substitutes.get(&position) == Some(&digest) {
                self.erasures.insert(position, digest);
            }
        }
        Ok(())
    }

    /// Checks the walk as a whole against the head.
    pub fn finish(self, head: Position, rolling: &Hash) -> Result<Verified, VerifyFailure> {
        if self.position < head {
            return Err(VerifyFailure::Broken { position: self.position + 1, defect: Defect::CutOff { head } });
        }
        for (position, digest) in &self.substitutes {
            if self.erasures.get(position) != Some(digest) {
                return Err(VerifyFailure::Broken { position: *position, defect: Defect::Erased });
            }
        }
        if self.rolling != *rolling {
            return Err(VerifyFailure::Broken { position: self.position, defect: Defect::Rolling });
        }
        Ok(Verified { position: self.position, rolling: self.rolling, streams: self.streams.len(), erased: self.substitutes.len() })
    }
}

/// The positions that a record names, with their substitutes' digests.
fn performed(at: Position, schema: i16, payload: &str) -> Result<Vec<(Position, Hash)>, VerifyFailure> {
    let broken = || VerifyFailure::Broken { position: at, defect: Defect::Erasure };
    let Event::Performed(performed) = Event::decode(PERFORMED, schema, payload).map_err(|_| broken())?;
    let digests = performed.events.iter().map(|erased| {
        let mut digest = Hash::default();
        hex::decode_to_slice(&erased.digest, &mut digest).map_err(|_| broken())?;
        Ok((erased.position, digest))
    });
    digests.collect()
}

#[cfg(test)]
mod tests {
    use sqlx::Executor;

    use super::*;
    use crate::journal::conformance::{OnPostgres, World, append, at, one, person};

    /// A log of six events on two streams, changed behind the journal's back by someone who may do anything.
    async fn tampered(statements: &'static str) -> VerifyFailure {
        let world = OnPostgres::create().await;
        for version in 0..3 {
            for id in 1..=2 {
                append(world.journal(), one(at(person(id), version))).await.expect("written");
            }
        }
        world.journal().erase(crate::journal::conformance::erasure(&[2])).await.expect("erased");
        world.verify().await.expect("the log is whole at first");
        let mut transaction = world.pool.begin().await.expect("a transaction");
        transaction.execute("SET LOCAL session_replication_role = replica").await.expect("the triggers are off");
        transaction.execute(sqlx::raw_sql(statements)).await.expect(statements);
        transaction.commit().await.expect("committed");
        world.verify().await.expect_err("it is found out")
    }

    #[tokio::test]
    async fn each_kind_of_tampering_is_named_at_its_position() {
        let first = person(1);
        let second = person(2);
        let cases = [
            (
                "a byte of a payload is flipped",
                "UPDATE event SET payload = replace(payload::text, 'one', 'onf')::json WHERE position = 3",
                3,
                Defect::Content,
            ),
            ("meta is replaced", "UPDATE event SET meta = '{\"agent\":\"x\"}' WHERE position = 3", 3, Defect::Content),
            ("a salt is replaced", "UPDATE event SET salt = decode(repeat('00', 16), 'hex') WHERE position = 3", 3, Defect::Content),
            ("the person is replaced", "UPDATE event SET person = 8 WHERE position = 3", 3, Defect::Hash { stream: first }),
            ("the organisation is replaced", "UPDATE event SET organisation = 8 WHERE position = 3", 3, Defect::Hash { stream: first }),
            (
                "a time is moved forward",
                "UPDATE event SET at = at + interval '1 day' WHERE position = 7",
                7,
                Defect::Hash { stream: domain::StreamId::new(Kind::Audit, 1) },
            ),
            ("a time is moved back", "UPDATE event SET at = at - interval '1 day' WHERE position = 3", 3, Defect::Time),
            ("a row is deleted", "DELETE FROM event WHERE position = 3", 3, Defect::Missing { next: 4 }),
            ("the first row is deleted", "DELETE FROM event WHERE position = 1", 1, Defect::Missing { next: 2 }),
            ("the tail is deleted", "DELETE FROM event WHERE position >= 6", 6, Defect::CutOff { head: 7 }),
            (
                "the tail is deleted and the head's position set back",
                "DELETE FROM event WHERE position = 7; UPDATE log_head SET position = 6",
                2,
                Defect::Erased,
            ),
            (
                "two rows of different streams are swapped",
                "UPDATE event SET position = 100 WHERE position = 3; UPDATE event SET position = 3 WHERE position = 4; \
                 UPDATE event SET position = 4 WHERE position = 100",
                3,
                Defect::Hash { stream: second },
            ),
            (
                "two rows of one stream are swapped",
                "UPDATE event SET position = 100 WHERE position = 3; UPDATE event SET position = 3 WHERE position = 5; \
                 UPDATE event SET position = 5 WHERE position = 100",
                3,
                Defect::Version { stream: first, expected: 2, found: 3 },
            ),
            (
                "a stream is deleted and the rest closed up",
                "DELETE FROM event WHERE position IN (1, 3, 5); UPDATE event SET position = 1 WHERE position = 2",
                1,
                Defect::Hash { stream: second },
            ),
            ("the head's hash is replaced", "UPDATE log_head SET hash = decode(repeat('00', 32), 'hex')", 7, Defect::Rolling),
            ("content is erased without a record", "UPDATE event SET salt = NULL, payload = '{}' WHERE position = 3", 3, Defect::Erased),
            ("a substitute is replaced", "UPDATE event SET payload = '{}' WHERE position = 2", 2, Defect::Erased),
            (
                "what was erased is brought back",
                "UPDATE event e SET salt = f.salt, meta = f.meta, payload = f.payload, digest = f.digest FROM event f \
                 WHERE e.position = 2 AND f.position = 4",
                2,
                Defect::Hash { stream: second },
            ),
        ];
        for (case, statements, expected, due) in cases {
            match tampered(statements).await {
                VerifyFailure::Broken { position, defect } => assert_eq!((position, defect), (expected, due), "{case}"),
                VerifyFailure::Read(failure) => panic!("{case}: {failure:?}"),
            }
        }
    }
}
