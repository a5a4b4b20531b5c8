//! The inbox on a real Postgres: facts in, pages out.

use domain::codec::EventSet;
use domain::erasure::{ERASED, Erasable};
use domain::task::command::{Due, Schedule};
use domain::task::event::{CommentEdited, Created, Event, Scheduled};
use domain::testing::{ANNA, BORIS, CLARA, CLERKS, DAVID, HOME, SCRIBES};
use domain::{Kind, OrganisationId, PersonId, StreamId, TaskId, inbox};
use jiff::{Timestamp, ToSpan};

use super::page::tasks_of;
use super::rule::Reasons;
use super::{Follower, Inbox, Page, page};
use crate::failure::{Reason, Refused};
use crate::generation::{Generation, IDLE_MAX};
use crate::rebuild;
use crate::testing::{Log, at, created, eager, empty, inbox_rows, said, text};

async fn read(log: &Log, generation: &Generation, person: PersonId, limit: u32, now: Timestamp) -> Page {
    page(&log.pool, generation, HOME, &[person], limit, now).await.expect("the page is read")
}

fn ids(page: &Page) -> Vec<i64> {
    page.tasks.iter().map(|task| task.id.0).collect()
}

fn for_boris(words: &str) -> domain::codec::Encoded {
    created(Created { text: text(words), responsible: Some(BORIS), participants: vec![CLARA], ..empty() })
}

/// Facts of every sort over some tasks; returns the last position.
async fn history(log: &Log) -> i64 {
    log.append(TaskId(1), ANNA, &[for_boris("One")]).await;
    log.append(
        TaskId(2),
        ANNA,
        &[for_boris("Two"), said("And quickly"), Event::DueSet { due: Due::Moment { at: at(9), duration: Some(30) } }.encode()],
    )
    .await;
    log.append(TaskId(3), BORIS, &[for_boris("Three")]).await;
    log.append(TaskId(4), BORIS, &[created(Created { subscribers: vec![ANNA, DAVID], ..empty() })]).await;
    log.append(TaskId(1), CLARA, &[Event::ParticipantsAdded { persons: vec![DAVID] }.encode(), said("With David")]).await;
    log.append(TaskId(2), BORIS, &[Event::Closed.encode(), said("Done")]).await;
    log.append(TaskId(4), DAVID, &[Event::Acknowledged.encode()]).await;
    let until = at(1_000);
    log.append(TaskId(3), BORIS, &[Event::Scheduled(Scheduled { schedule: Schedule::Moment(until), until }).encode()]).await;
    log.append(TaskId(5), CLARA, &[for_boris("Five")]).await;
    log.append(TaskId(5), CLARA, &[Event::Deleted.encode()]).await;
    reminded(log, CLARA, 1).await;
    reminded(log, BORIS, 2).await;
    log.append(TaskId(2), BORIS, &[Event::PutAway.encode()]).await;
    log.append(TaskId(1), ANNA, &[Event::Renamed { subject: "The first".to_owned() }.encode()]).await;
    log.append(TaskId(1), DAVID, &[Event::PutAway.encode()]).await
}

/// The moment came at which somebody wanted to be reminded.
async fn reminded(log: &Log, person: PersonId, task: i64) -> i64 {
    let event = inbox::Event::Reminded { task: TaskId(task), at: at(1) }.encode();
    log.append(StreamId::new(Kind::Inbox, person.0), PersonId::SYSTEM, &[event]).await
}

#[tokio::test]
async fn a_page_shows_what_needs_an_action_newest_change_first() {
    let log = Log::create().await;
    let followed = log.follow(&Inbox, eager()).await;
    let end = history(&log).await;
    let generation = followed.reaches(end).await.generation;
    let now = at(end);
    let boris = read(&log, &generation, BORIS, 50, now).await;
    assert_eq!(ids(&boris), [1]);
    assert!(!boris.has_more && !boris.parked);
    let task = &boris.tasks[0];
    assert_eq!((task.text.as_str(), task.subject.as_deref(), task.author, task.responsible), ("One", Some("The first"), ANNA, Some(BORIS)));
    assert_eq!((task.created_at, task.modified_at, task.closed_at), (at(1), at(end - 1), None));
    assert_eq!(task.reasons, Reasons::RESPONSIBLE.with(Reasons::FOLLOWED));
    assert_eq!(ids(&read(&log, &generation, ANNA, 50, now).await), [4], "Anna has answered in task 1");
    assert_eq!(ids(&read(&log, &generation, DAVID, 50, now).await), [0; 0], "David acknowledged one and put the other away");
    let elsewhere = page(&log.pool, &generation, OrganisationId(2), &[BORIS], 50, now).await.expect("read");
    assert_eq!(ids(&elsewhere), [0; 0], "another organisation has another inbox");
    followed.stop().await;
}

