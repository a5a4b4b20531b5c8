//! HTML taken apart into tags and text, and put together again as a shallow and balanced tree. Not
//! what makes it safe (that is [`super::clean`]).
//!
//! The tree is made shallow here because a parser follows the rules of HTML for what is not balanced:
//! there, a few thousand unclosed tags become millions of nodes, or a tree as deep as the text is long.

/// Elements within elements; deeper ones lose their tags and keep their text.
pub(super) const DEPTH_MAX: usize = 32;

/// A piece of HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// As it stands, entities and all.
    Text(&'a str),
    Open {
        name: String,
        attributes: Vec<(String, &'a str)>,
    },
    Close {
        name: String,
    },
}

/// Reads HTML from its beginning, always forward. Comments, processing instructions and a tag that
/// does not end are passed over.
pub(super) struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Pieces<'a> {
    pub(super) const fn of(html: &'a str) -> Self {
        Self { rest: html }
    }

    /// Cuts the first `length` bytes off.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// Cuts off what comes before `end`, and `end` with it; everything when there is none.
    fn take_past(&mut self, end: &str) -> &'a str {
        match self.rest.find(end) {
            Some(at) => {
                let taken = self.take(at);
                self.take(end.len());
                taken
            }
            None => self.take(self.rest.len()),
        }
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let length = self.rest.find(|character| !belongs(character)).unwrap_or(self.rest.len());
        self.take(length)
    }

    fn starts_with_letter(&self, after: usize) -> bool {
        self.rest.as_bytes().get(after).is_some_and(u8::is_ascii_alphabetic)
    }

    fn name(&mut self) -> String {
        self.take_while(|character| !character.is_ascii_whitespace() && character != '/' && character != '>').to_ascii_lowercase()
    }

    /// The attributes up to the tag's end; nothing when it has no end.
    fn attributes(&mut self) -> Option<Vec<(String, &'a str)>> {
        let mut attributes = Vec::new();
        loop {
            self.take_while(|character| character.is_ascii_whitespace() || character == '/');
            if self.rest.starts_with('>') {
                self.take(1);
                return Some(attributes);
            }
            // An attribute's name may begin with anything, `=` included.
            let first = self.rest.chars().next()?.len_utf8();
            let (start, _) = (self.rest, self.take(first));
            let more = self.take_while(|character| !character.is_ascii_whitespace() && !matches!(character, '/' | '>' | '='));
            let name = start[..first + more.len()].to_ascii_lowercase();
            self.take_while(|character| character.is_ascii_whitespace());
            attributes.push((name, if self.rest.starts_with('=') { self.value()? } else { "" }));
        }
    }

    fn value(&mut self) -> Option<&'a str> {
        self.take(1);
        self.take_while(|character| character.is_ascii_whitespace());
        match self.rest.chars().next()? {
            quote @ ('"' | '\'') => {
                self.take(1);
                let end = self.rest.find(quote)?;
                let value = self.take(end);
                self.take(1);
                Some(value)
            }
            _bare => Some(self.take_while(|character| !character.is_ascii_whitespace() && character != '>')),
        }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if !self.rest.starts_with('<') {
                return Some(Piece::Text(self.take_while(|character| character != '<')));
            }
            if self.starts_with_letter(1) {
                self.take(1);
                let name = self.name();
                return self.attributes().map(|attributes| Piece::Open { name, attributes });
            }
            if self.rest.starts_with("</") && self.starts_with_letter(2) {
                self.take(2);
                let name = self.name();
                return self.attributes().map(|_| Piece::Close { name });
            }
            if self.rest.starts_with("<!--") {
                self.take(4);
                self.take_past("-->");
            } else if self.rest.starts_with("<!") || self.rest.starts_with("</") || self.rest.starts_with("<?") {
                self.take_past(">");
            } else {
                return Some(Piece::Text(self.take(1)));
            }
        }
    }
}

/// Which markup stays.
pub(super) struct Kept<'a> {
    pub tags: &'a [&'a str],
    pub attributes: &'a [&'a str],
}

/// `html` with only the tags and attributes that are kept, each tag closed, and at most [`DEPTH_MAX`]
/// deep. The text within script and style goes with them.
pub(super) fn balanced(html: &str, kept: &Kept<'_>) -> String {
    let mut balanced = String::with_capacity(html.len() + 16);
    let mut open: Vec<String> = Vec::new();
    // The name of the element whose text goes with it.
    let mut unseen: Option<String> = None;
    for piece in Pieces::of(html) {
        match piece {
            Piece::Text(text) if unseen.is_none() => push_text(&mut balanced, text),
            Piece::Open { name, attributes } if unseen.is_none() && kept.tags.contains(&name.as_str()) => {
                if name == "br" {
                    balanced.push_str("<br>");
                    continue;
                }
                // A new item or paragraph ends the one before it.
                if matches!(name.as_str(), "li" | "p") && open.last() == Some(&name) {
                    close(&mut balanced, &mut open);
                }
                if open.len() < DEPTH_MAX {
                    push_tag(&mut balanced, &name, &attributes, kept);
                    open.push(name);
                }
            }
            Piece::Open { name, .. } if unseen.is_none() && matches!(name.as_str(), "script" | "style") => unseen = Some(name),
            Piece::Close { name } if unseen.is_none() => {
                if let Some(depth) = open.iter().rposition(|known| *known == name) {
                    while open.len() > depth {
                        close(&mut balanced, &mut open);
                    }
                }
            }
            Piece::Close { name } if unseen.as_ref() == Some(&name) => unseen = None,
            Piece::Text(_) | Piece::Open { .. } | Piece::Close { .. } => {}
        }
    }
    while !open.is_empty() {
        close(&mut balanced, &mut open);
    }
    balanced
}

