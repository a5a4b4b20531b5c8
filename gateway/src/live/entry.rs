//! One entry of a stream, written once for all who are told the same: as an event of `text/event-stream` and as a text frame of a
//! WebSocket. What it says is JSON; who is told is not known here.

use std::sync::OnceLock;

use bytes::Bytes;
use domain::Position;
use serde::Serialize;

/// The end of a part of the log: incarnation and position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub incarnation: i64,
    pub position: Position,
}

impl Place {
    /// `<incarnation>-<position>`, as `Nashi-Position` has it.
    pub fn parse(text: &str) -> Option<Self> {
        let (incarnation, position) = crate::extract::caller::parse_position(text)?;
        Some(Self { incarnation, position })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.incarnation, self.position)
    }
}

/// What entries are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// The first of a stream: where it begins, and how it is called.
    Hello,
    /// Something happened to a task that the person sees.
    Task,
    /// A task that the person sees no more.
    Gone,
    Announcement,
    /// How much is in the inbox.
    Inbox,
    /// How much of what the person was notified of is unread, and what is the newest.
    Notified,
    /// What the person may see has changed as a whole: what is open is to be asked for again.
    Access,
    /// What happened since cannot be told any more: what is open is to be asked for again.
    Reset,
    /// Who looks at a task, and who writes in it.
    Presence,
    /// Which tasks meet what was subscribed to.
    Query,
    /// What a reader said was refused.
    Refused,
    /// The stream ends, and why.
    End,
    /// Nothing happened up to here.
    Beat,
}

impl Name {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::Task => "task",
            Self::Gone => "gone",
            Self::Announcement => "announcement",
            Self::Inbox => "inbox",
            Self::Notified => "notified",
            Self::Access => "access",
            Self::Reset => "reset",
            Self::Presence => "presence",
            Self::Query => "query",
            Self::Refused => "refused",
            Self::End => "end",
            Self::Beat => "beat",
        }
    }
}

/// An entry as it goes out.
#[derive(Debug)]
pub struct Entry {
    pub name: Name,
    /// Where whoever comes back after it goes on; nothing for what is not told again.
    pub place: Option<Place>,
    /// JSON on one line.
    data: String,
    event: OnceLock<Bytes>,
    frame: OnceLock<Bytes>,
}

impl Entry {
    /// What cannot be written is told as nothing.
    pub fn new(name: Name, place: Option<Place>, data: &impl Serialize) -> Self {
        // Plain data with text for keys is JSON.
        let data = serde_json::to_string(data).unwrap_or_else(|_| "{}".to_owned());
        Self { name, place, data, event: OnceLock::new(), frame: OnceLock::new() }
    }

    /// A sign of life that moves a reader on.
    pub fn beat(place: Place) -> Self {
        Self { name: Name::Beat, place: Some(place), data: String::new(), event: OnceLock::new(), frame: OnceLock::new() }
    }

    /// As `text/event-stream` has it. A beat is a comment and an id, of which a browser's script sees nothing.
    pub fn event(&self) -> Bytes {
        let made = self.event.get_or_init(|| {
            let id = self.place.map(|place| format!("id: {place}\n")).unwrap_or_default();
            let text = match self.name {
                Name::Beat => format!(":\n{id}\n"),
                name => format!("{id}event: {}\ndata: {}\n\n", name.word(), self.data),
            };
            Bytes::from(text)
        });
        made.clone()
    }

    /// As a WebSocket has it.
    pub fn frame(&self) -> Bytes {
        let made = self.frame.get_or_init(|| {
            let id = self.place.map(|place| format!(",\"id\":\"{place}\"")).unwrap_or_default();
            let data = if self.data.is_empty() { String::new() } else { format!(",\"data\":{}", self.data) };
            Bytes::from(format!("{{\"event\":\"{}\"{id}{data}}}", self.name.word()))
        });
        made.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_one_event_whatever_stands_in_it() {
        let place = Place { incarnation: 7, position: 42 };
        let entry = Entry::new(Name::Task, Some(place), &serde_json::json!({ "text": "two\nlines\r\nid: 9\n\nevent: end" }));
        let event = String::from_utf8(entry.event().to_vec()).unwrap();
        assert_eq!(event.lines().collect::<Vec<_>>().len(), 4, "{event:?}");
        assert!(event.starts_with("id: 7-42\nevent: task\ndata: {"), "{event:?}");
        let frame: serde_json::Value = serde_json::from_slice(&entry.frame()).unwrap();
        assert_eq!((&frame["event"], &frame["id"]), (&"task".into(), &"7-42".into()));
        assert_eq!(frame["data"]["text"], "two\nlines\r\nid: 9\n\nevent: end");
    }

    #[test]
    fn a_beat_moves_a_reader_on_and_says_nothing() {
        let beat = Entry::beat(Place { incarnation: 7, position: 42 });
        assert_eq!(beat.event(), ":\nid: 7-42\n\n");
        assert_eq!(beat.frame(), "{\"event\":\"beat\",\"id\":\"7-42\"}");
    }

    #[test]
    fn a_place_is_read_as_it_is_written() {
        let place = Place { incarnation: 1_700_000_000_123, position: 9 };
        assert_eq!(Place::parse(&place.to_string()), Some(place));
        for wrong in ["", "9", "a-b", "1-9-2", "1 9", "-1-9", "99999999999999999999-1"] {
            assert_eq!(Place::parse(wrong), None, "{wrong}");
        }
    }
}
