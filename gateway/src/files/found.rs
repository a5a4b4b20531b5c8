//! Files that a request names, found before whoever takes them decides: uploads by their guids, files that stand somewhere by their
//! numbers, links made on the way, and new versions of a file given their numbers. Who may read what is [`super::access`].

use std::collections::HashSet;
use std::sync::Arc;

use actors::system::Request;
use domain::file::state::number_in;
use domain::file::{Attached, Brought, File, Linked, Wanted};
use domain::{Code, FileId};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::SignedDuration;
use uuid::Uuid;

use super::access;
use crate::error::Fault;
use crate::extract::{Caller, command};

/// Files of one request, one that changes many tasks included.
const FILES_MAX: usize = 1_000;
/// How often one request names files, the same ones again included.
const NAMES_MAX: usize = 10_000;
const AT_ONCE: usize = 16;
const NAMED_CHARACTERS_MAX: usize = 200;
/// The commands that one request gives on the way are numbered from here on: those before are of the things that it is for.
const COMMANDS_FROM: u32 = 1_000_000;

/// All of `wanted`. A repeated request finds the same: what is made on the way is made once.
///
/// # Errors
/// `unrecognized_attachment_id` where one is not there, or is not the asker's to attach; `too_many_attachments`; what is wrong
/// with a link.
pub async fn all(caller: &Caller, request: &Request, wanted: &[Wanted]) -> Result<Brought, Fault> {
    if wanted.len() > NAMES_MAX {
        return Err(Fault::domain(Code::TooManyAttachments));
    }
    let mut known = HashSet::with_capacity(wanted.len());
    let each: Vec<&Wanted> = wanted.iter().filter(|one| known.insert(*one)).collect();
    if each.len() > FILES_MAX {
        return Err(Fault::domain(Code::TooManyAttachments));
    }
    let numbered = stream::iter((COMMANDS_FROM..).step_by(2).zip(each));
    let found = numbered.map(async |(number, wanted)| {
        let found = one(caller, request, number, wanted).await;
        found.map(|file| (wanted.clone(), file)).map_err(|fault| fault.with(called(wanted)))
    });
    found.buffered(AT_ONCE).try_collect().await.map(Brought)
}

async fn one(caller: &Caller, request: &Request, number: u32, wanted: &Wanted) -> Result<Attached, Fault> {
    match wanted {
        Wanted::Uploaded { guid, root_id } => {
            let file = uploaded(caller, *guid).await?;
            match root_id {
                Some(root) => version(caller, request, number, &file, *root).await,
                None => Ok(file.attached()),
            }
        }
        Wanted::Known(id) => Ok(known(caller, *id).await?.attached()),
        Wanted::Link { url, name } => {
            let link = Linked { name: name.clone(), url: url.clone() };
            let done = caller.node.link_file(command::item(request, number), link).await?;
            Ok(done.view.attached())
        }
    }
}

/// The upload of this guid: whoever knows it may attach it.
///
/// # Errors
/// `unrecognized_attachment_id`.
pub async fn uploaded(caller: &Caller, guid: Uuid) -> Result<Arc<File>, Fault> {
    let id = number_in(guid).ok_or_else(unknown)?;
    let file = caller.node.show_file(caller, id).await.map_err(as_unknown)?;
    if !file.is_called(guid) {
        return Err(unknown());
    }
    lasting(caller, file).await
}

async fn known(caller: &Caller, id: FileId) -> Result<Arc<File>, Fault> {
    lasting(caller, access::seen(caller, id).await.map_err(as_unknown)?).await
}

/// The file, unless its bytes went, or may go at any moment: those of an upload that stood nowhere for so long.
async fn lasting(caller: &Caller, file: Arc<File>) -> Result<Arc<File>, Fault> {
    if !file.is_there() {
        return Err(unknown());
    }
    let kept = SignedDuration::from_hours(i64::from(caller.node.settings.files.unattached_hours));
    let is_old = file.url.is_none() && caller.node.journal.now().duration_since(file.uploaded_at) > kept;
    if is_old && access::places(caller, file.id).await?.is_empty() { Err(unknown()) } else { Ok(file) }
}

/// The file as a new version of `root`, or of the file that this is a version of.
async fn version(caller: &Caller, request: &Request, number: u32, file: &File, root: FileId) -> Result<Attached, Fault> {
    let root = known(caller, root).await?;
    let root = root.version_of.map_or(root.id, |(first, _)| first);
    let numbered = caller.node.add_file_version(root, command::item(request, number), file.id).await?.view;
    let version = numbered.versions.get(&file.id).copied().ok_or_else(unknown)?;
    let made = caller.node.make_file_version(file.id, command::item(request, number + 1), root, version).await?;
    Ok(made.view.attached())
}

fn unknown() -> Fault {
    Fault::domain(Code::UnrecognizedAttachmentId)
}

/// What a request calls a file, for who wonders which of many is meant.
fn called(wanted: &Wanted) -> String {
    match wanted {
        Wanted::Uploaded { guid, root_id: None } => format!("file {guid}"),
        Wanted::Uploaded { guid, root_id: Some(root) } => format!("file {guid} of {}", root.0),
        Wanted::Known(id) => format!("file {}", id.0),
        Wanted::Link { url, name: _ } => url.chars().take(NAMED_CHARACTERS_MAX).collect(),
    }
}

/// Whoever may not read a file is told what is told of one that there is not.
fn as_unknown(fault: Fault) -> Fault {
    if fault.is(Code::FileIsMissing) || fault.is(Code::AccessDeniedFile) { unknown() } else { fault }
}
