//! What the hashes of the log cover, byte by byte. Not their verification (see [`crate::audit`]).
//!
//! All integers are big-endian and signed, unless said otherwise. SHA-256 throughout.
//!
//! ```text
//! digest  = SHA-256( salt (16 bytes; none once the event is erased)
//!                    length of meta in bytes (u64)   meta   payload )
//!
//! hash    = SHA-256( "nashi-event-1"
//!                    hash of the stream's previous event (32 bytes; zeros for the first)
//!                    part i16   position i64   organisation i64
//!                    kind i16   stream i64   version i64
//!                    length of the type's name in bytes (u64)   type   schema i16
//!                    at, in microseconds since 1970 i64   person i64
//!                    command (16 bytes)   index i16
//!                    digest (32 bytes) )
//!
//! rolling = SHA-256( rolling before (32 bytes; zeros at position 0)   hash of the event )
//! ```
//!
//! An erased event keeps the digest of what it held, so its hash and all later ones stand. The digest of
//! its substitute (without a salt) is kept in the `erasure.performed` that replaced it.

use domain::{CommandId, OrganisationId, PersonId, Position, StreamId, Version};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::Hash;

/// The hash before a stream's first event, and the rolling hash before the log's.
pub const START: Hash = [0; 32];

/// Bytes of randomness that keep a digest from being guessed back into its content.
pub const SALT_BYTES: usize = 16;

const TAG: &[u8] = b"nashi-event-1";

/// The fixed columns of an event, as the hash covers them.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    pub part: i16,
    pub position: Position,
    pub organisation: OrganisationId,
    pub stream: StreamId,
    pub version: Version,
    pub event_type: &'a str,
    pub schema: i16,
    pub at: Timestamp,
    pub person: PersonId,
    pub command: CommandId,
    pub index: i16,
    pub digest: Hash,
}

impl Link<'_> {
    /// The chain's hash at this event.
    pub fn hash(&self, previous: &Hash) -> Hash {
        Sha256::new()
            .chain_update(TAG)
            .chain_update(previous)
            .chain_update(self.part.to_be_bytes())
            .chain_update(self.position.to_be_bytes())
            .chain_update(self.organisation.0.to_be_bytes())
            .chain_update(self.stream.kind.number().to_be_bytes())
            .chain_update(self.stream.id.to_be_bytes())
            .chain_update(self.version.to_be_bytes())
            .chain_update((self.event_type.len() as u64).to_be_bytes())
            .chain_update(self.event_type)
            .chain_update(self.schema.to_be_bytes())
            .chain_update(self.at.as_microsecond().to_be_bytes())
            .chain_update(self.person.0.to_be_bytes())
            .chain_update(self.command.0.as_bytes())
            .chain_update(self.index.to_be_bytes())
            .chain_update(self.digest)
            .finalize()
            .into()
    }
}

/// What stands for an event's content in the chain. `salt` is empty for a substitute.
pub fn digest(salt: &[u8], meta: &str, payload: &str) -> Hash {
    Sha256::new()
        .chain_update(salt)
        .chain_update((meta.len() as u64).to_be_bytes())
        .chain_update(meta)
        .chain_update(payload)
        .finalize()
        .into()
}

/// The head's rolling hash after an event.
pub fn roll(rolling: &Hash, hash: &Hash) -> Hash {
    Sha256::new().chain_update(rolling).chain_update(hash).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Kind;

    /// An auditor's verifier elsewhere depends on these bytes: they never change.
    #[test]
    fn the_hash_covers_the_documented_bytes() {
        let digest = digest(&[7; SALT_BYTES], "{}", r#"{"a":1}"#);
        let mut bytes = vec![7; SALT_BYTES];
        bytes.extend(2_u64.to_be_bytes());
        bytes.extend(br#"{}{"a":1}"#);
        assert_eq!(digest, <Hash>::from(Sha256::digest(&bytes)));

        let link = Link {
            part: 1,
            position: 2,
            organisation: OrganisationId(3),
            stream: StreamId::new(Kind::Task, 4),
            version: 5,
            event_type: "task.created",
            schema: 6,
            at: Timestamp::from_microsecond(7).expect("in range"),
            person: PersonId(8),
            command: CommandId(uuid::Uuid::from_u128(9)),
            index: 10,
            digest,
        };
        let mut bytes = b"nashi-event-1".to_vec();
        bytes.extend([11; 32]);
        bytes.extend(1_i16.to_be_bytes());
        bytes.extend(2_i64.to_be_bytes());
        bytes.extend(3_i64.to_be_bytes());
        bytes.extend(3_i16.to_be_bytes());
        bytes.extend(4_i64.to_be_bytes());
        bytes.extend(5_i64.to_be_bytes());
        bytes.extend(12_u64.to_be_bytes());
        bytes.extend(b"task.created");
        bytes.extend(6_i16.to_be_bytes());
        bytes.extend(7_i64.to_be_bytes());
        bytes.extend(8_i64.to_be_bytes());
        bytes.extend(9_u128.to_be_bytes());
        bytes.extend(10_i16.to_be_bytes());
        bytes.extend(digest);
        let hash = link.hash(&[11; 32]);
        assert_eq!(hash, <Hash>::from(Sha256::digest(&bytes)));
        assert_eq!(roll(&[1; 32], &hash), <Hash>::from(Sha256::digest([[1; 32], hash].concat())));
    }
}
