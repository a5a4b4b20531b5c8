//! What decisions about a person need to remember, which is also what the directory shows of them,
//! and the fold that keeps it.

use serde::{Deserialize, Serialize};

use super::bot::Bot;
use super::event::{Absence, Added, Avatar, Event, PersonKind, Profile};
use super::restrictions::Restrictions;
use super::sessions::SessionPolicy;
use crate::aggregate::{ClaimChange, ClaimKind};
use crate::id::{OrganisationId, PersonId, Position, Version};
use crate::recorded::Header;

/// The state of a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    pub organisation: OrganisationId,
    pub exists: bool,
    pub kind: PersonKind,
    #[serde(with = "crate::snapshot::as_json")]
    pub profile: Profile,
    pub rights: u32,
    pub blocked: bool,
    /// Tokens made at or before this position are void.
    pub credentials_changed: Position,
    /// The last position that changed what tasks show of somebody who was there before; 0 if none did.
    pub shown_changed: Position,
    pub has_key: bool,
    pub dismissed: bool,
    /// Who was given what the dismissed had to do.
    pub task_receiver: Option<PersonId>,
    pub restrictions: Restrictions,
    #[serde(with = "crate::snapshot::as_json")]
    pub sessions: SessionPolicy,
    #[serde(with = "crate::snapshot::as_json")]
    pub avatar: Avatar,
    #[serde(with = "crate::snapshot::as_json")]
    pub absence: Option<Absence>,
    #[serde(with = "crate::snapshot::as_json")]
    pub bot: Bot,
    /// The version that last changed a bot.
    pub bot_version: Version,
    /// Where they last stopped being an administrator; 0 if never.
    pub administration_left: Position,
    /// The versions behind the positions, for when the log tells where they are.
    pub(crate) credentials_version: Version,
    pub(crate) shown_version: Version,
    pub(crate) administration_version: Version,
}

impl Person {
    /// Holds all of `rights`, and may use them: is not blocked, and not a guest.
    pub fn may(&self, rights: u32) -> bool {
        self.exists && !self.blocked && self.kind != PersonKind::Guest && self.rights & rights == rights
    }

    /// Their recorded facts were replaced, by an erasure that the log tells of at `position`: tasks show them otherwise from
    /// there on, without a fact of their own that says so.
    pub fn shown_anew(&mut self, position: Position) {
        (self.shown_changed, self.shown_version) = (self.shown_changed.max(position), 0);
    }

    pub(super) fn fold(&mut self, event: &Event, header: &Header) {
        if self.kind == PersonKind::Bot {
            self.bot_version = header.version;
        }
        match event {
            Event::Added(added) => self.added(added, header),
            Event::Changed(profile) => {
                if shows_otherwise(&self.profile, profile) {
                    self.shown_otherwise(header);
                }
                self.profile.clone_from(profile);
            }
            Event::RightsChanged { rights } => self.rights = *rights,
            Event::Blocked => {
                self.blocked = true;
                self.shown_otherwise(header);
            }
            Event::Restored => {
                (self.blocked, self.dismissed, self.task_receiver) = (false, false, None);
                self.shown_otherwise(header);
            }
            Event::Dismissed { receiver } => {
                (self.blocked, self.dismissed, self.task_receiver) = (true, true, *receiver);
                self.shown_otherwise(header);
            }
            Event::AdministrationLeft { after: _ } => {
                (self.administration_left, self.administration_version) = (header.position, header.version);
            }
            Event::Restricted(restrictions) => self.restrictions = *restrictions,
            Event::SessionPolicySet(policy) => self.sessions = *policy,
            Event::AvatarSet(avatar) => self.avatar.clone_from(avatar),
            Event::AbsenceSet(absence) => self.absence = Some(*absence),
            Event::AbsenceCleared => self.absence = None,
            Event::BotSet(bot) => self.bot = Bot::clone(bot),
            Event::KeyIssued => {
                self.has_key = true;
                self.credentials_voided(header);
            }
            Event::KeyRevoked => {
                self.has_key = false;
                self.credentials_voided(header);
            }
            Event::PasswordChanged => self.credentials_voided(header),
        }
    }

    fn added(&mut self, added: &Added, header: &Header) {
        self.id = PersonId(header.stream.id);
        self.organisation = header.organisation;
        self.exists = true;
        self.kind = added.kind;
        self.rights = added.rights;
        self.profile.clone_from(&added.profile);
    }

