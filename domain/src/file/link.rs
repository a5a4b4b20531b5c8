//! A link that stands where a file can: an address of the web and what it is called. Nobody fetches it.

use super::upload::named;
use super::{Event, File, Linked, Rejection, URL_BYTES_MAX, access};
use crate::aggregate::Events;
use crate::issued::Issued;

impl File {
    pub(super) fn link(&self, link: &Linked, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        access::uploads(issued)?;
        if self.exists {
            return Err(Rejection::AlreadyUploaded);
        }
        let url = link.url.trim();
        if !is_of_the_web(url) {
            return Err(Rejection::Url);
        }
        let name = if link.name.trim().is_empty() { host_of(url).to_owned() } else { named(&link.name)? };
        Ok(vec![Event::Linked(Linked { name, url: url.to_owned() })])
    }
}

/// Addresses that a browser may be sent to: no scheme that runs something.
fn is_of_the_web(url: &str) -> bool {
    let fits = url.len() <= URL_BYTES_MAX && !url.chars().any(|character| character.is_control() || character.is_whitespace());
    fits && !host_of(url).is_empty()
}

/// What stands between the scheme and the path; nothing where the scheme is another.
fn host_of(url: &str) -> &str {
    let after = ["http://", "https://"]
        .into_iter()
        .find_map(|scheme| url.get(..scheme.len()).filter(|begins| begins.eq_ignore_ascii_case(scheme)).map(|_| &url[scheme.len()..]));
    after.unwrap_or_default().split(['/', '?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::Command;
    use crate::rejection::Code;
    use crate::testing::given;

    fn link(url: &str, name: &str) -> Command {
        Command::Link(Linked { name: name.into(), url: url.into() })
    }

    #[test]
    fn a_link_has_an_address_of_the_web_and_a_name() {
        let linked = |url: &str, name: &str| Event::Linked(Linked { name: name.into(), url: url.into() });
        given::<File>([]).when(link(" https://example.org/a?b#c ", "Page")).then([linked("https://example.org/a?b#c", "Page")]);
        given::<File>([]).when(link("HTTP://example.org/a", " ")).then([linked("HTTP://example.org/a", "example.org")]);
    }

    #[test]
    fn what_a_browser_would_run_or_not_find_is_no_link() {
        let long = format!("https://example.org/{}", "x".repeat(URL_BYTES_MAX));
        for wrong in [
            "",
            "example.org",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "https://",
            "http:// x",
            "ftp://a",
            "я",
            &long,
        ] {
            given::<File>([]).when(link(wrong, "x")).then_rejected(Code::InvalidValueFormat);
        }
    }
}
