//! What can have happened to an article or a topic.

use serde::{Deserialize, Serialize};

use crate::id::{ArticleId, PersonId};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// Has a text.
    #[default]
    Article,
    /// Has others below it, and perhaps a text.
    Topic,
}

/// `article.created`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    pub nature: Nature,
    pub title: String,
    /// Markdown, as it was written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// The topic that it lies under; the top where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<ArticleId>,
}

/// `article.edited`: the texts that are others from now on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// `article.permissions_changed`: all of them, as they are from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permissions {
    /// What is said of the topic above goes for it as well.
    pub inherit: bool,
    /// Persons or roles.
    #[serde(default)]
    pub readers: Vec<PersonId>,
    #[serde(default)]
    pub editors: Vec<PersonId>,
    /// Everybody but guests reads it.
    #[serde(default)]
    pub open: bool,
    /// A mark: meant for the world. It opens nothing here.
    #[serde(default)]
    pub public: bool,
}

impl Default for Permissions {
    fn default() -> Self {
        Self { inherit: true, readers: Vec::new(), editors: Vec::new(), open: false, public: false }
    }
}

/// Everything that can have happened to an article or a topic.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// `article.created`: always the first of its stream, and only there.
    Created(Box<Created>),
    /// `article.edited`: a new version of its texts.
    Edited(Box<Edited>),
    /// `article.moved`. `turn` counts what has changed the tree of the organisation (see [`super::tree`]).
    Moved { parent: Option<ArticleId>, turn: i64 },
    /// `article.permissions_changed`
    PermissionsChanged(Box<Permissions>),
    /// `article.deleted`. Without its children they lie under the topic above it.
    Deleted { with_children: bool, turn: i64 },
}
