//! Every way in which a request can fail, and what the client is told. The only file that knows HTTP statuses; which
//! rule stood in the way is decided elsewhere.

use std::borrow::Cow;
use std::fmt;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpResponse, ResponseError};
use actors::system::{Reason, Refused, Stale};
use domain::rejection::Rejection;
use domain::{ClaimKind, Code, Position};
use serde::Serialize;

use crate::codes::{Entry, Own, entry};

/// What is asked of a client that meets a busy or half-started server: seconds until it tries again.
const RETRY_SECONDS: u64 = 1;

/// The language of an error's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Russian,
}

impl Language {
    /// The language of a locale such as `ru-RU`, or the first understood one of an `Accept-Language` header.
    pub fn of(locales: &str) -> Option<Self> {
        locales.split(',').find_map(|locale| match locale.trim().get(..2)?.to_ascii_lowercase().as_str() {
            "ru" => Some(Self::Russian),
            "en" => Some(Self::English),
            _ => None,
        })
    }
}

/// A request that failed.
#[derive(Debug)]
pub struct Fault {
    code: Which,
    /// Which field, which limit: put behind the text, never translated.
    detail: Option<Cow<'static, str>>,
    /// The rule in the domain's own words, and the field that it is about; takes the place of the English text.
    rule: Option<Reason>,
    /// The log position that the answer rests on.
    pub position: Option<Position>,
    pub retry_after_seconds: Option<u64>,
    /// In place of the code's own status.
    status: Option<StatusCode>,
    /// The methods that are supported, in a `method_not_allowed`.
    allow: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Domain(Code),
    Own(Own),
    /// No body may be sent: whether the command took effect is not known.
    Silence,
}

/// The dialect's envelope.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Envelope<'a> {
    /// For people, in their language; it may change.
    error: Cow<'a, str>,
    /// For programs; it does not change.
    error_code: &'a str,
}

impl Fault {
    fn of(code: Which) -> Self {
        Self { code, detail: None, rule: None, position: None, retry_after_seconds: None, status: None, allow: None }
    }

    pub fn own(code: Own) -> Self {
        Self::of(Which::Own(code))
    }

    pub fn domain(code: Code) -> Self {
        Self::of(Which::Domain(code))
    }

    /// A value of the wrong type or form in `field`.
    pub fn format(field: impl Into<Cow<'static, str>>) -> Self {
        Self::domain(Code::InvalidValueFormat).with(field)
    }

    /// The command is in the log, but what belongs to it could not be finished: neither success nor "nothing was written" would be
    /// true. The asker repeats the request.
    pub fn unknown_outcome() -> Self {
        Self::of(Which::Silence)
    }

    /// Another method than those (`GET, POST`) that the address knows.
    pub fn method_not_allowed(allow: String) -> Self {
        Self { allow: Some(allow), ..Self::own(Own::MethodNotAllowed) }
    }

    /// A rule of the domain that no actor was asked about.
    pub fn rejected(rejection: &impl Rejection) -> Self {
        Self { rule: Some(Reason::of(rejection)), ..Self::domain(rejection.code()) }
    }

    /// What was asked for was there once: 410.
    #[must_use]
    pub fn gone(mut self) -> Self {
        self.status = Some(StatusCode::GONE);
        self
    }

    /// A file is larger than it may be: 413, where the dialect has a 400 for other bodies.
    pub fn too_large_file() -> Self {
        Self { status: Some(StatusCode::PAYLOAD_TOO_LARGE), ..Self::own(Own::TooLargeRequestLength) }
    }

    /// Names the field or the limit.
    #[must_use]
    pub fn with(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// Nothing was done, and may be asked again in a moment.
    pub fn unavailable(why: impl Into<Cow<'static, str>>) -> Self {
        Self::own(Own::ServiceUnavailable).with(why).retry_after(RETRY_SECONDS)
    }

    /// The code on the wire; nothing where no body is sent.
    pub fn code(&self) -> Option<&'static str> {
        self.entry().map(|entry| entry.code)
    }

