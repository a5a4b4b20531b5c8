//! One comment as the API shows it (`TaskComment`, pyrus.md §1.3): all facts of one command. Not which
//! comments there are (that is [`super::feed`]).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::face::{Face, Faces, RoleFace};
use super::seconds::Seconds;
use crate::id::{ListId, PersonId, Position};
use crate::recorded::Header;
use crate::task::command::{Due, Schedule};
use crate::task::event::{Created, Event, Text};

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
    /// This comment edits that one; the text is shown there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit_comment_id: Option<Position>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_comment_id: Option<Position>,
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

    /// Takes one more fact of its command in.
    pub fn take(&mut self, event: &Event, faces: &mut Faces<'_>) {
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
            Event::Commented(commented) => self.say(&commented.text),
            Event::CommentEdited(edited) => self.edit_comment_id = Some(edited.comment),
            Event::CommentDeleted { comment } => self.delete_comment_id = Some(*comment),
            Event::Flagged(flags) => {
                self.skip_satisfaction = flags.skip_satisfaction;
                self.skip_notification = flags.skip_notification;
                self.skip_auto_reopen = flags.skip_auto_reopen;
            }
            Event::AsRoles { roles } => self.comment_as_roles = roles.iter().map(|role| faces.role(*role)).collect(),
            Event::PutAway | Event::Deleted => {}
        }
    }

    fn created(&mut self, created: &Created, faces: &mut Faces<'_>) {
        self.say(&created.text);
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

    fn due(&mut self, due: Due) {
        (self.due_date, self.due, self.duration) = due_fields(due);
    }

    fn scheduled(&mut self, schedule: Schedule) {
        (self.scheduled_date, self.scheduled_datetime_utc) = schedule_fields(schedule);
    }

    /// Says this, and nothing of what it said before.
    pub fn say(&mut self, text: &Text) {
        self.text = Some(text.text.clone());
        self.formatted_text.clone_from(&text.formatted_text);
        self.mentions.clone_from(&text.mentions);
        self.reply_note_id = text.reply_to;
    }

    /// Its text is taken back; that it was there, and what it answered, stays.
    pub fn fall_silent(&mut self) {
        self.text = None;
        self.formatted_text = None;
        self.mentions.clear();
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
        for role in &mut self.comment_as_roles {
            *role = faces.role(role.id);
        }
    }
}
