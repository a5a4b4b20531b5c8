//! `POST /tasks//comments`, which is `/tasks/comments` once the path is cleaned: comments on several tasks, all of them or none.

use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use domain::task::command::Comment;
use domain::task::form::Linked;
use domain::task::{Answer, Command};

use super::{files, items, links, newest_of, see_all};
use crate::answer::{self, About};
use crate::dialect::{self, BulkComment, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::routes::schema;

/// Changes several tasks in all the ways that their comments name, or none of them: one refusal refuses all, and names its task.
/// Answers with the tasks as they are now. Clients write the address with a doubled slash, `/tasks//comments`.
#[utoipa::path(
    post, path = "/v4/tasks/comments", tag = "tasks", params(schema::Write), request_body = schema::CreateComments,
    responses(
        (status = 200, body = schema::Tasks),
        (status = 400, body = Envelope, description = "`less_than_two_or_not_unique_tasks`, `limit_exceeded`, and what is wrong with one of the comments"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_task` of any of them"),
        (status = 409, body = Envelope, description = "`conflict`: a task has another newest comment than `previous_note_id`"),
        (status = 422, body = Envelope, description = "`idempotency_key_reused`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn comment(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let BulkComment { brief, mut comments, links } = dialect::bulk_comment(&Object::new(&members), &body.0, &caller.organisation)?;
    see_all(&caller, links.clone()).await?;
    let linked = links::fillings(&caller, &links).await?;
    items::of_tasks(&caller, comments.iter_mut().map(|(task, comment)| (*task, comment))).await?;
    files::of_tasks(&caller, &command, comments.iter_mut().map(|(task, comment)| (*task, comment))).await?;
    let tasks = comments.iter().map(|(task, _)| *task).collect();
    let commands: Vec<_> = comments.into_iter().map(|(task, comment)| (task, with_linked(comment, &linked))).collect();
    let together = caller.node.change_tasks(&command, &commands).await?;
    caller.wrote(together.position);
    let position = if together.position > 0 { together.position } else { caller.node.head().position };
    let about = About { position, replayed: together.replayed };
    // It is in the log: where it cannot be shown, nobody may be told that it is not.
    let shown = if brief { Vec::new() } else { newest_of(&caller, tasks).await.map_err(|_| Fault::unknown_outcome())? };
    let shown = links::named(&caller, shown).await.map_err(|_| Fault::unknown_outcome())?;
    Ok(answer::chunks(&request, &caller.node, joined(shown), about))
}

/// With those of the tasks that it links to.
fn with_linked(comment: Comment, linked: &[Linked]) -> Command {
    let links = comment.fields.as_ref().map(dialect::linked_tasks).and_then(Result::ok).unwrap_or_default();
    let linked = linked.iter().filter(|linked| links.contains(&linked.task)).cloned().collect();
    Command::Comment(Box::new(Comment { linked, ..comment }))
}

fn joined(tasks: Vec<Answer>) -> Answer {
    let mut chunks = vec![Bytes::from_static(if tasks.is_empty() { b"{" } else { b"{\"tasks\":[" })];
    let count = tasks.len();
    for (index, task) in (1..).zip(tasks) {
        chunks.extend(task.unwrapped());
        chunks.push(Bytes::from_static(if index < count { b"," } else { b"]" }));
    }
    chunks.push(Bytes::from_static(b"}"));
    Answer { chunks, ..Answer::default() }
}
