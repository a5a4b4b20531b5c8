//! The rules about saved filters that can stand in the way.

use thiserror::Error;

use super::presentation::COLUMNS_MAX;
use super::share::SHARED_MAX;
use super::{FILTERS_MAX, QUERY_BYTES_MAX};
use crate::rejection::Code;
use crate::text::Unfit;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("there is no such filter, or the asker may not see it")]
    Unknown,
    #[error("this may be done only by who owns the filter, or looks after what the organisation shares")]
    AccessDenied,
    #[error("the asker is blocked")]
    Blocked,
    #[error("the filter has been created before")]
    AlreadyCreated,
    #[error("name: a filter needs a name")]
    NameMissing,
    #[error("one person has at most {FILTERS_MAX} filters")]
    TooManyFilters,
    #[error("query: there is no such form, or the asker may not see it")]
    UnknownForm,
    #[error("query: there is no such list, or the asker may not see it")]
    UnknownList,
    #[error("query: there is nobody of this id whom the asker knows")]
    UnknownPerson,
    #[error("query: it takes at most {QUERY_BYTES_MAX} bytes")]
    QueryTooLong,
    #[error("presentation.columns: at most {COLUMNS_MAX}")]
    TooManyColumns,
    #[error("{0}: the form has no such field")]
    UnknownField(&'static str),
    #[error("{0}: a column has a name")]
    ColumnMissing(&'static str),
    #[error("shared_with: guests share nothing")]
    GuestShares,
    #[error("shared_with: there is nobody of this id whom the asker knows and who is not blocked")]
    SharedWithNobody,
    #[error("shared_with: at most {SHARED_MAX} persons and roles")]
    SharedTooWidely,
    #[error("{0}: {1}")]
    Unfit(&'static str, Unfit),
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::Unknown => Code::AccessDeniedFilter,
            Self::AccessDenied | Self::GuestShares => Code::AccessDenied,
            Self::Blocked => Code::AccountBlocked,
            Self::AlreadyCreated => Code::Conflict,
            Self::NameMissing => Code::RequiredParameterMissing,
            Self::TooManyFilters | Self::QueryTooLong | Self::TooManyColumns | Self::SharedTooWidely => Code::LimitExceeded,
            Self::UnknownForm => Code::AccessDeniedForm,
            Self::UnknownList => Code::AccessDeniedProject,
            Self::UnknownPerson => Code::AccessDeniedPerson,
            Self::UnknownField(_) => Code::InvalidFieldId,
            Self::ColumnMissing(_) | Self::Unfit(_, Unfit::ControlCharacter) => Code::InvalidValueFormat,
            Self::SharedWithNobody => Code::InvalidPersonId,
            Self::Unfit(_, Unfit::TooLong) => Code::ValueIsTooLong,
        }
    }

    fn place(&self) -> Option<&str> {
        match self {
            Self::NameMissing => Some("name"),
            Self::UnknownForm | Self::UnknownList | Self::UnknownPerson | Self::QueryTooLong => Some("query"),
            Self::TooManyColumns => Some("presentation.columns"),
            Self::UnknownField(place) | Self::ColumnMissing(place) | Self::Unfit(place, _) => Some(place),
            Self::GuestShares | Self::SharedWithNobody | Self::SharedTooWidely => Some("shared_with"),
            Self::Unknown | Self::AccessDenied | Self::Blocked | Self::AlreadyCreated | Self::TooManyFilters => None,
        }
    }
}
