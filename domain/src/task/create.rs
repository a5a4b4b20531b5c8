//! Creating a task. Which id it gets is the log's matter, and no fact names it.

use super::command::Create;
use super::draft::Draft;
use super::event::{Created, Event, Text};
use super::rejection::Rejection;
use super::state::{Subscription, Task};
use super::{attach, due, rename, schedule};
use crate::aggregate::Events;
use crate::issued::{Asker, Issued};

impl Task {
    /// Everybody who is not blocked creates tasks.
    pub(super) fn create(&self, create: &Create, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match issued.asker() {
            Asker::System | Asker::Person(_) => {}
            Asker::Nobody => return Err(Rejection::AskerBlocked),
        }
        if self.exists {
            return Err(Rejection::AlreadyCreated);
        }
        let mut draft = Draft::of(self, issued);
        let responsible = create.responsible.as_ref().map(|who| draft.addable(who)).transpose()?;
        let participants = draft.all(&create.participants, Draft::addable)?;
        let subscribers = draft.all(&create.subscribers, Draft::addable)?;
        draft.responsible = responsible;
        draft.participants.to_mut().extend(&participants);
        draft.subscribers.to_mut().extend(subscribers.iter().map(|person| (*person, Subscription::Asked)));

        let text = create.text.as_ref().map(|input| draft.written(input)).transpose()?.flatten();
        let attachments = draft.attached(&create.attachments, &create.files)?;
        // A form says what a task of it is about; one of files alone is called as they are.
        let text = match text {
            Some(text) => text,
            None if create.form.is_some() => Text::default(),
            None if attachments.is_empty() => return Err(Rejection::TextMissing),
            None => Text { text: attach::names(&attachments), ..Text::default() },
        };

        let form = create.form.as_ref().map(|begin| begin.form);
        let template = form.map(|form| draft.take_form(form)).transpose()?;
        let mentions = text.mentions.clone();
        draft.events.push(Event::Created(Box::new(Created {
            text,
            attachments,
            subject: create.subject.as_deref().map(rename::subject).transpose()?.flatten(),
            responsible,
            participants,
            subscribers,
            parent: create.parent,
            due: due::due(&create.due)?,
            schedule: schedule::schedule(&create.schedule, issued)?,
            form,
            template,
            author: None,
            origin: None,
        })));
        if let Some(begin) = &create.form {
            draft.begin(begin, &create.files)?;
        }
        draft.add_to_lists(&create.lists)?;
        draft.follow(&mentions)?;
        draft.check_people()?;
        draft.check_files()?;
        Ok(draft.events)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::file::{Brought, Wanted};
    use crate::id::{FileId, PersonId, TaskId};
    use crate::rejection::Code;
    use crate::task::command::{Command, Due, DueInput, PersonRef, Schedule, ScheduleInput, TextInput};
    use crate::task::event::{Scheduled, Text};
    use crate::testing::{ANNA, BORIS, CLARA, DAVID, FELIX, GRETA, attached, given, moment, task_created};

    fn with(change: impl FnOnce(&mut Create)) -> Command {
        let mut create = Create { text: Some(TextInput::Plain("hello".into())), ..Create::default() };
        change(&mut create);
        Command::Create(Box::new(create))
    }

    #[test]
    fn a_text_is_enough() {
        for who in [ANNA, GRETA, PersonId::SYSTEM] {
            given::<Task>([]).by(who).when(with(|_| {})).then([task_created("hello")]);
        }
    }

    #[test]
    fn everything_that_a_simple_task_has_is_recorded() {
        let create = Create {
            text: Some(TextInput::Plain("hello".into())),
            subject: Some("Subject".into()),
            responsible: Some(PersonRef::Email("boris@example.org".into())),
            participants: vec![PersonRef::Id(CLARA), PersonRef::Id(CLARA)],
            subscribers: vec![PersonRef::Id(DAVID)],
            parent: Some(TaskId(5)),
            due: DueInput { due: Some(moment("2026-05-01T12:00:00Z")), duration: Some(30), ..DueInput::default() },
            schedule: ScheduleInput { date: Some(date(2026, 4, 1)), ..ScheduleInput::default() },
            lists: Vec::new(),
            attachments: vec![Wanted::Known(FileId(57))],
            files: Brought(vec![(Wanted::Known(FileId(57)), attached(57, "a.pdf"))]),
            form: None,
        };
        let created = Created {
            text: Text { text: "hello".into(), ..Text::default() },
            attachments: vec![attached(57, "a.pdf")],
            subject: Some("Subject".into()),
            responsible: Some(BORIS),
            participants: vec![CLARA],
            subscribers: vec![DAVID],
            parent: Some(TaskId(5)),
            due: Some(Due::Moment { at: moment("2026-05-01T12:00:00Z"), duration: Some(30) }),
            schedule: Some(Scheduled { schedule: Schedule::Date(date(2026, 4, 1)), until: moment("2026-04-01T07:00:00Z") }),
            form: None,
            template: None,
            author: None,
            origin: None,
        };
        given::<Task>([]).when(Command::Create(Box::new(create))).then([Event::Created(Box::new(created))]);
    }

    #[test]
    fn whoever_is_called_by_name_follows() {
        let html = "<span data-personid=12>Boris</span> <span data-personid=11>Anna</span>";
        let decided =
            given::<Task>([]).when(with(|create| create.text = Some(TextInput::Formatted(html.into())))).outcome().expect("decided");
        let [Event::Created(created), followed] = &decided[..] else { panic!("{decided:?}") };
        assert_eq!(created.text.mentions, [BORIS, ANNA]);
        assert_eq!(*followed, Event::SubscribersAdded { persons: vec![BORIS], mentioned: true });
    }

    #[test]
    fn a_task_needs_a_text() {
        given::<Task>([]).when(with(|create| create.text = None)).then_rejected(Code::TextMissing);
        given::<Task>([]).when(with(|create| create.text = Some(TextInput::Plain("\n".into())))).then_rejected(Code::TextMissing);
        given::<Task>([]).when(with(|create| create.text = Some(TextInput::Plain("\0".into())))).then_rejected(Code::InvalidValueFormat);
        given::<Task>([]).when(with(|create| create.subject = Some("a\0".into()))).then_rejected(Code::InvalidValueFormat);
    }

    #[test]
    fn the_rules_of_each_part_hold_here_too() {
        let refused = |change: fn(&mut Create), code| given::<Task>([]).when(with(change)).then_rejected(code);
        refused(|create| create.responsible = Some(PersonRef::Id(PersonId(404))), Code::InvalidPersonId);
        refused(|create| create.participants = vec![PersonRef::Email("x@y".into())], Code::InvalidEmail);
        refused(|create| create.subscribers = vec![PersonRef::Id(FELIX)], Code::AccessDeniedPerson);
        refused(|create| create.participants = vec![PersonRef::Id(BORIS); 1_001], Code::ParticipantLimitExceeded);
        refused(|create| create.due.duration = Some(5), Code::DueMissing);
        refused(|create| create.schedule.date = Some(date(2020, 1, 1)), Code::ScheduledDateInPast);
        refused(|create| create.text = Some(TextInput::Formatted("<quote data-noteid=5>x</quote>y".into())), Code::InvalidInput);
    }

    #[test]
    fn the_blocked_create_nothing_and_nothing_is_created_twice() {
        given::<Task>([]).by(FELIX).when(with(|_| {})).then_rejected(Code::AccountBlocked);
        given::<Task>([]).by(PersonId(404)).when(with(|_| {})).then_rejected(Code::AccountBlocked);
        given::<Task>([task_created("hello")]).when(with(|_| {})).then_rejected(Code::Conflict);
    }
}
