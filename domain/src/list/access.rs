//! What somebody is to a list, and so what it opens to them and what they may do with it, by [`crate::rights`]. Whoever sees a list
//! sees the tasks in it, comments on them, puts tasks in and takes them out.
//!
//! Members and managers are those of the list itself or of any list above it, also through roles. So whoever manages a list
//! manages all below it. A list is moved by who manages it, the list that it lies under, and the one that it goes to. What is
//! for the whole organisation says nothing of private lists below it.
//!
//! Guests see and use the lists that they, or roles of theirs, belong to, as members at most: they manage nothing and make
//! nothing. The blocked and other organisations see nothing; what is unknown, foreign and forbidden gives one answer. A list is
//! gone with any list above it that was deleted: its tasks are not to be reached through it, nobody changes it, and whoever
//! would manage it sees it among the deleted and restores what was deleted.

use super::{List, Reach, Rejection};
use crate::id::ListId;
use crate::issued::{Asker, Issued};
use crate::person::{Person, PersonKind};
use crate::rights::{Being, Deed};

/// What somebody is to a list; each is also what those before it are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Sees it, since the whole organisation does.
    Reader,
    Member,
    Manager,
}

impl Standing {
    /// What this is in the table of rights.
    pub(crate) fn is(self) -> impl Fn(Being) -> bool {
        move |being| match being {
            Being::ListReader => true,
            Being::ListManager => self == Self::Manager,
            Being::Oneself
            | Being::Author
            | Being::Responsible
            | Being::WasResponsible
            | Being::Participant
            | Being::Subscriber
            | Being::Deputy
            | Being::DeputyOfResponsible
            | Being::Reader
            | Being::Editor
            | Being::Addressed
            | Being::Approver
            | Being::FormReader
            | Being::FormManager => false,
        }
    }
}

impl Issued<'_> {
    /// What the asker is to a list that is there; nothing for one that is gone, unknown or not to be seen.
    pub fn standing(&self, list: ListId) -> Option<Standing> {
        let list = self.directory.list(list)?;
        if is_gone(list, self) { None } else { standing_in_deleted(list, self) }
    }
}

/// What the asker is to a list, also when it was deleted. The list itself may be newer than the directory knows it.
fn standing_in_deleted(list: &List, issued: &Issued<'_>) -> Option<Standing> {
    if !list.exists || list.organisation != issued.organisation {
        return None;
    }
    let person = match issued.asker() {
        Asker::System => return Some(Standing::Manager),
        Asker::Person(person) => person,
        Asker::Nobody => return None,
    };
    let above = list.parent.into_iter().flat_map(|parent| issued.directory.lists_up_from(parent));
    let inherited = above.filter_map(|above| belonging(above, person, issued)).max();
    by_itself(list, person).max(belonging(list, person, issued)).max(inherited)
}

/// The list was deleted, or one above it was.
fn is_gone(list: &List, issued: &Issued<'_>) -> bool {
    list.deleted || list.parent.is_some_and(|parent| issued.directory.is_gone(parent))
}

/// What the asker is to a list by being named in it.
pub(super) fn belonging(list: &List, person: &Person, issued: &Issued<'_>) -> Option<Standing> {
    let mut standing = None;
    for principal in issued.directory.principals(person.id) {
        if list.managers.contains(&principal) && person.kind != PersonKind::Guest {
            return Some(Standing::Manager);
        }
        if list.members.contains(&principal) || list.managers.contains(&principal) {
            standing = Some(Standing::Member);
        }
    }
    standing
}

/// What a person is to a list that is the whole organisation's.
pub(super) fn by_itself(list: &List, person: &Person) -> Option<Standing> {
    match list.settings.reach {
        Reach::Private => None,
        Reach::Organisation if Deed::ManageOpenLists.allows(person) => Some(Standing::Manager),
        Reach::Organisation if Deed::SeeOpenLists.allows(person) => Some(Standing::Reader),
        Reach::Organisation => None,
    }
}

impl List {
    /// The asker may see this list, which may have been deleted.
    ///
    /// # Errors
    /// As the table says; a list that is not there is refused as one that may not be seen.
    pub fn seen(&self, issued: &Issued<'_>) -> Result<Standing, Rejection> {
        if matches!(issued.asker(), Asker::Nobody) {
            return Err(Rejection::Blocked);
        }
        let standing = standing_in_deleted(self, issued).filter(|standing| issued.permits_who(Deed::SeeList, standing.is()));
        let standing = standing.ok_or(Rejection::Unknown)?;
        if is_gone(self, issued) && standing < Standing::Manager { Err(Rejection::Unknown) } else { Ok(standing) }
    }

    /// The asker manages this list, which may have been deleted.
    pub(super) fn managed_or_deleted(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        let standing = self.seen(issued)?;
        if issued.permits_who(Deed::ManageList, standing.is()) { Ok(()) } else { Err(Rejection::AccessDenied) }
    }

    /// The asker manages this list, which is there.
    pub(super) fn managed(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        self.managed_or_deleted(issued)?;
        if is_gone(self, issued) { Err(Rejection::Unknown) } else { Ok(()) }
    }
}

/// The asker may make lists below this one.
pub(super) fn manages_parent(parent: ListId, issued: &Issued<'_>) -> Result<(), Rejection> {
    match issued.standing(parent) {
        Some(standing) if issued.permits_who(Deed::ManageList, standing.is()) => Ok(()),
        Some(_) => Err(Rejection::AccessDenied),
        None => Err(Rejection::UnknownParent),
    }
}

