//! A form as the API shows it (pyrus.md §1.4): its fields with their `info`, its steps by number. Not how it is defined (that is
//! the definition, shown as it is).

use std::collections::BTreeMap;

use domain::form::{Choice, Field, FieldKind, Form};
use serde::Serialize;
use utoipa::ToSchema;

fn is_false(flag: &bool) -> bool {
    !flag
}

#[derive(Serialize, ToSchema)]
pub struct ShownForm<'a> {
    id: i64,
    name: &'a str,
    /// The names of steps, by their numbers.
    steps: BTreeMap<String, &'a str>,
    fields: Vec<ShownField<'a>>,
    deleted_or_closed: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    business_owners: Vec<i64>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    folder: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    print_forms: Vec<NamedPrint<'a>>,
    /// How often it was published. Ours, beside the dialect.
    template: u32,
}

/// What a task can be printed with, by name.
#[derive(Serialize, ToSchema)]
pub struct NamedPrint<'a> {
    print_form_id: u32,
    print_form_name: &'a str,
}

/// A field's definition. `info` is always there, and the code in both places: clients look at either.
#[derive(Serialize, ToSchema)]
pub struct ShownField<'a> {
    id: u32,
    #[serde(rename = "type")]
    #[schema(value_type = crate::routes::schema::form::FieldType)]
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tooltip: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_id: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_value: Option<&'a str>,
    /// The condition, as `{"expression": "…"}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    visibility_condition: Option<Condition<'a>>,
    info: Info<'a>,
}

#[derive(Serialize, ToSchema)]
pub struct Condition<'a> {
    expression: &'a str,
}

#[derive(Default, Serialize, ToSchema)]
pub struct Info<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    required_step: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    immutable_step: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Vec<ShownChoice<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    columns: Option<Vec<ShownField<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    fields: Option<Vec<ShownField<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    form_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    catalog_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decimal_places: Option<u8>,
    #[serde(skip_serializing_if = "is_false")]
    multiple_choice: bool,
    #[serde(skip_serializing_if = "is_false")]
    multiline: bool,
    /// The expression that the value follows from; nobody fills such a field in. Ours, beside the dialect.
    #[serde(skip_serializing_if = "Option::is_none")]
    formula: Option<&'a str>,
    /// Of a section: a checkmark of its own opens it. Ours.
    #[serde(skip_serializing_if = "is_false")]
    checkmark: bool,
}

#[derive(Serialize, ToSchema)]
pub struct ShownChoice<'a> {
    choice_id: u32,
    choice_value: &'a str,
    #[serde(skip_serializing_if = "is_false")]
    deleted: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    fields: Vec<ShownField<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
}

impl<'a> ShownForm<'a> {
    pub fn of(form: &'a Form) -> Self {
        let definition = &form.published;
        Self {
            id: form.id.0,
            name: &form.settings.name,
            steps: (1..).zip(&definition.steps).map(|(number, step): (u8, _)| (number.to_string(), &*step.name)).collect(),
            fields: shown(&definition.fields, None),
            deleted_or_closed: form.closed,
            business_owners: form.settings.business_owners.iter().map(|owner| owner.0).collect(),
            folder: &form.settings.folder,
            print_forms: form
                .print_forms
                .values()
                .map(|print| NamedPrint { print_form_id: print.id, print_form_name: &print.name })
                .collect(),
            template: form.template,
        }
    }
}

fn shown(fields: &[Field], parent: Option<u32>) -> Vec<ShownField<'_>> {
    fields.iter().filter(|field| !field.deleted).map(|field| ShownField::of(field, parent)).collect()
}

impl<'a> ShownField<'a> {
    fn of(field: &'a Field, parent_id: Option<u32>) -> Self {
        let id = field.id.0;
        let code = field.code.as_deref();
        let formula = field.formula.as_ref().map(domain::expression::Expression::source);
        let (required_step, immutable_step) = (field.required_step, field.immutable_step);
        let mut info = Info { required_step, immutable_step, code, formula, ..Info::default() };
        match &field.kind {
            FieldKind::Text { multiline } => info.multiline = *multiline,
            FieldKind::Number { decimal_places } => info.decimal_places = *decimal_places,
            FieldKind::MultipleChoice { multiple, options } => {
                info.multiple_choice = *multiple;
                info.options = Some(options.iter().map(|choice| ShownChoice::of(choice, id)).collect());
            }
            FieldKind::Title { checkmark, fields } => {
                info.checkmark = *checkmark;
                info.fields = Some(shown(fields, Some(id)));
            }
            FieldKind::Table { columns } => info.columns = Some(shown(columns, Some(id))),
            FieldKind::FormLink { form_id, multiple } => {
                info.form_id = Some(form_id.0);
                info.multiple_choice = *multiple;
            }
            FieldKind::Catalog { catalog_id, multiple } => {
                info.catalog_id = Some(catalog_id.0);
                info.multiple_choice = *multiple;
            }
            FieldKind::Money
            | FieldKind::Date
            | FieldKind::Time
            | FieldKind::Checkmark
            | FieldKind::Flag
            | FieldKind::DueDate
            | FieldKind::DueDateTime
            | FieldKind::Email
            | FieldKind::Phone
            | FieldKind::Person
            | FieldKind::File
            | FieldKind::Step
            | FieldKind::Status
            | FieldKind::CreationDate
            | FieldKind::Author
            | FieldKind::Note => {}
        }
        Self {
            id,
            kind: field.kind.word(),
            name: &field.name,
            code,
            tooltip: field.tooltip.as_deref(),
            parent_id,
            default_value: field.default_value.as_deref(),
            visibility_condition: field.visible_if.as_ref().map(|condition| Condition { expression: condition.source() }),
            info,
        }
    }
}

impl<'a> ShownChoice<'a> {
    fn of(choice: &'a Choice, field: u32) -> Self {
        Self {
            choice_id: choice.choice_id,
            choice_value: &choice.choice_value,
            deleted: choice.deleted,
            fields: shown(&choice.fields, Some(field)),
            code: choice.code.as_deref(),
        }
    }
}
