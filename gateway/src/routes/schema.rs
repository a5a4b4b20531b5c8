//! How requests and answers look, for the API's description only: nothing is parsed or made by these types. The dialect is
//! read in `dialect`; tasks are rendered in `domain`.
#![expect(dead_code, reason = "described, never made")]

pub mod form;
pub mod reason;
pub mod task;

use utoipa::{IntoParams, ToSchema};

use super::headers::TaskHeader;
pub use form::{AskWhatIf, FillField, FormPermissions, WriteForm};
pub use reason::{NotificationReason, SilentReasons};
pub use task::{CalendarTasks, NewFile, RegisterRow, Task, Tasks};

/// Headers of a request that changes something.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct Write {
    /// Names the command: sent again with the same key, it takes effect once and is answered again. At most 255 visible
    /// characters, quoted or bare; yours alone, and kept as long as the log.
    #[param(rename = "Idempotency-Key", max_length = 255)]
    idempotency_key: Option<String>,
    /// `<incarnation>-<position>`, as in `Nashi-Position` of an earlier answer.
    #[param(rename = "Nashi-Wait-For")]
    nashi_wait_for: Option<String>,
    /// Whom the asker believes to be: refused as `other_person`, with nothing done, where it is somebody else who is signed in.
    #[param(rename = "Nashi-Person")]
    nashi_person: Option<i64>,
}

/// Headers of a request that reads.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct Read {
    /// Answer once this position has been seen: `<incarnation>-<position>`, as in `Nashi-Position` of an earlier answer. Waits
    /// for at most 1 s, then 503.
    #[param(rename = "Nashi-Wait-For")]
    nashi_wait_for: Option<String>,
    /// As in a request that changes something.
    #[param(rename = "Nashi-Person")]
    nashi_person: Option<i64>,
}

/// The moment that a reader asks about.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AsOf {
    /// As it was at this position of the log (`912`, or as in `Nashi-Position`) or at this moment (RFC 3339), for who may see it
    /// today. What lies ahead is `invalid_input`.
    as_of: Option<String>,
}

/// The language of a document that a browser opens by a link.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Locale {
    /// Such as `ru` or `en-GB`; goes before `Accept-Language`, which goes before one's own. Others are ignored.
    locale: Option<String>,
}

/// Who signs in, and with what.
#[derive(ToSchema)]
pub struct SignIn {
    /// The e-mail address.
    login: String,
    /// Or `password`.
    security_key: Option<String>,
    password: Option<String>,
    /// Which of several persons with this address.
    person_id: Option<i64>,
}

/// Who signs a browser in.
#[derive(ToSchema)]
pub struct NewSession {
    /// The e-mail address.
    login: String,
    password: String,
    /// Which of several persons, one in each organisation.
    person_id: Option<i64>,
}

/// The second half of signing in: `code`, `recovery_code` or `passkey`.
#[derive(ToSchema)]
pub struct ShowSecondFactor {
    /// From `POST /sessions`.
    ticket: String,
    /// Of an authenticator app.
    code: Option<String>,
    recovery_code: Option<String>,
    passkey: Option<ShownPasskeyAnswer>,
}

/// One of them.
#[derive(ToSchema)]
pub struct StepUp {
    password: Option<String>,
    /// Of an authenticator app.
    code: Option<String>,
    recovery_code: Option<String>,
    passkey: Option<ShownPasskeyAnswer>,
}

/// The answer to a challenge of `POST /sessions/passkey`.
#[derive(ToSchema)]
pub struct ShownPasskeyAnswer {
    ticket: String,
    /// What `navigator.credentials.get` made, by its `toJSON()`.
    #[schema(value_type = Object)]
    credential: (),
}

/// The answer to a challenge, and as whom to sign in.
#[derive(ToSchema)]
pub struct PasskeySignIn {
    ticket: String,
    /// What `navigator.credentials.get` made, by its `toJSON()`.
    #[schema(value_type = Object)]
    credential: (),
    /// Which of several persons, one in each organisation.
    person_id: Option<i64>,
}