/// The asker may make a list, wherever it is to lie.
pub(super) fn makes(issued: &Issued<'_>) -> Result<(), Rejection> {
    match issued.asker() {
        Asker::System => Ok(()),
        Asker::Person(person) if Deed::MakeLists.allows(person) => Ok(()),
        Asker::Person(_) => Err(Rejection::AccessDenied),
        Asker::Nobody => Err(Rejection::Blocked),
    }
}

/// The asker may have a list be the whole organisation's.
pub(super) fn opens_to_all(issued: &Issued<'_>) -> Result<(), Rejection> {
    if issued.permits(Deed::OpenListsToAll) { Ok(()) } else { Err(Rejection::OrganisationWide) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::Aggregate as _;
    use crate::directory::OrganisationDirectory;
    use crate::id::PersonId;
    use crate::list::{Change, Command};
    use crate::rejection::{Code, Rejection as _};
    use crate::testing::{
        ADMIN, ANNA, AWAY, BORIS, CLARA, DAVID, EVA, FELIX, GRETA, HOME, ROBOT, STRANGER, directories, directory, list, now, role,
        with_list, with_role,
    };

    const CLERKS: PersonId = PersonId(60);
    const TOP: ListId = ListId(1);
    const BELOW: ListId = ListId(2);
    const OPEN: ListId = ListId(3);
    const PRIVATE_IN_OPEN: ListId = ListId(4);

    /// Boris manages the top and Clara is a member of it; David manages what is below, and the guest and the clerks (the robot,
    /// and another guest's role) are members there. One list is everybody's, with a private one below.
    fn home() -> OrganisationDirectory {
        let mut top = list(TOP.0, None, [BORIS]);
        top.members = [CLARA, FELIX].into();
        let mut below = list(BELOW.0, Some(TOP), [DAVID, FELIX]);
        below.members = [GRETA, CLERKS].into();
        let mut open = list(OPEN.0, None, []);
        open.settings.reach = Reach::Organisation;
        let private = list(PRIVATE_IN_OPEN.0, Some(OPEN), [DAVID]);
        let home = with_role(directory(), role(CLERKS.0, [ROBOT]));
        [top, below, open, private].into_iter().fold(home, with_list)
    }

    fn standing(who: PersonId, list: ListId, directory: &OrganisationDirectory) -> Option<Standing> {
        Issued { organisation: directory.id, who, at: now(), directory }.standing(list)
    }

    #[test]
    fn every_cell_of_the_table_about_sight_holds() {
        use Standing::{Manager, Member, Reader};
        let home = home();
        let of =
            |list| [PersonId::SYSTEM, ADMIN, ANNA, BORIS, CLARA, DAVID, EVA, FELIX, GRETA, ROBOT].map(|who| standing(who, list, &home));
        let (manager, member, reader) = (Some(Manager), Some(Member), Some(Reader));
        //                    system   admin    anna    boris    clara   david    eva     felix greta   robot
        assert_eq!(of(TOP), [manager, None, None, manager, member, None, None, None, None, None]);
        assert_eq!(of(BELOW), [manager, None, None, manager, member, manager, None, None, member, member]);
        assert_eq!(of(OPEN), [manager, manager, reader, reader, reader, reader, reader, None, None, reader]);
        assert_eq!(of(PRIVATE_IN_OPEN), [manager, None, None, None, None, manager, None, None, None, None]);
        assert_eq!(of(ListId(404)), [None; 10]);
    }

    #[test]
    fn a_guest_is_a_member_at_most_also_through_a_role_that_manages() {
        let home = with_role(home(), role(61, [GRETA]));
        let home = with_list(home, list(9, None, [PersonId(61), GRETA]));
        assert_eq!(standing(GRETA, ListId(9), &home), Some(Standing::Member));
    }

    #[test]
    fn a_banned_role_opens_nothing() {
        let mut clerks = role(CLERKS.0, [ROBOT]);
        clerks.banned = true;
        assert_eq!(standing(ROBOT, BELOW, &with_role(home(), clerks)), None);
    }

    #[test]
    fn a_list_is_gone_with_the_one_above_it_and_only_managers_find_it() {
        let mut top = list(TOP.0, None, [BORIS]);
        top.deleted = true;
        let home = with_list(home(), top);
        for (list, who) in [(TOP, BORIS), (BELOW, BORIS), (BELOW, DAVID), (BELOW, GRETA)] {
            assert_eq!(standing(who, list, &home), None);
        }
        let below = home.list(BELOW).expect("it is there");
        let seen = |who| below.seen(&Issued { organisation: HOME, who, at: now(), directory: &home });
        assert_eq!(seen(DAVID), Ok(Standing::Manager));
        assert_eq!(seen(GRETA), Err(Rejection::Unknown));
        let rename = Command::Change(Box::new(Change { name: Some("New".into()), ..Change::default() }));
        let refused = below.decide(&rename, &Issued { organisation: HOME, who: DAVID, at: now(), directory: &home });
        assert_eq!(refused, Err(Rejection::Unknown));
    }

    #[test]
    fn other_organisations_find_no_list_whatever_their_rights_and_ids() {
        let (directories, home) = (directories(), home());
        let away = directories.organisation(AWAY).expect("it was put in");
        assert_eq!(standing(STRANGER, OPEN, away), None);
        for who in [STRANGER, BORIS, PersonId::SYSTEM] {
            assert_eq!(Issued { organisation: AWAY, who, at: now(), directory: &home }.standing(OPEN), None);
        }
        let code = home.list(TOP).map(|list| list.seen(&Issued { organisation: HOME, who: ANNA, at: now(), directory: &home }));
        assert_eq!(code.and_then(Result::err).map(|rejection| rejection.code()), Some(Code::AccessDeniedProject));
    }
}
