//! Small aggregates as actors: readers are given the state itself. Not the directory, which most questions about people
//! and places are answered from; not tasks, which show a document.

use std::sync::Arc;

use domain::account::{self, Account};
use domain::announcement::{self, Announcement};
use domain::article::{self, Access, Article};
use domain::department::{self, Department};
use domain::directory::OrganisationDirectory;
use domain::file::{self, File};
use domain::filter::{self, Filter};
use domain::form::{self, Form};
use domain::inbox::{self, Inbox};
use domain::issued::Asker;
use domain::list::{self, List};
use domain::organisation::{self, Organisation};
use domain::person::{self, Person};
use domain::role::{self, Role};
use domain::{Aggregate, Header, Issued};

use super::Hosted;

/// An aggregate that is shown whole, as it is.
pub trait Plain: Aggregate + Sync + Unpin {
    /// As [`Hosted::MESSAGES`].
    const MESSAGES: u16 = 1;
    /// Bytes that one takes, roughly.
    const BYTES: usize;

    /// Whether the asker may see it.
    fn visible(&self, issued: &Issued<'_>) -> Result<(), Self::Rejection>;
}

impl<A: Plain> Hosted for A {
    type Document = ();
    type Published = Arc<Self>;
    type Query = ();
    type View = Arc<Self>;

    const DOCUMENT_REVISION: u32 = 1;
    const MESSAGES: u16 = <A as Plain>::MESSAGES;

    fn document(_document: &mut (), _event: &Self::Event, _header: &Header, _directory: &OrganisationDirectory) {}

    fn publish(&self, _document: &mut (), _directory: &OrganisationDirectory) -> Arc<Self> {
        Arc::new(self.clone())
    }

    fn fresh(_published: &Arc<Self>, _directory: &OrganisationDirectory) -> bool {
        true
    }

    fn refresh(_document: &mut (), _directory: &OrganisationDirectory) {}

    fn show(published: &Arc<Self>, (): &(), issued: &Issued<'_>) -> Result<Arc<Self>, Self::Rejection> {
        published.visible(issued)?;
        Ok(published.clone())
    }

    fn after(published: &Arc<Self>, _issued: &Issued<'_>) -> Arc<Self> {
        published.clone()
    }

    fn weight(&self, (): &()) -> usize {
        <A as Plain>::BYTES
    }
}

impl Plain for Form {
    const MESSAGES: u16 = 3;
    const BYTES: usize = size_of::<Self>() + 16 * 1024;

    fn visible(&self, issued: &Issued<'_>) -> Result<(), form::Rejection> {
        if self.may_see(issued) { Ok(()) } else { Err(form::Rejection::Unknown) }
    }
}

impl Plain for Filter {
    const BYTES: usize = size_of::<Self>() + 2 * 1024;

    fn visible(&self, issued: &Issued<'_>) -> Result<(), filter::Rejection> {
        self.seen(issued)
    }
}

impl Plain for File {
    const BYTES: usize = size_of::<Self>() + 1024;

    /// That there is such a file; whether its bytes may be read is asked with what it is attached to.
    fn visible(&self, issued: &Issued<'_>) -> Result<(), file::Rejection> {
        self.found(issued)
    }
}

impl Plain for Announcement {
    const MESSAGES: u16 = 2;
    const BYTES: usize = size_of::<Self>() + 1024;

    fn visible(&self, issued: &Issued<'_>) -> Result<(), announcement::Rejection> {
        if self.may_see(issued) { Ok(()) } else { Err(announcement::Rejection::Unseen) }
    }
}

impl Plain for Article {
    const BYTES: usize = size_of::<Self>() + 512;

    fn visible(&self, issued: &Issued<'_>) -> Result<(), article::Rejection> {
        if self.access(issued) >= Access::Read { Ok(()) } else { Err(article::Rejection::Unknown) }
    }
}

impl Plain for Organisation {
    const MESSAGES: u16 = 2;
    const BYTES: usize = size_of::<Self>() + 256;

    /// Everybody in it who is not blocked may see its settings.
    fn visible(&self, issued: &Issued<'_>) -> Result<(), organisation::Rejection> {
        match issued.asker() {
            Asker::System | Asker::Person(_) if self.exists => Ok(()),
            Asker::System | Asker::Person(_) => Err(organisation::Rejection::Unknown),
            Asker::Nobody => Err(organisation::Rejection::AccessDenied),
        }
    }
}

impl Plain for List {
    const MESSAGES: u16 = 2;
    const BYTES: usize = size_of::<Self>() + 2048;

    fn visible(&self, issued: &Issued<'_>) -> Result<(), list::Rejection> {
        self.seen(issued).map(drop)
    }
}

impl Plain for Role {
    const BYTES: usize = size_of::<Self>() + 2048;

    fn visible(&self, issued: &Issued<'_>) -> Result<(), role::Rejection> {
        self.seen(issued)
    }
}

impl Plain for Account {
    const MESSAGES: u16 = 2;
    const BYTES: usize = size_of::<Self>() + 1024;

    /// Its human reads it by way of the system; nobody else does.
    fn visible(&self, issued: &Issued<'_>) -> Result<(), account::Rejection> {
        match issued.asker() {
            Asker::System if self.exists => Ok(()),
            Asker::System => Err(account::Rejection::Unknown),
            Asker::Person(_) | Asker::Nobody => Err(account::Rejection::AccessDenied),
        }
    }
}

impl Plain for Person {
    const MESSAGES: u16 = 2;
    const BYTES: usize = size_of::<Self>() + 512;

    /// Colleagues are known to everybody of the organisation who is not blocked, but not to guests.
    fn visible(&self, issued: &Issued<'_>) -> Result<(), person::Rejection> {
        match issued.asker() {
            Asker::System if self.exists => Ok(()),
            Asker::Person(person) if self.exists && person.knows(self.id) => Ok(()),
            Asker::System | Asker::Person(_) => Err(person::Rejection::Unknown),
            Asker::Nobody => Err(person::Rejection::AccessDenied),
        }
    }
}

impl Plain for Inbox {
    const MESSAGES: u16 = 2;
    const BYTES: usize = size_of::<Self>() + 4 * 1024;

    /// Its owner sees it. One that nothing has happened to has no owner yet, and holds nothing.
    fn visible(&self, issued: &Issued<'_>) -> Result<(), inbox::Rejection> {
        let nobodys = self == &Self::default();
        match issued.asker() {
            Asker::System => Ok(()),
            Asker::Person(person) if nobodys || person.id == self.owner => Ok(()),
            Asker::Person(_) => Err(inbox::Rejection::AccessDenied),
            Asker::Nobody => Err(inbox::Rejection::Blocked),
        }
    }
}

impl Plain for Department {
    const MESSAGES: u16 = 2;
    const BYTES: usize = size_of::<Self>() + 256;

    fn visible(&self, issued: &Issued<'_>) -> Result<(), department::Rejection> {
        if self.is_there() && department::access::sees(issued) { Ok(()) } else { Err(department::Rejection::Unknown) }
    }
}
