//! The tables of announcements: read for a batch, written after it, in a fixed number of queries. Not what readers are shown
//! (see [`super::page`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::announcement::Event;
use domain::file::Attached;
use domain::task::event::Text;
use domain::{Header, OrganisationId, PersonId, Position, Version};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::Id;
use crate::failure::{Reason, Refused};

/// A text and the files with it, and where they are from.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    text: String,
    formatted_text: Option<String>,
    position: Position,
    /// As JSON, with where they are from; those that there are stay where it is nothing.
    files: Option<(String, Position)>,
}

impl Words {
    fn new(text: Text, files: Option<&[Attached]>, position: Position) -> Result<Self, Reason> {
        let files = files.map(serde_json::to_string).transpose().map_err(Reason::Row)?.map(|files| (files, position));
        Ok(Self { text: text.text, formatted_text: text.formatted_text, position, files })
    }

    /// What an event brings, if it brings any.
    pub fn of(event: Event, position: Position) -> Result<Option<Self>, Reason> {
        match event {
            Event::Created(said) | Event::Commented(said) => Self::new(said.text, Some(&said.attachments), position).map(Some),
            Event::Edited(edited) => Self::new(edited.text, edited.attachments.as_deref(), position).map(Some),
            Event::CommentEdited(edited) => Self::new(edited.text, edited.attachments.as_deref(), position).map(Some),
            Event::CommentDeleted { .. } | Event::Closed | Event::Reopened | Event::Deleted => Ok(None),
        }
    }

    fn files(&self) -> Option<&str> {
        self.files.as_ref().map(|(files, _)| files.as_str())
    }

    fn files_position(&self) -> Option<Position> {
        self.files.as_ref().map(|(_, position)| *position)
    }

    /// What is said in its place by now.
    fn then(&mut self, later: Self) {
        let files = later.files.clone().or_else(|| self.files.take());
        *self = Self { files, ..later };
    }
}

struct Comment {
    author: PersonId,
    created_at: Timestamp,
    words: Words,
}

/// An announcement in the making.
#[derive(Default)]
pub(super) struct Changed {
    pub(super) version: Version,
    /// The version that the row has; 0 without a row.
    stored: Version,
    author: PersonId,
    created_at: Timestamp,
    modified_at: Timestamp,
    closed: bool,
    deleted: bool,
    /// Where it changed.
    words: Option<Words>,
    /// Comments that there are no rows of yet.
    fresh: BTreeMap<Position, Comment>,
    /// New texts of those that there are rows of.
    edited: BTreeMap<Position, Words>,
    gone: BTreeSet<Position>,
}

impl Changed {
    pub(super) fn is_changed(&self) -> bool {
        self.version != self.stored
    }

    pub(super) fn take(&mut self, event: Event, header: &Header) -> Result<(), Reason> {
        self.version = header.version;
        self.modified_at = header.at;
        match event {
            Event::Created(said) => {
                (self.author, self.created_at) = (header.person, header.at);
                self.words = Some(Words::new(said.text, Some(&said.attachments), header.position)?);
            }
            Event::Edited(edited) => {
                let words = Words::new(edited.text, edited.attachments.as_deref(), header.position)?;
                self.words.get_or_insert_default().then(words);
            }
            Event::Commented(said) => {
                let words = Words::new(said.text, Some(&said.attachments), header.position)?;
                self.fresh.insert(header.position, Comment { author: header.person, created_at: header.at, words });
            }
            Event::CommentEdited(edited) => {
                let words = Words::new(edited.text, edited.attachments.as_deref(), header.position)?;
                match self.fresh.get_mut(&edited.comment) {
                    Some(comment) => comment.words.then(words),
                    None => self.edited.entry(edited.comment).or_default().then(words),
                }
            }
            Event::CommentDeleted { comment } => {
                if self.fresh.remove(&comment).is_none() {
                    self.edited.remove(&comment);
                    self.gone.insert(comment);
                }
            }
            Event::Closed => self.closed = true,
            Event::Reopened => self.closed = false,
            Event::Deleted => {
                self.deleted = true;
                self.words = Some(Words { position: header.position, files: Some(("[]".to_owned(), header.position)), ..Words::default() });
                self.fresh.clear();
                self.edited.clear();
            }
        }
        Ok(())
    }
}

