//! The rules of the knowledge base that can stand in the way.

use thiserror::Error;

use crate::rejection::Code;
use crate::text::Unfit;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("it does not exist or may not be read")]
    Unknown,
    #[error("this may be done only by its editors")]
    MayNotWrite,
    #[error("this may be done only by those who look after the knowledge base")]
    MayNotAdminister,
    #[error("the asker is blocked")]
    AskerBlocked,
    #[error("it has been created before")]
    AlreadyCreated,
    #[error("it needs a title")]
    TitleMissing,
    #[error("an article needs a body")]
    BodyMissing,
    #[error("it lies under a topic that is there and may be read, and neither under itself nor too deep")]
    Parent,
    #[error("it has been changed since the version that was read")]
    Version,
    #[error("there is no person or role with this id")]
    UnknownPerson,
    #[error("more readers or editors than an article may have")]
    TooManyPeople,
    #[error("{0}")]
    Title(Unfit),
    #[error("{0}")]
    Body(Unfit),
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::Unknown => Code::KnowledgeBaseNotFound,
            Self::MayNotWrite | Self::MayNotAdminister => Code::KnowledgeBaseAccessDenied,
            Self::AskerBlocked => Code::AccountBlocked,
            Self::AlreadyCreated => Code::Conflict,
            Self::TitleMissing => Code::KnowledgeBaseTitleRequired,
            Self::BodyMissing => Code::KnowledgeBaseBodyRequired,
            Self::Parent => Code::KnowledgeBaseInvalidParent,
            Self::Version => Code::KnowledgeBaseVersionConflict,
            Self::UnknownPerson => Code::InvalidPersonId,
            Self::TooManyPeople => Code::ParticipantLimitExceeded,
            Self::Title(Unfit::ControlCharacter) | Self::Body(Unfit::ControlCharacter) => Code::InvalidValueFormat,
            Self::Title(Unfit::TooLong) => Code::ValueIsTooLong,
            Self::Body(Unfit::TooLong) => Code::TooLargeMessageText,
        }
    }
}
