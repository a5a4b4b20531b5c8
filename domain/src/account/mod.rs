//! What somebody signs in with: a login, the persons it stands for (one in each of their organisations), and which further
//! factors there are. Not the secrets themselves, which are kept outside of the log, nor who may do what in an organisation.
//!
//! Accounts are of the system's own organisation, since they cross all others.

pub mod event;
pub mod rejection;
pub mod state;

mod access;
mod codec;
mod create;
mod erase;
mod link;
mod passkey;
mod password;
mod qr;
mod second_factor;
mod session;

pub use passkey::PASSKEYS_MAX;

pub use event::{Event, Factor, Linked, Way, Why};
pub use rejection::Rejection;
pub use state::{Account, Passkey};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::aggregate::{Aggregate, ClaimChange, Events};
use crate::id::{Kind, OrganisationId, PersonId};
use crate::issued::Issued;
use crate::recorded::Header;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Only on a stream without events: the account of a person who has proved to be that person.
    Create {
        login: String,
        organisation: OrganisationId,
        person: PersonId,
    },
    /// Another person of the same human, who has proved to be both.
    Link {
        organisation: OrganisationId,
        person: PersonId,
    },
    /// A session begins.
    StartSession {
        session: Uuid,
        person: PersonId,
        by: Way,
        second: Option<Factor>,
    },
    EndSession {
        session: Uuid,
        why: Why,
    },
    /// All sessions end, but for the one that is kept.
    EndSessions {
        kept: Option<Uuid>,
        why: Why,
    },
    /// The hash itself is kept outside of the log.
    ChangePassword,
    RequestPasswordReset,
    ResetPassword,
    AddTotp,
    RemoveTotp,
    MakeRecoveryCodes {
        count: u8,
    },
    UseRecoveryCode,
    AddPasskey {
        id: Uuid,
        name: String,
    },
    RenamePasskey {
        id: Uuid,
        name: String,
    },
    RemovePasskey {
        id: Uuid,
    },
    /// A browser that asks to be let in was answered from one that is signed in.
    AnswerQrSignIn {
        request: Uuid,
        approved: bool,
    },
}

impl Aggregate for Account {
    const KIND: Kind = Kind::Account;
    const REVISION: u32 = 1;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match command {
            Command::Create { login, organisation, person } => self.create(login, *organisation, *person, issued),
            Command::Link { organisation, person } => self.link(*organisation, *person, issued),
            Command::StartSession { session, person, by, second } => self.start_session(*session, *person, *by, *second, issued),
            Command::EndSession { session, why } => self.end_session(*session, *why, issued),
            Command::EndSessions { kept, why } => self.end_sessions(*kept, *why, issued),
            Command::ChangePassword => self.change_password(issued),
            Command::RequestPasswordReset => self.request_password_reset(issued),
            Command::ResetPassword => self.reset_password(issued),
            Command::AddTotp => self.add_totp(issued),
            Command::RemoveTotp => self.remove_totp(issued),
            Command::MakeRecoveryCodes { count } => self.make_recovery_codes(*count, issued),
            Command::UseRecoveryCode => self.use_recovery_code(issued),
            Command::AddPasskey { id, name } => self.add_passkey(*id, name, issued),
            Command::RenamePasskey { id, name } => self.rename_passkey(*id, name, issued),
            Command::RemovePasskey { id } => self.remove_passkey(*id, issued),
            Command::AnswerQrSignIn { request, approved } => self.answer_qr_sign_in(*request, *approved, issued),
        }
    }

    fn evolve(&mut self, event: &Event, _header: &Header) {
        self.fold(event);
    }

    fn claims(&self, event: &Event) -> Vec<ClaimChange> {
        state::claims_of(event)
    }
}
