//! The rules about forms, and about what is filled in, that can stand in the way.

use thiserror::Error;

use super::definition::{APPROVERS_MAX, BYTES_MAX, CHOICES_MAX, DEPTH_MAX, FIELDS_MAX, STEPS_MAX};
use super::print::{PRINT_FORMS_MAX, TEMPLATE_BYTES_MAX};
use super::subprocess::SUBPROCESSES_MAX;
use crate::rejection::Code;
use crate::text::Unfit;

/// Folders above a form.
pub const FOLDERS_MAX: usize = 10;
/// Persons and roles with a level, and business owners.
pub const PEOPLE_MAX: usize = 1_000;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("the form does not exist or may not be seen")]
    Unknown,
    #[error("this may be done only by those who administer the form")]
    AccessDenied,
    #[error("making a form needs the right to manage integrations and catalogs")]
    MayNotCreate,
    #[error("the asker is blocked")]
    Blocked,
    #[error("the form has been created before")]
    AlreadyCreated,
    #[error("a form needs a name")]
    NameMissing,
    #[error("a form lies in at most {FOLDERS_MAX} folders, one in the other")]
    TooManyFolders,
    #[error("the definition was changed meanwhile")]
    Redefined,
    #[error("there is no draft to publish")]
    NothingToPublish,
    #[error("there is no person or role with this id")]
    UnknownPerson,
    #[error("a form names at most {PEOPLE_MAX} persons and roles")]
    TooManyPeople,
    #[error("somebody keeps administering the form")]
    AdministratorMissing,
    #[error("the form has no such print form")]
    UnknownPrintForm,
    #[error("a print form needs a name and a template")]
    PrintFormIncomplete,
    #[error("a template has at most {TEMPLATE_BYTES_MAX} bytes")]
    TemplateTooLong,
    #[error("a form has at most {PRINT_FORMS_MAX} print forms")]
    TooManyPrintForms,
    #[error(transparent)]
    Unfit(#[from] Unfit),
    #[error("{place}: {rule}")]
    Definition { place: String, rule: Flaw },
}

/// What is wrong with a definition.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Flaw {
    #[error("a field needs a name")]
    NameMissing,
    #[error("{0}")]
    Text(Unfit),
    #[error("this id is another field's, or was never given")]
    Id,
    #[error("a field keeps its type")]
    TypeChanged,
    #[error("this code is another field's")]
    CodeTaken,
    #[error("a code has letters, digits and underscores, and begins with a letter")]
    Code,
    #[error("this type of field cannot lie here")]
    Misplaced,
    #[error("a choice is there twice")]
    ChoiceTwice,
    #[error("at most {CHOICES_MAX} choices")]
    TooManyChoices,
    #[error("at most {FIELDS_MAX} fields")]
    TooManyFields,
    #[error("fields lie at most {DEPTH_MAX} deep")]
    TooDeep,
    #[error("at most {STEPS_MAX} steps")]
    TooManySteps,
    #[error("at most {APPROVERS_MAX} approvers a step")]
    TooManyApprovers,
    #[error("there is no such step")]
    UnknownStep,
    #[error("at most {SUBPROCESSES_MAX} steps open tasks")]
    TooManySubprocesses,
    #[error("a subprocess names the codes of fields of both forms, outside of tables")]
    UnknownCode,
    #[error("a step takes from a minute to a year")]
    DueMinutes,
    #[error("there is no such person, role or field")]
    UnknownApprover,
    #[error("at most 10 decimal places")]
    DecimalPlaces,
    #[error("there is no such form")]
    UnknownForm,
    #[error("there is no such catalog, or it was deleted")]
    UnknownCatalog,
    #[error("the catalog has no workflow column of this name")]
    UnknownColumn,
    #[error("a field keeps its catalog")]
    CatalogChanged,
    #[error("the expression: {0}")]
    Expression(String),
    #[error("a computed field is of type text, number, money, date or checkmark, and computed fields follow from filled ones only")]
    Formula,
    #[error("the default value does not fit: {0}")]
    Default(String),
    #[error("a definition has at most {BYTES_MAX} bytes")]
    TooLong,
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::Unknown | Self::MayNotCreate | Self::AccessDenied => Code::AccessDeniedForm,
            Self::Blocked => Code::AccountBlocked,
            Self::AlreadyCreated | Self::Redefined => Code::Conflict,
            Self::NameMissing | Self::PrintFormIncomplete => Code::RequiredParameterMissing,
            Self::UnknownPrintForm => Code::InvalidInput,
            Self::TemplateTooLong | Self::TooManyPrintForms => Code::LimitExceeded,
            Self::TooManyFolders | Self::NothingToPublish | Self::AdministratorMissing => Code::InvalidInput,
            Self::UnknownPerson => Code::InvalidPersonId,
            Self::TooManyPeople => Code::ParticipantLimitExceeded,
            Self::Unfit(unfit) => unfit_code(*unfit),
            Self::Definition { place: _, rule } => rule.code(),
        }
    }

    fn place(&self) -> Option<&str> {
        if let Self::Definition { place, rule: _ } = self { Some(place) } else { None }
    }
}

