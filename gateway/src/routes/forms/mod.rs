//! Forms: read, made, changed, published, closed; and who may do what with them. Who may is decided in `domain`.

pub mod handling_time;
pub mod print_forms;
pub mod read;
pub mod register;
pub mod shown;
pub mod what_if;
pub mod write;

use domain::FormId;

use crate::error::Fault;

/// The id in a path.
///
/// # Errors
/// `invalid_value_format` for what is not written as a whole number.
pub fn form_id(text: &str) -> Result<FormId, Fault> {
    let id = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    id.map(FormId).ok_or_else(|| Fault::format("form id"))
}
