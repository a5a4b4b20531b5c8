//! `GET /search`: what is found in everything that the asker may see. How it is asked is `dialect::search`'s, what is found and who may
//! see it `projections::search`'s. A node without an index has another answer that has one.

use std::sync::Weak;
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse};
use actors::cluster::{self, Asked, Role, State};
use actors::system::Refused;
use bytes::Bytes;
use domain::directory::OrganisationDirectory;
use domain::id::ArticleId;
use domain::task::Answer as DomainAnswer;
use domain::{FormId, Issued, OrganisationId, PersonId, Position};
use futures_util::future::BoxFuture;
use jiff::tz::TimeZone;
use projections::search::find::{Answer, Facets as Counted, Found};
use projections::search::schema::Kind;
use projections::search::{Search, Unavailable, Who};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::query::Query;
use super::{moment, schema};
use crate::answer::{self, About};
use crate::codes::Own;
use crate::dialect::{self, article_id};
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::node::Node;

/// How long an asker waits for what they wrote to be found.
const WAIT_MAX: Duration = Duration::from_secs(1);
const RETRY_SECONDS: u64 = 1;
/// Nodes that are asked where this one has no index.
const NODES_MAX: usize = 3;

#[derive(Serialize, ToSchema)]
#[schema(as = SearchResults)]
pub struct Results<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    results: Vec<Item>,
    /// How many there are that the asker may see, exactly up to 10,000.
    count: usize,
    count_is_exact: bool,
    /// What was written was found nowhere: these words differ a little from it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_approximate: bool,
    facets: Facets<'a>,
    has_more: bool,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

/// The id as requests name it: of an article text, of everything else a number.
#[derive(Serialize, ToSchema)]
#[schema(as = FoundId)]
#[serde(untagged)]
pub enum Id {
    Number(i64),
    Text(String),
}

#[derive(Serialize, ToSchema)]
#[schema(as = FoundItem)]
pub struct Item {
    /// `task`, `person`, `role`, `form`, `catalog`, `article` or `list`.
    kind: &'static str,
    id: Id,
    /// As it is called now.
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    /// From and to of what was found in `title`, in UTF-16 units.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    title_marks: Vec<(usize, usize)>,
    /// The comment of the task that was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    comment_id: Option<i64>,
    /// The item of the catalog that was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    item_id: Option<i64>,
    /// Who wrote what was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    author_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    written_at: Option<String>,
    /// Where it was found: `title`, `text`, `field`, `comment`, `file`, `item`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    matched: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Snippet>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<Task>,
}

/// A piece of the text that was found.
#[derive(Serialize, ToSchema)]
#[schema(as = FoundSnippet)]
pub struct Snippet {
    /// Plain: it is to be shown as text.
    text: String,
    /// From and to of what was found, in UTF-16 units of `text`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<(usize, usize)>,
    /// The same with everything escaped, and what was found in `mark` elements.
    html: String,
}

/// How a task stands now.
#[derive(Serialize, ToSchema)]
#[schema(as = FoundTask)]
pub struct Task {
    #[serde(skip_serializing_if = "Option::is_none")]
    form_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_step: Option<u8>,
    author_id: i64,
    is_closed: bool,
}

/// How many of what was found are what: the 20 most frequent of each.
#[derive(Serialize, ToSchema)]
#[schema(as = SearchFacets)]
pub struct Facets<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kinds: Vec<OfKind>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    forms: Vec<OfForm<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    steps: Vec<OfStep<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<OfAuthor>,
    open: usize,
    closed: usize,
}

#[derive(Serialize, ToSchema)]
pub struct OfKind {
    kind: &'static str,
    count: usize,
}

#[derive(Serialize, ToSchema)]
pub struct OfForm<'a> {
    form_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    count: usize,
}

#[derive(Serialize, ToSchema)]
pub struct OfStep<'a> {
    form_id: i64,
    step: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    count: usize,
}

#[derive(Serialize, ToSchema)]
pub struct OfAuthor {
    author_id: i64,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    count: usize,
}

