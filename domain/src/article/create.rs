//! Adding an article or a topic.

use super::access::administers;
use super::event::{Created, Event, Nature};
use super::{Access, Article, Rejection, tree};
use crate::aggregate::Events;
use crate::id::ArticleId;
use crate::issued::{Asker, Issued};
use crate::text::{self, Unfit};

pub const TITLE_CHARACTERS_MAX: usize = 200;

/// Bytes of a body as JSON writes it: what an event takes, less what stands beside it.
pub const BODY_BYTES_MAX: usize = 250 * 1024;

impl Article {
    pub(super) fn create(
        &self,
        nature: Nature,
        title: Option<&str>,
        body: Option<&str>,
        parent: Option<ArticleId>,
        issued: &Issued<'_>,
    ) -> Result<Events<Event>, Rejection> {
        if matches!(issued.asker(), Asker::Nobody) {
            return Err(Rejection::AskerBlocked);
        }
        if self.exists {
            return Err(Rejection::AlreadyCreated);
        }
        check_parent(parent, issued)?;
        let (title, body) = (title.unwrap_or_default(), body.unwrap_or_default());
        check_title(title)?;
        check_body(nature, body)?;
        Ok(vec![Event::Created(Box::new(Created { nature, title: title.to_owned(), body: body.to_owned(), parent }))])
    }
}

/// The asker may put something under `parent`, and it does not lie too deep there.
pub(super) fn check_parent(parent: Option<ArticleId>, issued: &Issued<'_>) -> Result<(), Rejection> {
    let Some(parent) = parent else {
        return if administers(issued) { Ok(()) } else { Err(Rejection::MayNotAdminister) };
    };
    let topic = issued.directory.article(parent).filter(|topic| topic.nature == Nature::Topic).ok_or(Rejection::Parent)?;
    match topic.access(issued) {
        Access::None => return Err(Rejection::Parent),
        Access::Read => return Err(Rejection::MayNotWrite),
        Access::Write => {}
    }
    if tree::up_from(Some(parent), issued.directory).count() >= tree::DEPTH_MAX { Err(Rejection::Parent) } else { Ok(()) }
}

pub(super) fn check_title(title: &str) -> Result<(), Rejection> {
    text::check_line(title, TITLE_CHARACTERS_MAX).map_err(Rejection::Title)?;
    if title.trim().is_empty() { Err(Rejection::TitleMissing) } else { Ok(()) }
}

pub(super) fn check_body(nature: Nature, body: &str) -> Result<(), Rejection> {
    text::check_lines(body, BODY_BYTES_MAX).map_err(Rejection::Body)?;
    if text::json_bytes(body) > BODY_BYTES_MAX {
        return Err(Rejection::Body(Unfit::TooLong));
    }
    if nature == Nature::Article && body.trim().is_empty() { Err(Rejection::BodyMissing) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Command, Permissions};
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, CLARA, FELIX, GRETA, Given, given, in_knowledge_base, topic_under, written};

    fn create(title: &str, body: &str, parent: Option<i64>) -> Command {
        let (title, body) = (Some(title.to_owned()), Some(body.to_owned()));
        Command::Create { nature: Nature::Article, title, body, parent: parent.map(ArticleId) }
    }

    /// A topic that Anna edits, and an article at the top.
    fn nothing_yet() -> Given<Article> {
        let edited = Permissions { editors: vec![ANNA], ..Permissions::default() };
        let topic = Article { permissions: edited, ..topic_under(1, None) };
        let article = Article { nature: Nature::Article, ..topic_under(2, None) };
        given::<Article>([]).among(in_knowledge_base([topic, article]))
    }

    #[test]
    fn an_editor_adds_below_their_topic_and_an_administrator_anywhere() {
        nothing_yet().by(ANNA).when(create("Tea", "# How", Some(1))).then([written("Tea", "# How", Some(1))]);
        nothing_yet().by(ADMIN).when(create("Tea", "# How", Some(1))).then([written("Tea", "# How", Some(1))]);
        nothing_yet().by(ADMIN).when(create("Tea", "# How", None)).then([written("Tea", "# How", None)]);
        for who in [ANNA, BORIS, GRETA] {
            nothing_yet().by(who).when(create("Tea", "# How", None)).then_rejected(Code::KnowledgeBaseAccessDenied);
        }
        nothing_yet().by(CLARA).when(create("Tea", "# How", Some(1))).then_rejected(Code::KnowledgeBaseAccessDenied);
        nothing_yet().by(GRETA).when(create("Tea", "# How", Some(1))).then_rejected(Code::KnowledgeBaseInvalidParent);
        nothing_yet().by(FELIX).when(create("Tea", "# How", Some(1))).then_rejected(Code::AccountBlocked);
    }

    #[test]
    fn it_lies_under_a_topic_that_is_there() {
        for parent in [2, 404, 0, -1] {
            nothing_yet().by(ADMIN).when(create("Tea", "x", Some(parent))).then_rejected(Code::KnowledgeBaseInvalidParent);
        }
        let chain = (1..=51).map(|id| topic_under(id, Some(id - 1).filter(|above| *above > 0)));
        let deep = given::<Article>([]).among(in_knowledge_base(chain)).by(ADMIN);
        assert!(deep.clone().when(create("Tea", "x", Some(49))).outcome().is_ok());
        deep.when(create("Tea", "x", Some(50))).then_rejected(Code::KnowledgeBaseInvalidParent);
    }

    #[test]
    fn an_article_has_a_title_and_a_body_and_a_topic_needs_no_body() {
        let refused = |title: &str, body: &str, code| nothing_yet().by(ADMIN).when(create(title, body, None)).then_rejected(code);
        refused(" ", "x", Code::KnowledgeBaseTitleRequired);
        refused("Tea", " \n", Code::KnowledgeBaseBodyRequired);
        refused("Te\na", "x", Code::InvalidValueFormat);
        refused(&"x".repeat(201), "x", Code::ValueIsTooLong);
        refused("Tea", "x\0", Code::InvalidValueFormat);
        refused("Tea", &"x".repeat(BODY_BYTES_MAX + 1), Code::TooLargeMessageText);
        refused("Tea", &"\"".repeat(BODY_BYTES_MAX / 2 + 1), Code::TooLargeMessageText);
        assert!(nothing_yet().by(ADMIN).when(create("Tea", &"ж".repeat(BODY_BYTES_MAX / 2), None)).outcome().is_ok());
        let topic = Command::Create { nature: Nature::Topic, title: Some("Teas".into()), body: None, parent: None };
        assert!(nothing_yet().by(ADMIN).when(topic).outcome().is_ok());
        let nameless = Command::Create { nature: Nature::Topic, title: None, body: None, parent: None };
        nothing_yet().by(ADMIN).when(nameless).then_rejected(Code::KnowledgeBaseTitleRequired);
    }
}