/// The answer to a challenge of `POST /account/passkeys`.
#[derive(ToSchema)]
pub struct NewPasskey {
    ticket: String,
    /// What `navigator.credentials.create` made, by its `toJSON()`.
    #[schema(value_type = Object)]
    credential: (),
    /// At most 100 characters.
    name: String,
}

#[derive(ToSchema)]
pub struct PasskeyName {
    /// At most 100 characters.
    name: String,
}

/// A yes or a no.
#[derive(ToSchema)]
pub struct AnswerQr {
    approve: bool,
}

/// What the browser that asked knows.
#[derive(ToSchema)]
pub struct TakeQr {
    secret: String,
}

/// The first code that the authenticator app shows.
#[derive(ToSchema)]
pub struct FirstCode {
    code: String,
}

/// Whose password is forgotten.
#[derive(ToSchema)]
pub struct ResetRequest {
    /// The e-mail address.
    login: String,
}

/// A new password, with what the link held.
#[derive(ToSchema)]
pub struct Reset {
    token: String,
    /// 8 to 1024 bytes.
    password: String,
}

/// Who is invited. The members of `WriteMember` may stand here as well.
#[derive(ToSchema)]
pub struct NewInvitation {
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    rights: Option<u32>,
    /// Somebody from outside, who sees only what they were added to.
    guest: Option<bool>,
}

/// An invitation's acceptance.
#[derive(ToSchema)]
pub struct AcceptInvitation {
    token: String,
    /// Not needed by who is signed in already.
    password: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
}

/// An installation's first organisation and administrator.
#[derive(ToSchema)]
pub struct NewInstallation {
    token: String,
    organization: String,
    /// IANA name, such as `Europe/Berlin`.
    time_zone: Option<String>,
    /// Such as `en-US`.
    locale: Option<String>,
    email: String,
    first_name: String,
    last_name: Option<String>,
    password: String,
}

/// Whom a session goes on as.
#[derive(ToSchema)]
pub struct SwitchPerson {
    person_id: i64,
}

/// A person as a request names them: by `id` or by `email`.
#[derive(ToSchema)]
pub struct PersonName {
    id: Option<i64>,
    email: Option<String>,
}

/// A new simple task. `text` or `formatted_text` is required.
#[derive(ToSchema)]
pub struct CreateTask {
    text: Option<String>,
    /// HTML: `b`, `i`, `s`, `code`, `ul`, `ol`, `li`, `a`, `q`, `quote`, `br`, `span data-personid`, …
    formatted_text: Option<String>,
    subject: Option<String>,
    responsible: Option<PersonName>,
    participants: Option<Vec<PersonName>>,
    subscribers: Option<Vec<PersonName>>,
    parent_task_id: Option<i32>,
    /// Lists that the task lies in from the beginning.
    list_ids: Option<Vec<i64>>,
    /// `YYYY-MM-DD`; not together with `due`.
    due_date: Option<String>,
    /// `YYYY-MM-DDThh:mm:ssZ`
    due: Option<String>,
    /// Minutes, together with `due`.
    duration: Option<i64>,
    /// Out of the inbox until this day.
    scheduled_date: Option<String>,
    scheduled_datetime_utc: Option<String>,
    /// Makes it a task of this form.
    form_id: Option<i64>,
    fields: Option<Vec<FillField>>,
    /// Fills in what the form gives by default, where `fields` says nothing.
    fill_defaults: Option<bool>,
    /// Persons and roles by step, the first step first, beside those whom the form names.
    approvals: Option<Vec<Vec<PersonName>>>,
    /// At most 100.
    attachments: Option<Vec<NewFile>>,
}

