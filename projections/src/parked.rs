//! Events that a view could not take in, with all later ones of their streams, kept until they can be.
//! Whether an event is one of them is decided by the follower and the runner.

use std::collections::{BTreeMap, HashSet};

use domain::{OrganisationId, Position, Recorded, StreamId};
use sqlx::{PgConnection, PgExecutor, PgPool};

use crate::batch::apply_guarded;
use crate::checkpoint::{self, Checkpoint};
use crate::failure::{Failure, Refused};
use crate::feed::{self, PART};
use crate::follower::Follower;
use crate::generation::{COMMAND_IDLE_MAX, Generation};

/// The streams of a generation that hold a parked event.
pub(crate) type ParkedStreams = HashSet<(OrganisationId, StreamId)>;

/// An event with why it was parked.
pub(crate) type Parked<'a> = (&'a Recorded, String);

pub(crate) fn stream_of(event: &Recorded) -> (OrganisationId, StreamId) {
    (event.header.organisation, event.header.stream)
}

/// The streams of a generation that hold a parked event.
pub(crate) async fn streams<'e>(generation: &Generation, executor: impl PgExecutor<'e>) -> Result<ParkedStreams, sqlx::Error> {
    let rows: Vec<(i64, i16, i64)> =
        sqlx::query_as("SELECT DISTINCT organisation, kind, stream FROM parked_event WHERE view = $1 AND generation = $2 AND part = $3")
            .bind(generation.view)
            .bind(generation.number)
            .bind(PART)
            .fetch_all(executor)
            .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(organisation, kind, stream)| {
            Some((OrganisationId(organisation), StreamId::new(domain::Kind::from_number(kind)?, stream)))
        })
        .collect())
}

/// Whether what `organisation` reads in a generation lacks the events of some stream.
pub async fn holds_parked<'e>(
    generation: &Generation,
    organisation: OrganisationId,
    executor: impl PgExecutor<'e>,
) -> Result<bool, Failure> {
    let (parked,) = sqlx::query_as("SELECT EXISTS (SELECT FROM parked_event WHERE view = $1 AND generation = $2 AND organisation = $3)")
        .bind(generation.view)
        .bind(generation.number)
        .bind(organisation.0)
        .fetch_one(executor)
        .await?;
    Ok(parked)
}

/// Writes parked events down. Those that are written down already stay as they are.
pub(crate) async fn park(generation: &Generation, parked: &[Parked<'_>], tx: &mut PgConnection) -> Result<(), sqlx::Error> {
    if parked.is_empty() {
        return Ok(());
    }
    let headers = || parked.iter().map(|(event, _)| &event.header);
    sqlx::query(
        "INSERT INTO public.parked_event (view, generation, part, organisation, kind, stream, position, reason)
         SELECT $1, $2, $3, * FROM unnest($4::bigint[], $5::smallint[], $6::bigint[], $7::bigint[], $8::text[])
         ON CONFLICT DO NOTHING",
    )
    .bind(generation.view)
    .bind(generation.number)
    .bind(PART)
    .bind(headers().map(|header| header.organisation.0).collect::<Vec<_>>())
    .bind(headers().map(|header| header.stream.kind.number()).collect::<Vec<_>>())
    .bind(headers().map(|header| header.stream.id).collect::<Vec<_>>())
    .bind(headers().map(|header| header.position).collect::<Vec<_>>())
    .bind(parked.iter().map(|(_, reason)| reason.as_str()).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

/// What became of a try to take parked events up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retried {
    /// Streams that the view holds whole again.
    pub taken_up: usize,
    pub still_parked: usize,
}

/// Tries to take up what the live generation of a view has parked: stream by stream, each whole or not at
/// all, while its follower waits.
pub(crate) async fn retry<F: Follower>(follower: &F, pool: &PgPool) -> Result<Retried, Failure> {
    let (known, _) = checkpoint::load::<F>(pool).await?.ok_or(Failure::NoGeneration(F::NAME))?;
    let generation = known.generation;
    let mut retried = Retried::default();
    for (organisation, stream) in streams(&generation, pool).await? {
        if retry_stream(follower, &generation, organisation, stream, pool).await? {
            retried.taken_up += 1;
        } else {
            retried.still_parked += 1;
        }
    }
    Ok(retried)
}

async fn retry_stream<F: Follower>(
    follower: &F,
    generation: &Generation,
    organisation: OrganisationId,
    stream: StreamId,
    pool: &PgPool,
) -> Result<bool, Failure> {
    let mut tx = pool.begin_with(generation.begin(COMMAND_IDLE_MAX)).await?;
    if Checkpoint::lock(generation, &mut tx).await?.is_none() {
        return Ok(false);
    }
    let positions: Vec<(Position,)> = sqlx::query_as(
        "DELETE FROM parked_event WHERE view = $1 AND generation = $2 AND organisation = $3 AND kind = $4 AND stream = $5
         RETURNING position",
    )
    .bind(generation.view)
    .bind(generation.number)
    .bind(organisation.0)
    .bind(stream.kind.number())
    .bind(stream.id)
    .fetch_all(&mut *tx)
    .await?;
    let positions: Vec<Position> = positions.into_iter().map(|(position,)| position).collect();
    let events = feed::at_positions(&mut *tx, &positions).await?;
    match apply_guarded(follower, &events, &mut tx).await {
        Ok(()) => {
            sqlx::query("UPDATE follower_checkpoint SET epoch = epoch + 1 WHERE view = $1 AND generation = $2 AND part = $3")
                .bind(generation.view)
                .bind(generation.number)
                .bind(PART)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            tracing::info!(view = F::NAME, %stream, "a parked stream was taken up");
            Ok(true)
        }
        Err(Refused::Retry(error)) => Err(error.into()),
        Err(Refused::Park { .. } | Refused::Unclear(_)) => Ok(false),
    }
}

/// How many events each view has parked in the generations that are read, for metrics and readiness.
pub async fn counts(pool: &PgPool) -> Result<BTreeMap<String, i64>, Failure> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT p.view, count(*) FROM parked_event p JOIN view_generation g USING (view, generation)
         WHERE g.state = 'live' GROUP BY p.view",
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().collect())
}
