//! Accounts, in the words of the routes: whose they are, and asking them to record something. What may be recorded is decided
//! in `domain::account`; that somebody has proved to be the account's human is found out in `identity` before anything here.

use std::sync::Arc;
use std::time::Instant;

use actix_web::HttpRequest;
use actors::system::{Done, Reading, Refused, Request};
use domain::account::{Account, Command, Factor, Linked};
use domain::person::{Command as PersonCommand, Person};
use domain::{ClaimKind, Code, Directory, Kind, OrganisationId, PersonId, Position, StreamId};

use crate::codes::Own;
use crate::error::Fault;
use crate::identity::factors::PasskeyAnswer;
use crate::identity::{Purpose, ShownFactor, sign_in};
use crate::metrics;
use crate::node::Node;

/// An account with its number.
#[derive(Clone, Debug)]
pub struct Known {
    pub id: i64,
    pub account: Arc<Account>,
}

impl Node {
    /// Somebody showed the wrong thing, at any of the ways in: counted, and those who look after the organisations of this login find
    /// out. Guesses that were not looked at any more (`too_many_requests`) are only counted: they would fill the list.
    pub fn failed_sign_in(&self, request: &HttpRequest, login: &str, directory: &Directory, fault: &Fault) {
        metrics::sign_in_refused(fault.code().unwrap_or("unknown"));
        let wrong = [Own::InvalidCredentials.entry().code, Code::AccountBlocked.as_str()];
        if !fault.code().is_some_and(|code| wrong.contains(&code)) {
            return;
        }
        let (now, place) = (self.journal.now(), self.place(request));
        let known = sign_in::candidates(directory, login.trim());
        for person in &known {
            self.access_log.sign_in_failed(login, Some((person.organisation, person.id)), now, place.clone());
        }
        if known.is_empty() {
            self.access_log.sign_in_failed(login, None, now, place);
        }
    }

    /// Takes what somebody shows besides their password. A recovery code that was used is recorded.
    ///
    /// # Errors
    /// `invalid_credentials`, which the access log tells those who look after the account's persons; `too_many_requests`.
    pub async fn take_factor(
        &self,
        http: &HttpRequest,
        known: &Known,
        shown: ShownFactor,
        request: impl Fn() -> Request,
    ) -> Result<Factor, Fault> {
        let taken = match shown {
            ShownFactor::Typed(typed) => self.factors.take((known.id, &known.account), &typed, self.origin(http), self.journal.now()).await,
            ShownFactor::Passkey(answer) => match self.by_passkey(answer).await {
                Ok(answered) if answered.id == known.id => Ok(Factor::Passkey),
                Ok(_) => Err(Fault::own(Own::InvalidCredentials)),
                Err(fault) => Err(fault),
            },
        };
        let factor = taken.inspect_err(|fault| self.failed_sign_in(http, &known.account.login, &self.world.latest(), fault))?;
        if factor == Factor::RecoveryCode {
            self.change_account(known.id, request(), Command::UseRecoveryCode).await?;
        }
        Ok(factor)
    }

    /// Whose passkey has answered. The challenge is used up by it, right or wrong.
    ///
    /// # Errors
    /// `invalid_ticket`, `invalid_credentials`.
    pub async fn by_passkey(&self, answer: PasskeyAnswer) -> Result<Known, Fault> {
        let now = self.journal.now();
        let about = self.tickets.redeem(Purpose::PasskeySignIn, &answer.ticket, now).await?;
        let state = about.ok_or_else(|| Fault::own(Own::InvalidTicket))?.detail;
        let answered = self.passkeys.check(state, answer.credential, now).await?;
        let answered = answered.ok_or_else(|| Fault::own(Own::InvalidCredentials))?;
        let known = self.account(answered.account).await?;
        if known.account.passkeys.iter().any(|passkey| passkey.id == answered.passkey) {
            Ok(known)
        } else {
            Err(Fault::own(Own::InvalidCredentials))
        }
    }

    /// A password may let this person in, at the door for programs where nothing else is asked for.
    ///
    /// # Errors
    /// `second_factor_required`.
    pub async fn by_password_alone(&self, person: &Person) -> Result<(), Fault> {
        let known = self.account_of(person.id).await?;
        if person.sessions.two_factor || known.is_some_and(|known| known.account.has_second_factor()) {
            return Err(Fault::own(Own::SecondFactorRequired).with("sign in with a security key"));
        }
        Ok(())
    }

