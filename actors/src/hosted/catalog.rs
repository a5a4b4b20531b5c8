//! A catalog as an actor: readers ask for some of its items, or what a change would do, and are given no more than that;
//! whoever changed it is told what that did. The directory holds all of it but the items.

use std::sync::Arc;

use domain::catalog::stage::Last;
use domain::catalog::{Catalog, Changed, Event, Heading, Item, Rejection, Sync, filter};
use domain::directory::OrganisationDirectory;
use domain::form::items::Wish;
use domain::{Header, Issued};
use serde::{Deserialize, Serialize};

use super::Hosted;

/// What is asked of a catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    Items(filter::Wanted),
    /// What this would do.
    DryRun(Arc<Sync>),
    /// Those that a request names, deleted ones too.
    Wished(Wish),
}

/// As much of a catalog as was asked for, or the items that a command has changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    pub heading: Heading,
    pub items: Vec<Item>,
    pub changed: Changed,
}

/// What readers are given to ask.
#[derive(Clone, Debug)]
pub struct Published {
    catalog: Arc<Catalog>,
    last: Arc<Last>,
}

impl Hosted for Catalog {
    type Document = Last;
    type Published = Published;
    type Query = Question;
    type View = Shown;

    const DOCUMENT_REVISION: u32 = 1;
    const MESSAGES: u16 = 2;

    fn document(last: &mut Last, event: &Event, _header: &Header, _directory: &OrganisationDirectory) {
        last.take(event);
    }

    fn publish(&self, last: &mut Last, _directory: &OrganisationDirectory) -> Published {
        Published { catalog: Arc::new(self.clone()), last: Arc::new(last.clone()) }
    }

    fn fresh(_published: &Published, _directory: &OrganisationDirectory) -> bool {
        true
    }

    fn refresh(_last: &mut Last, _directory: &OrganisationDirectory) {}

    fn show(published: &Published, question: &Question, issued: &Issued<'_>) -> Result<Shown, Rejection> {
        answered(&published.catalog, question, issued)
    }

    fn after(published: &Published, _issued: &Issued<'_>) -> Shown {
        let (heading, changed) = (published.catalog.heading.clone(), published.catalog.changed(&published.last));
        Shown { heading, items: Vec::new(), changed }
    }

    fn weight(&self, last: &Last) -> usize {
        let ids = last.added.len() + last.updated.len() + last.deleted.len();
        self.weight() + ids * size_of::<i64>()
    }
}

/// What a catalog answers to whoever may see it.
///
/// # Errors
/// As access refuses, or what is asked for is not there.
pub fn answered(catalog: &Catalog, question: &Question, issued: &Issued<'_>) -> Result<Shown, Rejection> {
    catalog.heading.seen(issued)?;
    let heading = catalog.heading.clone();
    Ok(match question {
        Question::Items(wanted) => Shown { items: wanted.among(&catalog.items, &heading.columns)?, heading, changed: Changed::default() },
        Question::DryRun(sync) => {
            let changed = Changed { goes_on: false, told: catalog.dry_run(sync, issued)? };
            Shown { heading, items: Vec::new(), changed }
        }
        Question::Wished(wish) => Shown { items: wish.among(&catalog.items), heading, changed: Changed::default() },
    })
}
