//! Making a catalog, with its first items. It is there for others once all of them are.

use super::access::{self, OF_DEPARTMENTS};
use super::change::width;
use super::columns::Layout;
use super::difference::{Difference, Others, difference};
use super::event::{Created, Event, Settings};
use super::rejection::Rejection;
use super::{COLUMNS_MAX, Catalog, Create, NAME_CHARACTERS_MAX, people};
use crate::aggregate::Events;
use crate::id::PersonId;
use crate::issued::Issued;
use crate::text::check_line;

/// The source of a catalog that people keep, as the dialect calls it.
const DEFAULT_SOURCE: &str = "default";

impl Catalog {
    pub(super) fn create(&self, create: &Create, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        access::creates(issued)?;
        let goes_on = self.heading.exists && !self.heading.ready && self.stages(create.batch);
        if self.heading.exists && !goes_on {
            return Err(Rejection::AlreadyCreated);
        }
        let layout = Layout::new(&create.columns, &create.workflow_columns)?;
        let layout = if let Some(width) = width(&create.items)? { layout.for_rows_of(width)? } else { layout };
        let columns = layout.columns.clone();
        let first = self.found(create.batch, || {
            let first = difference(&self.items, &columns, layout, &create.items, Others::Deleted, goes_on)?;
            Ok(Difference { columns: None, ..first })
        })?;
        let mut events = Events::new();
        if !goes_on {
            let settings = settings(create, issued)?;
            check(&settings, columns.len())?;
            let supervisors = people::added(&create.supervisors, &self.heading.supervisors, issued)?;
            events.push(Event::Created(Box::new(Created { settings, columns, supervisors })));
        }
        events.extend(self.stage(create.batch, &first, Events::new(), issued)?);
        Ok(events)
    }
}

fn settings(create: &Create, issued: &Issued<'_>) -> Result<Settings, Rejection> {
    let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let source_type = text(&create.source_type).filter(|source| source != DEFAULT_SOURCE);
    if source_type.as_deref() == Some(OF_DEPARTMENTS) && issued.who != PersonId::SYSTEM {
        return Err(Rejection::UnsupportedSource);
    }
    Ok(Settings {
        name: create.name.clone(),
        source_type,
        external_id: text(&create.external_id),
        external_version: text(&create.external_version),
        column_settings: create.column_settings.clone(),
    })
}

/// Takes the settings of a catalog of so many columns, or says what is wrong with them.
pub(super) fn check(settings: &Settings, columns: usize) -> Result<(), Rejection> {
    // Taken apart by name, so that a new attribute cannot be forgotten here.
    let Settings { name, source_type, external_id, external_version, column_settings } = settings;
    check_line(name, NAME_CHARACTERS_MAX)?;
    for attribute in [source_type, external_id, external_version].into_iter().flatten() {
        check_line(attribute, NAME_CHARACTERS_MAX)?;
    }
    if name.trim().is_empty() {
        return Err(Rejection::NameMissing);
    }
    let known = column_settings.iter().all(|setting| usize::from(setting.original_position) < columns);
    if known && column_settings.len() <= COLUMNS_MAX { Ok(()) } else { Err(Rejection::UnknownColumnSetting) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::catalog::samples::{batch, changed, column, created, item, synced};
    use crate::catalog::{ColumnSetting, Command, NewItem};
    use crate::rejection::Code;
    use crate::task::command::PersonRef;
    use crate::testing::{ADMIN, ANNA, CLERKS, FELIX, GRETA, given, with_roles};

    fn create(change: impl FnOnce(&mut Create)) -> Command {
        let mut create = Create { batch: batch(1), name: "Vendors".into(), columns: vec!["Vendor".into(), "City".into()], ..empty() };
        change(&mut create);
        Command::Create(Arc::new(create))
    }

    fn empty() -> Create {
        Create {
            batch: batch(1),
            name: String::new(),
            source_type: None,
            external_id: None,
            external_version: None,
            column_settings: Vec::new(),
            columns: Vec::new(),
            workflow_columns: Vec::new(),
            items: Vec::new(),
            supervisors: Vec::new(),
        }
    }

    #[test]
    fn those_who_manage_integrations_make_catalogs() {
        let made = || [created(|_| {}), synced(|_| {})];
        given::<Catalog>([]).by(ADMIN).when(create(|_| {})).then(made());
        given::<Catalog>([]).by(PersonId::SYSTEM).when(create(|_| {})).then(made());
        for who in [ANNA, GRETA] {
            given::<Catalog>([]).by(who).when(create(|_| {})).then_rejected(Code::AccessDeniedCatalog);
        }
        given::<Catalog>([]).by(FELIX).when(create(|_| {})).then_rejected(Code::AccountBlocked);
        given::<Catalog>(made()).by(ADMIN).when(create(|_| {})).then_rejected(Code::Conflict);
    }

    #[test]
    fn everything_that_a_catalog_begins_with_is_recorded() {
        let command = create(|create| {
            create.source_type = Some("hierarchical".into());
            (create.external_id, create.external_version) = (Some("e-1".into()), Some("7".into()));
            create.column_settings = vec![ColumnSetting { original_position: 1, visible: true, ..ColumnSetting::default() }];
            create.workflow_columns = vec!["Buyer".into()];
            create.items = vec![NewItem::of(["Acme", "Bonn", "12"]), NewItem::of(["Beta", "", ""])];
            create.supervisors = vec![PersonRef::Id(ANNA), PersonRef::Id(CLERKS)];
        });
        given::<Catalog>([]).by(ADMIN).among(with_roles()).when(command).then([
            created(|created| {
                created.settings = Settings {
                    source_type: Some("hierarchical".into()),
                    external_id: Some("e-1".into()),
                    external_version: Some("7".into()),
                    column_settings: vec![ColumnSetting { original_position: 1, visible: true, ..ColumnSetting::default() }],
                    ..created.settings.clone()
                };
                created.columns.push(crate::catalog::Column { kind: crate::catalog::ColumnKind::Workflow, ..column("Buyer") });
                created.supervisors = vec![ANNA, CLERKS];
            }),
            changed(|changed| changed.added = vec![item(1, &["Acme", "Bonn", "12"]), item(2, &["Beta", "", ""])]),
            synced(|synced| synced.added = 2),
        ]);
    }

    #[test]
    fn what_a_catalog_cannot_be_is_refused() {
        let refused = |change: fn(&mut Create), code| given::<Catalog>([]).by(ADMIN).when(create(change)).then_rejected(code);
        refused(|create| create.name = " ".into(), Code::RequiredParameterMissing);
        refused(|create| create.name = "x".repeat(NAME_CHARACTERS_MAX + 1), Code::ValueIsTooLong);
        refused(|create| create.external_id = Some("a\nb".into()), Code::InvalidValueFormat);
        refused(|create| create.source_type = Some("department_catalog".into()), Code::UnsupportedCatalogOperation);
        refused(
            |create| create.column_settings = vec![ColumnSetting { original_position: 2, ..ColumnSetting::default() }],
            Code::InvalidInput,
        );
        refused(|create| create.columns.clear(), Code::EmptyCatalogHeaders);
        refused(|create| create.items = vec![NewItem::of(["a"])], Code::CatalogHeadersItemsMismatch);
        refused(|create| create.items = vec![NewItem::of(["a", "b"]), NewItem::of(["a", "c"])], Code::CatalogDuplicateRows);
        refused(|create| create.supervisors = vec![PersonRef::Id(GRETA)], Code::AccessDeniedPerson);
        refused(|create| create.supervisors = vec![PersonRef::Id(PersonId(404))], Code::InvalidPersonId);
    }
}
