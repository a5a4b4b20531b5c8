//! What stands in the fields of a task, for the expressions of its form.

use std::collections::BTreeMap;

use super::definition::{Definition, Field, FieldId, FieldKind, Placed};
use super::value::{Table, Value, in_order};
use crate::directory::OrganisationDirectory;
use crate::expression::{FieldRef, Scope, Type, Val};
use crate::id::PersonId;

/// Formulas that follow from other formulas end here; a definition has none that do.
const FORMULAS_MAX: u8 = 1;

/// What a task of a form has filled in.
#[derive(Clone, Copy, Debug)]
pub struct Filled<'a> {
    pub definition: &'a Definition,
    pub values: &'a BTreeMap<FieldId, Value>,
    pub tables: &'a BTreeMap<FieldId, Table>,
    pub author: PersonId,
    /// 0 before the route begins.
    pub step: u8,
    pub closed: bool,
}

impl Filled<'_> {
    /// The field is shown: its own condition and those of what it lies in hold.
    pub fn is_visible(&self, placed: &Placed<'_>) -> bool {
        let mut next = Some(*placed);
        let mut left = super::definition::DEPTH_MAX + 1;
        while let Some(placed) = next {
            let shown = placed.field.visible_if.as_ref().is_none_or(|condition| condition.holds(self));
            if placed.field.deleted || !shown || !self.is_opened(&placed) || left == 0 {
                return false;
            }
            left -= 1;
            next = placed.parent.and_then(|parent| self.definition.find(parent.id));
        }
        true
    }

    /// What the field lies in lets it be seen: the choice is chosen, the section's checkmark is set.
    fn is_opened(&self, placed: &Placed<'_>) -> bool {
        let Some(parent) = placed.parent else { return true };
        match (placed.choice, &parent.kind) {
            (Some(choice), _) => matches!(self.values.get(&parent.id), Some(Value::Choices(chosen)) if chosen.contains(&choice)),
            (None, FieldKind::Title { checkmark: true, .. }) => self.values.get(&parent.id) == Some(&Value::Checked(true)),
            (None, _) => true,
        }
    }

    /// The field has no value where a value could be.
    pub fn is_empty(&self, field: &Field) -> bool {
        match &field.kind {
            FieldKind::Table { .. } => self.tables.get(&field.id).is_none_or(BTreeMap::is_empty),
            FieldKind::Checkmark => self.values.get(&field.id) != Some(&Value::Checked(true)),
            _ if field.formula.is_some() => self.computed(field).is_none(),
            _ => !self.values.contains_key(&field.id),
        }
    }

    /// The fields that keep `step` from being complete: required by then, shown, and empty.
    pub fn missing(&self, step: u8) -> Vec<FieldId> {
        let required = |field: &Field| field.required_step.is_some_and(|from| from <= step);
        let all = self.definition.all();
        let missing = all.iter().filter(|placed| required(placed.field) && self.is_visible(placed)).filter(|placed| match placed.parent {
            Some(table) if placed.is_cell() => {
                let rows = self.tables.get(&table.id).into_iter().flat_map(BTreeMap::values);
                let is_empty = |cell: Option<&Value>| match placed.field.kind {
                    FieldKind::Checkmark => cell != Some(&Value::Checked(true)),
                    _ => cell.is_none(),
                };
                rows.into_iter().any(|row| is_empty(row.cells.get(&placed.field.id)))
            }
            Some(_) | None => self.is_empty(placed.field),
        });
        missing.map(|placed| placed.field.id).collect()
    }

    /// The value of a computed field, in its type; nothing where the formula yields nothing that fits.
    pub fn computed(&self, field: &Field) -> Option<Value> {
        let formula = field.formula.as_ref()?;
        let value = formula.evaluate(&Within { filled: self, formulas: 0 });
        match (&field.kind, value) {
            (FieldKind::Text { .. }, Val::Text(text)) if !text.is_empty() => Some(Value::Text(text)),
            (FieldKind::Number { decimal_places }, Val::Number(number)) => {
                Some(Value::Number(decimal_places.map_or(number, |places| number.round_dp(places.into()))))
            }
            (FieldKind::Money, Val::Number(number)) => Some(Value::Number(number)),
            (FieldKind::Date, Val::Date(date)) => Some(Value::Date(date)),
            (FieldKind::Checkmark, Val::Bool(truth)) => Some(Value::Checked(truth)),
            _ => None,
        }
    }

    fn named(&self, field: &FieldRef, formulas: u8) -> Val {
        let Some(placed) = named(self.definition, field) else { return Val::Nothing };
        match field {
            FieldRef::Id(_) | FieldRef::Code(_) => self.val(&placed, formulas),
            FieldRef::Column { of: _, name } => self.column(&placed, name),
        }
    }

    /// What stands in a column of the catalog, of the items in the field.
    fn column(&self, placed: &Placed<'_>, name: &str) -> Val {
        let id = placed.field.id;
        let texts = |value: &Value| match value {
            Value::Items(picked) => picked.column(name).map(|cells| cells.map(text_of).collect()).unwrap_or_default(),
            _ => Vec::new(),
        };
        if let (true, Some(table)) = (placed.is_cell(), placed.parent) {
            let Some(rows) = self.tables.get(&table.id) else { return Val::Nothing };
            let cell = |row: &super::Row| row.cells.get(&id).map_or(Val::Nothing, |value| joined(&texts(value)));
            return Val::List(in_order(rows).into_iter().map(|(_, row)| cell(row)).collect());
        }
        let Some(value) = self.values.get(&id) else { return Val::Nothing };
        match placed.field.kind {
            FieldKind::Catalog { multiple: true, .. } => Val::List(texts(value)),
            _ => joined(&texts(value)),
        }
    }

    fn val(&self, placed: &Placed<'_>, formulas: u8) -> Val {
        let field = placed.field;
        if let (true, Some(table)) = (placed.is_cell(), placed.parent) {
            let Some(rows) = self.tables.get(&table.id) else { return Val::Nothing };
            let cell = |cells: &BTreeMap<FieldId, Value>| cells.get(&field.id).map_or(Val::Nothing, |value| read(field, value));
            return Val::List(in_order(rows).into_iter().map(|(_, row)| cell(&row.cells)).collect());
        }
        if let Some(formula) = &field.formula {
            return if formulas < FORMULAS_MAX { formula.evaluate(&Within { filled: self, formulas: formulas + 1 }) } else { Val::Nothing };
        }
        match &field.kind {
            FieldKind::Step => Val::Number(self.step.into()),
            FieldKind::Status => Val::Text(if self.closed { "closed" } else { "open" }.to_owned()),
            FieldKind::Author => Val::ids([self.author.0]),
            FieldKind::Table { .. } => {
                let rows = self.tables.get(&field.id).map(BTreeMap::keys).into_iter().flatten();
                Val::List(rows.map(|row| Val::Number((*row).into())).collect())
            }
            _ => self.values.get(&field.id).map_or(Val::Nothing, |value| read(field, value)),
        }
    }
}

