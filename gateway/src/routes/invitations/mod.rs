//! Inviting people by a link, and accepting it. Adding people who get a key instead is in [`super::members`].

pub mod accept;
pub mod invite;
