//! The names of things: organisations, persons, tasks, streams, commands. Not how they are handed out
//! (that is the journal's work).

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Place in the log of one part, from 1, without gaps. 0 means "before the first event".
pub type Position = i64;

/// Place in one stream, from 1, without gaps. 0 means "before the first event".
pub type Version = i64;

macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

numbered!(
    /// An organisation: the border that no request, view, search or feed crosses. 0 is the system's own.
    OrganisationId
);
numbered!(
    /// A person of one organisation (also a guest or a bot), or a role, which stands where a person can. 0 is the system itself.
    PersonId
);
numbered!(
    /// A task. Below 2^31, because clients of the API keep it in 32 bits; rises in commit order.
    TaskId
);
numbered!(
    /// A list of tasks.
    ListId
);
numbered!(
    /// An article or a topic of the knowledge base.
    ArticleId
);

numbered!(
    /// An award.
    AwardId
);
numbered!(
    /// A file that was uploaded, or a link that stands where one can.
    FileId
);

numbered!(
    /// A department of an organisation.
    DepartmentId
);
numbered!(
    /// A catalog: a table that forms take values from.
    CatalogId
);
numbered!(
    /// A form: the template of tasks.
    FormId
);
numbered!(
    /// A question about tasks that somebody has saved.
    FilterId
);

impl OrganisationId {
    /// The organisation that holds accounts, nodes and signing keys.
    pub const SYSTEM: Self = Self(0);
}

impl ListId {
    /// No list: what lies under it lies at the top of the tree.
    pub const TOP: Self = Self(0);
}

impl PersonId {
    /// Nobody in particular: timers, policies, the command line.
    pub const SYSTEM: Self = Self(0);
}

/// The kinds of stream. Numbers are stored in the log and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(i16)]
pub enum Kind {
    Organisation = 1,
    Person = 2,
    Task = 3,
    /// Records about the log itself: `erasure.performed`.
    Audit = 4,
    Role = 5,
    Department = 6,
    List = 7,
    Announcement = 8,
    /// An article or a topic of the knowledge base.
    Article = 9,
    /// What somebody signs in with, over all of their organisations; of the system's own organisation.
    Account = 10,
    Award = 11,
    Catalog = 13,
    Form = 12,
    /// What is in one person's own hands of their inbox; its id is the person's.
    Inbox = 14,
    /// A question about tasks that somebody has saved.
    Filter = 15,
    /// A file that was uploaded.
    File = 16,
}

impl Kind {
    /// Every kind, in the order of its number.
    pub const ALL: [Self; 16] = [
        Self::Organisation,
        Self::Person,
        Self::Task,
        Self::Audit,
        Self::Role,
        Self::Department,
        Self::List,
        Self::Announcement,
        Self::Article,
        Self::Account,
        Self::Award,
        Self::Catalog,
        Self::Form,
        Self::Inbox,
        Self::Filter,
        Self::File,
    ];

    /// The number stored in the log.
    pub const fn number(self) -> i16 {
        self as i16
    }

    /// The kind behind a stored number, or nothing for a number that this build does not know.
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }
}

/// One stream of the log: the history of one actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StreamId {
    pub kind: Kind,
    pub id: i64,
}

impl StreamId {
    pub const fn new(kind: Kind, id: i64) -> Self {
        Self { kind, id }
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}-{}", self.kind, self.id)
    }
}

impl From<TaskId> for StreamId {
    fn from(id: TaskId) -> Self {
        Self::new(Kind::Task, id.0)
    }
}

impl From<FormId> for StreamId {
    fn from(id: FormId) -> Self {
        Self::new(Kind::Form, id.0)
    }
}

impl From<FileId> for StreamId {
    fn from(id: FileId) -> Self {
        Self::new(Kind::File, id.0)
    }
}

impl From<FilterId> for StreamId {
    fn from(id: FilterId) -> Self {
        Self::new(Kind::Filter, id.0)
    }
}

impl From<ListId> for StreamId {
    fn from(id: ListId) -> Self {
        Self::new(Kind::List, id.0)
    }
}

