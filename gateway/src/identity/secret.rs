//! Security keys and access tokens: how they look, and what is stored of them. Not where they are stored.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// A secret of 256 random bits, as its owner gets it once. Never shown by `Debug`.
#[derive(Clone)]
pub struct Secret(String);

/// What is stored of a [`Secret`]. A plain SHA-256 is enough: there is nothing to guess in 256 random bits, so a
/// slow hash would protect nothing and would be paid on every request.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash(pub [u8; 32]);

impl Secret {
    pub fn make() -> Self {
        Self(URL_SAFE_NO_PAD.encode(super::random::bytes::<32>()))
    }

    /// The secret itself, for its owner's eyes.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }
}

impl SecretHash {
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// Compares in a time that tells nothing.
    pub fn is_of(&self, secret: &str) -> bool {
        use subtle::ConstantTimeEq;

        self.0.ct_eq(&Self::of(secret).0).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_long_never_repeats_and_is_recognised() {
        let (one, other) = (Secret::make(), Secret::make());
        assert_eq!(one.expose().len(), 43);
        assert_ne!(one.expose(), other.expose());
        assert!(one.hash().is_of(one.expose()));
        assert!(!one.hash().is_of(other.expose()));
        assert!(!one.hash().is_of(""));
        assert!(!format!("{one:?}{:?}", one.hash()).contains(one.expose()));
    }
}
