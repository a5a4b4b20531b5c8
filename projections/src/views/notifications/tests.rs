//! Notifications on a real Postgres: facts in, pages out.

use domain::announcement::event::Edited;
use domain::codec::EventSet;
use domain::erasure::{ERASED, Erasable};
use domain::inbox::{Event as InboxEvent, Followed, Found, Quiet, Reason, Reasons, Settings, Silent};
use domain::task::event::{CommentEdited, Created, Event};
use domain::testing::{ANNA, BORIS, CLARA, CLERKS, DAVID, HOME};
use domain::{FilterId, Kind, OrganisationId, PersonId, Position, StreamId, TaskId, announcement};
use jiff::Timestamp;

use super::{About, Cursor, Follower, Notifications, Order, Page, page, task_of, unread_tasks};
use crate::generation::{Generation, IDLE_MAX};
use crate::rebuild;
use crate::testing::{Log, at, created, eager, empty, said, text};

fn inbox(person: PersonId) -> StreamId {
    StreamId::new(Kind::Inbox, person.0)
}

async fn own(log: &Log, person: PersonId, event: InboxEvent) -> Position {
    log.append(inbox(person), person, &[event.encode()]).await
}

async fn people(log: &Log) {
    log.organisation(HOME, "Home").await;
    for (person, name) in [(ANNA, "Anna"), (BORIS, "Boris"), (CLARA, "Clara"), (DAVID, "David")] {
        log.person(person, name).await;
    }
    log.role(CLERKS, "Clerks", &[BORIS, CLARA]).await;
}

fn for_boris(words: &str) -> domain::codec::Encoded {
    created(Created { text: text(words), responsible: Some(BORIS), participants: vec![CLARA], ..empty() })
}

async fn read_in(log: &Log, generation: &Generation, person: PersonId, order: Order, from: Cursor, limit: u32) -> Page {
    page(&log.pool, generation, HOME, person, order, from, limit).await.expect("the page is read")
}

async fn all(log: &Log, generation: &Generation, person: PersonId) -> Page {
    read_in(log, generation, person, Order::NewestFirst, Cursor::START, 200).await
}

fn positions(page: &Page) -> Vec<Position> {
    page.told.iter().map(|told| told.position).collect()
}

/// Every row of the view, as text.
async fn rows(log: &Log, generation: &Generation) -> Vec<(String,)> {
    let sql = generation.sql(
        "SELECT 'told ' || to_jsonb(t)::text FROM {view}.notification t
         UNION ALL SELECT 'text ' || to_jsonb(t)::text FROM {view}.notification_text t
         UNION ALL SELECT 'task ' || to_jsonb(t)::text FROM {view}.notification_task t
         UNION ALL SELECT 'follow ' || to_jsonb(t)::text FROM {view}.notification_follow t
         UNION ALL SELECT 'inbox ' || to_jsonb(t)::text FROM {view}.notification_inbox t
         UNION ALL SELECT 'party ' || to_jsonb(t)::text FROM {view}.notification_party t
         UNION ALL SELECT 'known ' || to_jsonb(t)::text FROM {view}.notification_known t ORDER BY 1",
    );
    sqlx::query_as(sql).fetch_all(&log.pool).await.expect("the rows are read")
}

