//! Templates of print forms: what one may say, whether it can be taken, and what it makes of a task. Not what a task shows
//! ([`super::context`]).
//!
//! A template is the body of a page, in a part of the language of Jinja: `{{ … }}`, `{% if … %}`, `{% for … %}`, `{% set … %}` and a
//! few filters. Whoever administers a form writes it, and others' words stand in it. So every value is escaped, whatever the template
//! says; nothing is included from elsewhere; texts cannot be joined or repeated, so that none grows; the number of steps and the
//! length of the page are bounded; and elements that could load or run something, or lead the page elsewhere, are refused in what
//! it makes.

use std::io;

use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};
use serde::Serialize;
use thiserror::Error;

/// Steps of one rendering.
const FUEL: u64 = 500_000;
/// Bytes of a page.
const PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// What would load something, run something, or lead elsewhere. The page's policy allows none of it either; a file that is printed
/// to PDF has no such server behind it.
const FORBIDDEN: [&str; 12] =
    ["<script", "<iframe", "<frame", "<object", "<embed", "<applet", "<base", "<link", "<meta", "<form", "<portal", "<template"];
/// Within tags: what makes longer texts of short ones, or takes values for markup.
const OPERATORS: [char; 3] = ['~', '*', '+'];
const TAKES_FOR_MARKUP: &str = "autoescape";

/// Why a template cannot be taken, or makes no page.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Flawed {
    #[error("line {line}: {what}")]
    Line { line: usize, what: String },
    #[error("the page has more than {PAGE_BYTES_MAX} bytes")]
    TooLong,
    #[error("the template takes too many steps")]
    TooManySteps,
    #[error("{0}…> cannot be in a page")]
    Forbidden(&'static str),
}

/// What a template makes of what a task shows: the body of a page.
///
/// # Errors
/// When it is no template, names what there is not, or does not come to an end within its bounds.
pub fn rendered(template: &str, context: &impl Serialize) -> Result<String, Flawed> {
    check_tags(template)?;
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_fuel(Some(FUEL));
    environment.add_filter("default", minijinja::filters::default);
    environment.add_filter("upper", minijinja::filters::upper);
    environment.add_filter("lower", minijinja::filters::lower);
    environment.add_filter("trim", minijinja::filters::trim);
    environment.add_filter("length", minijinja::filters::length);
    environment.add_filter("first", minijinja::filters::first);
    environment.add_filter("last", minijinja::filters::last);
    let mut page = Page(Vec::new());
    let made = environment.template_from_str(template).and_then(|template| template.render_captured_to(context, &mut page).map(drop));
    match made {
        Ok(()) => {}
        Err(_) if page.0.len() > PAGE_BYTES_MAX => return Err(Flawed::TooLong),
        Err(error) if error.kind() == ErrorKind::OutOfFuel => return Err(Flawed::TooManySteps),
        Err(error) => return Err(Flawed::Line { line: error.line().unwrap_or(1), what: told(&error) }),
    }
    let html = String::from_utf8(page.0).map_err(|_| Flawed::TooLong)?;
    let lower = html.to_ascii_lowercase();
    match FORBIDDEN.into_iter().find(|element| lower.contains(element)) {
        Some(element) => Err(Flawed::Forbidden(element)),
        None => Ok(html),
    }
}

fn told(error: &minijinja::Error) -> String {
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}

/// Looks into tags, outside of the texts in them.
fn check_tags(template: &str) -> Result<(), Flawed> {
    let line = |at: usize| template[..at].matches('\n').count() + 1;
    let mut from = 0;
    while let Some(at) = template[from..].find('{').map(|found| from + found) {
        let end = match &template.as_bytes()[at..] {
            [b'{', b'{', ..] => "}}",
            [b'{', b'%', ..] => "%}",
            [b'{', b'#', ..] => "#}",
            _ => {
                from = at + 1;
                continue;
            }
        };
        from = at + 2;
        let (mut quote, mut escaped, mut word) = (None, false, String::new());
        for (offset, character) in template[at + 2..].char_indices() {
            let here = at + 2 + offset;
            if (end == "#}" || quote.is_none()) && template[here..].starts_with(end) {
                from = here + 2;
                break;
            }
            if end == "#}" {
                continue;
            }
            match quote {
                Some(_) if escaped => escaped = false,
                Some(_) if character == '\\' => escaped = true,
                Some(open) if character == open => quote = None,
                Some(_) => {}
                None if matches!(character, '"' | '\'') => quote = Some(character),
                None if OPERATORS.contains(&character) => {
                    return Err(Flawed::Line { line: line(here), what: format!("{character} cannot be used") });
                }
                None if character.is_alphanumeric() || character == '_' => {
                    word.push(character);
                    if word == TAKES_FOR_MARKUP {
                        return Err(Flawed::Line { line: line(here), what: format!("{word} cannot be used") });
                    }
                    continue;
                }
                None => {}
            }
            word.clear();
        }
        if from == at + 2 {
            // It does not end, as the parser will say.
            return Ok(());
        }
    }
    Ok(())
}

