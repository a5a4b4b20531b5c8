//! From tokens to a tree: operators by how tightly they bind (Pratt), in one pass, with bounds that hold while it runs.

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use super::fault::{Fault, Rule};
use super::lexer::{self, Placed, Sign, Token};
use super::tree::{Arithmetic, Comparison, FieldRef, Function, Node, Part, power};
use super::value::Val;
use super::{DEPTH_MAX, NODES_MAX, SOURCE_CHARACTERS_MAX};

pub(super) fn parse(source: &str) -> Result<Node, Fault> {
    let length = source.chars().count();
    if length > SOURCE_CHARACTERS_MAX {
        return Err(Rule::TooLong.at(SOURCE_CHARACTERS_MAX));
    }
    // They mean nothing in a text, and one of them breaks the log's.
    let control = source.chars().enumerate().find(|(_, character)| character.is_control() && !matches!(character, '\n' | '\r' | '\t'));
    if let Some((offset, character)) = control {
        return Err(Rule::UnknownCharacter(character).at(offset));
    }
    let mut parser = Parser { tokens: &lexer::tokens(source)?, next: 0, end: length, nodes: 0, nesting: 0 };
    let tree = parser.expression(power::OR)?;
    if parser.peek().is_some() {
        return Err(Rule::LeftOver.at(parser.at()));
    }
    let (depth, deepest) = tree.deepest();
    if depth > DEPTH_MAX { Err(Rule::TooDeep.at(deepest.at)) } else { Ok(tree) }
}

struct Parser<'a> {
    tokens: &'a [Placed],
    next: usize,
    /// Characters of the source.
    end: usize,
    nodes: usize,
    /// Expressions that have begun and not ended, one in the other.
    nesting: usize,
}

