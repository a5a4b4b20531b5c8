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
    #[error("nobody blocks or dismisses themselves")]
    Oneself,
    #[error("the last administrator of an organisation stays one")]
    LastAdministrator,
    #[error("another administrator has left meanwhile")]
    Overtaken,
    #[error("tasks are received by a colleague, bot or role that is let in, and is somebody else")]
    UnfitReceiver,
    #[error("a deputy is a colleague who is let in, and is somebody else")]
    UnfitDeputy,
    #[error("an absence ends in the future, on the day on which it begins or later, and within two years")]
    AbsenceOutOfBounds,
    #[error("a phone to sign in with is a + and 5 to 15 digits")]
    PhoneFormat,
    #[error("there is no such birthday")]
    BirthDate,
    #[error("there is no such department")]
    Department,
    #[error("a session lasts 1 hour to ten years, and there are 1 to 1000 at once")]
    SessionBound,
    #[error("this is not the id of an upload")]
    Guid,
    #[error("a bot is called at an address that begins with https:// and holds neither spaces nor a password")]
    Hook,
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::AccessDenied | Self::RightsNotHeld => Code::AccessDenied,
            Self::UnknownRights
            | Self::TimeZone
            | Self::Locale
            | Self::AbsenceOutOfBounds
            | Self::BirthDate
            | Self::SessionBound
            | Self::Hook => Code::InvalidInput,
            Self::Oneself | Self::LastAdministrator => Code::CannotBeFired,
            Self::UnfitReceiver | Self::UnfitDeputy => Code::InvalidPersonId,
            Self::PhoneFormat | Self::Guid => Code::InvalidValueFormat,
            Self::Department => Code::InvalidDepartment,
            Self::Blocked => Code::AccountBlocked,
            Self::Unknown => Code::AccessDeniedPerson,
            Self::AlreadyAdded | Self::Overtaken => Code::Conflict,
            Self::IdentityMissing => Code::RequiredParameterMissing,
            Self::EmailFormat => Code::IncorrectEmailFormat,
            Self::EmailInUse => Code::PersonEmailAlreadyInUse,
            Self::Unfit(Unfit::ControlCharacter) => Code::InvalidValueFormat,
            Self::Unfit(Unfit::TooLong) => Code::ValueIsTooLong,
        }
    }
}
