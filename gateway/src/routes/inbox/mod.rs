//! `/inbox`: what needs the asker's action, and what they do with it themselves. What is in it is decided by the view, what may be done
//! by `domain/src/inbox/`.

pub mod groups;
pub mod read;
pub mod remind;
pub mod snooze;

use actix_web::{HttpRequest, HttpResponse};
use actors::hosted::task::Part;
use actors::system::Done;
use domain::TaskId;
use domain::inbox::Inbox;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

use super::moment;
use crate::answer::{self, About};
use crate::error::Fault;
use crate::extract::Caller;

/// What the asker has ahead with a task.
#[derive(Serialize, ToSchema)]
pub struct Ahead {
    task_id: i64,
    /// Until when it is out of the asker's inbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    snoozed_until: Option<String>,
    /// When the asker is reminded of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    remind_at: Option<String>,
}

impl Ahead {
    fn of(inbox: &Inbox, task: TaskId) -> Self {
        let at = |moment: &jiff::Timestamp| self::moment(*moment);
        Self { task_id: task.0, snoozed_until: inbox.snoozes.get(&task).map(at), remind_at: inbox.reminders.get(&task).map(at) }
    }
}

/// The asker sees the task.
///
/// # Errors
/// `access_denied_task`.
pub async fn seen(caller: &Caller, task: TaskId) -> Result<(), Fault> {
    caller.node.show_part_of_task(caller, task, Part::Newest).await.map(drop)
}

fn done(request: &HttpRequest, caller: &Caller, task: TaskId, done: &Done<Arc<Inbox>>) -> Result<HttpResponse, Fault> {
    caller.wrote(done.position);
    answer::json(request, &caller.node, &Ahead::of(&done.view, task), About::done(done))
}
