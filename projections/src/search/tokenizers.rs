//! How texts are cut into words, in documents and in questions alike.
//!
//! Words of Latin and Cyrillic letters and digits are put into lower case, lose their accents (and `ё` its dots), and are stemmed by
//! tantivy's English and Russian stemmers: each leaves the other's letters alone ([`Stems`]). Everything else that is a letter, such as Chinese,
//! Arabic or Greek, is found by pairs of characters that follow each other ([`Grams`]).

use std::collections::HashMap;
use std::str::CharIndices;
use std::sync::LazyLock;

use tantivy::tokenizer::{
    AsciiFoldingFilter, BoxTokenStream, Language, LowerCaser, RawTokenizer, RemoveLongFilter, Stemmer, TextAnalyzer, Token, TokenStream,
    Tokenizer, TokenizerManager,
};
use xxhash_rust::xxh3::xxh3_64;

/// Bytes of a word; longer ones are not found.
const WORD_BYTES_MAX: usize = 120;

/// The names under which the schema knows the analyzers.
pub const STEMS: &str = "nashi_stems";
pub const WORDS: &str = "nashi_words";
pub const GRAMS: &str = "nashi_grams";

/// What a character is to a search.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Latin, Cyrillic, digits.
    Word,
    /// A letter of any other script.
    Gram,
    Other,
}

fn class(character: char) -> Class {
    match character {
        '\u{0400}'..='\u{052f}' | '\u{1c80}'..='\u{1c8f}' | '\u{1d00}'..='\u{1d7f}' | '\u{1e00}'..='\u{1eff}' => Class::Word,
        _ if u32::from(character) < 0x0250 => {
            if character.is_alphanumeric() {
                Class::Word
            } else {
                Class::Other
            }
        }
        // Marks that belong to the letter before them are letters of their script.
        _ if character.is_alphabetic() => Class::Gram,
        _ if character.is_numeric() => Class::Word,
        _ => Class::Other,
    }
}

/// Runs of Latin and Cyrillic letters and of digits.
#[derive(Clone, Default)]
struct Words {
    token: Token,
}

struct WordStream<'a> {
    text: &'a str,
    characters: CharIndices<'a>,
    token: &'a mut Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token.reset();
        WordStream { text, characters: text.char_indices(), token: &mut self.token }
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        self.token.text.clear();
        self.token.position = self.token.position.wrapping_add(1);
        let Some((from, _)) = self.characters.find(|(_, character)| class(*character) == Class::Word) else { return false };
        let after = self.characters.clone().find(|(_, character)| class(*character) != Class::Word);
        let to = after.map_or(self.text.len(), |(at, _)| at);
        while self.characters.clone().next().is_some_and(|(at, _)| at < to) {
            self.characters.next();
        }
        (self.token.offset_from, self.token.offset_to) = (from, to);
        self.token.text.extend(self.text[from..to].chars().map(|character| match character {
            'ё' => 'е',
            'Ё' => 'Е',
            other => other,
        }));
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// Of runs of other letters: each character that stands alone, and each pair that stands together.
#[derive(Clone, Default)]
struct Grams {
    token: Token,
}

struct GramStream<'a> {
    text: &'a str,
    at: usize,
    alone: bool,
    token: &'a mut Token,
}

impl Tokenizer for Grams {
    type TokenStream<'a> = GramStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> GramStream<'a> {
        self.token.reset();
        GramStream { text, at: 0, alone: true, token: &mut self.token }
    }
}

impl TokenStream for GramStream<'_> {
    fn advance(&mut self) -> bool {
        // Each character once by itself, then with the one after it.
        loop {
            let rest = &self.text[self.at..];
            let Some((skipped, first)) = rest.char_indices().find(|(_, character)| class(*character) == Class::Gram) else { return false };
            if skipped > 0 {
                (self.at, self.alone) = (self.at + skipped, true);
            }
            let from = self.at;
            let mut to = from + first.len_utf8();
            if self.alone {
                self.alone = false;
                self.token.position = self.token.position.wrapping_add(1);
            } else {
                self.at = to;
                self.alone = true;
                let Some(second) = self.text[to..].chars().next().filter(|character| class(*character) == Class::Gram) else { continue };
                to += second.len_utf8();
            }
            (self.token.offset_from, self.token.offset_to) = (from, to);
            self.token.text.clear();
            self.token.text.extend(self.text[from..to].chars().flat_map(char::to_lowercase));
            return true;
        }
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// Words by their stems. Stemming costs more than all else that is done to a word, and people write few different ones: what became
/// of the last ones is kept.
#[derive(Clone)]
struct Stems {
    lower: TextAnalyzer,
    english: TextAnalyzer,
    russian: TextAnalyzer,
    known: HashMap<Box<str>, Box<str>>,
}

/// Stems that are kept; more begin anew.
const STEMS_KEPT_MAX: usize = 8_192;

impl Stems {
    fn new() -> Self {
        let of = |language| TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(language)).build();
        Self { lower: words(), english: of(Language::English), russian: of(Language::Russian), known: HashMap::new() }
    }
}

impl Tokenizer for Stems {
    type TokenStream<'a> = StemStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> StemStream<'a> {
        let Self { lower, english, russian, known } = self;
        StemStream { words: lower.token_stream(text), english, russian, known }
    }
}

