//! Passwords by argon2id, away from the threads that serve requests, and only a few at a time. Not where they are
//! stored.

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, Version};
use password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use thiserror::Error;
use tokio::sync::Semaphore;

use crate::config::Identity;

/// Bytes of a password: long enough for any phrase, short enough to hash quickly.
pub const PASSWORD_BYTES: std::ops::RangeInclusive<usize> = 8..=1024;

#[derive(Debug, Error)]
pub enum PasswordFailure {
    /// Settings or a stored hash that argon2 does not take.
    #[error("argon2id: {0}")]
    Hash(String),
    #[error("the hashing was broken off")]
    Broken,
}

/// Hashes and checks passwords. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    at_once: Arc<Semaphore>,
}

impl Passwords {
    /// # Errors
    /// When the settings are outside of what argon2 takes.
    pub fn new(settings: &Identity) -> Result<Self, PasswordFailure> {
        let params = Params::new(settings.password_memory_kib, settings.password_passes, 1, None).map_err(broken)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let at_once = Arc::new(Semaphore::new(settings.password_hashes_at_once));
        Ok(Self { argon2, at_once })
    }

    /// The PHC string to store, with a salt of its own.
    ///
    /// # Errors
    /// [`PasswordFailure`].
    pub async fn hash(&self, password: String) -> Result<String, PasswordFailure> {
        let argon2 = self.argon2.clone();
        self.aside(move || argon2.hash_password(password.as_bytes()).map(|hash: PasswordHash| hash.to_string()).map_err(broken)).await
    }

    /// Whether `password` is the one of `stored`. Nobody's, `None`, is never right, and takes as long to find out: it is hashed for
    /// nothing, so that no login can be told from one that does not exist.
    ///
    /// # Errors
    /// [`PasswordFailure`].
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, PasswordFailure> {
        let Some(stored) = stored else { return self.hash(password).await.map(|_| false) };
        let argon2 = self.argon2.clone();
        self.aside(move || match PasswordVerifier::<str>::verify_password(&argon2, password.as_bytes(), &stored) {
            Ok(()) => Ok(true),
            Err(password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(broken(error)),
        })
        .await
    }

    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordFailure> + Send + 'static,
    ) -> Result<T, PasswordFailure> {
        let permit = Arc::clone(&self.at_once).acquire_owned().await.map_err(|_| PasswordFailure::Broken)?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        done.await.map_err(|_| PasswordFailure::Broken)?
    }
}

fn broken(error: impl std::fmt::Display) -> PasswordFailure {
    PasswordFailure::Hash(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_recognised_and_nobody_has_one() {
        let mut settings = crate::config::Settings::defaults().unwrap().identity;
        settings.password_memory_kib = 64;
        let passwords = Passwords::new(&settings).unwrap();
        let stored = passwords.hash("correct horse".to_owned()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=2,p=1$"));
        assert_ne!(stored, passwords.hash("correct horse".to_owned()).await.unwrap());
        assert!(passwords.verify("correct horse".to_owned(), Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify("battery staple".to_owned(), Some(stored)).await.unwrap());
        assert!(!passwords.verify("correct horse".to_owned(), None).await.unwrap());
        assert!(passwords.verify("x".to_owned(), Some("not a hash".to_owned())).await.is_err());
    }
}