impl Scope for Filled<'_> {
    fn value(&self, field: &FieldRef) -> Val {
        self.named(field, 0)
    }
}

/// The same from within a formula.
struct Within<'a> {
    filled: &'a Filled<'a>,
    formulas: u8,
}

impl Scope for Within<'_> {
    fn value(&self, field: &FieldRef) -> Val {
        self.filled.named(field, self.formulas)
    }
}

/// The field that an expression names, where it is there.
pub(super) fn named<'a>(definition: &'a Definition, field: &FieldRef) -> Option<Placed<'a>> {
    match field {
        FieldRef::Id(id) => definition.find(FieldId(*id)).filter(|placed| !placed.field.deleted),
        FieldRef::Code(code) => definition.by_code(code),
        FieldRef::Column { of, name: _ } => named(definition, of),
    }
}

fn text_of(cell: &str) -> Val {
    if cell.is_empty() { Val::Nothing } else { Val::Text(cell.to_owned()) }
}

fn joined(texts: &[Val]) -> Val {
    let filled = texts.iter().filter_map(|text| match text {
        Val::Text(text) => Some(text.as_str()),
        _ => None,
    });
    text_of(&filled.collect::<Vec<_>>().join(", "))
}

fn read(field: &Field, value: &Value) -> Val {
    match value {
        Value::Text(text) => Val::Text(text.clone()),
        Value::Number(number) => Val::Number(*number),
        Value::Date(date) | Value::DueDate(date, _) => Val::Date(*date),
        Value::Time(time) => Val::Time(*time),
        Value::Moment(at, _) => Val::Moment(*at),
        Value::Checked(checked) => Val::Bool(*checked),
        Value::Person(person) => Val::ids([person.0]),
        Value::Tasks(tasks) => Val::ids(tasks.iter().map(|task| task.0)),
        Value::Files(files) => Val::named(files.iter().map(|file| (file.id.0, file.name.as_str()))),
        Value::Items(picked) => Val::named(picked.items.iter().map(|item| (item.id, item.values.key()))),
        Value::Choices(choices) => {
            let name = |id: u32| field.choice(id).map(|choice| choice.choice_value.clone()).unwrap_or_default();
            Val::named(choices.iter().map(|id| (i64::from(*id), name(*id))))
        }
    }
}

