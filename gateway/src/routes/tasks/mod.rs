//! Tasks: create, read, print, comment, delete, put away. What may be done with them is decided in `domain`.

pub mod access;
pub mod bulk;
pub mod comment;
pub mod create;
pub mod delete;
mod files;
mod items;
pub mod links;
pub mod print;
pub mod put_away;
pub mod read;
pub mod related;

use actors::hosted::task::Part;
use domain::Code;
use domain::TaskId;
use domain::json::Json;
use domain::task::Answer;
use domain::task::form::Linked;
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::dialect::{self, Object};
use crate::error::Fault;
use crate::extract::{Body, Caller};

/// Tasks that are read at the same time for one request.
const READ_AT_ONCE: usize = 16;

/// The id in a path. One that no task has, also because clients keep ids in 32 bits, is refused where it is looked up.
///
/// # Errors
/// `invalid_value_format` for what is not written as a whole number.
pub fn task_id(text: &str) -> Result<TaskId, Fault> {
    let id = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    id.map(TaskId).ok_or_else(|| Fault::format("task id"))
}

/// What a request writes into fields, and what is filled in in the tasks that it links to, which the asker sees.
///
/// # Errors
/// As [`dialect::fields`]; `access_denied_task` of a task that is linked to.
pub async fn fields(caller: &Caller, body: &Body, members: &Object<'_>) -> Result<(Option<Json>, Vec<Linked>), Fault> {
    if members.given("fields").is_none() && members.given("field_updates").is_none() {
        return Ok((None, Vec::new()));
    }
    let Some(fields) = dialect::fields(&body.0)? else { return Ok((None, Vec::new())) };
    let links = dialect::linked_tasks(&fields)?;
    see_all(caller, links.clone()).await?;
    let linked = links::fillings(caller, &links).await?;
    Ok((Some(fields), linked))
}

/// Refuses tasks of which the asker may not see one.
///
/// # Errors
/// `access_denied_task`
pub(super) async fn see_all(caller: &Caller, tasks: Vec<TaskId>) -> Result<(), Fault> {
    let seen = stream::iter(tasks).map(|task| caller.node.show_part_of_task(caller, task, Part::Newest));
    seen.buffered(READ_AT_ONCE).try_for_each(|_| std::future::ready(Ok(()))).await
}

/// Each of `tasks` with its newest comment, without those that the asker may not see any more.
///
/// # Errors
/// As infrastructure refuses.
pub(super) async fn newest_of(caller: &Caller, tasks: Vec<TaskId>) -> Result<Vec<Answer>, Fault> {
    let shown = stream::iter(tasks).map(|task| async move {
        match caller.node.show_part_of_task(caller, task, Part::Newest).await {
            Ok((answer, _)) => Ok(Some(answer)),
            Err(fault) if fault.is(Code::AccessDeniedTask) => Ok(None),
            Err(fault) => Err(fault),
        }
    });
    shown.buffered(READ_AT_ONCE).try_filter_map(|shown| std::future::ready(Ok(shown))).try_collect().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_id_is_a_whole_number() {
        assert_eq!(task_id("2147483648").unwrap(), TaskId(2_147_483_648));
        assert_eq!(task_id("0").unwrap(), TaskId(0));
        for wrong in ["-1", "+1", "1.0", "x", "", "99999999999999999999", "%31", " 1"] {
            assert_eq!(task_id(wrong).unwrap_err().code(), Some("invalid_value_format"), "{wrong}");
        }
    }
}
