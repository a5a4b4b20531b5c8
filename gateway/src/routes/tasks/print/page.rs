//! A task's page. Everything that people wrote is escaped; formatted text is cleaned once more before it is shown. Not what may be
//! seen: whatever is in the answer is printed.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::directory::OrganisationDirectory;
use domain::task::Answer;
use domain::{FormId, Issued, ListId, PersonId, Position, text};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::task::{self, Comment, File, Person, Subscriber, Task};
use super::words::Words;
use crate::error::Language;

const STYLE: &str = include_str!("style.css");

/// Characters of a task's text that stand in for a subject.
const TITLE_CHARACTERS_MAX: usize = 120;

/// Nothing but this page's own style: no script, no picture, no form, wherever they might come from.
pub fn policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        let hash = BASE64.encode(Sha256::digest(STYLE));
        format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
    });
    &POLICY
}

/// For whom it is printed, and when.
pub struct Reader {
    pub language: Language,
    pub zone: TimeZone,
    pub person: PersonId,
    pub at: Timestamp,
    pub organisation: Arc<OrganisationDirectory>,
}

pub struct Page<'a> {
    pub reader: &'a Reader,
    /// The moment that it shows, where that is not now.
    pub as_of: Option<Timestamp>,
    pub position: Position,
}

impl Page<'_> {
    /// # Errors
    /// When the answer is not a task's.
    pub fn of(&self, answer: &Answer) -> serde_json::Result<String> {
        let task::Answer { task } = serde_json::from_slice(&answer.to_vec())?;
        Ok(self.html(&task).into_string())
    }

    pub fn words(&self) -> &'static Words {
        Words::of(self.reader.language)
    }

    fn html(&self, task: &Task) -> Markup {
        let words = self.words();
        let title = title(task).unwrap_or_else(|| format!("{} {}", words.task, task.id));
        html! {
            (DOCTYPE)
            html lang=(words.tag) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (title) " – " (words.task) " " (task.id) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    main {
                        header {
                            p.place { (self.reader.organisation.organisation.settings.name) " · " (words.task) " " (task.id) }
                            h1 dir="auto" { (title) }
                            @if let Some(as_of) = self.as_of { p.past { (words.as_of) " " (self.moment(as_of)) } }
                            (self.head(task))
                            @if !task.fields.is_empty() { (self.fields(&task.fields)) }
                            @if !task.approvals.is_empty() { (self.approvals(&task.approvals, &task.steps, task.current_step)) }
                        }
                        h2 { (words.history) }
                        (self.history(&task.comments))
                        footer { (self.foot()) }
                    }
                }
            }
        }
    }

    fn head(&self, task: &Task) -> Markup {
        let words = self.words();
        let spent = task.comments.iter().filter_map(|comment| comment.spent_minutes).fold(0_u32, u32::saturating_add);
        html! {
            dl {
                dt { (words.state) }
                dd {
                    @if task.is_closed { (words.closed) } @else { (words.open) }
                    @if let Some(closed) = task.close_date { ", " (self.moment(closed)) }
                }
                @if let Some(form) = task.form_id { dt { (words.form) } dd { (self.form(form)) } }
                @if let Some(author) = &task.author { dt { (words.author) } dd { (self.person(author)) } }
                dt { (words.created) } dd { (self.moment(task.create_date)) }
                @if let Some(responsible) = &task.responsible { dt { (words.responsible) } dd { (self.person(responsible)) } }
                @if !task.participants.is_empty() { dt { (words.participants) } dd { (self.persons(&task.participants)) } }
                @if !task.subscribers.is_empty() { dt { (words.subscribers) } dd { (self.subscribers(&task.subscribers)) } }
                @if let Some(due) = self.due(task.due_date, task.due, task.duration) { dt { (words.due) } dd { (due) } }
                @if let Some(until) = self.schedule(task.scheduled_date, task.scheduled_datetime_utc) { dt { (words.scheduled) } dd { (until) } }
                @if !task.list_ids.is_empty() { dt { (words.lists) } dd { (self.lists(&task.list_ids)) } }
                @if let Some(parent) = task.parent_task_id { dt { (words.part_of) } dd { (parent) } }
                @if spent > 0 { dt { (words.spent) } dd { (self.minutes(spent)) } }
            }
        }
    }

    fn form(&self, id: i64) -> Markup {
        let form = self.reader.organisation.form(FormId(id));
        html! { @match form { Some(form) => bdi { (form.settings.name) }, None => { "№ " (id) } } }
    }

    fn history(&self, comments: &[Comment]) -> Markup {
        let by_id: HashMap<i64, &Comment> = comments.iter().map(|comment| (comment.id, comment)).collect();
        let deleted: HashSet<i64> = comments.iter().filter_map(|comment| comment.delete_comment_id).collect();
        let edited: HashSet<i64> = comments.iter().filter_map(|comment| comment.edit_comment_id).collect();
        html! {
            ol {
                @for comment in comments {
                    li id=(anchor(comment.id)) {
                        p.who {
                            @if let Some(author) = &comment.author { b { (self.person(author)) } }
                            @for (index, role) in comment.comment_as_roles.iter().enumerate() {
                                @if index == 0 { " " (self.words().on_behalf) " " } @else { ", " }
                                bdi { (role.name) @if role.name.is_empty() { (role.id) } }
                            }
                            " " time { (self.moment(comment.create_date)) }
                            @if edited.contains(&comment.id) && says_something(comment) { i { " · " (self.words().edited) } }
                        }
                        @if let Some(reply) = comment.reply_note_id { p.reply { (self.words().in_reply_to) ": " (self.named(reply, &by_id)) } }
                        @if deleted.contains(&comment.id) && !says_something(comment) { p.gone { (self.words().taken_back) } }
                        (said(comment))
                        (self.changes(comment, &by_id))
                    }
                }
            }
        }
    }

    /// What a comment changed besides saying something.
    fn changes(&self, comment: &Comment, by_id: &HashMap<i64, &Comment>) -> Markup {
        let words = self.words();
        let fact = |name: &str, value: Markup| html! { li { (name) ": " (value) } };
        let people = |name: &'static str, persons: &[Person]| (!persons.is_empty()).then(|| fact(name, self.persons(persons)));
        let lists = |name: &'static str, lists: &[ListId]| (!lists.is_empty()).then(|| fact(name, self.lists(lists)));
        let bare = |said: bool, name: &'static str| said.then(|| html! { li { (name) } });
        let facts: Vec<Markup> = [
            comment.subject.as_ref().map(|subject| fact(words.renamed, html! { bdi { (subject) } })),
            comment.reassigned_to.as_ref().map(|person| fact(words.responsible, self.person(person))),
            people(words.participants_added, &comment.participants_added),
            people(words.participants_removed, &comment.participants_removed),
            people(words.subscribers_added, &comment.subscribers_added),
            people(words.subscribers_removed, &comment.subscribers_removed),
            people(words.asked_again, &comment.subscribers_rerequested),
            comment.approval_choice.as_deref().map(|choice| {
                html! { li { (self.choice(choice)) @if let Some(step) = comment.approval_step { " (" (words.step) " " (step) ")" } } }
            }),
            comment.changed_step.map(|step| fact(words.step, html! { (step) })),
            comment.reset_to_step.map(|step| fact(words.step_back, html! { (step) })),
            self.asked_at(&comment.approvals_added).map(|asked| fact(words.approvers_added, asked)),
            self.asked_at(&comment.approvals_removed).map(|asked| fact(words.approvers_removed, asked)),
            self.asked_at(&comment.approvals_rerequested).map(|asked| fact(words.approvers_rerequested, asked)),
            self.due(comment.due_date, comment.due, comment.duration).map(|due| fact(words.due, due)),
            bare(comment.cancel_due, words.due_cancelled),
            self.schedule(comment.scheduled_date, comment.scheduled_datetime_utc).map(|until| fact(words.scheduled, until)),
            bare(comment.cancel_schedule, words.schedule_cancelled),
            lists(words.lists_added, &comment.added_list_ids),
            lists(words.lists_removed, &comment.removed_list_ids),
            comment.spent_minutes.map(|minutes| fact(words.spent, self.minutes(minutes))),
            bare(comment.action.as_deref() == Some("finished"), words.finished),
            bare(comment.action.as_deref() == Some("reopened"), words.reopened),
            comment.edit_comment_id.map(|edited| fact(words.comment_edited, self.named(edited, by_id))),
            comment.delete_comment_id.map(|deleted| fact(words.comment_deleted, self.named(deleted, by_id))),
        ]
        .into_iter()
        .flatten()
        .collect();
        let fields = &comment.field_updates;
        html! {
            @if !facts.is_empty() || !fields.is_empty() {
                ul.changes {
                    @for fact in &facts { (fact) }
                    @for field in fields {
                        li { bdi { (field.name) } ": " @if let Some(value) = self.held(field) { (value) } @else { "–" } }
                    }
                }
            }
        }
    }

    fn foot(&self) -> Markup {
        let words = self.words();
        let reader = self.reader.organisation.person(self.reader.person);
        html! {
            (words.printed) " " (self.moment(self.reader.at))
            @if let Some(reader) = reader { ", " bdi { (reader.profile.first_name) " " (reader.profile.last_name) } }
            " · " (words.times_in) " " (self.reader.zone.iana_name().unwrap_or("UTC"))
            " · " (words.position) " " (self.position)
        }
    }

    /// Another comment of the task: by whom and from when.
    fn named(&self, id: i64, by_id: &HashMap<i64, &Comment>) -> Markup {
        let Some(comment) = by_id.get(&id) else { return html! { (id) } };
        html! {
            a.inside href=(format!("#{}", anchor(id))) {
                @if let Some(author) = &comment.author { (self.person(author)) ", " }
                (self.moment(comment.create_date))
            }
        }
    }

    pub fn person(&self, person: &Person) -> Markup {
        let words = self.words();
        let kind = match person.r#type.as_str() {
            "role" => Some(words.role),
            "bot" => Some(words.bot),
            _user => None,
        };
        let notes: Vec<&str> = kind.into_iter().chain(person.banned.then_some(words.blocked)).collect();
        html! { bdi { (called(person)) } @if !notes.is_empty() { " (" (notes.join(", ")) ")" } }
    }

    fn persons(&self, persons: &[Person]) -> Markup {
        html! { @for (index, person) in persons.iter().enumerate() { @if index > 0 { ", " } (self.person(person)) } }
    }

    fn subscribers(&self, subscribers: &[Subscriber]) -> Markup {
        html! {
            @for (index, subscriber) in subscribers.iter().enumerate() {
                @if index > 0 { ", " }
                (self.person(&subscriber.person))
                @if let Some(choice) = &subscriber.approval_choice { " – " (self.choice(choice)) }
            }
        }
    }

    pub fn choice<'c>(&self, choice: &'c str) -> &'c str {
        let words = self.words();
        match choice {
            "waiting" => words.asked,
            "acknowledged" => words.acknowledged,
            "approved" => words.approved,
            "rejected" => words.rejected,
            "revoked" => words.revoked,
            other => other,
        }
    }

    /// Lists by their names; one that was deleted by its number, as in the answer. Those that the reader may not know of are not in it.
    fn lists(&self, lists: &[ListId]) -> Markup {
        let Reader { person, at, organisation, .. } = self.reader;
        let issued = Issued { organisation: organisation.id, who: *person, at: *at, directory: organisation };
        let name = |id: ListId| organisation.list(id).filter(|_| issued.standing(id).is_some()).map(|list| list.settings.name.as_str());
        html! {
            @for (index, list) in lists.iter().enumerate() {
                @if index > 0 { ", " }
                @match name(*list) { Some(name) => bdi { (name) }, None => { "№ " (list) } }
            }
        }
    }

    fn due(&self, day: Option<Date>, moment: Option<Timestamp>, minutes: Option<u32>) -> Option<Markup> {
        let length = minutes.map(|minutes| html! { ", " (self.minutes(minutes)) });
        let when = day.map(|day| self.day(day)).or_else(|| moment.map(|moment| self.moment(moment)))?;
        Some(html! { (when) @if let Some(length) = length { (length) } })
    }

    fn schedule(&self, day: Option<Date>, moment: Option<Timestamp>) -> Option<Markup> {
        let day = day.map(|day| self.day(day));
        day.or_else(|| moment.map(|moment| self.moment(moment))).map(|when| html! { (when) })
    }

    pub fn moment(&self, moment: Timestamp) -> String {
        moment.to_zoned(self.reader.zone.clone()).strftime(self.words().moment).to_string()
    }

    pub fn day(&self, day: Date) -> String {
        day.strftime(self.words().day).to_string()
    }

    pub fn minutes(&self, minutes: u32) -> Markup {
        let words = self.words();
        let (hours, rest) = (minutes / 60, minutes % 60);
        html! {
            @if hours > 0 { (hours) " " (words.hours) }
            @if hours > 0 && rest > 0 { " " }
            @if rest > 0 || hours == 0 { (rest) " " (words.minutes) }
        }
    }
}