impl Flaw {
    fn code(&self) -> Code {
        match self {
            Self::NameMissing => Code::InvalidFieldName,
            Self::Text(unfit) => unfit_code(*unfit),
            Self::Id => Code::InvalidFieldId,
            Self::CodeTaken => Code::NonUniqueCode,
            Self::Code | Self::UnknownCode => Code::InvalidFieldCode,
            Self::UnknownStep => Code::InvalidStepNumber,
            Self::DueMinutes => Code::DueOutsideOfBounds,
            Self::UnknownApprover => Code::InvalidPersonId,
            Self::UnknownForm => Code::AccessDeniedForm,
            Self::UnknownCatalog => Code::InvalidCatalogId,
            Self::UnknownColumn => Code::CatalogColumnNotFound,
            Self::TooManyChoices
            | Self::TooManyFields
            | Self::TooManySteps
            | Self::TooManyApprovers
            | Self::TooManySubprocesses
            | Self::TooLong => Code::LimitExceeded,
            Self::TypeChanged
            | Self::CatalogChanged
            | Self::Misplaced
            | Self::ChoiceTwice
            | Self::TooDeep
            | Self::DecimalPlaces
            | Self::Expression(_)
            | Self::Formula
            | Self::Default(_) => Code::InvalidInput,
        }
    }
}

const fn unfit_code(unfit: Unfit) -> Code {
    match unfit {
        Unfit::ControlCharacter => Code::InvalidValueFormat,
        Unfit::TooLong => Code::ValueIsTooLong,
    }
}

/// Why a value is not filled in.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{field}: {rule}")]
pub struct Misfit {
    /// The field's name, or how the request calls it.
    pub field: String,
    pub rule: Misfilled,
}

