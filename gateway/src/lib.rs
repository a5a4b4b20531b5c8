//! HTTP in, HTTP out, and the command line: the only place where the parts are wired together. What may happen is
//! `domain`'s, who makes it happen is `actors`', what can be asked about it is `projections`'.
//!
//! Reading order: [`app`] and [`core`] wire, [`edge`] surrounds every request, [`extract`] reads it, [`routes`] answer it.

pub mod access_log;
pub mod accounts;
pub mod answer;
pub mod app;
pub mod chart;
pub mod cli;
pub mod cluster;
pub mod codes;
pub mod commands;
pub mod config;
pub mod core;
pub mod demo;
pub mod dialect;
pub mod edge;
pub mod error;
pub mod extract;
pub mod files;
pub mod health;
pub mod identity;
pub mod limits;
pub mod links;
pub mod live;
mod memory;
pub mod metrics;
pub mod node;
pub mod openapi;
pub mod past;
pub mod policies;
pub mod postgres;
mod question;
pub mod routes;
mod streamed;
pub mod telemetry;
pub mod time_out;
pub mod view;
pub mod world;
pub mod written;

pub use app::App;
pub use config::Settings;
