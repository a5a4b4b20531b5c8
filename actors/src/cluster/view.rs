//! The cluster at one moment, as one node sees it: who owns which slice. A value; readers on any thread share it.

use std::sync::Arc;

use super::member::{Member, State};
use super::placement::{self, SLICES};
use super::roles::Role;

/// Who runs the actors of a slice.
#[derive(Clone, Copy, Debug)]
pub enum Owner<'a> {
    /// This node.
    Here,
    There(&'a Arc<Member>),
}

/// How things stand.
#[derive(Debug)]
pub struct View {
    /// This node first.
    members: Vec<Arc<Member>>,
    /// The place of each slice's owner in `members`.
    owners: Box<[u16]>,
    connected: bool,
    in_doubt: bool,
}

impl View {
    /// `others` with whether they are to be passed over.
    pub(crate) fn new(me: Arc<Member>, others: Vec<(Arc<Member>, bool)>, connected: bool) -> Self {
        let in_doubt = others.iter().any(|(_, suspected)| *suspected);
        let may_own = |member: &Member| member.state == State::Active && member.roles.has(Role::Actors);
        let passed_over: Vec<bool> = [false].into_iter().chain(others.iter().map(|(_, suspected)| *suspected)).collect();
        let members: Vec<_> = [me].into_iter().chain(others.into_iter().map(|(member, _)| member)).collect();
        let owner = |slice| {
            let candidates = members.iter().enumerate().filter(|(place, member)| may_own(member) && !passed_over[*place]);
            placement::first(candidates.map(|(place, member)| (place, member.as_ref())), slice)
        };
        // Without a way to the others, and where nobody may own anything, a node does what reaches it.
        let owners = (0..SLICES).map(|slice| if connected { owner(slice).unwrap_or(0) } else { 0 });
        let owners = owners.map(|place| u16::try_from(place).unwrap_or_default()).collect();
        Self { members, owners, connected, in_doubt }
    }

    /// Who owns `slice`, which is below [`SLICES`].
    pub fn owner(&self, slice: u16) -> Owner<'_> {
        match usize::from(self.owners[usize::from(slice)]) {
            0 => Owner::Here,
            place => Owner::There(&self.members[place]),
        }
    }

    /// Everybody who is known to live, this node first.
    pub fn members(&self) -> &[Arc<Member>] {
        &self.members
    }

    /// The slices that are this node's own.
    pub fn owned(&self) -> usize {
        self.slices_of(0)
    }

    /// The slices of the member at `place` of [`View::members`].
    pub fn slices_of(&self, place: usize) -> usize {
        self.owners.iter().filter(|owner| usize::from(**owner) == place).count()
    }

    /// Whether there is a way to the others.
    pub fn connected(&self) -> bool {
        self.connected
    }

    /// Somebody is passed over who others may still take for an owner: whoever is asked in their place must not pass
    /// the question back.
    pub fn in_doubt(&self) -> bool {
        self.in_doubt
    }
}