/// The rule of a field that stands in the way of a value.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Misfilled {
    #[error("a field is named by its id, its name or its code")]
    Unnamed,
    #[error("the form has no field with this id")]
    UnknownId,
    #[error("the form has no field with this name")]
    UnknownName,
    #[error("several fields have this name")]
    NameTwice,
    #[error("the form has no field with this code")]
    UnknownCode,
    #[error("id, name and code are of different fields")]
    Contradiction,
    #[error("the field was deleted")]
    Deleted,
    #[error("the field is there twice in the request")]
    Twice,
    #[error("the value does not have the field's type")]
    Type,
    #[error("a number has at most 28 digits")]
    Digits,
    #[error("more decimal places than the field has")]
    DecimalPlaces,
    #[error("the text is longer than a field holds")]
    TooLong,
    #[error("the text holds a control character")]
    ControlCharacter,
    #[error("not an e-mail address")]
    Email,
    #[error("there is no such choice")]
    UnknownChoice,
    #[error("the field holds one value")]
    Several,
    #[error("there is no such person, or they are blocked")]
    UnknownPerson,
    #[error("there is no such task, or it is of another form")]
    UnknownTask,
    #[error("the catalog does not exist or may not be seen")]
    HiddenCatalog,
    #[error("the catalog was deleted")]
    CatalogDeleted,
    #[error("an item is named by its id or by its first value")]
    ItemUnnamed,
    #[error("the catalog has no item with this id, or it was deleted")]
    UnknownItemId,
    #[error("the catalog has no item with this first value, or it was deleted")]
    UnknownItemName,
    #[error("ids and first values are of different items")]
    ItemContradiction,
    #[error("more items than a field or a request takes")]
    TooManyItems,
    #[error("the form was changed meanwhile; ask again")]
    NotLookedUp,
    #[error("there is no such file, or it is not the asker's to attach")]
    UnknownFile,
    #[error("more files than a field takes")]
    TooManyFiles,
    #[error("the field is told by the task, or computed, and is not filled in")]
    Told,
    #[error("from this step on the field is not changed")]
    Frozen,
    #[error("a cell is changed through its table")]
    Cell,
    #[error("the table has no such row")]
    UnknownRow,
    #[error("more rows than a table has")]
    TooManyRows,
    #[error("two rows have the same place")]
    PositionTwice,
    #[error("this is no place of a row")]
    Position,
    #[error("a length in minutes is whole, and not negative")]
    Duration,
}

impl Misfit {
    pub fn code(&self) -> Code {
        match self.rule {
            Misfilled::Unnamed => Code::FieldIdentityMissing,
            Misfilled::UnknownId => Code::InvalidFieldId,
            Misfilled::UnknownName => Code::InvalidFieldName,
            Misfilled::NameTwice => Code::NonUniqueName,
            Misfilled::UnknownCode => Code::InvalidFieldCode,
            Misfilled::Contradiction => Code::InvalidFieldIdName,
            Misfilled::Deleted => Code::DeletedField,
            Misfilled::Twice => Code::DuplicateField,
            Misfilled::Type | Misfilled::Digits | Misfilled::ControlCharacter | Misfilled::UnknownChoice => Code::InvalidValueFormat,
            Misfilled::DecimalPlaces => Code::TooManyDecimalPlaces,
            Misfilled::TooLong => Code::TextFieldValueLimitExceeded,
            Misfilled::Email => Code::IncorrectEmailFormat,
            Misfilled::Several => Code::FieldCannotHaveMultipleValues,
            Misfilled::UnknownPerson => Code::InvalidPersonId,
            Misfilled::UnknownTask => Code::UnrecognizedTaskId,
            Misfilled::HiddenCatalog => Code::AccessDeniedCatalog,
            Misfilled::CatalogDeleted => Code::InvalidCatalogId,
            Misfilled::ItemUnnamed => Code::CatalogIdentityMissing,
            Misfilled::UnknownItemId => Code::InvalidCatalogItemId,
            Misfilled::UnknownItemName => Code::InvalidCatalogItemName,
            Misfilled::ItemContradiction => Code::CatalogItemIdNameMismatch,
            Misfilled::TooManyItems => Code::LimitExceeded,
            Misfilled::NotLookedUp => Code::Conflict,
            Misfilled::UnknownFile => Code::UnrecognizedAttachmentId,
            Misfilled::TooManyFiles => Code::TooManyAttachments,
            Misfilled::Told => Code::UnableToEditField,
            Misfilled::Frozen => Code::FieldEditingIsNotAllowed,
            Misfilled::Cell => Code::FieldIsInTable,
            Misfilled::UnknownRow => Code::InvalidTableRow,
            Misfilled::TooManyRows => Code::TableRowsLimitExceeded,
            Misfilled::PositionTwice => Code::DuplicatePosition,
            Misfilled::Position => Code::InvalidPosition,
            Misfilled::Duration => Code::NegativeDuration,
        }
    }
}
