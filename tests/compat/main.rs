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
    let python = environment().await;
    let installation = Installation::on_test_postgres().await;
    let serving = installation.serve().await;
    let people = installation.people(3).await;
    let people: Vec<_> = people.iter().map(|person| json!({ "login": person.email, "key": person.key })).collect();

    let output = Command::new(python)
        .arg(folder().join("scenario.py"))
        .env("NASHI_ADDRESS", installation.address.to_string())
        .env("NASHI_PEOPLE", json!(people).to_string())
        // No proxy of this machine stands between two programs on it; no compiled copies in the sources.
        .env("NO_PROXY", "*")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .expect("Python starts");
    println!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "the client found something that it did not expect");
    assert!(serving.stop().await.success());
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
