//! Changing items: all of them by a sync, some of them by an upsert. Columns are changed by a sync alone.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::columns::{Layout, Wanted};
use super::difference::{Difference, ExternalId, Others, Told, difference};
use super::event::{ColumnSetting, Event, Settings};
use super::rejection::Rejection;
use super::row::Row;
use super::{Catalog, NAME_CHARACTERS_MAX, create};
use crate::aggregate::Events;
use crate::id::CommandId;
use crate::issued::Issued;
use crate::task::command::PersonRef;
use crate::text::check_line;

/// An item as a request gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewItem {
    pub row: Row,
    /// Where nothing is given, what is known of it stays.
    pub external_id: ExternalId,
}

/// `POST /catalogs/{id}`: all items, as they shall be. What else is present changes; an empty text clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sync {
    /// The request: what belongs together.
    pub batch: CommandId,
    pub name: Option<String>,
    pub external_id: Option<String>,
    pub external_version: Option<String>,
    pub column_settings: Option<Vec<ColumnSetting>>,
    /// The columns of `items`, in order.
    pub columns: Vec<String>,
    pub workflow_added: Vec<String>,
    pub workflow_deleted: Vec<String>,
    /// The first column may have another name.
    pub renames_first: bool,
    pub items: Vec<NewItem>,
    pub supervisors_added: Vec<PersonRef>,
    pub supervisors_removed: Vec<PersonRef>,
}

/// `POST /catalogs/{id}/diff`: items that shall be there, and the first values of those that shall not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upsert {
    pub batch: CommandId,
    pub items: Vec<NewItem>,
    pub delete: Vec<String>,
}

impl Catalog {
    pub(super) fn sync(&self, sync: &Sync, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.changeable(issued)?;
        let difference = self.found(sync.batch, || self.to_sync(sync))?;
        let besides = self.besides(sync, &difference, issued)?;
        self.stage(sync.batch, &difference, besides, issued)
    }

    pub(super) fn upsert(&self, upsert: &Upsert, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.changeable(issued)?;
        let difference = self.found(upsert.batch, || self.to_upsert(upsert))?;
        if difference.is_nothing() && !self.stages(upsert.batch) {
            return Ok(Events::new());
        }
        self.stage(upsert.batch, &difference, Events::new(), issued)
    }

    /// What the sync would do. For whoever may do it.
    ///
    /// # Errors
    /// As the sync itself.
    pub fn dry_run(&self, sync: &Sync, issued: &Issued<'_>) -> Result<Told, Rejection> {
        self.changeable(issued)?;
        let difference = self.to_sync(sync)?;
        self.besides(sync, &difference, issued)?;
        Ok(difference.told(&self.items, &self.heading.columns))
    }

    fn to_sync(&self, sync: &Sync) -> Result<Difference, Rejection> {
        let wanted = Wanted {
            given: &sync.columns,
            workflow_added: &sync.workflow_added,
            workflow_deleted: &sync.workflow_deleted,
            renames_first: sync.renames_first,
        };
        let layout = Layout::changed(&self.heading.columns, &wanted)?;
        let layout = if let Some(width) = width(&sync.items)? { layout.for_rows_of(width)? } else { layout };
        difference(&self.items, &self.heading.columns, layout, &sync.items, Others::Deleted, self.stages(sync.batch))
    }

    fn to_upsert(&self, upsert: &Upsert) -> Result<Difference, Rejection> {
        let columns = &self.heading.columns;
        let layout = Layout::kept(columns, width(&upsert.items)?.unwrap_or(columns.len()))?;
        difference(&self.items, columns, layout, &upsert.items, Others::Kept { but: &upsert.delete }, self.stages(upsert.batch))
    }

