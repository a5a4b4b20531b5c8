//! The rules about lists that can stand in the way.

use thiserror::Error;

use super::people::PEOPLE_MAX;
use super::tree::{DEPTH_MAX, LISTS_MAX};
use crate::rejection::Code;
use crate::text::Unfit;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("the list does not exist or may not be seen")]
    Unknown,
    #[error("this may be done only by those who manage the list")]
    AccessDenied,
    #[error("a list for the whole organisation needs the right to edit such lists")]
    OrganisationWide,
    #[error("the asker is blocked")]
    Blocked,
    #[error("the list has been created before")]
    AlreadyCreated,
    #[error("a list needs a name")]
    NameMissing,
    #[error("the list above does not exist or may not be seen")]
    UnknownParent,
    #[error("a list is not moved under itself, nor under a list below it")]
    UnderItself,
    #[error("lists are at most {DEPTH_MAX} deep")]
    TooDeep,
    #[error("other lists were moved meanwhile")]
    Overtaken,
    #[error("an organisation has at most {LISTS_MAX} lists")]
    TooManyLists,
    #[error("a private list at the top keeps a manager")]
    ManagerMissing,
    #[error("a guest manages no list")]
    GuestManages,
    #[error("the asker may not bring guests into lists")]
    ExternalPerson,
    #[error("there is no person with this id")]
    UnknownPerson,
    #[error("there is no person with this e-mail address")]
    UnknownEmail,
    #[error("a person who is blocked cannot be added")]
    PersonBlocked,
    #[error("a list has at most {PEOPLE_MAX} managers and members")]
    TooManyPeople,
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::Unknown | Self::UnknownParent => Code::AccessDeniedProject,
            Self::AccessDenied | Self::OrganisationWide => Code::AccessDenied,
            Self::Blocked => Code::AccountBlocked,
            Self::AlreadyCreated | Self::Overtaken => Code::Conflict,
            Self::NameMissing => Code::RequiredParameterMissing,
            Self::UnderItself | Self::TooDeep | Self::ManagerMissing => Code::InvalidInput,
            Self::TooManyLists => Code::LimitExceeded,
            Self::GuestManages | Self::ExternalPerson => Code::CannotAddExternalUser,
            Self::UnknownPerson => Code::InvalidPersonId,
            Self::UnknownEmail => Code::InvalidEmail,
            Self::PersonBlocked => Code::AccessDeniedPerson,
            Self::TooManyPeople => Code::ParticipantLimitExceeded,
            Self::Unfit(Unfit::ControlCharacter) => Code::InvalidValueFormat,
            Self::Unfit(Unfit::TooLong) => Code::ValueIsTooLong,
        }
    }
}
