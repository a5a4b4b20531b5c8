//! A file's facts without what people wrote. Its bytes are no fact: they go with [`super::Command::Remove`].

use super::event::{Event, Linked, Uploaded};
use crate::erasure::{ERASED, Erasable};

impl Erasable for Event {
    fn substitute(&self) -> Self {
        match self {
            Self::Uploaded(uploaded) => Self::Uploaded(Box::new(Uploaded { name: ERASED.to_owned(), ..Uploaded::clone(uploaded) })),
            Self::Linked(_) => Self::Linked(Linked { name: ERASED.to_owned(), url: format!("https://{ERASED}.invalid/") }),
            Self::VersionAdded { .. } | Self::MadeVersion { .. } | Self::Removed => self.clone(),
        }
    }
}
