//! A step that opens a task of another form: which form, what of the fields goes along, and what comes back when it ends. Fields
//! are matched by their codes. Not when it is opened, nor what follows from its end (that is [`crate::workflow`]).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::definition::{Definition, Field, FieldId, FieldKind};
use super::scope::Filled;
use super::value::Value;
use crate::id::FormId;

/// Steps of a route that open tasks.
pub const SUBPROCESSES_MAX: usize = 5;
/// Tasks that have opened each other, the first not counted: with [`SUBPROCESSES_MAX`], forms that open each other in a circle
/// come to an end soon.
pub const DEPTH_MAX: u8 = 5;

/// What a step opens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subprocess {
    pub form_id: FormId,
    /// The step is complete only once the task has ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wait: bool,
    /// It stays open when the task that opened it closes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keep_open: bool,
    /// What goes along; fields of equal codes where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<Pair>>,
    /// What comes back; fields of equal codes where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<Vec<Pair>>,
}

/// The codes of two fields: what stands in the first goes into the second.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    pub from: String,
    pub to: String,
}

/// What of `source` goes into the fields of `target`: by `pairs` of codes, or from every field into the one of the same code.
/// What is empty, and what does not fit, is left out; so are tables and their cells.
pub fn mapped(pairs: Option<&[Pair]>, source: &Filled<'_>, target: &Definition) -> BTreeMap<FieldId, Value> {
    let one = |from: &str, to: &str| {
        let from = source.definition.by_code(from).filter(|placed| !placed.is_cell())?;
        let to = target.by_code(to).filter(|placed| !placed.is_cell() && placed.field.formula.is_none())?;
        let computed = source.computed(from.field);
        let value = computed.as_ref().or_else(|| source.values.get(&from.field.id))?;
        Some((to.field.id, fitted(from.field, value, to.field)?))
    };
    match pairs {
        Some(pairs) => pairs.iter().filter_map(|pair| one(&pair.from, &pair.to)).collect(),
        None => source
            .definition
            .all()
            .into_iter()
            .filter_map(|placed| one(placed.field.code.as_deref()?, placed.field.code.as_deref()?))
            .collect(),
    }
}

