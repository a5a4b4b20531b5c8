//! Who may have a file: one question for all that gives files out. Whoever uploaded it, and whoever may see something that it was put
//! into; what somebody may see is asked where that is.

use std::sync::Arc;

use domain::file::{File, Rejection};
use domain::id::FileId;
use domain::{Code, Kind, Position, StreamId, TaskId};
use futures_util::{StreamExt, TryStreamExt, stream};
use projections::View;
use projections::views::files;

use crate::error::Fault;
use crate::extract::Caller;
use crate::view::{self, Ready, answered};

/// Places that are looked at together.
const AT_ONCE: usize = 8;

/// The file, where the asker may have it, whether it has bytes or not.
///
/// # Errors
/// `file_is_missing` where the asker's organisation has no such file; `access_denied_file`.
pub async fn seen(caller: &Caller, id: FileId) -> Result<Arc<File>, Fault> {
    let file = caller.node.show_file(caller, id).await?;
    let (directory, _) = caller.directory().await?;
    let today = caller.organisation_in(&directory)?;
    let issued = caller.issued(&today);
    // Cheap, and what most who are refused are refused by.
    let seen = file.found(&issued).is_ok() && !file.is_own(&issued) && stands_in_sight(caller, id).await?;
    file.read_by(&issued, seen).map_err(|rejection| Fault::rejected(&rejection))?;
    Ok(file)
}

/// The file, where the asker may have its bytes and there are any.
///
/// # Errors
/// As [`seen`]; `file_is_missing` of a link, and where its bytes were removed (410).
pub async fn readable(caller: &Caller, id: FileId) -> Result<Arc<File>, Fault> {
    let file = seen(caller, id).await?;
    if file.url.is_some() {
        return Err(Fault::rejected(&Rejection::Unknown));
    }
    if file.removed {
        return Err(Fault::rejected(&Rejection::Removed).gone());
    }
    Ok(file)
}

/// The streams that it was put into, with all that anybody has written before now.
///
/// # Errors
/// 503 when the view is behind or cannot be read.
pub async fn places(caller: &Caller, id: FileId) -> Result<Vec<StreamId>, Fault> {
    let ready = view::current(caller, View::Files).await?;
    in_view(caller, &ready, id).await
}

async fn in_view(caller: &Caller, ready: &Ready, id: FileId) -> Result<Vec<StreamId>, Fault> {
    answered(files::places(&caller.node.pool, &ready.generation, caller.organisation.id, id).await)
}

/// Whether the asker sees anything that it was put into. Who is refused by what the view shows may have been told of the file by
/// something newer: then all that is written counts.
async fn stands_in_sight(caller: &Caller, id: FileId) -> Result<bool, Fault> {
    let ready = view::read(caller, View::Files).await?;
    let (shown, known) = (ready.position, in_view(caller, &ready, id).await?);
    if sees_any(caller, &known).await? {
        return Ok(true);
    }
    if shown >= head(caller).await? {
        return Ok(false);
    }
    let newer: Vec<StreamId> = places(caller, id).await?.into_iter().filter(|place| !known.contains(place)).collect();
    sees_any(caller, &newer).await
}

async fn head(caller: &Caller) -> Result<Position, Fault> {
    caller.node.true_head().await
}

async fn sees_any(caller: &Caller, places: &[StreamId]) -> Result<bool, Fault> {
    let seen = stream::iter(places.iter().copied()).map(async |place| sees(caller, place).await).buffered(AT_ONCE);
    seen.try_any(async |seen| seen).await
}

async fn sees(caller: &Caller, place: StreamId) -> Result<bool, Fault> {
    match place.kind {
        Kind::Task => match caller.node.sees_task(caller, TaskId(place.id)).await {
            Ok(()) => Ok(true),
            Err(fault) if fault.is(Code::AccessDeniedTask) => Ok(false),
            Err(fault) => Err(fault),
        },
        Kind::Announcement => match caller.node.show_announcement(caller, place.id).await {
            Ok(_) => Ok(true),
            Err(fault) if fault.is(Code::AccessDenied) => Ok(false),
            Err(fault) => Err(fault),
        },
        _ => Ok(false),
    }
}