#[tokio::test]
async fn a_scheduled_task_comes_back_at_its_moment_and_lies_first() {
    let log = Log::create().await;
    let followed = log.follow(&Inbox, eager()).await;
    let end = history(&log).await;
    let generation = followed.reaches(end).await.generation;
    let second = 1.seconds();
    assert_eq!(ids(&read(&log, &generation, BORIS, 50, at(1_000).checked_sub(second).expect("a moment")).await), [1]);
    assert_eq!(ids(&read(&log, &generation, BORIS, 50, at(1_000)).await), [3, 1]);
    followed.stop().await;
}

#[tokio::test]
async fn a_task_that_somebody_is_reminded_of_lies_first_in_their_own_inbox() {
    let log = Log::create().await;
    let followed = log.follow(&Inbox, eager()).await;
    history(&log).await;
    log.append(TaskId(6), ANNA, &[for_boris("Six")]).await;
    let end = reminded(&log, BORIS, 1).await;
    let later = log.append(TaskId(7), ANNA, &[created(Created { responsible: Some(CLERKS), ..empty() })]).await;
    reminded(&log, BORIS, 99).await;
    let generation = followed.reaches(reminded(&log, BORIS, 3).await).await.generation;
    let page = read(&log, &generation, BORIS, 50, at(end + 3)).await;
    assert_eq!(ids(&page), [3, 1, 6], "the third although it is scheduled; of a task that is not there nobody is reminded");
    assert_eq!(page.tasks[1].reasons, Reasons::RESPONSIBLE.with(Reasons::FOLLOWED).with(Reasons::REMINDED));
    assert_eq!(ids(&read(&log, &generation, BORIS, 1, at(end + 3)).await), [3]);
    let deputy = read_as(&log, &generation, &[DAVID, ANNA], later).await;
    reminded(&log, ANNA, 6).await;
    let end = followed.reaches(reminded(&log, ANNA, 7).await).await.position;
    assert_eq!(ids(&read(&log, &generation, ANNA, 50, at(end)).await)[..2], [7, 6]);
    assert_eq!(read_as(&log, &generation, &[DAVID, ANNA], end).await, deputy, "reminders are one's own: not a deputy's");
    followed.stop().await;
}

#[tokio::test]
async fn a_page_is_cut_at_its_limit_and_says_so() {
    let log = Log::create().await;
    let followed = log.follow(&Inbox, eager()).await;
    let mut end = 0;
    for task in 1..=5 {
        end = log.append(TaskId(task), ANNA, &[for_boris("Again")]).await;
    }
    let generation = followed.reaches(end).await.generation;
    let page = read(&log, &generation, BORIS, 3, at(end)).await;
    assert_eq!((ids(&page), page.has_more), (vec![5, 4, 3], true));
    let page = read(&log, &generation, BORIS, 5, at(end)).await;
    assert_eq!((ids(&page).len(), page.has_more), (5, false));
    let page = read(&log, &generation, BORIS, 0, at(end)).await;
    assert_eq!((ids(&page).len(), page.has_more), (0, true));
    followed.stop().await;
}

#[tokio::test]
async fn an_asker_whose_clock_is_behind_misses_nothing() {
    let log = Log::create().await;
    let followed = log.follow(&Inbox, eager()).await;
    let end = log.append(TaskId(1), ANNA, &[for_boris("One")]).await;
    let generation = followed.reaches(end).await.generation;
    let behind = at(end).checked_sub(10.seconds()).expect("a moment");
    assert_eq!(ids(&read(&log, &generation, BORIS, 50, behind).await), [1]);
    followed.stop().await;
}