/// Facts of every sort; returns the last position.
async fn history(log: &Log) -> Position {
    people(log).await;
    log.append(TaskId(1), ANNA, &[for_boris("One")]).await;
    own(log, DAVID, InboxEvent::Followed(Followed::Task(TaskId(1)))).await;
    log.append(TaskId(1), ANNA, &[Event::ParticipantsAdded { persons: vec![DAVID] }.encode()]).await;
    let second = log.append(TaskId(2), ANNA, &[created(Created { responsible: Some(CLERKS), ..empty() }), said("And quickly")]).await;
    own(log, BORIS, InboxEvent::Read { task: Some(TaskId(1)), upto: second }).await;
    let quiet = Settings { quiet: Some(Quiet { from: 0, until: 1_439 }), ..Settings::default() };
    own(log, CLARA, InboxEvent::SettingsSet(Box::new(quiet))).await;
    log.append(TaskId(1), CLARA, &[Event::Reassigned { to: CLARA }.encode(), said("Mine now")]).await;
    own(log, BORIS, InboxEvent::Unread { task: TaskId(2), position: second - 1 }).await;
    own(log, DAVID, InboxEvent::Unfollowed(Followed::Task(TaskId(1)))).await;
    log.append(StreamId::new(Kind::Role, CLERKS.0), ANNA, &[domain::role::Event::MembersRemoved { persons: vec![BORIS] }.encode()]).await;
    own(log, CLARA, InboxEvent::ReminderSet { task: TaskId(1), at: at(50) }).await;
    log.append(inbox(CLARA), PersonId::SYSTEM, &[InboxEvent::Reminded { task: TaskId(1), at: at(50) }.encode()]).await;
    own(log, CLARA, InboxEvent::Followed(Followed::Filter(FilterId(5)))).await;
    let unheard = log.append(TaskId(1), DAVID, &[Event::Renamed { subject: "Other".into() }.encode()]).await;
    found(log, CLARA, unheard, DAVID).await;
    let heard = log.append(TaskId(1), DAVID, &[said("To all")]).await;
    found(log, CLARA, heard, DAVID).await;
    announce(log, 1, announcement::Event::Created(Box::new(text("Tea at four").into()))).await;
    announce(log, 1, announcement::Event::Edited(Box::new(Edited { text: text("Tea at five"), attachments: None }))).await;
    announce(log, 2, announcement::Event::Created(Box::new(text("A mistake").into()))).await;
    announce(log, 2, announcement::Event::Deleted).await;
    log.append(TaskId(2), ANNA, &[said("Still nobody?")]).await
}

async fn found(log: &Log, person: PersonId, cause: Position, by: PersonId) -> Position {
    let found = Found { filter: FilterId(5), task: TaskId(1), cause, by };
    log.append(inbox(person), PersonId::SYSTEM, &[InboxEvent::Found(found).encode()]).await
}

async fn announce(log: &Log, id: i64, event: announcement::Event) -> Position {
    log.append(StreamId::new(Kind::Announcement, id), ANNA, &[event.encode()]).await
}

#[tokio::test]
async fn what_a_filter_finds_is_told_with_its_cause_and_once() {
    let log = Log::create().await;
    let followed = log.follow(&Notifications::default(), eager()).await;
    people(&log).await;
    let first = log.append(TaskId(1), ANNA, &[for_boris("One")]).await;
    let unheard = log.append(TaskId(1), ANNA, &[Event::Renamed { subject: "Other".into() }.encode()]).await;
    let own_number = found(&log, CLARA, unheard, ANNA).await;
    let heard = log.append(TaskId(1), ANNA, &[said("To all")]).await;
    found(&log, CLARA, heard, ANNA).await;
    // Who does not see the task hears nothing of it, nor who did it.
    found(&log, DAVID, heard, ANNA).await;
    let end = found(&log, ANNA, heard, ANNA).await;
    let generation = followed.reaches(end).await.generation;
    let clara = all(&log, &generation, CLARA).await;
    assert_eq!(positions(&clara), [heard, own_number, first]);
    let reasons: Vec<Reasons> = clara.told.iter().map(|told| told.reasons).collect();
    assert_eq!(reasons, [Reasons::of([Reason::Comment, Reason::Followed]), Reasons::of([Reason::Followed]), Reasons::of([Reason::Added])]);
    let (comment, alone) = (&clara.told[0], &clara.told[1]);
    assert_eq!((comment.cause, comment.text.as_deref(), comment.by), (heard, Some("To all"), ANNA));
    assert_eq!((alone.cause, alone.by, alone.why[0].followed), (unheard, ANNA, Some(Followed::Filter(FilterId(5)))));
    assert_eq!((positions(&all(&log, &generation, DAVID).await), positions(&all(&log, &generation, ANNA).await)), (vec![], vec![]));
    followed.stop().await;
}

#[tokio::test]
async fn everybody_who_reads_announcements_hears_of_a_new_one_and_of_what_is_taken_back_nobody() {
    let log = Log::create().await;
    let followed = log.follow(&Notifications::default(), eager()).await;
    people(&log).await;
    let said = announce(&log, 1, announcement::Event::Created(Box::new(text("Tea at four").into()))).await;
    let mistake = announce(&log, 2, announcement::Event::Created(Box::new(text("A mistake").into()))).await;
    let generation = followed.reaches(mistake).await.generation;
    for person in [BORIS, CLARA, DAVID] {
        let page = all(&log, &generation, person).await;
        assert_eq!((positions(&page), page.unread), (vec![mistake, said], 2), "{person}");
        let told = &page.told[1];
        assert_eq!((told.about, told.by, told.reasons), (About::Announcement(1), ANNA, Reasons::of([Reason::Announcement])));
        assert_eq!(told.text.as_deref(), Some("Tea at four"));
    }
    assert!(positions(&all(&log, &generation, ANNA).await).is_empty(), "who announced it");
    announce(&log, 1, announcement::Event::Edited(Box::new(Edited { text: text("Tea at five"), attachments: None }))).await;
    announce(&log, 2, announcement::Event::Deleted).await;
    let end = own(&log, BORIS, InboxEvent::Read { task: Some(TaskId(0)), upto: Position::MAX }).await;
    followed.reaches(end).await;
    let (boris, clara) = (all(&log, &generation, BORIS).await, all(&log, &generation, CLARA).await);
    assert_eq!((positions(&boris), boris.told[0].text.as_deref()), (vec![said], Some("Tea at five")));
    assert_eq!((boris.unread, clara.unread), (0, 1));
    assert!(rows(&log, &generation).await.iter().all(|(row,)| !row.contains("mistake")));
    followed.stop().await;
}