/// What an expression may expect of a column of the field's catalog; nothing where there is no such column.
pub(super) fn type_of_column(placed: &Placed<'_>, name: &str, directory: &OrganisationDirectory) -> Option<Type> {
    let FieldKind::Catalog { catalog_id, multiple } = placed.field.kind else { return None };
    directory.catalog(catalog_id)?.column(name)?;
    Some(if multiple || placed.is_cell() { Type::List(Box::new(Type::Text)) } else { Type::Text })
}

/// What an expression may expect of a field.
pub(super) fn type_of(placed: &Placed<'_>) -> Type {
    let own = match &placed.field.kind {
        FieldKind::Text { .. } | FieldKind::Email | FieldKind::Phone | FieldKind::Status | FieldKind::Note => Type::Text,
        FieldKind::Money | FieldKind::Number { .. } | FieldKind::Step => Type::Number,
        FieldKind::Date | FieldKind::DueDate => Type::Date,
        FieldKind::Time => Type::Time,
        FieldKind::DueDateTime | FieldKind::CreationDate => Type::Moment,
        FieldKind::Checkmark | FieldKind::Flag | FieldKind::Title { .. } => Type::Bool,
        FieldKind::Person
        | FieldKind::MultipleChoice { .. }
        | FieldKind::FormLink { .. }
        | FieldKind::Catalog { .. }
        | FieldKind::File
        | FieldKind::Author => Type::Set,
        FieldKind::Table { .. } => Type::List(Box::new(Type::Number)),
    };
    if placed.is_cell() { Type::List(Box::new(own)) } else { own }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Row as Cells;
    use crate::expression::Expression;
    use crate::form::{Picked, Row, Taken};
    use crate::id::CatalogId;

    fn catalog(id: u32, multiple: bool) -> Field {
        let kind = FieldKind::Catalog { catalog_id: CatalogId(5), multiple };
        Field { id: FieldId(id), name: format!("Field {id}"), code: Some(format!("u_{id}")), kind, ..Field::default() }
    }

    fn picked(items: &[[&str; 3]]) -> Value {
        let item = |(id, cells): (i64, &[&str; 3])| Taken { id, values: Cells::of(cells) };
        Picked { columns: Cells::of(["Vendor", "City", "Tax number"]), items: (1..).zip(items).map(item).collect() }.into()
    }

    #[test]
    fn an_item_is_called_by_its_first_value_and_its_columns_are_read_by_name() {
        let table = FieldKind::Table { columns: vec![catalog(5, true)] };
        let table = Field { id: FieldId(4), name: "Rows".into(), kind: table, ..Field::default() };
        let definition =
            Definition { fields: vec![catalog(1, false), catalog(2, true), catalog(3, false), table], ..Definition::default() };
        let (acme, beta) = (["Acme", "Bonn", "7"], ["Beta", "", "8"]);
        let row = |position, items: &[[&str; 3]]| Row { position, cells: [(FieldId(5), picked(items))].into() };
        let rows: Table = [(0, row(0, &[acme, beta])), (1, row(1, &[beta])), (2, Row { position: 2, ..Row::default() })].into();
        let filled = Filled {
            definition: &definition,
            values: &[(FieldId(1), picked(&[acme])), (FieldId(2), picked(&[acme, beta]))].into(),
            tables: &[(FieldId(4), rows)].into(),
            author: PersonId(1),
            step: 1,
            closed: false,
        };
        for condition in [
            "u_1 = 'acme' and u_1 = 1 and u_2 contains 'Beta' and not u_1 in ('Beta', 2)",
            "u_1.City = 'bonn' and #1.\"tax NUMBER\" = '7' and u_1.City starts with 'Bo'",
            "u_2.City contains 'Bonn' and count(u_2.City) = 1 and count(u_2) = 2 and count(u_2.Vendor) = 2",
            "empty(u_3) and empty(u_3.City) and u_3.City != 'Bonn' and empty(u_1.Country) and empty(#9.City)",
            "#5.\"Tax number\" contains '7, 8' and #5.City contains 'Bonn' and count(#5.City) = 1",
            "concat(#5.Vendor) = 'Acme, Beta, Beta, '",
        ] {
            assert!(Expression::parse(condition).expect("it is of the language").holds(&filled), "{condition}");
        }
    }
}
