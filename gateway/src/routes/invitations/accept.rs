//! `PUT /invitations`: accepting an invitation with the token of its link. Who is signed in already accepts with the account that
//! they have; everybody else chooses a password.

use actix_web::{HttpRequest, HttpResponse};
use domain::account::{Command as AccountCommand, Linked, Way};
use domain::person::{Change, Command};
use domain::{Code, Position};

use crate::codes::Own;
use crate::dialect::Object;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Stranger, caller, site};
use crate::identity::{Purpose, Session};
use crate::routes::password::new_password;
use crate::routes::sessions::begin::{Proved, begin};
use crate::routes::sessions::create::SignedIn;
use crate::routes::sessions::{choices, with_cookie};

/// Accepts an invitation and signs in. With a session's cookie the invited person joins that account, and no password is asked for.
#[utoipa::path(
    put, path = "/v4/invitations", tag = "identity", security(()), request_body = crate::routes::schema::AcceptInvitation,
    responses(
        (status = 200, body = SignedIn),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_value_format`"),
        (status = 401, body = Envelope, description = "`invalid_ticket`: the token is unknown, too old, or was used"),
        (status = 403, body = Envelope, description = "`cross_site_request`, `tls_required`, `second_factor_required`"),
        (status = 409, body = Envelope, description = "`conflict`: the account is another person of this organisation already"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn accept(request: HttpRequest, stranger: Stranger, body: Body) -> Result<HttpResponse, Fault> {
    let node = &stranger.node;
    let members = body.object()?;
    let members = Object::new(&members);
    let invalid = || Fault::own(Own::InvalidTicket);
    let token = members.string("token")?.ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("token"))?;
    let now = node.journal.now();
    let (directory, head) = stranger.world().await?;
    let about = node.tickets.look(Purpose::Invitation, &token, now).await?.ok_or_else(invalid)?;
    let person = about.organisation.and_then(|id| directory.organisation(id)?.person(about.person?).cloned()).ok_or_else(invalid)?;
    if !node.is_invited(&person).await? {
        return Err(invalid());
    }
    let linked = Linked { organisation: person.organisation, person: person.id };
    let change = Change { first_name: members.string("first_name")?, last_name: members.string("last_name")?, ..Change::default() };
    let session = match site::cookie(&request, node) {
        Some(cookie) => match caller::session(&request, node, &cookie).await {
            // It is theirs, and to be finished first: another account would not be.
            Err(fault) if fault.is_own(Own::SecondFactorRequired) => return Err(fault),
            stands => stands.ok(),
        },
        None => None,
    };
    let hash = match session {
        Some(_) => None,
        None => Some(node.hash_password(new_password(&members)?).await?),
    };
    // Names that are not taken are refused before the token is used up.
    if change != Change::default() {
        let mut asked = stranger.request(&request);
        asked.organisation = person.organisation;
        node.change_person(person.id, asked, Command::Change(Box::new(change))).await?;
    }
    let (known, position): (_, Position) = match (&session, hash) {
        (Some(session), _) => {
            // The log lets one account have the person, so that the token need not be used up before.
            let link = AccountCommand::Link { organisation: person.organisation, person: person.id };
            let done = node.change_account(session.account, stranger.request(&request), link).await?;
            node.tickets.void(Purpose::Invitation, person.id).await?;
            (node.account(session.account).await?, done.position)
        }
        (None, Some(hash)) => {
            // Of two with one token and two passwords, one wins.
            node.tickets.redeem(Purpose::Invitation, &token, now).await?.ok_or_else(invalid)?;
            let position = match node.new_password(&[linked], &hash, || stranger.request(&request)).await {
                Ok(position) => position,
                Err(fault) => {
                    node.tickets.give_back(Purpose::Invitation, &token).await?;
                    return Err(fault);
                }
            };
            (node.account_for(&person, stranger.request(&request)).await?, position)
        }
        (None, None) => return Err(invalid()),
    };
    let (directory, _) = node.world.at_least(position).await?;
    let proved = Proved {
        known: &known,
        linked,
        by: Way::Invitation,
        second: session.as_ref().and_then(Session::factor),
        head: position.max(head),
        password: None,
        replaces: session.as_ref(),
        authenticated_at: session.as_ref().map(|session| session.authenticated_at),
    };
    let (cookie, session, position) = begin(node, &request, || stranger.request(&request), proved).await?;
    let answer = SignedIn::of(&session, choices(&directory, &known));
    with_cookie(&request, node, &answer, position, &cookie)
}
