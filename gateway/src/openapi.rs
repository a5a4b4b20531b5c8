//! The API's description, made from the routes themselves. What the routes do is said there.

mod exact;

use bytes::Bytes;
use std::fmt::Write;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::codes;
use crate::live::shown as told;
use crate::routes::{
    account, announcements, auth, awards, bots, calendar, catalogs, contacts, files, filters, follows, forms, history, inbox, invitations,
    knowledge_base, lists, live, members, members_bulk, nodes, notification_settings, notifications, operations, organization, orgchart,
    password, profile, qr_sign_in, roles, search, sessions, set_up, tasks,
};

/// The description as it is served.
pub struct Document(pub Bytes);

#[derive(OpenApi)]
#[openapi(
    info(title = "Nashi", license(name = "Apache-2.0", identifier = "Apache-2.0")),
    servers((url = "/", description = "This server; every path under /v4 is also served under /api/v4")),
    paths(
        auth::sign_in,
        profile::read, profile::identity, profile::set_absence, profile::clear_absence, profile::issue_key, profile::revoke_key, profile::change_password,
        contacts::read,
        members::list, members::read, members::add, members::change, members::block, members::issue_key, members::revoke_key,
        members::set_avatar, members::set_absence, members::clear_absence, members_bulk::bulk,
        bots::list, bots::add, bots::change, bots::dismiss,
        orgchart::list, orgchart::create, orgchart::change, orgchart::delete,
        orgchart::create_many, orgchart::change_many, orgchart::delete_many,
        roles::list, roles::read, roles::create, roles::change, roles::delete, roles::create_all, roles::change_all, roles::delete_all,
        tasks::create::create, tasks::read::read, tasks::comment::comment, tasks::delete::delete, tasks::put_away::put_away,
        tasks::access::access, tasks::related::related, tasks::print::print, tasks::print::by_form::print, tasks::bulk::comment,
        inbox::read::read, inbox::snooze::snooze, inbox::snooze::unsnooze, inbox::remind::remind, calendar::read, search::read,
        live::stream::read, live::bind::bind, live::ticket::make, live::say::viewing, live::say::writing, live::say::subscribe,
        live::say::unsubscribe,
        notifications::list::list, notifications::read::read, notifications::read::unread,
        notification_settings::read, notification_settings::set, follows::list, follows::follow, follows::unfollow,
        files::upload::upload, files::download::by_id,
        filters::list, filters::create, filters::read, filters::change, filters::delete, filters::tasks::read,
        lists::read::list, lists::read::read, lists::write::create, lists::write::change, lists::write::delete,
        lists::bulk::create, lists::bulk::change, lists::bulk::delete, lists::tasks::read, lists::tasks::ask, lists::tasks::by_approver,
        announcements::list, announcements::read, announcements::create, announcements::change, announcements::delete,
        announcements::comment, announcements::edit_comment, announcements::delete_comment,
        catalogs::read::list, catalogs::read::read, catalogs::write::create, catalogs::write::sync, catalogs::write::upsert,
        catalogs::write::delete, catalogs::bulk::create, catalogs::bulk::sync, catalogs::bulk::delete,
        awards::list, awards::read, awards::write::create, awards::write::change, awards::write::delete,
        awards::threshold::read, awards::threshold::set, awards::counter::read, awards::counter::increment, awards::counter::set,
        sessions::create::create, sessions::current::read, sessions::switch::switch, sessions::current::end,
        sessions::list::list, sessions::list::end_all, sessions::list::end, sessions::second_factor::show, sessions::step_up::step_up,
        account::read, account::totp::offer, account::totp::confirm, account::totp::remove, account::recovery_codes::make,
        account::passkeys::ask, account::passkeys::keep, account::passkeys::rename, account::passkeys::remove,
        sessions::passkey::ask, sessions::passkey::sign_in,
        qr_sign_in::ask, qr_sign_in::look, qr_sign_in::answer, qr_sign_in::take,
        history::events::list, history::reads::tasks, history::reads::files, history::reads::registers,
        history::reads::task_exports, history::reads::register_exports, history::last_action::list, history::visible::list,
        forms::read::list, forms::read::read, forms::read::definition, forms::read::versions, forms::read::permissions,
        forms::register::read, forms::register::ask, forms::what_if::ask, forms::handling_time::read,
        forms::print_forms::list, forms::print_forms::create, forms::print_forms::change, forms::print_forms::remove,
        forms::write::create, forms::write::change, forms::write::publish, forms::write::clone, forms::write::close, forms::write::permit,
        knowledge_base::structure, knowledge_base::create, knowledge_base::read, knowledge_base::change, knowledge_base::delete,
        knowledge_base::permissions, knowledge_base::permit, knowledge_base::versions,
        password::request, password::reset,
        invitations::invite::list, invitations::invite::invite, invitations::accept::accept, invitations::invite::again, invitations::invite::revoke,
        set_up::read, set_up::set_up,
        organization::read, organization::change,
        nodes::read, operations::livez, operations::readyz,
    ),
    // What the live stream tells, which no route answers.
    components(schemas(
        told::ToldHello, told::ToldTask<'_>, told::ToldGone, told::ToldAnnouncement<'_>, told::ToldInbox, told::ToldNotified,
        told::ToldAccess, told::ToldReset<'_>, told::ToldPresence, told::ToldQuery<'_>, told::ToldEnd<'_>,
    )),
    modifiers(&Described),
    security(("token" = []), ("session" = [])),
)]
struct Api;

