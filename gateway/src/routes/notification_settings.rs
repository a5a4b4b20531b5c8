//! `/notification_settings`: on which ways the asker is told of what. Ours, beside the dialect.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse};
use domain::inbox::{Channel, Settings, Silent, What};
use serde::Serialize;
use utoipa::ToSchema;

use super::schema;
use crate::answer::{self, About};
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};

#[derive(Serialize, ToSchema)]
pub struct NotificationSettings {
    /// The reasons for which nothing comes. What has several reasons comes as long as one of them does.
    #[schema(value_type = schema::SilentReasons)]
    silent: BTreeMap<&'static str, Vec<&'static str>>,
    /// In place of `silent`, for the tasks of these forms.
    forms: Vec<FormSettings>,
    /// When mail and push wait, by the clock of the asker's zone; over midnight where `until` is the earlier one.
    #[serde(skip_serializing_if = "Option::is_none")]
    quiet_hours: Option<QuietHours>,
}

#[derive(Serialize, ToSchema)]
pub struct FormSettings {
    form_id: i64,
    #[schema(value_type = schema::SilentReasons)]
    silent: BTreeMap<&'static str, Vec<&'static str>>,
}

/// Times of the day, `hh:mm`.
#[derive(Serialize, ToSchema)]
pub struct QuietHours {
    from: String,
    until: String,
}

/// The asker's settings. Programs have them too, and are told nothing.
#[utoipa::path(
    get, path = "/v4/notification_settings", tag = "inbox", params(schema::Read),
    responses(
        (status = 200, body = NotificationSettings), (status = 401, body = Envelope), (status = 429, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let (inbox, position) = caller.node.show_inbox(&caller).await?;
    answer::json(&request, &caller.node, &NotificationSettings::of(&inbox.settings), About::read(position))
}

/// Sets all of the asker's settings: what is absent is as if it had never been set.
#[utoipa::path(
    put, path = "/v4/notification_settings", tag = "inbox", params(schema::Write), request_body = schema::SetNotificationSettings,
    responses(
        (status = 200, body = NotificationSettings),
        (status = 400, body = Envelope, description = "`invalid_value_format`, `invalid_input`: quiet hours of no length, `limit_exceeded`: more than 100 forms"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_form`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn set(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let settings = dialect::notification_settings(&Object::new(&members))?;
    let done = caller.node.change_inbox(command, What::SetSettings(Box::new(settings))).await?;
    caller.wrote(done.position);
    answer::json(&request, &caller.node, &NotificationSettings::of(&done.view.settings), About::done(&done))
}

impl NotificationSettings {
    fn of(settings: &Settings) -> Self {
        let time = dialect::time_of_day;
        Self {
            silent: silent(settings.silent),
            forms: settings.forms.iter().map(|(form, of)| FormSettings { form_id: form.0, silent: silent(*of) }).collect(),
            quiet_hours: settings.quiet.map(|quiet| QuietHours { from: time(quiet.from), until: time(quiet.until) }),
        }
    }
}

fn silent(silent: Silent) -> BTreeMap<&'static str, Vec<&'static str>> {
    let words = |channel| silent.on(channel).iter().map(domain::inbox::Reason::as_str).collect();
    Channel::ALL.into_iter().map(|channel| (channel.as_str(), words(channel))).collect()
}