impl Parser<'_> {
    /// An expression of operators that bind at least as tightly as `least`.
    fn expression(&mut self, least: u8) -> Result<Node, Fault> {
        let mut left = self.operand()?;
        if least <= power::PRODUCT {
            left = self.chain(left, power::PRODUCT)?;
        }
        if least <= power::SUM {
            left = self.chain(left, power::SUM)?;
        }
        if least <= power::COMPARISON {
            left = self.comparison(left)?;
        }
        if least <= power::AND {
            left = self.joined(left, "and", power::AND, Part::All)?;
        }
        if least <= power::OR {
            left = self.joined(left, "or", power::OR, Part::Any)?;
        }
        Ok(left)
    }

    fn joined(&mut self, first: Node, word: &str, rank: u8, part: fn(Vec<Node>) -> Part) -> Result<Node, Fault> {
        let at = self.at();
        if !self.is_word(word) {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.takes_word(word) {
            items.push(self.expression(rank + 1)?);
        }
        self.node(at, part(items))
    }

    fn chain(&mut self, first: Node, rank: u8) -> Result<Node, Fault> {
        let at = self.at();
        let mut rest = Vec::new();
        while let Some(operator) = self.arithmetic().filter(|operator| operator.power() == rank) {
            self.next += 1;
            rest.push((operator, self.expression(rank + 1)?));
        }
        if rest.is_empty() { Ok(first) } else { self.node(at, Part::Chain(Box::new(first), rest)) }
    }

    fn arithmetic(&self) -> Option<Arithmetic> {
        match self.peek() {
            Some(Token::Sign(Sign::Plus)) => Some(Arithmetic::Add),
            Some(Token::Sign(Sign::Minus)) => Some(Arithmetic::Subtract),
            Some(Token::Sign(Sign::Star)) => Some(Arithmetic::Multiply),
            Some(Token::Sign(Sign::Slash)) => Some(Arithmetic::Divide),
            Some(Token::Sign(_) | Token::Word(_) | Token::Number(_) | Token::Text(_) | Token::Field(_)) | None => None,
        }
    }

    /// At most one comparison: `1 < 2 < 3` would not say what it seems to.
    fn comparison(&mut self, left: Node) -> Result<Node, Fault> {
        let at = self.at();
        let compared = if let Some(comparison) = self.takes_comparison()? {
            let right = self.expression(power::COMPARISON + 1)?;
            self.node(at, Part::Compare(comparison, Box::new([left, right])))?
        } else if self.is_word("not") {
            self.next += 1;
            if !self.takes_word("in") {
                return Err(Rule::Missing("`in` after `not`").at(self.at()));
            }
            let inside = self.inside(at, left)?;
            self.node(at, Part::Not(Box::new(inside)))?
        } else if self.takes_word("in") {
            self.inside(at, left)?
        } else {
            return Ok(left);
        };
        let after = self.at();
        if self.takes_comparison()?.is_some() || self.is_word("in") || self.is_word("not") {
            return Err(Rule::ChainedComparison.at(after));
        }
        Ok(compared)
    }

    fn inside(&mut self, at: usize, value: Node) -> Result<Node, Fault> {
        self.opens()?;
        let items = self.listed()?;
        self.node(at, Part::In(Box::new(value), items))
    }

    fn takes_comparison(&mut self) -> Result<Option<Comparison>, Fault> {
        let sign = match self.peek() {
            Some(Token::Sign(Sign::Equal)) => Comparison::Equal,
            Some(Token::Sign(Sign::Unequal)) => Comparison::Unequal,
            Some(Token::Sign(Sign::Less)) => Comparison::Less,
            Some(Token::Sign(Sign::AtMost)) => Comparison::AtMost,
            Some(Token::Sign(Sign::Greater)) => Comparison::Greater,
            Some(Token::Sign(Sign::AtLeast)) => Comparison::AtLeast,
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("contains") => Comparison::Contains,
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("starts") => {
                self.next += 1;
                if !self.is_word("with") {
                    return Err(Rule::Missing("`with` after `starts`").at(self.at()));
                }
                Comparison::StartsWith
            }
            Some(Token::Sign(_) | Token::Word(_) | Token::Number(_) | Token::Text(_) | Token::Field(_)) | None => return Ok(None),
        };
        self.next += 1;
        Ok(Some(sign))
    }

    /// What stands before an operator: a value, or something in parentheses, or either behind a sign or a `not`.
    fn operand(&mut self) -> Result<Node, Fault> {
        let at = self.at();
        let Some(placed) = self.tokens.get(self.next) else {
            return Err(Rule::ValueMissing.at(at));
        };
        self.next += 1;
        match &placed.token {
            Token::Number(number) => self.node(at, Part::Literal(Val::Number(*number))),
            Token::Text(text) => self.node(at, Part::Literal(Val::Text(text.clone()))),
            Token::Field(id) => self.field(at, FieldRef::Id(*id)),
            Token::Word(word) => self.word(at, word),
            Token::Sign(Sign::Minus) => {
                let operand = self.nested(at, |parser| parser.expression(power::SIGN))?;
                self.node(at, Part::Negate(Box::new(operand)))
            }
            Token::Sign(Sign::Open) => {
                let nested = self.nested(at, |parser| parser.expression(power::OR))?;
                self.closes()?;
                Ok(nested)
            }
            Token::Sign(_) => Err(Rule::ValueMissing.at(at)),
        }
    }

    fn word(&mut self, at: usize, word: &str) -> Result<Node, Fault> {
        let lower = word.to_ascii_lowercase();
        match lower.as_str() {
            "true" => self.node(at, Part::Literal(Val::Bool(true))),
            "false" => self.node(at, Part::Literal(Val::Bool(false))),
            "not" => {
                let operand = self.nested(at, |parser| parser.expression(power::NOT))?;
                self.node(at, Part::Not(Box::new(operand)))
            }
            reserved if lexer::WORDS.contains(&reserved) => Err(Rule::ValueMissing.at(at)),
            called if self.is_sign(Sign::Open) => {
                self.next += 1;
                self.call(at, called)
            }
            _code => self.field(at, FieldRef::Code(word.to_owned())),
        }
    }

    /// A field, or behind a point a column of it.
    fn field(&mut self, at: usize, field: FieldRef) -> Result<Node, Fault> {
        if !self.is_sign(Sign::Dot) {
            return self.node(at, Part::Field(field));
        }
        self.next += 1;
        let name = match self.peek() {
            Some(Token::Word(name) | Token::Text(name)) if !name.is_empty() => name.clone(),
            Some(Token::Word(_) | Token::Text(_) | Token::Sign(_) | Token::Number(_) | Token::Field(_)) | None => {
                return Err(Rule::Missing("the name of a column").at(self.at()));
            }
        };
        self.next += 1;
        self.node(at, Part::Field(FieldRef::Column { of: Box::new(field), name }))
    }

    fn call(&mut self, at: usize, name: &str) -> Result<Node, Fault> {
        if let Some(literal) = self.literal(name)? {
            return self.node(at, Part::Literal(literal));
        }
        let found = Function::ALL.into_iter().find(|function| function.name() == name);
        let function = found.ok_or_else(|| Rule::UnknownFunction(name.to_owned()).at(at))?;
        let arguments = if self.is_sign(Sign::Close) {
            self.next += 1;
            Vec::new()
        } else {
            self.listed()?
        };
        let wrong_count = |wanted| Rule::ArgumentCount { function: function.name(), wanted }.at(at);
        function.takes(arguments.len()).map_err(wrong_count)?;
        self.node(at, Part::Call(function, arguments))
    }

    /// `date("2026-01-31")` and its like, behind the parenthesis.
    fn literal(&mut self, name: &str) -> Result<Option<Val>, Fault> {
        let (read, form): (fn(&str) -> Option<Val>, _) = match name {
            "date" => (date, r#"date("2026-01-31")"#),
            "time" => (time, r#"time("09:30")"#),
            "moment" => (moment, r#"moment("2026-01-31T09:30:00Z")"#),
            _function => return Ok(None),
        };
        let at = self.at();
        let value = match self.peek() {
            Some(Token::Text(text)) => read(text),
            Some(Token::Sign(_) | Token::Word(_) | Token::Number(_) | Token::Field(_)) | None => None,
        };
        let value = value.ok_or(Rule::BadLiteral(form).at(at))?;
        self.next += 1;
        self.closes()?;
        Ok(Some(value))
    }

    /// Expressions with commas between them, up to the closing parenthesis.
    fn listed(&mut self) -> Result<Vec<Node>, Fault> {
        let mut items = Vec::new();
        loop {
            items.push(self.nested(self.at(), |parser| parser.expression(power::OR))?);
            if !self.is_sign(Sign::Comma) {
                self.closes()?;
                return Ok(items);
            }
            self.next += 1;
        }
    }

    fn nested(&mut self, at: usize, read: impl FnOnce(&mut Self) -> Result<Node, Fault>) -> Result<Node, Fault> {
        if self.nesting >= DEPTH_MAX {
            return Err(Rule::TooDeep.at(at));
        }
        self.nesting += 1;
        let node = read(self);
        self.nesting -= 1;
        node
    }

    fn node(&mut self, at: usize, part: Part) -> Result<Node, Fault> {
        self.nodes += 1;
        if self.nodes > NODES_MAX { Err(Rule::TooManyNodes.at(at)) } else { Ok(Node { at, part }) }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|placed| &placed.token)
    }

    /// Where the next token is, or the source ends.
    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |placed| placed.at)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(next)) if next.eq_ignore_ascii_case(word))
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let is_next = self.is_word(word);
        self.next += usize::from(is_next);
        is_next
    }

    fn is_sign(&self, sign: Sign) -> bool {
        self.peek() == Some(&Token::Sign(sign))
    }

    fn opens(&mut self) -> Result<(), Fault> {
        self.takes_sign(Sign::Open, "the opening parenthesis")
    }

    fn closes(&mut self) -> Result<(), Fault> {
        self.takes_sign(Sign::Close, "the closing parenthesis")
    }

    fn takes_sign(&mut self, sign: Sign, name: &'static str) -> Result<(), Fault> {
        if !self.is_sign(sign) {
            return Err(Rule::Missing(name).at(self.at()));
        }
        self.next += 1;
        Ok(())
    }
}

