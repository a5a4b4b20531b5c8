//! What is counted of streams. Labels are bounded: never an id.

/// So many are open.
pub fn streams(open: usize) {
    metrics::gauge!("nashi_live_streams").set(f64::from(u32::try_from(open).unwrap_or(u32::MAX)));
}

/// So many entries were given to streams.
pub fn told(entries: u64) {
    if entries > 0 {
        metrics::counter!("nashi_live_entries_total").increment(entries);
    }
}

/// A stream was ended by us.
pub fn ended(why: &'static str) {
    metrics::counter!("nashi_live_ended_total", "why" => why).increment(1);
}

/// Somebody came back: what they had missed was told again, or could not be.
pub fn resumed(how: &'static str) {
    metrics::counter!("nashi_live_resumed_total", "how" => how).increment(1);
}
