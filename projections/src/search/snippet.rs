//! A piece of a text with what was found in it: as plain text with the places of the marks, and as HTML in which everything of the
//! text is escaped and nothing but `<mark>` is markup.

use serde::Serialize;

/// Characters of a snippet, and of what stands before the first mark.
const CHARACTERS_MAX: usize = 240;
const BEFORE_MAX: usize = 60;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// Plain: whoever shows it shows it as text.
    pub text: String,
    /// From and to, in UTF-16 units of `text`, as browsers count.
    pub marks: Vec<(usize, usize)>,
    pub html: String,
}

impl Snippet {
    /// The piece of `text` with the first of `hits`, which are bytes, in order and apart; its beginning where there are none.
    pub fn of(text: &str, hits: &[(usize, usize)]) -> Self {
        let first = hits.first().map_or(0, |(from, _)| *from);
        let begin = begin(text, first);
        let end = text[begin..].char_indices().nth(CHARACTERS_MAX).map_or(text.len(), |(at, _)| begin + at);
        let mut snippet = Self::default();
        if begin > 0 {
            snippet.push("…");
        }
        let mut at = begin;
        for (from, to) in hits.iter().copied().filter(|(from, to)| *from >= begin && *to <= end) {
            snippet.push(&text[at..from]);
            snippet.mark(&text[from..to]);
            at = to;
        }
        snippet.push(&text[at..end]);
        if end < text.len() {
            snippet.push("…");
        }
        snippet
    }

    fn push(&mut self, text: &str) {
        // Lines are not kept apart in a snippet.
        self.text.extend(text.chars().map(|character| if character.is_control() { ' ' } else { character }));
        for character in text.chars() {
            match character {
                '&' => self.html.push_str("&amp;"),
                '<' => self.html.push_str("&lt;"),
                '>' => self.html.push_str("&gt;"),
                '"' => self.html.push_str("&quot;"),
                '\'' => self.html.push_str("&#39;"),
                character if character.is_control() => self.html.push(' '),
                character => self.html.push(character),
            }
        }
    }

    fn mark(&mut self, text: &str) {
        let length = |text: &str| text.chars().map(char::len_utf16).sum::<usize>();
        let from = length(&self.text);
        self.html.push_str("<mark>");
        self.push(text);
        self.html.push_str("</mark>");
        self.marks.push((from, length(&self.text)));
    }
}

/// Where to begin, so that `first` has something before it: between two words where that is possible.
fn begin(text: &str, first: usize) -> usize {
    let before: Vec<(usize, char)> = text[..first].char_indices().rev().take(BEFORE_MAX + 1).collect();
    if before.len() <= BEFORE_MAX {
        return 0;
    }
    let (far, space) = (before[BEFORE_MAX - 1].0, before[..BEFORE_MAX].iter().rev().find(|(_, character)| character.is_whitespace()));
    space.map_or(far, |(at, space)| at + space.len_utf8())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn marks_are_places_in_the_text_and_nothing_of_the_text_is_markup() {
        let snippet = Snippet::of("🙂 <b onclick='x'>bold</b> & \"so\"", &[(18 + 4, 22 + 4)]);
        assert_eq!(snippet.marks.len(), 1);
        let (from, to) = snippet.marks[0];
        let units: Vec<u16> = snippet.text.encode_utf16().collect();
        assert_eq!(String::from_utf16(&units[from..to]).expect("text").chars().count(), 4);
        assert_eq!(snippet.html.matches('<').count(), 2);
        assert!(
            snippet.html.contains("&lt;b onclick=&#39;x&#39;&gt;") && snippet.html.ends_with("&amp; &quot;so&quot;"),
            "{}",
            snippet.html
        );
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_mark() {
        let text = format!("{} needle {}", "word ".repeat(100), "after ".repeat(100));
        let at = text.find("needle").expect("there");
        let snippet = Snippet::of(&text, &[(at, at + 6)]);
        assert!(snippet.text.starts_with("…word ") && snippet.text.ends_with('…') && snippet.html.contains("<mark>needle</mark>"));
        assert!(snippet.text.chars().count() <= CHARACTERS_MAX + 2);
        assert_eq!(Snippet::of("short", &[]).text, "short");
    }

    proptest! {
        #[test]
        fn whatever_the_text_is_its_snippet_has_no_markup_of_it(text in "[a-z <>&\"'я🙂\n\u{200b}א]{0,400}", from in 0_usize..400, length in 0_usize..9) {
            let edge = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
            let (from, to) = (edge(from), edge(from + length));
            let hits = if from < to { vec![(from, to)] } else { Vec::new() };
            let snippet = Snippet::of(&text, &hits);
            let bare = snippet.html.replace("<mark>", "").replace("</mark>", "");
            prop_assert!(!bare.contains(['<', '>', '"', '\'']));
            let units = snippet.text.encode_utf16().count();
            prop_assert!(snippet.marks.iter().all(|(from, to)| from < to && *to <= units));
        }
    }
}
