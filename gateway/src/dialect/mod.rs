//! The API's requests, liberally read: bodies to commands of the domain. What a command then leads to is
//! decided there; how answers look is in the aggregates' documents and in `routes`.
//!
//! The wire is messy (pyrus.md §1.0): booleans in many spellings, dates in two formats, persons by id or by
//! address, lists within lists. What is a spelling is accepted; what is a wrong type is refused, and named.

mod auth;
mod comment;
mod create_task;
mod member;
mod object;
mod strict;

pub use auth::{Proof, SignIn};
pub use comment::comment;
pub use create_task::create_task;
pub use member::{add_member, change_member};
pub use object::{Object, spelt_boolean};
pub use strict::parse;

use thiserror::Error;

/// A request that cannot be read, or that asks for what a simple task does not have.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{detail}")]
pub struct BadInput {
    /// A code of the API's table.
    pub code: &'static str,
    /// The member of the body that it is about, as the client wrote it.
    pub field: Option<String>,
    /// For people.
    pub detail: String,
}

impl BadInput {
    pub(crate) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, field: None, detail: detail.into() }
    }

    pub(crate) fn field(code: &'static str, field: &str, detail: &str) -> Self {
        Self { code, field: Some(field.to_owned()), detail: format!("{field}: {detail}") }
    }

    /// A value of the wrong type or form.
    pub(crate) fn format(field: &str, wanted: &str) -> Self {
        Self::field("invalid_value_format", field, wanted)
    }
}
