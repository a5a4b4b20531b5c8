//! Clients that nobody here wrote, against a started Nashi. What they find is judged in their own language,
//! by the script beside this file; here is only what has them run.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::json;
use tests::Installation;
use tokio::process::Command;

const REQUIREMENTS: &str = include_str!("requirements.txt");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_vendors_python_client_finds_everything_that_it_expects() {
    tells("scenario.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_of_the_community_finds_everything_that_it_expects() {
    tells("community.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_of_event_streams_finds_everything_that_it_expects() {
    tells("live.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_validator_of_schemas_finds_answers_as_they_are_described() {
    let python = environment().await;
    let installation = Installation::on_test_postgres().await;
    let made = installation.run(&["demo", "--months", "1", "--scale", "0.1", "--json"]).await;
    let serving = installation.serve().await;
    let administrator = made.lines().last().expect("one line of JSON");
    let address = installation.address.to_string();
    let script = folder().join("schemas.py");
    has_run(Command::new(python).arg(script).env("NASHI_ADDRESS", address).env("NASHI_ADMINISTRATOR", administrator)).await;
    assert!(serving.stop().await.success());
}

/// Runs a scenario of three people against a started Nashi.
async fn tells(scenario: &str) {
    let python = environment().await;
    let installation = Installation::on_test_postgres().await;
    let serving = installation.serve().await;
    let people = installation.people(3).await;
    let people: Vec<_> = people.iter().map(|person| json!({ "login": person.email, "key": person.key })).collect();

    let address = installation.address.to_string();
    has_run(Command::new(python).arg(folder().join(scenario)).env("NASHI_ADDRESS", address).env("NASHI_PEOPLE", json!(people).to_string()))
        .await;
    assert!(serving.stop().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_readmes_first_thing_to_try_works_as_written() {
    let readme = std::fs::read_to_string(folder().join("../../README.md")).expect("the README");
    let (_, rest) = readme.split_once("<<'PYTHON'\n").expect("the README shows the client");
    let (script, _) = rest.split_once("    PYTHON\n").expect("and says where it ends");
    let script: Vec<&str> = script.lines().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect();

    let python = environment().await;
    let installation = Installation::on_test_postgres().await;
    let serving = installation.serve().await;
    let administrator = installation.people(1).await.remove(0);
    let printed = has_run(
        Command::new(python)
            .args(["-c", &script.join("\n")])
            .env("NASHI", installation.address.to_string())
            .env("LOGIN", &administrator.email)
            .env("KEY", &administrator.key),
    )
    .await;
    assert!(printed.contains("Count the foxes") && printed.contains("finished"), "{printed}");
    assert!(serving.stop().await.success());
}

/// Runs a script, which must end well, and gives what it printed.
async fn has_run(command: &mut Command) -> String {
    // No proxy of this machine stands between two programs on it; no compiled copies in the sources.
    command.env("NO_PROXY", "*").env("PYTHONDONTWRITEBYTECODE", "1").stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.expect("Python starts");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    println!("{printed}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "the client found something that it did not expect");
    printed
}

/// The Python of a virtual environment with the clients in it; made once for each list of requirements.
async fn environment() -> PathBuf {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compat-python");
    let (python, installed) = (cache.join("bin/python"), cache.join("installed.txt"));
    if std::fs::read_to_string(&installed).is_ok_and(|text| text == REQUIREMENTS) {
        return python;
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&cache)).await;
    let requirements = folder().join("requirements.txt");
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(requirements)).await;
    // Last, so that an interrupted installation is begun again.
    std::fs::write(installed, REQUIREMENTS).expect("the cache can be written");
    python
}

async fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await.expect("Python starts (Debian: python3-venv)");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{:?} failed: {complaint}", command.as_std());
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("compat")
}
