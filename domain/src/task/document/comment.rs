//! One comment as the API shows it (`TaskComment`, pyrus.md §1.3): all facts of one command. Not which
//! comments there are (that is [`super::feed`]).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::face::{Face, Faces, RoleFace};
use super::fields::{held, renew, shown, shown_row};
use super::seconds::Seconds;
use crate::file::Attached;
use crate::file::attached::Shown as File;
use crate::form::definition::Placed;
use crate::form::fill::RowChange;
use crate::form::{Field, FieldId, FieldKind, Row};
use crate::id::{FileId, FormId, ListId, PersonId, Position};
use crate::json::Json;
use crate::recorded::Header;
use crate::task::command::{Due, Schedule};
use crate::task::event::{CommentEdited, Created, Event, Text};
use crate::task::form::Fact;
use crate::workflow;

fn is_false(flag: &bool) -> bool {
    !flag
}

/// Empty fields are left out, never `null` or `[]`: a client fails on these.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Comment {
    /// The position of the command's first event.
    pub id: Position,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted_text: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<PersonId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<File>,
    pub create_date: Seconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<Face>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reassigned_to: Option<Face>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval_choice: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subscribers_added: Vec<Face>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subscribers_removed: Vec<Face>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subscribers_rerequested: Vec<Face>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub participants_added: Vec<Face>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub participants_removed: Vec<Face>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Seconds>,
    /// Minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<u32>,
    /// Beyond the original's shape: the due date was taken away.
    #[serde(skip_serializing_if = "is_false")]
    pub cancel_due: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_datetime_utc: Option<Seconds>,
    #[serde(skip_serializing_if = "is_false")]
    pub cancel_schedule: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub added_list_ids: Vec<ListId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed_list_ids: Vec<ListId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spent_minutes: Option<u32>,
    #[serde(skip_serializing_if = "is_false")]
    pub skip_satisfaction: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub skip_notification: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub skip_auto_reopen: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comment_as_roles: Vec<RoleFace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_note_id: Option<Position>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub field_updates: Vec<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval_step: Option<u8>,
    /// The step that a rejection, or somebody asked again, led back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset_to_step: Option<u8>,
    /// The step that was reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_step: Option<u8>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approvals_added: Vec<Vec<Asked>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approvals_removed: Vec<Vec<Asked>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approvals_rerequested: Vec<Vec<Asked>>,
    /// This comment edits that one; the text is shown there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit_comment_id: Option<Position>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_comment_id: Option<Position>,
    /// What an edit took out of the edited comment.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed_attachment_ids: Vec<FileId>,
}

/// Somebody whom a step asks, as a comment shows that they were added, removed or asked again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Asked {
    pub person: Face,
    pub step: u8,
}

/// `due_date`, `due` and `duration` of what is due.
pub(super) fn due_fields(due: Due) -> (Option<Date>, Option<Seconds>, Option<u32>) {
    match due {
        Due::Date(date) => (Some(date), None, None),
        Due::Moment { at, duration } => (None, Some(at.into()), duration),
    }
}

/// `scheduled_date` and `scheduled_datetime_utc` of a schedule.
pub(super) fn schedule_fields(schedule: Schedule) -> (Option<Date>, Option<Seconds>) {
    match schedule {
        Schedule::Date(date) => (Some(date), None),
        Schedule::Moment(moment) => (None, Some(moment.into())),
    }
}

impl Comment {
    /// The comment that begins with the event of this header.
    pub fn begun(header: &Header, faces: &mut Faces<'_>) -> Self {
        let author = Some(faces.face(header.person));
        Self { id: header.position, create_date: header.at.into(), author, ..Self::default() }
    }

