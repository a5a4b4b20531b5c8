//! What may happen in Nashi, and what follows from it. No I/O, no clock, no randomness, no async.
//!
//! Reading order: [`id`] and [`recorded`] name things, [`aggregate`] is the shape of every
//! aggregate, [`issued`] is what a decision may know, then one module an aggregate.

pub mod aggregate;
pub mod codec;
pub mod erasure;
pub mod expression;
pub mod id;
pub mod issued;
pub mod json;
pub mod recorded;
pub mod rejection;
pub mod rights;
pub mod snapshot;
pub mod text;
pub mod upcast;
pub mod zone;

pub mod account;
pub mod announcement;
pub mod article;
pub mod audit;
pub mod award;
pub mod catalog;
pub mod department;
pub mod directory;
pub mod file;
pub mod filter;
pub mod form;
pub mod inbox;
pub mod list;
pub mod organisation;
pub mod person;
pub mod policy;
pub mod role;
pub mod task;
pub mod workflow;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use aggregate::{Aggregate, ClaimChange, ClaimKind, Events};
pub use directory::Directory;
pub use id::{
    AwardId, CatalogId, CommandId, DepartmentId, FileId, FilterId, FormId, Kind, ListId, OrganisationId, PersonId, Position, StreamId,
    TaskId, Version,
};
pub use issued::{Asker, Issued};
pub use recorded::{Header, Recorded};
pub use rejection::{Code, Rejection};

#[cfg(test)]
mod wire;