/// Everything that is found and that the asker may see; tasks once, however much of them is found.
#[utoipa::path(
    get, path = "/v4/search", tag = "search",
    params(
        ("q" = Option<String>, Query, description = "What to look for: words in any of their forms, the last one perhaps not finished; \
          `\"phrases\"`; `-without`; `kind:` `form:` `step:` `author:` `approver:` `waiting:` `list:` by ids or names (`me`); `is:open`, \
          `is:closed`; `after:` `before:` `on:` days. At most 1000 characters and 32 parts. The parameters below say the same"),
        ("kind" = Option<String>, Query, description = "`task`, `comment`, `person`, `role`, `form`, `catalog`, `item` (of a catalog), `article`, `list`; several with commas"),
        ("form_id" = Option<String>, Query, description = "Tasks of this form"),
        ("step" = Option<String>, Query, description = "Tasks at this step of their form, by number or name"),
        ("author" = Option<String>, Query, description = "Tasks and comments of this person"),
        ("approver" = Option<String>, Query, description = "Open tasks whose current step waits for this person, or a role of theirs"),
        ("waiting" = Option<String>, Query, description = "Open tasks in which this person, or a role of theirs, has something to do"),
        ("list_id" = Option<String>, Query, description = "Tasks in this list or below it"),
        ("created_after" = Option<String>, Query, description = "Written at or after this moment"),
        ("created_before" = Option<String>, Query, description = "Written before this moment"),
        ("closed" = Option<bool>, Query, description = "Only closed tasks, or only open ones"),
        ("order" = Option<String>, Query, description = "`relevance`, or `newest` first"),
        ("item_count" = Option<u32>, Query, description = "Results in the answer, 1 to 100; 20 where nothing is said"),
        ("cursor" = Option<String>, Query, description = "`cursor` of the page before; scores change while much is written, so that pages may overlap then"),
        schema::Read,
    ),
    responses(
        (status = 200, body = Results),
        (status = 400, body = Envelope, description = "`invalid_search_query` with the place of the mistake, `invalid_value_format`, `items_count_out_of_range`"),
        (status = 401, body = Envelope), (status = 412, body = Envelope, description = "`log_replaced`"), (status = 429, body = Envelope),
        (status = 503, body = Envelope, description = "`search_unavailable`: no node that answers has an index, or it is being made; `service_unavailable`"),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let asked = dialect::search(&Query::of(&request))?;
    let after = caller.after().await?;
    // Rights as they are now, whoever changed them: what was taken away is not shown, although the index may still know it.
    let known = caller.node.true_head().await?.max(after);
    let (organisation, who) = (caller.organisation.id, caller.person.id);
    let body = match &caller.node.search {
        Some(search) => answered(&caller.node, search, asked, (organisation, who), (known, after)).await?,
        None => elsewhere(&request, &caller, (known, after)).await?,
    };
    let answer = DomainAnswer { chunks: vec![body], ..DomainAnswer::default() };
    Ok(answer::chunks(&request, &caller.node, answer, About::read(after)))
}

/// Answers from this node's index, under the rights of who asks; `known` of rights and `shown` of texts are waited for.
async fn answered(
    node: &Node,
    search: &Search,
    asked: dialect::Search,
    (organisation, who): (OrganisationId, PersonId),
    (known, shown): (Position, Position),
) -> Result<Bytes, Fault> {
    let (directory, _) = node.world.at_least(known).await?;
    let organisation = directory.organisation(organisation).cloned().ok_or_else(|| Fault::own(Own::InvalidToken))?;
    let own = organisation.person(who).and_then(|person| person.profile.time_zone.as_deref());
    let zone = TimeZone::get(own.unwrap_or(&organisation.organisation.settings.time_zone)).unwrap_or(TimeZone::UTC);
    let issued = Issued { organisation: organisation.id, who, at: node.journal.now(), directory: &organisation };
    let at = issued.at;
    let mut resolved = asked.question.resolved(&issued, &zone);
    resolved.from = resolved.from.max(asked.created_after.map(jiff::Timestamp::as_second));
    let before = asked.created_before.map(jiff::Timestamp::as_second);
    resolved.until = match (resolved.until, before) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    let whose = Who { organisation: organisation.clone(), person: who, at };
    let answer = search.find(resolved, whose, asked.slice, (known, shown), WAIT_MAX).await.map_err(|why| refused(&why))?;
    let json = serde_json::to_vec(&self::shown(answer, &organisation)).map_err(|_| Fault::own(Own::ServerError))?;
    Ok(json.into())
}

/// What one node asks another that has an index.
#[derive(Serialize, Deserialize)]
struct Forwarded {
    /// As it was asked.
    query: String,
    /// What is to be found.
    shown: Position,
}

/// Asks the nodes that have an index, one after the other: each person begins with another.
async fn elsewhere(request: &HttpRequest, caller: &Caller, (known, shown): (Position, Position)) -> Result<Bytes, Fault> {
    let cluster = caller.node.cluster().ok_or_else(|| unavailable("this node has none"))?;
    let view = cluster.view();
    let mut with: Vec<_> =
        view.members().iter().skip(1).filter(|node| node.roles.has(Role::Search) && takes_questions(node.state)).collect();
    let first = usize::try_from(caller.person.id.0.unsigned_abs()).unwrap_or_default().checked_rem(with.len()).unwrap_or_default();
    with.rotate_left(first);
    let forwarded = Forwarded { query: request.query_string().to_owned(), shown };
    let body = Bytes::from(serde_json::to_vec(&forwarded).map_err(|_| Fault::own(Own::ServerError))?);
    for node in with.into_iter().take(NODES_MAX) {
        let asked = Asked {
            organisation: caller.organisation.id,
            who: caller.person.id,
            position: known,
            deadline: caller.deadline,
            body: body.clone(),
        };
        match cluster.ask_aside(node, asked).await {
            Ok(body) => return Ok(body),
            Err(why) => tracing::warn!(node = node.name, %why, "a node with an index does not answer what is searched for"),
        }
    }
    Err(unavailable("no node with an index answers"))
}

