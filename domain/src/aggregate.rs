//! The shape of every aggregate: a state, a pure decision, a fold. Not how it is run (that is the
//! `actors` crate).

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};

use crate::codec::EventSet;
use crate::id::{Kind, Position, Version};
use crate::issued::Issued;
use crate::recorded::Header;
use crate::rejection::Rejection;

/// What a decision yields, in the order in which it is recorded. Empty means that nothing changes.
pub type Events<E> = Vec<E>;

/// A thing with a history. The value is the state that decisions need, and no more.
pub trait Aggregate: Clone + Debug + Default + Send + Serialize + DeserializeOwned + 'static {
    const KIND: Kind;
    /// Raised whenever `evolve` or the state's shape changes, so that old snapshots are ignored.
    const REVISION: u32;

    type Command: Clone + Debug + Send + Serialize + DeserializeOwned + 'static;
    type Event: EventSet;
    type Rejection: Rejection;

    /// What follows from a command, or the rule that stands in the way. Pure.
    fn decide(&self, command: &Self::Command, issued: &Issued<'_>) -> Result<Events<Self::Event>, Self::Rejection>;

    /// Takes a fact in. Never fails: what is recorded has happened.
    fn evolve(&mut self, event: &Self::Event, header: &Header);

    /// The log gave the event of `version` its `position`. For states that name things by position
    /// (a task's comments) and had evolved with position 0.
    fn settle(&mut self, _version: Version, _position: Position) {}

    /// The uniqueness claims that `event` takes and releases, seen from the state before it.
    fn claims(&self, _event: &Self::Event) -> Vec<ClaimChange> {
        Vec::new()
    }
}

/// What must be unique across the streams of an organisation. Numbers are stored, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i16)]
pub enum ClaimKind {
    Email = 1,
    ExternalId = 2,
    OrganisationName = 3,
    /// A person's number: a person has one account. Across all organisations.
    AccountPerson = 4,
    /// A change of the knowledge base's tree, by its number (see `domain/src/article/tree.rs`).
    ArticleTurn = 9,
    /// The phone that somebody signs in with.
    LoginPhone = 10,
    /// That an administrator leaves as the next one after a position (see `domain/src/person/administration.rs`).
    AdministrationLeft = 11,
    /// That the tree of departments changes as the next change after a position (see `domain/src/department/tree.rs`).
    DepartmentTree = 12,
    /// That the tree of lists changes as the next change after a position (see `domain/src/list/tree.rs`).
    ListTree = 13,
}

impl ClaimKind {
    pub const ALL: [Self; 9] = [
        Self::Email,
        Self::ExternalId,
        Self::OrganisationName,
        Self::AccountPerson,
        Self::LoginPhone,
        Self::AdministrationLeft,
        Self::DepartmentTree,
        Self::ArticleTurn,
        Self::ListTree,
    ];

    /// The kind behind a stored number, or nothing for a number that this build does not know.
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as i16 == number)
    }
}

/// Takes or releases `(organisation, kind, key)` for the stream of the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimChange {
    pub kind: ClaimKind,
    /// Already folded to the form in which it is unique (an e-mail address in lower case).
    pub key: String,
    pub taken: bool,
}
