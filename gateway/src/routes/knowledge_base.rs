//! `/knowledgebase`: topics and articles. Who reads and writes what, and where it may lie, is decided in `domain`.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::system::Done;
use domain::article::{Access, Article, Command, Nature, access, tree};
use domain::directory::OrganisationDirectory;
use domain::id::ArticleId;
use domain::person::Person;
use domain::role::Role;
use domain::{Code, Issued, PersonId, Position};
use projections::View;
use projections::views::knowledge_base::{self as view, Listed, Texts, Title};
use serde::Serialize;
use utoipa::ToSchema;

use super::query::Query;
use super::{moment, schema};
use crate::answer::{self, About};
use crate::dialect::{self, Object, article_id};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::view::{Ready, answered, read as ready, written};

/// Levels of a structure; nothing lies deeper.
const DEPTH: usize = tree::DEPTH_MAX + 1;

/// A person, or a role, as the knowledge base shows them.
#[derive(Serialize, ToSchema)]
pub struct Named<'a> {
    id: i64,
    #[serde(skip_serializing_if = "str::is_empty")]
    first_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    last_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'a str,
    /// `user`, `bot` or `role`.
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ArticleEntity)]
pub struct Entity<'a> {
    id: String,
    title: &'a str,
    /// `article` or `topic`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Markdown.
    #[serde(skip_serializing_if = "str::is_empty")]
    body: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_topic_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<Named<'a>>,
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_edited_by: Option<Named<'a>>,
    version: i64,
    /// `read` or `write`.
    access_right: &'static str,
    is_open_for_organization: bool,
    is_public: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ArticleStructure)]
pub struct Structure {
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_topic_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    depth: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<Item>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = StructureItem)]
pub struct Item {
    id: String,
    title: String,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_topic_id: Option<String>,
    created_at: String,
    updated_at: String,
    access_right: &'static str,
    is_open_for_organization: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    children: Vec<Item>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ArticlePermissions)]
pub struct Permissions<'a> {
    /// What everybody but guests may: `none` or `read`.
    global_permission: &'static str,
    inherit: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    readers: Vec<Named<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    editors: Vec<Named<'a>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ArticleVersions)]
pub struct Versions<'a> {
    /// Newest first, at most 1000.
    versions: Vec<Version<'a>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ArticleVersion)]
pub struct Version<'a> {
    version: i64,
    /// Where it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    body_changed: bool,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_edited_by: Option<Named<'a>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = DeletedArticle)]
pub struct Deleted {
    deleted: bool,
}

/// What the asker may read, as a tree in the order of titles. What lies under something that they may not read is shown under the
/// nearest topic that they may.
#[utoipa::path(
    get, path = "/v4/knowledgebase/structure", tag = "knowledge base",
    params(
        ("parent_topic_id" = Option<String>, Query, description = "Only what lies under this topic"),
        ("depth" = Option<u32>, Query, description = "Levels, from 1; all of them where nothing is said"), schema::Read,
    ),
    responses(
        (status = 200, body = Structure), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 404, body = Envelope, description = "`knowledge_base_not_found`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn structure(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let query = Query::of(&request);
    let depth = query.text("depth").map(|_| query.count("depth", DEPTH, usize::MAX)).transpose()?;
    let top = query.text("parent_topic_id").as_deref().map(id_of).transpose()?;
    let (organisation, position) = here(&caller).await?;
    let issued = issued(&caller, &organisation);
    if let Some(top) = top {
        found(top, &issued, Access::Read)?;
    }
    let readable: HashMap<ArticleId, (&Article, Access)> = organisation
        .articles
        .values()
        .map(|article| (article.id, (&**article, article.access(&issued))))
        .filter(|(_, (_, access))| *access >= Access::Read)
        .collect();
    let ids: Vec<ArticleId> = readable.keys().copied().collect();
    let ready = ready(&caller, View::KnowledgeBase).await?;
    let titles = answered(view::titles(&caller.node.pool, &ready.generation, organisation.id, &ids).await)?;
    let mut under: HashMap<Option<ArticleId>, Vec<(&Article, Access, &Title)>> = HashMap::new();
    for (article, access) in readable.values() {
        let Some(title) = titles.get(&article.id) else { continue };
        under.entry(readable_parent(article, &organisation, &readable)).or_default().push((article, *access, title));
    }
    for level in under.values_mut() {
        level.sort_by(|(one, _, title), (other, _, others)| (&title.title, one.id).cmp(&(&others.title, other.id)));
    }
    let items = items(top, depth.unwrap_or(DEPTH).min(DEPTH), &under, &issued, &mut HashSet::new());
    let structure = Structure { parent_topic_id: top.map(article_id::write), depth, items };
    answer::json(&request, &caller.node, &structure, About::read(position.max(ready.position)))
}

