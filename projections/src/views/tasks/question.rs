//! A question about tasks that is asked again and again: by a subscription, by a saved filter, by who follows one. Which tasks meet it,
//! all of them or among some. How it is written and read is the gateway's matter.

use std::collections::HashSet;

use domain::{FormId, ListId, OrganisationId, PersonId, TaskId};
use jiff::Timestamp;
use sqlx::PgPool;

use super::Access;
use super::members::{self, Span};
use super::register::{self, Asked};
use crate::failure::Failure;
use crate::generation::Generation;
use crate::start::View;
use crate::views::inbox;

/// What is asked, by whoever asks it.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    Register(FormId, Box<Asked>, Access),
    List {
        list: ListId,
        include_closed: bool,
    },
    /// Open tasks that somebody is responsible for, or that wait for their word.
    Person {
        person: PersonId,
        asked: bool,
        access: Access,
    },
    Inbox(Vec<PersonId>),
}

impl Question {
    pub fn view(&self) -> View {
        match self {
            Self::Register(..) | Self::List { .. } | Self::Person { .. } => View::Tasks,
            Self::Inbox(_) => View::Inbox,
        }
    }

    /// The tasks that meet it, of those in `span`: the newest come first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn met(
        &self,
        pool: &PgPool,
        generation: &Generation,
        organisation: OrganisationId,
        now: Timestamp,
        span: Span<'_>,
    ) -> Result<Vec<TaskId>, Failure> {
        match self {
            Self::Register(form, asked, access) => {
                let limit = u32::try_from(span.limit).unwrap_or(u32::MAX);
                let mut asked = Asked { limit, after: span.after, rising: false, ..Asked::clone(asked) };
                if let Some(among) = span.among {
                    let wanted: HashSet<TaskId> = asked.tasks.iter().copied().collect();
                    asked.tasks = among.iter().copied().filter(|task| wanted.is_empty() || wanted.contains(task)).collect();
                    if asked.tasks.is_empty() {
                        return Ok(Vec::new());
                    }
                }
                Ok(register::found(pool, generation, (organisation, *form), access, &asked).await?.tasks)
            }
            Self::List { list, include_closed } => members::in_list(pool, generation, (organisation, *list), *include_closed, span).await,
            Self::Person { person, asked, access } => {
                members::of_person(pool, generation, (organisation, *person), *asked, access, span).await
            }
            Self::Inbox(principals) => inbox::counts::among(pool, generation, (organisation, principals), span, now).await,
        }
    }
}
