//! Signing in: a login and a proof in, a token out. Nothing here tells whether a login exists.

use domain::person::Person;
use domain::{Code, Directory, PersonId, Position};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::time::Duration;

use super::{Credentials, Passwords, Proof, Secret, Tokens};
use crate::codes::Own;
use crate::config::Identity;
use crate::error::Fault;
use crate::limits::{Origin, Windows};

/// Persons with one address over all organisations whose credentials are looked at.
const CANDIDATES_MAX: usize = 8;

/// What somebody shows.
pub enum Shown<'a> {
    Key(&'a SecretString),
    Password(&'a SecretString),
}

/// Checks sign-ins, and counts wrong ones.
pub struct SignIns {
    credentials: Credentials,
    passwords: Passwords,
    tokens: Tokens,
    by_login_and_origin: Windows<(String, Origin)>,
    by_login: Windows<String>,
    by_origin: Windows<Origin>,
}

/// A person whose password was shown.
#[derive(Clone)]
pub struct Proven {
    pub person: Arc<Person>,
    /// The PHC string, by which it is known later whether it is still the same.
    pub hash: String,
}

/// Where and when a sign-in happens.
pub struct Circumstances<'a> {
    pub directory: &'a Directory,
    /// The log's head, read after the request came.
    pub head: Position,
    pub now: Timestamp,
    pub origin: Origin,
}

impl SignIns {
    pub fn new(credentials: Credentials, passwords: Passwords, tokens: Tokens, settings: &Identity) -> Self {
        let window = Duration::from_secs(settings.guess_window_seconds);
        Self {
            credentials,
            passwords,
            tokens,
            by_login_and_origin: Windows::new(settings.guesses_per_login, window),
            by_login: Windows::new(settings.guesses_per_address, window),
            by_origin: Windows::new(settings.guesses_per_address, window),
        }
    }

    /// A token for who shows the right thing; whose password was shown is let in if `alone` takes it without more.
    ///
    /// # Errors
    /// `invalid_credentials` for everything that is wrong, `account_blocked` and what `alone` says only to who has shown the right
    /// thing, `too_many_requests` after too many wrong guesses.
    pub async fn sign_in(
        &self,
        login: &str,
        person: Option<PersonId>,
        shown: Shown<'_>,
        at: Circumstances<'_>,
        alone: impl AsyncFn(&Person) -> Result<(), Fault>,
    ) -> Result<(Secret, Arc<Person>), Fault> {
        let login = login.trim().to_lowercase();
        let pair = (login.clone(), at.origin);
        // Counted before the check and given back after a success: many guesses at once count too. From all addresses
        // together only passwords are counted; a key cannot be guessed, and programs shall not be locked out by others.
        let mut counted = vec![self.by_login_and_origin.take(pair.clone()), self.by_origin.take(at.origin)];
        let by_password = matches!(shown, Shown::Password(_));
        if by_password {
            counted.push(self.by_login.take(login.clone()));
        }
        if let Some(guesses) = counted.iter().find(|guesses| guesses.exceeded) {
            return Err(Fault::own(Own::TooManyRequests).retry_after(guesses.reset_seconds));
        }
        let mut candidates = candidates(at.directory, &login);
        candidates.retain(|found| person.is_none_or(|id| found.id == id));
        candidates.truncate(CANDIDATES_MAX);
        let ids: Vec<PersonId> = candidates.iter().map(|person| person.id).collect();
        let made = match shown {
            Shown::Key(key) => self.by_key(&candidates, &ids, key, &at).await,
            Shown::Password(password) => self.by_password(&candidates, &ids, password, &at, alone).await,
        };
        if made.as_ref().map_or_else(|fault| fault.is_own(Own::SecondFactorRequired), Option::is_some) {
            self.by_login_and_origin.give_back(&pair);
            self.by_origin.give_back(&at.origin);
            if by_password {
                self.by_login.give_back(&login);
            }
        }
        made?.ok_or_else(|| Fault::own(Own::InvalidCredentials))
    }