/// A change of a task: what is present happens, all or nothing.
#[derive(ToSchema)]
pub struct CreateComment {
    text: Option<String>,
    formatted_text: Option<String>,
    subject: Option<String>,
    /// `finished` or `reopened`.
    action: Option<String>,
    /// `approved`, `rejected`, `acknowledged` or `revoked` by who is asked at the step; `acknowledged` of a subscriber.
    approval_choice: Option<String>,
    /// The steps that the choice is for; the current one where none is named.
    approval_steps: Option<Vec<u8>>,
    /// The position at which whoever decides saw the task: refused as `conflict` if a field or the route changed since. Ours.
    seen: Option<i64>,
    /// As `fields` of a new task.
    field_updates: Option<Vec<FillField>>,
    /// By step, the first step first; or one list, at the current step.
    approvals_added: Option<Vec<Vec<PersonName>>>,
    approvals_removed: Option<Vec<Vec<PersonName>>>,
    approvals_rerequested: Option<Vec<Vec<PersonName>>>,
    participants_added: Option<Vec<PersonName>>,
    participants_removed: Option<Vec<PersonName>>,
    reassign_to: Option<PersonName>,
    subscribers_added: Option<Vec<PersonName>>,
    subscribers_removed: Option<Vec<PersonName>>,
    subscribers_rerequested: Option<Vec<PersonName>>,
    added_list_ids: Option<Vec<i64>>,
    removed_list_ids: Option<Vec<i64>>,
    due_date: Option<String>,
    due: Option<String>,
    duration: Option<i64>,
    cancel_due: Option<bool>,
    scheduled_date: Option<String>,
    scheduled_datetime_utc: Option<String>,
    cancel_schedule: Option<bool>,
    edit_comment_id: Option<i64>,
    delete_comment_id: Option<i64>,
    spent_minutes: Option<i64>,
    /// At most 100; with `edit_comment_id` in place of those that the comment has.
    attachments: Option<Vec<NewFile>>,
    skip_satisfaction: Option<bool>,
    skip_notification: Option<bool>,
    skip_auto_reopen: Option<bool>,
    /// Send and hide: out of the sender's inbox with the same request. Ours, beside the dialect.
    hide: Option<bool>,
}

/// Comments on several tasks.
#[derive(ToSchema)]
pub struct CreateComments {
    /// The answer then holds no tasks.
    no_tasks_in_response: Option<bool>,
    /// 2 to 500, each of another task.
    comments: Vec<CommentOfTask>,
}

#[derive(ToSchema)]
pub struct CommentOfTask {
    task_id: i32,
    /// The newest comment that is known of the task: with another one by now, all is refused as `conflict`.
    previous_note_id: Option<i64>,
    comment: CreateComment,
}

/// A new role.
#[derive(ToSchema)]
pub struct CreateRole {
    name: String,
    external_id: Option<String>,
    /// At most 500 persons.
    member_add: Option<Vec<i64>>,
}

/// What changes of a role; in bulk with its `id`.
#[derive(ToSchema)]
pub struct ChangeRole {
    id: Option<i64>,
    name: Option<String>,
    external_id: Option<String>,
    banned: Option<bool>,
    member_add: Option<Vec<i64>>,
    member_remove: Option<Vec<i64>>,
}

/// Who gets a role's tasks; in bulk with its `id`.
#[derive(ToSchema)]
pub struct DeleteRole {
    id: Option<i64>,
    /// A person or a role.
    task_receiver_id: Option<i64>,
}

/// A new member. An e-mail address and a first or last name are required.
#[derive(ToSchema)]
pub struct WriteMember {
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    native_first_name: Option<String>,
    native_last_name: Option<String>,
    external_id: Option<String>,
    position: Option<String>,
    status: Option<String>,
    phone: Option<String>,
    mobile_phone: Option<String>,
    skype: Option<String>,
    location: Option<String>,
    personality: Option<String>,
    personnel_number: Option<String>,
    /// Such as `ru-RU`.
    locale: Option<String>,
    /// IANA name, such as `Europe/Berlin`.
    time_zone: Option<String>,
    /// Bits: 1 roles, 2 sees all tasks, 4 persons, 8 lists, 16 settings, 32 deletes own tasks, 64 announcements of others,
    /// 128 bills, 256 invites, 512 deletes tasks of others, 1024 integrations, 2048 creates announcements.
    rights: Option<u32>,
    banned: Option<bool>,
}

