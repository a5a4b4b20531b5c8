//! What does an article say, and what did it say before? Titles and bodies of the knowledge base in all of their versions. Where
//! articles lie and who may read them is in the directory and decided in `domain`.

use std::collections::HashMap;

use domain::article::Event;
use domain::codec::EventSet;
use domain::id::ArticleId;
use domain::{Kind, OrganisationId, PersonId, Position, Recorded};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{FromRow, PgConnection, PgPool};

use crate::erased::{self, Part};
use crate::failure::{Failure, Refused};
use crate::follower::Follower;
use crate::generation::Generation;

/// The newest versions that a list of them shows.
pub const VERSIONS_LISTED: u32 = 1_000;

/// Follows the texts of articles, and what is erased of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct KnowledgeBase;

impl Follower for KnowledgeBase {
    const NAME: &'static str = "knowledge_base";
    const KINDS: &'static [Kind] = &[Kind::Article, Kind::Audit];
    const SQL: &'static str = include_str!("../../../migrations/views/knowledge_base.sql");
    const REVISION: u32 = 1;

    async fn apply(&self, events: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
        for part in erased::parts(events)? {
            match part {
                Part::Facts(facts) => add(&rows(facts, None)?, tx).await?,
                Part::Erased { at, positions } => {
                    let left = erased::events(&positions, &[Kind::Article], &mut *tx).await?;
                    replace(&rows(&left, Some(at))?, tx).await?;
                }
            }
        }
        Ok(())
    }
}

/// A version in the making.
struct New<'a> {
    event: &'a Recorded,
    title: Option<String>,
    body: Option<String>,
}

fn rows(events: &[Recorded], at: Option<Position>) -> Result<Vec<New<'_>>, Refused> {
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let fact = Event::decode(&event.event_type, event.schema, &event.payload);
        let fact = fact.map_err(|error| Refused::Park { position: at.unwrap_or(event.header.position), reason: error.into() })?;
        match fact {
            Event::Created(created) => rows.push(New { event, title: Some(created.title), body: Some(created.body) }),
            Event::Edited(edited) => rows.push(New { event, title: edited.title, body: edited.body }),
            Event::Moved { .. } | Event::PermissionsChanged(_) | Event::Deleted { .. } => {}
        }
    }
    Ok(rows)
}

async fn add(rows: &[New<'_>], tx: &mut PgConnection) -> Result<(), Refused> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO article_text (article, organisation, version, position, title, body, author, made_at)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[],
                              $8::timestamptz[])
         ON CONFLICT (organisation, article, version) DO NOTHING",
    )
    .bind(rows.iter().map(|row| row.event.header.stream.id).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.event.header.organisation.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.event.header.version).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.event.header.position).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.title.as_deref()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.body.as_deref()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.event.header.person.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.event.header.at.to_sqlx()).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

/// Puts these texts in place of what their events said before.
async fn replace(rows: &[New<'_>], tx: &mut PgConnection) -> Result<(), Refused> {
    sqlx::query(
        "UPDATE article_text a SET title = s.title, body = s.body
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[]) AS s (article, organisation, version, title, body)
         WHERE a.organisation = s.organisation AND a.article = s.article AND a.version = s.version",
    )
    .bind(rows.iter().map(|row| row.event.header.stream.id).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.event.header.organisation.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.event.header.version).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.title.as_deref()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.body.as_deref()).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

/// What a list shows of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    pub title: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The titles of these articles.
///
/// # Errors
/// When the database does not answer.
pub async fn titles(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    articles: &[ArticleId],
) -> Result<HashMap<ArticleId, Title>, Failure> {
    let rows: Vec<(i64, String, jiff_sqlx::Timestamp, jiff_sqlx::Timestamp)> = sqlx::query_as(generation.sql(
        "SELECT article, (array_agg(title ORDER BY version DESC) FILTER (WHERE title IS NOT NULL))[1], min(made_at), max(made_at)
         FROM {view}.article_text WHERE organisation = $1 AND article = ANY($2)
         GROUP BY article HAVING count(title) > 0",
    ))
    .bind(organisation.0)
    .bind(articles.iter().map(|article| article.0).collect::<Vec<_>>())
    .fetch_all(pool)
    .await?;
    let title = |(article, title, created_at, updated_at): (i64, String, jiff_sqlx::Timestamp, jiff_sqlx::Timestamp)| {
        (ArticleId(article), Title { title, created_at: created_at.to_jiff(), updated_at: updated_at.to_jiff() })
    };
    Ok(rows.into_iter().map(title).collect())
}

