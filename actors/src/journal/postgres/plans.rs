//! Every read of the log names its index, on an empty log, a small and a large one, with statistics and without.
//! On a log made a moment ago a wrong plan was seen to cost a factor of ten. Only tests.

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Row};
use test_database::TestDatabase;

use super::session::writer_options;
use super::{opener, reader, slow};

const STREAM: &str = "event_1_stream_kind_part_version_idx";
const COMMAND: &str = "event_1_command_part_index_idx";
const POSITION: &str = "event_1_pkey";

/// Whose connection a read goes through: the writer's own, or one of the pool.
#[derive(Clone, Copy)]
enum Through {
    Writer,
    Pool,
}
use Through::{Pool, Writer};

/// What is read, the values it is asked with, and the indexes that it must go by.
const READS: [(Through, &str, &str, &[&str]); 9] = [
    (Writer, slow::READ_VERSIONS, "1::smallint, '{3,3}'::smallint[], '{5,6}'::bigint[]", &[STREAM]),
    (Writer, slow::READ_COMMANDS, "1::smallint, '{00000000-0000-0000-0000-000000000005}'::uuid[]", &[COMMAND]),
    (Writer, slow::READ_CLAIMS, "1::smallint, '{1,1}'::bigint[], '{1,1}'::smallint[], '{a,b}'::text[]", &["claim_pkey"]),
    (Pool, reader::READ_STREAM, "1::smallint, 3::smallint, 5::bigint, 0::bigint, 100::bigint", &[STREAM]),
    (Pool, reader::READ_ALL, "1::smallint, 5::bigint, 100::bigint", &[POSITION]),
    (Pool, reader::READ_STEPS, "1::smallint, 5::bigint, 100::bigint", &[POSITION]),
    (Pool, opener::READ_SNAPSHOTS, "1::smallint, '{3,3}'::smallint[], '{5,6}'::bigint[], '{7,7}'::bigint[]", &["snapshot_pkey", STREAM]),
    (Pool, opener::READ_EVENTS, "1::smallint, '{3,3}'::smallint[], '{5,6}'::bigint[], '{0,0}'::bigint[], 1000::bigint", &[STREAM]),
    (Pool, crate::audit::READ_PAGE, "1::smallint, 5::bigint, 1000::bigint, 100::bigint", &[POSITION]),
];

#[tokio::test]
async fn every_read_goes_by_its_index_whatever_the_size_of_the_log() {
    let database = TestDatabase::create().await;
    let pool = database.pool(1).await;
    let options = database.url.parse().expect("a URL");
    let mut pooled = PgConnection::connect_with(&options).await.expect("connected");
    let mut writer = PgConnection::connect_with(&writer_options(&options)).await.expect("connected");
    let mut filled = 0;
    for (size, events) in [("empty", 0), ("small", 1_000), ("large", 100_000)] {
        fill(&pool, filled, events).await;
        filled = events;
        for statistics in ["old", "fresh"] {
            if statistics == "fresh" {
                if events == 0 {
                    // Nobody analyses an empty log: the writer begins at 1,000 events, the database's own upkeep at 50.
                    continue;
                }
                sqlx::query("SELECT log_analyze(1::smallint)").execute(&pool).await.expect("analysed");
            }
            for (through, query, values, indexes) in READS {
                for plans in ["force_custom_plan", "force_generic_plan"] {
                    let through = match through {
                        Writer => &mut writer,
                        Pool => &mut pooled,
                    };
                    let plan = explain(through, query, values, plans).await;
                    let told = format!("{size} log, {statistics} statistics, {plans}:\n{query}\n{plan}");
                    assert!(indexes.iter().all(|index| plan.contains(index)), "another index, {told}");
                    assert!(!plan.contains("Seq Scan on event"), "the whole log is read, {told}");
                }
            }
            for plans in ["force_custom_plan", "force_generic_plan"] {
                let pages = pages_behind_the_lock(&mut writer, events, plans).await;
                assert!(pages < 100, "{pages} pages for ten events, {size} log, {statistics} statistics, {plans}");
            }
        }
    }
}

/// Pages that the lock touches to tell of the last ten events. What a function does, its caller's plan does not show.
async fn pages_behind_the_lock(writer: &mut PgConnection, position: i64, plans: &str) -> i64 {
    let since = (position - 10).max(0);
    let lock = format!(
        "UPDATE log_head SET position = {position}; SET plan_cache_mode = {plans}; \
         EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT l.* FROM log_head h, log_lock_since(1::smallint, h.incarnation, {since}, 100) l"
    );
    let mut pages = 0;
    // What the first call reads of the catalogue does not count.
    for _ in 0..2 {
        // All parts are numbers and constants of this file.
        let rows = sqlx::raw_sql(AssertSqlSafe(lock.clone())).fetch_all(&mut *writer).await.expect("explained");
        let plan: serde_json::Value = serde_json::from_str(&rows[0].get_unchecked::<String, _>(0)).expect("JSON");
        let of = |name: &str| plan[0]["Plan"][name].as_i64().expect("counted");
        pages = of("Shared Hit Blocks") + of("Shared Read Blocks");
    }
    pages
}

async fn fill(pool: &sqlx::PgPool, from: i64, to: i64) {
    sqlx::query(
        "INSERT INTO event (part, position, organisation, kind, stream, version, type, schema, at, person, command, index, \
                            meta, payload, salt, digest, hash) \
         SELECT 1, n, 1, 3, n / 10, n % 10 + 1, 'test.happened', 1, now(), 7, gen_random_uuid(), 0, '{}', '{\"text\":\"one\"}', \
                decode(repeat('00', 16), 'hex'), decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex') \
         FROM generate_series($1::bigint + 1, $2::bigint) n",
    )
    .bind(from)
    .bind(to)
    .execute(pool)
    .await
    .expect("filled");
}

async fn explain(connection: &mut PgConnection, query: &str, values: &str, plans: &str) -> String {
    // All parts are constants of this file.
    for sql in [format!("SET plan_cache_mode = {plans}"), "DEALLOCATE ALL".to_owned(), format!("PREPARE read AS {query}")] {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await.expect("prepared");
    }
    let rows = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN EXECUTE read ({values})"))).fetch_all(&mut *connection).await;
    rows.expect("explained").iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n")
}
