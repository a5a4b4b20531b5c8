//! Timers on a real Postgres: facts in, what stands out.

use domain::codec::EventSet;
use domain::inbox;
use domain::organisation::{self, Settings};
use domain::task::Event;
use domain::task::command::{Due, Schedule};
use domain::task::event::{Created, Scheduled};
use domain::task::form::Fact;
use domain::task::timer::Timer;
use domain::testing::{ANNA, BORIS, HOME, moment};
use domain::{Kind, PersonId, Position, StreamId, TaskId, workflow};
use jiff::Timestamp;
use jiff::civil::date;

use super::{Standing, Timers, What, next, page};
use crate::follower::Follower;
use crate::generation::{Generation, IDLE_MAX};
use crate::rebuild;
use crate::testing::{Log, created, eager, empty, said};

const EARLIEST: &str = "2026-01-01T00:00:00Z";
const LATEST: &str = "2030-01-01T00:00:00Z";

async fn told(log: &Log, task: i64, events: impl IntoIterator<Item = Event>) -> Position {
    let events: Vec<_> = events.into_iter().map(|event| event.encode()).collect();
    log.append(TaskId(task), ANNA, &events).await
}

/// What `person` wants of their own inbox.
async fn wanted(log: &Log, person: PersonId, events: impl IntoIterator<Item = inbox::Event>) -> Position {
    let events: Vec<_> = events.into_iter().map(|event| event.encode()).collect();
    log.append(StreamId::new(Kind::Inbox, person.0), person, &events).await
}

async fn zone(log: &Log, zone: &str) -> Position {
    let settings = Settings { name: "Acorn".into(), time_zone: zone.into(), locale: "en-US".into() };
    log.append(HOME, PersonId::SYSTEM, &[organisation::Event::Changed(Box::new(settings)).encode()]).await
}

fn on(day: i8) -> Event {
    Event::DueSet { due: Due::Date(date(2026, 7, day)) }
}

fn away(until: &str) -> Event {
    Event::Scheduled(Scheduled { schedule: Schedule::Moment(moment(until)), until: moment(until) })
}

fn entered(due: &str) -> Event {
    Event::Form(Box::new(Fact::Route(workflow::Fact::Entered { step: 1, approvers: vec![], due: Some(moment(due)) })))
}

/// Tasks 1 to 4: with a day, closed, come back and late at a step, and one without any time.
async fn history(log: &Log) -> Position {
    log.organisation(HOME, "Acorn").await;
    log.append(TaskId(1), ANNA, &[created(Created { due: Some(Due::Date(date(2026, 7, 1))), ..empty() })]).await;
    log.append(TaskId(2), ANNA, &[created(empty())]).await;
    told(log, 2, [on(2), Event::Closed]).await;
    log.append(TaskId(3), ANNA, &[created(empty())]).await;
    told(log, 3, [away("2026-07-03T10:00:00Z"), entered("2026-07-04T10:00:00Z")]).await;
    log.append(TaskId(4), ANNA, &[created(empty())]).await;
    log.append(TaskId(4), ANNA, &[said("nothing of time")]).await;
    told(log, 3, [Event::TimerFired { timer: Timer::Returned }]).await
}

async fn standing(log: &Log, generation: &Generation, but: &[Standing]) -> Vec<(i64, What, Timestamp)> {
    let span = (moment(EARLIEST), moment(LATEST));
    let standing = page(&log.pool, generation, span, but, 100).await.expect("read");
    standing.into_iter().map(|standing| (standing.task.0, standing.what, standing.at)).collect()
}

