//! Creating an award. Nothing keeps two from having one name: they are told apart by their ids.

use super::thresholds::within;
use super::{Award, Create, Created, DESCRIPTION_CHARACTERS_MAX, Event, NAME_CHARACTERS_MAX, Naming, Rejection, Thresholds, access};
use crate::aggregate::Events;
use crate::issued::Issued;
use crate::text::{check_line, check_lines};

impl Award {
    pub(super) fn create(&self, create: &Create, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        access::manages(issued)?;
        if self.exists {
            return Err(Rejection::AlreadyCreated);
        }
        let naming = named(&create.name, create.description.as_deref())?;
        let thresholds = within(create.limits, Thresholds::default())?;
        Ok(vec![Event::Created(Box::new(Created { naming, thresholds }))])
    }
}

/// What an award is called from now on, or what is wrong with it. An empty description is none.
pub(super) fn named(name: &str, description: Option<&str>) -> Result<Naming, Rejection> {
    check_line(name, NAME_CHARACTERS_MAX)?;
    let description = description.map(str::trim).filter(|text| !text.is_empty());
    if let Some(description) = description {
        check_lines(description, DESCRIPTION_CHARACTERS_MAX)?;
    }
    let name = name.trim();
    if name.is_empty() {
        return Err(Rejection::NameMissing);
    }
    Ok(Naming { name: name.to_owned(), description: description.map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::award::{Command, Limits};
    use crate::rejection::Code;
    use crate::testing::{ADMIN, Outcome, award_created, given};

    fn create(name: &str, description: Option<&str>, limits: Limits) -> Outcome<Award> {
        let create = Create { name: name.into(), description: description.map(str::to_owned), limits };
        given::<Award>([]).by(ADMIN).when(Command::Create(Box::new(create)))
    }

    #[test]
    fn an_award_begins_with_its_name_and_thresholds() {
        create(" Tester ", None, Limits { grant: Some(10), revoke: Some(50) }).then([award_created("Tester", 10, 50)]);
        create("Tester", Some(" "), Limits::default()).then([award_created("Tester", 0, 0)]);
        let naming = Naming { name: "Tester".into(), description: Some("Finds\nbugs".into()) };
        let created = Created { naming, thresholds: Thresholds::default() };
        create("Tester", Some("Finds\nbugs"), Limits::default()).then([Event::Created(Box::new(created))]);
    }

    #[test]
    fn an_award_is_created_once() {
        let again = Command::Create(Box::new(Create { name: "Tester".into(), ..Create::default() }));
        given::<Award>([award_created("Tester", 0, 0)]).by(ADMIN).when(again).then_rejected(Code::Conflict);
    }

    #[test]
    fn bad_names_and_descriptions_are_refused() {
        for (name, code) in [
            ("", Code::RequiredParameterMissing),
            (" \u{a0}", Code::RequiredParameterMissing),
            ("a\0", Code::InvalidValueFormat),
            ("a\u{202e}b", Code::InvalidValueFormat),
            (&"x".repeat(10_000), Code::ValueIsTooLong),
        ] {
            create(name, None, Limits::default()).then_rejected(code);
        }
        create("Tester", Some("\u{1b}"), Limits::default()).then_rejected(Code::InvalidValueFormat);
        create("Tester", Some(&"x".repeat(2_001)), Limits::default()).then_rejected(Code::ValueIsTooLong);
        create("Tester", None, Limits { grant: Some(2), revoke: Some(1) }).then_rejected(Code::InvalidAwardLimits);
    }
}
