//! `/notifications`: what the asker is told of, and why. Ours, beside the dialect. Who is told what is decided in
//! `projections/src/notify/`; what is said of it in words is in [`words`].

pub mod list;
pub mod read;
mod words;
