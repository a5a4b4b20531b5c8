//! The table of leases: the statements that take, renew, release and check. Every time in them is the database's.

use std::sync::Arc;
use std::time::Duration;

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// A lease of one epoch.
pub(super) type Term = (Arc<str>, i64);

/// Shows that `holder` lives, for as long as this session does: a process that is killed takes its sessions along, and its
/// leases are free at once. One that hangs does not.
pub(super) async fn show_alive(holder: Uuid, session: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT pg_advisory_lock_shared(hashtextextended($1::text, 0))").bind(holder).execute(session).await?;
    Ok(())
}

/// Takes those of `names` that nobody else holds, in one statement, and returns them with their new epochs. The rows of
/// the others are looked at and not locked: their holders' effects do not wait for whoever stands by.
pub(super) async fn take<'e>(
    holder: Uuid,
    names: &[Arc<str>],
    time: Duration,
    executor: impl PgExecutor<'e>,
) -> Result<Vec<Term>, sqlx::Error> {
    let taken: Vec<(String, i64)> = sqlx::query_as(
        "INSERT INTO lease AS l (name, holder, epoch, until)
         SELECT wanted.name, $1, 1, clock_timestamp() + make_interval(secs => $3) FROM unnest($2::text[]) AS wanted (name)
         WHERE NOT EXISTS (SELECT FROM lease o
                           WHERE o.name = wanted.name AND o.holder <> $1 AND o.until >= clock_timestamp()
                             AND NOT pg_try_advisory_xact_lock(hashtextextended(o.holder::text, 0)))
         ORDER BY wanted.name
         ON CONFLICT (name) DO UPDATE
         SET holder = excluded.holder, epoch = l.epoch + 1, until = clock_timestamp() + make_interval(secs => $3)
         WHERE l.until < clock_timestamp() OR l.holder = excluded.holder
            OR pg_try_advisory_xact_lock(hashtextextended(l.holder::text, 0))
         RETURNING l.name, l.epoch",
    )
    .bind(holder)
    .bind(texts(names))
    .bind(time.as_secs_f64())
    .fetch_all(executor)
    .await?;
    Ok(taken.into_iter().map(|(name, epoch)| (name.into(), epoch)).collect())
}

/// Renews `terms`, in one statement, and returns the names of those that were still to be renewed. One whose time is over
/// is among them if nobody has taken it meanwhile.
pub(super) async fn renew<'e>(
    holder: Uuid,
    terms: &[Term],
    time: Duration,
    executor: impl PgExecutor<'e>,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "UPDATE lease l SET until = clock_timestamp() + make_interval(secs => $4)
         FROM unnest($2::text[], $3::bigint[]) AS term (name, epoch)
         WHERE l.holder = $1 AND l.name = term.name AND l.epoch = term.epoch
         RETURNING l.name",
    )
    .bind(holder)
    .bind(terms.iter().map(|(name, _)| &**name).collect::<Vec<_>>())
    .bind(terms.iter().map(|(_, epoch)| *epoch).collect::<Vec<_>>())
    .bind(time.as_secs_f64())
    .fetch_all(executor)
    .await
}

/// Gives `terms` back: from now on they are free.
pub(super) async fn release<'e>(holder: Uuid, terms: &[Term], executor: impl PgExecutor<'e>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE lease l SET until = least(l.until, clock_timestamp())
         FROM unnest($2::text[], $3::bigint[]) AS term (name, epoch)
         WHERE l.holder = $1 AND l.name = term.name AND l.epoch = term.epoch",
    )
    .bind(holder)
    .bind(terms.iter().map(|(name, _)| &**name).collect::<Vec<_>>())
    .bind(terms.iter().map(|(_, epoch)| *epoch).collect::<Vec<_>>())
    .execute(executor)
    .await?;
    Ok(())
}

/// Whether the lease is held at this epoch; if so, nobody takes it before the transaction ends.
pub(super) async fn is_held(holder: Uuid, name: &str, epoch: i64, tx: &mut PgConnection) -> Result<bool, sqlx::Error> {
    // Named with its schema: the transaction may see other tables first.
    let row = sqlx::query(
        "SELECT 1 FROM public.lease WHERE name = $1 AND holder = $2 AND epoch = $3 AND until > clock_timestamp() FOR KEY SHARE",
    )
    .bind(name)
    .bind(holder)
    .bind(epoch)
    .fetch_optional(tx)
    .await?;
    Ok(row.is_some())
}

fn texts(names: &[Arc<str>]) -> Vec<&str> {
    names.iter().map(|name| &**name).collect()
}
