//! What the asker may find: the rules of `domain`, asked through the directory of the moment, and for tasks held against the table.

use std::collections::HashSet;

use domain::article::Access as ArticleAccess;
use domain::id::{ArticleId, CatalogId};
use domain::issued::Asker;
use domain::person::PersonKind;
use domain::{FormId, Issued, ListId, PersonId};

use super::schema::{Kind, Thing};
use super::table::{Audience, Entry, Memory, Table};
use crate::views::tasks::Access;

/// The eyes of one asker, for one question.
pub(super) struct Sight<'a> {
    issued: &'a Issued<'a>,
    all: bool,
    principals: HashSet<i64>,
    lists: HashSet<i64>,
    memory: Memory,
}

impl<'a> Sight<'a> {
    pub fn of(issued: &'a Issued<'a>, table: &Table) -> Self {
        let Access { all, principals, lists } = Access::of(issued);
        let (principals, lists) = (principals.into_iter().collect(), lists.into_iter().collect());
        Self { issued, all, principals, lists, memory: table.memory() }
    }

    /// Whether the asker sees a task.
    pub fn task(&mut self, entry: Entry, table: &Table) -> bool {
        let (all, principals, lists, organisation) = (self.all, &self.principals, &self.lists, self.issued.organisation);
        self.memory.sees(entry, table, |audience: &Audience| {
            audience.organisation == organisation
                && (all
                    || audience.principals.iter().any(|principal| principals.contains(&principal.0))
                    || audience.lists.iter().any(|list| lists.contains(&list.0)))
        })
    }

    /// Whether the asker sees what is no task, of their own organisation.
    pub fn other(&self, thing: Thing) -> bool {
        let (issued, directory) = (self.issued, self.issued.directory);
        match thing.kind {
            Kind::Task | Kind::Comment | Kind::Item => false,
            Kind::Person => {
                let there = directory.person(PersonId(thing.id)).is_some_and(|person| person.exists && !person.blocked);
                there && matches!(issued.asker(), Asker::Person(asker) if asker.knows(PersonId(thing.id)))
            }
            Kind::Role => {
                let there = directory.role(PersonId(thing.id)).is_some_and(|role| role.acts());
                there && matches!(issued.asker(), Asker::Person(asker) if asker.kind != PersonKind::Guest)
            }
            Kind::Form => directory.form(FormId(thing.id)).is_some_and(|form| form.may_see(issued)),
            Kind::Catalog => {
                directory.catalogs.get(&CatalogId(thing.id)).is_some_and(|catalog| !catalog.deleted && catalog.seen(issued).is_ok())
            }
            Kind::Article => issued.access_to(ArticleId(thing.id)) >= ArticleAccess::Read,
            Kind::List => issued.standing(ListId(thing.id)).is_some(),
        }
    }
}
