//! Random bytes for secrets, from the system. Not for ids.

/// `N` random bytes.
#[expect(clippy::disallowed_methods, reason = "the edge owns the randomness of secrets; nothing of it enters a decision")]
pub fn bytes<const N: usize>() -> [u8; N] {
    use rand::Rng;

    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}
