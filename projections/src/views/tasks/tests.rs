//! The view on a real Postgres: facts in, pages out.

use domain::codec::EventSet;
use domain::directory::OrganisationDirectory;
use domain::erasure::{ERASED, Erasable};
use domain::form::fill::RowChange;
use domain::form::{FieldId, Level, Value};
use domain::list::Reach;
use domain::task::Task as State;
use domain::task::command::{Due, Schedule};
use domain::task::event::{CommentEdited, Created, Event, Scheduled};
use domain::task::form::Fact;
use domain::testing::{
    ADMIN, ANNA, BORIS, CLARA, DAVID, EVA, FELIX, GRETA, HOME, ROBOT, directory, form, header, list, moment, now, role, with_form,
    with_list, with_role,
};
use domain::{Aggregate, FormId, Issued, Kind, ListId, OrganisationId, PersonId, TaskId, workflow};
use jiff::tz::TimeZone;

use super::register::{Asked, Condition, Test};
use super::*;
use crate::generation::{Generation, IDLE_MAX};
use crate::rebuild;
use crate::testing::{Log, at, created, eager, empty, said, text};

const CLERKS: PersonId = PersonId(60);
const FORM: FormId = FormId(3);

/// 1 is Anna's with the guest in it, 2 lies below and is Clara's, 3 is everybody's; the robot is a clerk.
fn home() -> OrganisationDirectory {
    let mut top = list(1, None, [ANNA]);
    top.members = [GRETA, FELIX].into();
    let mut open = list(3, None, []);
    open.settings.reach = Reach::Organisation;
    let home = with_role(directory(), role(CLERKS.0, [ROBOT]));
    let home = [top, list(2, Some(ListId(1)), [CLARA]), open].into_iter().fold(home, with_list);
    with_form(home, form(FORM.0, [(CLARA, Level::Manager)]))
}

fn access(who: PersonId) -> Access {
    let home = home();
    Access::of(&Issued { organisation: HOME, who, at: now(), directory: &home })
}

fn into_lists(lists: &[i64]) -> domain::codec::Encoded {
    Event::AddedToLists { lists: lists.iter().copied().map(ListId).collect() }.encode()
}

fn for_boris(words: &str) -> domain::codec::Encoded {
    created(Created { text: text(words), responsible: Some(BORIS), ..empty() })
}

/// Facts of every sort over some tasks; returns the last position.
async fn history(log: &Log) -> i64 {
    log.append(TaskId(1), ANNA, &[for_boris("One"), into_lists(&[1, 3])]).await;
    log.append(
        TaskId(2),
        ANNA,
        &[
            for_boris("Two"),
            into_lists(&[1]),
            Event::DueSet { due: Due::Moment { at: moment("2026-05-01T12:00:00Z"), duration: Some(30) } }.encode(),
        ],
    )
    .await;
    log.append(TaskId(3), BORIS, &[for_boris("Three"), into_lists(&[2])]).await;
    log.append(
        TaskId(4),
        BORIS,
        &[created(Created {
            text: text("Four"),
            subscribers: vec![ANNA, DAVID, CLERKS],
            participants: vec![EVA],
            due: Some(Due::Date("2026-05-02".parse().expect("a day"))),
            ..empty()
        })],
    )
    .await;
    log.append(TaskId(1), CLARA, &[said("Something"), Event::RemovedFromLists { lists: vec![ListId(3)] }.encode()]).await;
    log.append(TaskId(2), BORIS, &[Event::Closed.encode(), said("Done")]).await;
    log.append(TaskId(4), DAVID, &[Event::Acknowledged.encode()]).await;
    let until = moment("2026-05-03T07:00:00Z");
    log.append(TaskId(3), BORIS, &[Event::Scheduled(Scheduled { schedule: Schedule::Moment(until), until }).encode()]).await;
    log.append(TaskId(5), CLARA, &[for_boris("Five"), into_lists(&[1, 2])]).await;
    log.append(TaskId(5), CLARA, &[Event::Deleted.encode()]).await;
    log.append(
        TaskId(6),
        CLARA,
        &[
            created(Created {
                text: text("Six"),
                participants: vec![DAVID],
                due: Some(Due::Moment { at: moment("2026-05-01T08:00:00Z"), duration: None }),
                ..empty()
            }),
            Event::Reassigned { to: CLERKS }.encode(),
        ],
    )
    .await;
    log.append(
        TaskId(6),
        CLARA,
        &[Event::ParticipantsRemoved { persons: vec![DAVID] }.encode(), Event::Renamed { subject: "The sixth".to_owned() }.encode()],
    )
    .await;
    of_form(log).await;
    log.append(TaskId(1), DAVID, &[Event::PutAway.encode()]).await
}

