//! What the directory holds of an article: where it lies, who may do what, how often its texts changed. Not the texts.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::event::{Event, Nature, Permissions};
use crate::directory::{Listed, OrganisationDirectory};
use crate::id::{ArticleId, OrganisationId};
use crate::recorded::Header;

/// What has become of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deletion {
    #[default]
    None,
    /// What lies under it lies under the topic above it since.
    Alone,
    WithChildren,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    pub organisation: OrganisationId,
    pub id: ArticleId,
    pub exists: bool,
    pub nature: Nature,
    pub parent: Option<ArticleId>,
    pub permissions: Permissions,
    /// How many versions of its texts there are: from 1.
    pub number: i64,
    pub deletion: Deletion,
    /// The last change of the tree that was one of it (see [`super::tree`]).
    pub turn: i64,
}

impl Article {
    pub(super) fn fold(&mut self, event: &Event, header: &Header) {
        match event {
            Event::Created(created) => {
                self.organisation = header.organisation;
                self.id = ArticleId(header.stream.id);
                self.exists = true;
                self.nature = created.nature;
                self.parent = created.parent;
                self.number = 1;
            }
            Event::Edited(_) => self.number += 1,
            Event::Moved { parent, turn } => {
                self.parent = *parent;
                self.turn = *turn;
            }
            Event::PermissionsChanged(permissions) => self.permissions = Permissions::clone(permissions),
            Event::Deleted { with_children, turn } => {
                self.deletion = if *with_children { Deletion::WithChildren } else { Deletion::Alone };
                self.turn = *turn;
            }
        }
    }
}

impl Listed for Article {
    fn listed(directory: &OrganisationDirectory, id: i64) -> Option<&Arc<Self>> {
        directory.article(ArticleId(id))
    }

    fn list(self, directory: &mut OrganisationDirectory) {
        directory.put_article(self);
    }
}
