//! A Postgres database of its own for a test, gone when the test ends. The server is started by
//! `ops/test`, which names it in `NASHI_TEST_POSTGRES`; nothing here starts one.

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::str::FromStr;

/// A database with all migrations applied. Dropping it drops the database.
pub struct TestDatabase {
    pub url: String,
    name: String,
    server: String,
}

impl TestDatabase {
    /// Creates a database and applies `migrations/`.
    ///
    /// # Panics
    /// When `NASHI_TEST_POSTGRES` is not set or its server does not answer.
    pub async fn create() -> Self {
        let database = Self::create_empty().await;
        let pool = database.pool(1).await;
        sqlx::migrate!("../../migrations").run(&pool).await.expect("the migrations apply");
        pool.close().await;
        database
    }

    /// Creates a database without anything in it.
    ///
    /// # Panics
    /// As [`TestDatabase::create`].
    pub async fn create_empty() -> Self {
        let server = std::env::var("NASHI_TEST_POSTGRES")
            .expect("NASHI_TEST_POSTGRES names the Postgres for tests; `ops/test` starts one and sets it");
        let name = format!("test_{}", uuid::Uuid::new_v4().simple());
        execute(&server, &format!("CREATE DATABASE {name}")).await;
        let mut options = PgConnectOptions::from_str(&server).expect("NASHI_TEST_POSTGRES is a Postgres URL");
        options = options.database(&name);
        let url = with_socket(&options);
        Self { url, name, server }
    }

    /// A pool of at most `connections` connections.
    pub async fn pool(&self, connections: u32) -> PgPool {
        PgPoolOptions::new().max_connections(connections).connect(&self.url).await.expect("the test database answers")
    }
}

/// The URL of `options`; a socket's folder is kept, which `to_url_lossy` alone may lose.
fn with_socket(options: &PgConnectOptions) -> String {
    options.to_url_lossy().to_string()
}

async fn execute(server: &str, sql: &str) {
    let options = PgConnectOptions::from_str(server).expect("NASHI_TEST_POSTGRES is a Postgres URL");
    let mut connection = options.connect().await.expect("the Postgres for tests answers");
    // The only variable part is a name that was made here from hexadecimal digits.
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.expect("the statement is carried out");
    connection.close().await.expect("the connection closes");
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (server, sql) = (self.server.clone(), format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        // A runtime cannot be entered from within another, and tests run inside one.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(execute(&server, &sql));
        });
        if thread.join().is_err() && !std::thread::panicking() {
            panic!("the test database could not be dropped");
        }
    }
}
