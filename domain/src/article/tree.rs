//! The tree of the knowledge base: what lies where, and how its changes keep from crossing each other. Not who may see it.
//!
//! Articles are streams of their own, so two moves could be decided at once that make a circle together: A goes under B while B
//! goes under A. So every change of the tree (a move, a deletion) is a *turn*: it claims the number after the last that the
//! directory knows, and of two that claim one number the log takes one. The other is asked again once the directory shows the
//! first. What is added under a topic while that is deleted with its children is deleted with it.

use std::collections::{HashMap, HashSet};

use super::event::Event;
use super::state::{Article, Deletion};
use crate::aggregate::{ClaimChange, ClaimKind};
use crate::directory::OrganisationDirectory;
use crate::id::ArticleId;

/// Topics above an article, the deleted ones included.
pub const DEPTH_MAX: usize = 50;

/// The topics above, nearest first, from `parent` on, those that were deleted too.
pub(super) fn up_from(parent: Option<ArticleId>, directory: &OrganisationDirectory) -> impl Iterator<Item = &Article> {
    let above = |id: Option<ArticleId>| id.and_then(|id| directory.article(id)).map(|article| &**article);
    // What is added while its topic moves may lie deeper than was allowed; never in a circle.
    std::iter::successors(above(parent), move |article| above(article.parent)).take(4 * DEPTH_MAX)
}

/// Neither deleted nor under something that was deleted with its children.
pub(super) fn is_there(article: &Article, directory: &OrganisationDirectory) -> bool {
    let above = || up_from(article.parent, directory).all(|above| above.deletion != Deletion::WithChildren);
    article.exists && !article.is_deleted() && above()
}

/// The topic under which it is shown: the nearest above that is not deleted.
pub fn shown_under(article: &Article, directory: &OrganisationDirectory) -> Option<ArticleId> {
    up_from(article.parent, directory).find(|above| !above.is_deleted()).map(|above| above.id)
}

/// Everything that lies under each, by where it was put.
fn children(directory: &OrganisationDirectory) -> HashMap<ArticleId, Vec<&Article>> {
    let mut children: HashMap<ArticleId, Vec<&Article>> = HashMap::new();
    for article in directory.articles.values() {
        if let Some(parent) = article.parent {
            children.entry(parent).or_default().push(article);
        }
    }
    children
}

/// Everything under `top`, at any depth, and how many levels that are.
pub(super) fn below(top: ArticleId, directory: &OrganisationDirectory) -> (Vec<&Article>, usize) {
    let children = children(directory);
    let (mut found, mut seen, mut level, mut levels) = (Vec::new(), HashSet::from([top]), vec![top], 0);
    loop {
        let next: Vec<&Article> =
            level.iter().filter_map(|id| children.get(id)).flatten().copied().filter(|article| seen.insert(article.id)).collect();
        if next.is_empty() {
            return (found, levels);
        }
        levels += 1;
        level = next.iter().map(|article| article.id).collect();
        found.extend(next);
    }
}

/// The turn that a change of the tree takes.
pub(super) fn next_turn(directory: &OrganisationDirectory) -> i64 {
    directory.article_turn + 1
}

pub(super) fn claims_of(event: &Event) -> Vec<ClaimChange> {
    match event {
        Event::Moved { turn, .. } | Event::Deleted { turn, .. } => {
            vec![ClaimChange { kind: ClaimKind::ArticleTurn, key: turn.to_string(), taken: true }]
        }
        Event::Created(_) | Event::Edited(_) | Event::PermissionsChanged(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{in_knowledge_base, topic_under};

    #[test]
    fn what_lies_under_a_topic_that_was_deleted_alone_is_shown_under_the_one_above() {
        let gone = Article { deletion: Deletion::Alone, ..topic_under(2, Some(1)) };
        let directory = in_knowledge_base([topic_under(1, None), gone, topic_under(3, Some(2))]);
        let article = directory.article(ArticleId(3)).expect("it is there");
        assert!(is_there(article, &directory));
        assert_eq!(shown_under(article, &directory), Some(ArticleId(1)));
    }

    #[test]
    fn everything_below_is_found_once_even_in_a_circle() {
        let directory =
            in_knowledge_base([topic_under(1, Some(3)), topic_under(2, Some(1)), topic_under(3, Some(2)), topic_under(4, None)]);
        let (below, levels) = below(ArticleId(1), &directory);
        assert_eq!(below.iter().map(|article| article.id.0).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(levels, 2);
        assert!(up_from(Some(ArticleId(1)), &directory).count() <= 4 * DEPTH_MAX);
    }

    #[test]
    fn of_two_changes_of_one_tree_only_one_has_its_turn() {
        let directory = in_knowledge_base([Article { turn: 6, ..topic_under(1, None) }, Article { turn: 4, ..topic_under(2, None) }]);
        assert_eq!(next_turn(&directory), 7);
        let claim = |event| claims_of(&event);
        assert_eq!(claim(Event::Moved { parent: None, turn: 7 }), claim(Event::Deleted { with_children: true, turn: 7 }));
    }
}
