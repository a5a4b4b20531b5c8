//! Files: upload, download, pictures of people. What is in them is `files`' to keep; what holds them is the tasks'.

pub mod avatar;
pub mod download;
pub mod upload;

use domain::id::FileId;

use crate::error::Fault;

/// The id in a path or a query. One that no file has is refused where it is looked up.
///
/// # Errors
/// `invalid_value_format` for what is not written as a whole number.
pub fn file_id(text: &str) -> Result<FileId, Fault> {
    let id = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    id.map(FileId).ok_or_else(|| Fault::format("file id"))
}