    /// It was refused under this code of the domain.
    pub fn is(&self, code: Code) -> bool {
        self.code == Which::Domain(code)
    }

    /// It was refused under this code of ours.
    pub fn is_own(&self, code: Own) -> bool {
        self.code == Which::Own(code)
    }

    /// No body may be sent; the connection is closed.
    pub fn is_silence(&self) -> bool {
        self.code == Which::Silence
    }

    fn entry(&self) -> Option<Entry> {
        match self.code {
            Which::Domain(code) => Some(entry(code)),
            Which::Own(code) => Some(code.entry()),
            Which::Silence => None,
        }
    }

    /// The envelope in `language`.
    pub fn body(&self, language: Language) -> Vec<u8> {
        let Some(entry) = self.entry() else { return Vec::new() };
        let text = match (language, &self.rule) {
            (Language::English, Some(rule)) => Cow::Owned(rule.to_string()),
            (Language::English, None) => Cow::Borrowed(entry.english),
            (Language::Russian, rule) => match rule.as_ref().and_then(Reason::place) {
                Some(place) => Cow::Owned(format!("{place}: {}", entry.russian)),
                None => Cow::Borrowed(entry.russian),
            },
        };
        let error = match &self.detail {
            Some(detail) => Cow::Owned(format!("{text}: {detail}")),
            None => text,
        };
        serde_json::to_vec(&Envelope { error, error_code: entry.code }).unwrap_or_default()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code(), &self.detail) {
            (Some(code), Some(detail)) => write!(f, "{code}: {detail}"),
            (Some(code), None) => f.write_str(code),
            (None, _) => f.write_str("the outcome is not known"),
        }
    }
}

impl std::error::Error for Fault {}

impl ResponseError for Fault {
    fn status_code(&self) -> StatusCode {
        if let Some(status) = self.status {
            return status;
        }
        // Never seen for silence: the connection is closed before the head is written.
        self.entry().map_or(StatusCode::INTERNAL_SERVER_ERROR, |entry| entry.status)
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut builder = HttpResponse::build(self.status_code());
        if self.is_silence() {
            // A body that fails before anything was written makes actix close the connection with nothing sent.
            let broken = futures_util::stream::once(async { Err::<bytes::Bytes, _>(std::io::Error::other("the outcome is not known")) });
            return builder.force_close().streaming(broken);
        }
        if let Some(seconds) = self.retry_after_seconds {
            builder.insert_header((header::RETRY_AFTER, seconds));
        }
        if let Some(allow) = &self.allow {
            builder.insert_header((header::ALLOW, allow.as_str()));
        }
        builder.content_type(crate::routes::JSON).body(self.body(Language::English))
    }
}

impl From<Refused> for Fault {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Rejected { code, reason, position } => {
                let mut fault = Self::domain(code);
                // A refused beginning rests on no stream: the answer then names the head, as others do.
                (fault.rule, fault.position) = (Some(reason), Some(position).filter(|position| *position > 0));
                fault
            }
            Refused::KeyReused => Self::own(Own::IdempotencyKeyReused),
            Refused::Taken(ClaimKind::Email) => Self::domain(Code::PersonEmailAlreadyInUse),
            Refused::Taken(ClaimKind::LoginPhone) => Self::domain(Code::PhoneAlreadyInUse),
            Refused::Taken(
                ClaimKind::ExternalId
                | ClaimKind::OrganisationName
                | ClaimKind::AccountPerson
                | ClaimKind::AdministrationLeft
                | ClaimKind::DepartmentTree
                | ClaimKind::ListTree
                | ClaimKind::ArticleTurn,
            ) => Self::domain(Code::Conflict),
            Refused::Busy(what) => Self::unavailable(what),
            Refused::Unavailable(why) => {
                tracing::warn!(%why, "a command could not be carried out");
                Self::unavailable("the log cannot be written just now")
            }
            Refused::Unknown => Self::unknown_outcome(),
            Refused::Bug => Self::own(Own::ServerError),
        }
    }
}

