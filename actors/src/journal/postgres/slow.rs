//! The append that reads first: versions, claims and known commands, then the judgement, all under the head's lock
//! (which [`super::locked`] has taken). For batches that cannot be judged by what is remembered, and for erasures.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use domain::{CommandId, StreamId};
use jiff_sqlx::ToSqlx;
use sqlx::postgres::{PgArguments, PgConnection};
use sqlx::{Arguments, Row};

use super::columns::Columns;
use super::erase;
use super::rows;
use super::session::{Outcome, Session};
use super::trouble::Trouble;
use crate::journal::judge::{ClaimKey, Known, Ledger, PART, Verdict};
use crate::journal::prepared::Prepared;
use crate::journal::{Erasure, Hash, ReadFailure, Target};

impl Session {
    /// Judges a batch against what the log says under its lock, and writes what may be written. With an `erasure`,
    /// `commands` is its record alone, on whatever version its stream has.
    pub(super) async fn slow(
        &mut self,
        commands: &[Prepared],
        erasure: Option<&Erasure>,
        decided: &AtomicBool,
    ) -> Result<Outcome, Trouble> {
        let reads = async {
            let mut ledger = self.left.ledger();
            ledger.versions = read_versions(&mut self.connection, commands).await?;
            ledger.claims = read_claims(&mut self.connection, commands).await?;
            ledger.commands = read_commands(&mut self.connection, commands).await?;
            Ok::<_, ReadFailure>(ledger)
        };
        let mut ledger = reads.await.map_err(|failure| Trouble::new(failure, false))?;
        let on_top;
        let commands = match erasure {
            Some(erasure) => {
                on_top = [erase::on_top_of(&commands[0], erasure, &ledger)];
                let refusal = erase::refusal(&mut self.connection, erasure).await.map_err(|failure| Trouble::new(failure, false))?;
                if let Some(refusal) = refusal {
                    self.roll_back().await?;
                    return Ok(Outcome { answers: vec![Err(refusal)], events: 0 });
                }
                &on_top[..]
            }
            None => commands,
        };
        let Verdict { answers, events, claims } = ledger.judge(commands, self.shared.clock.now(), Instant::now());
        if events.is_empty() {
            self.roll_back().await?;
            return Ok(Outcome { answers, events: 0 });
        }
        decided.store(true, Ordering::Relaxed);
        let arguments = write_arguments(self.id, self.left.position, &ledger, Columns::new(&events))
            .map_err(|failure| Trouble::new(sqlx::Error::Encode(failure), false))?;
        let write = async {
            sqlx::query_with(
                "SELECT log_write($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
                arguments,
            )
            .execute(&mut self.connection)
            .await?;
            write_claims(&mut self.connection, claims).await?;
            if let Some(erasure) = erasure {
                erase::carry_out(&mut self.connection, erasure).await?;
            }
            Ok::<_, sqlx::Error>(())
        };
        write.await.map_err(|failure| Trouble::new(failure, false))?;
        self.commit().await?;
        let written = events.len();
        self.remember(ledger);
        Ok(Outcome { answers, events: written })
    }
}

async fn read_versions(connection: &mut PgConnection, commands: &[Prepared]) -> Result<HashMap<StreamId, (i64, Hash)>, ReadFailure> {
    let mut streams: Vec<StreamId> = commands
        .iter()
        .flat_map(|command| &command.writes)
        .filter_map(|write| match write.target {
            Target::New(_) => None,
            Target::Existing { stream, .. } => Some(stream),
        })
        .collect();
    streams.sort_unstable();
    streams.dedup();
    if streams.is_empty() {
        return Ok(HashMap::new());
    }
    let kinds: Vec<i16> = streams.iter().map(|stream| stream.kind.number()).collect();
    let ids: Vec<i64> = streams.iter().map(|stream| stream.id).collect();
    let read = sqlx::query(READ_VERSIONS).bind(PART).bind(kinds).bind(ids).fetch_all(connection).await?;
    read.iter().map(|row| Ok((rows::stream(row)?, (row.try_get("version")?, rows::hash(row, "hash")?)))).collect()
}

pub(super) const READ_VERSIONS: &str = "SELECT w.kind, w.stream, e.version, e.hash \
     FROM unnest($2::smallint[], $3::bigint[]) AS w (kind, stream) \
     CROSS JOIN LATERAL (SELECT version, hash FROM event \
                         WHERE part = $1 AND kind = w.kind AND stream = w.stream ORDER BY version DESC LIMIT 1) e";

