//! A task's facts without what people wrote. Who may ask for that is not decided here: an erasure is a lawful request,
//! carried out by whoever holds the machine.

use std::collections::HashSet;

use super::event::{CommentEdited, Commented, Created, Event, Text};
use crate::erasure::{ERASED, Erasable};
use crate::file::Attached;
use crate::id::{PersonId, Position};
use crate::text;

impl Erasable for Event {
    fn substitute(&self) -> Self {
        match self {
            Self::Created(created) => {
                let subject = created.subject.as_deref().map(erased);
                Self::Created(Box::new(Created {
                    text: created.text.without_words(),
                    attachments: nameless(&created.attachments),
                    subject,
                    ..Created::clone(created)
                }))
            }
            Self::Renamed { subject } => Self::Renamed { subject: erased(subject) },
            Self::Commented(commented) => {
                Self::Commented(Box::new(Commented { text: commented.text.without_words(), attachments: nameless(&commented.attachments) }))
            }
            Self::CommentEdited(edited) => Self::CommentEdited(Box::new(CommentEdited {
                comment: edited.comment,
                text: edited.text.without_words(),
                attachments: edited.attachments.as_deref().map(nameless),
            })),
            Self::Form(fact) => Self::Form(Box::new(fact.without_words())),
            Self::ParticipantsAdded { .. }
            | Self::ParticipantsRemoved { .. }
            | Self::Reassigned { .. }
            | Self::SubscribersAdded { .. }
            | Self::SubscribersRemoved { .. }
            | Self::SubscribersRerequested { .. }
            | Self::Acknowledged
            | Self::AcknowledgedFor { .. }
            | Self::DueSet { .. }
            | Self::DueCancelled
            | Self::Scheduled(_)
            | Self::ScheduleCancelled
            | Self::TimeSpent { .. }
            | Self::AddedToLists { .. }
            | Self::RemovedFromLists { .. }
            | Self::Closed
            | Self::Reopened { .. }
            | Self::CommentDeleted { .. }
            | Self::Flagged(_)
            | Self::AsRoles { .. }
            | Self::TimerFired { .. }
            | Self::PutAway
            | Self::Deleted => self.clone(),
        }
    }
}

impl Event {
    /// The same fact where its formatted text names `person` or quotes one of `comments`: without the name and the quoted
    /// words. What the author typed without markup stays, since nothing tells whom it means.
    pub(crate) fn without_mentions_of(&self, person: PersonId, comments: &HashSet<Position>) -> Self {
        let mut event = self.clone();
        let said = match &mut event {
            Self::Created(created) => Some(&mut created.text),
            Self::Commented(commented) => Some(&mut commented.text),
            Self::CommentEdited(edited) => Some(&mut edited.text),
            Self::Renamed { .. }
            | Self::ParticipantsAdded { .. }
            | Self::ParticipantsRemoved { .. }
            | Self::Reassigned { .. }
            | Self::SubscribersAdded { .. }
            | Self::SubscribersRemoved { .. }
            | Self::SubscribersRerequested { .. }
            | Self::Acknowledged
            | Self::AcknowledgedFor { .. }
            | Self::DueSet { .. }
            | Self::DueCancelled
            | Self::Scheduled(_)
            | Self::ScheduleCancelled
            | Self::TimeSpent { .. }
            | Self::AddedToLists { .. }
            | Self::RemovedFromLists { .. }
            | Self::Closed
            | Self::Reopened { .. }
            | Self::CommentDeleted { .. }
            | Self::Flagged(_)
            | Self::AsRoles { .. }
            | Self::Form(_)
            | Self::TimerFired { .. }
            | Self::PutAway
            | Self::Deleted => None,
        };
        if let Some(said) = said {
            *said = said.without_mentions_of(person, comments);
        }
        event
    }
}

impl Text {
    /// Whom it calls and what it answers are choices and stay.
    pub(crate) fn without_words(&self) -> Self {
        Self { text: erased(&self.text), formatted_text: self.formatted_text.as_deref().map(erased), ..self.clone() }
    }

    /// Without the name of `person`, and the words of `comments` where it quotes them.
    pub(crate) fn without_mentions_of(&self, person: PersonId, comments: &HashSet<Position>) -> Self {
        let left = self.formatted_text.as_deref().and_then(|formatted| text::without_mentions_of(formatted, person, comments));
        match left {
            Some(left) => Self { text: left.text, formatted_text: left.formatted_text, ..self.clone() },
            None => self.clone(),
        }
    }
}

fn nameless(files: &[Attached]) -> Vec<Attached> {
    files.iter().map(Attached::without_words).collect()
}

/// Nothing stays nothing: a cleared subject is still cleared.
fn erased(words: &str) -> String {
    if words.is_empty() { String::new() } else { ERASED.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ANNA, BORIS, CLARA};

    fn commented(html: &str) -> Event {
        let written = text::formatted(html).expect("it is short");
        let text::Written { text, formatted_text, mentions, reply_to } = written;
        Event::Commented(Box::new(Commented::from(Text { text, formatted_text, mentions, reply_to })))
    }

    fn text_of(event: &Event) -> &Text {
        match event {
            Event::Commented(commented) => &commented.text,
            other => panic!("{other:?} is another event"),
        }
    }

    #[test]
    fn a_substitute_keeps_whom_it_calls_and_what_it_answers() {
        let event = commented("<quote data-noteid=\"101\">yes</quote>I agree, <span data-personid=\"12\">Boris</span>");
        let expected = Text { text: ERASED.into(), formatted_text: Some(ERASED.into()), mentions: vec![BORIS], reply_to: Some(101) };
        assert_eq!(text_of(&event.substitute()), &expected);
    }

    #[test]
    fn a_cleared_subject_stays_cleared() {
        assert_eq!(Event::Renamed { subject: String::new() }.substitute(), Event::Renamed { subject: String::new() });
        assert_eq!(Event::Renamed { subject: "Pay".into() }.substitute(), Event::Renamed { subject: ERASED.into() });
    }

    #[test]
    fn a_name_in_a_mention_and_words_in_a_quotation_go_and_the_rest_stands() {
        let event = commented(
            "<quote data-noteid=\"101\" data-personid=\"11\" data-personname=\"Anna Lee\">my <b>illness</b></quote>\
             <p>Get well, <span data-personid=\"11\">Anna</span> &amp; <span data-personid=\"13\">Clara</span></p>",
        );
        let left = event.without_mentions_of(ANNA, &HashSet::from([101]));
        let text = text_of(&left);
        assert_eq!(text.text, "Get well, erased & Clara");
        assert_eq!(
            text.formatted_text.as_deref(),
            Some(
                "<quote data-noteid=\"101\" data-personid=\"11\" data-personname=\"erased\">erased</quote>\
                 <p>Get well, <span data-personid=\"11\">erased</span> &amp; <span data-personid=\"13\">Clara</span></p>"
            )
        );
        assert_eq!((&text.mentions[..], text.reply_to), (&[ANNA, CLARA][..], Some(101)));
    }

    #[test]
    fn whoever_names_and_quotes_somebody_else_keeps_every_word() {
        let event = commented("<quote data-noteid=\"102\">no</quote><span data-personid=\"13\">Clara</span> &lt;3 Anna<br>");
        assert_eq!(event.without_mentions_of(ANNA, &HashSet::from([101])), event);
    }
}
