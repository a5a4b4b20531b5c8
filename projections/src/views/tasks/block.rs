//! Which tasks of a form are there, are open, and hold a value of a field: a bit each, in blocks of ids. What registers find empty
//! fields by, and which tasks changed of late.

use std::collections::{BTreeMap, BTreeSet};

use domain::TaskId;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

use super::rule::Task;
use super::value::{CHECKED, Cell, Key};
use crate::failure::Refused;

/// Ids of a block, as a power of two.
pub(super) const BLOCK_BITS: u32 = 8;
const BLOCK: usize = 1 << BLOCK_BITS;

/// Fields that are none: every task of the form, and those that are open.
pub(super) const EVERY: i64 = 0;
pub(super) const OPEN: i64 = -1;

/// The field of tasks in which this one is checked.
pub(super) const fn checked(field: i64) -> i64 {
    field | 1 << 32
}

/// What a task has a bit in.
pub(super) fn fields(task: &Task, cells: &BTreeMap<Key, Cell>) -> BTreeSet<i64> {
    let mut fields = BTreeSet::new();
    if task.listed_form().is_none() {
        return fields;
    }
    fields.insert(EVERY);
    fields.extend(task.header.closed_at.is_none().then_some(OPEN));
    for ((field, _), cell) in cells {
        fields.insert(i64::from(*field));
        fields.extend((cell.text.as_deref() == Some(CHECKED)).then_some(checked(i64::from(*field))));
    }
    fields
}

/// Organisation, form, field, block.
type Place = (i64, i64, i64, i64);
type Bits = [bool; BLOCK];

/// What changes in blocks.
#[derive(Default)]
pub(super) struct Blocks {
    set: BTreeMap<Place, Bits>,
    cleared: BTreeMap<Place, Bits>,
    /// By organisation, form and block.
    modified: BTreeMap<(i64, i64, i64), Timestamp>,
}

impl Blocks {
    /// Of one task of a form: the fields that it had a bit in, and those that it has one in now.
    pub(super) fn of(
        &mut self,
        (task, organisation, form): (TaskId, i64, i64),
        before: &BTreeSet<i64>,
        after: &BTreeSet<i64>,
        at: Timestamp,
    ) {
        let (block, place) = (task.0 >> BLOCK_BITS, usize::try_from(task.0 & (BLOCK as i64 - 1)).unwrap_or_default());
        let mark = |bits: &mut BTreeMap<Place, Bits>, field: i64| {
            bits.entry((organisation, form, field, block)).or_insert([false; BLOCK])[place] = true;
        };
        after.difference(before).for_each(|field| mark(&mut self.set, *field));
        before.difference(after).for_each(|field| mark(&mut self.cleared, *field));
        let modified = self.modified.entry((organisation, form, block)).or_insert(at);
        *modified = at.max(*modified);
    }

    /// Writes them, in a fixed number of queries.
    pub(super) async fn store(self, tx: &mut PgConnection) -> Result<(), Refused> {
        let set = "INSERT INTO task_block (organisation, form, field, block, held)
             SELECT organisation, form, field, block, held::bit(256)
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) AS s (organisation, form, field, block, held)
             ON CONFLICT (organisation, form, field, block) DO UPDATE SET held = task_block.held | EXCLUDED.held";
        let cleared = "UPDATE task_block b SET held = b.held & ~ s.held::bit(256)
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) AS s (organisation, form, field, block, held)
             WHERE b.organisation = s.organisation AND b.form = s.form AND b.field = s.field AND b.block = s.block";
        let gone = "DELETE FROM task_block b
             USING unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) AS s (organisation, form, field, block, held)
             WHERE b.organisation = s.organisation AND b.form = s.form AND b.field = s.field AND b.block = s.block
               AND b.held = repeat('0', 256)::bit(256) AND s.held IS NOT NULL";
        for (statement, bits) in [(set, &self.set), (cleared, &self.cleared), (gone, &self.cleared)] {
            write(statement, bits, &mut *tx).await?;
        }
        if self.modified.is_empty() {
            return Ok(());
        }
        let column = |part: fn(&(i64, i64, i64)) -> i64| self.modified.keys().map(part).collect::<Vec<_>>();
        sqlx::query(
            "UPDATE task_block b SET modified_to = greatest(b.modified_to, s.at)
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[]) AS s (organisation, form, block, at)
             WHERE b.organisation = s.organisation AND b.form = s.form AND b.field = 0 AND b.block = s.block",
        )
        .bind(column(|place| place.0))
        .bind(column(|place| place.1))
        .bind(column(|place| place.2))
        .bind(self.modified.values().map(|at| at.to_sqlx()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
        Ok(())
    }
}

async fn write(statement: &'static str, bits: &BTreeMap<Place, Bits>, tx: &mut PgConnection) -> Result<(), Refused> {
    if bits.is_empty() {
        return Ok(());
    }
    let column = |part: fn(&Place) -> i64| bits.keys().map(part).collect::<Vec<_>>();
    let text = |bits: &Bits| bits.iter().map(|bit| if *bit { '1' } else { '0' }).collect::<String>();
    sqlx::query(statement)
        .bind(column(|place| place.0))
        .bind(column(|place| place.1))
        .bind(column(|place| place.2))
        .bind(column(|place| place.3))
        .bind(bits.values().map(text).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}
