//! A page as PDF, by a browser of its own: Chromium without a window, for one page, in a folder of its own, without
//! network. What is in the page, and that it runs no script, is seen to by who makes it.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::{Pid, geteuid};
use thiserror::Error;
use tokio::process::Command;
use tokio::sync::Semaphore;

/// Browsers at once.
const AT_ONCE: usize = 2;
/// Of one page, from its turn on.
const MAKING_MAX: Duration = Duration::from_secs(30);
/// For its turn.
const TURN_MAX: Duration = Duration::from_secs(30);
const BYTES_MAX: u64 = 64 * 1024 * 1024;

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);

#[derive(Debug, Error)]
pub enum Failed {
    #[error("no browser is installed that could make it")]
    NoBrowser,
    #[error("too many are being made")]
    Busy,
    #[error("the browser did not make it within {MAKING_MAX:?}")]
    TooLong,
    #[error("the browser made none")]
    Nothing,
    #[error("its folder cannot be used")]
    Io(#[from] std::io::Error),
}

/// The browser with everything that it has started. Whatever becomes of it, all of them end.
struct Group(Option<i32>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // There may be none of it left.
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
    }
}

/// Makes a PDF of a whole page.
///
/// # Errors
/// When there is no browser, none is free in time, or it makes none in time.
pub async fn of(html: &str, browser: &str) -> Result<Vec<u8>, Failed> {
    let turn = tokio::time::timeout(TURN_MAX, TURNS.acquire()).await;
    let Ok(Ok(_turn)) = turn else { return Err(Failed::Busy) };
    let folder = tempfile::Builder::new().prefix("nashi-print-").tempdir()?;
    let (page, pdf) = (folder.path().join("page.html"), folder.path().join("page.pdf"));
    tokio::fs::write(&page, html).await?;
    let made = tokio::time::timeout(MAKING_MAX, printed(browser, folder.path(), &page, &pdf)).await;
    made.map_err(|_| Failed::TooLong)??;
    let length = tokio::fs::metadata(&pdf).await.map_err(|_| Failed::Nothing)?.len();
    if length == 0 || length > BYTES_MAX {
        return Err(Failed::Nothing);
    }
    Ok(tokio::fs::read(&pdf).await?)
}

async fn printed(browser: &str, folder: &Path, page: &Path, pdf: &Path) -> Result<(), Failed> {
    let mut command = Command::new(browser);
    command
        .args(["--headless", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--no-first-run", "--disable-sync"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-breakpad", "--no-pdf-header-footer"])
        // No name is resolved, and whatever needs none goes to where nobody listens.
        .args(["--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=socks5://127.0.0.1:1", "--proxy-bypass-list=<-loopback>"])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .arg(format!("--print-to-pdf={}", pdf.display()));
    if geteuid().is_root() {
        // Its sandbox is for others than root.
        command.arg("--no-sandbox");
    }
    command.arg(format!("file://{}", page.display()));
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path).env("HOME", folder).env("TMPDIR", folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::PermissionDenied => Failed::NoBrowser,
        _ => Failed::Io(error),
    })?;
    let _group = Group(child.id().and_then(|id| i32::try_from(id).ok()));
    child.wait().await?;
    Ok(())
}