/// As much of a page as there may be.
struct Page(Vec<u8>);

impl io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        if self.0.len() > PAGE_BYTES_MAX { Err(io::Error::other("the page is too long")) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Serialize)]
    struct Shown {
        field: BTreeMap<&'static str, &'static str>,
        rows: Vec<u32>,
    }

    fn made(template: &str) -> Result<String, Flawed> {
        let field = [("What", "<b onload=alert(1)>\"'&</b><script>alert(2)</script>"), ("Empty", "")].into();
        rendered(template, &Shown { field, rows: (0..1_000).collect() })
    }

    #[test]
    fn values_are_shown_as_text_wherever_they_stand() {
        let shown = "&lt;b onload=alert(1)&gt;&quot;&#x27;&amp;&lt;&#x2f;b&gt;&lt;script&gt;alert(2)&lt;&#x2f;script&gt;";
        for template in ["<p>{{ field.What }}</p>", "<p>{{ field['What'] }}</p>", "<p>{% if true %}{{ field.What | trim }}{% endif %}</p>"]
        {
            assert_eq!(made(template), Ok(format!("<p>{shown}</p>")), "{template}");
        }
        assert_eq!(made("<p title=\"{{ field.What }}\">"), Ok(format!("<p title=\"{shown}\">")));
        assert_eq!(made("{{ field.Empty | default('none', true) }} {{ rows | length }}").as_deref(), Ok("none 1000"));
    }

    #[test]
    fn what_is_no_template_or_names_what_there_is_not_is_refused_with_its_line() {
        for (template, line) in [
            ("<p>\n{{ field.Nope }}", 2),
            ("{{ nope }}", 1),
            ("\n\n{% for row in nope %}{% endfor %}", 3),
            ("{% if %}", 1),
            ("{{ field.What", 1),
            ("{% include 'other' %}", 1),
            ("{% import 'other' as x %}", 1),
            ("{% extends 'other' %}", 1),
            ("{% macro x() %}{% endmacro %}", 1),
            ("{{ field.What | safe }}", 1),
            ("{{ field.What | tojson }}", 1),
            ("{% autoescape false %}{{ field.What }}{% endautoescape %}", 1),
            ("{{ range(1000000000) }}", 1),
            ("{{ 'x' * 1000000000 }}", 1),
            ("{% set a = 'x' ~ 'x' %}", 1),
            ("{% set a = 'x' + 'x' %}", 1),
            ("{{ '\\'' ~ 'x' }}", 1),
            ("{{ 1 // 0 }}", 1),
        ] {
            let refused = made(template);
            assert!(matches!(&refused, Err(Flawed::Line { line: at, .. }) if *at == line), "{template}: {refused:?}");
        }
        assert_eq!(made("{# ~ * + #}{{ '~*+' }} ~ * +").as_deref(), Ok("~*+ ~ * +"), "they are texts elsewhere");
    }

    #[test]
    fn a_rendering_ends_within_its_bounds() {
        let nested = "{% for a in rows %}{% for b in rows %}{% for c in rows %}{% endfor %}{% endfor %}{% endfor %}";
        assert_eq!(made(nested), Err(Flawed::TooManySteps));
        let long = format!("{{% for a in rows %}}{}{{% endfor %}}", "x".repeat(60_000));
        assert_eq!(made(&long), Err(Flawed::TooLong));
        let deep = format!("{{{{ {}1{} }}}}", "(".repeat(20_000), ")".repeat(20_000));
        assert!(made(&deep).is_err());
        let recursive = "{% for a in rows recursive %}{{ loop(rows) }}{% endfor %}";
        assert!(made(recursive).is_err());
    }

    #[test]
    fn elements_that_load_or_run_or_lead_elsewhere_are_refused_however_they_are_put_together() {
        for template in ["<ScRiPt>", "<me{# #}ta http-equiv='refresh'>", "{% if true %}<ifr{% endif %}ame>", "<base href='file:///'>"] {
            assert!(matches!(made(template), Err(Flawed::Forbidden(_))), "{template}");
        }
        assert!(made("<style>p { color: red }</style><table><tr><td>{{ field.What }}</td></tr></table>").is_ok());
    }
}
