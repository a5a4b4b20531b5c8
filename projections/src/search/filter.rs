//! What a question asks for beside words, held against tasks and against single texts. Not who may see them (see [`super::sight`]).

use std::collections::HashSet;

use domain::{FormId, ListId, PersonId};

use super::query::Asked;
use super::schema::Kind;
use super::table::{Entry, Table};

/// What a question asks for beside words.
pub(super) struct Filter<'a> {
    asked: &'a Asked,
    pub of_tasks: bool,
    kinds: Option<HashSet<Kind>>,
    approvers: Option<HashSet<PersonId>>,
    waiting: Option<HashSet<PersonId>>,
    authors: Option<HashSet<i64>>,
    lists: Option<HashSet<ListId>>,
}

impl<'a> Filter<'a> {
    pub fn of(asked: &'a Asked) -> Self {
        Self {
            asked,
            of_tasks: asked.of_tasks(),
            kinds: (!asked.kinds.is_empty()).then(|| asked.kinds.iter().copied().collect()),
            approvers: asked.approvers.as_ref().map(|set| set.iter().copied().collect()),
            waiting: asked.waiting.as_ref().map(|set| set.iter().copied().collect()),
            authors: asked.authors.as_ref().map(|set| set.iter().map(|person| person.0).collect()),
            lists: asked.lists.as_ref().map(|set| set.iter().copied().collect()),
        }
    }

    pub fn takes_kind(&self, kind: impl FnOnce() -> Option<Kind>) -> bool {
        let Some(kinds) = &self.kinds else { return true };
        // Whoever asks for catalogs finds them by their items as well.
        kind().is_some_and(|kind| kinds.contains(&kind) || (kind == Kind::Item && kinds.contains(&Kind::Catalog)))
    }

    /// Whether any text of a task may count.
    pub fn takes_tasks(&self) -> bool {
        [Kind::Task, Kind::Comment].into_iter().any(|kind| self.takes_kind(|| Some(kind)))
    }

    pub fn takes_task(&self, entry: Entry, table: &Table) -> bool {
        if !self.of_tasks {
            return true;
        }
        let (asked, frame) = (self.asked, table.frame(entry));
        asked.closed.is_none_or(|closed| closed == entry.closed)
            && asked.forms.as_ref().is_none_or(|forms| frame.form.is_some_and(|form| forms.contains(&form)))
            && asked.steps.as_ref().is_none_or(|steps| {
                let at = |(form, step): &(Option<FormId>, u8)| *step == entry.step && form.is_none_or(|form| frame.form == Some(form));
                frame.form.is_some() && steps.iter().any(at)
            })
            && self.approvers.as_ref().is_none_or(|set| table.waiting(entry).0.iter().any(|(who, asked)| *asked && set.contains(who)))
            && self.waiting.as_ref().is_none_or(|set| table.waiting(entry).0.iter().any(|(who, _)| set.contains(who)))
            && self.lists.as_ref().is_none_or(|set| table.audience(entry).lists.iter().any(|list| set.contains(list)))
    }

    pub fn takes_written(&self, author: impl FnOnce() -> i64, made: impl FnOnce() -> i64) -> bool {
        if self.authors.as_ref().is_some_and(|authors| !authors.contains(&author())) {
            return false;
        }
        if self.asked.from.is_none() && self.asked.until.is_none() {
            return true;
        }
        let made = made();
        self.asked.from.is_none_or(|from| made >= from) && self.asked.until.is_none_or(|until| made < until)
    }
}
