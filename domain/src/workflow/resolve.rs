//! Whom a step asks: worked out from the form when the step is reached.

use super::advance::Route;
use crate::catalog::{DEPARTMENTS, departments};
use crate::form::{Approver, FieldId, FieldKind, Level, Step, Value, Who};
use crate::id::PersonId;
use crate::task::command::PersonRef;

impl Route<'_> {
    /// The step's condition holds.
    pub(super) fn applies(&self, step: &Step) -> bool {
        step.condition.as_ref().is_none_or(|condition| condition.holds(&self.filled))
    }

    /// Who approves, each once, in order; nobody when the step names nobody.
    pub(super) fn approvers(&self, step: &Step) -> Vec<PersonId> {
        let named: Vec<&Approver> = step.approvers.iter().filter(|approver| self.is_meant(approver)).collect();
        let mut persons = Vec::new();
        for person in named.iter().flat_map(|approver| self.meant(&approver.who)) {
            if self.directory.acts(person) && !persons.contains(&person) {
                persons.push(person);
            }
        }
        if persons.is_empty() && !named.is_empty() { self.stand_ins() } else { persons }
    }

    /// Whom `approver` means, if their condition holds and they can act.
    pub fn subscribers(&self, approver: &Approver) -> Vec<PersonId> {
        let meant = if self.is_meant(approver) { self.meant(&approver.who) } else { Vec::new() };
        meant.into_iter().filter(|person| self.directory.acts(*person)).collect()
    }

    fn is_meant(&self, approver: &Approver) -> bool {
        approver.condition.as_ref().is_none_or(|condition| condition.holds(&self.filled))
    }

    /// Whom this names, whether or not they can act.
    pub fn meant(&self, who: &Who) -> Vec<PersonId> {
        let one = match who {
            Who::Person(person) => Some(*person),
            Who::Author => Some(self.filled.author),
            Who::DepartmentHead => {
                let author = self.directory.person(self.filled.author);
                author.and_then(|author| self.directory.head_of(author.profile.department?))
            }
            Who::Field(field) => self.person_in(*field),
            Who::CatalogField { field, column } => return self.people_in(*field, column),
        };
        one.into_iter().collect()
    }

    fn is_of_departments(&self, field: FieldId) -> bool {
        let placed = self.filled.definition.find(field);
        placed.is_some_and(|placed| matches!(placed.field.kind, FieldKind::Catalog { catalog_id, .. } if catalog_id == DEPARTMENTS))
    }

    /// Whom the items of a catalog name in a column, by the rows as they were when they were chosen; of a department, whoever heads it
    /// now.
    fn people_in(&self, field: FieldId, column: &str) -> Vec<PersonId> {
        let Some(Value::Items(picked)) = self.filled.values.get(&field) else { return Vec::new() };
        if self.is_of_departments(field) {
            return picked.items.iter().filter_map(|item| departments::head(self.directory, item.id, column)).collect();
        }
        let named = picked.column(column).into_iter().flatten().flat_map(crate::catalog::columns::people);
        let known = named.filter_map(|named| match named {
            PersonRef::Id(id) => Some(id),
            PersonRef::Email(address) => self.directory.by_email(&address).map(|person| person.id),
        });
        known.collect()
    }

    fn person_in(&self, field: FieldId) -> Option<PersonId> {
        match self.filled.values.get(&field) {
            Some(Value::Person(person)) => Some(*person),
            Some(_) => None,
            // A field of type `author` holds nothing of its own.
            None => self.filled.definition.find(field).filter(|placed| placed.field.kind.is_told()).map(|_| self.filled.author),
        }
    }

    /// Who is asked where none of those who should be can.
    pub(super) fn stand_ins(&self) -> Vec<PersonId> {
        let acting =
            |persons: &mut dyn Iterator<Item = PersonId>| persons.filter(|person| self.directory.acts(*person)).collect::<Vec<_>>();
        let owners = acting(&mut self.form.settings.business_owners.iter().copied());
        if !owners.is_empty() {
            return owners;
        }
        let levels = self.form.levels.iter();
        acting(&mut levels.filter(|(_, level)| **level == Level::Administrator).map(|(person, _)| *person))
    }
}
