//! What is asked of the search, read: a question in the language of `projections::search::query`, and the same as parameters.

use projections::search::find::{Cursor, Order, Slice};
use projections::search::query::{Mistake, Question};

use super::Object;
use crate::codes::Own;
use crate::error::Fault;
use crate::routes::query::Query;
use jiff::Timestamp;

/// Results in an answer where nothing is said, and at most.
const ITEMS: usize = 20;
const ITEMS_MAX: usize = 100;

/// Parameters, and the operators that they are.
const PARAMETERS: [(&str, &str); 7] = [
    ("kind", "kind"),
    ("form_id", "form"),
    ("step", "step"),
    ("author", "author"),
    ("approver", "approver"),
    ("waiting", "waiting"),
    ("list_id", "list"),
];

/// What is asked for.
#[derive(Debug)]
pub struct Search {
    pub question: Question,
    pub slice: Slice,
    pub created_after: Option<Timestamp>,
    pub created_before: Option<Timestamp>,
}

/// Reads `GET /search`.
///
/// # Errors
/// `invalid_search_query` with the place of the mistake, `invalid_value_format`, `items_count_out_of_range`.
pub fn search(query: &Query<'_>) -> Result<Search, Fault> {
    // As it is: whether a space ends the last word matters.
    let written = query.all("q").pop().unwrap_or_default();
    let mut question = Question::parse(&written).map_err(|mistake| refused(&mistake))?;
    for (parameter, operator) in PARAMETERS {
        // Several values stand in one parameter with commas, or in several of its name.
        for value in query.all(parameter).iter().flat_map(|value| value.split(',')).filter(|value| !value.trim().is_empty()) {
            question.set(operator, value, 0).map_err(|_| Fault::format(parameter))?;
        }
    }
    if let Some(closed) = query.boolean("closed")? {
        question.closed = Some(closed);
    }
    let members = query.members();
    let members = Object::new(&members);
    let (created_after, created_before) = (members.moment("created_after")?, members.moment("created_before")?);
    if question.is_empty() && created_after.is_none() && created_before.is_none() {
        return Err(refused(&Mistake::Empty));
    }
    let order = match query.text("order").as_deref() {
        None | Some("relevance") => Order::Relevance,
        Some("newest") => Order::Newest,
        Some(_) => return Err(Fault::format("order")),
    };
    let after = query.text("cursor").map(|text| text.parse::<Cursor>().map_err(|_| Fault::format("cursor"))).transpose()?;
    let count = query.count("item_count", ITEMS, ITEMS_MAX)?;
    Ok(Search { question, slice: Slice { order, count, after }, created_after, created_before })
}

fn refused(mistake: &Mistake) -> Fault {
    match mistake {
        Mistake::TooLong | Mistake::TooMany { .. } | Mistake::Empty | Mistake::Excluded { .. } | Mistake::Value { .. } => {
            Fault::own(Own::InvalidSearchQuery).with(mistake.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use projections::search::query::Name;
    use projections::search::schema::Kind;

    use super::*;

    fn read(query: &str) -> Result<Search, Fault> {
        let request = TestRequest::with_uri(&format!("/v4/search?{query}")).to_http_request();
        search(&Query::of(&request))
    }

    #[test]
    fn parameters_mean_what_operators_mean() {
        let by_parameters = read("q=invoice&kind=task,comment&form_id=3&author=me&list_id=5&list_id=6&closed=false").expect("read");
        let by_operators = read("q=invoice+kind:task+kind:comment+form:3+author:me+list:5+list:6+is:open").expect("read");
        let words = |search: Search| Question { all: Vec::new(), ..search.question };
        let (parameters, operators) = (words(by_parameters), words(by_operators));
        assert_eq!(parameters, operators);
        assert_eq!((parameters.kinds, parameters.lists), (vec![Kind::Task, Kind::Comment], vec![Name::Id(5), Name::Id(6)]));
    }

    #[test]
    fn what_is_wrong_is_refused_under_its_code() {
        let code = |query: &str| read(query).expect_err("it is refused").code().expect("a code");
        for query in ["", "q=", "q=kind:task", "q=-draft", "q=-form:1", "q=after:soon", &format!("q={}", "x".repeat(2_000))] {
            assert_eq!(code(query), "invalid_search_query", "{query}");
        }
        for query in ["q=x&kind=tree", "q=x&order=oldest", "q=x&cursor=1", "q=x&closed=perhaps", "q=x&created_after=soon"] {
            assert_eq!(code(query), "invalid_value_format", "{query}");
        }
        assert_eq!(code("q=x&item_count=101"), "items_count_out_of_range");
    }
}
