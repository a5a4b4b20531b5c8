//! Nashi from outside: what the black-box tests, the real clients, the faults and the benchmarks share.
//! No rule of the product is here.

mod app;
mod balancer;
mod browser;
mod chromium;
mod client;
mod cluster;
mod events;
mod machine;
mod nats;
mod postgres;
mod process;
mod proxy;
pub mod view;
mod websocket;
mod world;

pub use app::{Gate, TestApp, as_the_system};
pub use balancer::{Balancer, Balancing};
pub use browser::Browser;
pub use chromium::Chromium;
pub use client::{Answer, Client, Form, id};
pub use cluster::{Cluster, Node};
pub use events::{Event, Events};
pub use nats::{Access, Nats};
pub use postgres::{Ending, Postgres};
pub use process::{Installation, Serving};
pub use proxy::{Cable, Proxy};
pub use websocket::WebSocket;
pub use world::{Person, World};