    /// The persons with this login whose password is the one that is shown; blocked ones among them. Guesses count as at
    /// sign-in.
    ///
    /// # Errors
    /// `invalid_credentials` when there is none, `account_blocked` when all are blocked, `too_many_requests`.
    pub async fn prove(&self, login: &str, password: &SecretString, at: &Circumstances<'_>) -> Result<Vec<Proven>, Fault> {
        let login = login.trim().to_lowercase();
        let pair = (login.clone(), at.origin);
        let counted = [self.by_login_and_origin.take(pair.clone()), self.by_origin.take(at.origin), self.by_login.take(login.clone())];
        if let Some(guesses) = counted.iter().find(|guesses| guesses.exceeded) {
            return Err(Fault::own(Own::TooManyRequests).retry_after(guesses.reset_seconds));
        }
        let mut candidates = candidates(at.directory, &login);
        candidates.truncate(CANDIDATES_MAX);
        let ids: Vec<PersonId> = candidates.iter().map(|person| person.id).collect();
        let mut stored = self.credentials.passwords(&ids).await?;
        let mut right: Option<String> = None;
        let mut proven = Vec::new();
        let mut looked = false;
        for person in candidates {
            let Some(hash) = stored.remove(&person.id) else { continue };
            looked = true;
            // Persons of one human have one hash: it is checked once.
            if right.as_ref() == Some(&hash) || self.verify(password, Some(hash.clone())).await? {
                right = Some(hash.clone());
                proven.push(Proven { person, hash });
            }
        }
        if !looked {
            self.verify(password, None).await?;
        }
        if proven.is_empty() {
            return Err(Fault::own(Own::InvalidCredentials));
        }
        self.by_login_and_origin.give_back(&pair);
        self.by_origin.give_back(&at.origin);
        self.by_login.give_back(&login);
        if proven.iter().all(|proof| proof.person.blocked) { Err(Fault::domain(Code::AccountBlocked)) } else { Ok(proven) }
    }

    /// Whether one more link may be asked for at this login from there, within the number of guesses.
    pub fn may_ask_for_a_link(&self, login: &str, origin: Origin) -> bool {
        let login = format!("link {}", login.trim().to_lowercase());
        let counted = [self.by_login_and_origin.take((login.clone(), origin)), self.by_login.take(login)];
        counted.iter().all(|asked| !asked.exceeded)
    }

    /// Holds that `current` is the password of one of these persons, who are one human and signed in; false for who has none.
    /// Guesses count as at sign-in.
    ///
    /// # Errors
    /// `invalid_credentials`, `too_many_requests`.
    pub async fn confirm(&self, persons: &[PersonId], current: &SecretString, origin: Origin) -> Result<bool, Fault> {
        let mut stored: Vec<String> = self.credentials.passwords(persons).await?.into_values().collect();
        stored.sort_unstable();
        stored.dedup();
        let Some(first) = persons.iter().min().filter(|_| !stored.is_empty()) else { return Ok(false) };
        let login = format!("person {first}");
        let pair = (login.clone(), origin);
        let counted = [self.by_login.take(login.clone()), self.by_login_and_origin.take(pair.clone())];
        if let Some(guesses) = counted.iter().find(|guesses| guesses.exceeded) {
            return Err(Fault::own(Own::TooManyRequests).retry_after(guesses.reset_seconds));
        }
        // Persons of one human have one hash, but for those who joined later; a handful at most.
        for hash in stored {
            if self.verify(current, Some(hash)).await? {
                self.by_login.give_back(&login);
                self.by_login_and_origin.give_back(&pair);
                return Ok(true);
            }
        }
        Err(Fault::own(Own::InvalidCredentials))
    }

