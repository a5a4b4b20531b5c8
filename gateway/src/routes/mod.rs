//! The routes of the API, one file each. Rules are not here: a handler reads, asks, and answers.

/// The content type of every answer of the API.
pub const JSON: &str = "application/json; charset=utf-8";
