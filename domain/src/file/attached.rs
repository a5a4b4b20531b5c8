//! A file where it is referred to: all that readers are shown of it, so that nobody looks it up again. Not who may read it.

use serde::{Deserialize, Serialize};

use crate::id::FileId;

/// Files that one request attaches, and that one field holds.
pub const ATTACHED_MAX: usize = 100;

const fn first() -> u32 {
    1
}

fn is_first(version: &u32) -> bool {
    *version == first()
}

fn is_zero(size: &u64) -> bool {
    *size == 0
}

/// A file as a task has it, from the log to the answer. The log has it as it is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    pub id: FileId,
    pub name: String,
    /// Bytes; nothing is shown of a link.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub size: u64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub md5: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub media_type: String,
    /// 1 of a file that is not a version of another.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub version: u32,
    /// The file that it is a version of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_id: Option<FileId>,
    /// Where a link leads; a file is downloaded from its own address ([`Attached::address`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// `File` of the dialect (pyrus.md §1.3), and `media_type` beyond it.
#[derive(Serialize)]
pub struct Shown<'a> {
    id: FileId,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "str::is_empty")]
    md5: &'a str,
    url: String,
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    root_id: Option<FileId>,
    #[serde(skip_serializing_if = "str::is_empty")]
    media_type: &'a str,
}

impl Attached {
    /// Where its bytes are, from the root of the server that answers; of a link, where it leads.
    pub fn address(&self) -> String {
        self.url.clone().unwrap_or_else(|| address(self.id))
    }

    /// As an answer has it.
    pub fn shown(&self) -> Shown<'_> {
        Shown {
            id: self.id,
            name: &self.name,
            size: self.url.is_none().then_some(self.size),
            md5: &self.md5,
            url: self.address(),
            version: self.version,
            root_id: self.root_id,
            media_type: &self.media_type,
        }
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
        assert_eq!(kept, r#"{"id":58,"name":"a.pdf","url":"https://example.org/"}"#);
        assert_eq!(serde_json::from_str::<Attached>(&kept).expect("what was written is read"), link);
    }
}
