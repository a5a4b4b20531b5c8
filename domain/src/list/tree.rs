//! Lists as a tree, as the directory holds them: what lies above and below, and what somebody sees of it. Who may see what is
//! decided in [`super::access`].
//!
//! No list lies under itself, nor deeper than [`DEPTH_MAX`]. Each list decides alone, and the directory that decisions look at may lag
//! behind: two that move below each other at the same moment would both find that they may. So a move records after which move, as
//! the directory knew them, it was decided (`after`), and claims that place in the log. Of two that were decided on the same
//! directory the second finds the place taken, and is decided again once the directory shows the first.
//!
//! What is made below a list while that moves claims nothing and may lie deeper; and moves of before there were claims may have made
//! a circle. So whoever walks the tree stops after [`WALK_MAX`], and a list that no way from the top leads to is shown at the top.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::access::{belonging, by_itself};
use super::{List, Rejection, Standing};
use crate::directory::{Listed, OrganisationDirectory};
use crate::id::{ListId, Position};
use crate::issued::{Asker, Issued};

/// Lists on the way from the top to the lowest, both included.
pub const DEPTH_MAX: usize = 10;

/// Lists of one organisation, deleted ones included: every node holds them all in memory.
pub const LISTS_MAX: usize = 100_000;

/// Where a walk stops. More than [`DEPTH_MAX`], since what is made while something moves may add up.
const WALK_MAX: usize = 64;

impl Listed for List {
    fn listed(directory: &OrganisationDirectory, id: i64) -> Option<&Arc<Self>> {
        directory.list(ListId(id))
    }

    fn list(self, directory: &mut OrganisationDirectory) {
        let above = |list: &Self| list.parent.unwrap_or(ListId::TOP);
        if let Some(before) = directory.lists.get(&self.id) {
            let place = (above(before), self.id);
            directory.list_places.remove(&place);
        }
        directory.lists_changed = directory.lists_changed.max(self.tree_changed);
        directory.list_places.insert((above(&self), self.id));
        directory.lists.insert(self.id, Arc::new(self));
    }
}

/// A list with what is below it, as somebody sees them.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    pub list: Arc<List>,
    /// The list that it is shown under.
    pub parent: Option<ListId>,
    /// By itself or with a list above it.
    pub deleted: bool,
    pub standing: Standing,
    pub children: Vec<Branch>,
}

impl List {
    /// The place of a move that is decided now.
    pub(super) fn place(&self, issued: &Issued<'_>) -> Result<Position, Rejection> {
        // A place is claimed for a list, so that its own next move could take it once more.
        let known = issued.directory.list(self.id).map_or(0, |known| known.tree_version);
        if known == self.tree_version { Ok(issued.directory.lists_changed()) } else { Err(Rejection::Overtaken) }
    }
}

impl OrganisationDirectory {
    /// The last position at which a list moved; 0 if none did.
    pub fn lists_changed(&self) -> Position {
        self.lists_changed
    }

    pub fn list(&self, id: ListId) -> Option<&Arc<List>> {
        self.lists.get(&id)
    }

    /// Lists that lie directly under this one, or at the top, in the order of their ids.
    pub fn lists_under(&self, parent: ListId) -> impl Iterator<Item = &Arc<List>> {
        let range = (parent, ListId(i64::MIN))..=(parent, ListId(i64::MAX));
        self.list_places.range(range).filter_map(|(_, id)| self.lists.get(id))
    }

    /// The list and those above it, nearest first.
    pub fn lists_up_from(&self, id: ListId) -> impl Iterator<Item = &Arc<List>> {
        let above = |list: &&Arc<List>| list.parent.and_then(|parent| self.list(parent));
        std::iter::successors(self.list(id), above).take(WALK_MAX)
    }

    /// The list was deleted, or one above it was.
    pub fn is_gone(&self, id: ListId) -> bool {
        self.lists_up_from(id).any(|list| list.deleted)
    }

