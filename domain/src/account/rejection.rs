//! The rules about accounts that can stand in the way.

use thiserror::Error;

use crate::rejection::Code;
use crate::text::Unfit;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("an account is changed only by who has proved that it is theirs")]
    AccessDenied,
    #[error("there is no such account")]
    Unknown,
    #[error("the account has been created before")]
    AlreadyCreated,
    #[error("the account stands for another person of this organisation already")]
    OrganisationLinked,
    #[error("the account stands for as many persons as it can")]
    TooManyPersons,
    #[error("the account does not stand for this person")]
    NotLinked,
    #[error("there is no such second factor")]
    NoSuchFactor,
    #[error("recovery codes are for accounts with a second factor")]
    NothingToRecover,
    #[error("there is no recovery code left")]
    NoCodeLeft,
    #[error("there is no such passkey")]
    NoSuchPasskey,
    #[error("the account has as many passkeys as it can")]
    TooManyPasskeys,
    #[error("a passkey needs a name")]
    NameMissing,
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::AccessDenied => Code::AccessDenied,
            Self::AlreadyCreated | Self::OrganisationLinked | Self::TooManyPersons | Self::TooManyPasskeys => Code::Conflict,
            Self::NotLinked => Code::AccessDeniedPerson,
            Self::Unknown | Self::NoSuchFactor | Self::NothingToRecover | Self::NoCodeLeft | Self::NoSuchPasskey => Code::InvalidInput,
            Self::NameMissing => Code::RequiredParameterMissing,
            Self::Unfit(Unfit::TooLong) => Code::ValueIsTooLong,
            Self::Unfit(Unfit::ControlCharacter) => Code::InvalidValueFormat,
        }
    }
}
