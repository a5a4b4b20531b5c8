//! A question about tasks that is asked again and again: by a subscription of the live stream, by a saved filter, by who follows one.
//! Read in the language of the routes that answer the same. Which tasks meet it is the views' matter.

use domain::directory::OrganisationDirectory;
use domain::filter::{self, Over, Whose};
use domain::form::Level;
use domain::{Code, FilterId, Issued, Rejection as _};
use projections::views::tasks::Access;
use projections::views::tasks::question::Question;
use serde_json::{Map, Value};

use crate::dialect::{self, Object};
use crate::error::Fault;

/// Reads what the asker of `issued` asks: a query, or a saved filter by its `filter_id`.
///
/// # Errors
/// As the route that answers the same; `access_denied_filter`.
pub fn read(query: &Map<String, Value>, issued: &Issued<'_>) -> Result<Question, Fault> {
    match Object::new(query).integer("filter_id")?.map(FilterId) {
        Some(filter) => of_filter(filter, issued),
        None => asked(&dialect::query(query)?, issued),
    }
}

/// What a saved filter asks for who asks it.
///
/// # Errors
/// `access_denied_filter`; as the route that answers the same.
pub fn of_filter(filter: FilterId, issued: &Issued<'_>) -> Result<Question, Fault> {
    asked(&seen(filter, issued)?.settings.query, issued)
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
