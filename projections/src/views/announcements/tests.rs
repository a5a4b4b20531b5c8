//! Announcements on a real Postgres: facts in, pages out.

use domain::announcement::Event;
use domain::announcement::event::{CommentEdited, Edited, Said};
use domain::codec::EventSet;
use domain::erasure::{ERASED, Erasable};
use domain::task::event::Text;
use domain::testing::{ANNA, BORIS, CLARA, HOME, announced, attached, remarked};
use domain::{Kind, OrganisationId, PersonId, Position, StreamId};

use super::{Announcements, COMMENTS_LISTED, Follower, Shown, latest, one};
use crate::generation::{Generation, IDLE_MAX};
use crate::rebuild;
use crate::testing::{Log, at, eager};

async fn told(log: &Log, id: i64, by: PersonId, event: Event) -> Position {
    log.append(StreamId::new(Kind::Announcement, id), by, &[event.encode()]).await
}

fn text(words: &str) -> Text {
    Text { text: words.to_owned(), ..Text::default() }
}

fn corrected(comment: Position, words: &str) -> Event {
    Event::CommentEdited(Box::new(CommentEdited { comment, text: text(words), attachments: None }))
}

fn edited(words: &str, file: Option<&str>) -> Event {
    let text = Text { formatted_text: Some(format!("<b>{words}</b>")), ..text(words) };
    Event::Edited(Box::new(Edited { text, attachments: file.map(|name| vec![attached(57, name)]) }))
}

fn with_file(words: &str, name: &str) -> Event {
    Event::Commented(Box::new(Said { text: text(words), attachments: vec![attached(58, name)] }))
}

/// Three announcements: one talked about, one closed, one deleted. Returns the last position.
async fn history(log: &Log) -> Position {
    told(log, 1, ANNA, announced("Tea")).await;
    let first = told(log, 1, BORIS, remarked("Thanks")).await;
    let second = told(log, 1, CLARA, remarked("No sugar")).await;
    told(log, 2, BORIS, announced("Cake")).await;
    told(log, 1, ANNA, edited("Tea at five", Some("menu.pdf"))).await;
    told(log, 1, ANNA, edited("Tea at five", None)).await;
    told(log, 1, BORIS, corrected(first, "Thank you")).await;
    let with = told(log, 1, BORIS, with_file("The recipe", "recipe.txt")).await;
    told(log, 1, BORIS, corrected(with, "My recipe")).await;
    told(log, 1, CLARA, Event::CommentDeleted { comment: second }).await;
    told(log, 3, ANNA, announced("Nothing")).await;
    told(log, 3, BORIS, remarked("Really?")).await;
    told(log, 3, ANNA, Event::Deleted).await;
    told(log, 2, BORIS, Event::Closed).await
}

async fn list(log: &Log, generation: &Generation) -> Vec<Shown> {
    latest(&log.pool, generation, HOME, 100).await.expect("the page is read")
}

/// Every row of the view, as text.
async fn rows(log: &Log, generation: &Generation) -> Vec<(String,)> {
    let sql = generation.sql(
        "SELECT 'announcement ' || to_jsonb(a)::text FROM {view}.announcement a
         UNION ALL SELECT 'comment ' || to_jsonb(c)::text FROM {view}.announcement_comment c ORDER BY 1",
    );
    sqlx::query_as(sql).fetch_all(&log.pool).await.expect("the rows are read")
}

#[tokio::test]
async fn the_latest_come_first_with_what_was_said_under_them() {
    let log = Log::create().await;
    let followed = log.follow(&Announcements, eager()).await;
    let end = history(&log).await;
    let generation = followed.reaches(end).await.generation;
    let shown = list(&log, &generation).await;
    assert_eq!(shown.iter().map(|one| (one.id, one.closed)).collect::<Vec<_>>(), [(2, true), (1, false)]);
    let tea = &shown[1];
    assert_eq!((tea.text.as_str(), tea.formatted_text.as_deref(), tea.author), ("Tea at five", Some("<b>Tea at five</b>"), ANNA));
    assert_eq!((tea.created_at, tea.modified_at), (at(1), at(10)));
    assert_eq!(tea.attachments, [attached(57, "menu.pdf")], "an edit that gives none leaves them");
    assert_eq!(tea.comments[1].attachments, [attached(58, "recipe.txt")]);
    let comments: Vec<_> =
        tea.comments.iter().map(|comment| (comment.id, comment.author, comment.text.as_str(), comment.created_at)).collect();
    assert_eq!(comments, [(2, BORIS, "Thank you", at(2)), (8, BORIS, "My recipe", at(8))]);
    let read = async |organisation, id| one(&log.pool, &generation, organisation, id).await.expect("read");
    assert_eq!(read(HOME, 1).await.as_ref(), Some(tea));
    assert_eq!(read(HOME, 3).await, None, "it is deleted");
    assert_eq!(read(OrganisationId(2), 1).await, None, "another organisation has others");
    assert_eq!(latest(&log.pool, &generation, HOME, 1).await.expect("read").len(), 1);
    assert_eq!(latest(&log.pool, &generation, OrganisationId(2), 9).await.expect("read"), []);
    followed.stop().await;
}

