//! Nothing lost: people command over HTTP while servers are killed, stopped and cut off, and their own records are then held
//! against the log, the views and the chain. No rule of the product is tested here.
//!
//! `NASHI_CHAOS_SEED` repeats the choices of a run, not its timing, which belongs to the machine; `NASHI_CHAOS_KILLS` asks for more
//! kills than the 40 of every run.

mod client;
mod door;
mod killed;
mod marker;
mod proof;
mod record;

/// The seed of this run, said aloud: a failure is told with it.
fn seed() -> u64 {
    let seed = setting("NASHI_CHAOS_SEED").unwrap_or_else(arbitrary_seed);
    println!("NASHI_CHAOS_SEED={seed}");
    seed
}

fn setting<T: std::str::FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} cannot be used: {text}")))
}

fn arbitrary_seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::process::id())
}
