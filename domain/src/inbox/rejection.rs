//! The rules about inboxes that can stand in the way.

use thiserror::Error;

use crate::rejection::Code;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("an inbox is its owner's alone")]
    AccessDenied,
    #[error("the asker is blocked")]
    Blocked,
    #[error("there is no such list")]
    UnknownList,
    #[error("there is no such form")]
    UnknownForm,
    #[error("there is no such filter")]
    UnknownFilter,
    #[error("more than a person may follow, put off or be reminded of")]
    TooMany,
    #[error("the moment is over")]
    InPast,
    #[error("the moment is more than ten years ahead")]
    TooFar,
    #[error("there is no such position")]
    NoPosition,
    #[error("quiet hours have a beginning and an end within a day, which differ")]
    QuietHours,
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::AccessDenied => Code::AccessDenied,
            Self::Blocked => Code::AccountBlocked,
            Self::UnknownList => Code::AccessDeniedProject,
            Self::UnknownForm => Code::AccessDeniedForm,
            Self::UnknownFilter => Code::AccessDeniedFilter,
            Self::TooMany => Code::LimitExceeded,
            Self::InPast => Code::ScheduledDateInPast,
            Self::TooFar => Code::DueOutsideOfBounds,
            Self::NoPosition | Self::QuietHours => Code::InvalidInput,
        }
    }
}
