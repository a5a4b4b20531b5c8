//! `POST /sessions`: an address and a password in, a session's cookie out. Whether they are right is found out in `identity`.

use actix_web::{HttpRequest, HttpResponse};
use domain::account::{Command, Way};
use domain::{Code, PersonId};
use secrecy::SecretString;
use serde::Serialize;
use utoipa::ToSchema;

use super::begin::{Proved, begin};
use super::second_factor::{self, SecondFactor};
use super::{Choice, ShownSession, choices, with_cookie};
use crate::accounts::Known;
use crate::answer::{self, About};
use crate::dialect::Object;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Stranger};
use crate::identity::sign_in::Proven;
use crate::identity::{Circumstances, Session};

/// Who has signed in, or whom they may sign in as.
#[derive(Serialize, ToSchema)]
pub struct SignedIn {
    /// Absent where there are several persons to choose from: ask again with `person_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<ShownSession>,
    /// The persons that the one who signs in is, one in each organisation.
    pub persons: Vec<Choice>,
    /// The password was right, and something else is asked for: `POST /sessions/second_factor`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_factor: Option<SecondFactor>,
}

impl SignedIn {
    pub fn of(session: &Session, persons: Vec<Choice>) -> Self {
        Self { session: Some(ShownSession::of(session, true)), persons, second_factor: None }
    }
}

/// Signs a browser in by password. The answer sets the session's cookie, which no script can read. Where the account stands for
/// several persons and `person_id` names none, nothing begins, and the answer lists them. Where it has a second factor nothing begins
/// either: the answer holds a ticket for `POST /sessions/second_factor`.
#[utoipa::path(
    post, path = "/v4/sessions", tag = "identity", security(()),
    request_body = crate::routes::schema::NewSession,
    responses(
        (status = 200, body = SignedIn),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_json`, `empty_body`, `invalid_value_format`"),
        (status = 401, body = Envelope, description = "`invalid_credentials`, `account_blocked`"),
        (status = 403, body = Envelope, description = "`cross_site_request`, `tls_required`, `access_denied_person`"),
        (status = 429, body = Envelope, description = "`too_many_requests`: too many requests or wrong guesses"),
        (status = 503, body = Envelope),
    ),
)]
pub async fn create(request: HttpRequest, stranger: Stranger, body: Body) -> Result<HttpResponse, Fault> {
    let node = &stranger.node;
    let members = body.object()?;
    let members = Object::new(&members);
    let missing = |name: &'static str| Fault::domain(Code::RequiredParameterMissing).with(name);
    let login = members.string("login")?.ok_or_else(|| missing("login"))?;
    let password = SecretString::from(members.string("password")?.ok_or_else(|| missing("password"))?);
    let wanted = members.integer("person_id")?.map(PersonId);
    let (directory, head) = stranger.world().await?;
    let at = Circumstances { directory: &directory, head, now: node.journal.now(), origin: stranger.origin };
    let proven =
        node.sign_ins.prove(&login, &password, &at).await.inspect_err(|fault| node.failed_sign_in(&request, &login, &directory, fault))?;
    let accounts = accounts(&request, &stranger, &proven).await?;
    let persons: Vec<Choice> = accounts.iter().flat_map(|(known, _)| choices(&directory, known)).collect();
    let chosen = match (wanted, persons.as_slice()) {
        (Some(wanted), _) => wanted,
        (None, [only]) => PersonId(only.person_id),
        (None, []) => return Err(Fault::domain(Code::AccountBlocked)),
        (None, _) => return answer::json(&request, node, &SignedIn { session: None, persons, second_factor: None }, About::read(head)),
    };
    let found = accounts.iter().find_map(|(known, proof)| {
        let linked = known.account.persons.iter().find(|linked| linked.person == chosen)?;
        super::person_of(&directory, *linked).map(|_| (known, *linked, *proof))
    });
    let (known, linked, proof) = found.ok_or_else(|| Fault::domain(Code::AccessDeniedPerson))?;
    let persons = choices(&directory, known);
    if known.account.has_second_factor() {
        let asked = second_factor::ask(node, known, linked, proof, head).await?;
        return answer::json(&request, node, &SignedIn { session: None, persons, second_factor: Some(asked) }, About::read(head));
    }
    let proved = Proved {
        known,
        linked,
        by: Way::Password,
        second: None,
        head,
        password: Some((proof.person.id, proof.hash.clone())),
        replaces: None,
        authenticated_at: None,
    };
    let (cookie, session, position) = begin(node, &request, || stranger.request(&request), proved).await?;
    with_cookie(&request, node, &SignedIn::of(&session, persons), position, &cookie)
}

/// The accounts behind what was proved, each with one proof of it. Persons without an account join the first one: the same
/// login and the same password were shown for all of them.
async fn accounts<'a>(request: &HttpRequest, stranger: &Stranger, proven: &'a [Proven]) -> Result<Vec<(Known, &'a Proven)>, Fault> {
    let node = &stranger.node;
    let mut accounts: Vec<(Known, &Proven)> = Vec::new();
    // At most as many as one login may mean.
    for proof in proven {
        let known = match (node.account_of(proof.person.id).await?, accounts.first_mut()) {
            (Some(known), _) => known,
            (None, None) => node.account_for(&proof.person, stranger.request(request)).await?,
            (None, Some((first, _))) => {
                let link = Command::Link { organisation: proof.person.organisation, person: proof.person.id };
                match node.change_account(first.id, stranger.request(request), link).await {
                    Ok(done) => {
                        first.account = done.view;
                        continue;
                    }
                    // It stands for somebody else of this organisation: they stay apart.
                    Err(fault) if fault.is(Code::Conflict) => node.account_for(&proof.person, stranger.request(request)).await?,
                    Err(fault) => return Err(fault),
                }
            }
        };
        if accounts.iter().all(|(other, _)| other.id != known.id) {
            accounts.push((known, proof));
        }
    }
    Ok(accounts)
}