    /// The end of the log as it is, not as this node last heard of it.
    ///
    /// # Errors
    /// 503 when it cannot be read.
    pub async fn true_head(&self) -> Result<Position, Fault> {
        let head = self.journal.current_head().await.map_err(|error| {
            tracing::warn!(%error, "the log's head could not be read");
            Fault::unavailable("the log cannot be read just now")
        })?;
        Ok(head.position)
    }

    /// The account that stands for the person, if there is one.
    ///
    /// # Errors
    /// 503 when the log cannot be read.
    pub async fn account_of(&self, person: PersonId) -> Result<Option<Known>, Fault> {
        let holder = self.journal.claim_holder(OrganisationId::SYSTEM, ClaimKind::AccountPerson, &person.to_string()).await;
        let holder = holder.map_err(|error| {
            tracing::warn!(%error, "it could not be read whose a person is");
            Fault::unavailable("the log cannot be read just now")
        })?;
        match holder {
            Some(stream) => Ok(Some(self.account(stream.id).await?)),
            None => Ok(None),
        }
    }

    /// The account of this number.
    ///
    /// # Errors
    /// When it is not there, or the log cannot be read.
    pub async fn account(&self, id: i64) -> Result<Known, Fault> {
        let reading = Reading {
            organisation: OrganisationId::SYSTEM,
            who: PersonId::SYSTEM,
            at_least: Some(self.true_head().await?).filter(|_| self.cluster().is_some()),
            deadline: Instant::now() + self.settings.http.deadline(),
        };
        let seen = self.system.read::<Account>(StreamId::new(Kind::Account, id), reading, ()).await?;
        Ok(Known { id, account: seen.view })
    }

    /// The account of a person who has just proved to be that person; made where there is none.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn account_for(&self, person: &Person, request: Request) -> Result<Known, Fault> {
        if let Some(known) = self.account_of(person.id).await? {
            return Ok(known);
        }
        let command = Command::Create { login: person.profile.email.clone(), organisation: person.organisation, person: person.id };
        match self.system.create::<Account>(request, command).await {
            Ok(done) => Ok(Known { id: done.stream.id, account: done.view }),
            // Somebody else was quicker, with the same proof.
            Err(Refused::Taken(_)) => self.account_of(person.id).await?.ok_or_else(|| Fault::domain(Code::Conflict)),
            Err(refused) => Err(refused.into()),
        }
    }

    /// Gives one human a new password: recorded for each of their persons, whose tokens and sessions are void with it, then stored.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses; an unknown outcome where it is recorded and could not be stored.
    pub async fn new_password(&self, persons: &[Linked], hash: &str, request: impl Fn() -> Request) -> Result<Position, Fault> {
        let mut recorded = Vec::with_capacity(persons.len());
        // A handful at most, one in each organisation.
        for linked in persons {
            let asked = Request { organisation: linked.organisation, ..request() };
            match self.change_person(linked.person, asked, PersonCommand::ChangePassword).await {
                Ok(done) => recorded.push((linked.person, linked.organisation, done.position)),
                // Not there any more.
                Err(fault) if fault.is(Code::AccessDeniedPerson) => {}
                Err(fault) => return Err(fault),
            }
        }
        let position = recorded.iter().map(|(_, _, position)| *position).max().unwrap_or_default();
        if let Err(fault) = self.world.at_least(position).await {
            tracing::warn!(%fault, "the directory does not show a change of passwords yet");
        }
        self.credentials.set_password(&recorded, hash).await.map_err(|error| {
            tracing::error!(%error, "a change of passwords is in the log, but the password was not stored");
            Fault::unknown_outcome()
        })?;
        for (person, _, _) in recorded {
            self.tokens.forget(person);
        }
        Ok(position)
    }

    /// Has the account record something.
    ///
    /// # Errors
    /// As the decision, or infrastructure, refuses.
    pub async fn change_account(&self, id: i64, request: Request, command: Command) -> Result<Done<Arc<Account>>, Fault> {
        Ok(self.system.execute::<Account>(StreamId::new(Kind::Account, id), request, command).await?)
    }
}