/// A picture by the id of its upload.
#[derive(ToSchema)]
pub struct WriteAvatar {
    guid: Option<String>,
    external_avatar_id: Option<i64>,
}

/// Days away, both included, in the person's time zone.
#[derive(ToSchema)]
pub struct WriteAbsence {
    /// `YYYY-MM-DD`
    from: String,
    /// `YYYY-MM-DD`, the last day.
    until: String,
    /// Who receives the inbox meanwhile: a colleague.
    deputy_id: Option<i64>,
}

/// A bot. A new one needs a name.
#[derive(ToSchema)]
pub struct WriteBot {
    name: Option<String>,
    external_id: Option<String>,
    /// Begins with `https://`.
    hook_url: Option<String>,
    is_enabled: Option<bool>,
    bot_settings: Option<String>,
    description: Option<String>,
    rights: Option<u32>,
    send_only_last_comment: Option<bool>,
    locale: Option<String>,
    /// Minutes from UTC.
    time_zone_offset: Option<i32>,
}

/// Who is given what somebody had to do who is there no more.
#[derive(ToSchema)]
pub struct TaskReceiver {
    task_receiver_id: Option<i64>,
}

/// A department. A new one needs a name.
#[derive(ToSchema)]
pub struct WriteDepartment {
    department_name: Option<String>,
    /// 0 is the top.
    parent_id: Option<i64>,
    manager_id: Option<i64>,
    remove_manager: Option<bool>,
    external_id: Option<String>,
}

/// Many changes of members at once. Names in any case of letters.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
pub struct WriteMembers {
    add_members: Option<Vec<WriteMember>>,
    /// Each with its `id`.
    change_members: Option<Vec<WriteMember>>,
    /// Ids.
    ban_members: Option<Vec<i64>>,
    /// Each `{id, task_receiver_id}`.
    fire_members: Option<Vec<TaskReceiver>>,
}

/// A new password: 8 to 1024 bytes.
#[derive(ToSchema)]
pub struct NewPassword {
    password: String,
    /// The present one. Required where there is one.
    current_password: Option<String>,
}

/// A text. `text` or `formatted_text` is required.
#[derive(ToSchema)]
pub struct WriteText {
    text: Option<String>,
    /// HTML, as in tasks.
    formatted_text: Option<String>,
    /// Likewise. An edit that gives none leaves them.
    attachments: Option<Vec<NewFile>>,
}

/// What is there changes.
#[derive(ToSchema)]
pub struct ChangeAnnouncement {
    text: Option<String>,
    formatted_text: Option<String>,
    /// All of them from now on, with the text; those that it has stay where nothing is given.
    attachments: Option<Vec<NewFile>>,
    /// No comments any more, or again.
    closed: Option<bool>,
}

/// A new award.
#[derive(ToSchema)]
pub struct WriteAward {
    name: String,
    description: Option<String>,
    /// Whose counter reaches this holds it; 0, as without it, where nobody is given it by itself.
    grant_threshold: Option<u32>,
    /// Whose counter reaches this loses it; 0, as without it, where nobody does. Above the other, if there is one.
    revoke_threshold: Option<u32>,
}

/// What is there changes; an empty description is none.
#[derive(ToSchema)]
pub struct ChangeAward {
    name: Option<String>,
    description: Option<String>,
}

/// What is there changes.
#[derive(ToSchema)]
pub struct WriteThreshold {
    grant_threshold: Option<u32>,
    revoke_threshold: Option<u32>,
}

/// Which tasks of a list. Dates are `YYYY-MM-DDThh:mm:ssZ` or `/Date(milliseconds+hhmm)/`.
#[derive(ToSchema)]
pub struct ListTasks {
    /// 1 to 1000; 200 where nothing is said.
    item_count: Option<u32>,
    /// Also closed tasks: `y`, `true`, …
    include_archived: Option<String>,
    modified_after: Option<String>,
    modified_before: Option<String>,
    created_after: Option<String>,
    created_before: Option<String>,
    closed_after: Option<String>,
    closed_before: Option<String>,
}

