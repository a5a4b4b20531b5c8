//! Rows of the log turned into the domain's values. Not the queries that fetch them.

use domain::{CommandId, Header, Kind, OrganisationId, PersonId, Recorded, StreamId};
use jiff::Timestamp;
use sqlx::Row;
use sqlx::postgres::PgRow;

use crate::journal::judge::Known;
use crate::journal::{Hash, ReadFailure, Receipt, StreamReceipt};

/// The columns that [`recorded`] reads, for queries that name the table `e`.
macro_rules! recorded_columns {
    () => {
        "e.position, e.organisation, e.kind, e.stream, e.version, e.type, e.schema, e.at, e.person, e.command, e.index, \
         e.meta, e.payload, e.hash"
    };
}
pub(crate) use recorded_columns;

pub(crate) fn recorded(row: &PgRow) -> Result<Recorded, ReadFailure> {
    Ok(Recorded {
        header: Header {
            organisation: OrganisationId(row.try_get("organisation")?),
            stream: stream(row)?,
            version: row.try_get("version")?,
            position: row.try_get("position")?,
            at: at(row)?,
            person: PersonId(row.try_get("person")?),
            command: CommandId(row.try_get("command")?),
            index: row.try_get("index")?,
        },
        event_type: row.try_get("type")?,
        schema: row.try_get("schema")?,
        // `json` travels as its text; a cast in the query would copy it once more.
        meta: row.try_get_unchecked("meta")?,
        payload: row.try_get_unchecked("payload")?,
        hash: hash(row, "hash")?,
    })
}

/// Commands that took effect, from their events in the order of command and index. The rows hold `command`, `organisation`,
/// `kind`, `stream`, `version`, `position`, `at`, `hash`, `digest` and, of the first event, `fingerprint`.
pub(super) fn known(rows: &[PgRow]) -> Result<Vec<Known>, ReadFailure> {
    let mut commands: Vec<Known> = Vec::new();
    for row in rows {
        let command = CommandId(row.try_get("command")?);
        let stream = stream(row)?;
        let hash = hash(row, "hash")?;
        if commands.last().is_none_or(|known| known.receipt.command != command) {
            commands.push(Known {
                organisation: OrganisationId(row.try_get("organisation")?),
                receipt: Receipt { command, at: at(row)?, streams: Vec::new(), fingerprint: row.try_get("fingerprint")? },
                digest: self::hash(row, "digest")?,
            });
        }
        let Some(known) = commands.last_mut() else { continue };
        match known.receipt.streams.last_mut() {
            Some(receipt) if receipt.stream == stream => {
                receipt.events += 1;
                receipt.hash = hash;
            }
            _ => known.receipt.streams.push(StreamReceipt {
                stream,
                first_version: row.try_get("version")?,
                first_position: row.try_get("position")?,
                events: 1,
                hash,
            }),
        }
    }
    Ok(commands)
}

pub(crate) fn stream(row: &PgRow) -> Result<StreamId, ReadFailure> {
    let number: i16 = row.try_get("kind")?;
    Ok(StreamId::new(kind(number)?, row.try_get("stream")?))
}

pub(crate) fn kind(number: i16) -> Result<Kind, ReadFailure> {
    Kind::from_number(number).ok_or_else(|| ReadFailure::Corrupt(format!("streams of kind {number}")))
}

pub(crate) fn at(row: &PgRow) -> Result<Timestamp, ReadFailure> {
    let at: jiff_sqlx::Timestamp = row.try_get("at")?;
    Ok(at.to_jiff())
}

pub(crate) fn hash(row: &PgRow, column: &str) -> Result<Hash, ReadFailure> {
    let bytes: &[u8] = row.try_get(column)?;
    Hash::try_from(bytes).map_err(|_| ReadFailure::Corrupt(format!("a {column} of {} bytes", bytes.len())))
}
