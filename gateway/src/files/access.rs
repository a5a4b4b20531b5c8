//! Who may have the bytes of a file: one question for all that gives them out.

use std::sync::Arc;

use domain::file::{File, Rejection};
use domain::id::FileId;

use crate::error::Fault;
use crate::extract::Caller;

/// The file, where the asker may have its bytes and there are any.
///
/// # Errors
/// `file_is_missing` where the asker's organisation has no such file, or it is a link, or its bytes were removed (410);
/// `access_denied_file`.
pub async fn readable(caller: &Caller, id: FileId) -> Result<Arc<File>, Fault> {
    let file = caller.node.show_file(caller, id).await?;
    let (directory, _) = caller.directory().await?;
    let today = caller.organisation_in(&directory)?;
    file.read_by(&caller.issued(&today), false).map_err(|rejection| Fault::rejected(&rejection))?;
    if file.url.is_some() {
        return Err(Fault::rejected(&Rejection::Unknown));
    }
    if file.removed {
        return Err(Fault::rejected(&Rejection::Removed).gone());
    }
    Ok(file)
}