/// An article's texts at one of their versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// From 1.
    pub number: i64,
    pub title: String,
    pub body: String,
    pub author: PersonId,
    pub editor: PersonId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The texts of an article: the newest, or those of version `number`.
///
/// # Errors
/// When the database does not answer.
pub async fn texts(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    article: ArticleId,
    number: Option<i64>,
) -> Result<Option<Texts>, Failure> {
    let row: Option<TextsRow> = sqlx::query_as(generation.sql(
        "WITH numbered AS (SELECT row_number() OVER (ORDER BY version) AS number, version, title IS NOT NULL AS titled,
                                  body IS NOT NULL AS bodied, author, made_at
                           FROM {view}.article_text WHERE organisation = $1 AND article = $2),
              wanted AS (SELECT * FROM numbered WHERE $3::bigint IS NULL OR number = $3 ORDER BY number DESC LIMIT 1)
         SELECT w.number, t.title, b.body, f.author, w.author AS editor, f.made_at AS created_at, w.made_at AS updated_at
         FROM wanted w
         JOIN numbered f ON f.number = 1
         JOIN {view}.article_text t ON t.organisation = $1 AND t.article = $2
              AND t.version = (SELECT max(version) FROM numbered WHERE titled AND number <= w.number)
         JOIN {view}.article_text b ON b.organisation = $1 AND b.article = $2
              AND b.version = (SELECT max(version) FROM numbered WHERE bodied AND number <= w.number)",
    ))
    .bind(organisation.0)
    .bind(article.0)
    .bind(number)
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Texts {
        number: row.number,
        title: row.title,
        body: row.body,
        author: PersonId(row.author),
        editor: PersonId(row.editor),
        created_at: row.created_at.to_jiff(),
        updated_at: row.updated_at.to_jiff(),
    }))
}

#[derive(FromRow)]
struct TextsRow {
    number: i64,
    title: String,
    body: String,
    author: i64,
    editor: i64,
    created_at: jiff_sqlx::Timestamp,
    updated_at: jiff_sqlx::Timestamp,
}

/// One version in a list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub number: i64,
    /// Where it changed.
    pub title: Option<String>,
    pub body_changed: bool,
    pub editor: PersonId,
    pub made_at: Timestamp,
}

/// The newest versions of an article's texts, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn versions(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    article: ArticleId,
) -> Result<Vec<Listed>, Failure> {
    let rows: Vec<(i64, Option<String>, bool, i64, jiff_sqlx::Timestamp)> = sqlx::query_as(generation.sql(
        "SELECT row_number() OVER (ORDER BY version) AS number, title, body IS NOT NULL, author, made_at
         FROM {view}.article_text WHERE organisation = $1 AND article = $2 ORDER BY version DESC LIMIT $3",
    ))
    .bind(organisation.0)
    .bind(article.0)
    .bind(i64::from(VERSIONS_LISTED))
    .fetch_all(pool)
    .await?;
    let listed = |(number, title, body_changed, editor, made_at): (i64, Option<String>, bool, i64, jiff_sqlx::Timestamp)| Listed {
        number,
        title,
        body_changed,
        editor: PersonId(editor),
        made_at: made_at.to_jiff(),
    };
    Ok(rows.into_iter().map(listed).collect())
}

#[cfg(test)]
mod tests {
    use domain::StreamId;
    use domain::article::event::Edited;
    use domain::erasure::{ERASED, Erasable};
    use domain::testing::{ANNA, BORIS, HOME, written};

    use super::*;
    use crate::generation::IDLE_MAX;
    use crate::rebuild;
    use crate::testing::{Log, at, eager};

    async fn told(log: &Log, id: i64, by: PersonId, event: Event) -> Position {
        log.append(StreamId::new(Kind::Article, id), by, &[event.encode()]).await
    }

    fn edited(title: Option<&str>, body: Option<&str>) -> Event {
        Event::Edited(Box::new(Edited { title: title.map(Into::into), body: body.map(Into::into) }))
    }

