//! How registers are looked for: on tables that nothing is known of, no more is read than a page needs; and each way of looking
//! finds what any other would. What each test of a value means is tried in [`super::super::tests`].

use domain::{FormId, OrganisationId, TaskId};
use sqlx::FromRow;

use super::super::access::Access;
use super::*;
use crate::generation::Generation;
use crate::rebuild;
use crate::testing::Log;
use crate::views::tasks::Tasks;

const HOME: OrganisationId = OrganisationId(1);
const FORM: FormId = FormId(3);
/// Ids of tasks go up to here: of five spans.
const TASKS: i64 = 40_000;
/// Pages of the database that a register of a hundred rows may touch: of two spans, where nothing is vacuumed yet. Each task that is
/// looked at costs at least one.
const TOUCHED_MAX: u64 = 20_000;

const TEXT: u32 = 1;
const DAY: u32 = 2;
const CHOICE: u32 = 3;
const NEARLY_ALWAYS: u32 = 4;
const HARDLY_EVER: u32 = 5;

/// Every tenth task is open; the texts are all different, days rise with ids, one task in 4,000 has the rare choice. Person 50 is in
/// a task in 4,000, person 51 in half of them.
async fn large() -> (Log, Generation) {
    let log = Log::create().await;
    let generation = rebuild::ensure(&Tasks, &log.pool).await.expect("made");
    let of_every = |columns: &str, values: &str| {
        format!(
            "INSERT INTO {{view}}.task_value (organisation, form, task, place, closed, field, {columns})
                 SELECT 1, 3, n, 0, n % 10 <> 0, {values}"
        )
    };
    let bits = |field: i64, holds: &str| {
        format!(
            "INSERT INTO {{view}}.task_block SELECT 1, 3, {field}, b, (SELECT string_agg(CASE WHEN n > 0 AND {holds} THEN '1' ELSE '0' END, '' ORDER BY n)
                FROM generate_series(b * 256, b * 256 + 255) n)::bit(256), timestamptz '2026-03-02T10:00:00Z' - (157 - b) * interval '1 hour' FROM generate_series(0, {TASKS} / 256) b"
        )
    };
    let series = format!("FROM generate_series(1, {TASKS}) n");
    for sql in [
        format!("INSERT INTO {{view}}.task_row (task, organisation, version, text, formatted_text, header, state, modified_at, due_at, due_date, scheduled_until,
                                        form, step, created_at, closed_at)
                 SELECT n, 1, 1, 'Task ' || n, NULL, '{{}}', '{{}}', timestamptz '2026-03-02T10:00:00Z' - ({TASKS} - n) * interval '14 seconds',
                 CASE WHEN n % 4000 = 0 THEN timestamptz '2026-03-02T10:00:00Z' - interval '1 day' END, NULL, NULL, 3, CASE WHEN n % 4000 = 0 THEN 7 ELSE 1 + n % 2 END, timestamptz '2026-03-02T10:00:00Z',
                 CASE WHEN n % 10 <> 0 THEN timestamptz '2026-03-02T10:00:00Z' END {series}"),
        format!("{} {series}", of_every("text", "1, 'item ' || (n * 7919) % 1000003")),
        format!("{} {series}", of_every("day", "2, date '2000-01-01' + (n / 100)::int")),
        format!("{} {series}", of_every("id", "3, CASE WHEN n % 4000 = 0 THEN 9 ELSE n % 3 END")),
        format!("{} {series} WHERE n % 4000 <> 0", of_every("text", "4, 'x'")),
        format!("{} {series} WHERE n % 4000 = 0", of_every("text", "5, 'x'")),
        bits(0, "true"),
        bits(-1, "n % 10 = 0"),
        bits(4, "n % 4000 <> 0"),
        bits(5, "n % 4000 = 0"),
        format!("INSERT INTO {{view}}.task_grant SELECT 1, 50, n, 3, false, false {series} WHERE n % 4000 = 0"),
        format!("INSERT INTO {{view}}.task_grant SELECT 1, 51, n, 3, false, false {series} WHERE n % 20 < 10"),
        format!("INSERT INTO {{view}}.task_words SELECT n, 1, 3, array_to_tsvector(ARRAY['task', 'word' || n % 4000]) {series}"),
    ] {
        sqlx::query(generation.sql(&sql)).execute(&log.pool).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    }
    (log, generation)
}

fn where_field(field: u32, test: Test) -> Asked {
    with(vec![Condition { field: FieldId(field), test, none: false }])
}

fn empty(field: u32) -> Asked {
    with(vec![Condition { field: FieldId(field), test: Test::Filled, none: true }])
}

fn with(conditions: Vec<Condition>) -> Asked {
    Asked { conditions, limit: 100, ..Asked::default() }
}

#[derive(FromRow)]
struct Line(String);

/// The newest task was changed then.
fn now() -> Timestamp {
    "2026-03-02T10:00:00Z".parse().expect("a moment")
}

/// Pages of the database that a query touches, and its plan.
async fn touched(log: &Log, generation: &Generation, access: &Access, asked: &Asked) -> (u64, String) {
    let search = Search { generation, organisation: HOME, form: FORM, access, asked, limit: asked.limit };
    let mut tx = log.pool.begin_with(PLANS).await.expect("begun");
    let sources = search.sources();
    let source = match &sources[..] {
        [] => Source::Everything,
        [only] => *only,
        several => {
            let counts = search.counts(several).fetch_one(&mut *tx).await.expect("counted");
            *several.iter().zip(counts.0).min_by_key(|(_, count)| *count).expect("several").0
        }
    };
    let (sql, operands) = search.statement(&source);
    let explained = search.bound::<Line>(&format!("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) {sql}"), operands);
    let lines: Vec<Line> = explained.fetch_all(&mut *tx).await.expect("explained");
    let plan = lines.into_iter().map(|line| line.0 + "\n").collect::<String>();
    let buffers = plan.lines().find(|line| line.trim_start().starts_with("Buffers:")).expect("buffers are counted");
    let number = |word: &str| buffers.split_whitespace().find_map(|part| part.strip_prefix(word)?.parse::<u64>().ok()).unwrap_or(0);
    (number("hit=") + number("read="), plan)
}

