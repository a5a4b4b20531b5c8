//! A file where it is referred to: all that readers are shown of it, so that nobody looks it up again. Not who may read it.

use serde::{Deserialize, Serialize};

use crate::erasure::ERASED;
use crate::id::FileId;

/// Files that one request attaches, and that one field holds.
pub const ATTACHED_MAX: usize = 100;

/// A file as a task has it, from the log to the answer. The log has it as it is here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    pub id: FileId,
    pub name: String,
    /// Bytes; nothing is shown of a link.
    pub size: u64,
    pub md5: String,
    pub media_type: String,
    /// 1 of a file that is not a version of another.
    pub version: u32,
    /// The file that it is a version of.
    pub root_id: Option<FileId>,
    /// Where a link leads; a file is downloaded from its own address ([`Attached::address`]).
    pub url: Option<String>,
}

/// `File` of the dialect (pyrus.md §1.3), and `media_type` beyond it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shown {
    pub id: FileId,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "String::is_empty")]
    md5: String,
    url: String,
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    root_id: Option<FileId>,
    #[serde(skip_serializing_if = "String::is_empty")]
    media_type: String,
}

impl Attached {
    /// Where its bytes are, from the root of the server that answers; of a link, where it leads.
    pub fn address(&self) -> String {
        self.url.clone().unwrap_or_else(|| address(self.id))
    }

    /// As an answer has it.
    pub fn shown(&self) -> Shown {
        Shown {
            id: self.id,
            name: self.name.clone(),
            size: self.url.is_none().then_some(self.size),
            md5: self.md5.clone(),
            url: self.address(),
            version: self.version,
            root_id: self.root_id,
            media_type: self.media_type.clone(),
        }
    }

    /// The same file without what somebody wrote.
    #[must_use]
    pub fn without_words(&self) -> Self {
        let url = self.url.as_ref().map(|_| format!("https://{ERASED}.invalid/"));
        Self { name: ERASED.to_owned(), url, ..self.clone() }
    }

    /// Bytes that it takes in memory, roughly.
    pub fn weight(&self) -> usize {
        size_of::<Self>() + self.name.len() + self.md5.len() + self.media_type.len() + self.url.as_ref().map_or(0, String::len)
    }
}

/// Where the bytes of a file are, from the root of the server.
pub fn address(id: FileId) -> String {
    format!("/services/attachment?Id={id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_shown_with_where_it_is_and_a_link_with_where_it_leads() {
        let file = Attached {
            id: FileId(57),
            name: "a.pdf".into(),
            size: 3,
            md5: "ab".into(),
            media_type: "application/pdf".into(),
            version: 2,
            root_id: Some(FileId(40)),
            url: None,
        };
        let shown = serde_json::to_string(&file.shown()).expect("plain data is JSON");
        let wanted = r#"{"id":57,"name":"a.pdf","size":3,"md5":"ab","url":"/services/attachment?Id=57","version":2,"root_id":40,"media_type":"application/pdf"}"#;
        assert_eq!(shown, wanted);
        let link = Attached { id: FileId(58), url: Some("https://example.org/".into()), version: 1, root_id: None, ..file };
        let link = Attached { size: 0, md5: String::new(), media_type: String::new(), ..link };
        let shown = serde_json::to_string(&link.shown()).expect("plain data is JSON");
        assert_eq!(shown, r#"{"id":58,"name":"a.pdf","url":"https://example.org/","version":1}"#);
        let kept = serde_json::to_string(&link).expect("plain data is JSON");
        let wanted =
            r#"{"id":58,"name":"a.pdf","size":0,"md5":"","media_type":"","version":1,"root_id":null,"url":"https://example.org/"}"#;
        assert_eq!(kept, wanted);
        assert_eq!(serde_json::from_str::<Attached>(&kept).expect("what was written is read"), link);
    }
}
