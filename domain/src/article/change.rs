//! Changing an article: its texts, and where it lies.

use super::create::{check_body, check_parent, check_title};
use super::event::{Edited, Event};
use super::{Access, Article, Change, Rejection, tree};
use crate::aggregate::Events;
use crate::id::ArticleId;
use crate::issued::Issued;

impl Article {
    pub(super) fn change(&self, change: &Change, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.writable(issued)?;
        if change.version.is_some_and(|read| read != self.number) {
            return Err(Rejection::Version);
        }
        let mut events = Events::new();
        if let Some(title) = &change.title {
            check_title(title)?;
        }
        if let Some(body) = &change.body {
            check_body(self.nature, body)?;
        }
        if change.title.is_some() || change.body.is_some() {
            events.push(Event::Edited(Box::new(Edited { title: change.title.clone(), body: change.body.clone() })));
        }
        if let Some(parent) = change.parent.filter(|parent| *parent != self.parent) {
            self.check_move(parent, issued)?;
            events.push(Event::Moved { parent, turn: tree::next_turn(issued.directory) });
        }
        Ok(events)
    }

    fn check_move(&self, parent: Option<ArticleId>, issued: &Issued<'_>) -> Result<(), Rejection> {
        let mut above = 0;
        for topic in tree::up_from(parent, issued.directory) {
            above += 1;
            if topic.id == self.id {
                return Err(Rejection::Parent);
            }
        }
        check_parent(parent, issued)?;
        let (_, levels) = tree::below(self.id, issued.directory);
        if above + levels > tree::DEPTH_MAX { Err(Rejection::Parent) } else { Ok(()) }
    }

    /// The asker may change it.
    pub(super) fn writable(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        match self.access(issued) {
            Access::None => Err(Rejection::Unknown),
            Access::Read => Err(Rejection::MayNotWrite),
            Access::Write => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Command, Permissions};
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, GRETA, Given, TASK, given, in_knowledge_base, topic, topic_under};

    fn change(change: Change) -> Command {
        Command::Change(Box::new(change))
    }

    fn to(parent: Option<i64>) -> Command {
        change(Change { parent: Some(parent.map(ArticleId)), ..Change::default() })
    }

    fn retitled(title: &str) -> Change {
        Change { title: Some(title.into()), ..Change::default() }
    }

    /// The topic that the tests are about (77) lies at the top and is edited by Anna; 1 is edited by her too, 2 is not; 3 lies
    /// under it.
    fn there() -> Given<Article> {
        let by_anna = || Permissions { editors: vec![ANNA], ..Permissions::default() };
        let permitted = Event::PermissionsChanged(Box::new(by_anna()));
        let itself = Article { permissions: by_anna(), ..topic_under(TASK, None) };
        let hers = Article { permissions: by_anna(), turn: 4, ..topic_under(1, None) };
        let directory = in_knowledge_base([itself, hers, topic_under(2, None), topic_under(3, Some(TASK))]);
        given::<Article>([topic("Teas", None), permitted]).among(directory)
    }

    #[test]
    fn editors_change_its_texts_and_others_do_not() {
        let edited = || Event::Edited(Box::new(Edited { title: Some("Tea".into()), body: None }));
        for who in [ANNA, ADMIN] {
            there().by(who).when(change(retitled("Tea"))).then([edited()]);
        }
        there().by(BORIS).when(change(retitled("Tea"))).then_rejected(Code::KnowledgeBaseAccessDenied);
        there().by(GRETA).when(change(retitled("Tea"))).then_rejected(Code::KnowledgeBaseNotFound);
        there().by(ANNA).when(change(retitled(" "))).then_rejected(Code::KnowledgeBaseTitleRequired);
        there().by(ANNA).when(change(Change::default())).then_nothing();
    }

    #[test]
    fn who_read_another_version_is_told() {
        let read = |version| change(Change { version: Some(version), ..retitled("Tea") });
        assert!(there().by(ANNA).when(read(1)).outcome().is_ok());
        there().by(ANNA).when(read(2)).then_rejected(Code::KnowledgeBaseVersionConflict);
        let edited = there().and(ADMIN, [Event::Edited(Box::default())]);
        edited.clone().by(ANNA).when(read(1)).then_rejected(Code::KnowledgeBaseVersionConflict);
        assert!(edited.by(ANNA).when(read(2)).outcome().is_ok());
    }

    #[test]
    fn it_moves_to_where_the_asker_may_write_and_takes_a_turn() {
        let moved = |parent| Event::Moved { parent, turn: 5 };
        there().by(ANNA).when(to(Some(1))).then([moved(Some(ArticleId(1)))]);
        there().by(ANNA).when(to(None)).then_nothing();
        there().by(ANNA).when(to(Some(2))).then_rejected(Code::KnowledgeBaseAccessDenied);
        there().by(ADMIN).when(to(Some(2))).then([moved(Some(ArticleId(2)))]);
    }

    #[test]
    fn nothing_goes_under_itself_or_what_lies_under_it() {
        for parent in [TASK, 3, 404] {
            there().by(ADMIN).when(to(Some(parent))).then_rejected(Code::KnowledgeBaseInvalidParent);
        }
    }

    #[test]
    fn what_is_deleted_or_never_was_is_not_found() {
        let deleted = there().and(ADMIN, [Event::Deleted { with_children: false, turn: 5 }]);
        deleted.by(ADMIN).when(change(retitled("Tea"))).then_rejected(Code::KnowledgeBaseNotFound);
        given::<Article>([]).by(ADMIN).when(change(retitled("Tea"))).then_rejected(Code::KnowledgeBaseNotFound);
    }
}
