//! The end of the log, told from node to node, so that followers and readers elsewhere wake at once. Whoever misses
//! it reads it within a second: the journal looks by itself.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use super::bus::Delivery;
use super::shared::Shared;
use crate::journal::Head;
use crate::router::Router;

/// Between two heads told.
const PACE: Duration = Duration::from_millis(5);

/// Tells the others of what this node writes, until the journal ends or the task is aborted.
pub(super) async fn tell(router: Arc<Router>, shared: Arc<Shared>) {
    let mut written = router.journal.written();
    while written.changed().await.is_ok() {
        let head = *written.borrow_and_update();
        // Lost without a connection, which is what the others' own look is for.
        let _ = shared.bus.publish(shared.subjects.heads(), None, encode(head)).await;
        tokio::time::sleep(PACE).await;
    }
}

/// Takes in what the others tell.
pub(super) async fn hear(router: Arc<Router>, mut heads: impl Stream<Item = Delivery> + Unpin) {
    while let Some(delivery) = heads.next().await {
        if let Some(head) = decode(&delivery.payload) {
            router.journal.told(head);
        }
    }
}

/// Incarnation and position, eight bytes each.
fn encode(head: Head) -> Bytes {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&head.incarnation.to_be_bytes());
    bytes[8..].copy_from_slice(&head.position.to_be_bytes());
    Bytes::copy_from_slice(&bytes)
}

fn decode(bytes: &[u8]) -> Option<Head> {
    let bytes: &[u8; 16] = bytes.try_into().ok()?;
    let (incarnation, position) = bytes.split_at(8);
    let number = |bytes: &[u8]| bytes.try_into().map(i64::from_be_bytes).ok();
    Some(Head { incarnation: number(incarnation)?, position: number(position)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_sixteen_bytes() {
        let head = Head { incarnation: 1_700_000_000_123, position: 42 };
        assert_eq!(hex::encode(encode(head)), "0000018bcfe5687b000000000000002a");
        assert_eq!(decode(&encode(head)), Some(head));
        for wrong in [&[][..], &[1; 8], &[1; 15], &[1; 17]] {
            assert_eq!(decode(wrong), None);
        }
    }
}