fn fact(fact: Fact) -> domain::codec::Encoded {
    Event::Form(Box::new(fact)).encode()
}

/// A task of the form that Clara manages, with values of every sort that come, change and go.
async fn of_form(log: &Log) {
    let changed = |field, value| fact(Fact::FieldChanged { field: FieldId(field), value });
    let row =
        |row_id, price: i64| RowChange { row_id, cells: [(FieldId(7), Some(Value::Number(price.into())))].into(), ..RowChange::default() };
    let rows = |rows| fact(Fact::TableChanged { field: FieldId(6), rows });
    let new = created(Created { form: Some(FORM), template: Some(1), ..empty() });
    let facts = [
        new,
        changed(1, Some(Value::Text("Chairs".into()))),
        changed(2, Some(Value::Choices(vec![1, 2]))),
        changed(3, Some(Value::Date("2026-05-02".parse().expect("a day")))),
        changed(4, Some(Value::Moment(moment("2026-05-01T12:00:00Z"), None))),
        rows(vec![row(0, 10), row(1, 20)]),
        fact(Fact::Route(workflow::Fact::Entered { step: 1, approvers: vec![DAVID], due: Some(moment("2026-05-06T12:00:00Z")) })),
        fact(Fact::Titled { title: "Purchase: Chairs".into() }),
    ];
    log.append(TaskId(7), ANNA, &facts).await;
    let gone = RowChange { row_id: 0, deleted: true, ..RowChange::default() };
    let facts = [
        changed(1, None),
        changed(2, Some(Value::Choices(vec![2]))),
        rows(vec![gone]),
        fact(Fact::Route(workflow::Fact::Chosen { step: 1, approver: DAVID, choice: workflow::Choice::Approved })),
        fact(Fact::Route(workflow::Fact::Completed)),
    ];
    log.append(TaskId(7), DAVID, &facts).await;
}

#[tokio::test]
async fn a_register_answers_each_test_by_the_values_that_are_there() {
    let (log, generation) = filled().await;
    let found = async |who: PersonId, test: Test, field: u32, none: bool| {
        let conditions = vec![Condition { field: FieldId(field), test, none }];
        let asked = Asked { conditions, limit: 10, ..Asked::default() };
        let home = home();
        let issued = Issued { organisation: HOME, who, at: now(), directory: &home };
        let found = register::found(&log.pool, &generation, (HOME, FORM), &Access::of(&issued), &asked).await.expect("found");
        let rows = register::rows(&log.pool, &generation, (HOME, FORM), &found.tasks).await.expect("read");
        rows.into_iter().map(|row| row.read().expect("readable").expect("of a form").id.0).collect::<Vec<_>>()
    };
    let number = |number: i64| number.into();
    let day = |day: &str| day.parse().expect("a day");
    for (field, test, none, there) in [
        (1, Test::Filled, false, false),
        (1, Test::Filled, true, true),
        (2, Test::Ids(vec![1]), false, false),
        (2, Test::Ids(vec![5, 2]), false, true),
        (3, Test::Days(vec![day("2026-05-02")]), false, true),
        (3, Test::DayRange(Some(day("2026-05-02")), None), false, false),
        (4, Test::MomentRange(Some(moment("2026-05-01T11:59:59Z")), Some(moment("2026-05-01T12:00:01Z"))), false, true),
        (7, Test::Numbers(vec![number(20)]), false, true),
        (7, Test::Numbers(vec![number(10)]), false, false),
        (7, Test::NumberRange(None, Some(number(20))), false, false),
        (1, Test::Prefix("cha".into()), false, false),
        (1, Test::Texts(vec!["chairs".into()]), true, true),
    ] {
        let expected: &[i64] = if there { &[7] } else { &[] };
        assert_eq!(found(CLARA, test.clone(), field, none).await, expected, "{field}: {test:?} {none}");
        assert_eq!(found(DAVID, test.clone(), field, none).await, expected, "is asked");
        assert!(found(BORIS, test, field, none).await.is_empty(), "has no part in it");
    }
}

