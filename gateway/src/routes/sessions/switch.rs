//! `PUT /session`: going on as another of the persons that somebody is. Not signing in: nothing is proved anew.

use actix_web::{HttpRequest, HttpResponse};
use domain::account::Way;
use domain::{Code, PersonId};

use super::begin::{Proved, begin};
use super::create::SignedIn;
use super::{choices, person_of, with_cookie};
use crate::dialect::Object;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller};

/// Goes on as another person of the same account: another organisation. The session gets a new cookie.
#[utoipa::path(
    put, path = "/v4/session", tag = "identity", security(("session" = [])), request_body = crate::routes::schema::SwitchPerson,
    responses(
        (status = 200, body = SignedIn), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_person`, `cross_site_request`"), (status = 503, body = Envelope),
    ),
)]
pub async fn switch(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let members = body.object()?;
    let wanted = Object::new(&members).integer("person_id")?.map(PersonId);
    let wanted = wanted.ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("person_id"))?;
    // A token is for one person.
    let session = caller.in_session()?;
    let known = caller.node.account(session.account).await?;
    let head = caller.node.true_head().await?;
    let (directory, _) = caller.node.world.at_least(head).await?;
    let linked = known.account.persons.iter().copied().find(|linked| linked.person == wanted);
    let linked = linked.filter(|linked| person_of(&directory, *linked).is_some());
    let proved = Proved {
        known: &known,
        linked: linked.ok_or_else(|| Fault::domain(Code::AccessDeniedPerson))?,
        by: Way::Switch,
        second: session.factor(),
        // What voided the session of before must void this one as well.
        head: session.position - 1,
        password: None,
        replaces: Some(session),
        authenticated_at: Some(session.authenticated_at),
    };
    let (cookie, session, position) = begin(&caller.node, &request, || caller.as_the_system(&request), proved).await?;
    let answer = SignedIn::of(&session, choices(&directory, &known));
    with_cookie(&request, &caller.node, &answer, position, &cookie)
}