    async fn by_key(
        &self,
        candidates: &[Arc<Person>],
        ids: &[PersonId],
        key: &SecretString,
        at: &Circumstances<'_>,
    ) -> Result<Option<(Secret, Arc<Person>)>, Fault> {
        // Also for a login that does not exist, so that it takes as long.
        let keys = self.credentials.keys(ids).await?;
        let owner = candidates.iter().find(|person| keys.get(&person.id).is_some_and(|hash| hash.is_of(key.expose_secret())));
        let Some((owner, hash)) = owner.and_then(|owner| Some((owner, *keys.get(&owner.id)?))) else { return Ok(None) };
        self.token(owner, Proof::Key(hash), at).await
    }

    async fn by_password(
        &self,
        candidates: &[Arc<Person>],
        ids: &[PersonId],
        password: &SecretString,
        at: &Circumstances<'_>,
        alone: impl AsyncFn(&Person) -> Result<(), Fault>,
    ) -> Result<Option<(Secret, Arc<Person>)>, Fault> {
        let stored = self.credentials.passwords(ids).await?;
        let with_password: Vec<_> = candidates.iter().filter_map(|person| Some((person, stored.get(&person.id)?))).collect();
        if with_password.is_empty() {
            self.verify(password, None).await?;
        }
        for (person, hash) in with_password {
            if self.verify(password, Some(hash.clone())).await? {
                alone(person).await?;
                return self.token(person, Proof::Password(hash), at).await;
            }
        }
        Ok(None)
    }

    async fn verify(&self, password: &SecretString, stored: Option<String>) -> Result<bool, Fault> {
        self.passwords.verify(password.expose_secret().to_owned(), stored).await.map_err(|error| {
            tracing::error!(%error, "a password could not be checked");
            Fault::own(Own::ServerError)
        })
    }

    async fn token(&self, person: &Arc<Person>, proof: Proof<'_>, at: &Circumstances<'_>) -> Result<Option<(Secret, Arc<Person>)>, Fault> {
        if person.blocked {
            return Err(Fault::domain(Code::AccountBlocked));
        }
        let token = self.tokens.make(person.id, person.organisation, at.head + 1, at.now, proof).await?;
        Ok(token.map(|token| (token, Arc::clone(person))))
    }
}

