//! Who of a batch may be written, and as what: duplicates, expected versions and claims, one command after
//! the other, against what the log says under its lock. Pure; reading and writing are the journals'.

use std::collections::HashMap;
use std::time::Instant;

use domain::{ClaimKind, CommandId, Kind, OrganisationId, Position, StreamId, Version};
use jiff::Timestamp;

use super::chain::{self, Link};
use super::prepared::{Prepared, PreparedEvent};
use super::{Hash, Receipt, Refusal, StreamReceipt, Target};

/// The one part that there is to begin with.
pub(crate) const PART: i16 = 1;

/// The last id that the API's 32-bit clients can hold.
const TASK_ID_MAX: i64 = i32::MAX as i64;

pub(super) type ClaimKey = (OrganisationId, ClaimKind, String);

/// What the log says of all that a batch names. What is absent has no events, or is free.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    pub position: Position,
    pub at: Timestamp,
    pub rolling: Hash,
    pub next_task: i64,
    pub versions: HashMap<StreamId, (Version, Hash)>,
    pub claims: HashMap<ClaimKey, StreamId>,
    pub commands: HashMap<CommandId, Known>,
}

/// A command that took effect.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub organisation: OrganisationId,
    pub receipt: Receipt,
    /// The digest of its first event; see [`Prepared::first_digest`].
    pub digest: Hash,
}

/// An event with its place in the log.
#[derive(Clone, Copy, Debug)]
pub(super) struct Staged<'a> {
    pub command: &'a Prepared,
    pub event: &'a PreparedEvent,
    pub stream: StreamId,
    pub version: Version,
    pub position: Position,
    pub index: i16,
    pub hash: Hash,
}

/// What becomes of a batch once `events` and `claims` are written.
#[derive(Debug, Default)]
pub(super) struct Verdict<'a> {
    /// In the order of the commands.
    pub answers: Vec<Result<Receipt, Refusal>>,
    pub events: Vec<Staged<'a>>,
    /// Who holds what from now on; nobody holds what was released.
    pub claims: HashMap<ClaimKey, Option<StreamId>>,
}

