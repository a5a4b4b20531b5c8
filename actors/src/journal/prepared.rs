//! An append made ready on the caller's thread: checked, salted, digested, its `meta` rendered. What
//! needs the log's head (versions, positions, hashes) is [`super::judge`]'s.

use std::time::Instant;

use domain::codec::Encoded;
use domain::{ClaimChange, CommandId, Kind, OrganisationId, PersonId};
use rand::Rng;

use super::chain::{self, SALT_BYTES};
use super::{Append, COMMAND_BYTES_MAX, EVENT_BYTES_MAX, Hash, Premise, Refusal, Target};

/// A command that only waits for its place in the log.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub organisation: OrganisationId,
    pub command: CommandId,
    pub person: PersonId,
    /// The same for all of its events.
    pub meta: String,
    pub fingerprint: Option<String>,
    pub writes: Vec<PreparedWrite>,
    pub claims: Vec<ClaimChange>,
    pub premise: Premise,
    pub deadline: Instant,
    /// Payloads and `meta`, as the log will hold them.
    pub bytes: usize,
}

#[derive(Clone, Debug)]
pub(super) struct PreparedWrite {
    pub target: Target,
    pub events: Vec<PreparedEvent>,
}

#[derive(Clone, Debug)]
pub(super) struct PreparedEvent {
    pub encoded: Encoded,
    pub salt: [u8; SALT_BYTES],
    pub digest: Hash,
}

impl Prepared {
    pub fn new(append: Append) -> Result<Self, Refusal> {
        let meta = serde_json::to_string(&*append.meta).map_err(|reason| Refusal::Malformed(reason.to_string().into()))?;
        check_text(&meta)?;
        check_shape(&append)?;
        let mut bytes = 0;
        let mut writes = Vec::with_capacity(append.writes.len());
        for write in append.writes {
            let mut events = Vec::with_capacity(write.events.len());
            for encoded in write.events {
                let size = meta.len() + encoded.payload.len();
                if size > EVENT_BYTES_MAX {
                    return Err(Refusal::TooLarge);
                }
                bytes += size;
                check_text(&encoded.payload)?;
                let salt = fresh_salt();
                let digest = chain::digest(&salt, &meta, &encoded.payload);
                events.push(PreparedEvent { encoded, salt, digest });
            }
            writes.push(PreparedWrite { target: write.target, events });
        }
        let events: usize = writes.iter().map(|write| write.events.len()).sum();
        if bytes > COMMAND_BYTES_MAX || events > i16::MAX as usize {
            return Err(Refusal::TooLarge);
        }
        Ok(Self {
            organisation: append.organisation,
            command: append.command,
            person: append.person,
            fingerprint: append.meta.fingerprint.clone(),
            meta,
            writes,
            claims: append.claims,
            premise: append.premise,
            deadline: append.deadline,
            bytes,
        })
    }

    /// Random, so it tells this attempt at a command from an earlier one that took effect.
    pub fn first_digest(&self) -> Hash {
        self.writes[0].events[0].digest
    }
}

#[expect(clippy::disallowed_methods, reason = "the journal owns its salts")]
pub(super) fn fresh_salt() -> [u8; SALT_BYTES] {
    let mut salt = [0; SALT_BYTES];
    rand::rng().fill_bytes(&mut salt);
    salt
}

fn check_shape(append: &Append) -> Result<(), Refusal> {
    let malformed = |reason: &str| Err(Refusal::Malformed(reason.into()));
    if append.writes.is_empty() || append.writes.iter().any(|write| write.events.is_empty()) {
        return malformed("a command writes at least one event to each stream that it names");
    }
    let mut streams = Vec::with_capacity(append.writes.len());
    for write in &append.writes {
        match write.target {
            Target::New(Kind::Task) => {}
            Target::New(_) => {
                return malformed("only tasks are numbered by the log");
            }
            Target::Existing { expected, .. } if expected < 0 => return malformed("a version is never negative"),
            Target::Existing { stream, .. } => streams.push(stream),
        }
    }
    streams.sort_unstable();
    if streams.windows(2).any(|pair| pair[0] == pair[1]) {
        return malformed("a command writes to each stream once");
    }
    if append.claims.iter().any(|claim| claim.key.contains('\0')) {
        return malformed("U+0000 in a claim");
    }
    Ok(())
}

/// Refuses U+0000 in JSON, bare or escaped: a `json` column takes the escape, but nobody who makes
/// text of it afterwards could.
pub(super) fn check_text(json: &str) -> Result<(), Refusal> {
    let escaped = json.match_indices(r"\u0000").any(|(at, _)| {
        let backslashes = json.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count();
        backslashes % 2 == 0
    });
    if escaped || json.contains('\0') { Err(Refusal::Malformed("U+0000 in its content".into())) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_is_found_bare_and_escaped_but_not_behind_an_escaped_backslash() {
        assert!(check_text("{\"a\":\"\0\"}").is_err());
        assert!(check_text(r#"{"a":"\u0000"}"#).is_err());
        assert!(check_text(r#"{"a":"\\\u0000"}"#).is_err());
        assert!(check_text(r#"{"a":"\\u0000"}"#).is_ok(), "a backslash followed by the letters u0000");
        assert!(check_text(r#"{"a":"\u00001"}"#).is_err());
        assert!(check_text(r#"{"a":"\u0001"}"#).is_ok());
    }

    #[test]
    fn salts_differ() {
        assert_ne!(fresh_salt(), fresh_salt());
    }
}
