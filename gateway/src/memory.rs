//! Memory that is free goes back to the system once nothing happens any more. The allocator keeps it for what comes next, and gives it
//! back only as it is asked for more: a node that has just started, or has had a busy hour, would hold it for as long as it is idle.

use std::time::Duration;

use actors::journal::Head;
use domain::Position;
use tokio::sync::watch;

/// A log that does not grow for so long is that of an idle node, or of one that only answers questions.
const QUIET: Duration = Duration::from_secs(10);

/// Gives free memory back when the node has started, a moment later, and each time the log has stopped growing. Never ends.
pub async fn give_back(head: watch::Receiver<Head>) {
    let mut quiet = Quiet { seen: None, given_at: None };
    loop {
        let position = head.borrow().position;
        if quiet.gives_at(position) {
            tokio::task::spawn_blocking(collect);
        }
        tokio::time::sleep(QUIET).await;
    }
}

/// When free memory is given back, by where the log stands from look to look.
struct Quiet {
    seen: Option<Position>,
    given_at: Option<Position>,
}

impl Quiet {
    /// Whether now is a moment for it: at the first look, and once where the log stands as it did at the look before.
    fn gives_at(&mut self, position: Position) -> bool {
        let begins = self.seen.is_none();
        let still = self.seen.replace(position) == Some(position);
        begins || (still && self.given_at.replace(position) != Some(position))
    }
}

fn collect() {
    // SAFETY: the function has no preconditions; any thread may call it at any time, whichever allocator the process has.
    unsafe { libmimalloc_sys::mi_collect(true) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_at_the_start_and_once_whenever_the_log_has_stopped_growing() {
        let mut quiet = Quiet { seen: None, given_at: None };
        let given = [5, 5, 5, 6, 8, 8, 8, 9, 9].map(|position| quiet.gives_at(position));
        assert_eq!(given, [true, true, false, false, false, true, false, false, true]);
    }
}
