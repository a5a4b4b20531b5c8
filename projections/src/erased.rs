//! What a view does when the log says that events were erased: reads their streams again, as far as it has taken them in.
//! What it makes of them is the view's own.

use domain::audit;
use domain::codec::EventSet;
use domain::{Kind, OrganisationId, Position, Recorded, StreamId, Version};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use sqlx::{PgConnection, PgExecutor};

use crate::failure::{Reason, Refused};
use crate::feed::{PART, recorded};

/// A stretch of a batch.
#[derive(Debug)]
pub(crate) enum Part<'a> {
    /// Facts to take in, in order.
    Facts(&'a [Recorded]),
    /// From this position on the log says that the events at those hold substitutes. At most as many as the journal
    /// names in one record.
    Erased { at: Position, positions: Vec<Position> },
}

/// Cuts a batch where the log says that something was erased, so that what was recorded before is taken in before.
///
/// # Errors
/// When a record of an erasure cannot be read: it is to be parked.
pub(crate) fn parts(events: &[Recorded]) -> Result<Vec<Part<'_>>, Refused> {
    let mut parts = Vec::new();
    let mut facts_from = 0;
    for (index, event) in events.iter().enumerate() {
        if event.header.stream.kind != Kind::Audit {
            continue;
        }
        let at = event.header.position;
        let park = |error| Refused::Park { position: at, reason: Reason::Undecodable(error) };
        let audit::Event::Performed(performed) = audit::Event::decode(&event.event_type, event.schema, &event.payload).map_err(park)?;
        parts.push(Part::Facts(&events[facts_from..index]));
        parts.push(Part::Erased { at, positions: performed.positions() });
        facts_from = index + 1;
    }
    parts.push(Part::Facts(&events[facts_from..]));
    parts.retain(|part| !matches!(part, Part::Facts([])));
    Ok(parts)
}

/// The streams of these kinds that hold the events at `positions`.
pub(crate) async fn streams<'e>(
    positions: &[Position],
    kinds: &[Kind],
    executor: impl PgExecutor<'e>,
) -> Result<Vec<(OrganisationId, StreamId)>, sqlx::Error> {
    let rows: Vec<(i64, i16, i64)> =
        sqlx::query_as("SELECT DISTINCT organisation, kind, stream FROM event WHERE part = $1 AND position = ANY($2) AND kind = ANY($3)")
            .bind(PART)
            .bind(positions)
            .bind(kinds.iter().map(|kind| kind.number()).collect::<Vec<_>>())
            .fetch_all(executor)
            .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(organisation, kind, id)| Some((OrganisationId(organisation), StreamId::new(Kind::from_number(kind)?, id))))
        .collect())
}

/// The events at `positions` of streams of these kinds, as the log holds them now. For views whose rows say where each of their
/// texts is from, so that no stream has to be read again.
pub(crate) async fn events<'e>(
    positions: &[Position],
    kinds: &[Kind],
    executor: impl PgExecutor<'e>,
) -> Result<Vec<Recorded>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT e.position, e.organisation, e.kind, e.stream, e.version, e.type, e.schema, e.at, e.person, e.command, e.index,
                e.payload::text
         FROM event e WHERE part = $1 AND position = ANY($2) AND kind = ANY($3) ORDER BY position",
    )
    .bind(PART)
    .bind(positions)
    .bind(kinds.iter().map(|kind| kind.number()).collect::<Vec<_>>())
    .fetch_all(executor)
    .await?;
    rows.iter().map(recorded).collect()
}

/// The events of each stream from its first up to and with its version, in order, as they arrive: one after the other, so
/// that a long history takes no memory.
pub(crate) fn histories<'c>(streams: &[(StreamId, Version)], tx: &'c mut PgConnection) -> BoxStream<'c, Result<Recorded, sqlx::Error>> {
    let rows = sqlx::query(
        "SELECT e.position, e.organisation, e.kind, e.stream, e.version, e.type, e.schema, e.at, e.person, e.command, e.index,
                e.payload::text
         FROM unnest($2::smallint[], $3::bigint[], $4::bigint[]) AS s (kind, stream, upto)
         CROSS JOIN LATERAL (SELECT * FROM event WHERE part = $1 AND kind = s.kind AND stream = s.stream AND version <= s.upto
                             ORDER BY version) e",
    )
    .bind(PART)
    .bind(streams.iter().map(|(stream, _)| stream.kind.number()).collect::<Vec<_>>())
    .bind(streams.iter().map(|(stream, _)| stream.id).collect::<Vec<_>>())
    .bind(streams.iter().map(|(_, upto)| *upto).collect::<Vec<_>>())
    .fetch(tx);
    Box::pin(rows.map(|row| recorded(&row?)))
}