#[tokio::test]
async fn each_person_is_told_once_a_request_with_every_reason() {
    let log = Log::create().await;
    let followed = log.follow(&Notifications::default(), eager()).await;
    people(&log).await;
    let first = log.append(TaskId(1), ANNA, &[for_boris("One")]).await;
    let end = log
        .append(
            TaskId(1),
            CLARA,
            &[Event::Reassigned { to: ANNA }.encode(), Event::ParticipantsAdded { persons: vec![BORIS] }.encode(), said("Yours")],
        )
        .await;
    let generation = followed.reaches(end).await.generation;
    let boris = all(&log, &generation, BORIS).await;
    assert_eq!(positions(&boris), [end - 2, first]);
    let told = &boris.told[0];
    assert_eq!((told.about, told.by, told.at, told.unread), (About::Task(TaskId(1)), CLARA, at(end - 1), true));
    assert_eq!(told.reasons, Reasons::of([Reason::Added, Reason::Comment]));
    assert_eq!(told.text.as_deref(), Some("Yours"));
    assert_eq!(all(&log, &generation, ANNA).await.told[0].reasons, Reasons::of([Reason::Assigned, Reason::Comment]));
    assert_eq!(positions(&all(&log, &generation, CLARA).await), [first]);
    assert_eq!((boris.unread, boris.parked), (2, false));
    let elsewhere = page(&log.pool, &generation, OrganisationId(2), BORIS, Order::NewestFirst, Cursor::START, 50).await.expect("read");
    assert_eq!(elsewhere.told, [], "another organisation");
    followed.stop().await;
}

#[tokio::test]
async fn members_of_the_moment_are_told_through_their_role() {
    let log = Log::create().await;
    let followed = log.follow(&Notifications::default(), eager()).await;
    let end = history(&log).await;
    let generation = followed.reaches(end).await.generation;
    let (boris, clara) = (all(&log, &generation, BORIS).await, all(&log, &generation, CLARA).await);
    assert!(!positions(&boris).contains(&end), "is in the role no more");
    assert!(positions(&clara).contains(&end));
    let through = clara.told.iter().find(|told| told.position == end).expect("told").why[0];
    assert_eq!((through.role, through.reason), (Some(CLERKS), Reason::Comment));
    followed.stop().await;
}

#[tokio::test]
async fn what_was_read_is_read_and_what_is_unread_comes_first_where_that_is_asked_for() {
    let log = Log::create().await;
    let followed = log.follow(&Notifications::default(), eager()).await;
    people(&log).await;
    let first = log.append(TaskId(1), ANNA, &[for_boris("One")]).await;
    let second = log.append(TaskId(2), ANNA, &[for_boris("Two")]).await;
    let third = log.append(TaskId(1), ANNA, &[said("And more")]).await;
    let fourth = log.append(TaskId(2), ANNA, &[said("And more")]).await;
    let read = own(&log, BORIS, InboxEvent::Read { task: Some(TaskId(1)), upto: Position::MAX }).await;
    let generation = followed.reaches(read).await.generation;
    let unread = read_in(&log, &generation, BORIS, Order::UnreadAlone, Cursor::START, 50).await;
    assert_eq!((positions(&unread), unread.unread), (vec![fourth, second], 2));
    let tasks = [TaskId(1), TaskId(2)];
    assert_eq!(unread_tasks(&log.pool, &generation, HOME, BORIS, &tasks).await.expect("read"), [TaskId(2)].into());
    let mut walked = Vec::new();
    let mut from = Some(Cursor::START);
    while let Some(cursor) = from {
        let page = read_in(&log, &generation, BORIS, Order::UnreadFirst, cursor, 1).await;
        walked.extend(positions(&page));
        from = page.next;
    }
    assert_eq!(walked, [fourth, second, third, first]);
    let end = own(&log, BORIS, InboxEvent::Unread { task: TaskId(1), position: first }).await;
    followed.reaches(end).await;
    assert_eq!(all(&log, &generation, BORIS).await.unread, 3);
    assert_eq!(all(&log, &generation, CLARA).await.unread, 4, "another's are another's");
    let later = log.append(TaskId(1), ANNA, &[said("Later than what was read")]).await;
    followed.reaches(later).await;
    assert_eq!(all(&log, &generation, BORIS).await.unread, 4);
    assert_eq!(task_of(&log.pool, &generation, HOME, BORIS, first).await.expect("read"), Some(TaskId(1)));
    assert_eq!(task_of(&log.pool, &generation, HOME, DAVID, first).await.expect("read"), None);
    followed.stop().await;
}

