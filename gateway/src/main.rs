//! The binary. All of it is in the library; here is only what a process has once.

use std::process::ExitCode;

/// Its threads give memory back to each other more cheaply than the system's allocator does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    gateway::cli::run()
}
