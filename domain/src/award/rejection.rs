//! The rules about awards that can stand in the way.

use thiserror::Error;

use crate::rejection::Code;
use crate::text::Unfit;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("this may be done only by those who manage the configuration")]
    AccessDenied,
    #[error("the asker is blocked")]
    Blocked,
    #[error("there is no such award")]
    Unknown,
    #[error("the award has been created before")]
    AlreadyCreated,
    #[error("an award needs a name")]
    NameMissing,
    #[error("thresholds are 0 to 1000000000, and an award is taken away above the number at which it is given")]
    Thresholds,
    #[error("awards are for people of the organisation who are not blocked, neither for guests nor for programs")]
    UnknownPerson,
    #[error("a counter is 0 to 1000000000")]
    Counter,
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::AccessDenied | Self::Unknown => Code::AccessDeniedAwards,
            Self::Blocked => Code::AccountBlocked,
            Self::AlreadyCreated => Code::Conflict,
            Self::NameMissing => Code::RequiredParameterMissing,
            Self::Thresholds => Code::InvalidAwardLimits,
            Self::UnknownPerson => Code::AccessDeniedPerson,
            Self::Counter => Code::LimitExceeded,
            Self::Unfit(Unfit::ControlCharacter) => Code::InvalidValueFormat,
            Self::Unfit(Unfit::TooLong) => Code::ValueIsTooLong,
        }
    }
}