async fn rows(log: &Log, generation: &Generation) -> Vec<(String,)> {
    let sql = generation.sql(
        "SELECT 'task ' || to_jsonb(t)::text FROM {view}.task_row t
         UNION ALL SELECT 'grant ' || to_jsonb(g)::text FROM {view}.task_grant g
         UNION ALL SELECT 'block ' || to_jsonb(b)::text FROM {view}.task_block b
         UNION ALL SELECT 'words ' || to_jsonb(w)::text FROM {view}.task_words w
         UNION ALL SELECT 'value ' || to_jsonb(v)::text FROM {view}.task_value v
         UNION ALL SELECT 'handled ' || to_jsonb(h)::text FROM {view}.task_handled h
         UNION ALL SELECT 'list ' || to_jsonb(l)::text FROM {view}.task_in_list l ORDER BY 1",
    );
    sqlx::query_as(sql).fetch_all(&log.pool).await.expect("the rows are read")
}

async fn filled() -> (Log, Generation) {
    let log = Log::create().await;
    history(&log).await;
    let generation = rebuild::rebuild(&Tasks, &log.pool, |_, _| {}).await.expect("made");
    (log, generation)
}

fn ids(page: &Page) -> Vec<i64> {
    page.tasks.iter().map(|task| task.id.0).collect()
}

async fn listed(log: &Log, generation: &Generation, list: i64, filter: Filter, limit: u32) -> Page {
    in_list(&log.pool, generation, (HOME, ListId(list)), &filter, limit).await.expect("read")
}

#[tokio::test]
async fn a_list_shows_its_open_tasks_newest_change_first() {
    let (log, generation) = filled().await;
    let page = listed(&log, &generation, 1, Filter::default(), 200).await;
    assert_eq!((ids(&page), page.has_more, page.parked), (vec![1], false, false));
    let task = &page.tasks[0];
    assert_eq!((task.text.as_str(), task.header.author, task.header.responsible), ("One", ANNA, Some(BORIS)));
    let all = Filter { include_closed: true, ..Filter::default() };
    let page = listed(&log, &generation, 1, all, 200).await;
    assert_eq!(ids(&page), [2, 1], "the other one was closed later; a deleted one is in no list");
    assert!(page.tasks[0].header.closed_at.is_some());
    assert_eq!(ids(&listed(&log, &generation, 2, Filter::default(), 200).await), [3]);
    assert_eq!(ids(&listed(&log, &generation, 3, Filter::default(), 200).await), [0; 0], "it was taken out");
    let page = listed(&log, &generation, 1, all, 1).await;
    assert_eq!((ids(&page), page.has_more), (vec![2], true));
    let elsewhere = in_list(&log.pool, &generation, (OrganisationId(2), ListId(1)), &all, 200).await.expect("read");
    assert_eq!(ids(&elsewhere), [0; 0]);
}

#[tokio::test]
async fn every_filter_bounds_its_time() {
    let (log, generation) = filled().await;
    let all = listed(&log, &generation, 1, Filter { include_closed: true, ..Filter::default() }, 200).await;
    let (two, one) = (all.tasks[0].header.clone(), all.tasks[1].header.clone());
    let closed_at = two.closed_at.expect("it is closed");
    let after = |at| Bounds { after: Some(at), before: None };
    let before = |at| Bounds { after: None, before: Some(at) };
    let with = |filter: Filter| Filter { include_closed: true, ..filter };
    for (filter, expected) in [
        (with(Filter { modified: after(one.modified_at), ..Filter::default() }), &[2][..]),
        (with(Filter { modified: before(two.modified_at), ..Filter::default() }), &[1]),
        (with(Filter { created: after(one.created_at), ..Filter::default() }), &[2]),
        (with(Filter { created: before(two.created_at), ..Filter::default() }), &[1]),
        (Filter { closed: after(one.created_at), ..Filter::default() }, &[2]),
        (Filter { closed: before(closed_at), ..Filter::default() }, &[]),
        (Filter { closed: after(closed_at), ..Filter::default() }, &[]),
    ] {
        assert_eq!(ids(&listed(&log, &generation, 1, filter, 200).await), expected, "{filter:?}");
    }
}

