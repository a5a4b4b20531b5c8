//! Formatted text made safe to show, and read: the plain text, the persons it calls, the comment it
//! answers. Not where limits are checked.
//!
//! The markup that the API knows (pyrus.md §1.3): `i br code b s q p ul ol li button`,
//! `div data-type="heading"`, `mark data-color="red|yellow|green|blue"`, `a href` to http, https and
//! mailto, `span data-personid` for a mention, `quote data-noteid data-personid data-personname` for
//! the comment that is answered.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::tags::{Kept, Piece, Pieces, balanced};
use super::{BYTES_MAX, Unfit, Written, json_bytes};
use crate::id::PersonId;

const TAGS: [&str; 16] = ["i", "br", "code", "b", "s", "div", "q", "mark", "ul", "ol", "li", "a", "button", "span", "quote", "p"];

const KEPT: Kept<'static> =
    Kept { tags: &TAGS, attributes: &["data-type", "data-color", "href", "data-noteid", "data-personid", "data-personname"] };

/// `&` and characters from U+0080 to U+00BF in a text: where the one that writes HTML looks at the rest
/// of the text again.
const LOOKS_MAX: usize = 20_000;

/// Costly to make, so made once.
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(HashSet::from(TAGS))
        .tag_attributes(HashMap::from([
            ("div", HashSet::from(["data-type"])),
            ("mark", HashSet::from(["data-color"])),
            ("a", HashSet::from(["href"])),
            ("span", HashSet::from(["data-personid"])),
            ("quote", HashSet::from(["data-noteid", "data-personid", "data-personname"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .attribute_filter(|_, attribute, value| takes(attribute, value).then_some(Cow::Borrowed(value)));
    cleaner
});

fn takes(attribute: &str, value: &str) -> bool {
    match attribute {
        "data-personid" | "data-noteid" => number(value).is_some(),
        "data-type" => value == "heading",
        "data-color" => matches!(value, "red" | "yellow" | "green" | "blue"),
        // Entities may stand for what was refused in the text itself.
        "href" | "data-personname" => !value.contains(|character: char| character < ' '),
        // The cleaner's own.
        "rel" => true,
        _unknown => false,
    }
}

/// An id: digits, and not 0.
fn number(value: &str) -> Option<i64> {
    value.parse().ok().filter(|number| *number > 0)
}

/// `html` cleaned, and what it says. What would be too long in the end, or cost too much to clean, is
/// refused before.
pub(super) fn written(html: &str) -> Result<Written, Unfit> {
    let balanced = balanced(html, &KEPT);
    let looks = balanced.bytes().filter(|byte| matches!(byte, b'&' | 0xc2)).count();
    if looks > LOOKS_MAX || json_bytes(&balanced) > BYTES_MAX {
        return Err(Unfit::TooLong);
    }
    let cleaned = CLEANER.clean(&balanced).to_string();
    // As with attributes: an entity may stand for a control character.
    let cleaned = cleaned.replace(|character: char| character < ' ' && !matches!(character, '\n' | '\r' | '\t'), "");
    let mut written = Written::default();
    let mut quotes = 0_usize;
    for piece in Pieces::of(&cleaned) {
        match piece {
            Piece::Text(text) if quotes == 0 => push_text(&mut written.text, text),
            Piece::Text(_) => {}
            Piece::Open { name, attributes } => {
                if name == "quote" {
                    quotes += 1;
                    written.reply_to = written.reply_to.or_else(|| attribute(&attributes, "data-noteid"));
                } else if quotes == 0 {
                    start_line(&mut written.text, &name);
                }
                if let Some(person) = attribute(&attributes, "data-personid").map(PersonId)
                    && name == "span"
                    && quotes == 0
                    && !written.mentions.contains(&person)
                {
                    written.mentions.push(person);
                }
            }
            Piece::Close { name } => {
                if name == "quote" {
                    quotes = quotes.saturating_sub(1);
                } else if quotes == 0 {
                    start_line(&mut written.text, &name);
                }
            }
        }
    }
    written.text.truncate(written.text.trim_end().len());
    written.formatted_text = Some(cleaned);
    Ok(written)
}

fn attribute(attributes: &[(String, &str)], name: &str) -> Option<i64> {
    attributes.iter().find(|(known, _)| known == name).and_then(|(_, value)| number(value))
}

/// The cleaner writes these entities and no others.
fn push_text(text: &mut String, cleaned: &str) {
    let plain = cleaned.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", " ");
    text.push_str(&plain.replace("&amp;", "&"));
}

/// Line breaks, and blocks, which stand on lines of their own.
fn start_line(text: &mut String, name: &str) {
    let block = matches!(name, "p" | "div" | "ul" | "ol" | "li");
    if name == "br" || (block && !text.is_empty() && !text.ends_with('\n')) {
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Written {
        written(html).expect("it is short")
    }

    fn cleaned(html: &str) -> String {
        read(html).formatted_text.expect("formatted")
    }

    #[test]
    fn the_markup_of_the_api_stays_as_it_was() {
        for html in [
            "<b>a</b> <i>b</i> <s>c</s> <code>d</code> <q>e</q><br><button>f</button>",
            "<div data-type=\"heading\">a</div><p>b</p>",
            "<mark data-color=\"red\">a</mark>",
            "<ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>",
            "<a href=\"https://example.org/?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\">a</a><a href=\"mailto:a@b.org\" rel=\"noopener noreferrer nofollow\">b</a>",
            "<span data-personid=\"12\">Boris</span>",
            "<quote data-noteid=\"101\" data-personid=\"11\" data-personname=\"Anna\">hello</quote>hi",
        ] {
            assert_eq!(cleaned(html), html);
        }
    }

    #[test]
    fn what_could_act_is_removed() {
        for (html, left) in [
            ("<script>alert(1)</script>x", "x"),
            ("<img src=x onerror=alert(1)>x", "x"),
            ("<b onclick=\"alert(1)\" style=\"x\" class=y id=z>x</b>", "<b>x</b>"),
            ("<a href=\"javascript:alert(1)\">x</a>", "<a rel=\"noopener noreferrer nofollow\">x</a>"),
            ("<a href=\"java&#x09;script:alert(1)\">x</a>", "<a rel=\"noopener noreferrer nofollow\">x</a>"),
            ("<a href=\" &#14; javascript:alert(1)\">x</a>", "<a rel=\"noopener noreferrer nofollow\">x</a>"),
            ("<a href=\"data:text/html,<script>alert(1)</script>\">x</a>", "<a rel=\"noopener noreferrer nofollow\">x</a>"),
            ("<a href=\"/inside\">x</a>", "<a rel=\"noopener noreferrer nofollow\">x</a>"),
            ("<svg><style><b title=\"</style><img src onerror=alert(1)>\">x", ""),
            ("<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src onerror=alert(1)&gt;\">", ""),
            ("<mark data-color=\"url(x)\">x</mark>", "<mark>x</mark>"),
            ("<span data-personid=\"12 or 1=1\">x</span>", "<span>x</span>"),
            ("<scr<script>ipt>alert(1)</scr</script>ipt>", "ipt&gt;alert(1)ipt&gt;"),
            ("<b>a<!-- <script>alert(1)</script> --></b>", "<b>a</b>"),
            ("<iframe src=//x></iframe><textarea><b>x", "<b>x</b>"),
        ] {
            let result = cleaned(html);
            assert_eq!(result, left, "{html}");
        }
    }

    #[test]
    fn entities_cannot_bring_in_what_was_refused() {
        let written = read("a&#0;b&#1;c<quote data-noteid=5 data-personname=\"x&#1;y\">q</quote>");
        assert!(!written.text.contains(|character: char| character < ' '), "{written:?}");
        assert!(!written.formatted_text.expect("formatted").contains(|character: char| character < ' '));
    }

    #[test]
    fn the_plain_text_has_lines_where_blocks_are() {
        let plain = |html| read(html).text;
        assert_eq!(plain("<p>a</p><p>b<br>c</p>"), "a\nb\nc");
        assert_eq!(plain("x<ul><li>1</li><li>2</li></ul>y"), "x\n1\n2\ny");
        assert_eq!(plain("1 &lt; 2 &amp;&amp; &quot;3&quot; &amp;lt;&nbsp;4"), "1 < 2 && \"3\" &lt; 4");
        assert_eq!(plain("<b></b> <br>"), "");
    }

    #[test]
    fn a_quotation_is_answered_and_is_not_the_authors_own_text() {
        let reply = read(
            "<quote data-noteid=\"101\">Ask <span data-personid=\"13\">Clara</span></quote>I did, <span data-personid=\"12\">Boris</span> and <span data-personid=\"12\">Boris</span>",
        );
        assert_eq!(reply.text, "I did, Boris and Boris");
        assert_eq!(reply.reply_to, Some(101));
        assert_eq!(reply.mentions, [PersonId(12)]);
    }

    #[test]
    fn ids_that_are_none_call_nobody() {
        for id in ["0", "-1", "1e3", "99999999999999999999", "", "٣"] {
            let written = read(&format!("<span data-personid=\"{id}\">x</span><quote data-noteid=\"{id}\">y</quote>"));
            assert_eq!((written.mentions, written.reply_to), (vec![], None), "{id}");
        }
    }

    #[test]
    fn cleaning_twice_is_cleaning_once() {
        for html in
            ["<p>a<div>b</div>c", "<a href=https://a.org>x<a href=https://b.org>y", "<b><p>x</b>y</p>", "<button>a<button>b", "&lt;b&gt;"]
        {
            let once = cleaned(html);
            assert_eq!(cleaned(&once), once, "{html}");
        }
    }

    #[test]
    fn links_tell_nothing_and_vouch_for_nothing() {
        assert_eq!(
            cleaned("<a rel=opener target=x href=https://a.org>x</a>"),
            "<a href=\"https://a.org\" rel=\"noopener noreferrer nofollow\">x</a>"
        );
    }

    #[test]
    fn what_would_be_costly_to_write_is_refused_before() {
        for bomb in ["&".repeat(LOOKS_MAX + 1), "&zz;".repeat(LOOKS_MAX + 1), "«".repeat(LOOKS_MAX + 1), "<".repeat(BYTES_MAX / 4 + 1)] {
            assert_eq!(written(&bomb), Err(Unfit::TooLong), "{:?}", &bomb[..4]);
        }
        let address = format!("<a href=\"https://a.org/{}\">x</a>", "&".repeat(LOOKS_MAX + 1));
        assert_eq!(written(&address), Err(Unfit::TooLong));
    }

    #[test]
    fn bombs_of_tags_are_taken_in_stride_on_a_small_stack() {
        let bombs = [
            "<div>".repeat(20_000),
            "<ul><li>".repeat(12_000),
            "<b><i>".repeat(16_000),
            (0..4_000).map(|n| format!("<b data-x={n}>")).chain((0..4_000).map(|_| "<p>x".to_owned())).collect(),
            "<a href=https://a.org><p>".repeat(3_000),
            "<quote><span data-personid=1>".repeat(3_000),
            "<div></b>".repeat(10_000),
            "<".repeat(100_000),
            "</".repeat(50_000),
            "<!--".repeat(25_000),
            "<a b=\"".repeat(14_000),
        ];
        let cleaning = std::thread::Builder::new().stack_size(256 * 1024).spawn(move || {
            for bomb in bombs {
                // Some are refused.
                let length = written(&bomb).map_or(0, |written| written.formatted_text.map_or(0, |html| html.len()));
                assert!(length <= 2 * bomb.len(), "{length} bytes of {}", bomb.len());
            }
        });
        cleaning.expect("a thread").join().expect("no overflow");
    }
}