const fn takes_questions(state: State) -> bool {
    matches!(state, State::Active | State::Draining | State::Impaired)
}

/// The search of a node, as others ask it. It does not keep the node alive.
pub struct Aside(pub Weak<Node>);

impl cluster::Aside for Aside {
    fn answer(&self, asked: Asked) -> BoxFuture<'static, Result<Bytes, Refused>> {
        let node = self.0.upgrade();
        Box::pin(async move {
            let refused = |why: &str| Refused::Unavailable(why.into());
            let node = node.ok_or_else(|| refused("the node goes"))?;
            let search = node.search.as_ref().ok_or_else(|| refused("the node has no index"))?;
            let Forwarded { query, shown } =
                serde_json::from_slice(&asked.body).map_err(|_| refused("the question is of another build"))?;
            let question = dialect::search(&Query::read(&query)).map_err(|_| refused("the question is of another build"))?;
            let answer = answered(&node, search, question, (asked.organisation, asked.who), (asked.position, shown)).await;
            answer.map_err(|fault| refused(&fault.to_string()))
        })
    }
}

fn unavailable(why: &'static str) -> Fault {
    Fault::own(Own::SearchUnavailable).with(why).retry_after(RETRY_SECONDS)
}

fn refused(why: &Unavailable) -> Fault {
    match why {
        Unavailable::Making => unavailable("the index is being made"),
        Unavailable::Behind => unavailable("the index is behind"),
        Unavailable::Broken(error) => {
            tracing::warn!(error = error as &dyn std::error::Error, "the search index could not be asked");
            unavailable("the index cannot be asked just now")
        }
    }
}

fn shown(answer: Answer, organisation: &OrganisationDirectory) -> Results<'_> {
    Results {
        results: answer.found.into_iter().map(item).collect(),
        count: answer.count,
        count_is_exact: answer.exact,
        is_approximate: answer.near,
        facets: facets(&answer.facets, organisation),
        has_more: answer.next.is_some(),
        cursor: answer.next.map(|cursor| cursor.to_string()),
    }
}

fn item(found: Found) -> Item {
    let projections::search::snippet::Snippet { text, marks, html } = found.snippet;
    Item {
        kind: found.kind.word(),
        id: match found.kind {
            Kind::Article => Id::Text(article_id::write(ArticleId(found.id))),
            Kind::Task | Kind::Comment | Kind::Person | Kind::Role | Kind::Form | Kind::Catalog | Kind::Item | Kind::List => {
                Id::Number(found.id)
            }
        },
        title: found.title,
        title_marks: found.title_marks,
        comment_id: found.comment,
        item_id: found.item,
        author_id: found.author.map(|author| author.0),
        written_at: found.written_at.map(moment),
        matched: found.matched,
        snippet: if text.is_empty() { None } else { Some(Snippet { text, marks, html }) },
        task: found.task.map(|task| Task {
            form_id: task.form.map(|form| form.0),
            current_step: task.step,
            author_id: task.author.0,
            is_closed: task.closed,
        }),
    }
}

fn facets<'a>(counted: &Counted, organisation: &'a OrganisationDirectory) -> Facets<'a> {
    let form = |id: FormId| organisation.form(id);
    let step = |(id, step): (FormId, u8)| form(id).and_then(|form| form.published.steps.get(usize::from(step).checked_sub(1)?));
    let person = |id: PersonId| {
        let name = |person: &domain::person::Person| format!("{} {}", person.profile.first_name, person.profile.last_name);
        organisation.person(id).map(|person| name(person).trim().to_owned()).unwrap_or_default()
    };
    Facets {
        kinds: counted.kinds.iter().map(|(kind, count)| OfKind { kind: kind.word(), count: *count }).collect(),
        forms: counted
            .forms
            .iter()
            .map(|(id, count)| OfForm { form_id: id.0, name: form(*id).map(|form| form.settings.name.as_str()), count: *count })
            .collect(),
        steps: counted
            .steps
            .iter()
            .map(|(at, count)| OfStep { form_id: at.0.0, step: at.1, name: step(*at).map(|step| step.name.as_str()), count: *count })
            .collect(),
        authors: counted.authors.iter().map(|(id, count)| OfAuthor { author_id: id.0, name: person(*id), count: *count }).collect(),
        open: counted.open,
        closed: counted.closed,
    }
}