/// The rows of these announcements, those that there are.
pub(super) async fn load(mut ids: Vec<Id>, tx: &mut PgConnection) -> Result<HashMap<Id, Changed>, Refused> {
    ids.sort_unstable();
    ids.dedup();
    let rows = sqlx::query(
        "SELECT a.announcement, a.organisation, version, author, created_at, modified_at, closed, deleted
         FROM unnest($1::bigint[], $2::bigint[]) AS s (announcement, organisation)
         JOIN announcement a ON a.announcement = s.announcement AND a.organisation = s.organisation",
    )
    .bind(ids.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind(ids.iter().map(|(_, organisation)| organisation.0).collect::<Vec<_>>())
    .fetch_all(tx)
    .await?;
    let mut stored = HashMap::with_capacity(rows.len());
    for row in &rows {
        let version = row.try_get(2)?;
        let moment = |column: usize| row.try_get::<jiff_sqlx::Timestamp, _>(column).map(jiff_sqlx::Timestamp::to_jiff);
        let changed = Changed {
            version,
            stored: version,
            author: PersonId(row.try_get(3)?),
            created_at: moment(4)?,
            modified_at: moment(5)?,
            closed: row.try_get(6)?,
            deleted: row.try_get(7)?,
            ..Changed::default()
        };
        stored.insert((row.try_get(0)?, OrganisationId(row.try_get(1)?)), changed);
    }
    Ok(stored)
}

/// Writes what has changed.
pub(super) async fn store(mut changed: Vec<(Id, Changed)>, tx: &mut PgConnection) -> Result<(), Refused> {
    if changed.is_empty() {
        return Ok(());
    }
    changed.sort_unstable_by_key(|(id, _)| *id);
    store_announcements(&changed, tx).await?;
    insert_comments(&changed, tx).await?;
    let edited: Vec<_> = changed.iter().flat_map(|(id, one)| one.edited.iter().map(|(comment, words)| (*id, *comment, words))).collect();
    edit_comments(&edited, tx).await?;
    let gone: Vec<_> = changed.iter().flat_map(|(id, one)| one.gone.iter().map(|comment| (*id, Some(*comment)))).collect();
    let all = changed.iter().filter(|(_, one)| one.deleted).map(|(id, _)| (*id, None));
    delete_comments(&gone.into_iter().chain(all).collect::<Vec<_>>(), tx).await
}

async fn store_announcements(changed: &[(Id, Changed)], tx: &mut PgConnection) -> Result<(), Refused> {
    let words = |of: fn(&Words) -> Option<&str>| changed.iter().map(|(_, one)| one.words.as_ref().and_then(of)).collect::<Vec<_>>();
    sqlx::query(
        "INSERT INTO announcement AS a (announcement, organisation, version, author, text, formatted_text, text_position, created_at,
                                        modified_at, closed, deleted, attachments, attachments_position)
         SELECT announcement, organisation, version, author, coalesce(text, ''), formatted_text, coalesce(text_position, 0), created_at,
                modified_at, closed, deleted, coalesce(attachments, '[]')::json, coalesce(attachments_position, 0)
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::timestamptz[],
                     $9::timestamptz[], $10::boolean[], $11::boolean[], $12::text[], $13::bigint[])
              AS s (announcement, organisation, version, author, text, formatted_text, text_position, created_at, modified_at, closed,
                    deleted, attachments, attachments_position)
         ON CONFLICT (announcement, organisation) DO UPDATE SET
            version = EXCLUDED.version, modified_at = EXCLUDED.modified_at, closed = EXCLUDED.closed, deleted = EXCLUDED.deleted,
            text = CASE WHEN EXCLUDED.text_position > 0 THEN EXCLUDED.text ELSE a.text END,
            formatted_text = CASE WHEN EXCLUDED.text_position > 0 THEN EXCLUDED.formatted_text ELSE a.formatted_text END,
            text_position = greatest(EXCLUDED.text_position, a.text_position),
            attachments = CASE WHEN EXCLUDED.attachments_position > 0 THEN EXCLUDED.attachments ELSE a.attachments END,
            attachments_position = greatest(EXCLUDED.attachments_position, a.attachments_position)",
    )
    .bind(changed.iter().map(|((id, _), _)| *id).collect::<Vec<_>>())
    .bind(changed.iter().map(|((_, organisation), _)| organisation.0).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, one)| one.version).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, one)| one.author.0).collect::<Vec<_>>())
    .bind(words(|words| Some(&words.text)))
    .bind(words(|words| words.formatted_text.as_deref()))
    .bind(changed.iter().map(|(_, one)| one.words.as_ref().map(|words| words.position)).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, one)| one.created_at.to_sqlx()).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, one)| one.modified_at.to_sqlx()).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, one)| one.closed).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, one)| one.deleted).collect::<Vec<_>>())
    .bind(words(Words::files))
    .bind(changed.iter().map(|(_, one)| one.words.as_ref().and_then(Words::files_position)).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

async fn insert_comments(changed: &[(Id, Changed)], tx: &mut PgConnection) -> Result<(), Refused> {
    let fresh: Vec<(Id, Position, &Comment)> =
        changed.iter().flat_map(|(id, one)| one.fresh.iter().map(|(position, comment)| (*id, *position, comment))).collect();
    if fresh.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO announcement_comment (announcement, organisation, comment, author, text, formatted_text, text_position, created_at,
                                           attachments, attachments_position)
         SELECT announcement, organisation, comment, author, text, formatted_text, text_position, created_at,
                coalesce(attachments, '[]')::json, coalesce(attachments_position, 0)
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::timestamptz[],
                     $9::text[], $10::bigint[])
              AS s (announcement, organisation, comment, author, text, formatted_text, text_position, created_at, attachments,
                    attachments_position)",
    )
    .bind(fresh.iter().map(|((id, _), ..)| *id).collect::<Vec<_>>())
    .bind(fresh.iter().map(|((_, organisation), ..)| organisation.0).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(_, position, _)| *position).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(.., comment)| comment.author.0).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(.., comment)| comment.words.text.as_str()).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(.., comment)| comment.words.formatted_text.as_deref()).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(.., comment)| comment.words.position).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(.., comment)| comment.created_at.to_sqlx()).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(.., comment)| comment.words.files()).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(.., comment)| comment.words.files_position()).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

