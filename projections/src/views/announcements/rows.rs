//! The tables of announcements: read for a batch, written after it, in a fixed number of queries. Not what readers are shown
//! (see [`super::page`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::announcement::Event;
use domain::task::event::Text;
use domain::{Header, OrganisationId, PersonId, Position, Version};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgConnection, Row};

use super::Id;
use crate::failure::Refused;

/// A text and where it is from.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    text: String,
    formatted_text: Option<String>,
    position: Position,
}

impl Words {
    fn new(text: Text, position: Position) -> Self {
        Self { text: text.text, formatted_text: text.formatted_text, position }
    }

    /// The text that an event brings, if it brings one.
    pub fn of(event: Event, position: Position) -> Option<Self> {
        match event {
            Event::Created(text) | Event::Edited(text) | Event::Commented(text) => Some(Self::new(*text, position)),
            Event::CommentEdited(edited) => Some(Self::new(edited.text, position)),
            Event::CommentDeleted { .. } | Event::Closed | Event::Reopened | Event::Deleted => None,
        }
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

    pub(super) fn take(&mut self, event: Event, header: &Header) {
        self.version = header.version;
        self.modified_at = header.at;
        match event {
            Event::Created(text) => {
                (self.author, self.created_at) = (header.person, header.at);
                self.words = Some(Words::new(*text, header.position));
            }
            Event::Edited(text) => self.words = Some(Words::new(*text, header.position)),
            Event::Commented(text) => {
                let words = Words::new(*text, header.position);
                self.fresh.insert(header.position, Comment { author: header.person, created_at: header.at, words });
            }
            Event::CommentEdited(edited) => {
                let words = Words::new(edited.text, header.position);
                match self.fresh.get_mut(&edited.comment) {
                    Some(comment) => comment.words = words,
                    None => {
                        self.edited.insert(edited.comment, words);
                    }
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
                self.words = Some(Words { position: header.position, ..Words::default() });
                self.fresh.clear();
                self.edited.clear();
            }
        }
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
                                        modified_at, closed, deleted)
         SELECT announcement, organisation, version, author, coalesce(text, ''), formatted_text, coalesce(text_position, 0), created_at,
                modified_at, closed, deleted
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::timestamptz[],
                     $9::timestamptz[], $10::boolean[], $11::boolean[])
              AS s (announcement, organisation, version, author, text, formatted_text, text_position, created_at, modified_at, closed,
                    deleted)
         ON CONFLICT (announcement, organisation) DO UPDATE SET
            version = EXCLUDED.version, modified_at = EXCLUDED.modified_at, closed = EXCLUDED.closed, deleted = EXCLUDED.deleted,
            text = CASE WHEN EXCLUDED.text_position > 0 THEN EXCLUDED.text ELSE a.text END,
            formatted_text = CASE WHEN EXCLUDED.text_position > 0 THEN EXCLUDED.formatted_text ELSE a.formatted_text END,
            text_position = greatest(EXCLUDED.text_position, a.text_position)",
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
        "INSERT INTO announcement_comment (announcement, organisation, comment, author, text, formatted_text, text_position, created_at)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[],
                              $8::timestamptz[])",
    )
    .bind(fresh.iter().map(|((id, _), ..)| *id).collect::<Vec<_>>())
    .bind(fresh.iter().map(|((_, organisation), ..)| organisation.0).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(_, position, _)| *position).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(.., comment)| comment.author.0).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(.., comment)| comment.words.text.as_str()).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(.., comment)| comment.words.formatted_text.as_deref()).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(.., comment)| comment.words.position).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(.., comment)| comment.created_at.to_sqlx()).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

async fn edit_comments(edited: &[(Id, Position, &Words)], tx: &mut PgConnection) -> Result<(), Refused> {
    if edited.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE announcement_comment c SET text = s.text, formatted_text = s.formatted_text, text_position = s.position
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[])
              AS s (announcement, organisation, comment, text, formatted_text, position)
         WHERE c.announcement = s.announcement AND c.organisation = s.organisation AND c.comment = s.comment",
    )
    .bind(edited.iter().map(|((id, _), ..)| *id).collect::<Vec<_>>())
    .bind(edited.iter().map(|((_, organisation), ..)| organisation.0).collect::<Vec<_>>())
    .bind(edited.iter().map(|(_, comment, _)| *comment).collect::<Vec<_>>())
    .bind(edited.iter().map(|(.., words)| words.text.as_str()).collect::<Vec<_>>())
    .bind(edited.iter().map(|(.., words)| words.formatted_text.as_deref()).collect::<Vec<_>>())
    .bind(edited.iter().map(|(.., words)| words.position).collect::<Vec<_>>())
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

/// Puts these words where those of their events still stand.
pub(super) async fn replace(left: &[(Id, Words)], tx: &mut PgConnection) -> Result<(), Refused> {
    for table in [
        "UPDATE announcement a SET text = s.text, formatted_text = s.formatted_text
         FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[])
              AS s (announcement, organisation, text, formatted_text, position)
         WHERE a.announcement = s.announcement AND a.organisation = s.organisation AND a.text_position = s.position",
        "UPDATE announcement_comment a SET text = s.text, formatted_text = s.formatted_text
         FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[])
              AS s (announcement, organisation, text, formatted_text, position)
         WHERE a.announcement = s.announcement AND a.organisation = s.organisation AND a.text_position = s.position",
    ] {
        sqlx::query(table)
            .bind(left.iter().map(|((id, _), _)| *id).collect::<Vec<_>>())
            .bind(left.iter().map(|((_, organisation), _)| organisation.0).collect::<Vec<_>>())
            .bind(left.iter().map(|(_, words)| words.text.as_str()).collect::<Vec<_>>())
            .bind(left.iter().map(|(_, words)| words.formatted_text.as_deref()).collect::<Vec<_>>())
            .bind(left.iter().map(|(_, words)| words.position).collect::<Vec<_>>())
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}