#[tokio::test]
async fn who_is_waited_for_is_told_to_those_who_see_the_task() {
    let (log, generation) = filled().await;
    let waiting =
        async |asked: &[PersonId], who| ids(&waiting_for(&log.pool, &generation, HOME, asked, &access(who), 200).await.expect("read"));
    assert_eq!(waiting(&[ANNA], ANNA).await, [4]);
    assert_eq!(waiting(&[ANNA], BORIS).await, [4]);
    assert_eq!(waiting(&[CLERKS], ROBOT).await, [4]);
    for (asked, who) in [(ANNA, CLARA), (ANNA, FELIX), (DAVID, DAVID), (BORIS, ANNA)] {
        assert_eq!(waiting(&[asked], who).await, [0; 0], "{asked} {who}");
    }
}

/// May 1st and 2nd in Berlin, and what is asked for of them.
fn days(change: impl FnOnce(&mut Calendar)) -> Calendar {
    let mut calendar = Calendar {
        from: moment("2026-04-30T22:00:00Z"),
        to: moment("2026-05-02T21:59:59Z"),
        zone: TimeZone::get("Europe/Berlin").expect("it is known"),
        due_at: true,
        due_date: true,
        scheduled: false,
        step_due: false,
        only: None,
        limit: 50,
    };
    change(&mut calendar);
    calendar
}

#[tokio::test]
async fn a_calendar_shows_what_is_due_to_those_who_see_it() {
    let (log, generation) = filled().await;
    let seen = async |who, asked: Calendar| {
        let page = calendar(&log.pool, &generation, HOME, &asked, &access(who)).await.expect("read");
        (page.tasks.into_iter().map(|task| task.0).collect::<Vec<_>>(), page.has_more)
    };
    assert_eq!(seen(EVA, days(|_| {})).await, (vec![6, 4], false), "what is closed is not due");
    assert_eq!(seen(EVA, days(|days| days.limit = 1)).await, (vec![6], true));
    assert_eq!(seen(EVA, days(|days| days.due_at = false)).await, (vec![4], false));
    assert_eq!(seen(EVA, days(|days| days.due_date = false)).await, (vec![6], false));
    assert_eq!(seen(BORIS, days(|_| {})).await, (vec![4], false));
    assert_eq!(seen(ROBOT, days(|_| {})).await, (vec![6, 4], false), "as one of the clerks");
    assert_eq!(seen(ROBOT, days(|days| days.only = Some(ROBOT))).await, (vec![], false), "not for the robot itself");
    assert_eq!(seen(ANNA, days(|days| days.only = Some(ANNA))).await, (vec![4], false), "is asked");
    assert_eq!(seen(DAVID, days(|days| days.only = Some(DAVID))).await, (vec![], false), "has acknowledged");
    assert_eq!(seen(FELIX, days(|_| {})).await, (vec![], false));
    let later = |days: &mut Calendar| (days.to, days.scheduled) = (moment("2026-05-04T00:00:00Z"), true);
    assert_eq!(seen(CLARA, days(later)).await, (vec![6, 3], false), "through her list");
    assert_eq!(seen(GRETA, days(later)).await, (vec![3], false), "through the list above it");
    let shorter = |days: &mut Calendar| days.to = moment("2026-05-01T21:59:59Z");
    assert_eq!(seen(EVA, days(shorter)).await, (vec![6], false), "the day is another one in Berlin");
}