    async fn history(log: &Log) -> Position {
        told(log, 1, ANNA, written("Tea", "# How", None)).await;
        told(log, 2, BORIS, written("Cake", "Bake", None)).await;
        told(log, 1, ANNA, Event::Moved { parent: Some(ArticleId(2)), turn: 1 }).await;
        told(log, 1, BORIS, edited(None, Some("# How to"))).await;
        told(log, 1, BORIS, edited(Some("Teas"), None)).await
    }

    async fn table(log: &Log, generation: &Generation) -> Vec<(String,)> {
        let sql = generation.sql("SELECT to_jsonb(a)::text FROM {view}.article_text a ORDER BY 1");
        sqlx::query_as(sql).fetch_all(&log.pool).await.expect("the rows are read")
    }

    #[tokio::test]
    async fn every_version_of_an_article_is_read() {
        let log = Log::create().await;
        let followed = log.follow(&KnowledgeBase, eager()).await;
        let end = history(&log).await;
        let generation = followed.reaches(end).await.generation;
        let read = async |article, number| texts(&log.pool, &generation, HOME, ArticleId(article), number).await.expect("read");
        let words = |texts: Option<Texts>| texts.map(|texts| (texts.number, texts.title, texts.body, texts.editor));
        assert_eq!(words(read(1, None).await), Some((3, "Teas".into(), "# How to".into(), BORIS)));
        assert_eq!(words(read(1, Some(2)).await), Some((2, "Tea".into(), "# How to".into(), BORIS)));
        assert_eq!(words(read(1, Some(1)).await), Some((1, "Tea".into(), "# How".into(), ANNA)));
        for none in [0, 4, -1] {
            assert_eq!(read(1, Some(none)).await, None);
        }
        let newest = read(1, None).await.expect("there");
        assert_eq!((newest.author, newest.created_at, newest.updated_at), (ANNA, at(1), at(5)));
        let elsewhere = texts(&log.pool, &generation, OrganisationId(2), ArticleId(1), None).await.expect("read");
        assert_eq!(elsewhere, None);
        let listed = versions(&log.pool, &generation, HOME, ArticleId(1)).await.expect("read");
        assert_eq!(listed.iter().map(|one| (one.number, one.body_changed)).collect::<Vec<_>>(), [(3, false), (2, true), (1, true)]);
        let titles = titles(&log.pool, &generation, HOME, &[ArticleId(1), ArticleId(2), ArticleId(9)]).await.expect("read");
        assert_eq!((titles.len(), titles[&ArticleId(1)].title.as_str()), (2, "Teas"));
        followed.stop().await;
    }

    #[tokio::test]
    async fn fed_twice_and_made_again_it_is_the_same() {
        let log = Log::create().await;
        let generation = rebuild::ensure(&KnowledgeBase, &log.pool).await.expect("made");
        history(&log).await;
        let events = log.all(KnowledgeBase::KINDS).await;
        for batch in [&events[..2], &events[..], &events[..]] {
            let mut tx = log.pool.begin_with(generation.begin(IDLE_MAX)).await.expect("begun");
            KnowledgeBase.apply(batch, &mut tx).await.expect("taken in");
            tx.commit().await.expect("committed");
        }
        let rebuilt = rebuild::rebuild(&KnowledgeBase, &log.pool, |_, _| {}).await.expect("rebuilt");
        let once = table(&log, &generation).await;
        assert_eq!((table(&log, &rebuilt).await, once.len()), (once.clone(), 4));
    }

    #[tokio::test]
    async fn erased_words_are_gone_and_others_stay() {
        let log = Log::create().await;
        let followed = log.follow(&KnowledgeBase, eager()).await;
        let last = history(&log).await;
        log.erase(&[(1, written("Tea", "# How", None).substitute().encode()), (last, edited(Some("Teas"), None).substitute().encode())])
            .await;
        let end = told(&log, 2, BORIS, edited(Some("Cakes"), None)).await;
        let generation = followed.reaches(end).await.generation;
        let newest = texts(&log.pool, &generation, HOME, ArticleId(1), None).await.expect("read").expect("there");
        assert_eq!((newest.title.as_str(), newest.body.as_str()), (ERASED, "# How to"));
        let live = table(&log, &generation).await;
        let rebuilt = rebuild::rebuild(&KnowledgeBase, &log.pool, |_, _| {}).await.expect("rebuilt");
        assert_eq!(table(&log, &rebuilt).await, live);
        followed.stop().await;
    }
}
