//! A database that stops answering in the middle of commands, and comes back: the real binary with a Postgres
//! of its own, stopped by signals. Kills of Nashi itself are in `chaos`.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use tests::{Installation, id};
use tokio::task::JoinSet;

const STOPPED: Duration = Duration::from_secs(5);
const CLIENTS: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heavy_a_database_that_stops_for_five_seconds_loses_nothing() {
    let installation = Installation::with_own_postgres();
    let serving = installation.serve().await;
    let people = installation.people(2).await;
    let task = id(&people[0].client.create(json!({ "text": "Through it all", "participants": [{ "id": people[1].id }] })).await);
    let path = format!("/v4/tasks/{task}/comments");

    let (stop, stopped) = tokio::sync::watch::channel(false);
    let (said, mut heard) = tokio::sync::watch::channel(0_usize);
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let (client, path, stopped, said) = (people[number % 2].client.clone(), path.clone(), stopped.clone(), said.clone());
        clients.spawn(async move {
            let (mut acknowledged, mut refused, mut cut) = (BTreeSet::new(), 0, 0);
            for turn in 0.. {
                if *stopped.borrow() {
                    break;
                }
                let (key, text) = (format!("out-{number}-{turn}"), format!("w{number}x{turn}"));
                let body = json!({ "text": text }).to_string().into_bytes();
                loop {
                    let begun = Instant::now();
                    let asked = client.send(reqwest::Method::POST, &path, &[("Idempotency-Key", &key)], Some(body.clone())).await;
                    match asked {
                        Ok(answer) if answer.status == 200 => break,
                        Ok(answer) => {
                            answer.refused(503, "service_unavailable");
                            refused += 1;
                            let seconds: u64 = answer.header("retry-after").parse().expect("seconds");
                            tokio::time::sleep(Duration::from_secs(seconds)).await;
                        }
                        // The outcome was not known at the deadline: no body, the connection is closed.
                        Err(failure) => {
                            assert!(!failure.is_timeout(), "no answer and no end of it: {failure:?}");
                            cut += 1;
                        }
                    }
                    assert!(begun.elapsed() < Duration::from_secs(15), "an answer took {:?}", begun.elapsed());
                }
                acknowledged.insert(text);
                said.send_modify(|count| *count += 1);
            }
            (acknowledged, refused, cut)
        });
    }
    let wait_for = async |heard: &mut tokio::sync::watch::Receiver<usize>, more: usize| {
        let until = *heard.borrow() + more;
        let wait = heard.wait_for(|count| *count >= until);
        tokio::time::timeout(Duration::from_secs(60), wait).await.expect("commands are answered").expect("clients work");
    };

    wait_for(&mut heard, 100).await;
    let postmaster = installation.postmaster().expect("it has a Postgres of its own");
    let processes = with_children(postmaster);
    assert!(processes.len() > 5, "a running Postgres has sessions: {processes:?}");
    signal(&processes, Signal::SIGSTOP);
    // Nothing else marks how long the database is away.
    tokio::time::sleep(STOPPED).await;
    assert_eq!(installation.client().get("/livez").await.status, 200, "the process lives while its database does not");
    signal(&processes, Signal::SIGCONT);
    wait_for(&mut heard, 100).await;
    stop.send_replace(true);

    let (mut acknowledged, mut refused, mut cut) = (BTreeSet::new(), 0, 0);
    while let Some(client) = clients.join_next().await {
        let (texts, no, gone) = client.expect("a client saw only what it may see");
        acknowledged.extend(texts);
        refused += no;
        cut += gone;
    }
    let shown = people[0].client.task(task).await;
    let texts: Vec<&str> = shown["comments"].as_array().into_iter().flatten().filter_map(|one: &Value| one["text"].as_str()).collect();
    let words: BTreeSet<String> = texts.iter().filter(|text| text.starts_with('w')).map(|text| (*text).to_owned()).collect();
    assert_eq!(words, acknowledged, "what was acknowledged and what is there differ");
    assert_eq!(texts.iter().filter(|text| text.starts_with('w')).count(), words.len(), "something is there twice");
    // Commands may be answered again while a view still waits for its next try.
    installation.ready("nashi").await;
    println!("{} commands acknowledged and there once, {refused} times 503, {cut} connections closed", words.len());
    assert!(serving.stop().await.success());
    assert!(installation.postmaster().is_none(), "Nashi stops the Postgres that it started");
}

/// A process and its direct children, which is all that a Postgres has.
fn with_children(parent: Pid) -> Vec<Pid> {
    let mut found = vec![parent];
    for entry in std::fs::read_dir("/proc").expect("Linux").flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        if parent_of(&entry.path()) == Some(parent.as_raw()) {
            found.push(Pid::from_raw(pid));
        }
    }
    found
}

/// The fourth field of `/proc/PID/stat`; the second, the name in brackets, may hold blanks.
fn parent_of(folder: &Path) -> Option<i32> {
    let text = std::fs::read_to_string(folder.join("stat")).ok()?;
    text.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

fn signal(processes: &[Pid], signal: Signal) {
    for process in processes {
        // A session may have ended since; the postmaster may not.
        let sent = kill(*process, signal);
        assert!(sent.is_ok() || *process != processes[0], "the postmaster is gone: {sent:?}");
    }
}
