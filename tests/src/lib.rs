//! Nashi from outside: what the black-box tests, the real clients, the faults and the benchmarks share.
//! No rule of the product is here.

mod app;
mod client;
mod process;
pub mod view;
mod world;

pub use app::{Gate, TestApp};
pub use client::{Answer, Client, id};
pub use process::{Installation, Serving};
pub use world::{Person, World};
