//! What a machine lends to a test that starts other people's servers: a port, a program, and the end of a
//! process. Nashi's own processes are in `process.rs`.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tokio::process::Child;

/// A server of somebody else's on a busy machine.
pub const START_MAX: Duration = Duration::from_secs(30);
const STOP_MAX: Duration = Duration::from_secs(30);
pub const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Below the ports that the kernel lends to outgoing connections (from 32768 on under Linux, 49152 elsewhere): a server that
/// is down for a moment must find its port free when it comes back.
const PORTS: std::ops::Range<u16> = 15_000..32_000;

/// A port of loopback that nobody listens on.
///
/// # Panics
/// When none can be found.
pub fn free_port() -> u16 {
    use std::hash::{BuildHasher, RandomState};
    let mut random = StdRng::seed_from_u64(RandomState::new().hash_one(std::process::id()));
    let free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    (0..1_000).map(|_| random.random_range(PORTS)).find(free).expect("a free port")
}

/// Where `program` lies. Debian puts servers where a user's `PATH` does not look.
///
/// # Panics
/// When it is nowhere; `package` is what brings it.
pub fn program(name: &str, package: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"].map(PathBuf::from));
    let found = folders.map(|folder| folder.join(name)).find(|program| program.is_file());
    found.unwrap_or_else(|| panic!("{name} is not installed: `apt-get install -y --no-install-recommends {package}`"))
}

/// # Panics
/// When the process has ended and was waited for.
pub fn pid(child: &Child) -> Pid {
    let id = child.id().and_then(|id| i32::try_from(id).ok()).expect("the process runs");
    Pid::from_raw(id)
}

/// Sends `signal`, and waits until the process has ended.
///
/// # Panics
/// When it does not end.
pub async fn end(child: &mut Child, signal: Signal) {
    kill(pid(child), signal).expect("our child can be signalled");
    let ended = tokio::time::timeout(STOP_MAX, child.wait()).await;
    ended.unwrap_or_else(|_| panic!("a process did not end within {STOP_MAX:?} of {signal}")).expect("our child can be waited for");
}

/// As [`end`], where nothing can be awaited.
pub fn end_in_drop(mut child: Child, signal: Signal) {
    let Some(id) = child.id().and_then(|id| i32::try_from(id).ok()) else { return };
    // Gone by now is as good.
    let _ = kill(Pid::from_raw(id), signal);
    // A runtime cannot be entered from within another, and tests run inside one.
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let ended = async {
                let mut look = tokio::time::interval(LOOK_EVERY);
                while matches!(child.try_wait(), Ok(None)) {
                    look.tick().await;
                }
            };
            tokio::time::timeout(STOP_MAX, ended).await
        })
    });
    if !matches!(thread.join(), Ok(Ok(()))) && !std::thread::panicking() {
        panic!("a process did not end within {STOP_MAX:?} of {signal}");
    }
}

/// The last lines of a log, for a message.
pub fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().rev().take(20).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}
