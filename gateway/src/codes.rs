//! Every error code of the API with its status and its texts, once. When a code is used is decided elsewhere.

use actix_web::http::StatusCode;
use domain::Code;

/// What clients are told under a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub code: &'static str,
    pub status: StatusCode,
    pub english: &'static str,
    pub russian: &'static str,
}

const fn of(code: &'static str, status: StatusCode, english: &'static str, russian: &'static str) -> Entry {
    Entry { code, status, english, russian }
}

/// The codes that no decision of the domain leads to: sign-in, transport, limits. Those of the dialect keep its names;
/// `invalid_ticket`, `other_person`, `cross_site_request`, `session_required`, `second_factor_required`, `step_up_required`, `tls_required`, `request_timeout`, `idempotency_key_reused`, `log_replaced`, `not_found`, `method_not_allowed`, `pdf_not_available`, `range_not_satisfiable`, `invalid_search_query`, `search_unavailable` and `service_unavailable` are ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Own {
    TokenNotSpecified,
    InvalidToken,
    ExpiredToken,
    RevokedToken,
    InvalidCredentials,
    InvalidTicket,
    OtherPerson,
    CrossSiteRequest,
    SessionRequired,
    SecondFactorRequired,
    StepUpRequired,
    TlsRequired,
    InvalidJson,
    EmptyBody,
    InvalidRequestEncoding,
    TooLargeRequestLength,
    NoFileInRequest,
    BadMultipartContent,
    RangeNotSatisfiable,
    RequestTimeout,
    AttachmentsForbidden,
    ItemsCountOutOfRange,
    FilterTypeIsNotSupported,
    IncorrectParametersCount,
    StepFieldDoesNotExists,
    LessThanTwoOrNotUniqueTasks,
    TooManyRequests,
    IdempotencyKeyReused,
    LogReplaced,
    NotFound,
    MethodNotAllowed,
    PdfNotAvailable,
    InvalidSearchQuery,
    SearchUnavailable,
    ServerError,
    ServiceUnavailable,
}

