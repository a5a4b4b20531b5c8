//! The things that Nashi is compared with: `pgbench` on a table like the log's, and an empty transaction
//! rate. Not Nashi.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context, ensure};
use sqlx::AssertSqlSafe;
use test_database::TestDatabase;

/// A database with a table of the log's columns and indexes, for `pgbench` to insert into.
pub struct Baseline {
    database: TestDatabase,
    script: tempfile::NamedTempFile,
}

impl Baseline {
    pub async fn create() -> anyhow::Result<Self> {
        let database = TestDatabase::create().await;
        let pool = database.pool(1).await;
        let statements = ["CREATE TABLE plain (LIKE event INCLUDING DEFAULTS)".to_owned(), "CREATE SEQUENCE plain_position".to_owned()];
        for statement in statements {
            sqlx::query(AssertSqlSafe(statement)).execute(&pool).await?;
        }
        // The same indexes as the log's, taken from the log itself so that they cannot come apart.
        let indexes: Vec<String> =
            sqlx::query_scalar("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'event'")
                .fetch_all(&pool)
                .await?;
        ensure!(!indexes.is_empty(), "the log has no indexes to copy");
        for (number, index) in indexes.iter().enumerate() {
            let (unique, columns) = (index.contains("UNIQUE"), index.rsplit_once(" USING ").context("an index without a method")?.1);
            let unique = if unique { "UNIQUE " } else { "" };
            let statement = format!("CREATE {unique}INDEX plain_{number} ON plain USING {columns}");
            sqlx::query(AssertSqlSafe(statement)).execute(&pool).await?;
        }
        pool.close().await;
        let mut script = tempfile::NamedTempFile::new()?;
        script.write_all(SCRIPT.as_bytes())?;
        Ok(Self { database, script })
    }

    /// Single-row transactions a second with `clients` prepared clients.
    pub async fn per_second(&self, clients: usize, span: Duration) -> anyhow::Result<f64> {
        let output = tokio::process::Command::new("pgbench")
            .args(["--no-vacuum", "--protocol=prepared", "--jobs=1"])
            .arg(format!("--client={clients}"))
            .arg(format!("--time={}", span.as_secs().max(1)))
            .arg(format!("--file={}", self.script.path().display()))
            .arg(&self.database.url)
            .output()
            .await
            .context("pgbench cannot be run; it comes with postgresql-15")?;
        let text = String::from_utf8_lossy(&output.stdout);
        ensure!(output.status.success(), "pgbench failed: {}", String::from_utf8_lossy(&output.stderr));
        let rate = text.lines().find_map(|line| line.strip_prefix("tps = ")).context("pgbench printed no rate")?;
        rate.split_whitespace().next().and_then(|number| number.parse().ok()).context("pgbench printed no number")
    }
}

/// One event of about 300 bytes a transaction, on one of many streams.
const SCRIPT: &str = r#"\set stream random(1, 1000000000)
\set filler random(1, 1000000000)
INSERT INTO plain (part, position, organisation, kind, stream, version, type, schema, at, person, command, index, meta, payload, salt, digest, hash)
VALUES (1, nextval('plain_position'), 1, 3, :stream, nextval('plain_position'), 'task.commented', 1, clock_timestamp(), 1001, gen_random_uuid(), 0,
 '{"node":"bench","build":"0.1.0","basis":12345}',
 '{"text":"The quick brown fox jumps over the lazy dog, and then it goes home to write a comment of a usual length about what it has seen on its way, so that the others know. The quick brown fox jumps over the lazy dog again, because three hundred bytes are longer than one thinks, as every fox knows. Bye."}',
 decode(md5(:filler::text), 'hex'), sha256(:filler::text::bytea), sha256(:filler::text::bytea));
"#;
