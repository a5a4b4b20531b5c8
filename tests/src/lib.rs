//! Nashi from outside: what the black-box tests, the real clients, the faults and the benchmarks share.
//! No rule of the product is here.

mod client;
mod process;

pub use client::{Answer, Client, id};
pub use process::{Installation, Serving};