#[tokio::test]
async fn an_edited_first_comment_changes_the_text_that_is_shown() {
    let log = Log::create().await;
    let followed = log.follow(&Inbox, eager()).await;
    let first = log.append(TaskId(1), ANNA, &[for_boris("One")]).await;
    let edited = domain::task::event::Text { formatted_text: Some("<b>Uno</b>".to_owned()), ..text("Uno") };
    let end = log
        .append(
            TaskId(1),
            ANNA,
            &[Event::CommentEdited(Box::new(CommentEdited { comment: first, text: edited, ..CommentEdited::default() })).encode()],
        )
        .await;
    let generation = followed.reaches(end).await.generation;
    let page = read(&log, &generation, BORIS, 50, at(end)).await;
    assert_eq!((page.tasks[0].text.as_str(), page.tasks[0].formatted_text.as_deref()), ("Uno", Some("<b>Uno</b>")));
    followed.stop().await;
}

/// Every row of the view, as text.
#[tokio::test]
async fn a_history_fed_twice_changes_nothing_the_second_time() {
    let log = Log::create().await;
    let generation = rebuild::ensure(&Inbox, &log.pool).await.expect("made");
    history(&log).await;
    let events = log.all(Inbox::KINDS).await;
    let mut once = Vec::new();
    for _ in 0..2 {
        let mut tx = log.pool.begin_with(generation.begin(IDLE_MAX)).await.expect("begun");
        Inbox.apply(&events, &mut tx).await.expect("taken in");
        tx.commit().await.expect("committed");
        let now = inbox_rows(&log, &generation).await;
        assert!(once.is_empty() || once == now);
        once = now;
    }
    assert!(!once.is_empty());
}

#[tokio::test]
async fn event_by_event_leads_to_the_rows_that_one_batch_leads_to() {
    let log = Log::create().await;
    let generation = rebuild::ensure(&Inbox, &log.pool).await.expect("made");
    history(&log).await;
    for event in log.all(Inbox::KINDS).await {
        let mut tx = log.pool.begin_with(generation.begin(IDLE_MAX)).await.expect("begun");
        Inbox.apply(&[event], &mut tx).await.expect("taken in");
        tx.commit().await.expect("committed");
    }
    let rebuilt = rebuild::rebuild(&Inbox, &log.pool, |_, _| {}).await.expect("rebuilt");
    assert_eq!(inbox_rows(&log, &generation).await, inbox_rows(&log, &rebuilt).await);
}

#[tokio::test]
async fn a_rebuild_beside_appends_equals_the_live_view_row_by_row() {
    let log = Log::create().await;
    let followed = log.follow(&Inbox, eager()).await;
    let live = followed.reaches(history(&log).await).await.generation;
    let appending = async {
        for task in 10..30 {
            log.append(TaskId(task), ANNA, &[for_boris("Meanwhile"), said("Now")]).await;
            log.say(1, CLARA, "And here").await;
        }
    };
    let ((), rebuilt) = tokio::join!(appending, rebuild::rebuild(&Inbox, &log.pool, |_, _| {}));
    let rebuilt = rebuilt.expect("rebuilt");
    // The replaced generation stands where its follower was held; what came after goes to the new one. A third,
    // made with nothing else going on, is what both must lead to.
    let end = log.say(1, BORIS, "The last").await;
    followed.until(|progress| progress.generation == rebuilt && progress.position >= end).await;
    let from_zero = rebuild::rebuild(&Inbox, &log.pool, |_, _| {}).await.expect("rebuilt");
    assert_eq!(inbox_rows(&log, &rebuilt).await, inbox_rows(&log, &from_zero).await);
    assert!(inbox_rows(&log, &live).await.len() > 5);
    followed.stop().await;
}

#[tokio::test]
async fn an_event_that_does_not_follow_the_last_one_is_to_be_parked() {
    let log = Log::create().await;
    let generation = rebuild::ensure(&Inbox, &log.pool).await.expect("made");
    history(&log).await;
    let events: Vec<_> = log.all(Inbox::KINDS).await.into_iter().filter(|event| event.header.stream.id == 2).collect();
    let mut tx = log.pool.begin_with(generation.begin(IDLE_MAX)).await.expect("begun");
    let refused = Inbox.apply(&[events[0].clone(), events[2].clone()], &mut tx).await;
    let Err(Refused::Park { position, reason: Reason::OutOfOrder { expected: 2, found: 3 } }) = refused else { panic!("{refused:?}") };
    assert_eq!(position, events[2].header.position);
}

