//! What a browser's session may not do as it is: the one list of what is dangerous, and of what is left to who lacks a second
//! factor. Not what tokens may do: they are for programs, have no factors, and cannot ask a human.
//!
//! **Dangerous** is what would let whoever sits down at a browser that was left open stay in, or shut others out. It wants a proof
//! within `identity.recent_minutes`, else `step_up_required`; `POST /session/step_up` gives it. Beside the routes of [`DANGEROUS`],
//! what a body may hold is asked by [`recent`] where it is read:
//!
//! | what | where |
//! |---|---|
//! | giving or taking rights, `banned`, `two_factor_auth` | `PUT /members/{id}` |
//! | adding or inviting somebody with rights | `POST /members`, `POST /invitations` |
//!
//! Where the account has a second factor, its factors are changed from sessions in which one was shown
//! ([`crate::routes::account::own`]).
//!
//! **Without a second factor** that is demanded of its person ([`Session::needs_factor`]) a session may do what is in
//! [`TOWARDS_A_FACTOR`], else `second_factor_required`.

use actix_web::HttpRequest;
use jiff::{SignedDuration, Timestamp};

use crate::codes::Own;
use crate::config::Identity;
use crate::error::Fault;
use crate::identity::Session;

/// Method and path, without the prefix.
const DANGEROUS: &[(&str, &str)] = &[
    ("PUT", "/profile/password"),
    ("POST", "/profile/security_key"),
    ("DELETE", "/profile/security_key"),
    ("POST", "/members/{id}/security_key"),
    ("DELETE", "/members/{id}/security_key"),
    ("DELETE", "/members/{id}"),
    ("POST", "/members/bulk"),
    ("DELETE", "/sessions"),
    ("POST", "/account/totp"),
    ("PUT", "/account/totp"),
    ("DELETE", "/account/totp"),
    ("POST", "/account/recovery_codes"),
    ("POST", "/account/passkeys"),
    ("PUT", "/account/passkeys"),
    ("DELETE", "/account/passkeys/{id}"),
    ("POST", "/qr_sign_in/{id}"),
];

const TOWARDS_A_FACTOR: &[(&str, &str)] = &[
    ("GET", "/session"),
    ("DELETE", "/session"),
    ("POST", "/session/step_up"),
    ("GET", "/account"),
    ("POST", "/account/totp"),
    ("PUT", "/account/totp"),
    ("POST", "/account/passkeys"),
    ("PUT", "/account/passkeys"),
];

/// Lets the session through to the route that is asked for.
///
/// # Errors
/// `second_factor_required`, `step_up_required`.
pub fn pass(request: &HttpRequest, session: &Session, settings: &Identity, now: Timestamp) -> Result<(), Fault> {
    let pattern = request.match_pattern().unwrap_or_default();
    let path = pattern.strip_prefix("/api").unwrap_or(&pattern);
    let path = path.strip_prefix("/v4").unwrap_or(path);
    judge((request.method().as_str(), path), session, settings, now)
}

fn judge(asked: (&str, &str), session: &Session, settings: &Identity, now: Timestamp) -> Result<(), Fault> {
    if session.needs_factor && !TOWARDS_A_FACTOR.contains(&asked) {
        return Err(Fault::own(Own::SecondFactorRequired));
    }
    if DANGEROUS.contains(&asked) { recent(session, settings, now) } else { Ok(()) }
}

/// The session's human has proved a moment ago who they are.
///
/// # Errors
/// `step_up_required`.
pub fn recent(session: &Session, settings: &Identity, now: Timestamp) -> Result<(), Fault> {
    let within = SignedDuration::from_mins(i64::from(settings.recent_minutes));
    if now.duration_since(session.authenticated_at) <= within { Ok(()) } else { Err(Fault::own(Own::StepUpRequired)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{OrganisationId, PersonId};
    use uuid::Uuid;

    fn session(authenticated_at: i64, needs_factor: bool) -> Session {
        let time = Timestamp::from_second(authenticated_at).unwrap();
        Session {
            id: Uuid::from_u128(1),
            account: 1,
            person: PersonId(11),
            organisation: OrganisationId(1),
            position: 1,
            began_with: "password".into(),
            second: None,
            made_at: time,
            seen_at: time,
            authenticated_at: time,
            lasts_until: Timestamp::MAX,
            ends_at: Timestamp::MAX,
            needs_factor,
            address: None,
            agent: None,
            ended: false,
        }
    }

    #[test]
    fn what_is_dangerous_wants_a_recent_proof_and_the_rest_does_not() {
        let settings = crate::config::Settings::defaults().unwrap().identity;
        let at = |asked, second| judge(asked, &session(0, false), &settings, Timestamp::from_second(second).unwrap());
        assert!(at(("PUT", "/profile/password"), 600).is_ok());
        assert!(at(("PUT", "/profile/password"), 601).unwrap_err().is_own(Own::StepUpRequired));
        assert!(at(("GET", "/profile"), 601).is_ok());
    }

    #[test]
    fn without_the_factor_that_is_demanded_only_the_way_to_one_is_open() {
        let settings = crate::config::Settings::defaults().unwrap().identity;
        let at = |asked, second| judge(asked, &session(0, true), &settings, Timestamp::from_second(second).unwrap());
        for asked in TOWARDS_A_FACTOR {
            assert!(at(*asked, 0).is_ok(), "{asked:?}");
        }
        for asked in [("GET", "/profile"), ("POST", "/tasks"), ("PUT", "/session"), ("GET", ""), ("POST", "/session")] {
            assert!(at(asked, 0).unwrap_err().is_own(Own::SecondFactorRequired), "{asked:?}");
        }
        assert!(at(("POST", "/account/totp"), 601).unwrap_err().is_own(Own::StepUpRequired));
    }
}
