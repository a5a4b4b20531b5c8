//! What the gateway counts, by functions named for what happened. Labels are bounded: never an id, never a path.

use std::sync::OnceLock;
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use metrics::Histogram;

/// A kind of request, for metrics and the access log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(usize)]
pub enum Endpoint {
    /// No route was found.
    #[default]
    Nothing,
    /// Health, metrics, the API's description.
    Operations,
    Auth,
    Profile,
    Contacts,
    Members,
    Roles,
    Tasks,
    Task,
    Comments,
    Inbox,
    Bots,
    Departments,
    History,
    Announcements,
    /// Browsers' sessions, accounts and what gets somebody in.
    Sessions,
    Lists,
    Calendar,
    KnowledgeBase,
    Awards,
    Catalogs,
    /// What somebody signs in with.
    Account,
    Forms,
    /// Streams of what happens.
    Live,
    /// Notifications, their settings, what is followed.
    Notifications,
    Search,
    /// Saved filters, and what they find.
    Filters,
    /// The browser's app.
    App,
    /// What there is of nodes and views.
    Nodes,
    Organization,
    Files,
}

impl Endpoint {
    const ALL: [Self; 31] = [
        Self::Nothing,
        Self::Operations,
        Self::Auth,
        Self::Profile,
        Self::Contacts,
        Self::Members,
        Self::Roles,
        Self::Tasks,
        Self::Task,
        Self::Comments,
        Self::Inbox,
        Self::Bots,
        Self::Departments,
        Self::History,
        Self::Announcements,
        Self::Sessions,
        Self::Lists,
        Self::Calendar,
        Self::KnowledgeBase,
        Self::Awards,
        Self::Catalogs,
        Self::Account,
        Self::Forms,
        Self::Live,
        Self::Notifications,
        Self::Search,
        Self::Filters,
        Self::App,
        Self::Nodes,
        Self::Organization,
        Self::Files,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Operations => "operations",
            Self::Auth => "auth",
            Self::Profile => "profile",
            Self::Contacts => "contacts",
            Self::Members => "members",
            Self::Roles => "roles",
            Self::Tasks => "tasks",
            Self::Task => "task",
            Self::Comments => "comments",
            Self::Inbox => "inbox",
            Self::Bots => "bots",
            Self::Departments => "departments",
            Self::History => "history",
            Self::Announcements => "announcements",
            Self::Sessions => "sessions",
            Self::Lists => "lists",
            Self::Calendar => "calendar",
            Self::KnowledgeBase => "knowledge_base",
            Self::Awards => "awards",
            Self::Catalogs => "catalogs",
            Self::Account => "account",
            Self::Forms => "forms",
            Self::Live => "live",
            Self::Notifications => "notifications",
            Self::Search => "search",
            Self::Filters => "filters",
            Self::App => "app",
            Self::Nodes => "nodes",
            Self::Organization => "organization",
            Self::Files => "files",
        }
    }

    /// Whether its answers carry a position and the rate limits.
    pub const fn is_of_the_api(self) -> bool {
        !matches!(self, Self::Operations | Self::App)
    }
}

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "other"];
const CLASSES: [&str; 6] = ["1xx", "2xx", "3xx", "4xx", "5xx", "other"];
const SERIES: usize = Endpoint::ALL.len() * METHODS.len() * CLASSES.len();

/// One request was answered. The series are looked up once: a lookup by labels costs more than the rest of it.
pub fn request(endpoint: Endpoint, method: &Method, status: StatusCode, elapsed: Duration) {
    static HISTOGRAMS: [OnceLock<Histogram>; SERIES] = [const { OnceLock::new() }; SERIES];
    let method = METHODS.iter().position(|name| *name == method.as_str()).unwrap_or(METHODS.len() - 1);
    let class = usize::from(status.as_u16() / 100).saturating_sub(1).min(CLASSES.len() - 1);
    let index = (endpoint as usize * METHODS.len() + method) * CLASSES.len() + class;
    if let (Some(slot), Some(method), Some(class)) = (HISTOGRAMS.get(index), METHODS.get(method), CLASSES.get(class)) {
        let histogram = slot.get_or_init(|| {
            metrics::histogram!("nashi_http_request_duration_seconds",
                "route" => endpoint.name(), "method" => *method, "status" => *class)
        });
        histogram.record(elapsed);
    }
}

/// Notes that the access log had no room for, or could not be written.
pub fn access_log_lost(notes: usize) {
    metrics::counter!("nashi_access_log_lost_total").increment(notes as u64);
}

/// A sign-in was refused.
pub fn sign_in_refused(code: &'static str) {
    metrics::counter!("nashi_sign_in_refused_total", "code" => code).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_listed_in_the_order_of_their_numbers() {
        for (number, endpoint) in Endpoint::ALL.into_iter().enumerate() {
            assert_eq!(endpoint as usize, number);
        }
    }
}
