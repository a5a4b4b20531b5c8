//! Secrets that have to be read again, such as those behind time-based codes: sealed by AES-256-GCM under a key made from the
//! installation's own, and bound to what they belong to. Not secrets of which a hash is enough (see [`super::secret`]).
//!
//! The installation's key is `identity.key`, or where Postgres is our own a file beside it. Who has the database alone, or a copy
//! of it, has no secret.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use thiserror::Error;

/// The file with the installation's key, in the data directory.
pub const KEY_FILE: &str = "identity.key";
/// Characters of a key at least: those of 32 random bytes as base64 are 44.
pub const KEY_CHARACTERS_MIN: usize = 32;

/// The first byte of what is sealed; another way of sealing would have another.
const FORMAT: u8 = 1;
const KEY_ID_BYTES: usize = 4;
const NONCE_BYTES: usize = 12;
const HEAD_BYTES: usize = 1 + KEY_ID_BYTES + NONCE_BYTES;

#[derive(Debug, Error)]
pub enum SealFailure {
    #[error("it was sealed with another key: is identity.key the one of this installation?")]
    AnotherKey,
    #[error("what is sealed was changed, or belongs elsewhere")]
    Broken,
}

/// Seals and opens. `Debug` shows nothing of its key.
#[derive(Clone)]
pub struct Seal {
    cipher: Aes256Gcm,
    /// Tells one key from another, and nothing of either.
    id: [u8; KEY_ID_BYTES],
}

impl Seal {
    /// Of the installation's key. Nothing for a key that no cipher takes, which does not happen.
    pub fn of(key: &SecretString) -> Option<Self> {
        let extracted = mac(b"nashi", &[key.expose_secret().trim().as_bytes()])?;
        let cipher = Aes256Gcm::new_from_slice(&mac(&extracted, &[b"identity seal", &[1]])?).ok()?;
        let id = mac(&extracted, &[b"identity seal id", &[1]])?;
        Some(Self { cipher, id: id.first_chunk().copied()? })
    }

    /// Seals `secret` for `place`: nowhere else it opens.
    ///
    /// # Errors
    /// [`SealFailure::Broken`], for what is longer than the cipher takes (64 GiB).
    pub fn seal(&self, place: &str, secret: &[u8]) -> Result<Vec<u8>, SealFailure> {
        let nonce = super::random::bytes::<NONCE_BYTES>();
        let payload = Payload { msg: secret, aad: place.as_bytes() };
        let sealed = self.cipher.encrypt(&Nonce::from(nonce), payload).map_err(|_| SealFailure::Broken)?;
        Ok([&[FORMAT][..], &self.id, &nonce, &sealed].concat())
    }

    /// What was sealed for `place`.
    ///
    /// # Errors
    /// [`SealFailure`].
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, SealFailure> {
        let (head, body) = sealed.split_at_checked(HEAD_BYTES).ok_or(SealFailure::Broken)?;
        let (format, id, nonce) = (head.first(), head.get(1..=KEY_ID_BYTES), head.last_chunk::<NONCE_BYTES>());
        let nonce = nonce.filter(|_| format == Some(&FORMAT)).ok_or(SealFailure::Broken)?;
        if id != Some(&self.id[..]) {
            return Err(SealFailure::AnotherKey);
        }
        let payload = Payload { msg: body, aad: place.as_bytes() };
        self.cipher.decrypt(&Nonce::from(*nonce), payload).map_err(|_| SealFailure::Broken)
    }
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(…)")
    }
}

/// The installation's key from the file in `home`; made there where there is none, for its owner alone to read.
///
/// # Errors
/// When the file can be neither read nor made.
pub fn key_in(home: &Path) -> std::io::Result<SecretString> {
    let path = home.join(KEY_FILE);
    if !path.exists() {
        fs::create_dir_all(home)?;
        let made = home.join(format!("{KEY_FILE}.{}", std::process::id()));
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&made)?;
        writeln!(file, "{}", STANDARD.encode(super::random::bytes::<32>()))?;
        file.sync_all()?;
        // Whole or not at all, and never in place of another.
        let linked = fs::hard_link(&made, &path);
        fs::remove_file(&made)?;
        match linked {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    let key = fs::read_to_string(&path)?;
    if key.trim().len() < KEY_CHARACTERS_MIN {
        return Err(std::io::Error::other("the key is too short to be one"));
    }
    Ok(SecretString::from(key.trim().to_owned()))
}

/// HMAC-SHA-256: both halves of HKDF (RFC 5869), whose output here is never longer than one block.
fn mac(key: &[u8], parts: &[&[u8]]) -> Option<[u8; 32]> {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).ok()?;
    for part in parts {
        mac.update(part);
    }
    Some(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn seal(key: &str) -> Seal {
        Seal::of(&SecretString::from(key)).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_under_its_key_alone() {
        let ours = seal("0123456789abcdef0123456789abcdef");
        let sealed = ours.seal("totp 1", b"the secret").unwrap();
        assert_eq!(ours.open("totp 1", &sealed).unwrap(), b"the secret");
        assert!(!sealed.windows(10).any(|window| window == b"the secret"));
        assert_ne!(sealed, ours.seal("totp 1", b"the secret").unwrap(), "no two look alike");
        assert!(matches!(ours.open("totp 2", &sealed), Err(SealFailure::Broken)));
        assert!(matches!(seal("another key, as long as the first").open("totp 1", &sealed), Err(SealFailure::AnotherKey)));
        for at in [0, HEAD_BYTES, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(matches!(ours.open("totp 1", &changed), Err(SealFailure::Broken)), "byte {at}");
        }
        assert!(matches!(ours.open("totp 1", &sealed[..HEAD_BYTES - 1]), Err(SealFailure::Broken)));
    }

    #[test]
    fn keys_are_made_as_hkdf_makes_them() {
        // RFC 5869, appendix A.3: no salt, no info.
        let input = [0x0b; 22];
        let extracted = mac(&[], &[&input]).unwrap();
        assert_eq!(hex::encode(extracted), "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04");
        let expanded = mac(&extracted, &[b"", &[1]]).unwrap();
        assert_eq!(hex::encode(expanded), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    }

    #[test]
    fn the_key_s_file_is_made_once_for_its_owner_alone() {
        let home = tempfile::tempdir().unwrap();
        let first = key_in(home.path()).unwrap();
        assert_eq!(first.expose_secret(), key_in(home.path()).unwrap().expose_secret());
        let path = home.path().join(KEY_FILE);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
        fs::write(&path, "short").unwrap();
        assert!(key_in(home.path()).is_err());
    }
}