async fn ways(
    log: &Log,
    generation: &Generation,
    person: PersonId,
    position: Position,
) -> Option<(bool, Option<Timestamp>, Option<Timestamp>)> {
    let row: Option<(bool, Option<jiff_sqlx::Timestamp>, Option<jiff_sqlx::Timestamp>)> =
        sqlx::query_as(generation.sql("SELECT web, mail_after, push_after FROM {view}.notification WHERE person = $1 AND position = $2"))
            .bind(person.0)
            .bind(position)
            .fetch_optional(&log.pool)
            .await
            .expect("read");
    row.map(|(web, mail, push)| (web, mail.map(|at| at.to_jiff()), push.map(|at| at.to_jiff())))
}

#[tokio::test]
async fn settings_hold_from_when_they_were_set_on() {
    let log = Log::create().await;
    let followed = log.follow(&Notifications::default(), eager()).await;
    people(&log).await;
    let before = log.append(TaskId(1), ANNA, &[for_boris("One")]).await;
    let quiet = Some(Quiet { from: 9 * 60, until: 12 * 60 });
    let silent = Silent { web: Reasons::of([Reason::Comment]), push: Reasons::of([Reason::Comment]), ..Silent::default() };
    own(&log, BORIS, InboxEvent::SettingsSet(Box::new(Settings { silent, quiet, ..Settings::default() }))).await;
    let after = log.append(TaskId(1), ANNA, &[said("More")]).await;
    let all_silent = Silent { web: Reasons::of(Reason::ALL), mail: Reasons::of(Reason::ALL), push: Reasons::of(Reason::ALL) };
    own(&log, BORIS, InboxEvent::SettingsSet(Box::new(Settings { silent: all_silent, ..Settings::default() }))).await;
    let end = log.append(TaskId(1), ANNA, &[said("More")]).await;
    let generation = followed.reaches(end).await.generation;
    assert_eq!(ways(&log, &generation, BORIS, before).await, Some((true, Some(at(before)), Some(at(before)))));
    let noon = domain::testing::moment("2026-03-02T11:00:00Z");
    assert_eq!(ways(&log, &generation, BORIS, after).await, Some((false, Some(noon), None)));
    assert_eq!(ways(&log, &generation, BORIS, end).await, None);
    assert_eq!(positions(&all(&log, &generation, BORIS).await), [before]);
    followed.stop().await;
}

#[tokio::test]
async fn a_history_fed_twice_changes_nothing_the_second_time() {
    let log = Log::create().await;
    let generation = rebuild::ensure(&Notifications::default(), &log.pool).await.expect("made");
    history(&log).await;
    let events = log.all(Notifications::KINDS).await;
    let follower = Notifications::default();
    let mut once = Vec::new();
    for _ in 0..2 {
        let mut tx = log.pool.begin_with(generation.begin(IDLE_MAX)).await.expect("begun");
        follower.apply(&events, &mut tx).await.expect("taken in");
        tx.commit().await.expect("committed");
        let now = rows(&log, &generation).await;
        assert!(once.is_empty() || once == now);
        once = now;
    }
    assert!(once.len() > 20);
}

