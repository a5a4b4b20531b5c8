//! The rules of an announcement that can stand in the way.

use thiserror::Error;

use crate::file::attached::ATTACHED_MAX;
use crate::rejection::Code;
use crate::text::Unfit;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("the announcement does not exist or may not be seen")]
    Unseen,
    #[error("the asker is blocked")]
    AskerBlocked,
    #[error("writing announcements needs the right to")]
    MayNotCreate,
    #[error("this may be done by the author, and by those who close and delete announcements")]
    MayNotChange,
    #[error("the announcement has been created before")]
    AlreadyCreated,
    #[error("the announcement is closed")]
    Closed,
    #[error("the announcement has no such comment")]
    UnknownComment,
    #[error("the announcement has as many comments as it may have")]
    TooManyComments,
    #[error("at most {ATTACHED_MAX} files come with one text")]
    TooManyAttachments,
    #[error("there is no such file, or it is not the asker's to attach")]
    UnknownFile,
    #[error("the request says nothing")]
    TextMissing,
    #[error(transparent)]
    Text(#[from] Unfit),
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::Unseen | Self::MayNotCreate | Self::MayNotChange => Code::AccessDenied,
            Self::AskerBlocked => Code::AccountBlocked,
            Self::AlreadyCreated | Self::Closed => Code::Conflict,
            Self::UnknownComment => Code::InvalidInput,
            Self::TooManyComments => Code::TooManyComments,
            Self::TooManyAttachments => Code::TooManyAttachments,
            Self::UnknownFile => Code::UnrecognizedAttachmentId,
            Self::TextMissing => Code::TextMissing,
            Self::Text(Unfit::ControlCharacter) => Code::InvalidValueFormat,
            Self::Text(Unfit::TooLong) => Code::TooLargeMessageText,
        }
    }
}
