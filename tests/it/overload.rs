//! Too much at once: what cannot be taken is refused with 503 before anything is decided, and what was taken is
//! kept. How a mailbox fills is tested in `actors`.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tests::{World, id};

/// More than one actor's mailbox and its uncommitted commands together (320).
const AT_ONCE: usize = 1_000;

#[actix_rt::test]
async fn a_full_mailbox_is_a_503_and_nothing_taken_is_lost() {
    let world = World::with(|settings| settings.rate.requests = 100_000).await;
    let anna = &world.anna.client;
    let task = id(&anna.create(json!({ "text": "Crowded" })).await);
    let path = format!("/v4/tasks/{task}/comments");

    // Whoever holds the head's row holds every append. It is opened once somebody was refused: then what is
    // bounded was full.
    let gate = world.app.hold_the_log().await;
    let (full, mut refused_once) = tokio::sync::watch::channel(false);
    let asked = join_all((0..AT_ONCE).map(|number| {
        let (path, full, body) = (&path, &full, json!({ "text": format!("c{number}") }));
        async move {
            let answer = anna.post(path, &body).await;
            full.send_if_modified(|full| answer.status == 503 && !std::mem::replace(full, true));
            answer
        }
    }));
    let open = async {
        let refused = tokio::time::timeout(Duration::from_secs(4), refused_once.wait_for(|full| *full)).await.is_ok();
        assert!(refused, "{AT_ONCE} commands wait, and none is refused");
        gate.open().await;
    };
    let (answers, ()) = tokio::join!(asked, open);

    let (mut taken, mut refused) = (Vec::new(), 0);
    for (number, answer) in answers.iter().enumerate() {
        match answer.status {
            200 => taken.push(format!("c{number}")),
            503 => {
                answer.refused(503, "service_unavailable");
                assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 1));
                refused += 1;
            }
            other => panic!("{other}: {}", answer.text()),
        }
    }
    assert!(!taken.is_empty() && refused > 0, "{} taken, {refused} refused", taken.len());
    world.app.settled().await;
    // The storm may have kept the directory from following, and who reads then is told to come again.
    world.app.settled().await;
    let shown = anna.task(task).await;
    let mut texts: Vec<String> =
        shown["comments"].as_array().into_iter().flatten().filter_map(|one| one["text"].as_str().map(str::to_owned)).collect();
    texts.retain(|text| text.starts_with('c'));
    texts.sort();
    taken.sort();
    assert_eq!(texts, taken, "what was answered and what is there differ");
    world.done().await;
}
