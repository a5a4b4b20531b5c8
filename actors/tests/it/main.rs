//! The life of actors, on the log in memory, with a small aggregate of its own. Not the journals' promises
//! (those are one suite for both, in the journal's module).

mod create_and_read;
mod tally;
mod world;