/// Who the login may mean, in the order of their ids.
pub fn candidates(directory: &Directory, login: &str) -> Vec<Arc<Person>> {
    let mut found: Vec<Arc<Person>> = directory.organisations().filter_map(|organisation| organisation.by_email(login)).cloned().collect();
    found.sort_by_key(|person| person.id);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::OrganisationId;
    use domain::organisation::Organisation;
    use domain::person::Profile;
    use std::net::IpAddr;
    use test_database::TestDatabase;

    struct World {
        sign_ins: SignIns,
        credentials: Credentials,
        passwords: Passwords,
        directory: Directory,
        _database: TestDatabase,
    }

    /// Anna works in two organisations, Felix is blocked.
    async fn world() -> World {
        let database = TestDatabase::create().await;
        let pool = database.pool(4).await;
        let mut settings = crate::config::Settings::defaults().unwrap().identity;
        (settings.password_memory_kib, settings.guesses_per_login, settings.guesses_per_address) = (64, 2, 4);
        let (credentials, passwords) = (Credentials::new(pool.clone()), Passwords::new(&settings).unwrap());
        let tokens = Tokens::new(pool, 1, 5);
        let mut directory = Directory::default();
        for (organisation, person, email, blocked) in
            [(1, 11, "anna@example.org", false), (2, 21, "Anna@Example.org", false), (1, 12, "felix@example.org", true)]
        {
            let organisation = OrganisationId(organisation);
            directory.put_organisation(Organisation { id: organisation, exists: true, ..Organisation::default() });
            let profile = Profile { email: email.to_owned(), ..Profile::default() };
            let mut added = Person::default();
            (added.id, added.organisation, added.exists, added.profile) = (PersonId(person), organisation, true, profile);
            added.blocked = blocked;
            directory.put_person(added);
        }
        let sign_ins = SignIns::new(credentials.clone(), passwords.clone(), tokens, &settings);
        World { sign_ins, credentials, passwords, directory, _database: database }
    }

    impl World {
        async fn key(&self, person: i64) -> SecretString {
            let made = self.credentials.issue_key(PersonId(person), OrganisationId(1), 1).await.unwrap();
            SecretString::from(made.expose().to_owned())
        }

        async fn try_from(&self, origin: &str, login: &str, person: Option<i64>, shown: Shown<'_>) -> Result<i64, &'static str> {
            let origin = Origin::from(origin.parse::<IpAddr>().unwrap());
            let at = Circumstances { directory: &self.directory, head: 5, now: Timestamp::UNIX_EPOCH, origin };
            let made = self.sign_ins.sign_in(login, person.map(PersonId), shown, at, async |_| Ok(())).await;
            made.map(|(_, person)| person.id.0).map_err(|fault| fault.code().unwrap())
        }

        async fn sign_in(&self, login: &str, person: Option<i64>, shown: Shown<'_>) -> Result<i64, &'static str> {
            self.try_from("10.0.0.1", login, person, shown).await
        }
    }

    #[tokio::test]
    async fn the_key_says_which_of_several_persons_signs_in() {
        let world = world().await;
        let (first, second) = (world.key(11).await, world.key(21).await);
        assert_eq!(world.sign_in("anna@example.org", None, Shown::Key(&first)).await, Ok(11));
        assert_eq!(world.sign_in(" ANNA@example.org", None, Shown::Key(&second)).await, Ok(21));
        assert_eq!(world.sign_in("anna@example.org", Some(21), Shown::Key(&second)).await, Ok(21));
        assert_eq!(world.sign_in("anna@example.org", Some(11), Shown::Key(&second)).await, Err("invalid_credentials"));
    }

    #[tokio::test]
    async fn a_password_signs_in_and_is_not_a_key() {
        let world = world().await;
        let hash = world.passwords.hash("correct horse".to_owned()).await.unwrap();
        world.credentials.set_password(&[(PersonId(11), OrganisationId(1), 1)], &hash).await.unwrap();
        let right = SecretString::from("correct horse");
        assert_eq!(world.sign_in("anna@example.org", None, Shown::Password(&right)).await, Ok(11));
        assert_eq!(world.sign_in("anna@example.org", None, Shown::Key(&right)).await, Err("invalid_credentials"));
        assert_eq!(world.sign_in("nobody@example.org", None, Shown::Password(&right)).await, Err("invalid_credentials"));
    }

    #[tokio::test]
    async fn only_who_shows_the_right_key_learns_that_the_account_is_blocked() {
        let world = world().await;
        let key = world.key(12).await;
        assert_eq!(world.sign_in("felix@example.org", None, Shown::Key(&key)).await, Err("account_blocked"));
        let wrong = SecretString::from("wrong");
        assert_eq!(world.sign_in("felix@example.org", None, Shown::Key(&wrong)).await, Err("invalid_credentials"));
    }

    #[tokio::test]
    async fn guessing_ends_for_the_login_from_that_address_then_for_the_address() {
        let world = world().await;
        let (key, wrong) = (world.key(11).await, SecretString::from("wrong"));
        for _ in 0..2 {
            assert_eq!(world.sign_in("anna@example.org", None, Shown::Key(&wrong)).await, Err("invalid_credentials"));
        }
        assert_eq!(world.sign_in("anna@example.org", None, Shown::Key(&key)).await, Err("too_many_requests"));
        assert_eq!(world.try_from("10.0.0.2", "anna@example.org", None, Shown::Key(&key)).await, Ok(11));
        // The refused try counted for its address as well.
        assert_eq!(world.sign_in("nobody@example.org", None, Shown::Key(&wrong)).await, Err("invalid_credentials"));
        assert_eq!(world.sign_in("felix@example.org", None, Shown::Key(&wrong)).await, Err("too_many_requests"));
    }
}