struct StemStream<'a> {
    words: BoxTokenStream<'a>,
    english: &'a mut TextAnalyzer,
    russian: &'a mut TextAnalyzer,
    known: &'a mut HashMap<Box<str>, Box<str>>,
}

impl TokenStream for StemStream<'_> {
    fn advance(&mut self) -> bool {
        if !self.words.advance() {
            return false;
        }
        let word = &mut self.words.token_mut().text;
        if let Some(stem) = self.known.get(word.as_str()) {
            word.clear();
            word.push_str(stem);
            return true;
        }
        let written: Box<str> = word.as_str().into();
        for stemmer in [&mut *self.english, self.russian] {
            let mut stemmed = stemmer.token_stream(word);
            let stem = stemmed.next().map(|token| token.text.clone());
            drop(stemmed);
            if let Some(stem) = stem {
                *word = stem;
            }
        }
        if self.known.len() >= STEMS_KEPT_MAX {
            self.known.clear();
        }
        self.known.insert(written, word.as_str().into());
        true
    }

    fn token(&self) -> &Token {
        self.words.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.words.token_mut()
    }
}

/// Words as they are written.
pub fn words() -> TextAnalyzer {
    let long = RemoveLongFilter::limit(WORD_BYTES_MAX);
    TextAnalyzer::builder(Words::default()).filter(long).filter(LowerCaser).filter(AsciiFoldingFilter).build()
}

/// Words by their stems.
pub fn stems() -> TextAnalyzer {
    TextAnalyzer::from(Stems::new())
}

/// Letters of other scripts.
pub fn grams() -> TextAnalyzer {
    TextAnalyzer::from(Grams::default())
}

/// All three, under their names.
pub fn manager() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(STEMS, stems());
    manager.register(WORDS, words());
    manager.register(GRAMS, grams());
    manager
}

/// A word of a text, and where it stands there, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub from: usize,
    pub to: usize,
    pub position: usize,
}

/// What an analyzer makes of a text.
pub fn pieces(analyzer: &mut TextAnalyzer, text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    analyzer.token_stream(text).process(&mut |token| {
        found.push(Piece { text: token.text.clone(), from: token.offset_from, to: token.offset_to, position: token.position });
    });
    found
}

/// Differs wherever a build cuts or stems words otherwise: the stemmers have no version of their own, so it is taken from what they
/// make of these words.
pub fn fingerprint() -> u64 {
    const SAMPLE: &str = "письма письмо приходили приходить договорённость согласование согласований счета оплаченный оплата \
        командировочные требующий сотрудниками быстрейший ёлка invoices invoiced approval approving running generously relational \
        sensibilities happily flies dying skies universities café 日本語 مرحبا ελληνικά 2026";
    static PRINT: LazyLock<u64> = LazyLock::new(|| {
        let all = [stems(), words(), grams()].map(|mut analyzer| pieces(&mut analyzer, SAMPLE));
        let all: Vec<String> = all.into_iter().flatten().map(|piece| piece.text).collect();
        xxh3_64(all.join("\n").as_bytes())
    });
    *PRINT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(mut analyzer: TextAnalyzer, text: &str) -> Vec<String> {
        pieces(&mut analyzer, text).into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn english_and_russian_words_are_found_by_their_stems_in_any_case() {
        assert_eq!(texts(stems(), "Invoices письма"), texts(stems(), "INVOICE Письмо"));
        assert_eq!(texts(stems(), "приходили"), texts(stems(), "приходить"));
        assert_eq!(texts(stems(), "ёлка Stühle"), texts(stems(), "елка stuhle"));
        assert_ne!(texts(stems(), "договор"), texts(stems(), "invoice"));
    }

    #[test]
    fn stems_that_were_kept_are_those_that_the_stemmers_make() {
        let lower = TextAnalyzer::builder(Words::default()).filter(LowerCaser).filter(AsciiFoldingFilter);
        let mut plain = lower.filter(Stemmer::new(Language::English)).filter(Stemmer::new(Language::Russian)).build();
        let mut kept = stems();
        let text = "Invoices письма INVOICED письмо ёлка Stühle approvalы счетами running согласований dying 2026 x";
        assert_eq!(pieces(&mut kept, text), pieces(&mut plain, text));
        // So many that the first ones are forgotten.
        let many: String = (0..STEMS_KEPT_MAX).map(|number| format!("works{number} счетами{number} ")).collect();
        assert!(pieces(&mut kept, &many) == pieces(&mut plain, &many));
        assert_eq!(pieces(&mut kept, text), pieces(&mut plain, text));
        assert_eq!(kept.token_stream("running").next().map(|token| token.text.as_str()), Some("run"));
    }

    #[test]
    fn other_scripts_are_pairs_of_letters_and_each_script_is_cut_from_the_others() {
        assert_eq!(texts(grams(), "ab東京都 x"), ["東", "東京", "京", "京都", "都"]);
        assert_eq!(texts(words(), "ABC東京12 д"), ["abc", "12", "д"]);
        assert_eq!(texts(words(), "🙂 — \u{200b}"), [""; 0]);
        let mut analyzer = words();
        assert_eq!(pieces(&mut analyzer, "ö Äb")[1], Piece { text: "ab".into(), from: 3, to: 6, position: 1 });
    }

    #[test]
    fn the_fingerprint_is_the_same_each_time() {
        assert_eq!(fingerprint(), fingerprint());
        assert_ne!(fingerprint(), 0);
    }
}
