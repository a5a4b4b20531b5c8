//! The API's requests, liberally read: bodies to commands of the domain. What a command then leads to is
//! decided there; how answers look is in the aggregates' documents and in `routes`.
//!
//! The wire is messy (pyrus.md §1.0): booleans in many spellings, dates in two formats, persons by id or by
//! address, lists within lists. What is a spelling is accepted; what is a wrong type is refused, and named.

mod announcement;
mod article;
pub mod article_id;
mod auth;
mod award;
mod bulk_comment;
mod catalog;
mod comment;
mod create_task;
mod department;
mod fields;
mod filter;
mod form;
mod inbox;
mod list;
mod member;
mod named;
mod object;
mod register;
mod role;
mod search;
mod strict;

pub use announcement::said;
pub use article::{change_article, create_article, permit_article};
pub use auth::{Proof, SignIn};
pub use award::{award_limits, create_award};
pub use bulk_comment::{BulkComment, bulk_comment};
pub use catalog::{ReadSync, create_catalog, read_sync, upsert_catalog};
pub use comment::comment;
pub use create_task::create_task;
pub use department::change_department;
pub use fields::{fields, linked_tasks};
pub use filter::{change_filter, create_filter, query, written};
pub use form::{change_form, create_form, permit_form, what_if};
pub use inbox::{followed, notification_settings, time_of_day};
pub use list::{change_list, create_list, list_tasks};
pub use member::{add_member, avatar, away, change_bot, change_member, receiver};
pub use named::check_names;
pub use object::{Object, spelt_boolean};
pub use register::{Format, Register, register};
pub use role::{change_role, create_role, task_receiver};
pub use search::{Search, search};
pub use strict::{ITEMS_MAX, parse, parse_items, parse_list};

use domain::Code;
use thiserror::Error;

use crate::codes::Own;
use crate::error::Fault;

/// A request that cannot be read, or that asks for what a simple task does not have.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{detail}")]
pub struct BadInput {
    pub code: InputCode,
    /// The member of the body that it is about, as the client wrote it.
    pub field: Option<String>,
    /// For people.
    pub detail: String,
}

/// A code of the API's table: one that decisions use as well, or one of the edge alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputCode {
    Domain(Code),
    Own(Own),
}

impl From<Code> for InputCode {
    fn from(code: Code) -> Self {
        Self::Domain(code)
    }
}

impl From<Own> for InputCode {
    fn from(code: Own) -> Self {
        Self::Own(code)
    }
}

impl From<BadInput> for Fault {
    fn from(input: BadInput) -> Self {
        match input.code {
            InputCode::Domain(code) => Self::domain(code),
            InputCode::Own(code) => Self::own(code),
        }
        .with(input.detail)
    }
}

impl BadInput {
    /// The word on the wire.
    pub fn code(&self) -> &'static str {
        match self.code {
            InputCode::Domain(code) => code.as_str(),
            InputCode::Own(code) => code.entry().code,
        }
    }

    pub(crate) fn new(code: impl Into<InputCode>, detail: impl Into<String>) -> Self {
        Self { code: code.into(), field: None, detail: detail.into() }
    }

    pub(crate) fn field(code: impl Into<InputCode>, field: &str, detail: &str) -> Self {
        Self { code: code.into(), field: Some(field.to_owned()), detail: format!("{field}: {detail}") }
    }

    /// A value of the wrong type or form.
    pub(crate) fn format(field: &str, wanted: &str) -> Self {
        Self::field(Code::InvalidValueFormat, field, wanted)
    }
}
