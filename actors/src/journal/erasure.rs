//! The record of an erasure: `erasure.performed`, with positions, reason and the substitutes' digests.
//! Not the replacing itself (that is the journals'), nor what a substitute looks like (the caller's).

use std::sync::Arc;

use domain::audit::{self, Erased, Performed};
use domain::codec::EventSet;
use domain::{Kind, StreamId, Version};

use super::{Append, ERASED_MAX, Erasure, Premise, Refusal, Target, Write, chain};

/// Events named in one record, so that it stays well under the size of an event.
const EVENTS_PER_RECORD: usize = 2_000;

impl Erasure {
    /// The stream that erasures of this organisation are recorded on.
    pub(super) fn stream(&self) -> StreamId {
        StreamId::new(Kind::Audit, self.organisation.0)
    }

    /// Refuses what can never be carried out.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if self.substitutes.is_empty() {
            return Err(Refusal::Malformed("an erasure names at least one event".into()));
        }
        if self.substitutes.len() > ERASED_MAX {
            return Err(Refusal::TooLarge);
        }
        let mut positions: Vec<_> = self.substitutes.iter().map(|substitute| substitute.position).collect();
        positions.sort_unstable();
        if positions.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Refusal::Malformed("an erasure names each event once".into()));
        }
        for substitute in &self.substitutes {
            for json in [&substitute.meta, &substitute.payload] {
                super::prepared::check_text(json)?;
                if serde_json::from_str::<serde::de::IgnoredAny>(json).is_err() {
                    return Err(Refusal::Malformed("a substitute is not JSON".into()));
                }
            }
        }
        Ok(())
    }

    /// The append that records the erasure on top of version `expected` of its stream.
    pub(super) fn record(&self, expected: Version) -> Append {
        let events = self.substitutes.chunks(EVENTS_PER_RECORD).map(|substitutes| {
            let erased = substitutes.iter().map(|substitute| Erased {
                position: substitute.position,
                digest: hex::encode(chain::digest(&[], &substitute.meta, &substitute.payload)),
            });
            let performed = Performed { reason: self.reason.clone(), events: erased.collect() };
            audit::Event::Performed(performed).encode()
        });
        Append {
            organisation: self.organisation,
            command: self.command,
            person: self.person,
            meta: Arc::new(self.meta.clone()),
            writes: vec![Write { target: Target::Existing { stream: self.stream(), expected, hash: None }, events: events.collect() }],
            claims: Vec::new(),
            premise: Premise::default(),
            deadline: self.deadline,
        }
    }
}
