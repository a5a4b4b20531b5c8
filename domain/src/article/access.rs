//! Who may do what with the knowledge base, by [`crate::rights`].
//!
//! Readers and editors are persons or roles, of the article itself or, as long as it inherits, of the topics above it. At the top
//! everything that inherits is open. What is open is so for everybody but guests. A topic that was deleted alone still passes on
//! what it said: nobody gets to see more by its going. `public` is a mark for others, and opens nothing here. What is unknown,
//! foreign, deleted and not to be read gives one answer.

use super::state::{Article, Deletion};
use super::tree;
use crate::id::ArticleId;
use crate::issued::{Asker, Issued};
use crate::rights::{Being, Deed};

/// What somebody may do with an article; each is also what those before it are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    None,
    Read,
    Write,
}

impl Access {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// The asker looks after the whole knowledge base.
pub fn administers(issued: &Issued<'_>) -> bool {
    issued.permits(Deed::AdministerKnowledgeBase)
}

impl Issued<'_> {
    /// What the asker may do with an article, as the directory knows it.
    pub fn access_to(&self, article: ArticleId) -> Access {
        self.directory.article(article).map_or(Access::None, |article| article.access(self))
    }
}

impl Article {
    /// What the asker may do with it. Itself it may be newer than the directory knows it.
    pub fn access(&self, issued: &Issued<'_>) -> Access {
        if self.organisation != issued.organisation || !tree::is_there(self, issued.directory) {
            return Access::None;
        }
        let person = match issued.asker() {
            Asker::System => return Access::Write,
            Asker::Person(person) => person,
            Asker::Nobody => return Access::None,
        };
        let (mut editor, mut reader, mut addressed) = (false, false, false);
        let mut take = |article: &Self| {
            let named = |persons: &[_]| persons.iter().any(|id| issued.directory.acts_as(person.id, *id));
            editor |= named(&article.permissions.editors);
            reader |= named(&article.permissions.readers);
            addressed |= article.permissions.open;
            article.permissions.inherit
        };
        let mut inherits = take(self);
        let mut above = tree::up_from(self.parent, issued.directory);
        while inherits && let Some(next) = above.next() {
            inherits = take(next);
        }
        // What inherits from the top is open.
        addressed |= inherits;
        let is = |being| match being {
            Being::Editor => editor,
            Being::Reader => reader,
            Being::Addressed => addressed,
            Being::Oneself
            | Being::Author
            | Being::Responsible
            | Being::WasResponsible
            | Being::Participant
            | Being::Subscriber
            | Being::Deputy
            | Being::DeputyOfResponsible
            | Being::ListReader
            | Being::ListManager
            | Being::Approver
            | Being::FormReader
            | Being::FormManager => false,
        };
        if Deed::WriteArticle.lets(person, is) {
            Access::Write
        } else if Deed::ReadArticle.lets(person, is) {
            Access::Read
        } else {
            Access::None
        }
    }

    /// What everybody but guests may do with it without being named.
    pub fn open_to_all(&self, issued: &Issued<'_>) -> bool {
        let mut article = self;
        let mut above = tree::up_from(self.parent, issued.directory);
        loop {
            if article.permissions.open {
                return true;
            }
            if !article.permissions.inherit {
                return false;
            }
            match above.next() {
                Some(next) => article = next,
                None => return true,
            }
        }
    }