#[tokio::test]
async fn how_long_who_took_is_counted_from_when_they_were_asked() {
    let log = Log::create().await;
    let route = |of| fact(Fact::Route(of));
    let chosen = |step, approver, choice| route(workflow::Fact::Chosen { step, approver, choice });
    let entered = |step, approvers: &[PersonId]| route(workflow::Fact::Entered { step, approvers: approvers.to_vec(), due: None });
    let of_form = created(Created { form: Some(FORM), template: Some(1), ..empty() });
    let begun = log.append(TaskId(1), ANNA, &[of_form, entered(1, &[BORIS, CLERKS])]).await;
    let approved = log.append(TaskId(1), BORIS, &[chosen(1, BORIS, workflow::Choice::Approved)]).await;
    // Again, which is no decision of somebody who is waited for.
    log.append(TaskId(1), BORIS, &[chosen(1, BORIS, workflow::Choice::Acknowledged)]).await;
    let for_role = log.append(TaskId(1), CLARA, &[chosen(1, CLERKS, workflow::Choice::Approved), entered(2, &[BORIS])]).await;
    let rejected = log.append(TaskId(1), BORIS, &[chosen(2, BORIS, workflow::Choice::Rejected)]).await;
    let generation = rebuild::rebuild(&Tasks, &log.pool, |_, _| {}).await.expect("made");
    let found = async |who, from: Position, before: Position, limit| {
        let time = handling::Time { from: at(from), before: at(before) };
        let found = handling::handled(&log.pool, &generation, (HOME, FORM), &access(who), time, limit).await.expect("read");
        let (rows, has_more) = found;
        let shown = |row: &handling::Handled| (row.step, row.person, row.approver, row.asked_at, row.decided_at);
        (rows.iter().map(shown).collect::<Vec<_>>(), has_more)
    };
    let first = (1, BORIS, BORIS, at(begun), at(approved));
    let second = (1, CLARA, CLERKS, at(begun), at(for_role - 1));
    let third = (2, BORIS, BORIS, at(for_role), at(rejected));
    assert_eq!(found(EVA, 1, 100, 10).await, (vec![first, second, third], false));
    assert_eq!(found(EVA, 1, 100, 2).await, (vec![first, second], true));
    assert_eq!(found(EVA, for_role - 1, rejected, 10).await, (vec![second], false));
    assert_eq!(found(BORIS, 1, 100, 10).await.0.len(), 3, "he sees the task");
    assert_eq!(found(GRETA, 1, 100, 10).await, (vec![], false));
}

#[tokio::test]
async fn what_is_late_at_its_step_is_found_while_it_is_open() {
    let log = Log::create().await;
    let entered =
        |step, due: Option<&str>| fact(Fact::Route(workflow::Fact::Entered { step, approvers: vec![DAVID], due: due.map(moment) }));
    let of_form = || created(Created { form: Some(FORM), template: Some(1), ..empty() });
    let late = Some("2026-05-01T12:00:00Z");
    log.append(TaskId(1), ANNA, &[of_form(), entered(1, late)]).await;
    log.append(TaskId(2), ANNA, &[of_form(), entered(1, late), entered(2, None)]).await;
    log.append(TaskId(3), ANNA, &[of_form(), entered(1, None), entered(2, late)]).await;
    log.append(TaskId(4), ANNA, &[of_form(), entered(1, late), Event::Closed.encode()]).await;
    log.append(TaskId(5), ANNA, &[of_form(), entered(1, late), fact(Fact::Route(workflow::Fact::Completed))]).await;
    let generation = rebuild::rebuild(&Tasks, &log.pool, |_, _| {}).await.expect("made");
    let found = async |at: &str, steps: &[u8]| {
        let asked = Asked { step_overdue: Some((moment(at), steps.to_vec())), rising: true, limit: 10, ..Asked::default() };
        let found = register::found(&log.pool, &generation, (HOME, FORM), &access(EVA), &asked).await.expect("found");
        found.tasks.iter().map(|task| task.0).collect::<Vec<_>>()
    };
    let (before, after) = ("2026-05-01T11:59:59Z", "2026-05-01T12:00:01Z");
    assert_eq!((found(before, &[]).await, found(after, &[]).await), (vec![], vec![1, 3]));
    assert_eq!((found(after, &[2, 3]).await, found(after, &[4]).await), (vec![3], vec![]));
    let asked = days(|days| (days.due_at, days.due_date, days.step_due) = (false, false, true));
    let page = calendar(&log.pool, &generation, HOME, &asked, &access(EVA)).await.expect("read");
    assert_eq!(page.tasks, [TaskId(1), TaskId(3)]);
}