    fn shown_otherwise(&mut self, header: &Header) {
        (self.shown_changed, self.shown_version) = (header.position, header.version);
    }

    fn credentials_voided(&mut self, header: &Header) {
        (self.credentials_changed, self.credentials_version) = (header.position, header.version);
    }

    pub(super) fn place(&mut self, version: Version, position: Position) {
        if self.shown_version == version {
            self.shown_changed = position;
        }
        if self.credentials_version == version {
            self.credentials_changed = position;
        }
        if self.administration_version == version {
            self.administration_left = position;
        }
    }

    pub(super) fn claims_of(&self, event: &Event) -> Vec<ClaimChange> {
        let after = match event {
            Event::Added(added) => &added.profile,
            Event::Changed(profile) => profile,
            Event::AdministrationLeft { after } => {
                return vec![ClaimChange { kind: ClaimKind::AdministrationLeft, key: after.to_string(), taken: true }];
            }
            Event::RightsChanged { .. }
            | Event::Blocked
            | Event::Restored
            | Event::Dismissed { .. }
            | Event::Restricted(_)
            | Event::SessionPolicySet(_)
            | Event::AvatarSet(_)
            | Event::AbsenceSet(_)
            | Event::AbsenceCleared
            | Event::BotSet(_)
            | Event::KeyIssued
            | Event::KeyRevoked
            | Event::PasswordChanged => return Vec::new(),
        };
        let mut claims = Vec::new();
        moved(&mut claims, ClaimKind::Email, &self.profile.email.to_lowercase(), &after.email.to_lowercase());
        let external = |profile: &Profile| profile.external_id.clone().unwrap_or_default();
        moved(&mut claims, ClaimKind::ExternalId, &external(&self.profile), &external(after));
        let phone = |profile: &Profile| profile.login_phone.clone().unwrap_or_default();
        moved(&mut claims, ClaimKind::LoginPhone, &phone(&self.profile), &phone(after));
        claims
    }
}

/// Whether a task shows a person with `after` otherwise than with `before`: the fields of
/// [`crate::task::document`]'s embedded person.
fn shows_otherwise(before: &Profile, after: &Profile) -> bool {
    let shown = |profile: &Profile| {
        let Profile { first_name, last_name, email, native_first_name, native_last_name, external_id, .. } = profile.clone();
        (first_name, last_name, email, native_first_name, native_last_name, external_id)
    };
    shown(before) != shown(after)
}

/// The claim `before` becomes `after`; empty is no claim.
fn moved(claims: &mut Vec<ClaimChange>, kind: ClaimKind, before: &str, after: &str) {
    if before == after {
        return;
    }
    let mut change = |key: &str, taken| {
        if !key.is_empty() {
            claims.push(ClaimChange { kind, key: key.to_owned(), taken });
        }
    };
    change(before, false);
    change(after, true);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_email(email: &str) -> Profile {
        Profile { email: email.to_owned(), ..Profile::default() }
    }

    #[test]
    fn an_added_person_takes_their_address_in_lower_case() {
        let added = Event::Added(Box::new(Added { kind: PersonKind::User, rights: 0, profile: with_email("Ann@Example.org") }));
        let expected = [ClaimChange { kind: ClaimKind::Email, key: "ann@example.org".to_owned(), taken: true }];
        assert_eq!(Person::default().claims_of(&added), expected);
    }

    #[test]
    fn a_new_address_releases_the_old_one_and_another_case_moves_nothing() {
        let person = Person { profile: with_email("ann@example.org"), ..Person::default() };
        let moved = person.claims_of(&Event::Changed(Box::new(with_email("ann@example.com"))));
        assert_eq!(
            moved.iter().map(|claim| (claim.key.as_str(), claim.taken)).collect::<Vec<_>>(),
            [("ann@example.org", false), ("ann@example.com", true)]
        );
        assert_eq!(person.claims_of(&Event::Changed(Box::new(with_email("ANN@example.org")))), []);
    }

    #[test]
    fn a_cleared_external_id_is_released() {
        let profile = Profile { external_id: Some("77".to_owned()), ..Profile::default() };
        let person = Person { profile, ..Person::default() };
        let released = [ClaimChange { kind: ClaimKind::ExternalId, key: "77".to_owned(), taken: false }];
        assert_eq!(person.claims_of(&Event::Changed(Box::default())), released);
    }
}