#[tokio::test]
async fn it_tells_what_fires_in_the_order_of_time() {
    let log = Log::create().await;
    let followed = log.follow(&Timers, eager()).await;
    let end = history(&log).await;
    let generation = followed.reaches(end).await.generation;
    let step = (3, What::Task(Timer::StepOverdue), moment("2026-07-04T10:00:00Z"));
    let first =
        [(1, What::Task(Timer::Due), moment("2026-07-01T07:00:00Z")), (1, What::Task(Timer::Overdue), moment("2026-07-01T22:00:00Z"))];
    assert_eq!(standing(&log, &generation, &[]).await, [first[0], first[1], step]);
    let (begin, now) = (first[0].2, first[1].2);
    let between = page(&log.pool, &generation, (begin, now), &[], 100).await.expect("read");
    assert_eq!(between.len(), 1, "from after the one to the other");
    assert_eq!(between[0].cause, 2, "the fact that set it");
    assert_eq!(standing(&log, &generation, &between).await, [first[0], step], "without those that rest");
    assert_eq!(next(&log.pool, &generation, begin).await.expect("read"), Some(first[1].2));

    let reopened = told(&log, 2, [Event::Reopened { auto: false }]).await;
    let moved = zone(&log, "America/New_York").await;
    assert!(moved > reopened);
    followed.reaches(moved).await;
    let there = |day: i8, hour: &str| moment(&format!("2026-07-0{day}T{hour}:00:00Z"));
    let expected = [
        (1, What::Task(Timer::Due), there(1, "13")),
        (1, What::Task(Timer::Overdue), there(2, "04")),
        (2, What::Task(Timer::Due), there(2, "13")),
        (2, What::Task(Timer::Overdue), there(3, "04")),
        step,
    ];
    assert_eq!(standing(&log, &generation, &[]).await, expected, "days are those of where the organisation is now");
    let gone = told(&log, 1, [Event::Deleted]).await;
    followed.reaches(gone).await;
    assert_eq!(standing(&log, &generation, &[]).await, expected[2..]);
    followed.stop().await;
}

#[tokio::test]
async fn it_tells_what_people_put_off_and_want_to_be_reminded_of() {
    let log = Log::create().await;
    let followed = log.follow(&Timers, eager()).await;
    let (task, at) = (TaskId(7), |hour: &str| moment(&format!("2026-07-01T{hour}:00:00Z")));
    let snoozed = |hour| inbox::Event::Snoozed { task, until: at(hour) };
    let reminder = |hour| inbox::Event::ReminderSet { task, at: at(hour) };
    wanted(&log, ANNA, [snoozed("10"), reminder("11"), snoozed("12")]).await;
    wanted(&log, ANNA, [reminder("09")]).await;
    let end = wanted(&log, BORIS, [reminder("10"), snoozed("10"), inbox::Event::Unsnoozed { task, by_time: true }]).await;
    let generation = followed.reaches(end).await.generation;
    let expected = [(7, What::Reminder(ANNA), at("09")), (7, What::Reminder(BORIS), at("10")), (7, What::Snooze(ANNA), at("12"))];
    assert_eq!(standing(&log, &generation, &[]).await, expected);
    let end = wanted(&log, ANNA, [inbox::Event::Reminded { task, at: at("09") }]).await;
    followed.reaches(end).await;
    assert_eq!(standing(&log, &generation, &[]).await, expected[1..]);
    followed.stop().await;
}

/// Every row of the view, as text.
async fn rows(log: &Log, generation: &Generation) -> Vec<(String,)> {
    let sql = generation.sql(
        "SELECT 'task ' || to_jsonb(s)::text FROM {view}.timer_task s
         UNION ALL SELECT 'timer ' || to_jsonb(t)::text FROM {view}.timer t
         UNION ALL SELECT 'zone ' || to_jsonb(z)::text FROM {view}.timer_zone z ORDER BY 1",
    );
    sqlx::query_as(sql).fetch_all(&log.pool).await.expect("the rows are read")
}

#[tokio::test]
async fn fed_twice_event_by_event_and_made_again_it_is_the_same() {
    let log = Log::create().await;
    let generation = rebuild::ensure(&Timers, &log.pool).await.expect("made");
    history(&log).await;
    zone(&log, "Asia/Yekaterinburg").await;
    wanted(&log, ANNA, [inbox::Event::ReminderSet { task: TaskId(1), at: moment("2026-07-01T10:00:00Z") }]).await;
    let events = log.all(Timers::KINDS).await;
    for batch in events.iter().map(std::slice::from_ref).chain([&events[..]]) {
        let mut tx = log.pool.begin_with(generation.begin(IDLE_MAX)).await.expect("begun");
        Timers.apply(batch, &mut tx).await.expect("taken in");
        tx.commit().await.expect("committed");
    }
    let twice = rows(&log, &generation).await;
    let rebuilt = rebuild::rebuild(&Timers, &log.pool, |_, _| {}).await.expect("rebuilt");
    assert_eq!(rows(&log, &rebuilt).await, twice);
    assert_eq!(twice.len(), 3 + 4 + 1, "{twice:?}");
}
