//! A business "no": the rule that stood in the way, with the API's stable code. Failures of
//! infrastructure are not here, nor are HTTP statuses (the gateway alone knows those).

/// The codes of the API that a decision may answer with (pyrus.md §1.20).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    AccessDenied,
    AccessDeniedTask,
    AccessDeniedPerson,
    AccessDeniedProject,
    AccessDeniedCloseTask,
    AccessDeniedReopenTask,
    AccountBlocked,
    AddTaskToListForbidden,
    BothTextAndFormattedTextSpecified,
    CannotAddExternalUser,
    CannotBeFired,
    Conflict,
    DueMissing,
    DueOutsideOfBounds,
    DurationIsTooLong,
    EitherDueDateOrDueCanBeSet,
    IncorrectEmailFormat,
    InvalidDepartment,
    InvalidEmail,
    InvalidInput,
    InvalidPersonId,
    InvalidPersonIdEmail,
    InvalidValueFormat,
    LimitExceeded,
    NegativeDuration,
    NonUniqueEmail,
    OptionIsNotSupported,
    ParticipantLimitExceeded,
    PersonEmailAlreadyInUse,
    PersonIdentityMissing,
    PhoneAlreadyInUse,
    RequiredParameterMissing,
    ScheduledDateInPast,
    TextMissing,
    TooLargeMessageText,
    TooManyComments,
    UnrecognizedTaskId,
    ValueIsTooLong,
}

impl Code {
    /// Every code, in the order in which they are declared.
    pub const ALL: &'static [Self] = &[
        Self::AccessDenied,
        Self::AccessDeniedTask,
        Self::AccessDeniedPerson,
        Self::AccessDeniedProject,
        Self::AccessDeniedCloseTask,
        Self::AccessDeniedReopenTask,
        Self::AccountBlocked,
        Self::AddTaskToListForbidden,
        Self::BothTextAndFormattedTextSpecified,
        Self::CannotAddExternalUser,
        Self::CannotBeFired,
        Self::Conflict,
        Self::DueMissing,
        Self::DueOutsideOfBounds,
        Self::DurationIsTooLong,
        Self::EitherDueDateOrDueCanBeSet,
        Self::IncorrectEmailFormat,
        Self::InvalidDepartment,
        Self::InvalidEmail,
        Self::InvalidInput,
        Self::InvalidPersonId,
        Self::InvalidPersonIdEmail,
        Self::InvalidValueFormat,
        Self::LimitExceeded,
        Self::NegativeDuration,
        Self::NonUniqueEmail,
        Self::OptionIsNotSupported,
        Self::ParticipantLimitExceeded,
        Self::PersonEmailAlreadyInUse,
        Self::PersonIdentityMissing,
        Self::PhoneAlreadyInUse,
        Self::RequiredParameterMissing,
        Self::ScheduledDateInPast,
        Self::TextMissing,
        Self::TooLargeMessageText,
        Self::TooManyComments,
        Self::UnrecognizedTaskId,
        Self::ValueIsTooLong,
    ];

    /// The code of a word on the wire, or nothing for a word that this build does not know.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == word)
    }

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::AccessDeniedTask => "access_denied_task",
            Self::AccessDeniedPerson => "access_denied_person",
            Self::AccessDeniedProject => "access_denied_project",
            Self::AccessDeniedCloseTask => "access_denied_close_task",
            Self::AccessDeniedReopenTask => "access_denied_reopen_task",
            Self::AccountBlocked => "account_blocked",
            Self::AddTaskToListForbidden => "add_task_to_list_forbidden",
            Self::BothTextAndFormattedTextSpecified => "both_text_and_formatted_text_specified",
            Self::CannotAddExternalUser => "cannot_add_external_user",
            Self::CannotBeFired => "cannot_be_fired",
            Self::Conflict => "conflict",
            Self::DueMissing => "due_missing",
            Self::DueOutsideOfBounds => "due_outside_of_bounds",
            Self::DurationIsTooLong => "duration_is_too_long",
            Self::EitherDueDateOrDueCanBeSet => "either_due_date_or_due_can_be_set",
            Self::IncorrectEmailFormat => "incorrect_email_format",
            Self::InvalidDepartment => "invalid_department",
            Self::InvalidEmail => "invalid_email",
            Self::InvalidInput => "invalid_input",
            Self::InvalidPersonId => "invalid_person_id",
            Self::InvalidPersonIdEmail => "invalid_person_id_email",
            Self::InvalidValueFormat => "invalid_value_format",
            Self::LimitExceeded => "limit_exceeded",
            Self::NegativeDuration => "negative_duration",
            Self::NonUniqueEmail => "non_unique_email",
            Self::OptionIsNotSupported => "option_is_not_supported",
            Self::ParticipantLimitExceeded => "participant_limit_exceeded",
            Self::PersonEmailAlreadyInUse => "person_email_already_in_use",
            Self::PersonIdentityMissing => "person_identity_missing",
            Self::PhoneAlreadyInUse => "phone_already_in_use",
            Self::RequiredParameterMissing => "required_parameter_missing",
            Self::ScheduledDateInPast => "scheduled_date_in_past",
            Self::TextMissing => "text_missing",
            Self::TooLargeMessageText => "too_large_message_text",
            Self::TooManyComments => "too_many_comments",
            Self::UnrecognizedTaskId => "unrecognized_task_id",
            Self::ValueIsTooLong => "value_is_too_long",
        }
    }
}

/// A decision's "no". Each aggregate has its own enum; what they share is the code.
pub trait Rejection: std::error::Error + Clone + Send + Sync + 'static {
    fn code(&self) -> Code;
}
