//! Files' bytes: how they come in, where they are kept, how they go out. What a file is, and who may read it, is `domain`'s.

pub mod kind;
pub mod store;

pub use store::{Blobs, Incoming, Kept, StoreFailure};
