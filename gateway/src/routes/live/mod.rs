//! The live stream over HTTP: opened as SSE or as a WebSocket, by a token, a session or a ticket.

pub mod bind;
pub mod open;
pub mod say;
pub mod stream;
pub mod ticket;
