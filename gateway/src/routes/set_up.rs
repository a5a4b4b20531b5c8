//! `/set_up`: the first organisation of an installation, founded in a browser by who holds the machine. Only while nobody could
//! administer one; others are founded on the command line.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use actors::system::{Reason, Refused};
use domain::account::{Linked, Way};
use domain::aggregate::Aggregate;
use domain::directory::OrganisationDirectory;
use domain::organisation::{Command as OrganisationCommand, Organisation, Settings as OrganisationSettings};
use domain::person::{Added, Command, Person, PersonKind, Profile, rights};
use domain::rejection::Rejection;
use domain::{Code, Issued, OrganisationId, PersonId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::password::new_password;
use super::sessions::begin::{Proved, begin};
use super::sessions::create::SignedIn;
use super::sessions::{choices, with_cookie};
use crate::answer::{self, About};
use crate::codes::Own;
use crate::dialect::Object;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Stranger};
use crate::identity::Purpose;
use crate::links;

#[derive(Serialize, ToSchema)]
pub struct SetUp {
    /// There is no organisation yet, or none whose administrator could sign in.
    needed: bool,
}

/// Whether the installation has to be set up.
#[utoipa::path(
    get, path = "/v4/set_up", tag = "identity", security(()),
    responses((status = 200, body = SetUp), (status = 429, body = Envelope), (status = 503, body = Envelope)),
)]
pub async fn read(request: HttpRequest, stranger: Stranger) -> Result<HttpResponse, Fault> {
    let (directory, head) = stranger.world().await?;
    let needed = links::set_up_needed(&directory);
    answer::json(&request, &stranger.node, &SetUp { needed }, About::read(head))
}

/// Founds the first organisation with its administrator, who is signed in by that. The token is printed where the server starts, and by
/// `nashi admin set-up-link`. What is refused leaves the token as it was; where the database failed in between, a new link goes on
/// from what there is.
#[utoipa::path(
    post, path = "/v4/set_up", tag = "identity", security(()), request_body = super::schema::NewInstallation,
    responses(
        (status = 200, body = SignedIn),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_value_format`, `incorrect_email_format`, `invalid_input`"),
        (status = 401, body = Envelope, description = "`invalid_ticket`: the token is unknown, too old, or was used"),
        (status = 403, body = Envelope, description = "`cross_site_request`, `tls_required`"),
        (status = 409, body = Envelope, description = "`conflict`: there is an organisation already"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn set_up(request: HttpRequest, stranger: Stranger, body: Body) -> Result<HttpResponse, Fault> {
    let node = &stranger.node;
    let members = body.object()?;
    let members = Object::new(&members);
    let needed = |name: &'static str| {
        let missing = || Fault::domain(Code::RequiredParameterMissing).with(name);
        members.string(name)?.filter(|text| !text.trim().is_empty()).ok_or_else(missing)
    };
    let token = needed("token")?;
    let settings = OrganisationSettings {
        name: needed("organization")?,
        time_zone: members.string("time_zone")?.unwrap_or_else(|| "Etc/UTC".to_owned()),
        locale: members.string("locale")?.unwrap_or_else(|| "en-US".to_owned()),
    };
    let profile = Profile {
        email: needed("email")?,
        first_name: needed("first_name")?,
        last_name: members.string("last_name")?.unwrap_or_default(),
        ..Profile::default()
    };
    let password = new_password(&members)?;
    let now = node.journal.now();
    node.tickets.look(Purpose::SetUp, &token, now).await?.ok_or_else(|| Fault::own(Own::InvalidTicket))?;
    let (directory, _) = stranger.world().await?;
    if !links::set_up_needed(&directory) {
        return Err(Fault::domain(Code::Conflict));
    }
    // What an attempt that was broken off has left.
    let left = directory.organisations().min_by_key(|organisation| organisation.id).cloned();
    let present = left.as_ref().and_then(|left| left.by_email(&profile.email)).filter(|person| person.may(rights::ADMINISTRATOR)).cloned();
    let added = Added { kind: PersonKind::User, rights: rights::ADMINISTRATOR, profile };
    would_do(&settings, present.is_none().then_some(&added), left.as_deref(), now)?;
    let hash = node.hash_password(password).await?;
    // There is one token at a time, and it is good once: nobody else founds here now.
    node.tickets.redeem(Purpose::SetUp, &token, now).await?.ok_or_else(|| Fault::own(Own::InvalidTicket))?;
    let of = |organisation: OrganisationId| {
        let mut asked = stranger.request(&request);
        asked.organisation = organisation;
        asked
    };
    let organisation = match left {
        Some(left) => left.id,
        None => node.found_organisation(of, settings).await?,
    };
    let person: Arc<Person> = match present {
        Some(present) => present,
        None => {
            let done = node.add_person(of(organisation), Command::Add(Box::new(added))).await?;
            node.world.at_least(done.position).await?;
            done.view
        }
    };
    let linked = Linked { organisation, person: person.id };
    let known = node.account_for(&person, stranger.request(&request)).await?;
    let position = node.new_password(&[linked], &hash, || stranger.request(&request)).await?;
    let (directory, _) = node.world.at_least(position).await?;
    let proved = Proved {
        known: &known,
        linked,
        by: Way::SetUp,
        second: None,
        head: position,
        password: None,
        replaces: None,
        authenticated_at: None,
    };
    let (cookie, session, position) = begin(node, &request, || stranger.request(&request), proved).await?;
    let answer = SignedIn::of(&session, choices(&directory, &known));
    with_cookie(&request, node, &answer, position, &cookie)
}

/// Refuses what the decisions would refuse, before anything is recorded and the token used up.
fn would_do(
    settings: &OrganisationSettings,
    added: Option<&Added>,
    left: Option<&OrganisationDirectory>,
    at: Timestamp,
) -> Result<(), Fault> {
    let nobody = OrganisationDirectory::default();
    let organisation = left.map_or(OrganisationId::SYSTEM, |left| left.id);
    let issued = Issued { organisation, who: PersonId::SYSTEM, at, directory: left.unwrap_or(&nobody) };
    would(&Organisation::default(), &OrganisationCommand::Create(Box::new(settings.clone())), &issued)?;
    match added {
        Some(added) => would(&Person::default(), &Command::Add(Box::new(added.clone())), &issued),
        None => Ok(()),
    }
}

fn would<A: Aggregate>(state: &A, command: &A::Command, issued: &Issued<'_>) -> Result<(), Fault> {
    let refused = |no: A::Rejection| Refused::Rejected { code: no.code(), reason: Reason::of(&no), position: 0 };
    state.decide(command, issued).map_err(refused)?;
    Ok(())
}
