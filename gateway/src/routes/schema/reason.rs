//! The reasons for which people are told of something (`domain/src/inbox/reason.rs`) and the ways on which they are, described.

use utoipa::ToSchema;

/// Why somebody is told of something; the strongest first.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum NotificationReason {
    Mentioned,
    Approval,
    Assigned,
    Acknowledgement,
    Reminder,
    Overdue,
    Due,
    Returned,
    Comment,
    Added,
    Finished,
    Followed,
    Announcement,
}

/// By channel the reasons for which nothing comes.
#[derive(ToSchema)]
pub struct SilentReasons {
    web: Option<Vec<NotificationReason>>,
    mail: Option<Vec<NotificationReason>>,
    push: Option<Vec<NotificationReason>>,
}

#[cfg(test)]
mod tests {
    use domain::inbox::Reason;
    use utoipa::PartialSchema;

    use super::NotificationReason;

    #[test]
    fn every_reason_is_described() {
        let described = serde_json::to_value(NotificationReason::schema()).unwrap();
        let words: Vec<&str> = Reason::ALL.into_iter().map(Reason::as_str).collect();
        assert_eq!(described["enum"], serde_json::json!(words));
    }
}
