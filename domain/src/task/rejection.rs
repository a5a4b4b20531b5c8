//! The rules of a task that can stand in the way.

use thiserror::Error;

use super::lists::LISTS_MAX;
use crate::form::rejection::Misfit;
use crate::rejection::Code;
use crate::text::Unfit;
use crate::workflow;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("the task does not exist or may not be seen")]
    AccessDenied,
    #[error("the asker is blocked")]
    AskerBlocked,
    #[error("the task has been created before")]
    AlreadyCreated,
    #[error("this may not be done by those who only subscribe or supervise")]
    MayNotClose,
    #[error("this may not be done by those who only subscribe or supervise")]
    MayNotReopen,
    #[error("deleting needs the right to delete one's own tasks or those of others")]
    MayNotDelete,

    #[error("nobody speaks for a role that they are not in")]
    NotInRole,
    #[error("there is no person with this id")]
    UnknownPerson,
    #[error("there is no person with this e-mail address")]
    UnknownEmail,
    #[error("a person who is blocked cannot be added")]
    PersonBlocked,
    #[error("a person from outside may not be added by the asker")]
    ExternalPerson,
    #[error("more people than a task or a request may name")]
    TooManyPeople,

    #[error("there is no such list, or it may not be seen")]
    UnknownList,
    #[error("a list that was deleted takes no tasks")]
    ListDeleted,
    #[error("a task lies in at most {LISTS_MAX} lists")]
    TooManyLists,

    #[error("the request says nothing")]
    TextMissing,
    #[error(transparent)]
    Text(Unfit),
    #[error("{0}")]
    Subject(Unfit),
    #[error("the task has as many comments as a task may have")]
    TooManyComments,
    #[error("there is no such file, or it is not the asker's to attach")]
    UnknownFile,
    #[error("more files than a comment or a task takes")]
    TooManyAttachments,
    #[error("the task has no such comment")]
    UnknownComment,
    #[error("only one's own comments are edited")]
    NotOwnComment,
    #[error("the comment has no text, or has none any more")]
    CommentWithoutText,
    #[error("the first comment goes only with its task")]
    FirstCommentStays,
    #[error("a comment is edited or deleted, not both")]
    EditAndDelete,

    #[error("either a due date or a due time can be set")]
    DueTwice,
    #[error("a duration needs a due time")]
    DurationWithoutDue,
    #[error("a duration is not negative")]
    DurationNegative,
    #[error("a duration is at most a year")]
    DurationTooLong,
    #[error("dates are from the year 1970 to the year 2199")]
    OutOfBounds,
    #[error("a date is set or cancelled, not both, and a schedule is a date or a time, not both")]
    Contradiction,
    #[error("a schedule lies ahead")]
    ScheduleInPast,

    #[error("time spent is at least a minute")]
    NoTimeSpent,
    #[error("time spent at once is at most a year")]
    TooMuchTimeSpent,
    #[error("there is no such form, or it may not be seen")]
    UnknownForm,
    #[error("the form takes no more tasks")]
    FormClosed,
    #[error("the task has no form")]
    NoForm,
    #[error("too many tasks have opened each other")]
    TooDeep,
    #[error("the task is closed")]
    Closed,
    #[error(transparent)]
    Misfit(#[from] Misfit),
    #[error("{0}")]
    Route(workflow::Rejection),
    #[error("the task changed since it was looked at")]
    Overtaken,
    #[error("in this task only subscribers acknowledge, and nobody approves")]
    ChoiceNotSupported,
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::AccessDenied | Self::MayNotDelete => Code::AccessDeniedTask,
            Self::AskerBlocked => Code::AccountBlocked,
            Self::AlreadyCreated | Self::Overtaken => Code::Conflict,
            Self::MayNotClose => Code::AccessDeniedCloseTask,
            Self::MayNotReopen => Code::AccessDeniedReopenTask,
            Self::UnknownPerson => Code::InvalidPersonId,
            Self::UnknownEmail => Code::InvalidEmail,
            Self::PersonBlocked => Code::AccessDeniedPerson,
            Self::ExternalPerson => Code::CannotAddExternalUser,
            Self::TooManyPeople => Code::ParticipantLimitExceeded,
            Self::UnknownList => Code::AccessDeniedProject,
            Self::ListDeleted => Code::AddTaskToListForbidden,
            Self::TooManyLists | Self::TooDeep => Code::LimitExceeded,
            Self::TextMissing => Code::TextMissing,
            Self::Text(Unfit::ControlCharacter) | Self::Subject(Unfit::ControlCharacter) => Code::InvalidValueFormat,
            Self::Text(Unfit::TooLong) => Code::TooLargeMessageText,
            Self::Subject(Unfit::TooLong) => Code::ValueIsTooLong,
            Self::TooManyComments => Code::TooManyComments,
            Self::UnknownFile => Code::UnrecognizedAttachmentId,
            Self::TooManyAttachments => Code::TooManyAttachments,
            Self::NotOwnComment | Self::NotInRole => Code::AccessDenied,
            Self::UnknownComment | Self::CommentWithoutText | Self::FirstCommentStays | Self::EditAndDelete => Code::InvalidInput,
            Self::DueTwice => Code::EitherDueDateOrDueCanBeSet,
            Self::DurationWithoutDue => Code::DueMissing,
            Self::DurationNegative | Self::NoTimeSpent => Code::NegativeDuration,
            Self::DurationTooLong | Self::TooMuchTimeSpent => Code::DurationIsTooLong,
            Self::OutOfBounds => Code::DueOutsideOfBounds,
            Self::Contradiction => Code::InvalidInput,
            Self::ScheduleInPast => Code::ScheduledDateInPast,
            Self::UnknownForm => Code::AccessDeniedForm,
            Self::FormClosed => Code::FormIsDeleted,
            Self::NoForm => Code::TaskHasNoForm,
            Self::Closed => Code::Conflict,
            Self::Misfit(misfit) => misfit.code(),
            Self::Route(rejection) => rejection.code(),
            Self::ChoiceNotSupported => Code::OptionIsNotSupported,
        }
    }

    fn place(&self) -> Option<&str> {
        if let Self::Misfit(misfit) = self { Some(&misfit.field) } else { None }
    }
}
