//! Why somebody is told of something: the vocabulary. Who has which reason is the rule of `projections/src/notify/`.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why somebody is told of something, the strongest first: where there are several, the first one leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum Reason {
    /// Called by name.
    Mentioned = 1,
    /// The current step waits for them.
    Approval = 2,
    /// Became the responsible.
    Assigned = 4,
    /// Is asked to acknowledge.
    Acknowledgement = 8,
    /// Wanted to be reminded.
    Reminder = 16,
    /// Their task, or step, is late.
    Overdue = 32,
    /// Their task's moment is there.
    Due = 64,
    /// Came back from where it had been put off to.
    Returned = 128,
    /// A comment in a task that they have a part in.
    Comment = 256,
    /// Takes part from now on.
    Added = 512,
    /// Their task's route is at its end, or back at its beginning.
    Finished = 1_024,
    /// They follow the task, its list, its form, or a filter that finds it.
    Followed = 2_048,
    /// Something was announced to everybody.
    Announcement = 4_096,
}

impl Reason {
    /// Every reason, the strongest first.
    pub const ALL: [Self; 13] = [
        Self::Mentioned,
        Self::Approval,
        Self::Assigned,
        Self::Acknowledgement,
        Self::Reminder,
        Self::Overdue,
        Self::Due,
        Self::Returned,
        Self::Comment,
        Self::Added,
        Self::Finished,
        Self::Followed,
        Self::Announcement,
    ];

    /// The word on the wire and in the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mentioned => "mentioned",
            Self::Approval => "approval",
            Self::Assigned => "assigned",
            Self::Acknowledgement => "acknowledgement",
            Self::Reminder => "reminder",
            Self::Overdue => "overdue",
            Self::Due => "due",
            Self::Returned => "returned",
            Self::Comment => "comment",
            Self::Added => "added",
            Self::Finished => "finished",
            Self::Followed => "followed",
            Self::Announcement => "announcement",
        }
    }

    /// The reason of a word, or nothing for a word that this build does not know.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Self::of(&word).ok_or_else(|| D::Error::custom(format!("{word:?} is no reason")))
    }
}

/// Several reasons: a set of bits, which views store; words in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reasons(pub u16);

impl Reasons {
    pub const NONE: Self = Self(0);

    pub fn of(reasons: impl IntoIterator<Item = Reason>) -> Self {
        reasons.into_iter().fold(Self::NONE, Self::with)
    }

    #[must_use]
    pub const fn with(self, reason: Reason) -> Self {
        Self(self.0 | reason as u16)
    }

    #[must_use]
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    pub const fn has(self, reason: Reason) -> bool {
        self.0 & reason as u16 != 0
    }

    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The strongest first.
    pub fn iter(self) -> impl Iterator<Item = Reason> {
        Reason::ALL.into_iter().filter(move |reason| self.has(*reason))
    }
}

impl Serialize for Reasons {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Reasons {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::of(Vec::<Reason>::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_words_in_the_order_of_their_strength() {
        let several = Reasons::of([Reason::Comment, Reason::Mentioned]);
        assert_eq!(serde_json::to_string(&several).expect("plain data"), r#"["mentioned","comment"]"#);
        assert_eq!(serde_json::from_str::<Reasons>(r#"["comment","mentioned","comment"]"#).expect("read"), several);
        assert!(serde_json::from_str::<Reasons>(r#"["because"]"#).is_err());
    }

    #[test]
    fn each_reason_has_a_bit_and_a_word_of_its_own() {
        assert_eq!(Reasons::of(Reason::ALL).0.count_ones(), 13);
        for reason in Reason::ALL {
            assert_eq!(Reason::of(reason.as_str()), Some(reason));
        }
    }
}
