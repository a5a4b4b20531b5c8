//! A tree as its source would be written: no parenthesis more than needed, one space where one is usual. Parsed again, it is
//! the same tree.

use std::fmt::{self, Display, Formatter};

use super::Expression;
use super::tree::{Node, Part, power};
use super::value::Val;

/// In the usual spelling; as it was written where it is not understood.
impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.understood {
            Some(understood) => understood.tree.fmt(f),
            None => f.write_str(&self.source),
        }
    }
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.part {
            Part::Literal(value) => literal(value, f),
            Part::Field(field) => field.fmt(f),
            Part::Not(operand) => {
                f.write_str("not ")?;
                operand.within(power::NOT, f)
            }
            Part::Negate(operand) => {
                f.write_str("-")?;
                operand.within(power::SIGN, f)
            }
            Part::All(items) => joined(items, " and ", power::AND + 1, f),
            Part::Any(items) => joined(items, " or ", power::OR + 1, f),
            Part::Compare(comparison, sides) => joined(&**sides, &format!(" {} ", comparison.name()), power::COMPARISON + 1, f),
            Part::In(value, items) => {
                value.within(power::COMPARISON + 1, f)?;
                f.write_str(" in (")?;
                joined(items, ", ", power::OR, f)?;
                f.write_str(")")
            }
            Part::Chain(first, rest) => {
                let tighter = self.power() + 1;
                first.within(tighter, f)?;
                for (operator, operand) in rest {
                    write!(f, " {} ", operator.name())?;
                    operand.within(tighter, f)?;
                }
                Ok(())
            }
            Part::Call(function, arguments) => {
                write!(f, "{}(", function.name())?;
                joined(arguments, ", ", power::OR, f)?;
                f.write_str(")")
            }
        }
    }
}

impl Node {
    /// In parentheses where it would otherwise be torn apart.
    fn within(&self, least: u8, f: &mut Formatter<'_>) -> fmt::Result {
        if self.power() < least { write!(f, "({self})") } else { self.fmt(f) }
    }
}

fn joined(items: &[Node], between: &str, least: u8, f: &mut Formatter<'_>) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        item.within(least, f)?;
    }
    Ok(())
}

/// Only values that have a literal are in a tree.
fn literal(value: &Val, f: &mut Formatter<'_>) -> fmt::Result {
    match value {
        Val::Bool(truth) => truth.fmt(f),
        Val::Number(number) => number.fmt(f),
        Val::Text(text) => write!(f, "\"{}\"", text.replace('"', "\"\"")),
        Val::Date(date) => write!(f, "date(\"{date}\")"),
        Val::Time(time) => write!(f, "time(\"{time}\")"),
        Val::Moment(moment) => write!(f, "moment(\"{moment}\")"),
        Val::Nothing | Val::Set(_) | Val::List(_) => f.write_str("\"\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_printed_in_the_usual_spelling() {
        let cases = [
            ("((#1))=1 AND(NOT u_x)", "#1 = 1 and not u_x"),
            ("(#1 or #2) and #3", "(#1 or #2) and #3"),
            ("#1 not in('a','b')", r#"not #1 in ("a", "b")"#),
            ("(not #1) = true", "(not #1) = true"),
            ("1-(2-3)-(4*5)", "1 - (2 - 3) - 4 * 5"),
            ("-(1+2)", "-(1 + 2)"),
            (r#"'3" pipe'"#, r#""3"" pipe""#),
            ("time('09:30') <= TIME(\"10:00:01\")", r#"time("09:30:00") <= time("10:00:01")"#),
            ("Sum( #7 ,1.50)", "sum(#7, 1.50)"),
        ];
        for (source, printed) in cases {
            assert_eq!(Expression::parse(source).expect("it is of the language").to_string(), printed);
        }
    }
}