/// `value`, which stands in `from`, as the other field takes it.
fn fitted(from: &Field, value: &Value, to: &Field) -> Option<Value> {
    let same = || Some(value.clone());
    match (value, &to.kind) {
        (Value::Text(_), FieldKind::Text { .. } | FieldKind::Phone) => same(),
        (Value::Text(_), FieldKind::Email) if from.kind == FieldKind::Email => same(),
        (Value::Number(_), FieldKind::Money | FieldKind::Number { decimal_places: None }) => same(),
        (Value::Number(number), FieldKind::Number { decimal_places: Some(places) }) if number.normalize().scale() <= u32::from(*places) => {
            same()
        }
        (Value::Date(_), FieldKind::Date) | (Value::DueDate(..), FieldKind::DueDate) => same(),
        (Value::Date(date), FieldKind::DueDate) => Some(Value::DueDate(*date, None)),
        (Value::DueDate(date, _), FieldKind::Date) => Some(Value::Date(*date)),
        (Value::Time(_), FieldKind::Time)
        | (Value::Moment(..), FieldKind::DueDateTime)
        | (Value::Checked(_), FieldKind::Checkmark | FieldKind::Flag)
        | (Value::Person(_), FieldKind::Person)
        | (Value::Files(_), FieldKind::File) => same(),
        (Value::Choices(chosen), FieldKind::MultipleChoice { multiple, options }) if *multiple || chosen.len() < 2 => {
            // By what they are called: their numbers mean something in their own field alone.
            let named = chosen.iter().map(|id| {
                let name = &from.choice(*id)?.choice_value;
                options.iter().find(|option| !option.deleted && option.choice_value == *name).map(|option| option.choice_id)
            });
            named.collect::<Option<Vec<_>>>().map(Value::Choices)
        }
        (Value::Tasks(tasks), FieldKind::FormLink { form_id, multiple }) if *multiple || tasks.len() < 2 => {
            matches!(&from.kind, FieldKind::FormLink { form_id: known, .. } if known == form_id).then(|| value.clone())
        }
        (Value::Items(picked), FieldKind::Catalog { catalog_id, multiple }) if *multiple || picked.items.len() < 2 => {
            matches!(&from.kind, FieldKind::Catalog { catalog_id: known, .. } if known == catalog_id).then(|| value.clone())
        }
        (
            Value::Text(_)
            | Value::Items(_)
            | Value::Number(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::Checked(_)
            | Value::DueDate(..)
            | Value::Moment(..)
            | Value::Person(_)
            | Value::Choices(_)
            | Value::Tasks(_)
            | Value::Files(_),
            _,
        ) => None,
    }
}

/// Whether a field that a value was mapped to still takes it.
pub fn still_fits(value: &Value, field: &Field) -> bool {
    !field.deleted && field.formula.is_none() && fitted(field, value, field).is_some_and(|fitted| fitted == *value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Choice;
    use crate::testing::ANNA;

    fn field(id: u32, code: &str, kind: FieldKind) -> Field {
        Field { id: FieldId(id), name: code.to_owned(), code: Some(code.to_owned()), kind, ..Field::default() }
    }

    fn colours(id: u32, names: &[(u32, &str)], multiple: bool) -> Field {
        let options = names.iter().map(|(id, name)| Choice { choice_id: *id, choice_value: (*name).to_owned(), ..Choice::default() });
        field(id, "u_colour", FieldKind::MultipleChoice { multiple, options: options.collect() })
    }

    fn mapped_by(pairs: Option<&[Pair]>, from: Vec<Field>, values: Vec<(u32, Value)>, to: Vec<Field>) -> Vec<(u32, Value)> {
        let (source, target) = (Definition { fields: from, ..Definition::default() }, Definition { fields: to, ..Definition::default() });
        let values = values.into_iter().map(|(id, value)| (FieldId(id), value)).collect();
        let filled = Filled { definition: &source, values: &values, tables: &BTreeMap::new(), author: ANNA, step: 1, closed: false };
        mapped(pairs, &filled, &target).into_iter().map(|(id, value)| (id.0, value)).collect()
    }

    #[test]
    fn fields_of_equal_codes_are_filled_where_the_value_fits() {
        let text = |text: &str| Value::Text(text.into());
        let whole = FieldKind::Number { decimal_places: Some(0) };
        let from = vec![
            field(1, "u_name", FieldKind::Text { multiline: false }),
            field(2, "u_sum", FieldKind::Money),
            field(3, "u_day", FieldKind::Date),
            field(4, "u_other", FieldKind::Phone),
            field(5, "u_who", FieldKind::Person),
        ];
        let values = vec![
            (1, text("Chairs")),
            (2, Value::Number("1.5".parse().expect("a number"))),
            (3, Value::Date(jiff::civil::date(2026, 3, 2))),
            (4, text("555")),
            (5, Value::Person(ANNA)),
        ];
        let to = vec![
            field(11, "u_name", FieldKind::Text { multiline: true }),
            field(12, "u_sum", whole),
            field(13, "u_day", FieldKind::DueDate),
            field(14, "u_other", FieldKind::Email),
            field(15, "u_more", FieldKind::Person),
        ];
        let due = Value::DueDate(jiff::civil::date(2026, 3, 2), None);
        assert_eq!(mapped_by(None, from.clone(), values.clone(), to.clone()), [(11, text("Chairs")), (13, due)]);
        let pairs = [Pair { from: "u_who".into(), to: "u_more".into() }, Pair { from: "u_gone".into(), to: "u_name".into() }];
        assert_eq!(mapped_by(Some(&pairs), from.clone(), values.clone(), to.clone()), [(15, Value::Person(ANNA))]);
        assert_eq!(mapped_by(Some(&[]), from, values, to), []);
    }

    #[test]
    fn choices_are_matched_by_what_they_are_called() {
        let from = |multiple| vec![colours(1, &[(1, "Red"), (2, "Blue")], multiple)];
        let to = |multiple| vec![colours(9, &[(7, "Blue"), (8, "Red")], multiple)];
        let chosen = |ids: &[u32]| vec![(1, Value::Choices(ids.to_vec()))];
        assert_eq!(mapped_by(None, from(true), chosen(&[1, 2]), to(true)), [(9, Value::Choices(vec![8, 7]))]);
        assert_eq!(mapped_by(None, from(true), chosen(&[1, 2]), to(false)), [], "it takes one");
        assert_eq!(mapped_by(None, from(true), chosen(&[2]), vec![colours(9, &[(7, "Green")], true)]), []);
    }
}
