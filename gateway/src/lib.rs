//! HTTP in, HTTP out, and the command line: the only place where the parts are wired together. What may happen is
//! `domain`'s, who makes it happen is `actors`', what can be asked about it is `projections`'.

pub mod codes;
pub mod config;
pub mod dialect;
pub mod error;
pub mod identity;
pub mod limits;
pub mod metrics;
pub mod postgres;
pub mod routes;
pub mod telemetry;