impl Own {
    /// Every one of them.
    pub const ALL: &'static [Self] = &[
        Self::TokenNotSpecified,
        Self::InvalidToken,
        Self::ExpiredToken,
        Self::RevokedToken,
        Self::InvalidCredentials,
        Self::InvalidTicket,
        Self::OtherPerson,
        Self::CrossSiteRequest,
        Self::SessionRequired,
        Self::SecondFactorRequired,
        Self::StepUpRequired,
        Self::TlsRequired,
        Self::InvalidJson,
        Self::EmptyBody,
        Self::InvalidRequestEncoding,
        Self::TooLargeRequestLength,
        Self::NoFileInRequest,
        Self::BadMultipartContent,
        Self::RangeNotSatisfiable,
        Self::RequestTimeout,
        Self::AttachmentsForbidden,
        Self::ItemsCountOutOfRange,
        Self::FilterTypeIsNotSupported,
        Self::IncorrectParametersCount,
        Self::StepFieldDoesNotExists,
        Self::LessThanTwoOrNotUniqueTasks,
        Self::TooManyRequests,
        Self::IdempotencyKeyReused,
        Self::LogReplaced,
        Self::NotFound,
        Self::PdfNotAvailable,
        Self::MethodNotAllowed,
        Self::InvalidSearchQuery,
        Self::SearchUnavailable,
        Self::ServerError,
        Self::ServiceUnavailable,
    ];

    pub const fn entry(self) -> Entry {
        match self {
            Self::TokenNotSpecified => {
                of("token_not_specified", StatusCode::UNAUTHORIZED, "The request carries no access token", "В запросе нет токена доступа")
            }
            Self::InvalidToken => {
                of("invalid_token", StatusCode::UNAUTHORIZED, "The access token is not known", "Неизвестный токен доступа")
            }
            Self::ExpiredToken => {
                of("expired_token", StatusCode::UNAUTHORIZED, "The access token's time is over", "Срок действия токена доступа истёк")
            }
            Self::RevokedToken => of("revoked_token", StatusCode::UNAUTHORIZED, "The access token was revoked", "Токен доступа отозван"),
            Self::InvalidCredentials => of(
                "invalid_credentials",
                StatusCode::UNAUTHORIZED,
                "The login, the key or the password is wrong",
                "Неверный логин, ключ или пароль",
            ),
            Self::InvalidTicket => of(
                "invalid_ticket",
                StatusCode::UNAUTHORIZED,
                "The link or code is unknown, too old, or was used",
                "Ссылка или код неизвестны, устарели или уже использованы",
            ),
            Self::OtherPerson => of(
                "other_person",
                StatusCode::CONFLICT,
                "Somebody else is signed in here now, and nothing was done",
                "Здесь сейчас вошёл другой человек, и ничего не сделано",
            ),
            Self::CrossSiteRequest => of(
                "cross_site_request",
                StatusCode::FORBIDDEN,
                "A page of another site may have made this request",
                "Запрос мог быть отправлен страницей другого сайта",
            ),
            Self::SessionRequired => of(
                "session_required",
                StatusCode::FORBIDDEN,
                "This is for browsers that have signed in, not for tokens",
                "Доступно только в сессии браузера, не по токену",
            ),
            Self::SecondFactorRequired => of(
                "second_factor_required",
                StatusCode::FORBIDDEN,
                "A second factor is needed for this",
                "Для этого нужен второй фактор входа",
            ),
            Self::StepUpRequired => of(
                "step_up_required",
                StatusCode::FORBIDDEN,
                "Prove again who you are before you do this",
                "Сначала подтвердите ещё раз, что это вы",
            ),
            Self::TlsRequired => {
                of("tls_required", StatusCode::FORBIDDEN, "Browsers sign in over TLS only", "Вход из браузера возможен только по TLS")
            }
            Self::InvalidJson => of("invalid_json", StatusCode::BAD_REQUEST, "The body is not JSON", "Тело запроса не является JSON"),
            Self::EmptyBody => of("empty_body", StatusCode::BAD_REQUEST, "The body is empty", "Тело запроса пусто"),
            Self::InvalidRequestEncoding => {
                of("invalid_request_encoding", StatusCode::BAD_REQUEST, "The body is not UTF-8", "Тело запроса не в кодировке UTF-8")
            }
            Self::NoFileInRequest => {
                of("no_file_in_request", StatusCode::BAD_REQUEST, "There is no file in the request", "В запросе нет файла")
            }
            Self::BadMultipartContent => of(
                "bad_multipart_content",
                StatusCode::BAD_REQUEST,
                "The request is no multipart/form-data with one file",
                "Запрос не является multipart/form-data с одним файлом",
            ),
            Self::RangeNotSatisfiable => {
                of("range_not_satisfiable", StatusCode::RANGE_NOT_SATISFIABLE, "The file has no such part", "В файле нет такого фрагмента")
            }
            Self::TooLargeRequestLength => {
                of("too_large_request_length", StatusCode::BAD_REQUEST, "The body is too large", "Тело запроса слишком велико")
            }
            Self::RequestTimeout => {
                of("request_timeout", StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time", "Тело запроса не получено вовремя")
            }
            Self::AttachmentsForbidden => {
                of("attachments_forbidden", StatusCode::BAD_REQUEST, "Files cannot be attached", "Нельзя приложить файлы")
            }
            Self::FilterTypeIsNotSupported => {
                of("filter_type_is_not_supported", StatusCode::BAD_REQUEST, "This is not filtered so", "Такой фильтр не поддерживается")
            }
            Self::IncorrectParametersCount => {
                of("incorrect_parameters_count", StatusCode::BAD_REQUEST, "A filter has no value", "У фильтра нет значения")
            }
            Self::StepFieldDoesNotExists => {
                of("step_field_does_not_exists", StatusCode::BAD_REQUEST, "The form has no steps", "У формы нет этапов")
            }
            Self::InvalidSearchQuery => {
                of("invalid_search_query", StatusCode::BAD_REQUEST, "The question cannot be read", "Поисковый запрос не удалось разобрать")
            }
            Self::SearchUnavailable => of(
                "search_unavailable",
                StatusCode::SERVICE_UNAVAILABLE,
                "There is no search here just now",
                "Поиск здесь сейчас недоступен",
            ),
            Self::ItemsCountOutOfRange => of(
                "items_count_out_of_range",
                StatusCode::BAD_REQUEST,
                "The number of items is out of range",
                "Число элементов вне допустимого диапазона",
            ),
            Self::LessThanTwoOrNotUniqueTasks => of(
                "less_than_two_or_not_unique_tasks",
                StatusCode::BAD_REQUEST,
                "Name two tasks or more, each once",
                "Укажите не менее двух задач, каждую один раз",
            ),
            Self::TooManyRequests => of("too_many_requests", StatusCode::TOO_MANY_REQUESTS, "Too many requests", "Слишком много запросов"),
            Self::IdempotencyKeyReused => of(
                "idempotency_key_reused",
                StatusCode::UNPROCESSABLE_ENTITY,
                "This Idempotency-Key was used for another request",
                "Этот Idempotency-Key уже использован для другого запроса",
            ),
            Self::LogReplaced => of(
                "log_replaced",
                StatusCode::PRECONDITION_FAILED,
                "The position belongs to a log that was replaced by a restore",
                "Позиция относится к журналу, заменённому при восстановлении",
            ),
            Self::PdfNotAvailable => of(
                "pdf_not_available",
                StatusCode::NOT_IMPLEMENTED,
                "Pages cannot be made to PDF here: no browser is installed. Ask for format=html",
                "Здесь нельзя получить PDF: браузер не установлен. Запросите format=html",
            ),
            Self::NotFound => of("not_found", StatusCode::NOT_FOUND, "There is nothing at this address", "По этому адресу ничего нет"),
            Self::MethodNotAllowed => of(
                "method_not_allowed",
                StatusCode::METHOD_NOT_ALLOWED,
                "This method is not supported here",
                "Этот метод здесь не поддерживается",
            ),
            Self::ServerError => {
                of("server_error", StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong in the server", "Внутренняя ошибка сервера")
            }
            Self::ServiceUnavailable => of(
                "service_unavailable",
                StatusCode::SERVICE_UNAVAILABLE,
                "Not possible just now, try again in a moment",
                "Сейчас недоступно, повторите чуть позже",
            ),
        }
    }
}

/// What clients are told under a code of the domain.
pub const fn entry(code: Code) -> Entry {
    let (status, english, russian) = match code {
        Code::AccessDenied => (StatusCode::FORBIDDEN, "You may not do this", "Недостаточно прав"),
        Code::AccessDeniedTask => {
            (StatusCode::FORBIDDEN, "The task does not exist, or you may not see it", "Задача не существует или недоступна")
        }
        Code::AccessDeniedPerson => {
            (StatusCode::FORBIDDEN, "The person does not exist, or you may not see them", "Пользователь не существует или недоступен")
        }
        Code::AccessDeniedProject => {
            (StatusCode::FORBIDDEN, "The list does not exist, or you may not see it", "Список не существует или недоступен")
        }
        Code::AccessDeniedCloseTask => (StatusCode::FORBIDDEN, "You may not close this task", "Вы не можете завершить эту задачу"),
        Code::AccessDeniedReopenTask => (StatusCode::FORBIDDEN, "You may not reopen this task", "Вы не можете возобновить эту задачу"),
        Code::AccountBlocked => (StatusCode::UNAUTHORIZED, "The account is blocked", "Учётная запись заблокирована"),
        Code::AddTaskToListForbidden => {
            (StatusCode::FORBIDDEN, "You may not put tasks into this list", "Вы не можете добавлять задачи в этот список")
        }
        Code::BothTextAndFormattedTextSpecified => {
            (StatusCode::BAD_REQUEST, "Give either text or formatted_text", "Укажите либо text, либо formatted_text")
        }
        Code::CannotAddExternalUser => {
            (StatusCode::BAD_REQUEST, "A person from outside cannot be added", "Внешнего пользователя нельзя добавить")
        }
        Code::CannotBeFired => (
            StatusCode::BAD_REQUEST,
            "Nobody blocks themselves, and an organisation keeps an administrator",
            "Нельзя заблокировать себя или последнего администратора",
        ),
        Code::Conflict => (StatusCode::CONFLICT, "The change conflicts with another one", "Изменение противоречит другому изменению"),
        Code::DueMissing => (StatusCode::BAD_REQUEST, "A duration needs due", "Для длительности нужен срок due"),
        Code::DueOutsideOfBounds => (StatusCode::BAD_REQUEST, "The due date is out of bounds", "Срок вне допустимых границ"),
        Code::DurationIsTooLong => (StatusCode::BAD_REQUEST, "The duration is longer than a year", "Длительность больше года"),
        Code::EitherDueDateOrDueCanBeSet => (StatusCode::BAD_REQUEST, "Give either due_date or due", "Укажите либо due_date, либо due"),
        Code::IncorrectEmailFormat => {
            (StatusCode::BAD_REQUEST, "This is not an e-mail address", "Неверный формат адреса электронной почты")
        }
        Code::InvalidDepartment => (StatusCode::BAD_REQUEST, "The department does not fit", "Недопустимое подразделение"),
        Code::InvalidEmail => (StatusCode::BAD_REQUEST, "Nobody here has this e-mail address", "Пользователь с таким адресом не найден"),
        Code::InvalidInput => (StatusCode::BAD_REQUEST, "The request does not make sense", "Некорректный запрос"),
        Code::InvalidPersonId => (StatusCode::BAD_REQUEST, "There is no such person", "Пользователь с таким id не найден"),
        Code::InvalidPersonIdEmail => (
            StatusCode::BAD_REQUEST,
            "The id and the e-mail address belong to different persons",
            "id и адрес принадлежат разным пользователям",
        ),
        Code::InvalidValueFormat => (StatusCode::BAD_REQUEST, "A value has the wrong form", "Неверный формат значения"),
        Code::LimitExceeded => (StatusCode::BAD_REQUEST, "There are as many as there can be", "Превышен предел количества"),
        Code::NegativeDuration => (StatusCode::BAD_REQUEST, "The duration is negative", "Отрицательная длительность"),
        Code::NonUniqueEmail => {
            (StatusCode::BAD_REQUEST, "Several persons have this e-mail address", "Адрес принадлежит нескольким пользователям")
        }
        Code::OptionIsNotSupported => {
            (StatusCode::BAD_REQUEST, "This option is not supported here", "Эта возможность здесь не поддерживается")
        }
        Code::ParticipantLimitExceeded => (StatusCode::BAD_REQUEST, "Too many participants", "Слишком много участников"),
        Code::PersonEmailAlreadyInUse => {
            (StatusCode::BAD_REQUEST, "The e-mail address is already in use", "Адрес электронной почты уже используется")
        }
        Code::PersonIdentityMissing => {
            (StatusCode::BAD_REQUEST, "A person needs an id or an e-mail address", "Для пользователя нужен id или адрес")
        }
        Code::PhoneAlreadyInUse => (StatusCode::BAD_REQUEST, "The phone is already in use", "Телефон уже используется"),
        Code::RequiredParameterMissing => (StatusCode::BAD_REQUEST, "A required parameter is missing", "Не указан обязательный параметр"),
        Code::ScheduledDateInPast => (StatusCode::BAD_REQUEST, "The scheduled date lies in the past", "Дата отложенной задачи в прошлом"),
        Code::TextMissing => (StatusCode::BAD_REQUEST, "The text is missing", "Не указан текст"),
        Code::TooLargeMessageText => (StatusCode::BAD_REQUEST, "The text is too long", "Слишком длинный текст"),
        Code::TooManyComments => {
            (StatusCode::BAD_REQUEST, "The task holds as many comments as it can", "В задаче слишком много комментариев")
        }
        Code::UnrecognizedTaskId => (StatusCode::BAD_REQUEST, "There is no such task", "Задача не найдена"),
        Code::InvalidAwardLimits => (
            StatusCode::BAD_REQUEST,
            "An award is taken away above the number at which it is given",
            "Порог отзыва награды должен быть выше порога выдачи",
        ),
        Code::AccessDeniedAwards => {
            (StatusCode::FORBIDDEN, "The award does not exist, or you may not manage awards", "Награда не существует или недоступна")
        }
        Code::KnowledgeBaseNotFound => {
            (StatusCode::NOT_FOUND, "It does not exist, or you may not read it", "Статья не существует или недоступна")
        }
        Code::KnowledgeBaseVersionConflict => {
            (StatusCode::CONFLICT, "It has been changed since you read it", "Статья изменилась с тех пор, как вы её прочитали")
        }
        Code::KnowledgeBaseAccessDenied => (StatusCode::FORBIDDEN, "You may not change this", "Недостаточно прав в базе знаний"),
        Code::KnowledgeBaseInvalidRequest => {
            (StatusCode::BAD_REQUEST, "The request does not make sense", "Некорректный запрос к базе знаний")
        }
        Code::KnowledgeBaseTitleRequired => (StatusCode::BAD_REQUEST, "The title is missing", "Не указан заголовок"),
        Code::KnowledgeBaseBodyRequired => (StatusCode::BAD_REQUEST, "The body is missing", "Не указан текст статьи"),
        Code::KnowledgeBaseInvalidParent => (StatusCode::BAD_REQUEST, "It cannot lie under this topic", "Недопустимая родительская тема"),
        Code::AccessDeniedCatalog => {
            (StatusCode::FORBIDDEN, "The catalog does not exist or is not for you", "Справочник не существует или недоступен")
        }
        Code::CanNotModifyDeletedCatalog => (StatusCode::BAD_REQUEST, "The catalog was deleted", "Справочник удалён"),
        Code::CanNotModifyFirstColumn => {
            (StatusCode::BAD_REQUEST, "The first column keeps its name", "Первый столбец нельзя переименовать")
        }
        Code::CatalogColumnNotFound => (StatusCode::BAD_REQUEST, "There is no such column", "Столбец не найден"),
        Code::CatalogDuplicateHeaders => (StatusCode::BAD_REQUEST, "Two columns have the same name", "Названия столбцов повторяются"),
        Code::CatalogDuplicateRows => (StatusCode::BAD_REQUEST, "Two items have the same first value", "Первые значения строк повторяются"),
        Code::CatalogHeadersItemsMismatch => (
            StatusCode::BAD_REQUEST,
            "An item has more or fewer values than there are columns",
            "Число значений не совпадает с числом столбцов",
        ),
        Code::CatalogItemMaxLengthExceeded => {
            (StatusCode::BAD_REQUEST, "A value of the catalog is too long", "Слишком длинное значение в справочнике")
        }
        Code::CatalogNullValue => (StatusCode::BAD_REQUEST, "A value of the catalog is null", "Пустое значение (null) в справочнике"),
        Code::DepartmentCatalogCanNotBeModified => (
            StatusCode::BAD_REQUEST,
            "The catalog of departments follows the organisation's chart",
            "Справочник подразделений изменяется только через структуру организации",
        ),
        Code::EmptyCatalogHeaders => (StatusCode::BAD_REQUEST, "The catalog needs columns with names", "Не указаны столбцы справочника"),
        Code::EmptyItemKey => (StatusCode::BAD_REQUEST, "The first value of an item is empty", "Первое значение строки не заполнено"),
        Code::InvalidCatalogItemFilter => {
            (StatusCode::BAD_REQUEST, "The filter of items is not a column and a value for it", "Некорректный фильтр строк справочника")
        }
        Code::TooManyCatalogItems => (StatusCode::BAD_REQUEST, "The catalog has too many items", "Слишком много строк в справочнике"),
        Code::TooManyDeletedCatalogItems => {
            (StatusCode::BAD_REQUEST, "The catalog has too many deleted items", "Слишком много удалённых строк в справочнике")
        }
        Code::UnsupportedCatalogOperation => {
            (StatusCode::BAD_REQUEST, "This cannot be done with such a catalog", "Операция не поддерживается для этого справочника")
        }
        Code::AccessDeniedForm => (
            StatusCode::FORBIDDEN,
            "The form does not exist, or you may not do this with it",
            "Форма не существует, или это действие с ней недоступно",
        ),
        Code::AccessDeniedFilter => (
            StatusCode::FORBIDDEN,
            "The filter does not exist, or you may not do this with it",
            "Фильтр не существует, или это действие с ним недоступно",
        ),
        Code::DeletedField => (StatusCode::BAD_REQUEST, "The field was deleted", "Поле удалено"),
        Code::DuplicateField => (StatusCode::BAD_REQUEST, "The field is there twice", "Поле указано дважды"),
        Code::DuplicatePosition => (StatusCode::BAD_REQUEST, "Two rows have the same place", "У двух строк одно место"),
        Code::FieldCannotHaveMultipleValues => (StatusCode::BAD_REQUEST, "The field holds one value", "Поле содержит одно значение"),
        Code::FieldEditingIsNotAllowed => (StatusCode::BAD_REQUEST, "The field is not changed any more", "Поле больше нельзя изменить"),
        Code::FieldIdentityMissing => {
            (StatusCode::BAD_REQUEST, "A field is named by its id, its name or its code", "Поле указывается по id, имени или коду")
        }
        Code::FieldIsInTable => (StatusCode::BAD_REQUEST, "A cell is changed through its table", "Ячейка изменяется через таблицу"),
        Code::FormIdMissing => (StatusCode::BAD_REQUEST, "Only a task of a form has this", "Это есть только у задач по форме"),
        Code::FormIsDeleted => (StatusCode::BAD_REQUEST, "The form is closed", "Форма закрыта"),
        Code::InvalidFieldCode => (StatusCode::BAD_REQUEST, "There is no field with this code", "Нет поля с таким кодом"),
        Code::InvalidFieldId => (StatusCode::BAD_REQUEST, "There is no field with this id", "Нет поля с таким id"),
        Code::InvalidFieldIdName => {
            (StatusCode::BAD_REQUEST, "The id and the name are of different fields", "Id и имя принадлежат разным полям")
        }
        Code::InvalidFieldName => (StatusCode::BAD_REQUEST, "There is no field with this name", "Нет поля с таким именем"),
        Code::InvalidPosition => (StatusCode::BAD_REQUEST, "This is no place of a row", "Недопустимое место строки"),
        Code::InvalidStepNumber => (StatusCode::BAD_REQUEST, "There is no such step", "Нет такого этапа"),
        Code::InvalidTableRow => (StatusCode::BAD_REQUEST, "There is no such row", "Нет такой строки"),
        Code::NonUniqueCode => (StatusCode::BAD_REQUEST, "The code is another field's", "Код уже занят другим полем"),
        Code::NonUniqueName => (StatusCode::BAD_REQUEST, "Several fields have this name", "Полей с таким именем несколько"),
        Code::RequiredFieldMissing => (StatusCode::BAD_REQUEST, "A required field is empty", "Не заполнено обязательное поле"),
        Code::RequiredTableFieldMissing => (StatusCode::BAD_REQUEST, "A required cell is empty", "Не заполнена обязательная ячейка"),
        Code::TableRowsLimitExceeded => (StatusCode::BAD_REQUEST, "The table has too many rows", "Слишком много строк в таблице"),
        Code::TaskHasNoForm => (StatusCode::BAD_REQUEST, "The task has no form", "У задачи нет формы"),
        Code::TextFieldValueLimitExceeded => {
            (StatusCode::BAD_REQUEST, "The text is too long for a field", "Текст слишком длинный для поля")
        }
        Code::TooManyDecimalPlaces => (StatusCode::BAD_REQUEST, "Too many decimal places", "Слишком много знаков после запятой"),
        Code::TooManyTaskSteps => (StatusCode::BAD_REQUEST, "Too many steps", "Слишком много этапов"),
        Code::UnableToEditField => (StatusCode::BAD_REQUEST, "This field is not filled in", "Это поле не заполняется"),
        Code::CatalogIdentityMissing => {
            (StatusCode::BAD_REQUEST, "An item is named by its id or its first value", "Не указан элемент справочника")
        }
        Code::CatalogItemIdNameMismatch => (
            StatusCode::BAD_REQUEST,
            "Ids and names are of different items",
            "Идентификатор и имя принадлежат разным элементам справочника",
        ),
        Code::InvalidCatalogId => (StatusCode::BAD_REQUEST, "There is no such catalog", "Справочник не найден"),
        Code::InvalidCatalogItemId => {
            (StatusCode::BAD_REQUEST, "The catalog has no item with this id", "В справочнике нет элемента с таким идентификатором")
        }
        Code::InvalidCatalogItemName => {
            (StatusCode::BAD_REQUEST, "The catalog has no item with this name", "В справочнике нет элемента с таким именем")
        }
        Code::TypeIsNotSupported => {
            (StatusCode::BAD_REQUEST, "This type of field takes no values yet", "Этот тип поля пока не заполняется")
        }
        Code::AccessDeniedFile => (StatusCode::FORBIDDEN, "You may not read this file", "Файл недоступен"),
        Code::EmptyFile => (StatusCode::BAD_REQUEST, "The file is empty", "Файл пуст"),
        Code::FileIsMissing => (StatusCode::NOT_FOUND, "There is no such file", "Файл не найден"),
        Code::MaxFileNameLengthExceeded => (StatusCode::BAD_REQUEST, "The file's name is too long", "Слишком длинное имя файла"),
        Code::TooManyAttachments => (StatusCode::BAD_REQUEST, "Too many files", "Слишком много файлов"),
        Code::UnrecognizedAttachmentId => {
            (StatusCode::BAD_REQUEST, "There is no such file, or it is not yours to attach", "Файл не существует или недоступен")
        }
        Code::ValueIsTooLong => (StatusCode::BAD_REQUEST, "A value is too long", "Слишком длинное значение"),
    };
    of(code.as_str(), status, english, russian)
}

/// Every code that the API can answer with, each once.
pub fn all() -> impl Iterator<Item = Entry> {
    Code::ALL.iter().map(|code| entry(*code)).chain(Own::ALL.iter().map(|code| code.entry()))
}