async fn edit_comments(edited: &[(Id, Position, &Words)], tx: &mut PgConnection) -> Result<(), Refused> {
    if edited.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE announcement_comment c SET text = s.text, formatted_text = s.formatted_text, text_position = s.position,
            attachments = coalesce(s.attachments::json, c.attachments),
            attachments_position = coalesce(s.attachments_position, c.attachments_position)
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::bigint[])
              AS s (announcement, organisation, comment, text, formatted_text, position, attachments, attachments_position)
         WHERE c.announcement = s.announcement AND c.organisation = s.organisation AND c.comment = s.comment",
    )
    .bind(edited.iter().map(|((id, _), ..)| *id).collect::<Vec<_>>())
    .bind(edited.iter().map(|((_, organisation), ..)| organisation.0).collect::<Vec<_>>())
    .bind(edited.iter().map(|(_, comment, _)| *comment).collect::<Vec<_>>())
    .bind(edited.iter().map(|(.., words)| words.text.as_str()).collect::<Vec<_>>())
    .bind(edited.iter().map(|(.., words)| words.formatted_text.as_deref()).collect::<Vec<_>>())
    .bind(edited.iter().map(|(.., words)| words.position).collect::<Vec<_>>())
    .bind(edited.iter().map(|(.., words)| words.files()).collect::<Vec<_>>())
    .bind(edited.iter().map(|(.., words)| words.files_position()).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

/// Those named, and all of an announcement where none is.
async fn delete_comments(gone: &[(Id, Option<Position>)], tx: &mut PgConnection) -> Result<(), Refused> {
    if gone.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "DELETE FROM announcement_comment c
         USING unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS s (announcement, organisation, comment)
         WHERE c.announcement = s.announcement AND c.organisation = s.organisation AND (s.comment IS NULL OR c.comment = s.comment)",
    )
    .bind(gone.iter().map(|((id, _), _)| *id).collect::<Vec<_>>())
    .bind(gone.iter().map(|((_, organisation), _)| organisation.0).collect::<Vec<_>>())
    .bind(gone.iter().map(|(_, comment)| *comment).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

/// Puts these words, and these files, where those of their events still stand.
pub(super) async fn replace(left: &[(Id, Words)], tx: &mut PgConnection) -> Result<(), Refused> {
    let of = "FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[])
                   AS s (announcement, organisation, text, formatted_text, position, attachments)
              WHERE a.announcement = s.announcement AND a.organisation = s.organisation";
    for table in ["announcement", "announcement_comment"] {
        let texts = format!("UPDATE {table} a SET text = s.text, formatted_text = s.formatted_text {of} AND a.text_position = s.position");
        let files = format!(
            "UPDATE {table} a SET attachments = s.attachments::json {of}
               AND a.attachments_position = s.position AND s.attachments IS NOT NULL"
        );
        for statement in [texts, files] {
            sqlx::query(AssertSqlSafe(statement))
                .bind(left.iter().map(|((id, _), _)| *id).collect::<Vec<_>>())
                .bind(left.iter().map(|((_, organisation), _)| organisation.0).collect::<Vec<_>>())
                .bind(left.iter().map(|(_, words)| words.text.as_str()).collect::<Vec<_>>())
                .bind(left.iter().map(|(_, words)| words.formatted_text.as_deref()).collect::<Vec<_>>())
                .bind(left.iter().map(|(_, words)| words.position).collect::<Vec<_>>())
                .bind(left.iter().map(|(_, words)| words.files()).collect::<Vec<_>>())
                .execute(&mut *tx)
                .await?;
        }
    }
    Ok(())
}
