//! Deleting an article, or a topic with or without what lies under it. What happened stays in the log.

use super::event::Event;
use super::{Access, Article, Rejection, tree};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Article {
    /// With its children only by who may change every one of them.
    pub(super) fn delete(&self, with_children: bool, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.writable(issued)?;
        if with_children {
            let (below, _) = tree::below(self.id, issued.directory);
            let kept_from = |article: &&Article| tree::is_there(article, issued.directory) && article.access(issued) < Access::Write;
            if below.iter().any(kept_from) {
                return Err(Rejection::MayNotWrite);
            }
        }
        Ok(vec![Event::Deleted { with_children, turn: tree::next_turn(issued.directory) }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Command, Permissions};
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, Given, TASK, given, in_knowledge_base, topic, topic_under};

    /// Anna edits the topic; under it lies one that she edits with it, and one that is closed to her.
    fn there(closed: bool) -> Given<Article> {
        let permissions = Permissions { editors: vec![ANNA], ..Permissions::default() };
        let permitted = Event::PermissionsChanged(Box::new(permissions.clone()));
        let itself = Article { permissions, ..topic_under(TASK, None) };
        let secret = Article { permissions: Permissions { inherit: !closed, ..Permissions::default() }, ..topic_under(2, Some(1)) };
        given::<Article>([topic("Teas", None), permitted]).among(in_knowledge_base([itself, topic_under(1, Some(TASK)), secret]))
    }

    fn delete(with_children: bool) -> Command {
        Command::Delete { with_children }
    }

    #[test]
    fn editors_delete_alone_and_with_what_they_may_change_below() {
        let deleted = |with_children| Event::Deleted { with_children, turn: 1 };
        there(true).by(ANNA).when(delete(false)).then([deleted(false)]);
        there(false).by(ANNA).when(delete(true)).then([deleted(true)]);
        there(true).by(ADMIN).when(delete(true)).then([deleted(true)]);
        there(true).by(ANNA).when(delete(true)).then_rejected(Code::KnowledgeBaseAccessDenied);
        there(false).by(BORIS).when(delete(false)).then_rejected(Code::KnowledgeBaseAccessDenied);
        there(false).and(ADMIN, [deleted(false)]).by(ADMIN).when(delete(false)).then_rejected(Code::KnowledgeBaseNotFound);
    }
}
