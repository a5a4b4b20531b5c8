//! A file as a request names it (`NewFile`, pyrus.md §1.3), and what was found of it before a task decides: the aggregate of a task
//! reads no other streams. Not whether the asker may have it; whoever looks it up has seen to that.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Attached;
use super::attached::ATTACHED_MAX;
use crate::id::FileId;
use crate::json::Json;

/// What a request may say where a file belongs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Wanted {
    /// `"guid"`, or `{"guid", "root_id"?}`: an upload; with `root_id`, a new version of that file.
    Uploaded { guid: Uuid, root_id: Option<FileId> },
    /// `{"attachment_id"}`: a file that stands somewhere already.
    Known(FileId),
    /// `{"url", "name"?}`
    Link { url: String, name: String },
}

/// Why a list of files cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwanted {
    /// Not a list, or something in it that is no file.
    Type,
    /// A text that is no guid: of no upload that there can be.
    Unknown,
    TooMany,
}

impl Wanted {
    /// The files of a list, each once; one by itself is a list of one. What has none of the members above is passed over, as the
    /// original does with `{"id"}`.
    ///
    /// # Errors
    /// As [`Unwanted`] says.
    pub fn all_of(list: &Json) -> Result<Vec<Self>, Unwanted> {
        let items = match list {
            Json::Null => return Ok(Vec::new()),
            Json::List(items) => items.as_slice(),
            Json::Object(_) | Json::Text(_) => std::slice::from_ref(list),
            Json::Bool(_) | Json::Number(_) => return Err(Unwanted::Type),
        };
        let mut all: Vec<Self> = Vec::new();
        for item in items {
            let Some(wanted) = Self::of(item)? else { continue };
            if !all.contains(&wanted) {
                all.push(wanted);
            }
            if all.len() > ATTACHED_MAX {
                return Err(Unwanted::TooMany);
            }
        }
        Ok(all)
    }

    fn of(item: &Json) -> Result<Option<Self>, Unwanted> {
        let guid = |text: &str| Uuid::try_parse(text.trim()).map_err(|_| Unwanted::Unknown);
        let number = |name| match item.member(name) {
            None | Some(Json::Null) => Ok(None),
            Some(id) => id.integer().map(FileId).map(Some).ok_or(Unwanted::Type),
        };
        match item {
            Json::Text(text) => return Ok(Some(Self::Uploaded { guid: guid(text)?, root_id: None })),
            Json::Object(_) => {}
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::List(_) => return Err(Unwanted::Type),
        }
        if let Some(text) = item.member("guid").filter(|guid| **guid != Json::Null) {
            let guid = guid(text.text().ok_or(Unwanted::Type)?)?;
            return Ok(Some(Self::Uploaded { guid, root_id: number("root_id")? }));
        }
        if let Some(known) = number("attachment_id")? {
            return Ok(Some(Self::Known(known)));
        }
        let text = |name| match item.member(name) {
            None | Some(Json::Null) => Ok(None),
            Some(text) => text.text().map(str::to_owned).map(Some).ok_or(Unwanted::Type),
        };
        let Some(url) = text("url")? else { return Ok(None) };
        Ok(Some(Self::Link { url, name: text("name")?.unwrap_or_default() }))
    }
}

/// What was found of the files that a request names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought(pub Vec<(Wanted, Attached)>);

impl Brought {
    /// What of it is wanted.
    #[must_use]
    pub fn only(&self, wanted: &[Wanted]) -> Self {
        Self(self.0.iter().filter(|(known, _)| wanted.contains(known)).cloned().collect())
    }

    /// Each of `wanted`, a file that is named in two ways once; nothing where one was not found.
    pub fn all(&self, wanted: &[Wanted]) -> Option<Vec<Attached>> {
        let mut all: Vec<Attached> = Vec::with_capacity(wanted.len());
        for one in wanted {
            let (_, found) = self.0.iter().find(|(known, _)| known == one)?;
            if !all.iter().any(|attached| attached.id == found.id) {
                all.push(found.clone());
            }
        }
        Some(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "00000000-0039-8b3c-9d1e-2f3a4b5c6d7e";

    fn read(json: &str) -> Result<Vec<Wanted>, Unwanted> {
        Wanted::all_of(&Json::parse(json).expect("JSON"))
    }

    fn uploaded(root_id: Option<i64>) -> Wanted {
        Wanted::Uploaded { guid: GUID.parse().expect("a guid"), root_id: root_id.map(FileId) }
    }

    #[test]
    fn a_file_is_named_by_its_guid_its_number_or_an_address() {
        assert_eq!(read(&format!(r#"["{GUID}"]"#)), Ok(vec![uploaded(None)]));
        assert_eq!(read(&format!(r#""{GUID}""#)), Ok(vec![uploaded(None)]));
        assert_eq!(read(&format!(r#"[{{"guid":"{GUID}","root_id":5}},"{GUID}"]"#)), Ok(vec![uploaded(Some(5)), uploaded(None)]));
        assert_eq!(read(r#"[{"attachment_id":7},{"attachment_id":"7"}]"#), Ok(vec![Wanted::Known(FileId(7))]));
        let link = |name: &str| Wanted::Link { url: "http://x".into(), name: name.into() };
        assert_eq!(read(r#"[{"url":"http://x","name":"n"},{"url":"http://x","name":null}]"#), Ok(vec![link("n"), link("")]));
        assert_eq!(read(&format!(r#"[{{"id":"{GUID}"}},{{}},{{"guid":null}}]"#)), Ok(Vec::new()), "passed over");
        assert_eq!((read("null"), read("[]")), (Ok(Vec::new()), Ok(Vec::new())));
    }

    #[test]
    fn what_is_no_file_is_refused() {
        for wrong in ["5", "true", "[5]", "[null]", "[[]]", r#"[{"guid":5}]"#, r#"[{"attachment_id":"x"}]"#, r#"[{"url":5}]"#] {
            assert_eq!(read(wrong), Err(Unwanted::Type), "{wrong}");
        }
        for unknown in [r#"["x"]"#, r#"[{"guid":"../../etc/passwd"}]"#] {
            assert_eq!(read(unknown), Err(Unwanted::Unknown), "{unknown}");
        }
        let many: Vec<String> = (0..=ATTACHED_MAX).map(|id| format!(r#"{{"attachment_id":{id}}}"#)).collect();
        assert_eq!(read(&format!("[{}]", many.join(","))), Err(Unwanted::TooMany));
    }

    #[test]
    fn a_file_that_is_named_twice_is_there_once() {
        let file = Attached { id: FileId(57), name: "a".into(), ..Attached::default() };
        let brought = Brought(vec![(uploaded(None), file.clone()), (Wanted::Known(FileId(57)), file.clone())]);
        assert_eq!(brought.all(&[uploaded(None), Wanted::Known(FileId(57))]), Some(vec![file]));
        assert_eq!(brought.all(&[Wanted::Known(FileId(58))]), None);
    }
}