    /// What else the request changes.
    fn besides(&self, sync: &Sync, difference: &Difference, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        let mut events = Events::new();
        let known = &self.heading.settings;
        let text = |given: &Option<String>, known: &Option<String>| match given {
            Some(given) => Some(given.clone()).filter(|given| !given.is_empty()),
            None => known.clone(),
        };
        let settings = Settings {
            name: sync.name.clone().unwrap_or_else(|| known.name.clone()),
            source_type: known.source_type.clone(),
            external_id: text(&sync.external_id, &known.external_id),
            external_version: text(&sync.external_version, &known.external_version),
            column_settings: sync.column_settings.clone().unwrap_or_else(|| known.column_settings.clone()),
        };
        let columns = difference.columns.as_ref().map_or(self.heading.columns.len(), |layout| layout.columns.len());
        // What is only kept may be about columns that go.
        create::check(&settings, if sync.column_settings.is_some() { columns } else { usize::MAX })?;
        if settings != *known {
            events.push(Event::Changed(Box::new(settings)));
        }
        events.extend(self.people_changed(&sync.supervisors_added, &sync.supervisors_removed, issued)?);
        Ok(events)
    }
}

/// How many cells the rows have; all have as many.
pub(super) fn width(items: &[NewItem]) -> Result<Option<usize>, Rejection> {
    let width = items.first().map(|item| item.row.width());
    if items.iter().all(|item| Some(item.row.width()) == width) { Ok(width) } else { Err(Rejection::Width) }
}