async fn read_claims(connection: &mut PgConnection, commands: &[Prepared]) -> Result<HashMap<ClaimKey, StreamId>, ReadFailure> {
    let mut wanted: Vec<ClaimKey> = commands
        .iter()
        .flat_map(|command| command.claims.iter().map(|claim| (command.organisation, claim.kind, claim.key.clone())))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let organisations: Vec<i64> = wanted.iter().map(|(organisation, ..)| organisation.0).collect();
    let kinds: Vec<i16> = wanted.iter().map(|(_, kind, _)| *kind as i16).collect();
    let keys: Vec<&str> = wanted.iter().map(|(.., key)| key.as_str()).collect();
    let read = sqlx::query(READ_CLAIMS).bind(PART).bind(organisations).bind(kinds).bind(keys).fetch_all(connection).await?;
    let mut claims = HashMap::with_capacity(read.len());
    for row in read {
        let place: i64 = row.try_get("n")?;
        let wanted = usize::try_from(place - 1).ok().and_then(|place| wanted.get(place));
        let wanted = wanted.ok_or_else(|| ReadFailure::Corrupt("a claim that was not asked for".to_owned()))?;
        claims.insert(wanted.clone(), StreamId::new(rows::kind(row.try_get("holder_kind")?)?, row.try_get("holder")?));
    }
    Ok(claims)
}

pub(super) const READ_CLAIMS: &str = "SELECT w.n, c.holder_kind, c.holder \
     FROM unnest($2::bigint[], $3::smallint[], $4::text[]) WITH ORDINALITY AS w (organisation, kind, key, n) \
     JOIN claim c ON c.part = $1 AND c.organisation = w.organisation AND c.kind = w.kind AND c.key = w.key";

async fn read_commands(connection: &mut PgConnection, commands: &[Prepared]) -> Result<HashMap<CommandId, Known>, ReadFailure> {
    let mut ids: Vec<uuid::Uuid> = commands.iter().map(|command| command.command.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let read = sqlx::query(READ_COMMANDS).bind(PART).bind(ids).fetch_all(connection).await?;
    Ok(rows::known(&read)?.into_iter().map(|known| (known.receipt.command, known)).collect())
}

pub(super) const READ_COMMANDS: &str = "SELECT e.command, e.organisation, e.kind, e.stream, e.version, e.position, e.at, \
            e.hash, e.digest, CASE WHEN e.index = 0 THEN e.meta->>'fingerprint' END AS fingerprint \
     FROM unnest($2::uuid[]) AS w (command) \
     CROSS JOIN LATERAL (SELECT * FROM event WHERE part = $1 AND command = w.command ORDER BY index) e \
     ORDER BY e.command, e.index";

fn write_arguments(writer: uuid::Uuid, after: i64, ledger: &Ledger, columns: Columns<'_>) -> Result<PgArguments, sqlx::error::BoxDynError> {
    let mut arguments = PgArguments::default();
    arguments.add(PART)?;
    arguments.add(after)?;
    arguments.add(writer)?;
    arguments.add(ledger.at.to_sqlx())?;
    arguments.add(ledger.next_task)?;
    arguments.add(ledger.rolling)?;
    columns.add_to(&mut arguments)?;
    Ok(arguments)
}

async fn write_claims(connection: &mut PgConnection, claims: HashMap<ClaimKey, Option<StreamId>>) -> Result<(), sqlx::Error> {
    if claims.is_empty() {
        return Ok(());
    }
    let (mut organisations, mut kinds, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    let (mut holder_kinds, mut holders) = (Vec::new(), Vec::new());
    for ((organisation, kind, key), holder) in claims {
        organisations.push(organisation.0);
        kinds.push(kind as i16);
        keys.push(key);
        holder_kinds.push(holder.map(|stream| stream.kind.number()));
        holders.push(holder.map(|stream| stream.id));
    }
    sqlx::query(
        "DELETE FROM claim c USING unnest($2::bigint[], $3::smallint[], $4::text[]) AS w (organisation, kind, key) \
         WHERE c.part = $1 AND c.organisation = w.organisation AND c.kind = w.kind AND c.key = w.key",
    )
    .bind(PART)
    .bind(&organisations)
    .bind(&kinds)
    .bind(&keys)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO claim (part, organisation, kind, key, holder_kind, holder) \
         SELECT $1, w.* FROM unnest($2::bigint[], $3::smallint[], $4::text[], $5::smallint[], $6::bigint[]) \
             AS w (organisation, kind, key, holder_kind, holder) WHERE w.holder IS NOT NULL",
    )
    .bind(PART)
    .bind(organisations)
    .bind(kinds)
    .bind(keys)
    .bind(holder_kinds)
    .bind(holders)
    .execute(connection)
    .await?;
    Ok(())
}
