//! A question about tasks that is asked again and again: by a subscription of the live stream, by a saved filter, by who follows one.
//! Its language is that of the routes that answer the same; which tasks meet it is the views' matter.

use std::collections::HashSet;

use domain::directory::OrganisationDirectory;
use domain::filter::{self, Over, Whose};
use domain::form::Level;
use domain::{Code, FilterId, FormId, Issued, ListId, OrganisationId, PersonId, Rejection as _, TaskId};
use jiff::Timestamp;
use projections::views::inbox;
use projections::views::tasks::members::Span;
use projections::views::tasks::register::{self, Asked};
use projections::views::tasks::{Access, members};
use projections::{Generation, View};
use serde_json::{Map, Value};
use sqlx::PgPool;

use crate::dialect::{self, Object};
use crate::error::Fault;

/// What is asked, by whoever asks it.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    Register(FormId, Box<Asked>, Access),
    List {
        list: ListId,
        include_closed: bool,
    },
    /// Open tasks that somebody is responsible for, or that wait for their word.
    Person {
        person: PersonId,
        asked: bool,
        access: Access,
    },
    Inbox(Vec<PersonId>),
}

/// Reads what the asker of `issued` asks: a query, or a saved filter by its `filter_id`.
///
/// # Errors
/// As the route that answers the same; `access_denied_filter`.
pub fn read(query: &Map<String, Value>, issued: &Issued<'_>) -> Result<Question, Fault> {
    match Object::new(query).integer("filter_id")?.map(FilterId) {
        Some(filter) => asked(&seen(filter, issued)?.settings.query, issued),
        None => asked(&dialect::query(query)?, issued),
    }
}

/// A saved filter that the asker sees.
///
/// # Errors
/// `access_denied_filter`.
pub fn seen<'a>(filter: FilterId, issued: &Issued<'a>) -> Result<&'a filter::Filter, Fault> {
    let directory: &'a OrganisationDirectory = issued.directory;
    let filter = directory.filter(filter).filter(|filter| filter.seen(issued).is_ok());
    filter.map(AsRef::as_ref).ok_or_else(|| Fault::domain(Code::AccessDeniedFilter))
}

/// What a query means for who asks.
///
/// # Errors
/// As the route that answers the same.
pub fn asked(query: &filter::Query, issued: &Issued<'_>) -> Result<Question, Fault> {
    query.over.open(issued).map_err(|rejection| Fault::domain(rejection.code()))?;
    let object = Object::new(&query.members);
    let person = |whose| match whose {
        Whose::Me => issued.who,
        Whose::Person(person) => person,
    };
    Ok(match query.over {
        Over::Form(form) => {
            let form = issued.directory.form(form).ok_or_else(|| Fault::domain(Code::AccessDeniedForm))?;
            let sees_all = form.level(issued) != Level::None && form.level(issued).sees_all_tasks();
            let zone = domain::zone::named(&issued.directory.organisation.settings.time_zone);
            let asked = dialect::register(&object, &form.published, issued.at, &zone, false)?.asked;
            Question::Register(form.id, Box::new(asked), Access::of(issued).or_all(sees_all))
        }
        Over::List(list) => Question::List { list, include_closed: object.boolean("include_archived")? },
        Over::Responsible(whose) => Question::Person { person: person(whose), asked: false, access: Access::of(issued) },
        Over::Approver(whose) => Question::Person { person: person(whose), asked: true, access: Access::of(issued) },
        Over::Inbox => {
            let principals = issued.directory.principals(issued.who).chain(issued.directory.deputised_by(issued.who, issued.at));
            Question::Inbox(principals.collect())
        }
    })
}

/// A query can be asked by who saves it; what is no parameter of a register is refused.
///
/// # Errors
/// As the route that answers the same.
pub fn check(query: &filter::Query, issued: &Issued<'_>) -> Result<(), Fault> {
    asked(query, issued)?;
    if let Over::Form(form) = query.over
        && let Some(form) = issued.directory.form(form)
    {
        let zone = domain::zone::named(&issued.directory.organisation.settings.time_zone);
        dialect::register(&Object::new(&query.members), &form.published, issued.at, &zone, true)?;
    }
    Ok(())
}

impl Question {
    pub fn view(&self) -> View {
        match self {
            Self::Register(..) | Self::List { .. } | Self::Person { .. } => View::Tasks,
            Self::Inbox(_) => View::Inbox,
        }
    }

    /// The tasks that meet it, of those in `span`: the newest come first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn met(
        &self,
        pool: &PgPool,
        generation: &Generation,
        organisation: OrganisationId,
        now: Timestamp,
        span: Span<'_>,
    ) -> Result<Vec<TaskId>, projections::Failure> {
        match self {
            Self::Register(form, asked, access) => {
                let limit = u32::try_from(span.limit).unwrap_or(u32::MAX);
                let mut asked = Asked { limit, after: span.after, rising: false, ..Asked::clone(asked) };
                if let Some(among) = span.among {
                    let wanted: HashSet<TaskId> = asked.tasks.iter().copied().collect();
                    asked.tasks = among.iter().copied().filter(|task| wanted.is_empty() || wanted.contains(task)).collect();
                    if asked.tasks.is_empty() {
                        return Ok(Vec::new());
                    }
                }
                Ok(register::found(pool, generation, (organisation, *form), access, &asked).await?.tasks)
            }
            Self::List { list, include_closed } => members::in_list(pool, generation, (organisation, *list), *include_closed, span).await,
            Self::Person { person, asked, access } => {
                members::of_person(pool, generation, (organisation, *person), *asked, access, span).await
            }
            Self::Inbox(principals) => inbox::counts::among(pool, generation, (organisation, principals), span, now).await,
        }
    }
}
