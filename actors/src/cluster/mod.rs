//! The nodes of an installation: who there is, who runs which actors, and how they are asked. Not the actors
//! themselves, and never a judge of who may write: that is the log.

mod roles;

pub use roles::{Role, Roles, UnknownRole};
