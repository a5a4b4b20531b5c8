//! The word by which a command's text is told from every other's, wherever it shows up. Not the key under which the
//! command is sent.

use std::fmt;

/// Of the client with this number, the command with that one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marker {
    pub client: u32,
    pub number: u32,
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "m{}x{}", self.client, self.number)
    }
}

impl Marker {
    /// The markers that stand in `text` as words: `m1x2` is not in `m1x23`.
    pub fn all_in(text: &str) -> impl Iterator<Item = Self> {
        text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter_map(Self::parse)
    }

    pub fn is_in(self, text: &str) -> bool {
        Self::all_in(text).any(|found| found == self)
    }

    fn parse(word: &str) -> Option<Self> {
        let (client, number) = word.strip_prefix('m')?.split_once('x')?;
        Some(Self { client: client.parse().ok()?, number: number.parse().ok()? })
    }
}