#[tokio::test]
async fn a_page_that_lacks_a_task_says_so() {
    let log = Log::create().await;
    let followed = log.follow(&Inbox, eager()).await;
    log.append(TaskId(1), ANNA, &[for_boris("One")]).await;
    let end = log.append(TaskId(2), ANNA, &[crate::testing::unheard_of()]).await;
    let generation = followed.reaches(end).await.generation;
    assert!(read(&log, &generation, BORIS, 50, at(end)).await.parked);
    assert!(read(&log, &generation, DAVID, 50, at(end)).await.parked, "also where nothing is shown");
    followed.stop().await;
}

#[tokio::test]
async fn a_page_is_read_from_its_index_only() {
    let log = Log::create().await;
    let generation = rebuild::ensure(&Inbox, &log.pool).await.expect("made");
    let mut connection = log.pool.acquire().await.expect("a connection");
    let fill = generation.sql(
        "INSERT INTO {view}.inbox_entry (organisation, person, task, reasons, shown_at, scheduled_until) SELECT 1, n % 50, n, 1, now() - n * interval '1 second', NULL FROM generate_series(1, 20000) n",
    );
    sqlx::query(fill).execute(&mut *connection).await.expect("filled");
    sqlx::query(generation.sql("ANALYZE {view}.inbox_entry")).execute(&mut *connection).await.expect("analysed");
    let plan: Vec<(String,)> = sqlx::query_as(generation.sql(
        "EXPLAIN SELECT task FROM {view}.inbox_entry WHERE organisation = 1 AND person = 7 AND shown_at <= now()
         AND (scheduled_until IS NULL OR scheduled_until <= now()) ORDER BY shown_at DESC, task DESC LIMIT 51",
    ))
    .fetch_all(&mut *connection)
    .await
    .expect("explained");
    let plan: String = plan.into_iter().map(|(line,)| line + "\n").collect();
    assert!(plan.contains("inbox_entry_page") && !plan.contains("Sort") && !plan.contains("Seq Scan"), "{plan}");
}

#[tokio::test]
async fn erased_words_are_gone_and_nobodys_inbox_changes() {
    let log = Log::create().await;
    let followed = log.follow(&Inbox, eager()).await;
    let before = history(&log).await;
    let generation = followed.reaches(before).await.generation;
    let shown = read(&log, &generation, BORIS, 50, at(before)).await;
    let subject = Event::Renamed { subject: "The first".to_owned() };
    let first = Event::Created(Box::new(Created { text: text("One"), responsible: Some(BORIS), participants: vec![CLARA], ..empty() }));
    assert_eq!(first.encode(), for_boris("One"));
    log.erase(&[(1, first.substitute().encode()), (before - 1, subject.substitute().encode())]).await;
    let end = log.say(1, CLARA, "Still with David").await;
    followed.reaches(end).await;

    let page = read(&log, &generation, BORIS, 50, at(end)).await;
    assert_eq!((page.tasks[0].text.as_str(), page.tasks[0].subject.as_deref()), (ERASED, Some(ERASED)));
    assert_eq!((ids(&page), page.tasks[0].reasons), (ids(&shown), shown.tasks[0].reasons));
    let live = inbox_rows(&log, &generation).await;
    assert!(live.iter().all(|(row,)| !row.contains("One") && !row.contains("The first")), "{live:?}");
    assert!(live.iter().any(|(row,)| row.contains("Two")), "other tasks stay");
    let rebuilt = rebuild::rebuild(&Inbox, &log.pool, |_, _| {}).await.expect("rebuilt");
    assert_eq!(inbox_rows(&log, &rebuilt).await, live);
    followed.stop().await;
}

/// The clerks and the scribes are there, and have tasks.
async fn with_roles(log: &Log) -> i64 {
    log.role(CLERKS, "Clerks", &[BORIS, CLARA]).await;
    log.role(SCRIBES, "Scribes", &[CLARA]).await;
    let for_role = |role| created(Created { text: text("For a role"), responsible: Some(role), ..empty() });
    log.append(TaskId(1), ANNA, &[for_role(CLERKS)]).await;
    log.append(TaskId(2), ANNA, &[for_role(SCRIBES)]).await;
    log.append(TaskId(3), ANNA, &[created(Created { responsible: Some(CLARA), participants: vec![CLERKS, SCRIBES], ..empty() })]).await;
    log.append(TaskId(1), CLARA, &[Event::PutAway.encode()]).await
}

