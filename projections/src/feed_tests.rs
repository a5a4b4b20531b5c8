//! The feed's pages: full, heavy, far, and woken.

use std::time::Duration;

use domain::testing::{ANNA, BORIS};
use domain::{Kind, TaskId};

use crate::feed::{Feed, Head};
use crate::testing::{Log, SOON, said};

#[tokio::test]
async fn a_page_of_large_events_ends_early_and_nothing_is_left_out() {
    let log = Log::create().await;
    let large = said(&"x".repeat(250 * 1024));
    log.task(1, ANNA).await;
    for _ in 0..10 {
        log.append(TaskId(1), BORIS, &vec![large.clone(); 10]).await;
    }
    let feed = Feed::new(log.pool.clone(), &[Kind::Task], log.tell.subscribe());
    let head = feed.head().await.expect("read").position;
    let (mut after, mut seen, mut pages) = (0, Vec::new(), 0);
    while after < head {
        let batch = feed.read(after, head, 1_000).await.expect("read");
        assert!(batch.events.len() < 80, "about 64 of them make a page");
        seen.extend(batch.events.iter().map(|event| event.header.position));
        after = batch.upto;
        pages += 1;
    }
    assert_eq!(seen, (1..=head).collect::<Vec<_>>());
    assert!(pages > 1);
}

#[tokio::test]
async fn nothing_beyond_the_head_that_was_given_is_read() {
    let log = Log::create().await;
    log.task(1, ANNA).await;
    log.say(1, BORIS, "Beyond").await;
    let feed = Feed::new(log.pool.clone(), &[Kind::Task], log.tell.subscribe());
    let batch = feed.read(0, 1, 1_000).await.expect("read");
    assert_eq!((batch.events.len(), batch.upto), (1, 1));
}

#[tokio::test]
async fn waiting_ends_with_a_newer_head_and_not_with_one_of_an_older_incarnation() {
    let log = Log::create().await;
    let mut feed = Feed::new(log.pool.clone(), &[Kind::Task], log.tell.subscribe());
    let head = feed.head().await.expect("read");
    let seen = Head { incarnation: head.incarnation + 1, position: 0 };
    log.task(1, ANNA).await;
    let brief = Duration::from_millis(20);
    assert!(tokio::time::timeout(brief, feed.wait(seen, SOON)).await.is_err(), "it tells of the older one");
    feed.wait(head, SOON * 100).await;
    assert_eq!(feed.told(), Head { position: 1, ..head });
}
