//! Query strings: liberal in spelling, strict in what comes out; unknown parameters are ignored. Bodies are read in `dialect`.

use std::borrow::Cow;

use actix_web::HttpRequest;
use serde_json::{Map, Value};

use crate::codes::Own;
use crate::dialect::spelt_boolean;
use crate::error::Fault;

/// The parameters of one request.
pub struct Query<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Query<'a> {
    pub fn of(request: &'a HttpRequest) -> Self {
        Self::read(request.query_string())
    }

    /// Of a text as it stands behind the question mark.
    pub fn read(text: &'a str) -> Self {
        Self { pairs: url::form_urlencoded::parse(text.as_bytes()).collect() }
    }

    /// All of them as the members of an object, for what is asked in a query or in a body; the last of each name counts.
    pub fn members(&self) -> Map<String, Value> {
        let given = self.pairs.iter().map(|(key, value)| (key.to_ascii_lowercase(), value.trim()));
        given.filter(|(_, value)| !value.is_empty()).map(|(key, value)| (key, Value::from(value))).collect()
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().rev().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// All values of this name, in order, as they are: also empty ones.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.pairs.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_string()).collect()
    }

    /// A text that is not empty.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// # Errors
    /// `invalid_value_format`.
    pub fn boolean(&self, name: &'static str) -> Result<Option<bool>, Fault> {
        self.get(name).map(|text| spelt_boolean(text).ok_or_else(|| Fault::format(name))).transpose()
    }

    /// # Errors
    /// `invalid_value_format` for what is no whole number.
    pub fn number(&self, name: &'static str) -> Result<Option<i64>, Fault> {
        self.get(name).map(|text| text.parse().map_err(|_| Fault::format(name))).transpose()
    }

    /// How many items to answer with: 1 to `most`, `default` where nothing is said.
    ///
    /// # Errors
    /// `invalid_value_format` for what is no number, `items_count_out_of_range`.
    pub fn count(&self, name: &'static str, default: usize, most: usize) -> Result<usize, Fault> {
        let Some(text) = self.get(name) else { return Ok(default) };
        let number: i64 = text.parse().map_err(|_| Fault::format(name))?;
        let within = usize::try_from(number).ok().filter(|number| (1..=most).contains(number));
        within.ok_or_else(|| Fault::own(Own::ItemsCountOutOfRange).with(format!("{name} must be 1 to {most}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn parameters_are_read_in_the_clients_spellings() {
        let request = TestRequest::with_uri("/v4/inbox?item_count=7&Include_Inactive=True&none=&odd=%FF").to_http_request();
        let query = Query::of(&request);
        assert_eq!(query.boolean("include_inactive").unwrap(), Some(true));
        assert_eq!(query.boolean("none").unwrap(), None);
        assert_eq!(query.boolean("item_count").unwrap_err().code(), Some("invalid_value_format"));
        assert_eq!(query.count("item_count", 50, 10).unwrap(), 7);
        assert_eq!(query.count("group_item_count", 50, 100).unwrap(), 50);
        assert_eq!(query.count("item_count", 50, 6).unwrap_err().code(), Some("items_count_out_of_range"));
        assert_eq!(query.count("odd", 50, 6).unwrap_err().code(), Some("invalid_value_format"));
    }
}
