//! Speaking for roles: a comment may say as whom it is made. Acting for a role needs no such word: its members may do what it
//! may do (see [`super::access`]).

use super::command::PersonRef;
use super::draft::Draft;
use super::rejection::Rejection;
use crate::id::PersonId;
use crate::issued::Asker;

impl Draft<'_> {
    /// Only as roles that the asker is in, which act. Others, and those that are not there, are refused alike.
    pub fn speak_as(&mut self, list: &[PersonRef]) -> Result<(), Rejection> {
        self.as_roles = self.all(list, |draft, who| draft.own_role(who).ok_or(Rejection::NotInRole))?;
        Ok(())
    }

    fn own_role(&self, who: &PersonRef) -> Option<PersonId> {
        let directory = self.issued.directory;
        let PersonRef::Id(id) = who else { return None };
        let role = directory.role(*id).filter(|role| role.acts())?;
        let speaks = match self.issued.asker() {
            Asker::System => true,
            Asker::Person(person) => directory.acts_as(person.id, role.id),
            Asker::Nobody => false,
        };
        speaks.then_some(role.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::Code;
    use crate::task::command::{Command, Comment, TextInput};
    use crate::task::event::{Commented, Flags, Text};
    use crate::task::{Event, Task};
    use crate::testing::{ANNA, BORIS, CLARA, CLERKS, DAVID, Given, SCRIBES, given, role, task_created, with_role, with_roles};

    fn say_as(roles: &[PersonId], text: Option<&str>) -> Command {
        let text = text.map(|text| TextInput::Plain(text.into()));
        let as_roles = roles.iter().copied().map(PersonRef::Id).collect();
        Command::Comment(Box::new(Comment { text, as_roles, skip_notification: true, ..Comment::default() }))
    }

    fn for_clerks() -> Given<Task> {
        given([task_created("hello"), Event::Reassigned { to: CLERKS }]).among(with_roles())
    }

    #[test]
    fn a_member_speaks_for_their_roles_each_once() {
        let said = Event::Commented(Box::new(Commented::from(Text { text: "done".into(), ..Text::default() })));
        let flags = Flags { skip_notification: true, ..Flags::default() };
        for_clerks().by(CLARA).when(say_as(&[SCRIBES, CLERKS, SCRIBES], Some("done"))).then([
            Event::Flagged(flags),
            Event::AsRoles { roles: vec![SCRIBES, CLERKS] },
            said,
        ]);
    }

    #[test]
    fn nobody_speaks_for_a_role_that_is_not_theirs_or_not_there() {
        for_clerks().by(BORIS).when(say_as(&[CLERKS, SCRIBES], Some("x"))).then_rejected(Code::AccessDenied);
        for_clerks().by(ANNA).when(say_as(&[CLERKS], Some("x"))).then_rejected(Code::AccessDenied);
        for nobody in [PersonId(404), BORIS, PersonId::SYSTEM] {
            for_clerks().by(BORIS).when(say_as(&[nobody], Some("x"))).then_rejected(Code::AccessDenied);
        }
        for_clerks().by(DAVID).when(say_as(&[CLERKS], Some("x"))).then_rejected(Code::AccessDeniedTask);
    }

    #[test]
    fn nobody_speaks_for_a_banned_role() {
        let mut banned = role(SCRIBES.0, [CLARA]);
        banned.banned = true;
        let home = with_role(with_roles(), banned);
        for_clerks().among(home).by(CLARA).when(say_as(&[SCRIBES], Some("x"))).then_rejected(Code::AccessDenied);
    }

    #[test]
    fn to_speak_as_somebody_says_nothing_by_itself() {
        for_clerks().by(BORIS).when(say_as(&[CLERKS], None)).then_rejected(Code::TextMissing);
    }
}
