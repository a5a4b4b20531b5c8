//! `GET /avatar/{id}`: the picture of somebody of the asker's organisation, by the `avatar_id` that answers show. Who sets it is in
//! `routes::members`.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::file::Rejection;
use uuid::Uuid;

use super::file_id;
use crate::error::Fault;
use crate::extract::Caller;
use crate::files::send::{Shown, send};

/// The picture, for everybody of the organisation: names stand beside it everywhere, so nobody is asked for more.
///
/// # Errors
/// `file_is_missing` where nobody has that picture.
pub async fn read(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = file_id(&id)?;
    let missing = || Fault::rejected(&Rejection::Unknown);
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let whose = organisation.persons.values().find(|person| person.avatar.avatar_id == Some(id.0)).ok_or_else(missing)?;
    let file = caller.node.show_file(&caller, id).await?;
    // The number alone is no proof: once it was taken from whoever set the picture.
    let guid = whose.avatar.guid.as_deref().and_then(|guid| Uuid::try_parse(guid.trim()).ok());
    if file.removed || !guid.is_some_and(|guid| file.is_called(guid)) {
        return Err(missing());
    }
    send(&request, caller.node.blobs()?, &file, Shown::Portrait).await
}
