//! The rules about catalogs that can stand in the way.

use thiserror::Error;

use super::{CELL_CHARACTERS_MAX, COLUMNS_MAX, DELETED_ITEMS_MAX, ITEMS_MAX, NAME_CHARACTERS_MAX, SUPERVISORS_MAX, TEXT_BYTES_MAX};
use crate::rejection::Code;
use crate::text::Unfit;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("the catalog does not exist or may not be seen")]
    Unknown,
    #[error("this may be done only by those who manage catalogs, and by the catalog's supervisors")]
    AccessDenied,
    #[error("the asker is blocked")]
    Blocked,
    #[error("the catalog has been created before")]
    AlreadyCreated,
    #[error("the catalog was deleted")]
    Deleted,
    #[error("the catalog of departments follows the organisation's chart")]
    OfDepartments,
    #[error("catalogs of this source are made by the system alone")]
    UnsupportedSource,
    #[error("another change of the catalog is under way")]
    UnderWay,
    #[error("a catalog needs a name")]
    NameMissing,
    #[error("a catalog needs columns, and each a name")]
    ColumnsMissing,
    #[error("a catalog has at most {COLUMNS_MAX} columns")]
    TooManyColumns,
    #[error("the name of a column has at most {NAME_CHARACTERS_MAX} characters")]
    ColumnNameTooLong,
    #[error("two columns have the same name")]
    DuplicateColumn,
    #[error("the first column keeps its name, unless it is renamed on purpose, and holds text")]
    FirstColumn,
    #[error("there is no such column")]
    UnknownColumn,
    #[error("a filter is a column and a value for it")]
    BadFilter,
    #[error("settings name a column that is not there")]
    UnknownColumnSetting,
    #[error("an item has as many values as there are columns")]
    Width,
    #[error("the first value of an item names it, and cannot be empty")]
    KeyMissing,
    #[error("two items have the same first value")]
    DuplicateKey,
    #[error("an item is both given and deleted")]
    GivenAndDeleted,
    #[error("a value has at most {CELL_CHARACTERS_MAX} characters")]
    CellTooLong,
    #[error("a catalog has at most {ITEMS_MAX} items")]
    TooManyItems,
    #[error("a catalog keeps at most {DELETED_ITEMS_MAX} deleted items")]
    TooManyDeletedItems,
    #[error("all items of a catalog have at most {TEXT_BYTES_MAX} bytes of text")]
    TooMuchText,
    #[error("there is no person or role with this id")]
    UnknownPerson,
    #[error("there is no person with this e-mail address")]
    UnknownEmail,
    #[error("who is blocked or a guest cannot supervise")]
    CannotSupervise,
    #[error("a catalog has at most {SUPERVISORS_MAX} supervisors")]
    TooManySupervisors,
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::Unknown | Self::AccessDenied => Code::AccessDeniedCatalog,
            Self::Blocked => Code::AccountBlocked,
            Self::AlreadyCreated | Self::UnderWay => Code::Conflict,
            Self::Deleted => Code::CanNotModifyDeletedCatalog,
            Self::OfDepartments => Code::DepartmentCatalogCanNotBeModified,
            Self::UnsupportedSource => Code::UnsupportedCatalogOperation,
            Self::NameMissing => Code::RequiredParameterMissing,
            Self::ColumnsMissing => Code::EmptyCatalogHeaders,
            Self::TooManyColumns | Self::TooMuchText => Code::LimitExceeded,
            Self::ColumnNameTooLong | Self::CellTooLong => Code::CatalogItemMaxLengthExceeded,
            Self::DuplicateColumn => Code::CatalogDuplicateHeaders,
            Self::FirstColumn => Code::CanNotModifyFirstColumn,
            Self::UnknownColumn => Code::CatalogColumnNotFound,
            Self::BadFilter => Code::InvalidCatalogItemFilter,
            Self::UnknownColumnSetting | Self::GivenAndDeleted => Code::InvalidInput,
            Self::Width => Code::CatalogHeadersItemsMismatch,
            Self::KeyMissing => Code::EmptyItemKey,
            Self::DuplicateKey => Code::CatalogDuplicateRows,
            Self::TooManyItems => Code::TooManyCatalogItems,
            Self::TooManyDeletedItems => Code::TooManyDeletedCatalogItems,
            Self::UnknownPerson => Code::InvalidPersonId,
            Self::UnknownEmail => Code::InvalidEmail,
            Self::CannotSupervise => Code::AccessDeniedPerson,
            Self::TooManySupervisors => Code::ParticipantLimitExceeded,
            Self::Unfit(Unfit::ControlCharacter) => Code::InvalidValueFormat,
            Self::Unfit(Unfit::TooLong) => Code::ValueIsTooLong,
        }
    }
}
