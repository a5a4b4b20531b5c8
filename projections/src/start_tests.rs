//! All projections of a node together. What each of them does is tested with it.

use std::time::Duration;

use domain::TaskId;
use domain::task::event::Created;
use domain::testing::{ANNA, BORIS, HOME};
use tokio_util::sync::CancellationToken;

use crate::failure::Failure;
use crate::testing::{Log, SOON, a_holder, at, created, eager, empty, text, unheard_of};
use crate::views::inbox;
use crate::{Projections, State, View, rebuild, retry_parked};

async fn start(log: &Log, shutdown: &CancellationToken) -> Projections {
    Projections::start(log.pool.clone(), log.tell.subscribe(), shutdown.clone(), eager(), a_holder()).await.expect("they start")
}

async fn a_task(log: &Log, task: i64) -> i64 {
    log.append(TaskId(task), ANNA, &[created(Created { text: text("One"), responsible: Some(BORIS), ..empty() })]).await
}

#[tokio::test]
async fn a_started_node_shows_what_was_in_the_log_and_what_comes_and_stops_in_order() {
    let log = Log::create().await;
    log.organisation(HOME, "Home").await;
    let before = a_task(&log, 1).await;
    let projections = start(&log, &CancellationToken::new()).await;
    projections.caught_up(View::Inbox, before, SOON).await.expect("the view was made at the start");
    let end = a_task(&log, 2).await;
    let generation = projections.caught_up(View::Inbox, end, SOON).await.expect("it follows");
    let page = inbox::page(&log.pool, &generation, HOME, &[BORIS], 50, at(end)).await.expect("read");
    assert_eq!(page.tasks.len(), 2);
    for view in View::ALL {
        projections.caught_up(view, end, SOON).await.expect("it follows");
    }
    let (directory, _) = projections.directory().caught_up(end, SOON).await.expect("it follows");
    assert!(directory.organisation(HOME).is_some());
    assert!(projections.progress().iter().all(|progress| progress.position == end && progress.state == State::Running));
    assert!(projections.parked().await.expect("counted").is_empty());
    tokio::time::timeout(SOON, projections.stop()).await.expect("it stops");
}

#[tokio::test]
async fn a_position_that_does_not_come_is_not_waited_for_longer_than_asked() {
    let log = Log::create().await;
    let projections = start(&log, &CancellationToken::new()).await;
    let short = Duration::from_millis(20);
    let behind = projections.caught_up(View::Inbox, 1, short).await.expect_err("there is nothing");
    assert_eq!((behind.view, behind.wanted), ("inbox", 1));
    projections.directory().caught_up(1, short).await.expect_err("there is nothing");
    projections.stop().await;
}

#[tokio::test]
async fn a_node_goes_on_where_it_stopped_and_a_cancelled_token_stops_it() {
    let log = Log::create().await;
    let shutdown = CancellationToken::new();
    let first = start(&log, &shutdown).await;
    let end = a_task(&log, 1).await;
    let before = first.caught_up(View::Inbox, end, SOON).await.expect("it follows");
    shutdown.cancel();
    first.stop().await;
    let end = a_task(&log, 2).await;
    let second = start(&log, &CancellationToken::new()).await;
    let after = second.caught_up(View::Inbox, end, SOON).await.expect("it follows");
    assert_eq!(after, before, "the same generation");
    second.stop().await;
}

#[tokio::test]
async fn two_nodes_make_a_view_once() {
    let log = Log::create().await;
    let end = a_task(&log, 1).await;
    let token = CancellationToken::new();
    let (one, other) = tokio::join!(start(&log, &token), start(&log, &token));
    let generations = [one.caught_up(View::Inbox, end, SOON).await, other.caught_up(View::Inbox, end, SOON).await];
    assert_eq!(generations[0].as_ref().expect("followed").number, 1);
    assert_eq!(generations[0], generations[1]);
    one.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn what_a_view_has_parked_is_counted_and_tried_again_on_demand() {
    let log = Log::create().await;
    let projections = start(&log, &CancellationToken::new()).await;
    let end = log.append(TaskId(1), ANNA, &[unheard_of()]).await;
    for view in View::ALL {
        projections.caught_up(view, end, SOON).await.expect("it goes on");
    }
    // The views that read every fact of a task; the history passes over names that concern nobody.
    let parked = [("inbox".to_owned(), 1), ("notifications".to_owned(), 1), ("tasks".to_owned(), 1)];
    assert_eq!(projections.parked().await.expect("counted").into_iter().collect::<Vec<_>>(), parked);
    let again = projections.retry_parked(View::Inbox).await.expect("tried");
    assert_eq!((again.taken_up, again.still_parked), (0, 1));
    projections.stop().await;
}

#[tokio::test]
async fn a_view_that_there_is_not_is_refused_by_name() {
    let log = Log::create().await;
    for name in ["", "inbox; DROP TABLE event", "Inbox", "register"] {
        assert!(matches!(rebuild(&log.pool, name, |_, _| {}).await, Err(Failure::UnknownView(unknown)) if unknown == name));
        assert!(matches!(retry_parked(&log.pool, name).await, Err(Failure::UnknownView(unknown)) if unknown == name));
    }
}
