//! What a follower is: a rule that takes events into tables. Not who feeds it (see [`crate::runner`]).

use std::future::Future;

use domain::{Kind, Recorded};
use sqlx::PgConnection;
use xxhash_rust::xxh3::xxh3_64;

use crate::failure::Refused;

/// Takes events into the tables of one view.
pub trait Follower: Send + Sync + 'static {
    /// Names the view in tables, metrics and commands. Never changes.
    const NAME: &'static str;
    /// The kinds of stream that it wants; the checkpoint moves over the others.
    const KINDS: &'static [Kind];
    /// The registered names of the events that it wants of those kinds; none: all. Versions then have gaps.
    const TYPES: &'static [&'static str] = &[];
    /// Makes the view's tables: `migrations/views/<name>.sql`.
    const SQL: &'static str;
    /// Raised when the rules change so that old rows are no longer what they would be.
    const REVISION: u32;

    /// Takes `events`, in order and each stream without gaps, into the tables that `tx` sees under their
    /// plain names. Folds in memory first; the number of queries does not depend on that of the events.
    /// Events that the rows already hold (by their version) change nothing.
    fn apply(&self, events: &[Recorded], tx: &mut PgConnection) -> impl Future<Output = Result<(), Refused>> + Send;
}

/// The fingerprint of a view's tables and rules: builds that differ in it read different generations.
pub(crate) fn shape<F: Follower>() -> String {
    format!("{:016x}", xxh3_64(F::SQL.as_bytes()) ^ u64::from(F::REVISION).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}
