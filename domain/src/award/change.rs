//! Changing what an award is called and what it is for. Who holds it keeps it.

use super::create::named;
use super::{Award, Event, Rejection};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Award {
    pub(super) fn change(&self, name: Option<&str>, description: Option<&str>, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.managed(issued)?;
        let naming = named(name.unwrap_or(&self.naming.name), description.or(self.naming.description.as_deref()))?;
        Ok(if naming == self.naming { Events::new() } else { vec![Event::Changed(Box::new(naming))] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::award::{Command, Naming};
    use crate::rejection::Code;
    use crate::testing::{ADMIN, award_created, given};

    fn change(name: Option<&str>, description: Option<&str>) -> Command {
        Command::Change { name: name.map(str::to_owned), description: description.map(str::to_owned) }
    }

    fn changed(name: &str, description: Option<&str>) -> Event {
        Event::Changed(Box::new(Naming { name: name.into(), description: description.map(str::to_owned) }))
    }

    #[test]
    fn what_is_given_changes_and_the_rest_stays() {
        let described = given::<Award>([award_created("Tester", 3, 10), changed("Tester", Some("Finds bugs"))]).by(ADMIN);
        described.clone().when(change(Some("Finder"), None)).then([changed("Finder", Some("Finds bugs"))]);
        described.clone().when(change(None, Some(""))).then([changed("Tester", None)]);
        described.clone().when(change(Some(" Tester"), Some("Finds bugs"))).then_nothing();
        described.when(change(None, None)).then_nothing();
    }

    #[test]
    fn a_name_is_not_emptied() {
        given::<Award>([award_created("Tester", 3, 10)])
            .by(ADMIN)
            .when(change(Some(" "), None))
            .then_rejected(Code::RequiredParameterMissing);
    }
}