#[tokio::test]
async fn a_history_fed_twice_changes_nothing_the_second_time() {
    let log = Log::create().await;
    let generation = rebuild::ensure(&Tasks, &log.pool).await.expect("made");
    history(&log).await;
    let events = log.all(Tasks::KINDS).await;
    let mut once = Vec::new();
    for _ in 0..2 {
        let mut tx = log.pool.begin_with(generation.begin(IDLE_MAX)).await.expect("begun");
        Tasks.apply(&events, &mut tx).await.expect("taken in");
        tx.commit().await.expect("committed");
        let now = rows(&log, &generation).await;
        assert!(once.is_empty() || once == now);
        once = now;
    }
    assert!(!once.is_empty());
}

#[tokio::test]
async fn event_by_event_leads_to_the_rows_that_one_batch_leads_to() {
    let log = Log::create().await;
    let generation = rebuild::ensure(&Tasks, &log.pool).await.expect("made");
    history(&log).await;
    for event in log.all(Tasks::KINDS).await {
        let mut tx = log.pool.begin_with(generation.begin(IDLE_MAX)).await.expect("begun");
        Tasks.apply(&[event], &mut tx).await.expect("taken in");
        tx.commit().await.expect("committed");
    }
    let rebuilt = rebuild::rebuild(&Tasks, &log.pool, |_, _| {}).await.expect("rebuilt");
    assert_eq!(rows(&log, &generation).await, rows(&log, &rebuilt).await);
}

#[tokio::test]
async fn a_rebuild_beside_appends_equals_the_live_view_row_by_row() {
    let log = Log::create().await;
    let followed = log.follow(&Tasks, eager()).await;
    history(&log).await;
    let appending = async {
        for task in 10..25 {
            log.append(TaskId(task), ANNA, &[for_boris("Meanwhile"), into_lists(&[1])]).await;
            log.say(1, CLARA, "And here").await;
        }
    };
    let ((), rebuilt) = tokio::join!(appending, rebuild::rebuild(&Tasks, &log.pool, |_, _| {}));
    let rebuilt = rebuilt.expect("rebuilt");
    let end = log.say(1, BORIS, "The last").await;
    followed.until(|progress| progress.generation == rebuilt && progress.position >= end).await;
    let from_zero = rebuild::rebuild(&Tasks, &log.pool, |_, _| {}).await.expect("rebuilt");
    assert_eq!(rows(&log, &rebuilt).await, rows(&log, &from_zero).await);
    followed.stop().await;
}

#[tokio::test]
async fn erased_words_are_gone_and_nobody_sees_more_or_less() {
    let log = Log::create().await;
    let followed = log.follow(&Tasks, eager()).await;
    let before = history(&log).await;
    let generation = followed.reaches(before).await.generation;
    let grants = |rows: Vec<(String,)>| rows.into_iter().filter(|(row,)| row.starts_with("grant")).collect::<Vec<_>>();
    let shown = grants(rows(&log, &generation).await);
    let first = Event::Created(Box::new(Created { text: text("One"), responsible: Some(BORIS), ..empty() }));
    assert_eq!(first.encode(), for_boris("One"));
    let end = log.erase(&[(1, first.substitute().encode())]).await;
    followed.reaches(end).await;
    let live = rows(&log, &generation).await;
    assert!(live.iter().all(|(row,)| !row.contains("One")) && live.iter().any(|(row,)| row.contains(ERASED)), "{live:?}");
    assert_eq!(grants(live.clone()), shown);
    let rebuilt = rebuild::rebuild(&Tasks, &log.pool, |_, _| {}).await.expect("rebuilt");
    assert_eq!(rows(&log, &rebuilt).await, live);
    followed.stop().await;
}

#[tokio::test]
async fn an_edited_first_comment_changes_the_text_that_is_shown() {
    let (log, _) = (Log::create().await, ());
    let first = log.append(TaskId(1), ANNA, &[for_boris("One"), into_lists(&[1])]).await - 1;
    log.append(
        TaskId(1),
        ANNA,
        &[Event::CommentEdited(Box::new(CommentEdited { comment: first, text: text("Uno"), ..CommentEdited::default() })).encode()],
    )
    .await;
    let generation = rebuild::rebuild(&Tasks, &log.pool, |_, _| {}).await.expect("made");
    let page = listed(&log, &generation, 1, Filter::default(), 200).await;
    assert_eq!((page.tasks[0].text.as_str(), page.tasks[0].header.modified_at), ("Uno", at(3)));
}