#[tokio::test]
async fn a_list_shows_the_newest_comments_and_one_shows_all() {
    let log = Log::create().await;
    let followed = log.follow(&Announcements, eager()).await;
    told(&log, 1, ANNA, announced("Tea")).await;
    let many: Vec<_> = (0..=COMMENTS_LISTED).map(|number| remarked(&number.to_string()).encode()).collect();
    let end = log.append(StreamId::new(Kind::Announcement, 1), BORIS, &many).await;
    let generation = followed.reaches(end).await.generation;
    let words = |shown: &Shown| (shown.comments.len(), shown.comments.first().map(|comment| comment.text.clone()));
    let listed = usize::try_from(COMMENTS_LISTED).expect("few");
    assert_eq!(words(&list(&log, &generation).await[0]), (listed, Some("1".to_owned())));
    let whole = one(&log.pool, &generation, HOME, 1).await.expect("read").expect("it is there");
    assert_eq!(words(&whole), (listed + 1, Some("0".to_owned())));
    followed.stop().await;
}

#[tokio::test]
async fn fed_twice_event_by_event_and_made_again_it_is_the_same() {
    let log = Log::create().await;
    let generation = rebuild::ensure(&Announcements, &log.pool).await.expect("made");
    history(&log).await;
    let events = log.all(Announcements::KINDS).await;
    let singly = events.iter().map(std::slice::from_ref);
    let mut once = Vec::new();
    for (batch, is_last) in singly.zip(1..).map(|(event, count)| (event, count == events.len())).chain([(&events[..], true)]) {
        let mut tx = log.pool.begin_with(generation.begin(IDLE_MAX)).await.expect("begun");
        Announcements.apply(batch, &mut tx).await.expect("taken in");
        tx.commit().await.expect("committed");
        if is_last {
            let now = rows(&log, &generation).await;
            assert!(once.is_empty() || once == now);
            once = now;
        }
    }
    let rebuilt = rebuild::rebuild(&Announcements, &log.pool, |_, _| {}).await.expect("rebuilt");
    assert_eq!(rows(&log, &rebuilt).await, once);
    assert_eq!(once.len(), 5);
}

#[tokio::test]
async fn erased_words_are_gone_and_others_stay() {
    let log = Log::create().await;
    let followed = log.follow(&Announcements, eager()).await;
    history(&log).await;
    let first = told(&log, 4, BORIS, announced("Mine")).await;
    told(&log, 4, ANNA, remarked("Yours")).await;
    let comment = told(&log, 4, BORIS, remarked("Mine too")).await;
    let edited = told(&log, 1, BORIS, corrected(2, "So kind")).await;
    let file = told(&log, 4, BORIS, with_file("Mine as well", "Mine.pdf")).await;
    told(&log, 4, BORIS, corrected(file, "Of all")).await;
    let substitutes = [
        (2, remarked("Thanks")),
        (first, announced("Mine")),
        (comment, remarked("Mine too")),
        (edited, corrected(2, "So kind")),
        (file, with_file("Mine as well", "Mine.pdf")),
    ];
    log.erase(&substitutes.map(|(position, event)| (position, event.substitute().encode()))).await;
    let end = told(&log, 2, CLARA, Event::Reopened).await;
    let generation = followed.reaches(end).await.generation;
    let live = rows(&log, &generation).await;
    let whole = one(&log.pool, &generation, HOME, 4).await.expect("read").expect("it is there");
    let said: Vec<_> = whole.comments.iter().map(|comment| comment.text.as_str()).collect();
    assert_eq!((whole.text.as_str(), &said[..]), (ERASED, &["Yours", ERASED, "Of all"][..]));
    assert_eq!(whole.comments[2].attachments[0].name, ERASED, "also of words that stay");
    assert!(live.iter().all(|(row,)| !row.contains("Mine") && !row.contains("So kind")), "{live:?}");
    let rebuilt = rebuild::rebuild(&Announcements, &log.pool, |_, _| {}).await.expect("rebuilt");
    assert_eq!(rows(&log, &rebuilt).await, live);
    followed.stop().await;
}