impl Ledger {
    /// Judges `commands` in order and takes in what follows from those that may be written.
    /// `clock` is the database's; `now` is what deadlines are compared with.
    pub fn judge<'a>(&mut self, commands: &'a [Prepared], clock: Timestamp, now: Instant) -> Verdict<'a> {
        let mut verdict = self.open(clock);
        for command in commands {
            let answer = self.answer(command, now, &mut verdict);
            if answer.is_err() {
                command.premise.fail();
            }
            verdict.answers.push(answer);
        }
        verdict
    }

    /// As [`Ledger::judge`], by what is remembered and may be out of date: a "no" from memory is none, and nothing may
    /// come of it, or what was decided on events written elsewhere would fall with it. `None` then.
    pub fn judge_from_memory<'a>(&mut self, commands: &'a [Prepared], clock: Timestamp, now: Instant) -> Option<Verdict<'a>> {
        let mut verdict = self.open(clock);
        for command in commands {
            let answer = self.answer(command, now, &mut verdict);
            match &answer {
                Ok(_) => {}
                // That is so whatever the log says.
                Err(Refusal::Expired) => command.premise.fail(),
                Err(_) => return None,
            }
            verdict.answers.push(answer);
        }
        Some(verdict)
    }

    fn open<'a>(&mut self, clock: Timestamp) -> Verdict<'a> {
        self.at = self.at.max(whole_microseconds(clock));
        Verdict::default()
    }

    fn answer<'a>(&mut self, command: &'a Prepared, now: Instant, verdict: &mut Verdict<'a>) -> Result<Receipt, Refusal> {
        if let Some(known) = self.commands.get(&command.command) {
            return match () {
                () if known.organisation != command.organisation => {
                    Err(Refusal::Malformed("its command id is taken by another organisation".into()))
                }
                // An earlier try at this very append did commit, although its answer was lost.
                () if known.digest == command.first_digest() => Ok(known.receipt.clone()),
                () => Err(Refusal::Duplicate(Box::new(known.receipt.clone()))),
            };
        }
        if command.deadline <= now {
            return Err(Refusal::Expired);
        }
        let streams = self.targets(command)?;
        let claims = self.claims(command, streams[0].0)?;

        for (claim, holder) in claims {
            match holder {
                Some(stream) => self.claims.insert(claim.clone(), stream),
                None => self.claims.remove(&claim),
            };
            verdict.claims.insert(claim, holder);
        }
        let receipt = self.stage(command, streams, &mut verdict.events);
        let known = Known { organisation: command.organisation, receipt: receipt.clone(), digest: command.first_digest() };
        self.commands.insert(command.command, known);
        Ok(receipt)
    }

    /// The streams of a command with their versions and hashes, if all of the versions are as expected.
    fn targets(&self, command: &Prepared) -> Result<Vec<(StreamId, Version, Hash)>, Refusal> {
        let mut next_task = self.next_task;
        let mut streams = Vec::with_capacity(command.writes.len());
        for write in &command.writes {
            let target = match write.target {
                Target::New(kind) => {
                    if next_task > TASK_ID_MAX {
                        return Err(Refusal::Unavailable("all task ids are used up".into()));
                    }
                    next_task += 1;
                    (StreamId::new(kind, next_task - 1), 0, chain::START)
                }
                Target::Existing { stream, expected, .. } => {
                    // Otherwise the id would be given to another task later.
                    if stream.kind == Kind::Task && stream.id >= self.next_task {
                        return Err(Refusal::Malformed("the log has not given this task's id yet".into()));
                    }
                    let (actual, hash) = self.versions.get(&stream).copied().unwrap_or((0, chain::START));
                    if actual != expected || !command.premise.holds() {
                        return Err(Refusal::Conflict { stream, actual });
                    }
                    (stream, actual, hash)
                }
            };
            streams.push(target);
        }
        Ok(streams)
    }

    /// What the command's claims come to, if none of them is held by another stream.
    fn claims(&self, command: &Prepared, holder: StreamId) -> Result<HashMap<ClaimKey, Option<StreamId>>, Refusal> {
        let mut changes: HashMap<ClaimKey, Option<StreamId>> = HashMap::new();
        for change in &command.claims {
            let claim = (command.organisation, change.kind, change.key.clone());
            let held = changes.get(&claim).copied().unwrap_or_else(|| self.claims.get(&claim).copied());
            match (change.taken, held) {
                (true, Some(other)) if other != holder => {
                    return Err(Refusal::ClaimTaken { kind: change.kind, key: change.key.clone(), holder: other });
                }
                (true, _) => changes.insert(claim, Some(holder)),
                (false, Some(own)) if own == holder => changes.insert(claim, None),
                // Releasing what one does not hold changes nothing.
                (false, _) => None,
            };
        }
        Ok(changes)
    }

    fn stage<'a>(&mut self, command: &'a Prepared, streams: Vec<(StreamId, Version, Hash)>, events: &mut Vec<Staged<'a>>) -> Receipt {
        let mut receipt = Receipt { command: command.command, at: self.at, streams: Vec::new(), fingerprint: command.fingerprint.clone() };
        let mut index = 0;
        for (write, (stream, before, mut hash)) in command.writes.iter().zip(streams) {
            let (first_version, first_position) = (before + 1, self.position + 1);
            let mut version = before;
            for event in &write.events {
                version += 1;
                self.position += 1;
                let link = Link {
                    part: PART,
                    position: self.position,
                    organisation: command.organisation,
                    stream,
                    version,
                    event_type: event.encoded.event_type,
                    schema: event.encoded.schema,
                    at: self.at,
                    person: command.person,
                    command: command.command,
                    index,
                    digest: event.digest,
                };
                hash = link.hash(&hash);
                self.rolling = chain::roll(&self.rolling, &hash);
                events.push(Staged { command, event, stream, version, position: self.position, index, hash });
                index += 1;
            }
            if matches!(write.target, Target::New(Kind::Task)) {
                self.next_task += 1;
            }
            self.versions.insert(stream, (version, hash));
            receipt.streams.push(StreamReceipt { stream, first_version, first_position, events: version - before, hash });
        }
        receipt
    }
}

/// The log keeps microseconds; what is finer is cut.
pub(super) fn whole_microseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).expect("a timestamp's own microseconds are in its range")
}
