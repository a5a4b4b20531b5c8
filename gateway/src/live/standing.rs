//! By what somebody holds a stream: a session or a token, and whether that still stands. The rules are those of any request
//! ([`crate::extract::caller`]); here they are asked again while the stream is open.

use std::collections::{HashMap, HashSet};

use domain::{Directory, PersonId};
use jiff::Timestamp;
use sqlx::PgPool;
use uuid::Uuid;

use crate::extract::caller::judge;
use crate::identity::{SecretHash, Session, Sessions, Token};

/// What a stream was opened with.
#[derive(Clone, Debug)]
pub enum Standing {
    Session(Box<Session>),
    Token(Token, SecretHash),
}

/// What the database says of sessions and tokens just now.
#[derive(Debug, Default)]
pub struct Known {
    sessions: HashMap<Uuid, Session>,
    tokens: HashSet<SecretHash>,
}

impl Standing {
    pub fn person(&self) -> PersonId {
        match self {
            Self::Session(session) => session.person,
            Self::Token(token, _) => token.person,
        }
    }

    /// The account whose session it is.
    pub fn account(&self) -> Option<i64> {
        match self {
            Self::Session(session) => Some(session.account),
            Self::Token(..) => None,
        }
    }

    pub fn session(&self) -> Option<Uuid> {
        match self {
            Self::Session(session) => Some(session.id),
            Self::Token(..) => None,
        }
    }

    /// Why it stands no more, as a request would be told.
    pub fn fallen(&self, directory: &Directory, now: Timestamp) -> Option<&'static str> {
        let token = match self {
            Self::Token(token, _) => *token,
            Self::Session(session) => {
                let mut session = session.clone();
                let organisation = directory.organisation(session.organisation);
                if let Some(person) = organisation.and_then(|organisation| organisation.person(session.person)) {
                    session.hold_to(&person.sessions);
                }
                if session.needs_factor {
                    return Some("second_factor_required");
                }
                session.as_token()
            }
        };
        judge(&token, directory, now).err().map(|fault| fault.code().unwrap_or("invalid_token"))
    }

    /// Takes in what the database says; `false` when it knows nothing of it any more.
    pub fn renew(&mut self, known: &Known) -> bool {
        match self {
            Self::Session(session) => match known.sessions.get(&session.id) {
                Some(found) => {
                    **session = found.clone();
                    true
                }
                None => false,
            },
            Self::Token(_, hash) => known.tokens.contains(hash),
        }
    }
}

/// What is known of all that `standings` rest on, by two queries.
///
/// # Errors
/// When the database does not answer.
pub async fn look(pool: &PgPool, sessions: &Sessions, standings: &[Standing]) -> Result<Known, sqlx::Error> {
    let (mut ids, mut hashes) = (Vec::new(), Vec::new());
    for standing in standings {
        match standing {
            Standing::Session(session) => ids.push(session.id),
            Standing::Token(_, hash) => hashes.push(hash.0.to_vec()),
        }
    }
    let mut known = Known::default();
    if !ids.is_empty() {
        known.sessions = sessions.not_ended(&ids).await?.into_iter().map(|session| (session.id, session)).collect();
    }
    if !hashes.is_empty() {
        let found: Vec<Vec<u8>> =
            sqlx::query_scalar("SELECT hash FROM token WHERE hash = ANY ($1) AND NOT revoked").bind(&hashes).fetch_all(pool).await?;
        known.tokens = found.into_iter().filter_map(|hash| <[u8; 32]>::try_from(hash).ok().map(SecretHash)).collect();
    }
    Ok(known)
}
