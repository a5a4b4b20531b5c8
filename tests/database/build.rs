//! Has the crate built again when a migration is added: `sqlx::migrate!` alone notices only changes to
//! those it knows. It does nothing else.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
