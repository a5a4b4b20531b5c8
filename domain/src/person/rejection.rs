//! The rules about people that can stand in the way.

use thiserror::Error;

use crate::rejection::Code;
use crate::text::Unfit;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("this may be done only by those who manage people")]
    AccessDenied,
    #[error("nobody grants rights, or manages somebody with rights, that they do not hold themselves")]
    RightsNotHeld,
    #[error("rights outside of those that exist")]
    UnknownRights,
    #[error("the asker is blocked")]
    Blocked,
    #[error("there is no such person")]
    Unknown,
    #[error("the person has been added before")]
    AlreadyAdded,
    #[error("a person needs a first or last name, and people need an e-mail address")]
    IdentityMissing,
    #[error("this is not an e-mail address")]
    EmailFormat,
    #[error("the e-mail address belongs to somebody else")]
    EmailInUse,
    #[error("this time zone is not known")]
    TimeZone,
    #[error("a locale is a language and a country, such as en-US")]
    Locale,
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::AccessDenied | Self::RightsNotHeld => Code::AccessDenied,
            Self::UnknownRights | Self::TimeZone | Self::Locale => Code::InvalidInput,
            Self::Blocked => Code::AccountBlocked,
            Self::Unknown => Code::AccessDeniedPerson,
            Self::AlreadyAdded => Code::Conflict,
            Self::IdentityMissing => Code::RequiredParameterMissing,
            Self::EmailFormat => Code::IncorrectEmailFormat,
            Self::EmailInUse => Code::PersonEmailAlreadyInUse,
            Self::Unfit(Unfit::ControlCharacter) => Code::InvalidValueFormat,
            Self::Unfit(Unfit::TooLong) => Code::ValueIsTooLong,
        }
    }
}