#[tokio::test]
async fn a_page_touches_no_more_than_it_needs_however_rare_or_frequent_what_it_asks_for_is() {
    let (log, generation) = large().await;
    let everything = Access { all: true, ..Access::default() };
    let day = |day: &str| day.parse::<Date>().expect("a day");
    let old = Test::DayRange(None, Some(day("2000-01-11")));
    let text = |text: &str| Test::Texts(vec![text.to_owned()]);
    let mut asked = vec![
        with(vec![]),
        where_field(TEXT, text("item 7919")),
        where_field(TEXT, text("nothing")),
        where_field(CHOICE, Test::Ids(vec![1])),
        where_field(CHOICE, Test::Ids(vec![9])),
        where_field(TEXT, Test::Prefix("item 77".into())),
        where_field(TEXT, Test::Prefix("item".into())),
        where_field(DAY, old.clone()),
        where_field(DAY, Test::DayRange(Some(day("2000-01-11")), None)),
        where_field(TEXT, Test::Texts((0..50).map(|n| format!("item {}", n * 7919)).collect())),
        where_field(NEARLY_ALWAYS, Test::Filled),
        where_field(HARDLY_EVER, Test::Filled),
        empty(NEARLY_ALWAYS),
        empty(HARDLY_EVER),
        Asked { steps: vec![7], limit: 100, ..Asked::default() },
        Asked { steps: vec![1, 2], limit: 100, ..Asked::default() },
        Asked { overdue: Some((now(), day("2000-01-01"))), limit: 100, ..Asked::default() },
        Asked {
            modified: Bounds { after: Some(now() - jiff::SignedDuration::from_hours(1)), before: None },
            limit: 100,
            ..Asked::default()
        },
        // One that nearly all pass, and one that hardly any does.
        with(vec![
            Condition { field: FieldId(NEARLY_ALWAYS), test: Test::Filled, none: false },
            Condition { field: FieldId(CHOICE), test: Test::Ids(vec![9]), none: false },
        ]),
    ];
    asked.extend(asked.clone().into_iter().map(|asked| Asked { include_closed: true, ..asked }));
    asked.extend(asked.clone().into_iter().map(|asked| Asked { rising: true, ..asked }));
    for asked in &asked {
        let (touched, plan) = touched(&log, &generation, &everything, asked).await;
        assert!(touched < TOUCHED_MAX, "{touched} pages for {asked:?}\n{plan}");
    }
    for principal in [50, 51] {
        let member = Access { principals: vec![principal, -9], ..Access::default() };
        let (touched, plan) = touched(&log, &generation, &member, &with(vec![])).await;
        assert!(touched < TOUCHED_MAX, "{touched} pages for {principal}\n{plan}");
    }
}

#[tokio::test]
async fn each_way_of_looking_finds_what_is_there_in_the_order_that_is_asked_for() {
    let (log, generation) = large().await;
    let everything = Access { all: true, ..Access::default() };
    let found = async |access: &Access, asked: &Asked| {
        let found = super::found(&log.pool, &generation, (HOME, FORM), access, asked).await.expect("found");
        (found.tasks.into_iter().map(|task| task.0).collect::<Vec<_>>(), found.has_more)
    };
    let every_4000th: Vec<i64> = (1..=10).rev().map(|n| n * 4_000).collect();
    for asked in [
        where_field(CHOICE, Test::Ids(vec![9])),
        where_field(HARDLY_EVER, Test::Filled),
        empty(NEARLY_ALWAYS),
        Asked { steps: vec![7], limit: 100, ..Asked::default() },
        Asked { words: vec!["word0".into()], limit: 100, ..Asked::default() },
        Asked { tasks: every_4000th.iter().copied().map(TaskId).collect(), limit: 100, ..Asked::default() },
    ] {
        assert_eq!(found(&everything, &asked).await, (every_4000th.clone(), false), "{asked:?}");
        let two = Asked { limit: 2, ..asked.clone() };
        assert_eq!(found(&everything, &two).await, (vec![40_000, 36_000], true), "{asked:?}");
        let next = Asked { after: Some(TaskId(36_000)), ..two.clone() };
        assert_eq!(found(&everything, &next).await, (vec![32_000, 28_000], true), "{asked:?}");
        let rising = Asked { rising: true, after: Some(TaskId(4_000)), to_task: Some(TaskId(11_999)), ..two };
        assert_eq!(found(&everything, &rising).await, (vec![8_000], false), "{asked:?}");
        let member = Access { principals: vec![50], ..Access::default() };
        assert_eq!(found(&member, &asked).await.0, every_4000th, "{asked:?}");
        assert_eq!(found(&Access::default(), &asked).await, (vec![], false), "{asked:?}");
    }
    let newest: Vec<i64> = (0..100).map(|n| TASKS - 10 * n).collect();
    assert_eq!(found(&everything, &with(vec![])).await, (newest.clone(), true));
    let frequent = Asked { words: vec!["tas".into()], limit: 100, ..Asked::default() };
    assert_eq!(found(&everything, &frequent).await, (newest, true), "a word is found by how it begins");
    let both = Asked { words: vec!["task".into(), "word1".into()], include_closed: true, limit: 20_000, ..Asked::default() };
    assert_eq!(found(&everything, &both).await.0.len(), 11_110, "word1, word1…, word1999");
}