impl NewItem {
    pub fn of<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) -> Self {
        Self { row: Row::of(cells), external_id: None }
    }

    /// Everything in it can be taken.
    pub(super) fn check(&self) -> Result<(), Rejection> {
        self.row.check()?;
        self.external_id.iter().try_for_each(|external| check_line(external, NAME_CHARACTERS_MAX).map_err(Rejection::from))
    }

    pub fn known_as(self, external_id: &str) -> Self {
        Self { external_id: Some(Arc::from(external_id)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::samples::{batch, changed, created, item, items, supervised_by, synced, upsert, vendors, was};
    use crate::catalog::{Column, ColumnKind, Command, ITEMS_MAX};
    use crate::id::PersonId;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, DAVID, GRETA, directory, given};

    fn sync(change: impl FnOnce(&mut Sync)) -> Command {
        let mut sync = Sync { batch: batch(1), columns: vec!["Vendor".into(), "City".into()], ..Sync::default() };
        change(&mut sync);
        Command::Sync(Arc::new(sync))
    }

    fn rows(rows: &[&[&str]]) -> Vec<NewItem> {
        rows.iter().map(|cells| NewItem::of(*cells)).collect()
    }

    #[test]
    fn a_sync_leads_to_exactly_the_items_that_are_given_and_keeps_the_ids_of_those_that_stay() {
        let given_rows = rows(&[&["Zeta", "Ulm"], &["Beta", "Bonn"], &["Acme", "Jena"]]);
        vendors().when(sync(|sync| sync.items = given_rows)).then([
            changed(|changed| {
                changed.added = vec![item(4, &["Zeta", "Ulm"])];
                changed.updated = vec![item(1, &["Acme", "Jena"])];
                changed.deleted = vec![3];
            }),
            synced(|synced| (synced.added, synced.updated, synced.deleted) = (1, 1, 1)),
        ]);
    }

    #[test]
    fn a_sync_that_finds_everything_as_it_shall_be_says_that_it_was_there() {
        vendors().when(sync(|sync| sync.items = items())).then([synced(|_| {})]);
    }

    #[test]
    fn what_comes_back_is_the_item_that_it_was() {
        let gone = [changed(|changed| changed.deleted = vec![2]), synced(|synced| synced.deleted = 1)];
        vendors()
            .and(ADMIN, gone)
            .when(upsert(rows(&[&["Beta", "Bonn"]]), &[]))
            .then([changed(|changed| changed.added = vec![item(2, &["Beta", "Bonn"])]), synced(|synced| synced.added = 1)]);
    }

    #[test]
    fn an_upsert_touches_what_it_names() {
        vendors().when(upsert(rows(&[&["Beta", "Köln"], &["New", "Ulm"], &["Acme", "Bonn"]]), &["Ceta", "nobody", "Ceta"])).then([
            changed(|changed| {
                changed.updated = vec![item(2, &["Beta", "Köln"])];
                changed.added = vec![item(4, &["New", "Ulm"])];
                changed.deleted = vec![3];
            }),
            synced(|synced| (synced.added, synced.updated, synced.deleted) = (1, 1, 1)),
        ]);
        vendors().when(upsert(rows(&[&["Beta", "Bonn"]]), &["nobody"])).then_nothing();
        vendors().when(upsert(rows(&[&["Beta", "Köln"]]), &["Beta"])).then_rejected(Code::InvalidInput);
    }

    #[test]
    fn an_external_id_is_kept_until_another_is_given() {
        let known = rows(&[&["Beta", "Bonn"]]).remove(0).known_as("b-7");
        let placed = |id: &str| crate::catalog::Placed { external_id: Some(id.into()), ..item(2, &["Beta", "Bonn"]) };
        let steps = [changed(|changed| changed.updated = vec![placed("b-7")]), synced(|synced| synced.updated = 1)];
        vendors().when(upsert(vec![known.clone()], &[])).then(steps.clone());
        let then = vendors().and(ADMIN, steps);
        then.clone().when(upsert(rows(&[&["Beta", "Bonn"]]), &[])).then_nothing();
        then.when(upsert(vec![known.known_as("b-8")], &[]))
            .then([changed(|changed| changed.updated = vec![placed("b-8")]), synced(|synced| synced.updated = 1)]);
    }

    #[test]
    fn a_new_column_changes_only_the_items_that_have_something_in_it() {
        let columns = ["Vendor", "Tax", "City"];
        let given_rows = rows(&[&["Acme", "7%", "Bonn"], &["Beta", "", "Bonn"], &["Ceta", "", "Ulm"]]);
        let command = sync(|sync| (sync.columns, sync.items) = (columns.map(str::to_owned).into(), given_rows));
        vendors().when(command).then([
            changed(|changed| changed.updated = vec![item(1, &["Acme", "7%", "Bonn"])]),
            synced(|synced| {
                synced.columns = Some(columns.map(|name| Column { name: name.into(), kind: ColumnKind::Text }).into());
                synced.updated = 1;
            }),
        ]);
    }

    #[test]
    fn whatever_else_a_sync_changes_takes_effect_with_it() {
        let command = sync(|sync| {
            sync.items = items();
            (sync.name, sync.external_version) = (Some("Suppliers".into()), Some("8".into()));
            sync.supervisors_added = vec![PersonRef::Id(BORIS)];
            sync.workflow_added = vec!["Buyer".into()];
        });
        let settings = Settings { name: "Suppliers".into(), external_version: Some("8".into()), ..Settings::default() };
        let names = [("Vendor", ColumnKind::Text), ("City", ColumnKind::Text), ("Buyer", ColumnKind::Workflow)];
        vendors().when(command).then([
            Event::Changed(Box::new(settings)),
            Event::SupervisorsAdded { persons: vec![BORIS] },
            synced(|synced| synced.columns = Some(names.map(|(name, kind)| Column { name: name.into(), kind }).into())),
        ]);
        vendors().when(sync(|sync| (sync.items, sync.name) = (items(), Some(" ".into())))).then_rejected(Code::RequiredParameterMissing);
    }

    #[test]
    fn items_that_do_not_fit_are_refused_with_the_code_that_says_how() {
        let long = "x".repeat(crate::catalog::CELL_CHARACTERS_MAX + 1);
        let cases: [(&[&[&str]], Code); 6] = [
            (&[&["a", "b"], &["a", "c"]], Code::CatalogDuplicateRows),
            (&[&["a", "b"], &["c"]], Code::CatalogHeadersItemsMismatch),
            (&[&["a", "b", "c"]], Code::CatalogHeadersItemsMismatch),
            (&[&["", "b"]], Code::EmptyItemKey),
            (&[&["a", &long]], Code::CatalogItemMaxLengthExceeded),
            (&[&["a", "\0"]], Code::InvalidValueFormat),
        ];
        for (given_rows, code) in cases {
            vendors().when(sync(|sync| sync.items = rows(given_rows))).then_rejected(code);
            vendors().when(upsert(rows(given_rows), &[])).then_rejected(code);
        }
        vendors().when(sync(|sync| sync.columns.clear())).then_rejected(Code::EmptyCatalogHeaders);
        vendors().when(sync(|sync| sync.columns[0] = "Supplier".into())).then_rejected(Code::CanNotModifyFirstColumn);
        vendors().when(sync(|sync| sync.columns[1] = "vendor".into())).then_rejected(Code::CatalogDuplicateHeaders);
    }

    #[test]
    fn a_catalog_has_a_bounded_number_of_items_and_of_deleted_ones() {
        let numbered =
            |from: usize, count: usize| (from..from + count).map(|place| NewItem::of([place.to_string().as_str(), ""])).collect();
        let many = |from, count| sync(|sync| sync.items = numbered(from, count));
        vendors().when(many(0, ITEMS_MAX + 1)).then_rejected(Code::TooManyCatalogItems);
        let mut full = vendors().state();
        let others = directory();
        let issued = |who| Issued { organisation: crate::testing::HOME, who, at: crate::testing::now(), directory: &others };
        for (command, goes_on) in [(many(0, ITEMS_MAX - 1), true), (many(ITEMS_MAX, ITEMS_MAX), false)] {
            let decided = crate::catalog::samples::whole(&mut full, &command, &issued(ADMIN));
            assert_eq!(decided.is_ok(), goes_on, "{decided:?}");
        }
        assert_eq!((full.items.live(), full.items.deleted()), (ITEMS_MAX - 1, 3));
    }

    #[test]
    fn those_who_manage_catalogs_change_items_and_so_do_supervisors() {
        let one = || upsert(rows(&[&["New", "Ulm"]]), &[]);
        let expected = || [changed(|changed| changed.added = vec![item(4, &["New", "Ulm"])]), synced(|synced| synced.added = 1)];
        vendors().by(ADMIN).when(one()).then(expected());
        vendors().by(PersonId::SYSTEM).when(one()).then(expected());
        for who in [ANNA, DAVID, GRETA] {
            vendors().by(who).when(one()).then_rejected(Code::AccessDeniedCatalog);
        }
        let supervised = given::<Catalog>([created(|created| created.supervisors = vec![ANNA]), synced(|_| {})]);
        assert!(supervised.clone().by(ANNA).when(one()).outcome().is_ok());
        supervised
            .and(ADMIN, [Event::SupervisorsRemoved { persons: vec![ANNA] }])
            .by(ANNA)
            .when(one())
            .then_rejected(Code::AccessDeniedCatalog);
        assert!(supervised_by(ANNA).by(ANNA).when(one()).outcome().is_ok());
    }

    #[test]
    fn a_deleted_catalog_and_that_of_departments_are_not_changed() {
        vendors().and(ADMIN, [Event::Deleted]).when(upsert(items(), &[])).then_rejected(Code::CanNotModifyDeletedCatalog);
        let of_departments = was("department_catalog");
        of_departments.clone().when(upsert(items(), &[])).then_rejected(Code::DepartmentCatalogCanNotBeModified);
        of_departments.when(sync(|sync| sync.items = items())).then_rejected(Code::DepartmentCatalogCanNotBeModified);
    }

    #[test]
    fn a_dry_run_tells_what_the_sync_would_do() {
        let state = vendors().state();
        let others = directory();
        let issued = |who| Issued { organisation: crate::testing::HOME, who, at: crate::testing::now(), directory: &others };
        let Command::Sync(wanted) = sync(|sync| sync.items = rows(&[&["Zeta", "Ulm"], &["Beta", "Bonn"], &["Acme", "Jena"]])) else {
            unreachable!("a sync")
        };
        let told = state.dry_run(&wanted, &issued(ADMIN)).expect("it may be asked");
        let ids = |items: &[crate::catalog::Item]| items.iter().map(|item| (item.id, item.row.key().to_owned())).collect::<Vec<_>>();
        assert_eq!(ids(&told.added), [(4, "Zeta".to_owned())]);
        assert_eq!(ids(&told.updated), [(1, "Acme".to_owned())]);
        assert_eq!(ids(&told.deleted), [(3, "Ceta".to_owned())]);
        assert_eq!(state.dry_run(&wanted, &issued(DAVID)), Err(Rejection::AccessDenied));
        let bad = Sync { items: rows(&[&["a", "b"], &["a", "b"]]), ..Sync::clone(&wanted) };
        assert_eq!(state.dry_run(&bad, &issued(ADMIN)), Err(Rejection::DuplicateKey));
    }
}
