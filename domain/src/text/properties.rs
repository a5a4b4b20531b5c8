//! What holds for every text that anybody could send. Single cases are beside the code.

use std::collections::HashSet;

use proptest::prelude::*;

use super::{Written, formatted, plain, without_mentions_of};
use crate::id::PersonId;

const TAGS: [&str; 16] = ["i", "br", "code", "b", "s", "div", "q", "mark", "ul", "ol", "li", "a", "button", "span", "quote", "p"];

/// Pieces that browsers and cleaners are known to disagree on, and the markup that is kept.
const FRAGMENTS: &[&str] = &[
    "x",
    " ",
    "\n",
    "<",
    ">",
    "\"",
    "'",
    "&",
    ";",
    "/",
    "=",
    "&lt;",
    "&amp;",
    "&#60;",
    "&#x3c;script&#x3e;",
    "&copy",
    "&notit;",
    "é«",
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<p>",
    "</p>",
    "<div data-type=\"heading\">",
    "</div>",
    "<ul>",
    "</ul>",
    "<ol>",
    "<li>",
    "</li>",
    "<br>",
    "<br/>",
    "</br>",
    "<button>",
    "</button>",
    "<q>",
    "<s>",
    "<code>",
    "</code>",
    "<mark data-color=red>",
    "</mark>",
    "<a href=\"https://example.org/?a&b\">",
    "<a href=javascript:alert(1)>",
    "<a href=\" java\tscript:alert(1)\">",
    "</a>",
    "<a href=\"&#x6a;avascript:alert(1)\">",
    "<a href=//x.org>",
    "<a href=data:text/html,x>",
    "<a href='mailto:a@b.org' onclick=x>",
    "<span data-personid=12>",
    "<span data-personid='<b>'>",
    "</span>",
    "<quote data-noteid=101 data-personname='\"<i>'>",
    "</quote>",
    "<script>",
    "</script>",
    "<style>",
    "</style>",
    "<svg>",
    "</svg>",
    "<math>",
    "<mtext>",
    "<mglyph>",
    "<foreignObject>",
    "<desc>",
    "<template>",
    "</template>",
    "<noscript>",
    "</noscript>",
    "<textarea>",
    "</textarea>",
    "<title>",
    "<xmp>",
    "<plaintext>",
    "<iframe>",
    "<table>",
    "<tr>",
    "<td>",
    "<caption>",
    "<select>",
    "<option>",
    "<form>",
    "<input autofocus onfocus=x>",
    "<img src=x onerror=y>",
    "<!--",
    "-->",
    "--!>",
    "<!-->",
    "<![CDATA[",
    "]]>",
    "<!doctype html>",
    "<?xml?>",
    "<x-y z>",
    "<b onclick=x style=y>",
    "<a b=\"",
    "<B/",
];

/// Any string, and strings that look like HTML.
fn texts() -> impl Strategy<Value = String> {
    let soup = prop::collection::vec(prop::sample::select(FRAGMENTS), 0..24).prop_map(|pieces| pieces.concat());
    prop_oneof![1 => any::<String>(), 1 => "[ -~]{0,60}", 6 => soup]
}

/// Every `<` begins a tag that may be there, with attributes that may be there and nothing else. Told
/// without the code under test.
fn is_clean(html: &str) -> Result<(), TestCaseError> {
    for after in html.split('<').skip(1) {
        let (tag, _text) = after.split_once('>').ok_or_else(|| TestCaseError::fail(format!("a tag without an end in {html}")))?;
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        prop_assert!(TAGS.contains(&name.strip_prefix('/').unwrap_or(name)), "{} in {}", name, html);
        while !attributes.is_empty() {
            let (attribute, rest) = attributes.split_once("=\"").ok_or_else(|| TestCaseError::fail(format!("{tag} in {html}")))?;
            let (value, rest) = rest.split_once('"').ok_or_else(|| TestCaseError::fail(format!("{tag} in {html}")))?;
            let fits = match (name, attribute) {
                ("a", "href") => ["https://", "mailto:"].iter().any(|scheme| value.starts_with(scheme)),
                ("a", "rel") => value == "noopener noreferrer nofollow",
                ("span", "data-personid") => value == "12",
                ("quote", "data-noteid") => value == "101",
                ("quote", "data-personname") => true,
                ("div", "data-type") => value == "heading",
                ("mark", "data-color") => value == "red",
                (_tag, _unknown) => false,
            };
            prop_assert!(fits, "{}=\"{}\" of {} in {}", attribute, value, name, html);
            attributes = rest.trim_start();
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_sent_is_clean_afterwards(text in texts()) {
        if let Ok(written) = formatted(&text) {
            is_clean(&written.formatted_text.expect("it was formatted"))?;
        }
    }

    #[test]
    fn cleaning_again_changes_nothing(text in texts()) {
        if let Ok(written) = formatted(&text) {
            let html = written.formatted_text.clone().expect("it was formatted");
            prop_assert_eq!(formatted(&html), Ok(written));
        }
    }

    #[test]
    fn without_somebody_it_is_still_clean_and_says_nothing_more_to_forget(text in texts()) {
        if let Ok(written) = formatted(&text) {
            let html = written.formatted_text.expect("it was formatted");
            prop_assert_eq!(without_mentions_of(&html, PersonId(99), &HashSet::new()), None, "it is about somebody else");
            let comments = HashSet::from([101]);
            if let Some(left) = without_mentions_of(&html, PersonId(12), &comments) {
                let left = left.formatted_text.expect("it was formatted");
                is_clean(&left)?;
                prop_assert_eq!(without_mentions_of(&left, PersonId(12), &comments), None);
            }
        }
    }

    #[test]
    fn no_control_character_comes_through(text in texts()) {
        let passed = |text: &str| !text.contains(|character: char| character < ' ' && !matches!(character, '\n' | '\r' | '\t'));
        for written in [plain(&text), formatted(&text)].into_iter().flatten() {
            let Written { text, formatted_text, .. } = written;
            prop_assert!(passed(&text) && passed(&formatted_text.unwrap_or_default()));
        }
    }

    #[test]
    fn text_without_markup_says_the_same_in_either_form(text in "[a-zA-Z0-9 .,é«»ж]{0,80}") {
        let says = formatted(&text).expect("it is short").text;
        prop_assert_eq!(says, text.trim_end());
    }
}
