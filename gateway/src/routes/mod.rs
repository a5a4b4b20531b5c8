//! The routes of the API, one file each. Rules are not here: a handler reads, asks, and answers.

pub mod account;
pub mod announcements;
pub mod app;
pub mod auth;
pub mod awards;
pub mod bots;
pub mod calendar;
pub mod catalogs;
pub mod contacts;
pub mod credentials;
pub mod files;
pub mod filters;
pub mod follows;
pub mod forms;
pub mod headers;
pub mod history;
pub mod inbox;
pub mod invitations;
pub mod knowledge_base;
pub mod lists;
pub mod live;
pub mod members;
pub mod members_bulk;
pub mod nodes;
pub mod notification_settings;
pub mod notifications;
pub mod operations;
pub mod organization;
pub mod orgchart;
pub mod password;
pub mod people;
pub mod profile;
pub mod qr_sign_in;
pub mod query;
pub mod roles;
pub mod schema;
pub mod search;
pub mod sessions;
pub mod set_up;
pub mod tasks;

use actix_web::dev::HttpServiceFactory;
use actix_web::guard::fn_guard;
use actix_web::http::Method;
use actix_web::{HttpResponse, Resource, web};
use actors::cluster::{Role, Roles};
use jiff::{Timestamp, Unit};

use crate::codes::Own;
use crate::error::Fault;
use crate::metrics::Endpoint;

/// The content type of every answer of the API.
pub const JSON: &str = "application/json; charset=utf-8";

/// Where the dialect has its WebSocket, outside of the API.
const BIND: &str = "/bind";

/// Where clients of the dialect look for files beside the API's own paths: those that know a host for files of its own, and those
/// that follow the addresses in answers.
const UPLOADS: [&str; 3] = ["/files/upload", "/files/v4/files/upload", "/services/upload"];
const DOWNLOADS: [&str; 2] = ["/files/download/{id}", "/files/v4/files/download/{id}"];
/// Pictures of people.
const AVATARS: [&str; 2] = ["/avatar/{id}", "/services/avatar/{id}"];
const ATTACHMENT: &str = "/services/attachment";

/// Every route: for machines on every node, and where it has the role the dialect, under both of its prefixes.
/// Catalogs are taken in up to so many bytes.
pub fn all(config: &mut web::ServiceConfig, roles: Roles, catalog_bytes_max: usize) {
    if roles.has(Role::Api) {
        config.service(api("/v4", catalog_bytes_max)).service(api("/api/v4", catalog_bytes_max));
        // Where the dialect's own client has its WebSocket.
        config.service(at(BIND, Endpoint::Live, &[Method::GET]).route(web::get().to(live::bind::bind)));
        for path in UPLOADS {
            config.service(at(path, Endpoint::Files, &[Method::POST]).route(web::post().to(files::upload::upload)));
        }
        for path in DOWNLOADS {
            config.service(read_only(path).route(web::get().to(files::download::by_id)).route(web::head().to(files::download::by_id)));
        }
        for path in AVATARS {
            config.service(read_only(path).route(web::get().to(files::avatar::read)).route(web::head().to(files::avatar::read)));
        }
        let attachment = read_only(ATTACHMENT);
        config.service(attachment.route(web::get().to(files::download::attachment)).route(web::head().to(files::download::attachment)));
        // Some clients look for these where files are.
        config
            .service(at("/eventhistory", Endpoint::History, &[Method::GET]).route(web::get().to(history::events::list)))
            .service(at("/taskaccesshistory", Endpoint::History, &[Method::GET]).route(web::get().to(history::reads::tasks)))
            .service(at("/fileaccesshistory", Endpoint::History, &[Method::GET]).route(web::get().to(history::reads::files)))
            .service(at("/registryaccesshistory", Endpoint::History, &[Method::GET]).route(web::get().to(history::reads::registers)))
            .service(at("/taskexporthistory", Endpoint::History, &[Method::GET]).route(web::get().to(history::reads::task_exports)))
            .service(
                at("/registrydownloadhistory", Endpoint::History, &[Method::GET]).route(web::get().to(history::reads::register_exports)),
            )
            .service(at("/personlastaction", Endpoint::History, &[Method::GET]).route(web::get().to(history::last_action::list)))
            .service(at("/handlingtime", Endpoint::Forms, &[Method::GET]).route(web::get().to(forms::handling_time::read)));
    }
    let machines = |path| web::resource(path).app_data(Endpoint::Operations);
    config
        .service(machines("/livez").route(web::get().to(operations::livez)).default_service(only(&[Method::GET])))
        .service(machines("/readyz").route(web::get().to(operations::readyz)).default_service(only(&[Method::GET])))
        .service(machines("/metrics").route(web::get().to(operations::metrics)).default_service(only(&[Method::GET])))
        .service(machines("/openapi.json").route(web::get().to(operations::openapi)).default_service(only(&[Method::GET])));
    if roles.has(Role::Api) {
        // Behind all that has a path of its own.
        let app = web::resource("/{path:.*}").app_data(Endpoint::App).guard(fn_guard(app::is_meant));
        config.service(app.route(web::route().to(app::serve)));
    }
    config.default_service(web::to(nothing));
}

