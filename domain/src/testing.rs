//! Given / when / then, for the tests of this crate and of the crates above it.
