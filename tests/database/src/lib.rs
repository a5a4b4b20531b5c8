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
        #[expect(clippy::disallowed_methods, reason = "names a database that no other test may have; recorded nowhere")]
        let name = format!("test_{}", uuid::Uuid::new_v4().simple());
        execute(&server, &format!("CREATE DATABASE {name}")).await;
        // The text is changed and not rebuilt from parsed options, which would lose how a socket was given
        // and name options that only sqlx knows.
        let mut url = url::Url::parse(&server).expect("NASHI_TEST_POSTGRES is a Postgres URL");
        url.set_path(&name);
        Self { url: url.into(), name, server }
    }

    /// A pool of at most `connections` connections.
    pub async fn pool(&self, connections: u32) -> PgPool {
        PgPoolOptions::new().max_connections(connections).connect(&self.url).await.expect("the test database answers")
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    async fn exists(server: &str, name: &str) -> bool {
        let options = PgConnectOptions::from_str(server).expect("a Postgres URL");
        let mut connection = options.connect().await.expect("the Postgres for tests answers");
        let (found,): (bool,) = sqlx::query_as("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
            .bind(name)
            .fetch_one(&mut connection)
            .await
            .expect("the catalog can be read");
        found
    }

    #[tokio::test]
    async fn a_database_is_its_own_and_gone_with_its_value() {
        let (first, second) = (TestDatabase::create().await, TestDatabase::create_empty().await);
        for database in [&first, &second] {
            let pool = database.pool(1).await;
            let (name,): (String,) = sqlx::query_as("SELECT current_database()::text").fetch_one(&pool).await.expect("the name");
            assert_eq!(name, database.name);
        }
        assert_ne!(first.name, second.name);

        // `pool` above may still be connected: a test that ends in the middle leaves such connections too.
        let (server, name) = (first.server.clone(), first.name.clone());
        drop(first);
        assert!(!exists(&server, &name).await);
        assert!(exists(&server, &second.name).await);
    }
}
