//! An article's facts without what somebody wrote. Who may ask for that is not decided here (see [`crate::erasure`]).

use super::event::{Created, Edited, Event};
use crate::erasure::{ERASED, Erasable};

impl Erasable for Event {
    /// Where it lies and who may read it stays.
    fn substitute(&self) -> Self {
        match self {
            Self::Created(created) => {
                let body = if created.body.is_empty() { String::new() } else { ERASED.to_owned() };
                Self::Created(Box::new(Created { title: ERASED.to_owned(), body, ..Created::clone(created) }))
            }
            Self::Edited(edited) => {
                let erased =
                    |text: &Option<String>| text.as_ref().map(|text| if text.is_empty() { String::new() } else { ERASED.to_owned() });
                Self::Edited(Box::new(Edited { title: erased(&edited.title), body: erased(&edited.body) }))
            }
            Self::Moved { .. } | Self::PermissionsChanged(_) | Self::Deleted { .. } => self.clone(),
        }
    }
}
