//! Nothing lost: people command over HTTP while servers are killed, stopped and cut off, and their own records are then held
//! against the log, the views and the chain. No rule of the product is tested here.
//!
//! `NASHI_CHAOS_SEED` repeats the choices of a run, not its timing, which belongs to the machine. How much is broken:
//! `NASHI_CHAOS_KILLS` for the one server, `NASHI_CHAOS_SECONDS` for the cluster, and `NASHI_CHAOS_FAULTS` for the kinds of
//! fault in it (names with commas, as they are printed). A long run is
//! `NASHI_CHAOS_SECONDS=3600 ops/test --profile long -E 'test(whatever_fails_in_a_cluster)'`.

mod client;
mod cluster;
mod door;
mod faults;
mod killed;
mod marker;
mod proof;
mod record;
mod streams;
mod waits;

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
