//! Who there is, twice: with its history in Postgres ([`follower`]), and as it is now in the memory of every
//! node ([`memory`]). What an event does to it is `domain`'s.

mod again;
pub mod follower;
pub mod memory;
pub mod past;

pub use follower::DirectoryFollower;
pub use memory::DirectoryHandle;

#[cfg(test)]
mod tests;
