//! What is to be done because something has happened: a recorded event leads to commands. Pure; who reads the log for it and
//! gives the commands is the `projections` crate.

pub mod subprocess;
pub mod succession;