    /// Lists on the longest way down from this one, itself included.
    pub(super) fn list_height(&self, id: ListId) -> usize {
        let (mut height, mut level) = (0, vec![id]);
        while !level.is_empty() && height < WALK_MAX {
            height += 1;
            level = level.iter().flat_map(|id| self.lists_under(*id)).map(|list| list.id).collect();
        }
        height
    }
}

impl Issued<'_> {
    /// The lists that the asker sees, as a tree; `with_deleted` those too that they would manage. A list is shown under the
    /// nearest one above it that they see. Costs as much as there are lists, once.
    pub fn lists(&self, with_deleted: bool) -> Vec<Branch> {
        Walk { issued: self, then: self.directory, with_deleted, seen: BTreeSet::new() }.all()
    }

    /// The lists as they were in `then`, an earlier state of the organisation: those of them that the asker sees today, under the
    /// nearest one above it then that they see today. A list that was deleted since is there for those who would manage it.
    pub fn lists_then(&self, then: &OrganisationDirectory, with_deleted: bool) -> Vec<Branch> {
        Walk { issued: self, then, with_deleted, seen: BTreeSet::new() }.all()
    }

    /// One list as it was in `then`, with what was below it, likewise.
    pub fn branch_then(&self, then: &OrganisationDirectory, id: ListId) -> Option<Branch> {
        fn found(branches: Vec<Branch>, id: ListId) -> Option<Branch> {
            branches.into_iter().find_map(|branch| if branch.list.id == id { Some(branch) } else { found(branch.children, id) })
        }
        found(self.lists_then(then, then.is_gone(id)), id)
    }

    /// One list with what is below it, as the asker sees it; one that was deleted as who would manage it does.
    pub fn branch(&self, id: ListId) -> Option<Branch> {
        let list = self.directory.list(id)?;
        let up = || list.parent.into_iter().flat_map(|parent| self.directory.lists_up_from(parent));
        let belonging = match self.asker() {
            Asker::System => Some(Standing::Manager),
            Asker::Person(person) => up().filter_map(|above| belonging(above, person, self)).max(),
            Asker::Nobody => None,
        };
        let deleted = up().any(|above| above.deleted);
        let shown = up().find(|above| above.seen(self).is_ok()).map(|above| above.id);
        let mut walk = Walk { issued: self, then: self.directory, with_deleted: deleted || list.deleted, seen: BTreeSet::new() };
        let mut found = Vec::new();
        walk.visit(list, &Above { belonging, deleted, shown, depth: 0 }, &mut found);
        found.into_iter().find(|branch| branch.list.id == id)
    }

    /// The ids of all lists that are there and that the asker sees.
    pub fn list_ids(&self) -> Vec<ListId> {
        fn collect(branches: &[Branch], ids: &mut Vec<ListId>) {
            for branch in branches {
                ids.push(branch.list.id);
                collect(&branch.children, ids);
            }
        }
        let mut ids = Vec::new();
        collect(&self.lists(false), &mut ids);
        ids
    }
}

/// What holds below a list because of it and of those above it.
#[derive(Clone, Copy, Debug, Default)]
struct Above {
    belonging: Option<Standing>,
    deleted: bool,
    shown: Option<ListId>,
    depth: usize,
}

struct Walk<'a> {
    issued: &'a Issued<'a>,
    /// Where the lists lie: today's organisation, or an earlier state of it.
    then: &'a OrganisationDirectory,
    with_deleted: bool,
    seen: BTreeSet<ListId>,
}

