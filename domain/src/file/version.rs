//! Versions: the root gives out the numbers, the version remembers whose it is. Two facts in two streams; the second is given again by
//! whoever repeats the request, and the first is then found to have happened.

use super::{Event, File, Rejection, VERSIONS_MAX};
use crate::aggregate::Events;
use crate::id::FileId;
use crate::issued::Issued;

impl File {
    pub(super) fn add_version(&self, file: FileId, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.found(issued)?;
        if self.versions.contains_key(&file) {
            return Ok(Events::new());
        }
        if self.removed {
            return Err(Rejection::Removed);
        }
        if file == self.id || self.version_of.is_some() {
            return Err(Rejection::VersionOfAnother);
        }
        if self.versions.len() >= VERSIONS_MAX {
            return Err(Rejection::TooManyVersions);
        }
        Ok(vec![Event::VersionAdded { file, version: self.newest_version() + 1 }])
    }

    /// Of the file and all its versions.
    fn newest_version(&self) -> u32 {
        self.versions.values().copied().max().unwrap_or(1)
    }

    pub(super) fn become_version(&self, root: FileId, version: u32, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.found(issued)?;
        match self.version_of {
            Some(known) if known == (root, version) => Ok(Events::new()),
            // A file that has versions of its own stays their root.
            Some(_) => Err(Rejection::VersionOfAnother),
            None if !self.versions.is_empty() || root == self.id => Err(Rejection::VersionOfAnother),
            None => Ok(vec![Event::MadeVersion { root, version }]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::Command;
    use crate::rejection::Code;
    use crate::testing::{BORIS, FELIX, file_uploaded, given};

    fn add(file: i64) -> Command {
        Command::AddVersion { file: FileId(file) }
    }

    fn added(file: i64, version: u32) -> Event {
        Event::VersionAdded { file: FileId(file), version }
    }

    #[test]
    fn versions_are_counted_from_the_first_file_on_and_each_is_one_once() {
        let root = given::<File>([file_uploaded("a.txt")]);
        root.clone().by(BORIS).when(add(8)).then([added(8, 2)]);
        let two = root.and(BORIS, [added(8, 2)]);
        two.clone().when(add(9)).then([added(9, 3)]);
        two.clone().when(add(8)).then_nothing();
        two.by(FELIX).when(add(9)).then_rejected(Code::AccountBlocked);
    }

    #[test]
    fn a_version_is_of_one_root_which_is_none_itself() {
        let become_version = |root: i64, version| Command::BecomeVersion { root: FileId(root), version };
        let made = Event::MadeVersion { root: FileId(8), version: 2 };
        let file = given::<File>([file_uploaded("a.txt")]);
        file.clone().when(become_version(8, 2)).then([made.clone()]);
        let version = file.clone().and(BORIS, [made]);
        version.clone().when(become_version(8, 2)).then_nothing();
        version.clone().when(become_version(9, 2)).then_rejected(Code::UnrecognizedAttachmentId);
        version.when(add(10)).then_rejected(Code::UnrecognizedAttachmentId);
        file.clone().and(BORIS, [added(8, 2)]).when(become_version(9, 2)).then_rejected(Code::UnrecognizedAttachmentId);
        file.and(BORIS, [Event::Removed]).when(add(8)).then_rejected(Code::FileIsMissing);
    }
}