    pub(super) fn is_deleted(&self) -> bool {
        self.deletion != Deletion::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Permissions;
    use crate::directory::OrganisationDirectory;
    use crate::id::PersonId;
    use crate::testing::{
        ADMIN, ANNA, AWAY, BORIS, CLARA, DAVID, EVA, FELIX, GRETA, HOME, INVITER, MANAGER, ROBOT, STRANGER, in_knowledge_base, now,
        topic_under,
    };

    const COLLEAGUES: [PersonId; 9] = [ADMIN, ANNA, BORIS, CLARA, DAVID, EVA, MANAGER, INVITER, ROBOT];

    fn with(permissions: Permissions, article: Article) -> Article {
        Article { permissions, ..article }
    }

    fn closed() -> Permissions {
        Permissions { inherit: false, ..Permissions::default() }
    }

    /// Who has at least this access to article `id`.
    fn who(directory: &OrganisationDirectory, id: i64, least: Access) -> Vec<PersonId> {
        let everybody = directory.persons.keys().copied().chain([STRANGER, PersonId(404)]);
        let issued = |who| Issued { organisation: HOME, who, at: now(), directory };
        everybody.filter(|who| issued(*who).access_to(ArticleId(id)) >= least).collect()
    }

    #[test]
    fn what_inherits_from_the_top_is_read_by_colleagues_and_written_by_administrators() {
        let directory = in_knowledge_base([topic_under(1, None), topic_under(2, Some(1))]);
        for id in [1, 2] {
            assert_eq!(who(&directory, id, Access::Read), COLLEAGUES);
            assert_eq!(who(&directory, id, Access::Write), [ADMIN]);
        }
    }

    #[test]
    fn named_readers_and_editors_come_in_and_nobody_else_where_it_is_closed() {
        let permissions = Permissions { readers: vec![BORIS, FELIX, GRETA, STRANGER], editors: vec![CLARA], ..closed() };
        let directory = in_knowledge_base([with(permissions, topic_under(1, None)), topic_under(2, Some(1))]);
        for id in [1, 2] {
            assert_eq!(who(&directory, id, Access::Read), [ADMIN, BORIS, CLARA, GRETA], "a guest who is named, no blocked, no stranger");
            assert_eq!(who(&directory, id, Access::Write), [ADMIN, CLARA]);
        }
    }

    #[test]
    fn a_guests_rights_and_an_open_article_open_nothing_for_guests() {
        let directory = in_knowledge_base([with(Permissions { open: true, ..closed() }, topic_under(1, None))]);
        assert_eq!(who(&directory, 1, Access::Read), COLLEAGUES);
    }

    #[test]
    fn what_stops_inheriting_is_closed_to_those_above_and_what_inherits_adds_its_own() {
        let above = Permissions { editors: vec![ANNA], ..closed() };
        let adds = Permissions { readers: vec![DAVID], ..Permissions::default() };
        let directory = in_knowledge_base([
            with(above, topic_under(1, None)),
            with(closed(), topic_under(2, Some(1))),
            with(adds, topic_under(3, Some(1))),
        ]);
        assert_eq!(who(&directory, 2, Access::Read), [ADMIN]);
        assert_eq!(who(&directory, 3, Access::Read), [ADMIN, ANNA, DAVID]);
        assert_eq!(who(&directory, 3, Access::Write), [ADMIN, ANNA]);
    }

    #[test]
    fn a_topic_that_was_deleted_alone_still_keeps_out_whom_it_kept_out() {
        let gone = Article { deletion: Deletion::Alone, ..with(closed(), topic_under(1, None)) };
        let directory = in_knowledge_base([gone, topic_under(2, Some(1))]);
        assert_eq!(who(&directory, 2, Access::Read), [ADMIN]);
        assert_eq!(who(&directory, 1, Access::Read), [], "it is not there itself");
    }

    #[test]
    fn what_was_deleted_with_what_is_above_it_is_there_for_nobody() {
        let gone = Article { deletion: Deletion::WithChildren, ..topic_under(1, None) };
        let directory = in_knowledge_base([gone, topic_under(2, Some(1)), topic_under(3, Some(2))]);
        for id in [1, 2, 3, 404] {
            assert_eq!(who(&directory, id, Access::Read), []);
        }
    }

    #[test]
    fn another_organisation_has_no_access_whatever_the_ids_are() {
        let directory = in_knowledge_base([topic_under(1, None)]);
        for who in [ADMIN, STRANGER, PersonId::SYSTEM] {
            let issued = Issued { organisation: AWAY, who, at: now(), directory: &directory };
            assert_eq!(issued.access_to(ArticleId(1)), Access::None, "{who}");
        }
    }

    #[test]
    fn open_to_all_is_what_a_colleague_may_who_is_not_named() {
        let directory = in_knowledge_base([
            topic_under(1, None),
            with(closed(), topic_under(2, Some(1))),
            with(Permissions { open: true, ..closed() }, topic_under(3, Some(2))),
            topic_under(4, Some(2)),
        ]);
        let issued = Issued { organisation: HOME, who: DAVID, at: now(), directory: &directory };
        for (id, open) in [(1, true), (2, false), (3, true), (4, false)] {
            let article = directory.article(ArticleId(id)).expect("it is there");
            assert_eq!(article.open_to_all(&issued), open, "{id}");
            assert_eq!(article.access(&issued) >= Access::Read, open, "{id}");
        }
    }
}