impl Walk<'_> {
    fn all(mut self) -> Vec<Branch> {
        let mut top = Vec::new();
        self.down(ListId::TOP, &Above::default(), &mut top);
        if self.seen.len() < self.then.lists.len() {
            for list in self.then.lists.values() {
                self.visit(list, &Above::default(), &mut top);
            }
        }
        top
    }

    /// What the asker is to a list by itself and by being named in it; to one of an earlier state, what they are to it today.
    fn standing(&self, list: &List) -> (Option<Standing>, Option<Standing>) {
        if !std::ptr::eq(self.then, self.issued.directory) {
            let today = self.issued.directory.list(list.id).and_then(|today| today.seen(self.issued).ok());
            return (today, None);
        }
        match self.issued.asker() {
            Asker::System => (Some(Standing::Manager), Some(Standing::Manager)),
            Asker::Person(person) => (by_itself(list, person), belonging(list, person, self.issued)),
            Asker::Nobody => (None, None),
        }
    }

    fn down(&mut self, parent: ListId, above: &Above, into: &mut Vec<Branch>) {
        if above.depth < WALK_MAX {
            for list in self.then.lists_under(parent) {
                self.visit(list, above, into);
            }
        }
    }

    fn visit(&mut self, list: &Arc<List>, above: &Above, into: &mut Vec<Branch>) {
        if !self.seen.insert(list.id) {
            return;
        }
        let (own, belongs) = self.standing(list);
        let belonging = above.belonging.max(belongs);
        let deleted = above.deleted || list.deleted;
        let standing = own.max(belonging).filter(|standing| !deleted || (self.with_deleted && *standing == Standing::Manager));
        let mut below = Above { belonging, deleted, shown: above.shown, depth: above.depth + 1 };
        match standing {
            Some(standing) => {
                below.shown = Some(list.id);
                let mut children = Vec::new();
                self.down(list.id, &below, &mut children);
                into.push(Branch { list: list.clone(), parent: above.shown, deleted, standing, children });
            }
            None => self.down(list.id, &below, into),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonId;
    use crate::list::Reach;
    use crate::testing::{ADMIN, ANNA, BORIS, CLARA, DAVID, FELIX, GRETA, HOME, directory, list, now, with_list};

    fn issued(who: PersonId, directory: &OrganisationDirectory) -> Issued<'_> {
        Issued { organisation: HOME, who, at: now(), directory }
    }

    /// Ids with what is below them, for looking at.
    fn drawn(branches: &[Branch]) -> String {
        let draw = |branch: &Branch| {
            let below = if branch.children.is_empty() { String::new() } else { format!("({})", drawn(&branch.children)) };
            format!("{}{below}", branch.list.id)
        };
        branches.iter().map(draw).collect::<Vec<_>>().join(" ")
    }

    fn shown(who: PersonId, home: &OrganisationDirectory) -> String {
        drawn(&issued(who, home).lists(false))
    }

    /// 1 by Boris with 2, 3 and, below 2, 4, which is Clara's; 5 is everybody's, below 3.
    fn home() -> OrganisationDirectory {
        let mut open = list(5, Some(ListId(3)), [BORIS]);
        open.settings.reach = Reach::Organisation;
        let lists =
            [list(1, None, [BORIS]), list(2, Some(ListId(1)), []), list(3, Some(ListId(1)), []), list(4, Some(ListId(2)), [CLARA]), open];
        lists.into_iter().rev().fold(directory(), with_list)
    }

    #[test]
    fn everybody_sees_their_part_of_the_tree_under_what_they_see_above_it() {
        let home = home();
        assert_eq!(shown(BORIS, &home), "1(2(4) 3(5))");
        assert_eq!(shown(CLARA, &home), "4 5");
        assert_eq!(shown(ANNA, &home), "5");
        assert_eq!((shown(GRETA, &home), shown(FELIX, &home)), (String::new(), String::new()));
        assert_eq!(issued(CLARA, &home).lists(false)[0].parent, None, "what is not seen is not named");
        assert_eq!(issued(BORIS, &home).list_ids(), [1, 2, 4, 3, 5].map(ListId));
    }

    #[test]
    fn the_tree_says_of_each_list_what_the_list_says() {
        let mut deleted = list(6, Some(ListId(1)), [DAVID]);
        deleted.deleted = true;
        let home = [deleted, list(7, Some(ListId(6)), [DAVID]), list(8, Some(ListId(404)), [ANNA])].into_iter().fold(home(), with_list);
        for who in [PersonId::SYSTEM, ADMIN, ANNA, BORIS, CLARA, DAVID, FELIX, GRETA] {
            let issued = issued(who, &home);
            let mut ids = issued.list_ids();
            ids.sort_unstable();
            let one_by_one: Vec<ListId> = home.lists.keys().copied().filter(|id| issued.standing(*id).is_some()).collect();
            assert_eq!(ids, one_by_one, "{who}");
        }
        assert_eq!(drawn(&issued(DAVID, &home).lists(true)), "5 6(7)");
        assert!(issued(DAVID, &home).lists(true)[1].children[0].deleted);
    }

    #[test]
    fn a_branch_is_the_part_of_the_tree_that_begins_with_it() {
        fn find(branches: &[Branch], id: ListId) -> Option<&Branch> {
            branches.iter().find_map(|branch| if branch.list.id == id { Some(branch) } else { find(&branch.children, id) })
        }
        let mut deleted = list(6, Some(ListId(1)), [DAVID]);
        deleted.deleted = true;
        let home = [deleted, list(7, Some(ListId(6)), [DAVID])].into_iter().fold(home(), with_list);
        for who in [PersonId::SYSTEM, ADMIN, ANNA, BORIS, CLARA, DAVID, FELIX, GRETA] {
            let issued = issued(who, &home);
            for id in (1..=8).map(ListId) {
                let gone = home.is_gone(id);
                assert_eq!(issued.branch(id).as_ref(), find(&issued.lists(gone), id), "{who} {id}");
            }
        }
    }

    #[test]
    fn lists_are_shown_as_they_were_to_those_who_see_them_today() {
        let then = home();
        let mut gone = list(3, Some(ListId(1)), []);
        gone.deleted = true;
        // Since then: 4 was moved below 1 and is Anna's, 3 was deleted with what is below it, and 6 is new.
        let today = [gone, list(4, Some(ListId(1)), [ANNA]), list(6, None, [BORIS])].into_iter().fold(home(), with_list);
        let shown = |who| drawn(&issued(who, &today).lists_then(&then, false));
        assert_eq!(shown(BORIS), "1(2(4) 3(5))", "who would manage what was deleted");
        assert_eq!((shown(ANNA), shown(CLARA), shown(GRETA)), ("4".into(), String::new(), String::new()));
        let branch = |who, id| issued(who, &today).branch_then(&then, ListId(id)).map(|branch| drawn(&[branch]));
        assert_eq!((branch(BORIS, 2), branch(BORIS, 6), branch(CLARA, 4)), (Some("2(4)".into()), None, None));
        let same = |who| issued(who, &today).lists_then(&OrganisationDirectory::clone(&today), true) == issued(who, &today).lists(true);
        assert!([PersonId::SYSTEM, ADMIN, ANNA, BORIS, CLARA, GRETA].into_iter().all(same), "then may be now");
    }

    #[test]
    fn a_list_that_moved_is_under_its_new_parent_alone() {
        let home = with_list(home(), list(4, Some(ListId(3)), [CLARA]));
        assert_eq!(shown(BORIS, &home), "1(2 3(4 5))");
        assert_eq!((home.list_height(ListId(1)), home.list_height(ListId(4))), (3, 1));
    }

    #[test]
    fn a_circle_that_two_moves_made_is_walked_once_and_shown_at_the_top() {
        let circle = [list(1, Some(ListId(2)), [BORIS]), list(2, Some(ListId(1)), []), list(3, Some(ListId(2)), [])];
        let home = circle.into_iter().fold(directory(), with_list);
        assert_eq!(shown(BORIS, &home), "1(2(3))");
        assert_eq!(issued(BORIS, &home).standing(ListId(3)), Some(Standing::Manager));
        assert!(home.list_height(ListId(1)) <= WALK_MAX && !home.is_gone(ListId(3)));
    }
}