impl From<Stale> for Fault {
    fn from(stale: Stale) -> Self {
        tracing::warn!(behind_ms = stale.behind_ms, "the directory is too old to answer from");
        Self::unavailable("the directory is behind")
    }
}

/// The database's own words go to the log and never to a client.
impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        tracing::warn!(error = &error as &dyn std::error::Error, "the database did not answer");
        Self::unavailable("the database does not answer just now")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(fault: &Fault, language: Language) -> serde_json::Value {
        serde_json::from_slice(&fault.body(language)).unwrap()
    }

    #[test]
    fn the_envelope_has_a_text_in_the_readers_language_and_a_code_for_programs() {
        let fault = Fault::format("due_date");
        let english = parsed(&fault, Language::English);
        assert_eq!(english["error_code"], "invalid_value_format");
        assert!(english["error"].as_str().unwrap().ends_with(": due_date"));
        let russian = parsed(&fault, Language::Russian);
        assert_eq!(russian["error_code"], "invalid_value_format");
        assert_ne!(russian["error"], english["error"]);
        assert_eq!(fault.status_code(), StatusCode::BAD_REQUEST);
    }

    #[test]
    fn a_field_is_named_in_every_language() {
        let misfit = domain::form::rejection::Misfit { field: "Сумма".into(), rule: domain::form::rejection::Misfilled::Frozen };
        let rejection = domain::task::Rejection::from(misfit);
        let fault = Fault::from(Refused::Rejected { code: Code::InvalidInput, reason: Reason::of(&rejection), position: 3 });
        let (english, russian) = (parsed(&fault, Language::English), parsed(&fault, Language::Russian));
        assert_eq!(english["error"], rejection.to_string());
        let entry = entry(Code::InvalidInput);
        assert_eq!(russian["error"], format!("Сумма: {}", entry.russian));
    }

    #[test]
    fn a_refusal_that_may_be_tried_again_says_when() {
        for refused in [Refused::Busy("mailbox".into()), Refused::Unavailable("connection refused at 10.0.0.7".into())] {
            let fault = Fault::from(refused);
            assert_eq!(fault.status_code(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(fault.error_response().headers().get(header::RETRY_AFTER).unwrap(), "1");
            assert!(!String::from_utf8(fault.body(Language::English)).unwrap().contains("10.0.0.7"));
        }
    }

    #[test]
    fn an_unknown_outcome_has_no_body() {
        let fault = Fault::from(Refused::Unknown);
        assert!(fault.is_silence());
        assert!(fault.body(Language::English).is_empty());
    }

    #[actix_web::test]
    async fn an_unknown_outcome_closes_the_connection_without_a_byte() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};

        async fn unknown() -> Result<HttpResponse, Fault> {
            Err(Refused::Unknown.into())
        }
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let routes = || actix_web::App::new().route("/", actix_web::web::post().to(unknown));
        let server = actix_web::HttpServer::new(routes).workers(1).disable_signals().listen(listener).unwrap().run();
        let handle = server.handle();
        tokio::spawn(server);
        let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
        connection.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}").await.unwrap();
        let mut received = Vec::new();
        // The end may come as a reset, since nobody read the body; what counts is that nothing came before it.
        let _ = tokio::time::timeout(std::time::Duration::from_secs(10), connection.read_to_end(&mut received)).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&received), "");
        handle.stop(false).await;
    }

    #[test]
    fn a_language_is_the_first_that_is_understood() {
        assert_eq!(Language::of("ru-RU"), Some(Language::Russian));
        assert_eq!(Language::of("de-DE, ru;q=0.8, en;q=0.5"), Some(Language::Russian));
        assert_eq!(Language::of("fr"), None);
        assert_eq!(Language::of("*"), None);
        assert_eq!(Language::of(""), None);
    }
}