/// The rule as data says what the rule says.
#[test]
fn grants_and_lists_are_the_audience_of_the_task() {
    let created = Created { responsible: Some(BORIS), participants: vec![CLARA, CLERKS], subscribers: vec![DAVID, FELIX], ..empty() };
    let facts = [
        Event::Created(Box::new(created)),
        Event::Reassigned { to: ROBOT },
        Event::ParticipantsAdded { persons: vec![EVA] },
        Event::ParticipantsRemoved { persons: vec![CLARA] },
        Event::SubscribersAdded { persons: vec![GRETA], mentioned: true },
        Event::SubscribersRemoved { persons: vec![DAVID] },
        Event::AddedToLists { lists: vec![ListId(1), ListId(3)] },
        Event::RemovedFromLists { lists: vec![ListId(3)] },
        Event::AddedToLists { lists: vec![ListId(2)] },
        Event::Closed,
        Event::Reopened { auto: false },
        Event::Deleted,
    ];
    audience_is_kept(&facts);
    let created = Created { form: Some(FORM), template: Some(1), ..empty() };
    let route = |fact| Event::Form(Box::new(Fact::Route(fact)));
    audience_is_kept(&[
        Event::Created(Box::new(created)),
        route(workflow::Fact::Entered { step: 1, approvers: vec![BORIS, CLERKS], due: None }),
        route(workflow::Fact::Added { step: 3, persons: vec![DAVID] }),
        route(workflow::Fact::Removed { step: 1, persons: vec![BORIS] }),
        Event::Closed,
    ]);
}

fn audience_is_kept(facts: &[Event]) {
    let (mut state, mut task, home) = (State::default(), rule::Task::default(), home());
    for (version, fact) in (1..).zip(facts) {
        let header = header(Kind::Task, version, ANNA, version);
        state.evolve(fact, &header);
        task.take(fact, &header);
        for who in [ADMIN, ANNA, BORIS, CLARA, DAVID, EVA, FELIX, GRETA, ROBOT, PersonId(404)] {
            let issued = Issued { organisation: HOME, who, at: now(), directory: &home };
            let access = Access::of(&issued);
            let granted = task.grants().keys().any(|principal| access.principals.contains(&principal.0));
            let listed = task.places().keys().any(|list| access.lists.contains(&list.0));
            let sees = !task.deleted && (access.all || granted || listed);
            assert_eq!(sees, state.may_see(&issued), "{who} after {fact:?}");
        }
    }
}

#[tokio::test]
async fn a_page_of_a_list_is_read_from_its_index_only() {
    let log = Log::create().await;
    let generation = rebuild::ensure(&Tasks, &log.pool).await.expect("made");
    let mut connection = log.pool.acquire().await.expect("a connection");
    let fill = generation.sql(
        "INSERT INTO {view}.task_in_list SELECT 1, n % 50, n, now(), now() - n * interval '1 second', NULL FROM generate_series(1, 20000) n",
    );
    sqlx::query(fill).execute(&mut *connection).await.expect("filled");
    sqlx::query(generation.sql("ANALYZE {view}.task_in_list")).execute(&mut *connection).await.expect("analysed");
    let plan: Vec<(String,)> = sqlx::query_as(generation.sql(
        "EXPLAIN SELECT task FROM {view}.task_in_list WHERE organisation = 1 AND list = 7 AND closed_at IS NULL
         AND modified_at > '-infinity' AND modified_at < 'infinity' ORDER BY modified_at DESC, task DESC LIMIT 201",
    ))
    .fetch_all(&mut *connection)
    .await
    .expect("explained");
    let plan: String = plan.into_iter().map(|(line,)| line + "\n").collect();
    assert!(plan.contains("task_in_list_") && !plan.contains("Sort") && !plan.contains("Seq Scan"), "{plan}");
}
