//! Announcements as readers ask for them: the latest, or one. Not who may ask.

use domain::file::Attached;
use domain::{OrganisationId, PersonId, Position};
use jiff::Timestamp;
use sqlx::{FromRow, PgPool};

use super::Announcements;
use crate::failure::Failure;
use crate::follower::Follower;
use crate::generation::Generation;

/// The newest comments that a list shows of each announcement; all of them are shown with one.
pub const COMMENTS_LISTED: u32 = 50;

/// An announcement as it is; persons by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub id: i64,
    pub author: PersonId,
    pub text: String,
    pub formatted_text: Option<String>,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    pub closed: bool,
    pub attachments: Vec<Attached>,
    /// Oldest first.
    pub comments: Vec<Comment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub id: Position,
    pub author: PersonId,
    pub text: String,
    pub formatted_text: Option<String>,
    pub created_at: Timestamp,
    pub attachments: Vec<Attached>,
}

/// The newest announcements of the organisation, newest first, each with its newest comments.
///
/// # Errors
/// When the database does not answer.
pub async fn latest(pool: &PgPool, generation: &Generation, organisation: OrganisationId, limit: u32) -> Result<Vec<Shown>, Failure> {
    let rows: Vec<Row> = sqlx::query_as(generation.sql(
        "SELECT announcement, author, text, formatted_text, created_at, modified_at, closed, attachments::text
         FROM {view}.announcement WHERE organisation = $1 AND NOT deleted ORDER BY announcement DESC LIMIT $2",
    ))
    .bind(organisation.0)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    with_comments(pool, generation, organisation, rows, Some(COMMENTS_LISTED)).await
}

/// One announcement with all of its comments, if it is there.
///
/// # Errors
/// When the database does not answer.
pub async fn one(pool: &PgPool, generation: &Generation, organisation: OrganisationId, id: i64) -> Result<Option<Shown>, Failure> {
    let rows: Vec<Row> = sqlx::query_as(generation.sql(
        "SELECT announcement, author, text, formatted_text, created_at, modified_at, closed, attachments::text
         FROM {view}.announcement WHERE announcement = $2 AND organisation = $1 AND NOT deleted",
    ))
    .bind(organisation.0)
    .bind(id)
    .fetch_all(pool)
    .await?;
    Ok(with_comments(pool, generation, organisation, rows, None).await?.pop())
}

async fn with_comments(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    rows: Vec<Row>,
    most: Option<u32>,
) -> Result<Vec<Shown>, Failure> {
    let mut shown = rows.into_iter().map(Row::shown).collect::<Result<Vec<Shown>, Failure>>()?;
    let comments: Vec<CommentRow> = sqlx::query_as(generation.sql(
        "SELECT s.place, c.* FROM unnest($2::bigint[]) WITH ORDINALITY AS s (announcement, place)
         CROSS JOIN LATERAL (SELECT comment, author, text, formatted_text, created_at, attachments::text FROM {view}.announcement_comment
                             WHERE announcement = s.announcement AND organisation = $1 ORDER BY comment DESC LIMIT $3) c
         ORDER BY s.place, c.comment",
    ))
    .bind(organisation.0)
    .bind(shown.iter().map(|one| one.id).collect::<Vec<_>>())
    .bind(most.map(i64::from))
    .fetch_all(pool)
    .await?;
    for comment in comments {
        let place = usize::try_from(comment.place - 1).unwrap_or(usize::MAX);
        if let Some(one) = shown.get_mut(place) {
            one.comments.push(comment.shown()?);
        }
    }
    Ok(shown)
}

#[derive(FromRow)]
struct Row {
    announcement: i64,
    author: i64,
    text: String,
    formatted_text: Option<String>,
    created_at: jiff_sqlx::Timestamp,
    modified_at: jiff_sqlx::Timestamp,
    closed: bool,
    attachments: String,
}

#[derive(FromRow)]
struct CommentRow {
    place: i64,
    comment: i64,
    author: i64,
    text: String,
    formatted_text: Option<String>,
    created_at: jiff_sqlx::Timestamp,
    attachments: String,
}

impl Row {
    fn shown(self) -> Result<Shown, Failure> {
        Ok(Shown {
            id: self.announcement,
            author: PersonId(self.author),
            text: self.text,
            formatted_text: self.formatted_text,
            created_at: self.created_at.to_jiff(),
            modified_at: self.modified_at.to_jiff(),
            closed: self.closed,
            attachments: attachments(&self.attachments)?,
            comments: Vec::new(),
        })
    }
}

impl CommentRow {
    fn shown(self) -> Result<Comment, Failure> {
        Ok(Comment {
            id: self.comment,
            author: PersonId(self.author),
            text: self.text,
            formatted_text: self.formatted_text,
            created_at: self.created_at.to_jiff(),
            attachments: attachments(&self.attachments)?,
        })
    }
}

fn attachments(json: &str) -> Result<Vec<Attached>, Failure> {
    serde_json::from_str(json).map_err(|error| Failure::Unreadable(Announcements::NAME, error))
}