    /// Takes one more fact of its command in; `form` is the task's.
    pub fn take(&mut self, event: &Event, form: Option<FormId>, faces: &mut Faces<'_>) {
        match event {
            Event::Created(created) => self.created(created, faces),
            Event::Renamed { subject } => self.subject = Some(subject.clone()).filter(|subject| !subject.is_empty()),
            Event::ParticipantsAdded { persons } => self.participants_added = faces.faces(persons),
            Event::ParticipantsRemoved { persons } => self.participants_removed = faces.faces(persons),
            Event::Reassigned { to } => self.reassigned_to = Some(faces.face(*to)),
            // A request may ask some and call others.
            Event::SubscribersAdded { persons, mentioned: _ } => self.subscribers_added.extend(faces.faces(persons)),
            Event::SubscribersRemoved { persons } => self.subscribers_removed = faces.faces(persons),
            Event::SubscribersRerequested { persons } => self.subscribers_rerequested = faces.faces(persons),
            Event::Acknowledged | Event::AcknowledgedFor { .. } => self.approval_choice = Some("acknowledged".to_owned()),
            Event::DueSet { due } => self.due(*due),
            Event::DueCancelled => self.cancel_due = true,
            Event::Scheduled(scheduled) => self.scheduled(scheduled.schedule),
            Event::ScheduleCancelled => self.cancel_schedule = true,
            Event::TimeSpent { minutes } => self.spent_minutes = Some(*minutes),
            Event::AddedToLists { lists } => self.added_list_ids.clone_from(lists),
            Event::RemovedFromLists { lists } => self.removed_list_ids.clone_from(lists),
            Event::Closed => self.action = Some("finished".to_owned()),
            Event::Reopened { auto: _ } => self.action = Some("reopened".to_owned()),
            Event::Commented(commented) => {
                self.say(&commented.text);
                self.attach(&commented.attachments);
            }
            Event::CommentEdited(edited) => self.edit_comment_id = Some(edited.comment),
            Event::CommentDeleted { comment } => self.delete_comment_id = Some(*comment),
            Event::Flagged(flags) => {
                self.skip_satisfaction = flags.skip_satisfaction;
                self.skip_notification = flags.skip_notification;
                self.skip_auto_reopen = flags.skip_auto_reopen;
            }
            Event::AsRoles { roles } => self.comment_as_roles = roles.iter().map(|role| faces.role(*role)).collect(),
            Event::Form(fact) => self.filled(fact, form, faces),
            Event::TimerFired { .. } | Event::PutAway | Event::Deleted => {}
        }
    }

    fn created(&mut self, created: &Created, faces: &mut Faces<'_>) {
        self.say(&created.text);
        self.attach(&created.attachments);
        self.subject.clone_from(&created.subject);
        self.reassigned_to = created.responsible.map(|person| faces.face(person));
        self.participants_added = faces.faces(&created.participants);
        self.subscribers_added = faces.faces(&created.subscribers);
        if let Some(due) = created.due {
            self.due(due);
        }
        if let Some(scheduled) = created.schedule {
            self.scheduled(scheduled.schedule);
        }
    }

    fn filled(&mut self, fact: &Fact, form: Option<FormId>, faces: &mut Faces<'_>) {
        match fact {
            Fact::FieldChanged { field, value } => self.field(*field, form, faces, |placed, faces| {
                let value = value.as_ref().map(|value| held(placed.field, value, faces));
                shown(placed.field, placed.parent, value)
            }),
            Fact::TableChanged { field, rows } => self.field(*field, form, faces, |placed, faces| {
                let rows = rows.iter().map(|row| changed_row(row, placed.field, faces)).collect();
                shown(placed.field, placed.parent, Some((rows, None)))
            }),
            Fact::TemplateApplied { .. } | Fact::Titled { .. } | Fact::Result(_) => {}
            Fact::Route(fact) => self.moved(fact, faces),
        }
    }