struct Described;

impl Modify for Described {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme =
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("From POST /v4/auth")).build());
        let cookie = ApiKey::Cookie(ApiKeyValue::with_description(
            "__Host-nashi",
            "From POST /v4/sessions. A request that changes something must come of our own pages, as `Sec-Fetch-Site` or `Origin` tells; \
             what says neither needs a header `Nashi-Request`",
        ));
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("token", scheme);
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
        openapi.info.description = Some(description());
        exact::name_operations(openapi);
        exact::leave_out_nulls(openapi);
    }
}

/// The conventions of all routes, and the table of error codes.
fn description() -> String {
    let mut text = String::from(
        "Dates are `YYYY-MM-DD` and `YYYY-MM-DDThh:mm:ssZ`, in UTC. Empty members are left out of answers. Unknown members of requests \
         are ignored.\n\nEvery answer names a position of the log in `Nashi-Position`; sent back in `Nashi-Wait-For`, it makes the \
         next answer show at least that. A change without an `Idempotency-Key` is named by the server in `Nashi-Command`; one that is repeated under \
         its key is answered again with `Idempotency-Replayed: true`. `X-RateLimit-Limit`, `X-RateLimit-Remaining` and \
         `X-RateLimit-Reset` (seconds) tell what is left. 429 and 503 carry `Retry-After`. `Nashi-Person` may name the person that \
         the asker believes to be, on every route: 409 `other_person` where it is somebody else. Answers name whoever was recognised in \
         the same header. When it cannot be found out whether a change took effect, the connection is closed without an answer.\n\n| code | status | meaning |\n|---|---|---|\n",
    );
    for entry in codes::all() {
        // Writing to a String does not fail.
        let _ = writeln!(text, "| `{}` | {} | {} |", entry.code, entry.status.as_u16(), entry.english);
    }
    text.push_str(
        "\nWho may do what, by their rights (bits of `rights`, under the dialect's names) or by what they are to it. Persons of other \
         organisations may do nothing; a guest's rights count for nothing; what may not be seen is told of as if it were not there.\n\n",
    );
    text.push_str(&domain::rights::table());
    text
}

/// The description as JSON.
///
/// # Errors
/// When it has no JSON, which a test rules out.
pub fn document() -> serde_json::Result<String> {
    Api::openapi().to_pretty_json()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Own;

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let document: serde_json::Value = serde_json::from_str(&document().unwrap()).unwrap();
        let mut names = std::collections::HashSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap();
                assert!(names.insert(name.to_owned()), "{method} {path}: {name}");
            }
        }
    }

    #[test]
    fn the_description_is_openapi_3_1_with_its_security_and_every_code() {
        let document: serde_json::Value = serde_json::from_str(&document().unwrap()).unwrap();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
        assert!(document["paths"]["/v4/tasks/{id}/comments"]["post"]["responses"]["422"].is_object());
        let description = document["info"]["description"].as_str().unwrap();
        for own in Own::ALL {
            assert_eq!(description.matches(&format!("| `{}` |", own.entry().code)).count(), 1);
        }
    }

    #[test]
    fn every_shape_that_is_named_is_there_and_every_operation_has_a_name_of_its_own() {
        let text = document().unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let components = &document["components"]["schemas"];
        for reference in text.split("\"$ref\": \"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(components[name].is_object(), "{name} is named and not described");
        }
        let names: Vec<&str> = text.split("\"operationId\": \"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let distinct: std::collections::BTreeSet<&&str> = names.iter().collect();
        assert_eq!((names.len(), names.len() > 100), (distinct.len(), true));
    }

    #[test]
    fn answers_leave_out_what_is_empty_and_requests_may_say_null() {
        let document: serde_json::Value = serde_json::from_str(&document().unwrap()).unwrap();
        let members = |shape: &str| document["components"]["schemas"][shape]["properties"].clone();
        assert_eq!(members("TaskWithComments")["subject"]["type"], "string");
        assert_eq!(members("TaskWithComments")["responsible"]["$ref"], "#/components/schemas/Person");
        assert_eq!(members("ToldNotified")["newest"]["oneOf"].as_array().map(Vec::len), Some(2), "it is null where there is none");
        assert_eq!(members("ChangeArticle")["parent_topic_id"]["type"], serde_json::json!(["string", "null"]));
    }
}