/// Each is read only as it would be printed: the parsers of the library take more.
fn date(text: &str) -> Option<Val> {
    text.parse::<Date>().ok().filter(|date| date.to_string() == text).map(Val::Date)
}

fn time(text: &str) -> Option<Val> {
    let minutes = |time: &Time| time.to_string() == format!("{text}:00");
    text.parse::<Time>().ok().filter(|time| time.to_string() == text || minutes(time)).map(Val::Time)
}

fn moment(text: &str) -> Option<Val> {
    text.parse::<Timestamp>().ok().filter(|moment| moment.to_string() == text).map(Val::Moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(source: &str) -> (Rule, usize) {
        let fault = parse(source).expect_err(source);
        (fault.rule, fault.offset)
    }

    /// The tree of a source, printed with every parenthesis that it implies.
    fn shape(source: &str) -> String {
        fn told(node: &Node) -> String {
            let below: Vec<String> = node.children().into_iter().map(told).collect();
            let joined = |operator: &str| format!("({})", below.join(&format!(" {operator} ")));
            match &node.part {
                Part::Literal(_) | Part::Field(_) => node.to_string(),
                Part::Not(_) => format!("(not {})", below.concat()),
                Part::Negate(_) => format!("(-{})", below.concat()),
                Part::All(_) => joined("and"),
                Part::Any(_) => joined("or"),
                Part::Compare(comparison, _) => joined(comparison.name()),
                Part::In(..) => joined("in"),
                Part::Chain(_, rest) => joined(&rest.iter().map(|(operator, _)| operator.name()).collect::<String>()),
                Part::Call(function, _) => format!("{}{}", function.name(), joined(",")),
            }
        }
        told(&parse(source).expect(source))
    }

    #[test]
    fn what_binds_tighter_is_joined_first() {
        let cases = [
            ("#1 or #2 and #3", "(#1 or (#2 and #3))"),
            ("#1 and #2 and #3", "(#1 and #2 and #3)"),
            ("(#1 and #2) and #3", "((#1 and #2) and #3)"),
            ("not #1 = 2 and #3", "((not (#1 = 2)) and #3)"),
            ("not not #1", "(not (not #1))"),
            ("1 + 2 * 3 < 4 - 5", "((1 + (2 * 3)) < (4 - 5))"),
            ("(1 + 2) * -#3", "((1 + 2) * (-#3))"),
            ("- 1 * 2", "((-1) * 2)"),
            ("1 - - 1", "(1 - (-1))"),
            ("1 + not #2 = 3", "(1 + (not (#2 = 3)))"),
            ("#1 in (1, 2 + 3) or #2 NOT IN (#3)", "((#1 in 1 in (2 + 3)) or (not (#2 in #3)))"),
            ("a contains 'b' AND a Starts With 'c'", r#"((a contains "b") and (a starts with "c"))"#),
            ("IF(#1, max(1, #2), 3)", "if(#1 , max(1 , #2) , 3)"),
            ("count + sum", "(count + sum)"),
            ("#1.City = sum . in", "(#1.City = sum.in)"),
            (r#"u_a.'A "b"' and #2."City""#, r#"(u_a."A ""b""" and #2.City)"#),
            (r#"#1 >= date("2026-01-31")"#, r#"(#1 >= date("2026-01-31"))"#),
        ];
        for (source, expected) in cases {
            assert_eq!(shape(source), expected, "{source}");
        }
    }

    #[test]
    fn what_is_not_of_the_language_is_refused_with_the_rule_and_the_place() {
        let cases = [
            ("", Rule::ValueMissing, 0),
            ("  ", Rule::ValueMissing, 2),
            ("é =", Rule::ValueMissing, 3),
            ("= 1", Rule::ValueMissing, 0),
            ("1 = and", Rule::ValueMissing, 4),
            ("1 2", Rule::LeftOver, 2),
            ("(1))", Rule::LeftOver, 3),
            ("(1", Rule::Missing("the closing parenthesis"), 2),
            ("#1.", Rule::Missing("the name of a column"), 3),
            ("#1.2", Rule::Missing("the name of a column"), 3),
            ("#1.''", Rule::Missing("the name of a column"), 3),
            ("#1.a.b", Rule::LeftOver, 4),
            ("#1 in 1", Rule::Missing("the opening parenthesis"), 6),
            ("#1 in ()", Rule::ValueMissing, 7),
            ("#1 not 1", Rule::Missing("`in` after `not`"), 7),
            ("#1 starts 'a'", Rule::Missing("`with` after `starts`"), 10),
            ("1 < 2 < 3", Rule::ChainedComparison, 6),
            ("1 = 2 not in (3)", Rule::ChainedComparison, 6),
            ("now()", Rule::UnknownFunction("now".into()), 0),
            ("1 + days(#1)", Rule::ArgumentCount { function: "days", wanted: "two values" }, 4),
            ("sum()", Rule::ArgumentCount { function: "sum", wanted: "at least one value" }, 0),
            ("date(#1)", Rule::BadLiteral(r#"date("2026-01-31")"#), 5),
            ("date('2026-02-30')", Rule::BadLiteral(r#"date("2026-01-31")"#), 5),
            ("date('20260131')", Rule::BadLiteral(r#"date("2026-01-31")"#), 5),
            ("time('9:30')", Rule::BadLiteral(r#"time("09:30")"#), 5),
            ("time('24:00')", Rule::BadLiteral(r#"time("09:30")"#), 5),
            ("moment('2026-01-31')", Rule::BadLiteral(r#"moment("2026-01-31T09:30:00Z")"#), 7),
            ("'a\0b'", Rule::UnknownCharacter('\0'), 2),
        ];
        for (source, rule, offset) in cases {
            assert_eq!(fault(source), (rule, offset), "{source}");
        }
    }

    #[test]
    fn each_bound_is_met_and_not_passed() {
        let nested = |levels: usize| format!("{}1{}", "(".repeat(levels), ")".repeat(levels));
        assert!(parse(&nested(DEPTH_MAX)).is_ok());
        assert_eq!(fault(&nested(DEPTH_MAX + 1)), (Rule::TooDeep, DEPTH_MAX));
        let negated = |levels: usize| format!("{}1", "-".repeat(levels));
        assert!(parse(&negated(DEPTH_MAX - 1)).is_ok());
        assert_eq!(fault(&negated(DEPTH_MAX)), (Rule::TooDeep, DEPTH_MAX));
        let summed = |count: usize| vec!["1"; count].join("+");
        assert!(parse(&summed(NODES_MAX - 1)).is_ok());
        assert_eq!(fault(&summed(NODES_MAX)).0, Rule::TooManyNodes);
        let long = |length: usize| format!("'{}'", "я".repeat(length - 2));
        assert!(parse(&long(SOURCE_CHARACTERS_MAX)).is_ok());
        assert_eq!(fault(&long(SOURCE_CHARACTERS_MAX + 1)), (Rule::TooLong, SOURCE_CHARACTERS_MAX));
        assert_eq!(fault(&"(".repeat(SOURCE_CHARACTERS_MAX)), (Rule::TooDeep, DEPTH_MAX));
    }
}
