//! Tasks that a task's fields link to: looked up together, for an answer that names them and for a request that copies from them.
//! Nothing is told of those that the asker may not see.

use std::collections::{BTreeMap, BTreeSet};

use domain::TaskId;
use domain::task::Answer;
use domain::task::form::Linked;
use projections::View;
use projections::views::tasks::{Access, linked};

use crate::error::Fault;
use crate::extract::Caller;
use crate::routes::lists::read::issued;
use crate::view;

/// The answers, with what the tasks are called that they link to.
///
/// # Errors
/// 503 when the view is behind.
pub async fn named(caller: &Caller, answers: Vec<Answer>) -> Result<Vec<Answer>, Fault> {
    let links: BTreeSet<TaskId> = answers.iter().flat_map(|answer| answer.links.iter().copied()).collect();
    if links.is_empty() {
        return Ok(answers);
    }
    let subjects = subjects(caller, links).await?;
    Ok(answers.into_iter().map(|answer| answer.with_subjects(&subjects)).collect())
}

/// One answer, likewise.
///
/// # Errors
/// 503 when the view is behind.
pub async fn named_in(caller: &Caller, answer: Answer) -> Result<Answer, Fault> {
    if answer.links.is_empty() {
        return Ok(answer);
    }
    let subjects = subjects(caller, answer.links.iter().copied().collect()).await?;
    Ok(answer.with_subjects(&subjects))
}

/// The answer to a command that is in the log by now: where the names cannot be looked up it goes without them.
pub async fn named_after(caller: &Caller, answer: Answer) -> Answer {
    match named_in(caller, answer.clone()).await {
        Ok(named) => named,
        Err(_) => answer,
    }
}

/// What tasks are called.
///
/// # Errors
/// 503 when the view is behind.
pub async fn subjects(caller: &Caller, links: BTreeSet<TaskId>) -> Result<BTreeMap<TaskId, String>, Fault> {
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let ready = view::read(caller, View::Tasks).await?;
    let (access, links) = (Access::of(&issued(caller, &organisation)), links.into_iter().collect::<Vec<_>>());
    view::answered(linked::subjects(&caller.node.pool, &ready.generation, organisation.id, &access, &links).await)
}

/// What is filled in in the tasks that a request links to, also by others a moment ago: it is copied for good.
///
/// # Errors
/// 503 when the view is behind.
pub async fn fillings(caller: &Caller, links: &[TaskId]) -> Result<Vec<Linked>, Fault> {
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let ready = view::current(caller, View::Tasks).await?;
    let access = Access::of(&issued(caller, &organisation));
    view::answered(linked::fillings(&caller.node.pool, &ready.generation, organisation.id, &access, links).await)
}