impl From<PersonId> for StreamId {
    fn from(id: PersonId) -> Self {
        Self::new(Kind::Person, id.0)
    }
}

impl From<DepartmentId> for StreamId {
    fn from(id: DepartmentId) -> Self {
        Self::new(Kind::Department, id.0)
    }
}

impl From<CatalogId> for StreamId {
    fn from(id: CatalogId) -> Self {
        Self::new(Kind::Catalog, id.0)
    }
}

impl From<ArticleId> for StreamId {
    fn from(id: ArticleId) -> Self {
        Self::new(Kind::Article, id.0)
    }
}

impl From<AwardId> for StreamId {
    fn from(id: AwardId) -> Self {
        Self::new(Kind::Award, id.0)
    }
}

impl From<OrganisationId> for StreamId {
    fn from(id: OrganisationId) -> Self {
        Self::new(Kind::Organisation, id.0)
    }
}

/// A command's name for ever: it takes effect at most once. From a client's `Idempotency-Key` it is
/// a UUIDv5 of organisation, person and key; without a key the edge mints it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CommandId(pub Uuid);

impl CommandId {
    const NAMESPACE: Uuid = Uuid::from_u128(0x6e61_7368_6900_5000_8000_636f_6d6d_616e);

    /// The id of the command that `person` of `organisation` sent under `key` (RFC 9562 §5.5).
    pub fn from_key(organisation: OrganisationId, person: PersonId, key: &str) -> Self {
        let mut name = Vec::with_capacity(16 + key.len());
        name.extend_from_slice(&organisation.0.to_be_bytes());
        name.extend_from_slice(&person.0.to_be_bytes());
        name.extend_from_slice(key.as_bytes());
        Self(Uuid::new_v5(&Self::NAMESPACE, &name))
    }

    /// The id of the command that the policy of this name gives because of the event at `cause`; `index` tells its commands
    /// apart. So whoever gives it again gives the same one.
    pub fn of_policy(organisation: OrganisationId, policy: &str, cause: Position, index: i64) -> Self {
        let mut name = b"policy".to_vec();
        for number in [organisation.0, cause, index] {
            name.extend_from_slice(&number.to_be_bytes());
        }
        name.extend_from_slice(policy.as_bytes());
        Self(Uuid::new_v5(&Self::NAMESPACE, &name))
    }

    /// The id of the command by which the timer of this number fires that the event at `cause` set.
    pub fn of_timer(organisation: OrganisationId, cause: Position, timer: u8) -> Self {
        let numbers = [organisation.0.to_be_bytes(), cause.to_be_bytes()].concat();
        let name = [b"timer".as_slice(), &numbers, &[timer]].concat();
        Self(Uuid::new_v5(&Self::NAMESPACE, &name))
    }

    /// The id of the command that tells `person` what a filter of this number finds because of the request that began at `cause`.
    pub fn of_found(organisation: OrganisationId, filter: FilterId, person: PersonId, cause: Position) -> Self {
        let mut name = b"found".to_vec();
        for number in [organisation.0, filter.0, person.0, cause] {
            name.extend_from_slice(&number.to_be_bytes());
        }
        Self(Uuid::new_v5(&Self::NAMESPACE, &name))
    }

    /// The id of the command that tells the log that the time of this session is over.
    pub fn of_session_over(session: Uuid) -> Self {
        let name = [b"session over".as_slice(), session.as_bytes()].concat();
        Self(Uuid::new_v5(&Self::NAMESPACE, &name))
    }

    /// The id of the `index`th command of a request that is `self`.
    pub fn part(self, index: usize) -> Self {
        Self(Uuid::new_v5(&self.0, &(index as u64).to_be_bytes()))
    }
}

impl CommandId {
    /// The id of the item at `index` of a request that asks for many things, each a command of its own.
    #[must_use]
    pub fn of_item(self, index: u32) -> Self {
        Self(Uuid::new_v5(&self.0, &index.to_be_bytes()))
    }
}

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
