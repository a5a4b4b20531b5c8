//! The life of actors, on the log in memory, with a small aggregate of its own. Not the journals' promises
//! (those are one suite for both, in the journal's module).

mod bug;
mod bulk;
mod cluster;
mod conflict;
mod create_and_read;
mod drain;
mod freshness;
mod golden;
mod interleavings;
mod messages;
mod overload;
mod passivation;
mod pipeline;
mod repeat;
mod tail;
mod tasks;

mod tally;
mod world;