/// The subject, else the beginning of the text.
fn title(task: &Task) -> Option<String> {
    let line = task.subject.as_deref().into_iter().chain(task.text.lines()).map(str::trim).find(|line| !line.is_empty())?;
    let mut title: String = line.chars().take(TITLE_CHARACTERS_MAX).collect();
    if title.len() < line.len() {
        title.push('…');
    }
    Some(title)
}

fn anchor(comment: i64) -> String {
    format!("c{comment}")
}

pub fn called(person: &Person) -> String {
    let name = format!("{} {}", person.first_name, person.last_name);
    match (name.trim(), person.email.as_str()) {
        ("", "") => person.id.to_string(),
        ("", email) => email.to_owned(),
        (name, _) => name.to_owned(),
    }
}

/// The names of files.
pub fn names_of(files: &[File]) -> Markup {
    html! { ul.files { @for file in files { li { bdi { (file.name) } } } } }
}

/// What a comment says. What was formatted was cleaned when it was recorded, by the cleaner of that day.
fn said(comment: &Comment) -> Markup {
    let formatted = comment.formatted_text.as_deref().and_then(|formatted| text::formatted(formatted).ok()?.formatted_text);
    let plain = comment.text.as_deref().filter(|text| !text.is_empty());
    html! {
        @if let Some(formatted) = formatted { div.text.formatted dir="auto" { (PreEscaped(formatted)) } }
        @else if let Some(plain) = plain { div.text dir="auto" { (plain) } }
        @if !comment.attachments.is_empty() { (names_of(&comment.attachments)) }
    }
}

fn says_something(comment: &Comment) -> bool {
    comment.text.is_some() || !comment.attachments.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_subject_or_the_first_line_that_says_something() {
        let task = |json: &str| title(&serde_json::from_str(json).unwrap());
        let rest = r#""id":7,"create_date":"2026-03-02T10:00:00Z","is_closed":false"#;
        assert_eq!(task(&format!(r#"{{{rest},"text":"Words","subject":"Foxes"}}"#)).as_deref(), Some("Foxes"));
        assert_eq!(task(&format!(r#"{{{rest},"text":"\n \nOne\nTwo"}}"#)).as_deref(), Some("One"));
        let long = "ж".repeat(TITLE_CHARACTERS_MAX + 1);
        let cut = task(&format!(r#"{{{rest},"text":"{long}"}}"#)).unwrap();
        assert_eq!((cut.chars().count(), cut.ends_with('…')), (TITLE_CHARACTERS_MAX + 1, true));
        assert_eq!(task(&format!("{{{rest}}}")), None);
    }
}
