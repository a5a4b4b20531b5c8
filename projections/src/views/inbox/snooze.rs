//! What people have put off. The last fact about a task says until when; that it is over by time is seen by the clock as well, so that
//! nothing stays hidden because a timer is late.

use std::collections::BTreeMap;

use domain::inbox::Event;
use domain::{OrganisationId, Recorded, TaskId};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

use super::Fact;
use crate::failure::Refused;

pub(super) async fn take_in(facts: &[(&Recorded, Fact)], tx: &mut PgConnection) -> Result<(), Refused> {
    let mut last: BTreeMap<(i64, TaskId, OrganisationId), Option<Timestamp>> = BTreeMap::new();
    for (event, fact) in facts {
        let Fact::Own(fact) = fact else { continue };
        let (task, until) = match fact {
            Event::Snoozed { task, until } => (*task, Some(*until)),
            Event::Unsnoozed { task, by_time: _ } => (*task, None),
            Event::Followed(_)
            | Event::Unfollowed(_)
            | Event::ReminderSet { .. }
            | Event::ReminderCancelled { .. }
            | Event::Reminded { .. }
            | Event::Read { .. }
            | Event::Unread { .. }
            | Event::Found(_)
            | Event::SettingsSet(_) => continue,
        };
        last.insert((event.header.stream.id, task, event.header.organisation), until);
    }
    if last.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "DELETE FROM inbox_snooze z USING unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS s (person, task, organisation)
         WHERE z.person = s.person AND z.task = s.task AND z.organisation = s.organisation",
    )
    .bind(last.keys().map(|(person, _, _)| *person).collect::<Vec<_>>())
    .bind(last.keys().map(|(_, task, _)| task.0).collect::<Vec<_>>())
    .bind(last.keys().map(|(_, _, organisation)| organisation.0).collect::<Vec<_>>())
    .execute(&mut *tx)
    .await?;
    let hidden: Vec<_> = last.iter().filter_map(|(key, until)| Some((key, (*until)?))).collect();
    sqlx::query(
        "INSERT INTO inbox_snooze (person, task, organisation, until)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[])",
    )
    .bind(hidden.iter().map(|((person, _, _), _)| *person).collect::<Vec<_>>())
    .bind(hidden.iter().map(|((_, task, _), _)| task.0).collect::<Vec<_>>())
    .bind(hidden.iter().map(|((_, _, organisation), _)| organisation.0).collect::<Vec<_>>())
    .bind(hidden.iter().map(|(_, until)| until.to_sqlx()).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}