/// A tag with thousands of attributes costs a parser the square of them: the others go, and of those
/// with the same name the first stays, as in HTML.
fn push_tag(html: &mut String, name: &str, attributes: &[(String, &str)], kept: &Kept<'_>) {
    html.push('<');
    html.push_str(name);
    for known in kept.attributes {
        if let Some((_, value)) = attributes.iter().find(|(attribute, _)| attribute == known) {
            html.push(' ');
            html.push_str(known);
            html.push_str("=\"");
            push_text(html, value);
            html.push('"');
        }
    }
    html.push('>');
}

/// Text that no parser takes for a tag or for the end of an attribute. A `&` that begins no reference
/// is spelled out: a parser that finds thousands of them looks at everything before each again.
fn push_text(html: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['<', '"', '&']) {
        let (plain, special) = rest.split_at(at);
        html.push_str(plain);
        html.push_str(match special.as_bytes()[0] {
            b'<' => "&lt;",
            b'"' => "&quot;",
            _ampersand if begins_reference(special) => "&",
            _ampersand => "&amp;",
        });
        rest = &special[1..];
    }
    html.push_str(rest);
}

/// Whether `text` begins with a character reference that ends with `;`. The longest name has 31 letters.
fn begins_reference(text: &str) -> bool {
    let name = text.bytes().skip(1).take(33).position(|byte| byte == b';').map(|length| &text.as_bytes()[1..=length]);
    match name {
        Some([b'#', b'x' | b'X', digits @ ..]) => !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit),
        Some([b'#', digits @ ..]) => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        Some(name) => !name.is_empty() && name.iter().all(u8::is_ascii_alphanumeric),
        None => false,
    }
}

fn close(html: &mut String, open: &mut Vec<String>) {
    if let Some(name) = open.pop() {
        html.push_str("</");
        html.push_str(&name);
        html.push('>');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(html: &str) -> String {
        balanced(html, &Kept { tags: &["b", "i", "ul", "li", "p", "br", "a"], attributes: &["href"] })
    }

    #[test]
    fn what_is_open_is_closed_and_what_was_never_open_is_not() {
        assert_eq!(kept("<b>x<i>y</b>z</i>"), "<b>x<i>y</i></b>z");
        assert_eq!(kept("</b>x</nothing>"), "x");
        assert_eq!(kept("<ul><li>1<li>2</ul>"), "<ul><li>1</li><li>2</li></ul>");
        assert_eq!(kept("a<br>b<br/>c</br>"), "a<br>b<br>c");
    }

    #[test]
    fn unknown_tags_go_and_their_text_stays_but_that_of_scripts() {
        assert_eq!(kept("<x-y>a</x-y><script>b</script><STYLE>c</STYLE>d"), "ad");
        assert_eq!(kept("a<script>b<b>c"), "a");
    }

    #[test]
    fn half_a_tag_a_comment_and_a_lone_bracket_are_no_tags() {
        assert_eq!(kept("1 < 2 <3> <"), "1 &lt; 2 &lt;3> &lt;");
        assert_eq!(kept("a<!-- <b> -->b<!doctype x>c<?php ?>d</ x>e"), "abcde");
        assert_eq!(kept("a<b c=\"d>e"), "a");
        assert_eq!(kept("a<!-- b"), "a");
    }

    #[test]
    fn attributes_keep_their_values_and_cannot_break_out() {
        assert_eq!(kept("<a href='x\"><i>'>t</a>"), "<a href=\"x&quot;>&lt;i>\">t</a>");
        assert_eq!(kept("<a =x b\"c=1 href=y>t"), "<a href=\"y\">t</a>");
    }

    #[test]
    fn only_known_attributes_stay_and_each_once() {
        let many = (0..20_000).map(|n| format!("a{n} ")).collect::<String>();
        assert_eq!(kept(&format!("<a {many} HREF=x href=y>t</a>")), "<a href=\"x\">t</a>");
    }

    #[test]
    fn only_what_begins_a_reference_stays_as_it_is() {
        assert_eq!(kept("&lt; &#60; &#x3C; &copy;"), "&lt; &#60; &#x3C; &copy;");
        assert_eq!(
            kept("a & b && &; &#; &#x; &#xg; &lt &a b; &"),
            "a &amp; b &amp;&amp; &amp;; &amp;#; &amp;#x; &amp;#xg; &amp;lt &amp;a b; &amp;"
        );
        assert_eq!(kept("<a href=?a&b&amp;c>t</a>"), "<a href=\"?a&amp;b&amp;c\">t</a>");
    }

    #[test]
    fn depth_is_bounded_and_text_survives() {
        let deep = kept(&format!("{}x", "<b>".repeat(30_000)));
        assert_eq!(deep.matches("<b>").count(), DEPTH_MAX);
        assert_eq!(deep.matches("</b>").count(), DEPTH_MAX);
        assert!(deep.contains('x'));
    }
}
