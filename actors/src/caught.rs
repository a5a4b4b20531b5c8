//! The border at which a bug in a pure function stops: it costs one actor, never the process. Not for
//! failures of infrastructure, which are values.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// A pure function panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Panicked;

/// Calls `pure`. Whatever it was changing when it panicked must be thrown away by the caller.
pub(crate) fn caught<T>(pure: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(pure)).map_err(|_| Panicked)
}
