//! A Nashi inside the test: the same program that `nashi serve` runs, on a port of its own and a database of its
//! own. The binary as a process is in `process.rs`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actors::journal::{Journal, Meta};
use actors::system::Request;
use domain::organisation::Settings as OrganisationSettings;
use domain::person::{Added, Command, PersonKind, Profile, rights};
use domain::{CommandId, OrganisationId, PersonId, Position};
use gateway::app::App;
use gateway::config::Settings;
use secrecy::SecretString;
use sqlx::{PgPool, Postgres, Transaction};
use tempfile::TempDir;
use test_database::TestDatabase;

use crate::{Client, Person, view};

/// What a command of the system may take in a test.
const DEADLINE: Duration = Duration::from_secs(30);
const STOP_MAX: Duration = Duration::from_secs(60);
const LET_GO_MAX: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A started Nashi. A test ends with [`TestApp::done`]; one that forgets it fails.
pub struct TestApp {
    /// Taken when it is stopped.
    app: Option<App>,
    client: Client,
    settings: Settings,
    pool: PgPool,
    /// Where its search's index lies.
    search: TempDir,
    /// Where the bytes of its files are.
    files: TempDir,
    /// Dropped last, and the database with it.
    _database: TestDatabase,
}

/// The log's head, locked: until it is opened again nothing is appended.
pub struct Gate(Transaction<'static, Postgres>);

impl TestApp {
    /// Starts with the default settings, but for what `change` changes.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(change: impl FnOnce(&mut Settings)) -> Self {
        let database = TestDatabase::create_empty().await;
        let mut settings = Settings::defaults().expect("the defaults can be used");
        settings.http.address = ([127, 0, 0, 1], 0).into();
        settings.http.workers = 2;
        settings.database.url = Some(SecretString::from(database.url.clone()));
        // A test waits for no hash; that the real cost is paid is tested where it is configured.
        (settings.identity.password_memory_kib, settings.identity.password_passes) = (8, 1);
        settings.identity.key = Some(SecretString::from("a key of the tests, which nobody guesses"));
        let search = tempfile::tempdir().expect("a temporary folder");
        settings.search.directory = Some(search.path().to_owned());
        let files = tempfile::tempdir().expect("a temporary folder");
        settings.files.directory = Some(files.path().to_owned());
        change(&mut settings);
        let pool = database.pool(4).await;
        let app = App::start(settings.clone()).await.expect("it starts");
        let client = Client::new(&format!("http://{}", app.address()));
        Self { app: Some(app), client, settings, pool, search, files, _database: database }
    }

    /// Stops in order, and starts again on the same database and another port.
    ///
    /// # Panics
    /// When it does not start again.
    pub async fn restarted(self) -> Self {
        self.restarted_after(|_| ()).await
    }

    /// The same, after something happened to the folder of its search's indexes in between.
    ///
    /// # Panics
    /// As [`TestApp::restarted`].
    pub async fn restarted_after(mut self, happens: impl FnOnce(&std::path::Path)) -> Self {
        self.stop().await;
        happens(self.search.path());
        let app = App::start(self.settings.clone()).await.expect("it starts again");
        self.client = Client::new(&format!("http://{}", app.address()));
        self.app = Some(app);
        self
    }

    /// A stranger's client.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The database behind it, for what cannot be seen from outside.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// The folder of its search's indexes.
    pub fn search_directory(&self) -> &std::path::Path {
        self.search.path()
    }

    /// The folder of the bytes of its files.
    pub fn files_directory(&self) -> &std::path::Path {
        self.files.path()
    }

    /// Waits until every view shows all that the log holds now.
    ///
    /// # Panics
    /// When they do not.
    pub async fn settled(&self) {
        self.app().settled().await.expect("the views follow the log");
    }

    /// The position of the log's last event.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn head(&self) -> Position {
        let (head,): (i64,) = sqlx::query_as("SELECT position FROM log_head").fetch_one(&self.pool).await.expect("the head");
        head
    }

    /// The log, for tests that need more of it than requests could write.
    pub fn journal(&self) -> Arc<dyn Journal> {
        Arc::clone(&self.app().core().node.journal)
    }

    /// What its handlers share, for what only the command line does.
    pub fn node(&self) -> &gateway::node::Node {
        &self.app().core().node
    }

    /// Founds an organisation, with an administrator who has signed in.
    ///
    /// # Panics
    /// When any of it is refused.
    pub async fn found(&self, name: &str, email: &str) -> Person {
        let node = &self.app().core().node;
        let settings = OrganisationSettings { name: name.into(), time_zone: "Etc/UTC".into(), locale: "en-US".into() };
        let organisation = node.found_organisation(as_the_system, settings).await.expect("an organisation is founded");
        let profile = Profile { email: email.into(), first_name: "Anna".into(), last_name: "Adams".into(), ..Profile::default() };
        let added = Added { kind: PersonKind::User, rights: rights::ADMINISTRATOR, profile };
        let done = node.add_person(as_the_system(organisation), Command::Add(Box::new(added))).await.expect("a person is added");
        let person = PersonId(done.stream.id);
        node.world.at_least(done.position).await.expect("the directory follows");
        let issued = node.change_person(person, as_the_system(organisation), Command::IssueKey).await.expect("a key is issued");
        node.world.at_least(issued.position).await.expect("the directory follows");
        let key = node.credentials.issue_key(person, organisation, issued.position).await.expect("a key is stored");
        let key = key.expose().to_owned();
        let client = self.client.sign_in(email, &key).await;
        Person { id: person.0, email: email.to_owned(), key, client }
    }

    /// Lets the time of every token be over. Those that were used a moment ago may still be remembered.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn expire_tokens(&self) {
        sqlx::query("UPDATE token SET expires_at = now() - interval '1 second'").execute(&self.pool).await.expect("the tokens");
    }

    /// Holds every append back until the gate is opened.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn hold_the_log(&self) -> Gate {
        let mut tx = self.pool.begin().await.expect("a transaction");
        sqlx::query("SELECT position FROM log_head FOR UPDATE").execute(&mut *tx).await.expect("the head's row");
        Gate(tx)
    }

    /// Ends the test: everything settles, nothing is parked, the app stops in order and leaves nothing behind.
    ///
    /// # Panics
    /// When any of it does not hold.
    pub async fn done(mut self) {
        self.settled().await;
        let parked = view::parked(&self.pool).await;
        self.stop().await;
        assert!(parked.is_empty(), "views could not take in: {parked:#?}");
        self.no_session_is_left().await;
        self.pool.close().await;
    }

    async fn stop(&mut self) {
        if let Some(app) = self.app.take() {
            tokio::time::timeout(STOP_MAX, app.stop()).await.expect("an app that is told to stop stops");
        }
    }

    /// Postgres takes a moment to notice that a client has gone; an app that still holds a session does not let go at all.
    async fn no_session_is_left(&self) {
        let gone = async {
            let mut look = tokio::time::interval(LOOK_EVERY);
            loop {
                let (left,): (i64,) = sqlx::query_as(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'nashi'",
                )
                .fetch_one(&self.pool)
                .await
                .expect("the sessions can be counted");
                if left == 0 {
                    return;
                }
                look.tick().await;
            }
        };
        tokio::time::timeout(LET_GO_MAX, gone).await.expect("a stopped app lets its sessions go");
    }

    fn app(&self) -> &App {
        self.app.as_ref().expect("it runs until the test is done")
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        assert!(self.app.is_none() || std::thread::panicking(), "the test did not end with `done`");
    }
}

impl Gate {
    /// # Panics
    /// When the database does not answer.
    pub async fn open(self) {
        self.0.rollback().await.expect("the lock is let go");
    }
}

/// A command as the command line gives it.
pub fn as_the_system(organisation: OrganisationId) -> Request {
    #[expect(clippy::disallowed_methods, reason = "the test is the edge here, where ids are minted")]
    let command = CommandId(uuid::Uuid::new_v4());
    Request {
        organisation,
        who: PersonId::SYSTEM,
        command,
        keyed: false,
        meta: Meta::default(),
        deadline: Instant::now() + DEADLINE,
        arrived: 0,
        brief: false,
        trace: None,
    }
}