#[tokio::test]
async fn event_by_event_by_anybody_leads_to_the_rows_that_one_batch_leads_to() {
    let log = Log::create().await;
    let generation = rebuild::ensure(&Notifications::default(), &log.pool).await.expect("made");
    history(&log).await;
    // Two who take turns, and a batch in between that is rolled back: what each remembers is true or read anew.
    let followers = [Notifications::default(), Notifications::default()];
    for (index, event) in log.all(Notifications::KINDS).await.into_iter().enumerate() {
        let follower = &followers[usize::from(index % 3 == 0)];
        let event = [event];
        let mut lost = log.pool.begin_with(generation.begin(IDLE_MAX)).await.expect("begun");
        follower.apply(&event, &mut lost).await.expect("taken in");
        lost.rollback().await.expect("rolled back");
        let mut tx = log.pool.begin_with(generation.begin(IDLE_MAX)).await.expect("begun");
        follower.apply(&event, &mut tx).await.expect("taken in");
        tx.commit().await.expect("committed");
    }
    let rebuilt = rebuild::rebuild(&Notifications::default(), &log.pool, |_, _| {}).await.expect("rebuilt");
    assert_eq!(rows(&log, &generation).await, rows(&log, &rebuilt).await);
}

#[tokio::test]
async fn what_was_edited_deleted_or_erased_is_not_told_any_more() {
    let log = Log::create().await;
    let followed = log.follow(&Notifications::default(), eager()).await;
    people(&log).await;
    let first = log.append(TaskId(1), ANNA, &[for_boris("One")]).await;
    let second = log.append(TaskId(1), ANNA, &[said("Two")]).await;
    let third = log.append(TaskId(1), ANNA, &[said("Three")]).await;
    log.append(
        TaskId(1),
        ANNA,
        &[Event::CommentEdited(Box::new(CommentEdited { comment: second, text: text("Zwei"), ..CommentEdited::default() })).encode()],
    )
    .await;
    let end = log.append(TaskId(1), ANNA, &[Event::CommentDeleted { comment: third }.encode()]).await;
    let generation = followed.reaches(end).await.generation;
    let texts = |page: &Page| page.told.iter().map(|told| told.text.clone()).collect::<Vec<_>>();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(texts(&all(&log, &generation, BORIS).await), [None, some("Zwei"), some("One")]);
    let one = Event::Created(Box::new(Created { text: text("One"), responsible: Some(BORIS), participants: vec![CLARA], ..empty() }));
    let edit = Event::CommentEdited(Box::new(CommentEdited { comment: second, text: text("Zwei"), ..CommentEdited::default() }));
    let erased = log.erase(&[(first, one.substitute().encode()), (end - 1, edit.substitute().encode())]).await;
    followed.reaches(erased).await;
    assert_eq!(texts(&all(&log, &generation, BORIS).await), [None, some(ERASED), some(ERASED)]);
    let live = rows(&log, &generation).await;
    assert!(live.iter().all(|(row,)| !row.contains("Zwei") && !row.contains("Boris Test") && !row.contains("example.org")), "{live:?}");
    followed.stop().await;
}

#[tokio::test]
async fn a_page_of_ten_thousand_is_read_from_indexes_only() {
    let log = Log::create().await;
    let generation = rebuild::ensure(&Notifications::default(), &log.pool).await.expect("made");
    let fill = generation.sql(
        "INSERT INTO {view}.notification (organisation, person, position, task, cause, by_person, at, reasons, why, unread, web)
         SELECT 1, 12 + n % 2, n, n / 10, n, 11, now(), 256, '[{\"reason\": \"comment\"}]', n % 3 = 0, true FROM generate_series(1, 20000) n",
    );
    sqlx::query(fill).execute(&log.pool).await.expect("filled");
    sqlx::query(generation.sql("ANALYZE {view}.notification")).execute(&log.pool).await.expect("analysed");
    for condition in ["", "AND unread"] {
        let explain = format!(
            "EXPLAIN SELECT * FROM {{view}}.notification WHERE organisation = 1 AND person = 12 AND web {condition} AND position < 9000
             ORDER BY position DESC LIMIT 51"
        );
        let plan: Vec<(String,)> = sqlx::query_as(generation.sql(&explain)).fetch_all(&log.pool).await.expect("explained");
        let plan: String = plan.into_iter().map(|(line,)| line + "\n").collect();
        assert!(plan.contains("Index Scan Backward") && !plan.contains("Sort") && !plan.contains("Seq Scan"), "{plan}");
    }
    let mut walked = 0;
    let mut from = Some(Cursor::START);
    while let Some(cursor) = from {
        let page = read_in(&log, &generation, PersonId(12), Order::UnreadFirst, cursor, 200).await;
        assert_eq!(page.unread, super::UNREAD_COUNTED_MAX);
        walked += page.told.len();
        from = page.next;
    }
    assert_eq!(walked, 10_000);
}
