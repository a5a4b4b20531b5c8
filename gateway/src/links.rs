//! Links that let somebody in once: to reset a password, to accept an invitation, to set the installation up. They will go out by
//! mail; until there is a mail service, whoever holds the machine has them printed (`nashi admin`). Not what is behind them.

use std::sync::Arc;

use domain::account::Linked;
use domain::person::{Person, PersonKind, rights};
use domain::{Directory, OrganisationId, PersonId};
use jiff::SignedDuration;

use crate::accounts::Known;
use crate::config::Settings;
use crate::error::Fault;
use crate::identity::tickets::About;
use crate::identity::{Purpose, Secret};
use crate::node::Node;

/// Long enough to walk to the mailbox.
pub const RESET_FOR: SignedDuration = SignedDuration::from_hours(1);
/// Long enough for a holiday.
pub const INVITED_FOR: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Until somebody sets the installation up.
pub const SET_UP_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Persons of one login who are sent a link.
const PERSONS_MAX: usize = 8;

/// Whose password a link resets.
#[derive(Clone)]
pub struct Resettable {
    pub person: Arc<Person>,
    pub known: Option<Known>,
}

/// The address that a link has for people. The secret stands behind a `#`, so that no server's log ever sees it.
pub fn address(settings: &Settings, base: Option<&str>, page: &str, secret: &Secret) -> String {
    let configured = settings.http.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
    let base = configured.or_else(|| base.map(str::to_owned)).unwrap_or_else(|| format!("http://{}", settings.http.address));
    format!("{base}/{page}#token={}", secret.expose())
}

impl Node {
    /// Whom a link to reset the password may be sent to at this address: the humans whose own address it is. Where a person's
    /// address was changed by those who manage people, it is not the one that the account was proved with, and nothing is sent.
    ///
    /// # Errors
    /// 503 when the log cannot be read.
    pub async fn resettable(&self, directory: &Directory, login: &str) -> Result<Vec<Resettable>, Fault> {
        let login = login.trim().to_lowercase();
        let with_address = directory.organisations().filter_map(|organisation| organisation.by_email(&login));
        let persons = with_address.filter(|person| person.exists && !person.blocked && person.kind != PersonKind::Bot);
        let mut found: Vec<Resettable> = Vec::new();
        for person in persons.take(PERSONS_MAX).cloned().collect::<Vec<_>>() {
            let known = self.account_of(person.id).await?;
            let same = |other: &Resettable| matches!((&other.known, &known), (Some(one), Some(two)) if one.id == two.id);
            if known.as_ref().is_none_or(|known| known.account.login == login) && !found.iter().any(same) {
                found.push(Resettable { person, known });
            }
        }
        Ok(found)
    }

    /// Makes what resets a password.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub async fn reset_ticket(&self, whose: &Resettable) -> Result<Secret, Fault> {
        let about = About {
            account: whose.known.as_ref().map(|known| known.id),
            person: Some(whose.person.id),
            organisation: Some(whose.person.organisation),
            ..About::default()
        };
        Ok(self.tickets.make(Purpose::PasswordReset, &about, RESET_FOR, false, self.journal.now()).await?)
    }

    /// Makes what lets an invited person in; any that was made before is void.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub async fn invitation_ticket(&self, person: PersonId, organisation: OrganisationId) -> Result<Secret, Fault> {
        let about = About { person: Some(person), organisation: Some(organisation), ..About::default() };
        Ok(self.tickets.make(Purpose::Invitation, &about, INVITED_FOR, true, self.journal.now()).await?)
    }

    /// Makes what sets the installation up; any that was made before is void.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub async fn set_up_ticket(&self) -> Result<Secret, Fault> {
        // The system stands for the installation: one ticket at a time.
        let about = About { person: Some(PersonId::SYSTEM), ..About::default() };
        Ok(self.tickets.make(Purpose::SetUp, &about, SET_UP_FOR, true, self.journal.now()).await?)
    }

    /// The person has never had anything to sign in with: an invitation may still let them in.
    ///
    /// # Errors
    /// 503 when the log cannot be read.
    pub async fn is_invited(&self, person: &Person) -> Result<bool, Fault> {
        let fresh = person.exists && !person.blocked && person.kind != PersonKind::Bot && person.credentials_changed == 0;
        Ok(fresh && self.account_of(person.id).await?.is_none())
    }
}

/// Nobody could administer anything: no administrator has ever had something to sign in with. So it is in the beginning, and where
/// setting up was broken off.
pub fn set_up_needed(directory: &Directory) -> bool {
    let mut everybody = directory.organisations().flat_map(|organisation| organisation.persons.values());
    !everybody.any(|person| person.kind == PersonKind::User && person.may(rights::ADMINISTRATOR) && person.credentials_changed > 0)
}

/// The persons of an account, or the one person who has none.
pub fn everybody(known: Option<&Known>, person: &Person) -> Vec<Linked> {
    match known {
        Some(known) => known.account.persons.clone(),
        None => vec![Linked { organisation: person.organisation, person: person.id }],
    }
}
