//! Makes the files of a new database. Not how it is started.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::{Account, Binaries, Folders, PostgresFailure, USER};

/// Runs `initdb` beside the final place and moves the result there, so that one that was interrupted is begun
/// again and never taken for a database.
pub(super) async fn run(binaries: &Binaries, account: Account, folders: &Folders, secret: &SecretString) -> Result<(), PostgresFailure> {
    let unfinished = folders.root.join("data.unfinished");
    remove(&unfinished)?;
    account.private_folder(&unfinished)?;
    let password = folders.root.join("initdb.password");
    write_private(&password, secret.expose_secret(), account)?;
    // macOS has no C.UTF-8; text is compared by bytes in both.
    let locale = if cfg!(target_os = "macos") { "--locale=C" } else { "--locale=C.UTF-8" };
    let mut command = account.command(&binaries.initdb());
    command.current_dir(&folders.root).arg("-D").arg(&unfinished).args(["-U", USER, "-A", "scram-sha-256", "-E", "UTF8", locale]);
    command.arg("--pwfile").arg(&password).env_remove("PGDATA").stdin(std::process::Stdio::null()).kill_on_drop(true);
    tracing::info!("making a database; this takes a moment, once");
    let output = command.output().await.map_err(|source| PostgresFailure::File { path: binaries.initdb(), source });
    remove(&password)?;
    let output = output?;
    if !output.status.success() {
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        return Err(PostgresFailure::Program { program: "initdb", output: text.trim().to_owned() });
    }
    std::fs::rename(&unfinished, &folders.data).map_err(|source| PostgresFailure::File { path: folders.data.clone(), source })
}

fn remove(path: &Path) -> Result<(), PostgresFailure> {
    let removed = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    match removed {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(PostgresFailure::File { path: path.to_owned(), source }),
        _ => Ok(()),
    }
}

fn write_private(path: &Path, text: &str, account: Account) -> Result<(), PostgresFailure> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;

    let failed = |source| PostgresFailure::File { path: path.to_owned(), source };
    remove(path)?;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    account.own(path)
}
