//! Who may have the bytes of a file: one question for all that gives them out.

use std::sync::Arc;

use domain::Code;
use domain::file::state::number_in;
use domain::file::{File, Rejection};
use domain::id::FileId;
use uuid::Uuid;

use crate::error::Fault;
use crate::extract::Caller;

/// The file of a guid, which its uploader alone is given: that they attach it, or whatever else they do with it.
///
/// # Errors
/// `unrecognized_attachment_id` where it is not the asker's own, or its bytes were removed.
pub async fn own(caller: &Caller, guid: &str) -> Result<Arc<File>, Fault> {
    let unrecognized = || Fault::domain(Code::UnrecognizedAttachmentId);
    let guid = Uuid::try_parse(guid.trim()).map_err(|_| unrecognized())?;
    let id = number_in(guid).ok_or_else(unrecognized)?;
    let file = match caller.node.show_file(caller, id).await {
        Err(fault) if fault.is(Code::FileIsMissing) => return Err(unrecognized()),
        found => found?,
    };
    let is_own = file.is_called(guid) && file.uploader == caller.person.id && file.is_there();
    if is_own { Ok(file) } else { Err(unrecognized()) }
}

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