/// A new catalog.
#[derive(ToSchema)]
pub struct CreateCatalog {
    name: String,
    /// Columns of text; the first names each item. Also as objects with a `name`; those of the `type` `workflow` stand last.
    catalog_headers: Vec<String>,
    items: Option<Vec<CatalogRow>>,
    /// `default`, `hierarchical`, `fill_table`, or the name of another system.
    source_type: Option<String>,
    external_id: Option<i64>,
    external_version: Option<i64>,
    /// Persons or roles who may change it.
    add_supervisors: Option<Vec<PersonName>>,
    /// Columns whose values name persons and roles; they stand behind those of text.
    add_workflow_headers: Option<Vec<String>>,
    column_settings: Option<Vec<CatalogColumnSetting>>,
}

/// An item of a catalog.
#[derive(ToSchema)]
pub struct CatalogRow {
    /// As many as there are columns, or columns of text; at most 500 characters each. The first names the item.
    values: Vec<String>,
    external_id: Option<i64>,
}

/// How a column of a catalog is shown.
#[derive(ToSchema)]
pub struct CatalogColumnSetting {
    original_position: u16,
    sort_order: Option<i64>,
    visible: Option<bool>,
    group_by: Option<bool>,
}

/// All items of a catalog as they shall be, and what else is present; an empty text clears.
#[derive(ToSchema)]
pub struct SyncCatalog {
    /// Of a catalog that is synced among others.
    catalog_id: Option<i64>,
    /// Without it nothing changes, and the answer tells what would.
    apply: Option<bool>,
    /// The columns of `items`, in order. Workflow columns that are not among them stay.
    catalog_headers: Vec<String>,
    items: Option<Vec<CatalogRow>>,
    /// The first column may have another name.
    force_update_first_column: Option<bool>,
    add_workflow_headers: Option<Vec<String>>,
    delete_workflow_headers: Option<Vec<String>>,
    name: Option<String>,
    external_id: Option<i64>,
    external_version: Option<i64>,
    add_supervisors: Option<Vec<PersonName>>,
    remove_supervisors: Option<Vec<PersonName>>,
    column_settings: Option<Vec<CatalogColumnSetting>>,
}

/// Some items of a catalog.
#[derive(ToSchema)]
pub struct DiffCatalog {
    /// Added, or changed where an item with the same first value is there.
    upsert: Option<Vec<CatalogRow>>,
    /// The first values of items that shall go.
    delete: Option<Vec<String>>,
}

/// A list that is made or changed: what is present.
#[derive(ToSchema)]
pub struct WriteList {
    /// Of a list that is changed among others.
    id: Option<i64>,
    /// Required of a new one; at most 200 characters.
    name: Option<String>,
    /// 0 is the top.
    parent_id: Option<i64>,
    color: Option<String>,
    /// `private` or `org_wide`; what nobody says is private.
    list_type: Option<String>,
    /// The same, where no `list_type` is given.
    is_private: Option<bool>,
    external_id: Option<String>,
    external_version: Option<String>,
    /// Persons or roles; also as `added_manager_ids`, `removed_manager_ids`, `added_member_ids`, `removed_member_ids`.
    added_managers: Option<Vec<PersonName>>,
    removed_managers: Option<Vec<PersonName>>,
    added_members: Option<Vec<PersonName>>,
    removed_members: Option<Vec<PersonName>>,
    /// False restores a list. Ours, beside the dialect.
    deleted: Option<bool>,
}

/// A new article or topic.
#[derive(ToSchema)]
pub struct CreateArticle {
    /// `article` or `topic`.
    #[schema(rename = "type")]
    kind: String,
    title: String,
    /// Markdown. Required for an article.
    body: Option<String>,
    /// At the top without it.
    parent_topic_id: Option<String>,
}