async fn read_as(log: &Log, generation: &Generation, principals: &[PersonId], end: i64) -> Vec<i64> {
    ids(&page(&log.pool, generation, HOME, principals, 50, at(end)).await.expect("the page is read"))
}

#[tokio::test]
async fn members_find_the_tasks_of_the_roles_that_they_bring_each_once() {
    let log = Log::create().await;
    let followed = log.follow(&Inbox, eager()).await;
    let end = with_roles(&log).await;
    let generation = followed.reaches(end).await.generation;
    assert_eq!(read_as(&log, &generation, &[BORIS, CLERKS], end).await, [3, 1]);
    assert_eq!(read_as(&log, &generation, &[CLARA, CLERKS, SCRIBES], end).await, [3, 2], "Clara has put the first away");
    assert_eq!(read_as(&log, &generation, &[CLARA], end).await, [3], "who is in no role any more");
    assert_eq!(read_as(&log, &generation, &[DAVID, CLERKS], end).await, [3, 1], "who has just become a member");
    assert_eq!(read_as(&log, &generation, &[], end).await, [0; 0], "who is blocked");
    let rebuilt = rebuild::rebuild(&Inbox, &log.pool, |_, _| {}).await.expect("rebuilt");
    assert_eq!(inbox_rows(&log, &rebuilt).await, inbox_rows(&log, &generation).await);
    followed.stop().await;
}

#[tokio::test]
async fn what_somebody_has_a_part_in_is_read_in_pages() {
    let log = Log::create().await;
    let followed = log.follow(&Inbox, eager()).await;
    with_roles(&log).await;
    let end = log.append(TaskId(4), ANNA, &[created(Created { responsible: Some(CLERKS), ..empty() }), Event::Closed.encode()]).await;
    let generation = followed.reaches(end).await.generation;
    let theirs = async |after, limit| tasks_of(&log.pool, &generation, HOME, CLERKS, TaskId(after), limit).await.expect("read");
    assert_eq!(theirs(0, 10).await, [TaskId(1), TaskId(3)], "open ones");
    assert_eq!(theirs(0, 1).await, [TaskId(1)]);
    assert_eq!(theirs(1, 10).await, [TaskId(3)]);
    assert_eq!(tasks_of(&log.pool, &generation, OrganisationId(2), CLERKS, TaskId(0), 10).await.expect("read"), []);
    followed.stop().await;
}

#[tokio::test]
async fn a_page_of_somebody_in_several_roles_is_read_from_indexes_only() {
    let log = Log::create().await;
    let generation = rebuild::ensure(&Inbox, &log.pool).await.expect("made");
    let mut connection = log.pool.acquire().await.expect("a connection");
    let fill = generation.sql(
        "INSERT INTO {view}.inbox_entry (organisation, person, task, reasons, shown_at, held, called, returned)
         SELECT 1, n % 50, n, 1, now() - n * interval '1 second', n, 0, 0 FROM generate_series(1, 20000) n",
    );
    sqlx::query(fill).execute(&mut *connection).await.expect("filled");
    sqlx::query(generation.sql("ANALYZE {view}.inbox_entry")).execute(&mut *connection).await.expect("analysed");
    let plan: Vec<(String,)> = sqlx::query_as(generation.sql(
        "EXPLAIN SELECT f.task FROM unnest(ARRAY[7, 8, 9]::bigint[]) AS p (person)
         CROSS JOIN LATERAL (SELECT e.task, e.shown_at FROM {view}.inbox_entry e
                             WHERE e.organisation = 1 AND e.person = p.person AND e.shown_at <= now()
                               AND (p.person = 7 OR NOT EXISTS (
                                   SELECT FROM {view}.inbox_mark m WHERE m.task = e.task AND m.person = 7 AND m.organisation = 1
                                     AND m.held >= e.held AND m.called >= e.called AND m.returned >= e.returned))
                             ORDER BY e.shown_at DESC, e.task DESC LIMIT 51) f",
    ))
    .fetch_all(&mut *connection)
    .await
    .expect("explained");
    let plan: String = plan.into_iter().map(|(line,)| line + "\n").collect();
    let of_entries = plan.lines().filter(|line| line.contains("inbox_entry")).collect::<Vec<_>>();
    assert!(of_entries.iter().all(|line| line.contains("inbox_entry_page")), "{plan}");
    assert!(!plan.contains("Sort"), "{plan}");
}
