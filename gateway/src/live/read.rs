//! A page of the log as streams are told of it: what happened, and how the tasks look since, by a fixed number of queries whatever
//! its size. Who is told is the hub's matter.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use domain::codec::EventSet;
use domain::{FilterId, Kind, OrganisationId, PersonId, Position, Recorded, TaskId, account, inbox};
use projections::View;
use projections::views::tasks::touched::touched;

use super::hub::{Announced, Ended, Page};
use super::moments::moments;
use crate::node::Node;

/// What streams tell of.
pub const KINDS: [Kind; 5] = [Kind::Task, Kind::Announcement, Kind::Account, Kind::Inbox, Kind::Filter];
/// Those that belong to an organisation.
pub const OF_ORGANISATIONS: [Kind; 2] = [Kind::Task, Kind::Announcement];
/// How long a view is waited for.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// What the events say to those of `organisations`, once directory and views show it.
///
/// # Errors
/// When a view, the directory or the database is not there in time: nothing was told then.
pub async fn page(node: &Node, events: &[Recorded], upto: Position, organisations: HashSet<OrganisationId>) -> anyhow::Result<Page> {
    let of = |kind: Kind| events.iter().filter(move |event| event.header.stream.kind == kind);
    let tasks: Vec<Recorded> = of(Kind::Task).filter(|event| organisations.contains(&event.header.organisation)).cloned().collect();
    let own: Vec<&Recorded> = of(Kind::Inbox).filter(|event| organisations.contains(&event.header.organisation)).collect();
    let mut page = Page { upto, moments: moments(&tasks), organisations, ..Page::default() };
    page.acted = tasks.iter().map(|event| (event.header.organisation, event.header.person)).collect();
    page.acted.extend(own.iter().map(|event| (event.header.organisation, PersonId(event.header.stream.id))));
    // What somebody put off, has back or is reminded of is in their own inbox alone.
    let moved = own.iter().filter_map(|event| Some((event.header.organisation, moved(event)?)));
    page.tasks = tasks.iter().map(|event| (event.header.organisation, TaskId(event.header.stream.id))).chain(moved).collect();
    // A request that began on the page before is told of by its first fact.
    let told_of = of(Kind::Announcement).filter(|event| page.organisations.contains(&event.header.organisation));
    page.first = tasks.iter().chain(own).chain(told_of).map(|event| event.header.position - Position::from(event.header.index)).min();
    let touching: BTreeSet<(OrganisationId, TaskId)> = page.moments.iter().map(|moment| (moment.organisation, moment.task)).collect();
    if !touching.is_empty() {
        let generation = node.projections.caught_up(View::Tasks, upto, WAIT_MAX).await?;
        page.touched = touched(&node.pool, &generation, &touching.into_iter().collect::<Vec<_>>()).await?;
    }
    page.filters = of(Kind::Filter).map(|event| (event.header.organisation, FilterId(event.header.stream.id))).collect();
    page.announcements = of(Kind::Announcement).map(announced).collect();
    page.ended = of(Kind::Account).filter_map(ended).collect();
    Ok(page)
}

fn announced(event: &Recorded) -> Announced {
    let header = &event.header;
    Announced {
        organisation: header.organisation,
        id: header.stream.id,
        position: header.position,
        by: header.person,
        events: vec![event.event_type.clone()],
    }
}

/// The task that somebody put off, has back or is reminded of.
fn moved(event: &Recorded) -> Option<TaskId> {
    match inbox::Event::decode(&event.event_type, event.schema, &event.payload).ok()? {
        inbox::Event::Snoozed { task, until: _ }
        | inbox::Event::Unsnoozed { task, by_time: _ }
        | inbox::Event::Reminded { task, at: _ } => Some(task),
        inbox::Event::Followed(_)
        | inbox::Event::Unfollowed(_)
        | inbox::Event::ReminderSet { .. }
        | inbox::Event::ReminderCancelled { .. }
        | inbox::Event::Read { .. }
        | inbox::Event::Unread { .. }
        | inbox::Event::Found(_)
        | inbox::Event::SettingsSet(_) => None,
    }
}

fn ended(event: &Recorded) -> Option<Ended> {
    match account::Event::decode(&event.event_type, event.schema, &event.payload).ok()? {
        account::Event::SessionEnded { session, why: _ } => Some(Ended::One(session)),
        account::Event::SessionsEnded { kept, why: _ } => Some(Ended::AllOf(event.header.stream.id, kept)),
        account::Event::Created { .. }
        | account::Event::Linked(_)
        | account::Event::SessionStarted { .. }
        | account::Event::PasswordChanged
        | account::Event::PasswordResetRequested
        | account::Event::PasswordReset
        | account::Event::SecondFactorAdded { .. }
        | account::Event::SecondFactorRemoved { .. }
        | account::Event::RecoveryCodesMade { .. }
        | account::Event::RecoveryCodeUsed
        | account::Event::PasskeyAdded { .. }
        | account::Event::PasskeyRenamed { .. }
        | account::Event::PasskeyRemoved { .. }
        | account::Event::QrSignInAnswered { .. } => None,
    }
}
