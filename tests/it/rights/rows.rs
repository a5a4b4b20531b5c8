//! The rows: each route, what it is asked of, and who may. Where the table of rights decides alone the row names the deed; where
//! it depends on what somebody is to the thing, the cells are written out: guest, member, manager, administrator.
//!
//! Nobody is refused everywhere but where everybody is let in. Those from elsewhere find nothing of this organisation, and their
//! own where the route names no thing.

use domain::rights::Deed;

use super::askers::{Asker, Column};
use super::things::Thing::{self, *};

pub struct Row {
    /// As the document has it; also with a query.
    pub route: &'static str,
    pub thing: Thing,
    /// JSON, with `$id` for the thing's id, `$second` for the second one and `$new` for a number that no other request has.
    pub body: &'static str,
    pub may: May,
}

pub enum May {
    /// Everybody, without a token.
    Open,
    /// Who may do this by the table of rights; others are refused with this code.
    By(Deed, &'static str),
    /// Everybody, of what is their own: nothing of others is told.
    Own,
    /// The same for persons; bots are in a list of their own.
    OwnOfPersons,
    /// Guest, member, manager, administrator.
    Cells([Cell; 4]),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    Yes,
    /// Yes, and nothing of others is told.
    Own,
    Code(u16, &'static str),
    /// As if it were not there.
    Hidden,
    /// Refused, one way or the other, as if it were not there.
    Foreign,
    Open,
}

use Cell::{Code, Hidden, Yes};
use May::{By, Cells, Open};

const NO: Cell = Code(403, "access_denied");
/// There is no such thing of theirs.
const UNTOLD: Cell = Code(400, "invalid_input");
const MINE: Cell = Cell::Own;
/// Nobody but those who hold every right, and others are not told that it is there.
const HIDDEN: May = Cells([Hidden, Hidden, Hidden, Yes]);
/// Colleagues, and guests are not told that it is there.
const COLLEAGUES: May = Cells([Hidden, Yes, Yes, Yes]);
const ALL: May = Cells([Yes, Yes, Yes, Yes]);
/// Whoever may, did not ask for a WebSocket.
const NO_SOCKET: Cell = Code(400, "invalid_value_format");
const NO_READING: Cell = Code(403, "access_denied_file");
/// Whoever may, did not send a file.
const NO_FILE: Cell = Code(400, "bad_multipart_content");
const KEPT: &str = "access_denied";

impl Row {
    /// The route without a query.
    pub fn described(&self) -> &str {
        self.route.split_once('?').map_or(self.route, |(route, _)| route)
    }

    pub fn cell(&self, asker: &Asker) -> Cell {
        let elsewhere = asker.column.is_from_elsewhere();
        match (&self.may, asker.column) {
            (Open, _) => Cell::Open,
            (_, Column::Nobody) => Code(401, "token_not_specified"),
            (By(deed, code), _) if !deed.allows(&asker.known) => Code(403, code),
            (By(..), _) => {
                if elsewhere {
                    MINE
                } else {
                    Yes
                }
            }
            (May::OwnOfPersons, Column::ForeignBot) => Hidden,
            (May::Own | May::OwnOfPersons, _) => MINE,
            (Cells(_), _) if elsewhere && self.thing.is_made() => Cell::Foreign,
            (Cells([.., cell]), Column::Administrator | Column::Stranger) if elsewhere && *cell == Yes => MINE,
            (Cells([_, cell, ..]), Column::Member | Column::ForeignBot) if elsewhere && *cell == Yes => MINE,
            (Cells([cell, ..]), Column::Guest) => *cell,
            (Cells([_, cell, ..]), Column::Member | Column::ForeignBot) => *cell,
            (Cells([.., cell, _]), Column::Manager) => *cell,
            (Cells([.., cell]), Column::Administrator | Column::Stranger) => *cell,
        }
    }
}

const fn row(route: &'static str, thing: Thing, body: &'static str, may: May) -> Row {
    Row { route, thing, body, may }
}

pub const ROWS: &[Row] = &[
    // The doors, and what machines ask.
    row("GET /livez", Nothing, "", Open),
    row("GET /readyz", Nothing, "", Open),
    row("POST /v4/auth", Nothing, r#"{"login":"x@example.com","security_key":"x"}"#, Open),
    row("POST /v4/sessions", Nothing, r#"{"login":"x@example.com","password":"x"}"#, Open),
    row("POST /v4/sessions/passkey", Nothing, "{}", Open),
    row("PUT /v4/sessions/passkey", Nothing, r#"{"ticket":"x","credential":{}}"#, Open),
    row("POST /v4/qr_sign_in", Nothing, "{}", Open),
    row("PUT /v4/qr_sign_in/{id}", Nothing, r#"{"secret":"x"}"#, Open),
    row("POST /v4/sessions/second_factor", Nothing, r#"{"ticket":"x","code":"1"}"#, Open),
    row("POST /v4/password_reset", Nothing, r#"{"login":"x@example.com"}"#, Open),
    row("PUT /v4/password_reset", Nothing, r#"{"token":"x","password":"x"}"#, Open),
    row("PUT /v4/invitations", Nothing, r#"{"token":"x","password":"x"}"#, Open),
    row("GET /v4/set_up", Nothing, "", Open),
    row("POST /v4/set_up", Nothing, "{}", Open),
    // Oneself.
    row("GET /v4/profile", Nothing, "", Cells([MINE, Yes, Yes, Yes])),
    row("GET /v4/profile/identity", Nothing, "", May::Own),
    row("PUT /v4/profile/absence", Nothing, r#"{"from":"2031-01-01","until":"2031-01-02"}"#, May::Own),
    row("DELETE /v4/profile/absence", Nothing, "{}", May::Own),
    row("POST /v4/profile/security_key", Twin, "{}", May::Own),
    row("DELETE /v4/profile/security_key", Twin, "{}", May::Own),
    // Who has no password yet sets one without another.
    row("PUT /v4/profile/password", Twin, r#"{"password":"correct horse battery staple"}"#, May::Own),
    row("GET /v4/session", Nothing, "", May::Own),
    row("DELETE /v4/session", Twin, "{}", May::Own),
    row("GET /v4/sessions", Nothing, "", May::Own),
    row("DELETE /v4/sessions", Twin, "{}", May::Own),
    row("GET /v4/inbox", Nothing, "", May::Own),
    row("GET /v4/live?follow=false", Nothing, "", May::Own),
    row("GET /v4/live/bind", Nothing, "", Cells([NO_SOCKET, NO_SOCKET, NO_SOCKET, NO_SOCKET])),
    row("POST /v4/live/ticket", Nothing, "{}", May::Own),
    row(
        "POST /v4/live/subscriptions",
        Nothing,
        r#"{"stream":"2f1e9c0a-7b1d-4f0e-9b53-0a7a4d1c2e11","id":"x","query":{"inbox":true}}"#,
        May::Own,
    ),
    row("DELETE /v4/live/subscriptions", Nothing, r#"{"stream":"2f1e9c0a-7b1d-4f0e-9b53-0a7a4d1c2e11","id":"x"}"#, May::Own),
    row("POST /v4/live/viewing", Task, r#"{"stream":"2f1e9c0a-7b1d-4f0e-9b53-0a7a4d1c2e11","task_id":$id}"#, HIDDEN),
    row("POST /v4/live/viewing", SharedTask, r#"{"stream":"2f1e9c0a-7b1d-4f0e-9b53-0a7a4d1c2e11","task_id":$id}"#, ALL),
    row("POST /v4/live/writing", Task, r#"{"stream":"2f1e9c0a-7b1d-4f0e-9b53-0a7a4d1c2e11","task_id":$id}"#, HIDDEN),
    row("POST /v4/live/writing", SharedTask, r#"{"stream":"2f1e9c0a-7b1d-4f0e-9b53-0a7a4d1c2e11","task_id":$id}"#, ALL),
    row("GET /v4/calendar?start_date_utc=2031-01-01T00:00Z&end_date_utc=2031-02-01T00:00Z", Nothing, "", May::Own),
    row("GET /v4/search?q=anything", Nothing, "", May::Own),
    row("POST /v4/files/upload", Nothing, "{}", Cells([NO_FILE, NO_FILE, NO_FILE, NO_FILE])),
    // The administrator's own, which nothing else holds.
    row("GET /v4/files/download/{id}", File, "", Cells([Hidden, NO_READING, NO_READING, Yes])),
    // People.
    row("GET /v4/contacts", Nothing, "", Cells([MINE, Yes, Yes, Yes])),
    row("GET /v4/members", Nothing, "", Cells([MINE, Yes, Yes, Yes])),
    row("GET /v4/members/{id}", Member, "", COLLEAGUES),
    row("GET /v4/members/{id}", Oneself, "", May::OwnOfPersons),
    row("POST /v4/members", Nothing, r#"{"email":"new$new@example.org","first_name":"New"}"#, By(Deed::AddPersons, KEPT)),
    row("POST /v4/members/bulk", Member, r#"{"ChangeMembers":[{"Id":$id,"Position":"Clerk"}]}"#, Cells([Hidden, NO, Yes, Yes])),
    row("PUT /v4/members/{id}", Member, r#"{"position":"Clerk"}"#, Cells([Hidden, NO, Yes, Yes])),
    row("PUT /v4/members/{id}", Oneself, r#"{"position":"Clerk"}"#, May::Own),
    row("PUT /v4/members/{id}", Member, r#"{"rights":2080,"cant_view_form_registry":true}"#, Cells([Hidden, NO, Yes, Yes])),
    row("DELETE /v4/members/{id}", Member, "{}", Cells([Hidden, NO, Yes, Yes])),
    row("PUT /v4/members/{id}/avatar", Member, "{}", Cells([Hidden, NO, Yes, Yes])),
    row("POST /v4/members/{id}/avatar", Oneself, "{}", May::Own),
    row("PUT /v4/members/{id}/absence", Member, r#"{"from":"2031-01-01","until":"2031-01-02"}"#, Cells([Hidden, NO, Yes, Yes])),
    row("DELETE /v4/members/{id}/absence", Member, "{}", Cells([Hidden, NO, Yes, Yes])),
    row("POST /v4/members/{id}/security_key", Member, "{}", Cells([Hidden, NO, Yes, Yes])),
    row("DELETE /v4/members/{id}/security_key", Member, "{}", Cells([Hidden, NO, Yes, Yes])),
    row("POST /v4/invitations", Nothing, r#"{"email":"new$new@example.org"}"#, By(Deed::AddPersons, KEPT)),
    row("GET /v4/invitations", Nothing, "", By(Deed::AddPersons, KEPT)),
    row("POST /v4/invitations/{id}", Invited, "{}", Cells([NO, NO, Yes, Yes])),
    row("DELETE /v4/invitations/{id}", Invited, "{}", Cells([NO, NO, Yes, Yes])),
    row("GET /v4/bots", Nothing, "", Cells([MINE, Yes, Yes, Yes])),
    row("POST /v4/bots", Nothing, r#"{"name":"New $new"}"#, By(Deed::AddBots, KEPT)),
    row("PUT /v4/bots/{id}", Bot, r#"{"description":"x"}"#, Cells([Hidden, NO, NO, Yes])),
    row("DELETE /v4/bots/{id}", Bot, "{}", Cells([Hidden, NO, NO, Yes])),
    row("GET /v4/roles", Nothing, "", By(Deed::SeeRoles, KEPT)),
    row("GET /v4/roles/{id}", Role, "", Cells([NO, Yes, Yes, Yes])),
    row("POST /v4/roles", Nothing, r#"{"name":"New $new"}"#, By(Deed::ManageRoles, KEPT)),
    row("PUT /v4/roles/{id}", Role, r#"{"name":"New $new"}"#, Cells([NO, NO, Yes, Yes])),
    row("DELETE /v4/roles/{id}", Role, "{}", Cells([NO, NO, Yes, Yes])),
    row("POST /v4/roles/bulk", Nothing, r#"[{"name":"New $new"}]"#, By(Deed::ManageRoles, KEPT)),
    row("PUT /v4/roles/bulk", Role, r#"[{"id":$id,"name":"New $new"}]"#, Cells([NO, NO, Yes, Yes])),
    row("DELETE /v4/roles/bulk", Role, r#"[{"id":$id}]"#, Cells([NO, NO, Yes, Yes])),
    row("GET /v4/orgchart", Nothing, "", Cells([MINE, Yes, Yes, Yes])),
    row("PUT /v4/orgchart", Nothing, r#"{"department_name":"New $new"}"#, By(Deed::ArrangeDepartments, KEPT)),
    row("POST /v4/orgchart/{id}", Department, r#"{"department_name":"New $new"}"#, Cells([NO, NO, Yes, Yes])),
    row("DELETE /v4/orgchart/{id}", Department, "{}", Cells([NO, NO, Yes, Yes])),
    row("PUT /v4/orgchart/bulk", Nothing, r#"[{"department_name":"New $new"}]"#, By(Deed::ArrangeDepartments, KEPT)),
    row("POST /v4/orgchart/bulk", Department, r#"[{"id":$id,"department_name":"New $new"}]"#, Cells([NO, NO, Yes, Yes])),
    row("DELETE /v4/orgchart/bulk", Department, "[$id]", Cells([NO, NO, Yes, Yes])),
    // Tasks.
    row("POST /v4/tasks", Nothing, r#"{"text":"Mine"}"#, May::Own),
    row("GET /v4/tasks/{id}", Task, "", HIDDEN),
    row("GET /v4/tasks/{id}", SharedTask, "", ALL),
    row("GET /v4/tasks/{id}/access", Task, "", HIDDEN),
    row("GET /v4/tasks/{id}/access", SharedTask, "", ALL),
    row("GET /v4/tasks/{id}/related", Task, "", HIDDEN),
    row("GET /v4/tasks/{id}/related", SharedTask, "", ALL),
    row("GET /v4/tasks/{id}/print", Task, "", HIDDEN),
    row("GET /v4/tasks/{id}/print", SharedTask, "", ALL),
    row("GET /v4/tasks/{id}/print_forms/{print_form_id}", Task, "", Cells([Hidden, Hidden, Hidden, Code(400, "task_has_no_form")])),
    row("POST /v4/tasks/{id}/comments", Task, r#"{"text":"Hello"}"#, HIDDEN),
    row("POST /v4/tasks/{id}/comments", SharedTask, r#"{"text":"Hello"}"#, ALL),
    row("POST /v4/tasks/{id}/comments", Task, r#"{"action":"finished"}"#, HIDDEN),
    row(
        "POST /v4/tasks/{id}/comments",
        SharedTask,
        r#"{"action":"finished"}"#,
        Cells([Code(403, "access_denied_close_task"), Yes, Yes, Yes]),
    ),
    row(
        "POST /v4/tasks/comments",
        TwoTasks,
        r#"{"comments":[{"task_id":$id,"comment":{"text":"Hello"}},{"task_id":$second,"comment":{"text":"Hello"}}]}"#,
        HIDDEN,
    ),
    // What is in somebody's own hands of their inbox.
    row("GET /v4/notifications", Nothing, "", ALL),
    row("POST /v4/notifications/read", Nothing, r#"{"upto":1}"#, May::Own),
    row("POST /v4/notifications/unread", Nothing, r#"{"id":1}"#, Cells([UNTOLD, UNTOLD, UNTOLD, UNTOLD])),
    row("GET /v4/nodes", Nothing, "", By(Deed::ChangeOrganisation, "access_denied")),
    row("GET /v4/organization", Nothing, "", ALL),
    row("PUT /v4/organization", Nothing, r#"{"time_zone":"Europe/Berlin"}"#, By(Deed::ChangeOrganisation, "access_denied")),
    row("GET /v4/notification_settings", Nothing, "", May::Own),
    row("PUT /v4/notification_settings", Nothing, r#"{"quiet_hours":{"from":"22:00","until":"07:00"}}"#, May::Own),
    row("GET /v4/follows", Nothing, "", May::Own),
    row("POST /v4/follows", Task, r#"{"task_id":$id}"#, HIDDEN),
    row("POST /v4/follows", SharedTask, r#"{"task_id":$id}"#, ALL),
    row("DELETE /v4/follows", Nothing, r#"{"task_id":1}"#, May::Own),
    // Saved filters: one's own, and those that are shared.
    row("GET /v4/filters", Nothing, "", May::Own),
    row("POST /v4/filters", Nothing, r#"{"name":"Mine","query":{"inbox":true}}"#, May::Own),
    row(
        "POST /v4/filters",
        Nothing,
        r#"{"name":"Ours","query":{"inbox":true},"shared_with":{"everyone":true}}"#,
        By(Deed::ShareFilters, KEPT),
    ),
    row("POST /v4/filters", Form, r#"{"name":"Mine","query":{"form_id":$id}}"#, HIDDEN),
    row("GET /v4/filters/{id}", Filter, "", HIDDEN),
    row("GET /v4/filters/{id}", OpenFilter, "", COLLEAGUES),
    row("PUT /v4/filters/{id}", Filter, r#"{"name":"New $new"}"#, HIDDEN),
    row("PUT /v4/filters/{id}", OpenFilter, r#"{"name":"New $new"}"#, Cells([Hidden, NO, Yes, Yes])),
    row("DELETE /v4/filters/{id}", Filter, "{}", HIDDEN),
    row("DELETE /v4/filters/{id}", OpenFilter, "{}", Cells([Hidden, NO, Yes, Yes])),
    row("GET /v4/filters/{id}/tasks", Filter, "", HIDDEN),
    row("GET /v4/filters/{id}/tasks", OpenFilter, "", COLLEAGUES),
    row("POST /v4/inbox/{id}/snooze", Task, r#"{"until":"2031-01-01T00:00:00Z"}"#, HIDDEN),
    row("POST /v4/inbox/{id}/snooze", SharedTask, r#"{"until":"2031-01-01T00:00:00Z"}"#, ALL),
    row("POST /v4/inbox/{id}/unsnooze", Nothing, "{}", May::Own),
    row("POST /v4/inbox/{id}/remind", Task, r#"{"at":"2031-01-01T00:00:00Z"}"#, HIDDEN),
    row("POST /v4/inbox/{id}/remind", SharedTask, r#"{"at":"2031-01-01T00:00:00Z"}"#, ALL),
    row("POST /v4/tasks/{id}/put_away", Task, "{}", HIDDEN),
    row("POST /v4/tasks/{id}/put_away", SharedTask, "{}", ALL),
    row("DELETE /v4/tasks/{id}", Task, "{}", HIDDEN),
    row(
        "DELETE /v4/tasks/{id}",
        SharedTask,
        "{}",
        Cells([Code(403, "access_denied_task"), Code(403, "access_denied_task"), Code(403, "access_denied_task"), Yes]),
    ),
    row("GET /v4/tasksbyapprover/{id}", Member, "", COLLEAGUES),
    row("GET /v4/tasksbyapprover/{id}", Oneself, "", May::Own),
    row("GET /v4/members/{id}/visible_tasks", Member, "", Cells([NO, NO, NO, Yes])),
    row("GET /v4/members/{id}/visible_tasks", Oneself, "", May::Own),
    // Lists.
    row("GET /v4/lists", Nothing, "", Cells([Yes, Yes, Yes, Yes])),
    row("PUT /v4/lists", Nothing, r#"{"name":"New $new"}"#, By(Deed::MakeLists, KEPT)),
    row("PUT /v4/lists", Nothing, r#"{"name":"New $new","list_type":"org_wide"}"#, By(Deed::OpenListsToAll, KEPT)),
    row("GET /v4/lists/{id}", List, "", HIDDEN),
    row("GET /v4/lists/{id}", SharedList, "", ALL),
    row("GET /v4/lists/{id}", OpenList, "", COLLEAGUES),
    row("POST /v4/lists/{id}", List, r#"{"name":"New $new"}"#, HIDDEN),
    row("POST /v4/lists/{id}", SharedList, r#"{"name":"New $new"}"#, Cells([NO, NO, NO, Yes])),
    row("POST /v4/lists/{id}", OpenList, r#"{"name":"New $new"}"#, Cells([Hidden, NO, NO, Yes])),
    row("DELETE /v4/lists/{id}", List, "{}", HIDDEN),
    row("DELETE /v4/lists/{id}", SharedList, "{}", Cells([NO, NO, NO, Yes])),
    row("DELETE /v4/lists/{id}", OpenList, "{}", Cells([Hidden, NO, NO, Yes])),
    row("GET /v4/lists/{id}/tasks", List, "", HIDDEN),
    row("GET /v4/lists/{id}/tasks", SharedList, "", ALL),
    row("GET /v4/lists/{id}/tasks", OpenList, "", COLLEAGUES),
    row("POST /v4/lists/{id}/tasks", List, "{}", HIDDEN),
    row("POST /v4/lists/{id}/tasks", OpenList, "{}", COLLEAGUES),
    row("PUT /v4/lists/bulk", List, r#"[{"name":"New $new","parent_id":$id}]"#, Cells([NO, Hidden, Hidden, Yes])),
    row("POST /v4/lists/bulk", List, r#"[{"id":$id,"name":"New $new"}]"#, HIDDEN),
    row("DELETE /v4/lists/bulk", List, "[$id]", HIDDEN),
    // Announcements.
    row("GET /v4/announcements", Nothing, "", By(Deed::ReadAnnouncements, KEPT)),
    row("POST /v4/announcements", Nothing, r#"{"text":"New"}"#, By(Deed::WriteAnnouncements, KEPT)),
    row("GET /v4/announcements/{id}", Announcement, "", COLLEAGUES),
    row("PUT /v4/announcements/{id}", Announcement, r#"{"text":"New"}"#, Cells([Hidden, NO, NO, Yes])),
    row("DELETE /v4/announcements/{id}", Announcement, "{}", Cells([Hidden, NO, NO, Yes])),
    row("POST /v4/announcements/{id}/comments", Announcement, r#"{"text":"New"}"#, COLLEAGUES),
    row("PUT /v4/announcements/{id}/comments/{comment_id}", Announcement, r#"{"text":"New"}"#, Cells([Hidden, NO, NO, Yes])),
    row("DELETE /v4/announcements/{id}/comments/{comment_id}", Announcement, "{}", Cells([Hidden, NO, NO, Yes])),
    // The knowledge base.
    row("GET /v4/knowledgebase/structure", Nothing, "", Cells([MINE, Yes, Yes, Yes])),
    row(
        "POST /v4/knowledgebase",
        Nothing,
        r#"{"type":"topic","title":"New $new"}"#,
        By(Deed::AdministerKnowledgeBase, "knowledge_base_access_denied"),
    ),
    row("GET /v4/knowledgebase/{id}", Topic, "", HIDDEN),
    row("GET /v4/knowledgebase/{id}", OpenTopic, "", COLLEAGUES),
    row("PUT /v4/knowledgebase/{id}", Topic, r#"{"title":"New $new"}"#, HIDDEN),
    row("PUT /v4/knowledgebase/{id}", OpenTopic, r#"{"title":"New $new"}"#, Cells([Hidden, READS, READS, Yes])),
    row("DELETE /v4/knowledgebase/{id}", Topic, "{}", HIDDEN),
    row("DELETE /v4/knowledgebase/{id}", OpenTopic, "{}", Cells([Hidden, READS, READS, Yes])),
    row("GET /v4/knowledgebase/{id}/permissions", Topic, "", HIDDEN),
    row("GET /v4/knowledgebase/{id}/permissions", OpenTopic, "", Cells([Hidden, READS, READS, Yes])),
    row("PUT /v4/knowledgebase/{id}/permissions", Topic, r#"{"inherit":false}"#, HIDDEN),
    row("PUT /v4/knowledgebase/{id}/permissions", OpenTopic, r#"{"inherit":true}"#, Cells([Hidden, READS, READS, Yes])),
    row("GET /v4/knowledgebase/{id}/versions", Topic, "", HIDDEN),
    row("GET /v4/knowledgebase/{id}/versions", OpenTopic, "", COLLEAGUES),
    // Awards.
    row("GET /v4/awards", Nothing, "", By(Deed::SeeAwards, "access_denied_awards")),
    row("POST /v4/awards", Nothing, r#"{"name":"New $new"}"#, By(Deed::ManageAwards, "access_denied_awards")),
    row("GET /v4/awards/{id}", Award, "", COLLEAGUES),
    row("PUT /v4/awards/{id}", Award, r#"{"name":"New $new"}"#, HIDDEN),
    row("DELETE /v4/awards/{id}", Award, "{}", HIDDEN),
    row("GET /v4/awards/{id}/threshold", Award, "", HIDDEN),
    row("PUT /v4/awards/{id}/threshold", Award, r#"{"grant_threshold":2}"#, HIDDEN),
    row("GET /v4/members/{member_id}/awards/{award_id}/counter", Award, "", HIDDEN),
    row("PUT /v4/members/{member_id}/awards/{award_id}/counter?value=1", Award, "{}", HIDDEN),
    row("POST /v4/members/{member_id}/awards/{award_id}/counter/increment", Award, "{}", HIDDEN),
    // Catalogs. Their supervisors do what those do who manage catalogs; here there are none.
    row("GET /v4/catalogs", Nothing, "", Cells([MINE, Yes, Yes, Yes])),
    row("PUT /v4/catalogs", Nothing, r#"{"name":"New $new","catalog_headers":["Vendor"]}"#, CATALOGS),
    row("GET /v4/catalogs/{id}", Catalog, "", COLLEAGUES),
    row("POST /v4/catalogs/{id}", Catalog, SYNCED, CATALOGS),
    row("DELETE /v4/catalogs/{id}", Catalog, "{}", CATALOGS),
    row("POST /v4/catalogs/{id}/diff", Catalog, r#"{"upsert":[{"values":["Beta"]}]}"#, CATALOGS),
    row("PUT /v4/catalogs/bulk", Nothing, r#"[{"name":"New $new","catalog_headers":["Vendor"]}]"#, CATALOGS),
    row(
        "POST /v4/catalogs/bulk",
        Catalog,
        r#"[{"catalog_id":$id,"apply":true,"catalog_headers":["Vendor"],"items":[{"values":["Beta"]}]}]"#,
        CATALOGS,
    ),
    row("DELETE /v4/catalogs/bulk", Catalog, "[$id]", CATALOGS),
    // Forms. A level in one is given by those who administer it.
    row("GET /v4/forms", Nothing, "", Cells([MINE, MINE, MINE, Yes])),
    row("POST /v4/forms", Nothing, r#"{"name":"New $new"}"#, By(Deed::ConfigureForms, "access_denied_form")),
    row("GET /v4/forms/{id}", Form, "", HIDDEN),
    row("PUT /v4/forms/{id}", Form, r#"{"name":"New $new"}"#, HIDDEN),
    row("DELETE /v4/forms/{id}", Form, "{}", HIDDEN),
    row("GET /v4/forms/{id}/definition", Form, "", HIDDEN),
    row("GET /v4/forms/{id}/versions", Form, "", HIDDEN),
    row("POST /v4/forms/{id}/what_if", Form, r#"{"definition":{}}"#, HIDDEN),
    row("GET /v4/forms/{id}/print_forms", Form, "", HIDDEN),
    row("POST /v4/forms/{id}/print_forms", Form, r#"{"print_form_name":"New $new","template":"x"}"#, HIDDEN),
    row("PUT /v4/forms/{id}/print_forms/{print_form_id}", Form, r#"{"print_form_name":"New $new"}"#, HIDDEN),
    row("DELETE /v4/forms/{id}/print_forms/{print_form_id}", Form, "{}", HIDDEN),
    row("POST /v4/forms/{id}/publish", Form, "{}", HIDDEN),
    row("POST /v4/forms/{id}/clone", Form, r#"{"name":"New $new"}"#, HIDDEN),
    row("GET /v4/handlingtime?sd=2026-01-01&ed=2030-01-01&formId={id}", Form, "", HIDDEN),
    row("GET /v4/forms/{id}/register", Form, "", HIDDEN),
    row("POST /v4/forms/{id}/register", Form, "{}", HIDDEN),
    row("GET /v4/forms/{id}/permissions", Form, "", HIDDEN),
    row("POST /v4/forms/{id}/permissions", Form, r#"{"permissions":{}}"#, HIDDEN),
    // What is remembered of people.
    row("GET /v4/eventhistory", Nothing, "", By(Deed::ReadHistory, KEPT)),
    row("GET /v4/taskaccesshistory", Nothing, "", By(Deed::ReadHistory, KEPT)),
    row("GET /v4/fileaccesshistory", Nothing, "", By(Deed::ReadHistory, KEPT)),
    row("GET /v4/registryaccesshistory", Nothing, "", By(Deed::ReadHistory, KEPT)),
    row("GET /v4/taskexporthistory", Nothing, "", By(Deed::ReadHistory, KEPT)),
    row("GET /v4/registrydownloadhistory", Nothing, "", By(Deed::ReadHistory, KEPT)),
    row("GET /v4/personlastaction", Nothing, "", By(Deed::ReadHistory, KEPT)),
    // What is for browsers alone, or of a session that none of these has.
    row("PUT /v4/session", Nothing, r#"{"person_id":1}"#, BROWSERS),
    row("POST /v4/session/step_up", Nothing, r#"{"password":"x"}"#, BROWSERS),
    row("GET /v4/account", Nothing, "", BROWSERS),
    row("POST /v4/account/totp", Nothing, "{}", BROWSERS),
    row("PUT /v4/account/totp", Nothing, r#"{"code":"1"}"#, BROWSERS),
    row("DELETE /v4/account/totp", Nothing, "{}", BROWSERS),
    row("POST /v4/account/recovery_codes", Nothing, "{}", BROWSERS),
    row("GET /v4/qr_sign_in/{id}", Nothing, "", Cells([LOST, LOST, LOST, LOST])),
    row("POST /v4/qr_sign_in/{id}", Nothing, r#"{"approve":true}"#, BROWSERS),
    row("POST /v4/account/passkeys", Nothing, "{}", BROWSERS),
    row("PUT /v4/account/passkeys", Nothing, r#"{"name":"x","credential":{}}"#, BROWSERS),
    row("PUT /v4/account/passkeys/{id}", Nothing, r#"{"name":"x"}"#, BROWSERS),
    row("DELETE /v4/account/passkeys/{id}", Nothing, "{}", BROWSERS),
    row("DELETE /v4/sessions/{id}", Nothing, "{}", Cells([LOST, LOST, LOST, LOST])),
];

const KEPT_CATALOG: Cell = Code(403, "access_denied_catalog");
const CATALOGS: May = Cells([KEPT_CATALOG, KEPT_CATALOG, KEPT_CATALOG, Yes]);
const SYNCED: &str = r#"{"apply":true,"catalog_headers":["Vendor"],"items":[{"values":["Beta"]}]}"#;
const READS: Cell = Code(403, "knowledge_base_access_denied");
const BROWSERS: May = Cells([Code(403, "session_required"); 4]);
const LOST: Cell = Code(404, "not_found");
