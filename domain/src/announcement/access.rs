//! Who may do what with an announcement, by [`crate::rights`]. Nobody sees one that is deleted, and nobody comments on one that is
//! closed.

use super::state::Announcement;
use crate::id::{PersonId, Position};
use crate::issued::Issued;
use crate::rights::{Being, Deed};

/// The asker reads the organisation's announcements.
pub fn reads(issued: &Issued<'_>) -> bool {
    issued.permits(Deed::ReadAnnouncements)
}

/// The asker writes new ones.
pub(super) fn writes(issued: &Issued<'_>) -> bool {
    issued.permits(Deed::WriteAnnouncements)
}

impl Announcement {
    /// Also who may comment.
    pub fn may_see(&self, issued: &Issued<'_>) -> bool {
        self.exists && !self.deleted && self.organisation == issued.organisation && reads(issued)
    }

    /// Also who may close, reopen and delete it.
    pub fn may_change(&self, issued: &Issued<'_>) -> bool {
        self.may_see(issued) && issued.permits_who(Deed::ChangeAnnouncement, |being| being == Being::Author && self.author == issued.who)
    }

    pub(super) fn may_edit_comment(&self, comment: Position, issued: &Issued<'_>) -> bool {
        self.may_see(issued) && issued.permits_who(Deed::EditAnnouncementComment, |being| self.is_to(comment, being, issued.who))
    }

    pub(super) fn may_delete_comment(&self, comment: Position, issued: &Issued<'_>) -> bool {
        self.may_see(issued) && issued.permits_who(Deed::DeleteAnnouncementComment, |being| self.is_to(comment, being, issued.who))
    }

    fn is_to(&self, comment: Position, being: Being, person: PersonId) -> bool {
        being == Being::Author && self.comment(comment).is_some_and(|comment| comment.author == person)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::announcement::Event;
    use crate::testing::{
        ADMIN, ANNA, AWAY, BORIS, CLARA, DAVID, EVA, FELIX, GRETA, Given, HOME, INVITER, MANAGER, ROBOT, STRANGER, announced, directory,
        given, now, position, remarked,
    };

    /// By Anna; Boris commented at 2.
    fn announcement() -> Given<Announcement> {
        given::<Announcement>([announced("Tea at four")]).and(BORIS, [remarked("Thank you")])
    }

    /// Who may, of everybody there is.
    fn who(may: impl Fn(&Issued<'_>) -> bool) -> Vec<PersonId> {
        let directory = directory();
        let everybody = [PersonId::SYSTEM].into_iter().chain(directory.persons.keys().copied()).chain([STRANGER, PersonId(404)]);
        let issued = |who| Issued { organisation: HOME, who, at: now(), directory: &directory };
        everybody.filter(|who| may(&issued(*who))).collect()
    }

    const COLLEAGUES: [PersonId; 10] = [PersonId::SYSTEM, ADMIN, ANNA, BORIS, CLARA, DAVID, EVA, MANAGER, INVITER, ROBOT];

    #[test]
    fn every_colleague_sees_and_no_guest_does() {
        let state = announcement().state();
        assert_eq!(who(reads), COLLEAGUES);
        assert_eq!(who(|issued| state.may_see(issued)), COLLEAGUES);
    }

    #[test]
    fn its_author_and_those_who_look_after_announcements_change_it() {
        let state = announcement().state();
        assert_eq!(who(|issued| state.may_change(issued)), [PersonId::SYSTEM, ADMIN, ANNA]);
    }

    #[test]
    fn those_with_the_right_write_new_ones() {
        assert_eq!(who(writes), [PersonId::SYSTEM, ADMIN, ANNA, BORIS, CLARA, DAVID, EVA, ROBOT]);
    }

    #[test]
    fn a_comment_is_edited_by_who_wrote_it_and_deleted_also_by_those_who_look_after_announcements() {
        let state = announcement().state();
        let comment = position(2);
        assert_eq!(who(|issued| state.may_edit_comment(comment, issued)), [PersonId::SYSTEM, BORIS]);
        assert_eq!(who(|issued| state.may_delete_comment(comment, issued)), [PersonId::SYSTEM, ADMIN, BORIS]);
    }

    #[test]
    fn nobody_sees_a_deleted_one_or_one_that_never_was_or_one_of_another_organisation() {
        let deleted = announcement().and(ANNA, [Event::Deleted]).state();
        assert_eq!(who(|issued| deleted.may_see(issued)), []);
        assert_eq!(who(|issued| Announcement::default().may_see(issued)), []);
        let (state, directory) = (announcement().state(), directory());
        for who in [ANNA, STRANGER, PersonId::SYSTEM, FELIX, GRETA] {
            assert!(!state.may_see(&Issued { organisation: AWAY, who, at: now(), directory: &directory }), "{who}");
        }
    }
}