fn readable_parent(
    article: &Article,
    organisation: &OrganisationDirectory,
    readable: &HashMap<ArticleId, (&Article, Access)>,
) -> Option<ArticleId> {
    let mut above = tree::shown_under(article, organisation);
    // Bounded as the tree is: each step goes one level up.
    for _ in 0..DEPTH {
        let parent = above?;
        if readable.contains_key(&parent) {
            return Some(parent);
        }
        above = organisation.article(parent).and_then(|parent| tree::shown_under(parent, organisation));
    }
    None
}

fn items(
    top: Option<ArticleId>,
    depth: usize,
    under: &HashMap<Option<ArticleId>, Vec<(&Article, Access, &Title)>>,
    issued: &Issued<'_>,
    seen: &mut HashSet<ArticleId>,
) -> Vec<Item> {
    if depth == 0 {
        return Vec::new();
    }
    let mut level = Vec::new();
    for (article, access, title) in under.get(&top).into_iter().flatten() {
        if seen.insert(article.id) {
            level.push(Item {
                id: article_id::write(article.id),
                title: title.title.clone(),
                kind: kind(article.nature),
                parent_topic_id: top.map(article_id::write),
                created_at: moment(title.created_at),
                updated_at: moment(title.updated_at),
                access_right: access.word(),
                is_open_for_organization: article.open_to_all(issued),
                children: items(Some(article.id), depth - 1, under, issued, seen),
            });
        }
    }
    level
}

/// An article or a topic: as it is, or one of its earlier versions.
#[utoipa::path(
    get, path = "/v4/knowledgebase/{id}", tag = "knowledge base",
    params(
        ("id" = String, Path, description = "The article or topic"),
        ("version" = Option<i64>, Query, description = "Its texts as of this version. Ours, beside the dialect"), schema::Read,
    ),
    responses(
        (status = 200, body = Entity), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 404, body = Envelope, description = "`knowledge_base_not_found`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = id_of(&id)?;
    let number = Query::of(&request).text("version").map(|text| text.parse().map_err(|_| Fault::format("version"))).transpose()?;
    let (organisation, position) = here(&caller).await?;
    let issued = issued(&caller, &organisation);
    let article = found(id, &issued, Access::Read)?;
    let ready = ready(&caller, View::KnowledgeBase).await?;
    show(&request, &caller, article, &issued, number, &ready, About::read(position.max(ready.position))).await
}

