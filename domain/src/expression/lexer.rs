//! A source taken apart into words, numbers, texts and signs. Not what they mean together.

use rust_decimal::Decimal;

use super::fault::{Fault, Rule};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Of the language, a function's name, or a field's code.
    Word(String),
    Number(Decimal),
    Text(String),
    /// `#12`
    Field(u32),
    Sign(Sign),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Open,
    Close,
    Comma,
    Dot,
    Plus,
    Minus,
    Star,
    Slash,
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// A token, and how many characters stand before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub token: Token,
    pub at: usize,
}

/// The tokens of a source, in order.
pub(super) fn tokens(source: &str) -> Result<Vec<Placed>, Fault> {
    let characters: Vec<char> = source.chars().collect();
    let mut lexer = Lexer { characters: &characters, at: 0 };
    let mut tokens = Vec::new();
    while let Some(placed) = lexer.token()? {
        tokens.push(placed);
    }
    Ok(tokens)
}

/// Words that are no field's code.
pub(super) const WORDS: [&str; 9] = ["and", "or", "not", "in", "contains", "starts", "with", "true", "false"];

/// Whether it is read as a field's code: a letter or `_`, then letters, digits, `_`, and no word of the language.
pub(super) fn is_code(text: &str) -> bool {
    is_word(text) && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Whether it is read as one word, of the language or not.
pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(begins_word) && text.chars().all(continues_word)
}

fn begins_word(character: char) -> bool {
    character.is_alphabetic() || character == '_'
}

fn continues_word(character: char) -> bool {
    begins_word(character) || character.is_ascii_digit()
}

struct Lexer<'a> {
    characters: &'a [char],
    at: usize,
}

impl Lexer<'_> {
    fn token(&mut self) -> Result<Option<Placed>, Fault> {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        let at = self.at;
        let Some(character) = self.peek() else {
            return Ok(None);
        };
        let token = match character {
            '"' | '\'' => Token::Text(self.text(character)?),
            '#' => Token::Field(self.field()?),
            '0'..='9' => Token::Number(self.number()?),
            character if begins_word(character) => Token::Word(self.run(continues_word)),
            character => Token::Sign(self.sign(character)?),
        };
        Ok(Some(Placed { token, at }))
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    /// Takes the character if it is the next.
    fn takes(&mut self, character: char) -> bool {
        let is_next = self.peek() == Some(character);
        self.at += usize::from(is_next);
        is_next
    }

    /// Takes all that follow and are so.
    fn run(&mut self, is_so: impl Fn(char) -> bool) -> String {
        let taken: String = self.characters[self.at..].iter().copied().take_while(|character| is_so(*character)).collect();
        self.at += taken.chars().count();
        taken
    }

    /// Between quotation marks of one kind; a doubled one is one.
    fn text(&mut self, mark: char) -> Result<String, Fault> {
        let begin = self.at;
        self.at += 1;
        let mut text = String::new();
        while let Some(character) = self.peek() {
            self.at += 1;
            if character != mark || self.takes(mark) {
                text.push(character);
            } else {
                return Ok(text);
            }
        }
        Err(Rule::UnfinishedText.at(begin))
    }

    fn field(&mut self) -> Result<u32, Fault> {
        let begin = self.at;
        self.at += 1;
        let digits = self.run(|character| character.is_ascii_digit());
        let ends = !self.peek().is_some_and(continues_word);
        digits.parse().ok().filter(|_| ends).ok_or(Rule::BadField.at(begin))
    }

    fn number(&mut self) -> Result<Decimal, Fault> {
        let begin = self.at;
        let digits = self.run(|character| continues_word(character) || character == '.');
        let whole = digits.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        Decimal::from_str_exact(&digits).ok().filter(|_| whole).ok_or(Rule::BadNumber.at(begin))
    }

    fn sign(&mut self, character: char) -> Result<Sign, Fault> {
        let begin = self.at;
        self.at += 1;
        Ok(match character {
            '(' => Sign::Open,
            ')' => Sign::Close,
            ',' => Sign::Comma,
            '.' => Sign::Dot,
            '+' => Sign::Plus,
            '-' => Sign::Minus,
            '*' => Sign::Star,
            '/' => Sign::Slash,
            '=' => Sign::Equal,
            '!' if self.takes('=') => Sign::Unequal,
            '<' if self.takes('=') => Sign::AtMost,
            '<' => Sign::Less,
            '>' if self.takes('=') => Sign::AtLeast,
            '>' => Sign::Greater,
            unknown => return Err(Rule::UnknownCharacter(unknown).at(begin)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Vec<Token> {
        tokens(source).expect("it can be taken apart").into_iter().map(|placed| placed.token).collect()
    }

    #[test]
    fn words_numbers_texts_fields_and_signs_are_told_apart() {
        let word = |text: &str| Token::Word(text.to_owned());
        let text = |text: &str| Token::Text(text.to_owned());
        assert_eq!(read(" u_a1 Сумма_2\n_x "), [word("u_a1"), word("Сумма_2"), word("_x")]);
        assert_eq!(read("007 0.250"), [Token::Number(7.into()), Token::Number(Decimal::new(25, 2))]);
        assert_eq!(read(r#""a""b" 'it''s' '"' """#), [text("a\"b"), text("it's"), text("\""), text("")]);
        assert_eq!(read("#12.City"), [Token::Field(12), Token::Sign(Sign::Dot), word("City")]);
        assert_eq!(read("#12<=#4294967295"), [Token::Field(12), Token::Sign(Sign::AtMost), Token::Field(u32::MAX)]);
        let signs = [Sign::Less, Sign::Equal, Sign::AtLeast, Sign::Unequal, Sign::Minus, Sign::Minus];
        assert_eq!(read("< = >= != --"), signs.map(Token::Sign));
    }

    #[test]
    fn a_code_is_a_word_that_the_language_does_not_use() {
        for (code, is_one) in
            [("u_1", true), ("_", true), ("сумма", true), ("count", true), ("Not", false), ("1u", false), ("u-1", false), ("", false)]
        {
            assert_eq!(is_code(code), is_one, "{code:?}");
        }
    }

    #[test]
    fn what_cannot_be_taken_apart_is_named_at_its_place() {
        let cases = [
            ("1 § 2", Rule::UnknownCharacter('§'), 2),
            ("a ! b", Rule::UnknownCharacter('!'), 2),
            ("a;b", Rule::UnknownCharacter(';'), 1),
            (r#"é = "so"#, Rule::UnfinishedText, 4),
            ("'it''s", Rule::UnfinishedText, 0),
            ("# 1", Rule::BadField, 0),
            ("#1a", Rule::BadField, 0),
            ("1 + #4294967296", Rule::BadField, 4),
            ("1e5", Rule::BadNumber, 0),
            ("1.", Rule::BadNumber, 0),
            ("1..2", Rule::BadNumber, 0),
            ("1_000", Rule::BadNumber, 0),
            ("0.1234567890123456789012345678901234567890", Rule::BadNumber, 0),
            ("1234567890123456789012345678901234567890", Rule::BadNumber, 0),
        ];
        for (source, rule, offset) in cases {
            assert_eq!(tokens(source), Err(Fault { rule, offset }), "{source}");
        }
    }
}