/// What is there, and not null, changes.
#[derive(ToSchema)]
pub struct ChangeArticle {
    title: Option<String>,
    body: Option<String>,
    parent_topic_id: Option<String>,
    /// With true, null for `parent_topic_id` is the top.
    parent_topic_id_changed: Option<bool>,
    /// The version that was read: another one meanwhile is a conflict. Ours, beside the dialect.
    version: Option<i64>,
}

/// What is there changes.
#[derive(ToSchema)]
pub struct PermitArticle {
    inherit: Option<bool>,
    /// Ids of persons or roles.
    readers: Option<Vec<i64>>,
    editors: Option<Vec<i64>>,
    /// Ours, beside the dialect.
    is_open_for_organization: Option<bool>,
    /// A mark alone. Ours, beside the dialect.
    is_public: Option<bool>,
}

/// A print form, or what changes of it.
#[derive(ToSchema)]
pub struct WritePrint {
    print_form_name: Option<String>,
    /// `{{ task.id }}`, `{{ field["Amount"] }}`, `{% for row in table["Rows"] %}…{% endfor %}`.
    template: Option<String>,
}

/// The rows of a register.
#[derive(ToSchema)]
pub struct Register {
    tasks: Vec<RegisterRow>,
    has_more: bool,
}

/// A page of tasks.
#[derive(ToSchema)]
pub struct TaskList {
    tasks: Option<Vec<TaskHeader<'static>>>,
    has_more: bool,
}

/// What is asked of a register; `fld{id}` and `id` as in the query.
#[derive(ToSchema)]
pub struct AskRegister {
    steps: Option<Vec<u8>>,
    task_ids: Option<Vec<i64>>,
    field_ids: Option<Vec<u32>>,
    include_archived: Option<bool>,
    modified_after: Option<String>,
    modified_before: Option<String>,
    created_after: Option<String>,
    created_before: Option<String>,
    closed_after: Option<String>,
    closed_before: Option<String>,
    /// `overdue` or `past_due`; `overdue_on_step`, or `{"overdue_steps":[1,2]}`.
    #[schema(value_type = Option<Object>)]
    due_filter: Option<serde_json::Value>,
    item_count: Option<u32>,
    sort: Option<String>,
    after: Option<i64>,
    include_approvals: Option<bool>,
    include_text: Option<String>,
    format: Option<String>,
    delimiter: Option<String>,
}

/// Until when a task is out of the inbox.
#[derive(ToSchema)]
pub struct Snooze {
    #[schema(format = DateTime)]
    until: String,
}

/// When the asker is reminded, or that they are not.
#[derive(ToSchema)]
pub struct Remind {
    #[schema(format = DateTime)]
    at: Option<String>,
    cancel: Option<bool>,
}

/// What has been read: all up to a position, or all of a task (up to a position where one is given).
#[derive(ToSchema)]
pub struct ReadNotifications {
    upto: Option<i64>,
    task_id: Option<i64>,
    /// True: what was told of announcements.
    announcements: Option<bool>,
}

#[derive(ToSchema)]
pub struct UnreadNotification {
    /// The notification's.
    id: i64,
}

/// What is given changes.
#[derive(ToSchema)]
pub struct ChangeOrganization {
    name: Option<String>,
    /// IANA name, such as `Europe/Berlin`.
    time_zone: Option<String>,
    /// A language and a country, such as `en-US`.
    locale: Option<String>,
}

/// All of the asker's settings.
#[derive(ToSchema)]
pub struct SetNotificationSettings {
    silent: Option<SilentReasons>,
    forms: Option<Vec<SetFormSettings>>,
    quiet_hours: Option<SetQuietHours>,
}

#[derive(ToSchema)]
pub struct SetFormSettings {
    form_id: i64,
    silent: Option<SilentReasons>,
}

/// Times of the day, `hh:mm`.
#[derive(ToSchema)]
pub struct SetQuietHours {
    from: String,
    until: String,
}