    fn moved(&mut self, fact: &workflow::Fact, faces: &mut Faces<'_>) {
        let asked = |step: u8, persons: &[PersonId], faces: &mut Faces<'_>| {
            persons.iter().map(|person| Asked { person: faces.face(*person), step }).collect::<Vec<_>>()
        };
        match fact {
            workflow::Fact::Entered { step, approvers: _, due: _ } => self.changed_step = Some(*step),
            workflow::Fact::Returned { step, again: _, due: _ } => self.reset_to_step = Some(*step),
            // Words follow from whoever carries it out.
            workflow::Fact::SubprocessAsked(_)
            | workflow::Fact::SubprocessOpened { .. }
            | workflow::Fact::SubprocessEnded { .. }
            | workflow::Fact::SubprocessLeft { .. }
            | workflow::Fact::Completed => {}
            workflow::Fact::Chosen { step, approver: _, choice } => {
                self.approval_choice = Some(choice.word().to_owned());
                self.approval_step = Some(*step);
            }
            workflow::Fact::Added { step, persons } => at_step(&mut self.approvals_added, *step, asked(*step, persons, faces)),
            workflow::Fact::Removed { step, persons } => at_step(&mut self.approvals_removed, *step, asked(*step, persons, faces)),
            workflow::Fact::Rerequested { step, persons } => at_step(&mut self.approvals_rerequested, *step, asked(*step, persons, faces)),
        }
    }

    /// Shows that a field was changed, by the name that it has now.
    fn field(
        &mut self,
        field: FieldId,
        form: Option<FormId>,
        faces: &mut Faces<'_>,
        show: impl FnOnce(&Placed<'_>, &mut Faces<'_>) -> Json,
    ) {
        let Some(form) = form.and_then(|form| faces.form(form)) else { return };
        let Some(placed) = form.published.find(field) else { return };
        if let Ok(update) = RawValue::from_string(show(&placed, faces).to_string()) {
            self.field_updates.push(update);
        }
    }

    fn due(&mut self, due: Due) {
        (self.due_date, self.due, self.duration) = due_fields(due);
    }

    fn scheduled(&mut self, schedule: Schedule) {
        (self.scheduled_date, self.scheduled_datetime_utc) = schedule_fields(schedule);
    }

    /// Says this, and nothing of what it said before.
    pub fn say(&mut self, text: &Text) {
        self.text = Some(text.text.clone()).filter(|text| !text.is_empty());
        self.formatted_text.clone_from(&text.formatted_text);
        self.mentions.clone_from(&text.mentions);
        self.reply_note_id = text.reply_to;
    }

    /// Has these files, and none of those it had before.
    pub fn attach(&mut self, files: &[Attached]) {
        self.attachments = files.iter().map(Attached::shown).collect();
    }

    /// The edit of another comment, as that one is from now on; which of its files are gone.
    pub fn edited(&mut self, edited: &CommentEdited) -> Vec<FileId> {
        self.say(&edited.text);
        let Some(files) = &edited.attachments else { return Vec::new() };
        let gone = self.attachments.iter().map(|file| file.id).filter(|id| !files.iter().any(|file| file.id == *id)).collect();
        self.attach(files);
        gone
    }

    /// Its text is taken back; that it was there, and what it answered, stays.
    pub fn fall_silent(&mut self) {
        self.text = None;
        self.formatted_text = None;
        self.mentions.clear();
        self.attachments.clear();
    }

    pub fn renew(&mut self, faces: &mut Faces<'_>) {
        faces.renew(&mut self.author);
        faces.renew(&mut self.reassigned_to);
        let lists = [
            &mut self.subscribers_added,
            &mut self.subscribers_removed,
            &mut self.subscribers_rerequested,
            &mut self.participants_added,
            &mut self.participants_removed,
        ];
        faces.renew(lists.into_iter().flatten());
        let steps = [&mut self.approvals_added, &mut self.approvals_removed, &mut self.approvals_rerequested];
        faces.renew(steps.into_iter().flatten().flatten().map(|asked| &mut asked.person));
        for update in &mut self.field_updates {
            if let Ok(mut json) = Json::parse(update.get()) {
                renew(&mut json, faces);
                *update = RawValue::from_string(json.to_string()).unwrap_or_else(|_| update.clone());
            }
        }
        for role in &mut self.comment_as_roles {
            *role = faces.role(role.id);
        }
    }
}

/// Steps before it are there and empty: the place in the list is the step.
fn at_step(steps: &mut Vec<Vec<Asked>>, step: u8, asked: Vec<Asked>) {
    let place = usize::from(step.max(1));
    if steps.len() < place {
        steps.resize_with(place, Vec::new);
    }
    steps[place - 1].extend(asked);
}

fn changed_row(change: &RowChange, table: &Field, faces: &mut Faces<'_>) -> Json {
    if change.deleted {
        return Json::object([("row_id", Some(i64::from(change.row_id).into())), ("deleted", Some(Json::Bool(true)))]);
    }
    let columns = match &table.kind {
        FieldKind::Table { columns } => columns.as_slice(),
        _ => &[],
    };
    let cells = change.cells.iter().filter_map(|(column, value)| Some((*column, value.clone()?))).collect();
    shown_row(change.row_id, &Row { position: change.position.unwrap_or_default(), cells }, columns, table, faces)
}