/// The dialect under one prefix. Routes are tried in turn, so those that are asked for most come first.
fn api(prefix: &str, catalog_bytes_max: usize) -> impl HttpServiceFactory + use<> {
    use Method as M;

    let large = || web::PayloadConfig::new(catalog_bytes_max);

    web::scope(prefix)
        .service(at("/tasks/comments", Endpoint::Comments, &[M::POST]).route(web::post().to(tasks::bulk::comment)))
        .service(
            at("/tasks/{id}", Endpoint::Task, &[M::GET, M::DELETE])
                .route(web::get().to(tasks::read::read))
                .route(web::delete().to(tasks::delete::delete)),
        )
        .service(at("/tasks/{id}/comments", Endpoint::Comments, &[M::POST]).route(web::post().to(tasks::comment::comment)))
        .service(at("/tasks", Endpoint::Tasks, &[M::POST]).route(web::post().to(tasks::create::create)))
        .service(at("/inbox", Endpoint::Inbox, &[M::GET]).route(web::get().to(inbox::read::read)))
        .service(
            at("/lists/{id}/tasks", Endpoint::Lists, &[M::GET, M::POST])
                .route(web::get().to(lists::tasks::read))
                .route(web::post().to(lists::tasks::ask)),
        )
        .service(at("/files/upload", Endpoint::Files, &[M::POST]).route(web::post().to(files::upload::upload)))
        .service(
            at("/files/download/{id}", Endpoint::Files, &[M::GET, M::HEAD])
                .route(web::get().to(files::download::by_id))
                .route(web::head().to(files::download::by_id)),
        )
        .service(at("/live", Endpoint::Live, &[M::GET]).route(web::get().to(live::stream::read)))
        .service(at("/live/bind", Endpoint::Live, &[M::GET]).route(web::get().to(live::bind::bind)))
        .service(at("/live/viewing", Endpoint::Live, &[M::POST]).route(web::post().to(live::say::viewing)))
        .service(at("/live/writing", Endpoint::Live, &[M::POST]).route(web::post().to(live::say::writing)))
        .service(
            at("/live/subscriptions", Endpoint::Live, &[M::POST, M::DELETE])
                .route(web::post().to(live::say::subscribe))
                .route(web::delete().to(live::say::unsubscribe)),
        )
        .service(at("/live/ticket", Endpoint::Live, &[M::POST]).route(web::post().to(live::ticket::make)))
        .service(at("/inbox/{id}/snooze", Endpoint::Inbox, &[M::POST]).route(web::post().to(inbox::snooze::snooze)))
        .service(at("/inbox/{id}/unsnooze", Endpoint::Inbox, &[M::POST]).route(web::post().to(inbox::snooze::unsnooze)))
        .service(at("/inbox/{id}/remind", Endpoint::Inbox, &[M::POST]).route(web::post().to(inbox::remind::remind)))
        .service(at("/notifications", Endpoint::Notifications, &[M::GET]).route(web::get().to(notifications::list::list)))
        .service(at("/notifications/read", Endpoint::Notifications, &[M::POST]).route(web::post().to(notifications::read::read)))
        .service(at("/notifications/unread", Endpoint::Notifications, &[M::POST]).route(web::post().to(notifications::read::unread)))
        .service(
            at("/notification_settings", Endpoint::Notifications, &[M::GET, M::PUT])
                .route(web::get().to(notification_settings::read))
                .route(web::put().to(notification_settings::set)),
        )
        .service(
            at("/follows", Endpoint::Notifications, &[M::GET, M::POST, M::DELETE])
                .route(web::get().to(follows::list))
                .route(web::post().to(follows::follow))
                .route(web::delete().to(follows::unfollow)),
        )
        .service(
            at("/filters", Endpoint::Filters, &[M::GET, M::POST])
                .route(web::get().to(filters::list))
                .route(web::post().to(filters::create)),
        )
        .service(
            at("/filters/{id}", Endpoint::Filters, &[M::GET, M::PUT, M::DELETE])
                .route(web::get().to(filters::read))
                .route(web::put().to(filters::change))
                .route(web::delete().to(filters::delete)),
        )
        .service(at("/filters/{id}/tasks", Endpoint::Filters, &[M::GET]).route(web::get().to(filters::tasks::read)))
        .service(
            at("/organization", Endpoint::Organization, &[M::GET, M::PUT])
                .route(web::get().to(organization::read))
                .route(web::put().to(organization::change)),
        )
        .service(at("/nodes", Endpoint::Nodes, &[M::GET]).route(web::get().to(nodes::read)))
        .service(at("/search", Endpoint::Search, &[M::GET]).route(web::get().to(search::read)))
        .service(at("/calendar", Endpoint::Calendar, &[M::GET]).route(web::get().to(calendar::read)))
        .service(at("/auth", Endpoint::Auth, &[M::POST]).route(web::post().to(auth::sign_in)))
        .service(at("/profile", Endpoint::Profile, &[M::GET]).route(web::get().to(profile::read)))
        .service(at("/contacts", Endpoint::Contacts, &[M::GET]).route(web::get().to(contacts::read)))
        .service(at("/roles", Endpoint::Roles, &[M::GET, M::POST]).route(web::get().to(roles::list)).route(web::post().to(roles::create)))
        .service(
            at("/roles/bulk", Endpoint::Roles, &[M::POST, M::PUT, M::DELETE])
                .route(web::post().to(roles::create_all))
                .route(web::put().to(roles::change_all))
                .route(web::delete().to(roles::delete_all)),
        )
        .service(
            at("/roles/{id}", Endpoint::Roles, &[M::GET, M::PUT, M::DELETE])
                .route(web::get().to(roles::read))
                .route(web::put().to(roles::change))
                .route(web::delete().to(roles::delete)),
        )
        .service(
            at("/lists", Endpoint::Lists, &[M::GET, M::PUT])
                .route(web::get().to(lists::read::list))
                .route(web::put().to(lists::write::create)),
        )
        .service(
            at("/lists/bulk", Endpoint::Lists, &[M::PUT, M::POST, M::DELETE])
                .route(web::put().to(lists::bulk::create))
                .route(web::post().to(lists::bulk::change))
                .route(web::delete().to(lists::bulk::delete)),
        )
        .service(
            at("/lists/{id}", Endpoint::Lists, &[M::GET, M::POST, M::DELETE])
                .route(web::get().to(lists::read::read))
                .route(web::post().to(lists::write::change))
                .route(web::delete().to(lists::write::delete)),
        )
        .service(at("/tasksbyapprover/{id}", Endpoint::Tasks, &[M::GET]).route(web::get().to(lists::tasks::by_approver)))
        .service(at("/tasks/{id}/put_away", Endpoint::Task, &[M::POST]).route(web::post().to(tasks::put_away::put_away)))
        .service(
            at("/members", Endpoint::Members, &[M::GET, M::POST]).route(web::get().to(members::list)).route(web::post().to(members::add)),
        )
        .service(at("/members/bulk", Endpoint::Members, &[M::POST]).route(web::post().to(members_bulk::bulk)))
        .service(
            at("/members/{id}/avatar", Endpoint::Members, &[M::PUT, M::POST])
                .route(web::put().to(members::set_avatar))
                .route(web::post().to(members::set_avatar)),
        )
        .service(
            at("/members/{id}/absence", Endpoint::Members, &[M::PUT, M::DELETE])
                .route(web::put().to(members::set_absence))
                .route(web::delete().to(members::clear_absence)),
        )
        .service(
            at("/profile/absence", Endpoint::Profile, &[M::PUT, M::DELETE])
                .route(web::put().to(profile::set_absence))
                .route(web::delete().to(profile::clear_absence)),
        )
        .service(at("/profile/identity", Endpoint::Profile, &[M::GET]).route(web::get().to(profile::identity)))
        .service(at("/bots", Endpoint::Bots, &[M::GET, M::POST]).route(web::get().to(bots::list)).route(web::post().to(bots::add)))
        .service(
            at("/bots/{id}", Endpoint::Bots, &[M::PUT, M::DELETE])
                .route(web::put().to(bots::change))
                .route(web::delete().to(bots::dismiss)),
        )
        .service(
            at("/orgchart", Endpoint::Departments, &[M::GET, M::PUT])
                .route(web::get().to(orgchart::list))
                .route(web::put().to(orgchart::create)),
        )
        .service(
            at("/orgchart/bulk", Endpoint::Departments, &[M::PUT, M::POST, M::DELETE])
                .route(web::put().to(orgchart::create_many))
                .route(web::post().to(orgchart::change_many))
                .route(web::delete().to(orgchart::delete_many)),
        )
        .service(
            at("/orgchart/{id}", Endpoint::Departments, &[M::POST, M::DELETE])
                .route(web::post().to(orgchart::change))
                .route(web::delete().to(orgchart::delete)),
        )
        .service(
            at("/members/{id}", Endpoint::Members, &[M::GET, M::PUT, M::DELETE])
                .route(web::get().to(members::read))
                .route(web::put().to(members::change))
                .route(web::delete().to(members::block)),
        )
        .service(
            at("/members/{id}/security_key", Endpoint::Members, &[M::POST, M::DELETE])
                .route(web::post().to(members::issue_key))
                .route(web::delete().to(members::revoke_key)),
        )
        .service(
            at("/profile/security_key", Endpoint::Profile, &[M::POST, M::DELETE])
                .route(web::post().to(profile::issue_key))
                .route(web::delete().to(profile::revoke_key)),
        )
        .service(at("/tasks/{id}/print", Endpoint::Task, &[M::GET]).route(web::get().to(tasks::print::print)))
        .service(
            at("/tasks/{id}/print_forms/{print_form_id}", Endpoint::Task, &[M::GET]).route(web::get().to(tasks::print::by_form::print)),
        )
        .service(at("/tasks/{id}/access", Endpoint::Task, &[M::GET]).route(web::get().to(tasks::access::access)))
        .service(at("/tasks/{id}/related", Endpoint::Task, &[M::GET]).route(web::get().to(tasks::related::related)))
        .service(at("/members/{id}/visible_tasks", Endpoint::History, &[M::GET]).route(web::get().to(history::visible::list)))
        .service(at("/eventhistory", Endpoint::History, &[M::GET]).route(web::get().to(history::events::list)))
        .service(at("/taskaccesshistory", Endpoint::History, &[M::GET]).route(web::get().to(history::reads::tasks)))
        .service(at("/fileaccesshistory", Endpoint::History, &[M::GET]).route(web::get().to(history::reads::files)))
        .service(at("/registryaccesshistory", Endpoint::History, &[M::GET]).route(web::get().to(history::reads::registers)))
        .service(at("/taskexporthistory", Endpoint::History, &[M::GET]).route(web::get().to(history::reads::task_exports)))
        .service(at("/registrydownloadhistory", Endpoint::History, &[M::GET]).route(web::get().to(history::reads::register_exports)))
        .service(at("/personlastaction", Endpoint::History, &[M::GET]).route(web::get().to(history::last_action::list)))
        .service(
            at("/announcements", Endpoint::Announcements, &[M::GET, M::POST])
                .route(web::get().to(announcements::list))
                .route(web::post().to(announcements::create)),
        )
        .service(
            at("/announcements/{id}", Endpoint::Announcements, &[M::GET, M::PUT, M::DELETE])
                .route(web::get().to(announcements::read))
                .route(web::put().to(announcements::change))
                .route(web::delete().to(announcements::delete)),
        )
        .service(at("/announcements/{id}/comments", Endpoint::Announcements, &[M::POST]).route(web::post().to(announcements::comment)))
        .service(
            at("/announcements/{id}/comments/{comment_id}", Endpoint::Announcements, &[M::PUT, M::DELETE])
                .route(web::put().to(announcements::edit_comment))
                .route(web::delete().to(announcements::delete_comment)),
        )
        .service(
            at("/catalogs", Endpoint::Catalogs, &[M::GET, M::PUT])
                .app_data(large())
                .route(web::get().to(catalogs::read::list))
                .route(web::put().to(catalogs::write::create)),
        )
        .service(
            at("/catalogs/bulk", Endpoint::Catalogs, &[M::PUT, M::POST, M::DELETE])
                .app_data(large())
                .route(web::put().to(catalogs::bulk::create))
                .route(web::post().to(catalogs::bulk::sync))
                .route(web::delete().to(catalogs::bulk::delete)),
        )
        .service(
            at("/catalogs/{id}", Endpoint::Catalogs, &[M::GET, M::POST, M::DELETE])
                .app_data(large())
                .route(web::get().to(catalogs::read::read))
                .route(web::post().to(catalogs::write::sync))
                .route(web::delete().to(catalogs::write::delete)),
        )
        .service(at("/catalogs/{id}/diff", Endpoint::Catalogs, &[M::POST]).app_data(large()).route(web::post().to(catalogs::write::upsert)))
        .service(
            at("/awards", Endpoint::Awards, &[M::GET, M::POST])
                .route(web::get().to(awards::list))
                .route(web::post().to(awards::write::create)),
        )
        .service(
            at("/awards/{id}", Endpoint::Awards, &[M::GET, M::PUT, M::DELETE])
                .route(web::get().to(awards::read))
                .route(web::put().to(awards::write::change))
                .route(web::delete().to(awards::write::delete)),
        )
        .service(
            at("/awards/{id}/threshold", Endpoint::Awards, &[M::GET, M::PUT])
                .route(web::get().to(awards::threshold::read))
                .route(web::put().to(awards::threshold::set)),
        )
        .service(
            at("/members/{member_id}/awards/{award_id}/counter", Endpoint::Awards, &[M::GET, M::PUT])
                .route(web::get().to(awards::counter::read))
                .route(web::put().to(awards::counter::set)),
        )
        .service(
            at("/members/{member_id}/awards/{award_id}/counter/increment", Endpoint::Awards, &[M::POST])
                .route(web::post().to(awards::counter::increment)),
        )
        .service(
            at("/session", Endpoint::Sessions, &[M::GET, M::PUT, M::DELETE])
                .route(web::get().to(sessions::current::read))
                .route(web::put().to(sessions::switch::switch))
                .route(web::delete().to(sessions::current::end)),
        )
        .service(
            at("/sessions", Endpoint::Sessions, &[M::GET, M::POST, M::DELETE])
                .route(web::get().to(sessions::list::list))
                .route(web::post().to(sessions::create::create))
                .route(web::delete().to(sessions::list::end_all)),
        )
        .service(at("/session/step_up", Endpoint::Sessions, &[M::POST]).route(web::post().to(sessions::step_up::step_up)))
        .service(at("/sessions/second_factor", Endpoint::Sessions, &[M::POST]).route(web::post().to(sessions::second_factor::show)))
        .service(at("/account", Endpoint::Account, &[M::GET]).route(web::get().to(account::read)))
        .service(
            at("/account/totp", Endpoint::Account, &[M::POST, M::PUT, M::DELETE])
                .route(web::post().to(account::totp::offer))
                .route(web::put().to(account::totp::confirm))
                .route(web::delete().to(account::totp::remove)),
        )
        .service(
            at("/sessions/passkey", Endpoint::Sessions, &[M::POST, M::PUT])
                .route(web::post().to(sessions::passkey::ask))
                .route(web::put().to(sessions::passkey::sign_in)),
        )
        .service(
            at("/account/passkeys", Endpoint::Account, &[M::POST, M::PUT])
                .route(web::post().to(account::passkeys::ask))
                .route(web::put().to(account::passkeys::keep)),
        )
        .service(
            at("/account/passkeys/{id}", Endpoint::Account, &[M::PUT, M::DELETE])
                .route(web::put().to(account::passkeys::rename))
                .route(web::delete().to(account::passkeys::remove)),
        )
        .service(at("/qr_sign_in", Endpoint::Sessions, &[M::POST]).route(web::post().to(qr_sign_in::ask)))
        .service(
            at("/qr_sign_in/{id}", Endpoint::Sessions, &[M::GET, M::POST, M::PUT])
                .route(web::get().to(qr_sign_in::look))
                .route(web::post().to(qr_sign_in::answer))
                .route(web::put().to(qr_sign_in::take)),
        )
        .service(at("/account/recovery_codes", Endpoint::Account, &[M::POST]).route(web::post().to(account::recovery_codes::make)))
        .service(at("/sessions/{id}", Endpoint::Sessions, &[M::DELETE]).route(web::delete().to(sessions::list::end)))
        .service(at("/knowledgebase/structure", Endpoint::KnowledgeBase, &[M::GET]).route(web::get().to(knowledge_base::structure)))
        .service(at("/knowledgebase", Endpoint::KnowledgeBase, &[M::POST]).route(web::post().to(knowledge_base::create)))
        .service(
            at("/knowledgebase/{id}", Endpoint::KnowledgeBase, &[M::GET, M::PUT, M::DELETE])
                .route(web::get().to(knowledge_base::read))
                .route(web::put().to(knowledge_base::change))
                .route(web::delete().to(knowledge_base::delete)),
        )
        .service(
            at("/knowledgebase/{id}/permissions", Endpoint::KnowledgeBase, &[M::GET, M::PUT])
                .route(web::get().to(knowledge_base::permissions))
                .route(web::put().to(knowledge_base::permit)),
        )
        .service(at("/knowledgebase/{id}/versions", Endpoint::KnowledgeBase, &[M::GET]).route(web::get().to(knowledge_base::versions)))
        .service(
            at("/password_reset", Endpoint::Sessions, &[M::POST, M::PUT])
                .route(web::post().to(password::request))
                .route(web::put().to(password::reset)),
        )
        .service(
            at("/invitations", Endpoint::Sessions, &[M::GET, M::POST, M::PUT])
                .route(web::get().to(invitations::invite::list))
                .route(web::post().to(invitations::invite::invite))
                .route(web::put().to(invitations::accept::accept)),
        )
        .service(
            at("/invitations/{id}", Endpoint::Sessions, &[M::POST, M::DELETE])
                .route(web::post().to(invitations::invite::again))
                .route(web::delete().to(invitations::invite::revoke)),
        )
        .service(
            at("/set_up", Endpoint::Sessions, &[M::GET, M::POST]).route(web::get().to(set_up::read)).route(web::post().to(set_up::set_up)),
        )
        .service(
            at("/forms", Endpoint::Forms, &[M::GET, M::POST])
                .route(web::get().to(forms::read::list))
                .route(web::post().to(forms::write::create)),
        )
        .service(
            at("/forms/{id}", Endpoint::Forms, &[M::GET, M::PUT, M::DELETE])
                .route(web::get().to(forms::read::read))
                .route(web::put().to(forms::write::change))
                .route(web::delete().to(forms::write::close)),
        )
        .service(
            at("/forms/{id}/register", Endpoint::Forms, &[M::GET, M::POST])
                .route(web::get().to(forms::register::read))
                .route(web::post().to(forms::register::ask)),
        )
        .service(
            at("/forms/{id}/print_forms", Endpoint::Forms, &[M::GET, M::POST])
                .route(web::get().to(forms::print_forms::list))
                .route(web::post().to(forms::print_forms::create)),
        )
        .service(
            at("/forms/{id}/print_forms/{print_form_id}", Endpoint::Forms, &[M::PUT, M::DELETE])
                .route(web::put().to(forms::print_forms::change))
                .route(web::delete().to(forms::print_forms::remove)),
        )
        .service(at("/forms/{id}/definition", Endpoint::Forms, &[M::GET]).route(web::get().to(forms::read::definition)))
        .service(at("/forms/{id}/versions", Endpoint::Forms, &[M::GET]).route(web::get().to(forms::read::versions)))
        .service(at("/forms/{id}/what_if", Endpoint::Forms, &[M::POST]).route(web::post().to(forms::what_if::ask)))
        .service(at("/handlingtime", Endpoint::Forms, &[M::GET]).route(web::get().to(forms::handling_time::read)))
        .service(at("/forms/{id}/publish", Endpoint::Forms, &[M::POST]).route(web::post().to(forms::write::publish)))
        .service(at("/forms/{id}/clone", Endpoint::Forms, &[M::POST]).route(web::post().to(forms::write::clone)))
        .service(
            at("/forms/{id}/permissions", Endpoint::Forms, &[M::GET, M::POST])
                .route(web::get().to(forms::read::permissions))
                .route(web::post().to(forms::write::permit)),
        )
        .service(at("/profile/password", Endpoint::Profile, &[M::PUT]).route(web::put().to(profile::change_password)))
}

