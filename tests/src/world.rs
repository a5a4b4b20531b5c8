//! Who is there when a test begins: persons with keys and clients, made through the API that tests are about.
//! Not what they do.

use gateway::config::Settings;
use serde_json::{Value, json};

use crate::TestApp;
use crate::client::{Client, id};

/// A person who has signed in.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: i64,
    pub email: String,
    /// The security key that the person signed in with.
    pub key: String,
    pub client: Client,
}

/// Names for colleagues; the first is the administrator's.
const NAMES: [(&str, &str); 6] =
    [("Anna", "Adams"), ("Boris", "Bauer"), ("Clara", "Cole"), ("Dmitri", "Dunn"), ("Edith", "Evans"), ("Felix", "Fox")];

impl Person {
    /// The person whom `nashi admin first-run --json` told about.
    ///
    /// # Panics
    /// When what it printed is not what it should be, or they cannot sign in.
    pub async fn from_first_run(stranger: &Client, printed: &str) -> Self {
        let told: Value = serde_json::from_str(printed).unwrap_or_else(|failure| panic!("{failure}: {printed}"));
        let text = |name: &str| told[name].as_str().unwrap_or_else(|| panic!("no {name} in {told}")).to_owned();
        let (email, key) = (text("email"), text("security_key"));
        let client = stranger.sign_in(&email, &key).await;
        Self { id: told["person_id"].as_i64().expect("the person's id"), email, key, client }
    }

    /// Has the administrator add the colleague of `number` (1 to 5), who then signs in.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn colleague(administrator: &Client, number: usize) -> Self {
        let (first, last) = NAMES[number];
        let email = format!("{}@example.com", first.to_lowercase());
        let body = json!({ "first_name": first, "last_name": last, "email": email });
        let added = id(&administrator.post("/v4/members", &body).await.ok());
        let key = Self::issue_key(administrator, added).await;
        let client = administrator.sign_in(&email, &key).await;
        Self { id: added, email, key, client }
    }

    /// Has the administrator issue a key, in place of any other.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn issue_key(administrator: &Client, person: i64) -> String {
        let answer = administrator.post(&format!("/v4/members/{person}/security_key"), json!({})).await.ok();
        answer["security_key"].as_str().unwrap_or_else(|| panic!("no key in {answer}")).to_owned()
    }
}

/// Two organisations: in the one Anna, who administers it, Boris and Clara; in the other its administrator.
pub struct World {
    pub app: TestApp,
    pub anna: Person,
    pub boris: Person,
    pub clara: Person,
    pub elsewhere: Person,
}

impl World {
    /// With the default settings.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With the settings that `change` changes.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let app = TestApp::start(change).await;
        let anna = app.found("Acorn", "anna@example.com").await;
        let elsewhere = app.found("Birch", "elsewhere@example.com").await;
        let boris = Person::colleague(&anna.client, 1).await;
        let clara = Person::colleague(&anna.client, 2).await;
        Self { app, anna, boris, clara, elsewhere }
    }

    /// The same world after an orderly stop and a new start; everybody is still signed in.
    ///
    /// # Panics
    /// When it does not start again.
    pub async fn restarted(self) -> Self {
        self.restarted_after(|_| ()).await
    }

    /// The same, after something happened to the folder of the search's indexes in between.
    ///
    /// # Panics
    /// When it does not start again.
    pub async fn restarted_after(self, happens: impl FnOnce(&std::path::Path)) -> Self {
        let Self { app, mut anna, mut boris, mut clara, mut elsewhere } = self;
        let app = app.restarted_after(happens).await;
        for person in [&mut anna, &mut boris, &mut clara, &mut elsewhere] {
            let token = person.client.token().unwrap_or_default().to_owned();
            person.client = app.client().with_token(&token);
        }
        Self { app, anna, boris, clara, elsewhere }
    }

    /// Ends the test, as [`TestApp::done`].
    ///
    /// # Panics
    /// When something is left that should not be.
    pub async fn done(self) {
        self.app.done().await;
    }
}
