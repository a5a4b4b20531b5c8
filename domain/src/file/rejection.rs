//! The rules about files that can stand in the way.

use thiserror::Error;

use super::{NAME_CHARACTERS_MAX, URL_BYTES_MAX, VERSIONS_MAX};
use crate::rejection::Code;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("the file is neither the asker's own nor in anything that they may see")]
    AccessDenied,
    #[error("the asker is blocked")]
    Blocked,
    #[error("there is no such file")]
    Unknown,
    #[error("the file has been uploaded before")]
    AlreadyUploaded,
    #[error("the file was removed")]
    Removed,
    #[error("a name has 1 to {NAME_CHARACTERS_MAX} characters")]
    Name,
    #[error("a file has at least one byte")]
    Empty,
    #[error("a link is an http or https address of at most {URL_BYTES_MAX} bytes")]
    Url,
    #[error("a file is a version of one other file, which is not a version itself")]
    VersionOfAnother,
    #[error("a file has at most {VERSIONS_MAX} versions")]
    TooManyVersions,
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::AccessDenied => Code::AccessDeniedFile,
            Self::Blocked => Code::AccountBlocked,
            Self::Unknown | Self::Removed => Code::FileIsMissing,
            Self::AlreadyUploaded => Code::Conflict,
            Self::Name => Code::MaxFileNameLengthExceeded,
            Self::Empty => Code::EmptyFile,
            Self::Url => Code::InvalidValueFormat,
            Self::VersionOfAnother => Code::UnrecognizedAttachmentId,
            Self::TooManyVersions => Code::LimitExceeded,
        }
    }
}
