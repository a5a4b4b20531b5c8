//! Files' bytes: how they come in, where they are kept, who may have them, how they go out. What a file is, is `domain`'s.

pub mod access;
pub mod arrive;
pub mod clean;
pub mod found;
pub mod kind;
pub mod send;
pub mod store;
pub mod uploads;

pub use store::{Blobs, Incoming, Kept, StoreFailure, Whole};
pub use uploads::Uploads;
