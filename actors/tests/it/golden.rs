//! Histories as the log holds them, and the snapshot that this build makes of each. When the bytes change, a
//! snapshot of an older build would be misread: raise `REVISION` or `DOCUMENT_REVISION` of the aggregate,
//! which names a new golden file, and accept that one. Not the wire format of events (the domain's).

use std::collections::BTreeSet;

use actors::codec;
use actors::system::Hosted;
use domain::account::Account;
use domain::announcement::Announcement;
use domain::article::Article;
use domain::award::Award;
use domain::catalog::Catalog;
use domain::codec::EventSet;
use domain::department::Department;
use domain::file::File;
use domain::filter::Filter;
use domain::form::Form;
use domain::inbox::Inbox;
use domain::list::List;
use domain::organisation::Organisation;
use domain::person::Person;
use domain::role::Role;
use domain::task::Task;
use domain::testing::{ANNA, BORIS, directory, header};
use domain::{Header, PersonId, Version};

/// A history: who, the number of the command, the event.
type History = &'static [(PersonId, Version, &'static str, &'static str)];

const FORM: History = &[
    (
        ANNA,
        1,
        "form.created",
        r##"{"name":"Purchase","folder":["Finance"],"business_owners":[12],"definition":{"fields":[{"id":1,"name":"Sum","code":"u_sum","type":"number","decimal_places":2,"required_step":1},{"id":2,"name":"Kind","type":"multiple_choice","options":[{"choice_id":1,"choice_value":"Other","fields":[{"id":3,"name":"Which","type":"text"}]}]},{"id":4,"name":"Rows","type":"table","columns":[{"id":5,"name":"Price","type":"money"}]}],"steps":[{"name":"Chief","approvers":[{"who":{"person":12},"condition":"#1 > 5"},{"who":"author"}],"rule":{"at_least":2},"condition":"filled(#1)","on_reject":1}]}}"##,
    ),
    (ANNA, 2, "form.changed", r#"{"name":"Buying"}"#),
    (ANNA, 3, "form.drafted", r#"{"definition":{"fields":[{"id":1,"name":"Total","type":"money"}],"auto_close":true}}"#),
    (ANNA, 4, "form.published", "{}"),
    (ANNA, 5, "form.drafted", r#"{"definition":{"fields":[]}}"#),
    (ANNA, 6, "form.permitted", r#"{"levels":{"12":"member","40":"restricted_manager"}}"#),
    (ANNA, 7, "form.closed", "{}"),
    (ANNA, 8, "form.reopened", "{}"),
    (ANNA, 9, "form.print_saved", r#"{"id":2,"name":"Order","template":"<p>"}"#),
    (ANNA, 10, "form.print_saved", r#"{"id":3,"name":"Bill","template":"<b>"}"#),
    (ANNA, 11, "form.print_removed", r#"{"id":3}"#),
];

const FILE: History = &[
    (
        ANNA,
        1,
        "file.uploaded",
        r#"{"secret":"01234567-89ab-4def-8123-456789abcdef","name":"Scan.txt","size":3,"md5":"900150983cd24fb0d6963f7d28e17f72","sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","media_type":"text/plain"}"#,
    ),
    (ANNA, 2, "file.version_added", r#"{"file":58,"version":2}"#),
    (ANNA, 3, "file.version_added", r#"{"file":59,"version":3}"#),
    (ANNA, 4, "file.made_version", r#"{"root_id":57,"version":2}"#),
    (PersonId::SYSTEM, 5, "file.removed", "{}"),
];

/// An address in place of bytes.
const LINK: History = &[(ANNA, 1, "file.linked", r#"{"name":"Page","url":"https://example.org/"}"#)];

const FILTER: History = &[
    (
        ANNA,
        1,
        "filter.created",
        r#"{"name":"Late","query":{"over":{"form":4},"members":{"fld3":"gt5"}},"presentation":{"view":"board","columns":["id",3],"sort":{"by":3,"descending":true},"group_by":"step"},"shared":{"everyone":true,"with":[12]}}"#,
    ),
    (ANNA, 2, "filter.changed", r#"{"name":"Mine","query":{"over":"inbox"},"presentation":{"view":"table"}}"#),
];

/// One that is deleted keeps nothing of what it was.
const DELETED_FILTER: History = &[
    (ANNA, 1, "filter.created", r#"{"name":"Late","query":{"over":{"responsible":"me"}},"presentation":{"view":"chart"}}"#),
    (ANNA, 2, "filter.deleted", "{}"),
];

const TASK: History = &[
    (
        ANNA,
        1,
        "task.created",
        r#"{"text":"Hello","formatted_text":"<b>Hello</b>","mentions":[12],"subject":"First","responsible":12,"participants":[13],"subscribers":[14],"parent":5,"due":{"date":"2026-04-01"},"schedule":{"schedule":{"date":"2026-03-20"},"until":"2026-03-20T08:00:00Z"}}"#,
    ),
    (ANNA, 1, "task.subscribers_added", r#"{"persons":[12],"mentioned":true}"#),
    (BORIS, 3, "task.renamed", r#"{"subject":"Second"}"#),
    (BORIS, 3, "task.participants_added", r#"{"persons":[15,20]}"#),
    (BORIS, 3, "task.participants_removed", r#"{"persons":[13]}"#),
    (BORIS, 3, "task.reassigned", r#"{"to":11}"#),
    (BORIS, 3, "task.subscribers_added", r#"{"persons":[18]}"#),
    (BORIS, 3, "task.subscribers_removed", r#"{"persons":[14]}"#),
    (BORIS, 3, "task.due_set", r#"{"due":{"moment":{"at":"2026-04-02T09:30:00Z","duration":45}}}"#),
    (BORIS, 3, "task.scheduled", r#"{"schedule":{"moment":"2026-03-21T10:00:00Z"},"until":"2026-03-21T10:00:00Z"}"#),
    (BORIS, 3, "task.time_spent", r#"{"minutes":30}"#),
    (BORIS, 3, "task.added_to_lists", r#"{"lists":[7,8]}"#),
    (BORIS, 3, "task.removed_from_lists", r#"{"lists":[7]}"#),
    (BORIS, 3, "task.flagged", r#"{"skip_notification":true}"#),
    (BORIS, 3, "task.commented", r#"{"text":"All at once","reply_to":101}"#),
    (PersonId(18), 16, "task.acknowledged", "{}"),
    (ANNA, 17, "task.subscribers_rerequested", r#"{"persons":[18]}"#),
    (ANNA, 18, "task.closed", "{}"),
    (ANNA, 19, "task.reopened", r#"{"auto":true}"#),
    (ANNA, 19, "task.commented", r#"{"text":"Not yet"}"#),
    (ANNA, 21, "task.comment_edited", r#"{"comment":119,"text":"Not quite yet"}"#),
    (ANNA, 22, "task.comment_deleted", r#"{"comment":103}"#),
    (ANNA, 23, "task.schedule_cancelled", "{}"),
    (ANNA, 24, "task.due_cancelled", "{}"),
    (BORIS, 25, "task.commented_as_roles", r#"{"roles":[40]}"#),
    (BORIS, 25, "task.acknowledged_for", r#"{"role":40}"#),
    (PersonId::SYSTEM, 27, "task.timer_fired", r#"{"timer":"overdue"}"#),
    (ANNA, 28, "task.put_away", "{}"),
    (ANNA, 29, "task.deleted", "{}"),
];

/// Of the form of [`FORM`], which the directory does not hold.
const FORM_TASK: History = &[
    (ANNA, 1, "task.created", r#"{"text":"","form":3,"template":1}"#),
    (ANNA, 1, "task.field_changed", r#"{"field":1,"value":{"number":"10306.25"}}"#),
    (ANNA, 1, "task.field_changed", r#"{"field":2,"value":{"choices":[1]}}"#),
    (ANNA, 1, "task.field_changed", r#"{"field":3,"value":{"text":"Lamps"}}"#),
    (ANNA, 1, "task.table_changed", r#"{"field":4,"rows":[{"row_id":0,"position":1,"cells":{"5":{"number":"1"}}},{"row_id":1}]}"#),
    (ANNA, 1, "task.step_entered", r#"{"step":1,"approvers":[11]}"#),
    (ANNA, 1, "task.approved", r#"{"step":1,"approver":11}"#),
    (ANNA, 1, "task.step_entered", r#"{"step":2,"approvers":[12,40]}"#),
    (ANNA, 1, "task.titled", r#"{"title":"Purchase: 10306.25"}"#),
    (BORIS, 10, "task.approvals_added", r#"{"step":3,"persons":[13]}"#),
    (BORIS, 10, "task.rejected", r#"{"step":2,"approver":12}"#),
    (BORIS, 10, "task.step_returned", r#"{"step":1,"again":true}"#),
    (ANNA, 13, "task.template_applied", r#"{"template":2}"#),
    (ANNA, 13, "task.field_changed", r#"{"field":3}"#),
    (ANNA, 13, "task.approvals_removed", r#"{"step":3,"persons":[13]}"#),
    (ANNA, 16, "task.step_acknowledged", r#"{"step":1,"approver":11}"#),
    (ANNA, 17, "task.revoked", r#"{"step":1,"approver":11}"#),
    (ANNA, 18, "task.approvals_rerequested", r#"{"step":2,"persons":[12]}"#),
    (ANNA, 19, "task.route_completed", "{}"),
    (ANNA, 20, "task.step_entered", r#"{"step":2,"approvers":[12],"due":"2026-03-02T11:30:00Z"}"#),
    (
        ANNA,
        20,
        "task.subprocess_asked",
        r#"{"number":1,"step":2,"form":4,"of":3,"depth":1,"wait":true,"author":11,"fields":{"7":{"tasks":[5]}}}"#,
    ),
    (ANNA, 22, "task.subprocess_opened", r#"{"number":1,"task":17}"#),
    (ANNA, 23, "task.subprocess_ended", r#"{"number":1,"outcome":"completed"}"#),
    (ANNA, 24, "task.subprocess_left", r#"{"number":1,"task":17}"#),
    (ANNA, 25, "task.field_changed", r#"{"field":7,"value":{"tasks":[5,6]}}"#),
    (
        ANNA,
        25,
        "task.subprocess_result",
        r#"{"task":5,"form":3,"step":2,"number":1,"depth":1,"outcome":"closed","fields":{"1":{"number":"1"}}}"#,
    ),
];

const PERSON: History = &[
    (ANNA, 1, "person.added", r#"{"kind":"guest","rights":32,"first_name":"Boris","last_name":"Test","email":"boris@example.org"}"#),
    (
        ANNA,
        2,
        "person.changed",
        r#"{"first_name":"Boris","last_name":"Best","email":"best@example.org","native_first_name":"Б","external_id":"e-1","position":"clerk","status":"away","phone":"1","mobile_phone":"2","location":"Bonn","personality":"calm","personnel_number":"3","locale":"ru-RU","time_zone":"Europe/Berlin"}"#,
    ),
    (ANNA, 3, "person.rights_changed", r#"{"rights":6}"#),
    (ANNA, 4, "person.key_issued", "{}"),
    (ANNA, 5, "person.key_revoked", "{}"),
    (ANNA, 6, "person.password_changed", "{}"),
    (ANNA, 7, "person.blocked", "{}"),
    (ANNA, 8, "person.restored", "{}"),
    (ANNA, 9, "person.key_issued", "{}"),
    (
        ANNA,
        10,
        "person.changed",
        r#"{"first_name":"Boris","email":"best@example.org","messenger":{"kind":"Telegram","nickname":"b"},"vacation_days":7,"login_phone":"+12345","department":3,"birth_date":{"day":1,"month":2,"year":1990}}"#,
    ),
    (ANNA, 11, "person.restricted", r#"{"cant_export_form_registry":true}"#),
    (ANNA, 12, "person.session_policy_set", r#"{"web":{"life_hours":{"at_most":8},"count":"unbounded"},"two_factor":true}"#),
    (ANNA, 13, "person.avatar_set", r#"{"guid":"a-1","avatar_id":5}"#),
    (
        ANNA,
        14,
        "person.absence_set",
        r#"{"from":"2026-04-01","until":"2026-04-14","begins":"2026-03-31T22:00:00Z","ends":"2026-04-14T22:00:00Z"}"#,
    ),
    (ANNA, 15, "person.absence_cleared", "{}"),
    (
        ANNA,
        16,
        "person.absence_set",
        r#"{"from":"2026-05-01","until":"2026-05-14","begins":"2026-04-30T22:00:00Z","ends":"2026-05-14T22:00:00Z","deputy":11}"#,
    ),
    (ANNA, 17, "person.bot_set", r#"{"hook_url":"https://bots.example.org/","enabled":false,"settings":"{}","time_zone_offset":60}"#),
    (ANNA, 18, "person.administration_left", r#"{"after":7}"#),
    (ANNA, 18, "person.dismissed", r#"{"receiver":11}"#),
];

const DEPARTMENT: History = &[
    (ANNA, 1, "department.created", r#"{"name":"Sales","manager":11}"#),
    (ANNA, 1, "department.moved", r#"{"parent":3,"after":0}"#),
    (ANNA, 3, "department.changed", r#"{"name":"Purchase","external_id":"p-1"}"#),
    (ANNA, 4, "department.deleted", r#"{"after":102}"#),
];

const ORGANISATION: History = &[
    (PersonId::SYSTEM, 1, "organisation.created", r#"{"name":"Home","time_zone":"Europe/Berlin","locale":"en-US"}"#),
    (ANNA, 2, "organisation.changed", r#"{"name":"House","time_zone":"Europe/Paris","locale":"fr-FR"}"#),
];

const ROLE: History = &[
    (ANNA, 1, "role.created", r#"{"name":"Clerks","members":[11,12,13]}"#),
    (ANNA, 2, "role.changed", r#"{"name":"Scribes","external_id":"r-1"}"#),
    (ANNA, 3, "role.members_added", r#"{"persons":[14,15]}"#),
    (ANNA, 4, "role.members_removed", r#"{"persons":[12]}"#),
    (ANNA, 5, "role.banned", "{}"),
    (ANNA, 6, "role.restored", "{}"),
    (ANNA, 7, "role.deleted", r#"{"task_receiver":11}"#),
];

const LIST: History = &[
    (
        ANNA,
        1,
        "list.created",
        r##"{"name":"Move","reach":"organisation","color":"#ff0000","external_id":"e-1","external_version":"7","parent":5,"managers":[11,12],"members":[13]}"##,
    ),
    (ANNA, 2, "list.changed", r#"{"name":"Moving","reach":"private","external_version":"8"}"#),
    (ANNA, 3, "list.moved", r#"{"parent":6}"#),
    (ANNA, 4, "list.managers_added", r#"{"persons":[14]}"#),
    (ANNA, 5, "list.managers_removed", r#"{"persons":[12]}"#),
    (ANNA, 6, "list.members_added", r#"{"persons":[15,60]}"#),
    (ANNA, 7, "list.members_removed", r#"{"persons":[13]}"#),
    (ANNA, 8, "list.deleted", "{}"),
    (ANNA, 9, "list.restored", "{}"),
    (ANNA, 10, "list.deleted", "{}"),
];

const ARTICLE: History = &[
    (ANNA, 1, "article.created", r##"{"nature":"topic","title":"Tea","body":"# How","parent":5}"##),
    (ANNA, 2, "article.edited", r#"{"title":"Teas"}"#),
    (ANNA, 3, "article.moved", r#"{"parent":6,"turn":8}"#),
    (ANNA, 4, "article.permissions_changed", r#"{"inherit":false,"readers":[12],"editors":[11,60],"open":true,"public":true}"#),
    (ANNA, 5, "article.deleted", r#"{"with_children":true,"turn":9}"#),
];

const AWARD: History = &[
    (ANNA, 1, "award.created", r#"{"name":"Tester","description":"Finds bugs","grant":3,"revoke":9}"#),
    (ANNA, 2, "award.counted", r#"{"person":12,"counter":3}"#),
    (ANNA, 2, "award.granted", r#"{"persons":[12]}"#),
    (ANNA, 4, "award.counted", r#"{"person":13,"counter":1}"#),
    (ANNA, 5, "award.thresholds_set", r#"{"grant":5,"revoke":8}"#),
    (ANNA, 5, "award.revoked", r#"{"persons":[12]}"#),
    (ANNA, 7, "award.changed", r#"{"name":"Finder"}"#),
    (ANNA, 8, "award.deleted", "{}"),
];

const INBOX: History = &[
    (ANNA, 1, "inbox.followed", r#"{"task":7}"#),
    (ANNA, 2, "inbox.followed", r#"{"list":3}"#),
    (ANNA, 3, "inbox.followed", r#"{"form":4}"#),
    (ANNA, 4, "inbox.followed", r#"{"filter":5}"#),
    (ANNA, 5, "inbox.unfollowed", r#"{"task":7}"#),
    (ANNA, 6, "inbox.snoozed", r#"{"task":7,"until":"2026-03-03T08:00:00Z"}"#),
    (ANNA, 7, "inbox.snoozed", r#"{"task":8,"until":"2026-03-03T08:00:00Z"}"#),
    (ANNA, 8, "inbox.unsnoozed", r#"{"task":7,"by_time":true}"#),
    (ANNA, 9, "inbox.reminder_set", r#"{"task":7,"at":"2026-03-03T08:00:00Z"}"#),
    (ANNA, 10, "inbox.reminder_set", r#"{"task":8,"at":"2026-03-03T08:00:00Z"}"#),
    (ANNA, 11, "inbox.reminder_set", r#"{"task":9,"at":"2026-03-03T08:00:00Z"}"#),
    (ANNA, 12, "inbox.reminder_cancelled", r#"{"task":7}"#),
    (ANNA, 13, "inbox.reminded", r#"{"task":8,"at":"2026-03-03T08:00:00Z"}"#),
    (ANNA, 14, "inbox.read", r#"{"upto":9}"#),
    (ANNA, 15, "inbox.unread", r#"{"task":7,"position":9}"#),
    (PersonId::SYSTEM, 16, "inbox.found", r#"{"filter":5,"task":7,"cause":90,"by":12}"#),
    (ANNA, 17, "inbox.settings_set", r#"{"silent":{"mail":["comment"]},"forms":{"4":{}},"quiet":{"from":1320,"until":420}}"#),
];

const CATALOG: History = &[
    (
        ANNA,
        1,
        "catalog.created",
        r#"{"name":"Vendors","external_id":"7","column_settings":[{"original_position":1,"visible":true,"group_by":false}],"columns":[{"name":"Vendor","type":"text"},{"name":"City","type":"text"}],"supervisors":[12]}"#,
    ),
    (
        ANNA,
        1,
        "catalog.items_changed",
        r#"{"batch":"00000000-0000-0000-0000-000000000001","begins":true,"added":[{"id":1,"values":["Acme","Bonn"]},{"id":2,"values":["Beta","Ulm"],"external_id":"b"}]}"#,
    ),
    (ANNA, 1, "catalog.synced", r#"{"batch":"00000000-0000-0000-0000-000000000001","added":2,"updated":0,"deleted":0}"#),
    (ANNA, 4, "catalog.changed", r#"{"name":"Suppliers","external_version":"8"}"#),
    (ANNA, 5, "catalog.supervisors_added", r#"{"persons":[40,13]}"#),
    (ANNA, 6, "catalog.supervisors_removed", r#"{"persons":[12]}"#),
    (
        ANNA,
        7,
        "catalog.items_changed",
        r#"{"batch":"00000000-0000-0000-0000-000000000002","begins":true,"updated":[{"id":1,"values":["Acme","7%","Bonn"]}],"deleted":[2]}"#,
    ),
    (
        ANNA,
        7,
        "catalog.synced",
        r#"{"batch":"00000000-0000-0000-0000-000000000002","columns":[{"name":"Vendor","type":"text"},{"name":"Tax","type":"text"},{"name":"City","type":"workflow"}],"added":0,"updated":1,"deleted":1}"#,
    ),
    (
        ANNA,
        9,
        "catalog.items_changed",
        r#"{"batch":"00000000-0000-0000-0000-000000000003","begins":true,"added":[{"id":3,"values":["Ceta","",""]}]}"#,
    ),
    (ANNA, 10, "catalog.deleted", "{}"),
];

const ANNOUNCEMENT: History = &[
    (ANNA, 1, "announcement.created", r#"{"text":"Tea"}"#),
    (BORIS, 2, "announcement.commented", r#"{"text":"Thanks"}"#),
    (ANNA, 3, "announcement.commented", r#"{"text":"Welcome","reply_to":102}"#),
    (BORIS, 4, "announcement.comment_edited", r#"{"comment":102,"text":"Thank you"}"#),
    (ANNA, 5, "announcement.comment_deleted", r#"{"comment":103}"#),
    (ANNA, 6, "announcement.edited", r#"{"text":"Tea at five"}"#),
    (ANNA, 7, "announcement.closed", "{}"),
    (ANNA, 8, "announcement.reopened", "{}"),
    (ANNA, 9, "announcement.deleted", "{}"),
];

const ACCOUNT: History = &[
    (PersonId::SYSTEM, 1, "account.created", r#"{"login":"anna@example.org","organisation":1,"person":11}"#),
    (PersonId::SYSTEM, 2, "account.linked", r#"{"organisation":2,"person":90}"#),
    (
        PersonId::SYSTEM,
        3,
        "account.session_started",
        r#"{"session":"00000000-0000-0000-0000-000000000007","person":11,"by":"password","second":"totp"}"#,
    ),
    (PersonId::SYSTEM, 4, "account.session_ended", r#"{"session":"00000000-0000-0000-0000-000000000007","why":"signed_out"}"#),
    (PersonId::SYSTEM, 5, "account.sessions_ended", r#"{"why":"ended_elsewhere"}"#),
    (PersonId::SYSTEM, 6, "account.password_changed", "{}"),
    (PersonId::SYSTEM, 7, "account.password_reset_requested", "{}"),
    (PersonId::SYSTEM, 8, "account.password_reset", "{}"),
    (PersonId::SYSTEM, 9, "account.second_factor_added", r#"{"factor":"totp"}"#),
    (PersonId::SYSTEM, 10, "account.second_factor_removed", r#"{"factor":"totp"}"#),
    (PersonId::SYSTEM, 11, "account.second_factor_added", r#"{"factor":"totp"}"#),
    (PersonId::SYSTEM, 12, "account.recovery_codes_made", r#"{"count":10}"#),
    (PersonId::SYSTEM, 13, "account.recovery_code_used", "{}"),
    (PersonId::SYSTEM, 14, "account.passkey_added", r#"{"id":"00000000-0000-0000-0000-000000000007","name":"Phone"}"#),
    (PersonId::SYSTEM, 15, "account.passkey_added", r#"{"id":"00000000-0000-0000-0000-000000000008","name":"Key"}"#),
    (PersonId::SYSTEM, 16, "account.passkey_renamed", r#"{"id":"00000000-0000-0000-0000-000000000007","name":"Telephone"}"#),
    (PersonId::SYSTEM, 17, "account.passkey_removed", r#"{"id":"00000000-0000-0000-0000-000000000008"}"#),
    (PersonId::SYSTEM, 18, "account.qr_sign_in_answered", r#"{"request":"00000000-0000-0000-0000-000000000007","approved":true}"#),
];

/// State and document after `history`, as a snapshot holds them.
fn kept<A: Hosted>(history: History) -> Vec<u8> {
    let (mut state, mut document, directory) = (A::default(), A::Document::default(), directory());
    for (version, (who, command, event_type, payload)) in (1..).zip(history) {
        let event = A::Event::decode(event_type, 1, payload).unwrap();
        let header = Header { index: i16::try_from(version - command).unwrap(), ..header(A::KIND, version, *who, *command) };
        state.evolve(&event, &header);
        A::document(&mut document, &event, &header, &directory);
        // As after each commit: a document may render lazily.
        state.publish(&mut document, &directory);
    }
    codec::encode(1, &(&state, &document)).unwrap()
}

/// Holds a history that says everything that can have happened.
fn hold<A: Hosted>(name: &str, history: History) {
    hold_all::<A>(&[(name, history)]);
}

/// Holds histories that together say everything that can have happened.
fn hold_all<A: Hosted>(histories: &[(&str, History)]) {
    let said: BTreeSet<_> = histories.iter().flat_map(|(_, history)| *history).map(|(_, _, event_type, _)| *event_type).collect();
    assert_eq!(said, A::Event::TYPES.iter().copied().collect(), "a history of every event");
    for (name, history) in histories {
        hold_bytes::<A>(name, history);
    }
}

/// Holds the bytes to the golden file of these revisions.
fn hold_bytes<A: Hosted>(name: &str, history: History) {
    let bytes = kept::<A>(history);
    let lines: Vec<_> = bytes.chunks(48).map(hex::encode).collect();
    insta::assert_snapshot!(format!("{name}_{}_{}", A::REVISION, A::DOCUMENT_REVISION), lines.join("\n"));

    let (state, document): (A, A::Document) = codec::decode(1, &bytes).unwrap();
    assert_eq!(codec::encode(1, &(&state, &document)).unwrap(), bytes, "it is read as it was written");
}

#[test]
fn snapshots_of_tasks_are_read_by_every_build_of_their_revision() {
    hold_all::<Task>(&[("task", TASK), ("form_task", FORM_TASK)]);
}

#[test]
fn snapshots_of_persons_are_read_by_every_build_of_their_revision() {
    hold::<Person>("person", PERSON);
}

#[test]
fn snapshots_of_roles_are_read_by_every_build_of_their_revision() {
    hold::<Role>("role", ROLE);
}

#[test]
fn snapshots_of_articles_are_read_by_every_build_of_their_revision() {
    hold::<Article>("article", ARTICLE);
}

#[test]
fn snapshots_of_announcements_are_read_by_every_build_of_their_revision() {
    hold::<Announcement>("announcement", ANNOUNCEMENT);
}

#[test]
fn snapshots_of_awards_are_read_by_every_build_of_their_revision() {
    hold::<Award>("award", AWARD);
}

#[test]
fn snapshots_of_files_are_read_by_every_build_of_their_revision() {
    hold_all::<File>(&[("file", FILE), ("link", LINK)]);
}

#[test]
fn snapshots_of_filters_are_read_by_every_build_of_their_revision() {
    hold_all::<Filter>(&[("filter", FILTER), ("deleted_filter", DELETED_FILTER)]);
}

#[test]
fn snapshots_of_inboxes_are_read_by_every_build_of_their_revision() {
    hold::<Inbox>("inbox", INBOX);
}

#[test]
fn snapshots_of_catalogs_are_read_by_every_build_of_their_revision() {
    hold::<Catalog>("catalog", CATALOG);
}

#[test]
fn snapshots_of_departments_are_read_by_every_build_of_their_revision() {
    hold::<Department>("department", DEPARTMENT);
}

#[test]
fn snapshots_of_organisations_are_read_by_every_build_of_their_revision() {
    hold::<Organisation>("organisation", ORGANISATION);
}

#[test]
fn snapshots_of_lists_are_read_by_every_build_of_their_revision() {
    hold::<List>("list", LIST);
}

#[test]
fn snapshots_of_forms_are_read_by_every_build_of_their_revision() {
    hold::<Form>("form", FORM);
}

#[test]
fn snapshots_of_accounts_are_read_by_every_build_of_their_revision() {
    hold::<Account>("account", ACCOUNT);
}