/// Adds an article or a topic.
#[utoipa::path(
    post, path = "/v4/knowledgebase", tag = "knowledge base", params(schema::Write), request_body = schema::CreateArticle,
    responses(
        (status = 200, body = Entity),
        (status = 400, body = Envelope, description = "`knowledge_base_title_required`, `knowledge_base_body_required`, `knowledge_base_invalid_parent`, `knowledge_base_invalid_request`, `too_large_message_text`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`knowledge_base_access_denied`"),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn create(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let create = dialect::create_article(&Object::new(&members))?;
    let done = caller.node.create_article(command, create).await?;
    done_with(&request, &caller, done).await
}

/// Changes an article or a topic: its texts, and where it lies.
#[utoipa::path(
    put, path = "/v4/knowledgebase/{id}", tag = "knowledge base",
    params(("id" = String, Path, description = "The article or topic"), schema::Write), request_body = schema::ChangeArticle,
    responses(
        (status = 200, body = Entity),
        (status = 400, body = Envelope, description = "`knowledge_base_title_required`, `knowledge_base_body_required`, `knowledge_base_invalid_parent`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`knowledge_base_access_denied`"),
        (status = 404, body = Envelope, description = "`knowledge_base_not_found`"),
        (status = 409, body = Envelope, description = "`knowledge_base_version_conflict`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn change(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = id_of(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let change = dialect::change_article(&Object::new(&members))?;
    let done = caller.node.change_article(id, command, change).await?;
    done_with(&request, &caller, done).await
}

/// Deletes an article or a topic. What lies under the topic goes with it, or else lies under the topic above.
#[utoipa::path(
    delete, path = "/v4/knowledgebase/{id}", tag = "knowledge base",
    params(
        ("id" = String, Path, description = "The article or topic"),
        ("delete_with_children" = Option<bool>, Query, description = "With everything under it"), schema::Write,
    ),
    responses(
        (status = 200, body = Deleted), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`knowledge_base_access_denied`: of it, or of something under it"),
        (status = 404, body = Envelope, description = "`knowledge_base_not_found`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn delete(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = id_of(&id)?;
    let with_children = Query::of(&request).boolean("delete_with_children")?.unwrap_or(false);
    let command = command(&request, &caller, &body.0)?;
    let done = caller.node.change_article(id, command, Command::Delete { with_children }).await?;
    // What lies where is in the directory: once it is said to be gone, nobody is shown it here.
    after(&caller, done.position).await?;
    answer::json(&request, &caller.node, &Deleted { deleted: true }, About::done(&done))
}

/// Who reads and edits an article or a topic.
#[utoipa::path(
    get, path = "/v4/knowledgebase/{id}/permissions", tag = "knowledge base",
    params(("id" = String, Path, description = "The article or topic"), schema::Read),
    responses(
        (status = 200, body = Permissions), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`knowledge_base_access_denied`"),
        (status = 404, body = Envelope, description = "`knowledge_base_not_found`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn permissions(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = id_of(&id)?;
    let (organisation, position) = here(&caller).await?;
    let issued = issued(&caller, &organisation);
    let article = found(id, &issued, Access::Read)?;
    if !access::administers(&issued) {
        return Err(Fault::domain(Code::KnowledgeBaseAccessDenied));
    }
    answer::json(&request, &caller.node, &Permissions::of(article, &issued), About::read(position))
}

/// Says who reads and edits an article or a topic.
#[utoipa::path(
    put, path = "/v4/knowledgebase/{id}/permissions", tag = "knowledge base",
    params(("id" = String, Path, description = "The article or topic"), schema::Write), request_body = schema::PermitArticle,
    responses(
        (status = 200, body = Permissions), (status = 400, body = Envelope, description = "`invalid_person_id`"), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`knowledge_base_access_denied`"),
        (status = 404, body = Envelope, description = "`knowledge_base_not_found`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn permit(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = id_of(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let permit = dialect::permit_article(&Object::new(&members))?;
    let done = caller.node.change_article(id, command, permit).await?;
    let organisation = after(&caller, done.position).await?;
    let issued = issued(&caller, &organisation);
    answer::json(&request, &caller.node, &Permissions::of(&done.view, &issued), About::done(&done))
}

/// The versions of an article's or a topic's texts. Ours, beside the dialect.
#[utoipa::path(
    get, path = "/v4/knowledgebase/{id}/versions", tag = "knowledge base",
    params(("id" = String, Path, description = "The article or topic"), schema::Read),
    responses(
        (status = 200, body = Versions), (status = 401, body = Envelope),
        (status = 404, body = Envelope, description = "`knowledge_base_not_found`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn versions(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = id_of(&id)?;
    let (organisation, position) = here(&caller).await?;
    found(id, &issued(&caller, &organisation), Access::Read)?;
    let ready = ready(&caller, View::KnowledgeBase).await?;
    let listed = answered(view::versions(&caller.node.pool, &ready.generation, organisation.id, id).await)?;
    let versions = listed.iter().map(|version| Version::of(version, &organisation)).collect();
    answer::json(&request, &caller.node, &Versions { versions }, About::read(position.max(ready.position)))
}

/// The organisation as the asker must see it.
async fn here(caller: &Caller) -> Result<(Arc<OrganisationDirectory>, Position), Fault> {
    let (directory, position) = caller.directory().await?;
    Ok((caller.organisation_in(&directory)?, position))
}

/// The organisation as a command at `position` left it.
async fn after(caller: &Caller, position: Position) -> Result<Arc<OrganisationDirectory>, Fault> {
    caller.wrote(position);
    // It is in the log, so that a "no" would not be true.
    let (directory, _) = caller.node.world.at_least(position).await.map_err(|_| Fault::unknown_outcome())?;
    caller.organisation_in(&directory)
}

fn issued<'a>(caller: &Caller, organisation: &'a OrganisationDirectory) -> Issued<'a> {
    Issued { organisation: organisation.id, who: caller.person.id, at: caller.node.journal.now(), directory: organisation }
}

fn found<'a>(id: ArticleId, issued: &Issued<'a>, least: Access) -> Result<&'a Article, Fault> {
    let article = issued.directory.article(id).filter(|article| article.access(issued) >= least);
    article.map(|article| &**article).ok_or_else(|| Fault::domain(Code::KnowledgeBaseNotFound))
}

fn id_of(text: &str) -> Result<ArticleId, Fault> {
    article_id::read(text).ok_or_else(|| Fault::domain(Code::KnowledgeBaseNotFound))
}

async fn done_with(request: &HttpRequest, caller: &Caller, done: Done<Arc<Article>>) -> Result<HttpResponse, Fault> {
    let organisation = after(caller, done.position).await?;
    let ready = written(caller, View::KnowledgeBase, done.position).await?;
    let issued = issued(caller, &organisation);
    show(request, caller, &done.view, &issued, None, &ready, About::done(&done)).await
}

async fn show(
    request: &HttpRequest,
    caller: &Caller,
    article: &Article,
    issued: &Issued<'_>,
    number: Option<i64>,
    ready: &Ready,
    about: About,
) -> Result<HttpResponse, Fault> {
    let texts = view::texts(&caller.node.pool, &ready.generation, issued.organisation, article.id, number).await;
    let texts = answered(texts)?.ok_or_else(|| Fault::domain(Code::KnowledgeBaseNotFound))?;
    answer::json(request, &caller.node, &Entity::of(article, &texts, issued), about)
}

const fn kind(nature: Nature) -> &'static str {
    match nature {
        Nature::Article => "article",
        Nature::Topic => "topic",
    }
}

impl<'a> Entity<'a> {
    fn of(article: &Article, texts: &'a Texts, issued: &Issued<'a>) -> Self {
        // No more of where it lies than the asker may read.
        let parent = tree::shown_under(article, issued.directory).filter(|parent| issued.access_to(*parent) >= Access::Read);
        Self {
            id: article_id::write(article.id),
            title: &texts.title,
            kind: kind(article.nature),
            body: &texts.body,
            parent_topic_id: parent.map(article_id::write),
            author: Named::of(texts.author, issued.directory),
            created_at: moment(texts.created_at),
            updated_at: moment(texts.updated_at),
            last_edited_by: Named::of(texts.editor, issued.directory),
            version: texts.number,
            access_right: article.access(issued).word(),
            is_open_for_organization: article.open_to_all(issued),
            is_public: article.permissions.public,
        }
    }
}

impl<'a> Permissions<'a> {
    fn of(article: &Article, issued: &Issued<'a>) -> Self {
        let named = |ids: &[PersonId]| ids.iter().filter_map(|id| Named::of(*id, issued.directory)).collect();
        let global = if article.open_to_all(issued) { Access::Read } else { Access::None };
        Self {
            global_permission: global.word(),
            inherit: article.permissions.inherit,
            readers: named(&article.permissions.readers),
            editors: named(&article.permissions.editors),
        }
    }
}

impl<'a> Version<'a> {
    fn of(listed: &'a Listed, people: &'a OrganisationDirectory) -> Self {
        Self {
            version: listed.number,
            title: listed.title.as_deref(),
            body_changed: listed.body_changed,
            updated_at: moment(listed.made_at),
            last_edited_by: Named::of(listed.editor, people),
        }
    }
}

impl<'a> Named<'a> {
    fn of(id: PersonId, people: &'a OrganisationDirectory) -> Option<Self> {
        people.person(id).map(|person| Self::person(person)).or_else(|| people.role(id).map(|role| Self::role(role)))
    }

    fn person(person: &'a Person) -> Self {
        let profile = &person.profile;
        let kind = match person.kind {
            domain::person::PersonKind::User | domain::person::PersonKind::Guest => "user",
            domain::person::PersonKind::Bot => "bot",
        };
        Self { id: person.id.0, first_name: &profile.first_name, last_name: &profile.last_name, email: &profile.email, kind }
    }

    fn role(role: &'a Role) -> Self {
        Self { id: role.id.0, first_name: "", last_name: &role.name, email: "", kind: "role" }
    }
}
