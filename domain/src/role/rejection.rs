//! The rules about roles that can stand in the way.

use thiserror::Error;

use crate::rejection::Code;
use crate::text::Unfit;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("this may be done only by those who manage roles")]
    AccessDenied,
    #[error("the asker is blocked")]
    Blocked,
    #[error("there is no such role")]
    Unknown,
    #[error("the role has been created before")]
    AlreadyCreated,
    #[error("a role needs a name")]
    NameMissing,
    #[error("there is no person with this id; roles are not members of roles")]
    UnknownPerson,
    #[error("a person who is blocked cannot be added")]
    PersonBlocked,
    #[error("a role has at most 500 members")]
    TooManyMembers,
    #[error("the organisation has as many roles as it may have")]
    TooManyRoles,
    #[error("tasks go to a person or role that is there, not blocked, and another one")]
    Receiver,
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::AccessDenied => Code::AccessDenied,
            Self::Blocked => Code::AccountBlocked,
            // A role stands where a person can, and is refused as one.
            Self::Unknown | Self::PersonBlocked => Code::AccessDeniedPerson,
            Self::AlreadyCreated => Code::Conflict,
            Self::NameMissing => Code::RequiredParameterMissing,
            Self::UnknownPerson | Self::Receiver => Code::InvalidPersonId,
            Self::TooManyMembers => Code::ParticipantLimitExceeded,
            Self::TooManyRoles => Code::OptionIsNotSupported,
            Self::Unfit(Unfit::ControlCharacter) => Code::InvalidValueFormat,
            Self::Unfit(Unfit::TooLong) => Code::ValueIsTooLong,
        }
    }
}