fn at(path: &str, endpoint: Endpoint, methods: &[Method]) -> Resource {
    web::resource(path).app_data(endpoint).default_service(only(methods))
}

/// Where files are read.
fn read_only(path: &str) -> Resource {
    at(path, Endpoint::Files, &[Method::GET, Method::HEAD])
}

/// What answers to all other methods.
fn only(methods: &[Method]) -> actix_web::Route {
    let allowed = methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    web::to(move || {
        let allowed = allowed.clone();
        async move { Err::<HttpResponse, _>(Fault::method_not_allowed(allowed)) }
    })
}

async fn nothing() -> Result<HttpResponse, Fault> {
    Err(Fault::own(Own::NotFound))
}

/// `YYYY-MM-DDThh:mm:ssZ`; parts of a second are cut off, as everywhere in the dialect.
pub fn moment(at: Timestamp) -> String {
    let whole = at.round(jiff::TimestampRound::new().smallest(Unit::Second).mode(jiff::RoundMode::Floor));
    whole.unwrap_or(at).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_whole_seconds() {
        assert_eq!(moment("2024-01-02T03:04:05.999999Z".parse().unwrap()), "2024-01-02T03:04:05Z");
        assert_eq!(moment("2024-01-02T03:04:05Z".parse().unwrap()), "2024-01-02T03:04:05Z");
    }
}
