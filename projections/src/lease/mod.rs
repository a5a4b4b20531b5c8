//! Leases: what only one node may do at a time is done by whoever holds the lease of that name. They know nothing of
//! what is done under them: views, timers, mail.
//!
//! A lease is a row with a holder, an epoch and an end, taken, renewed and judged by the database's clock alone. It is free
//! when its time is over, when it was given back, or when its holder's session with the database is gone. The holder may
//! be late in noticing that it has lost one, so every transaction that has an effect asks first: [`Held::guard`]. Until
//! that transaction ends nobody else can take the lease.
//!
//! ```no_run
//! # async fn fire_what_is_due(held: &projections::lease::Held) {}
//! # async fn example(leases: projections::lease::Leases) {
//! loop {
//!     let held = leases.hold("timers").await;
//!     tokio::select! {
//!         () = held.over() => {}
//!         () = fire_what_is_due(&held) => {}
//!     }
//! }
//! # }
//! ```

mod book;
mod held;
mod keeper;
mod rows;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::{Notify, oneshot, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use held::{Held, NotHeld};

use book::Book;
use keeper::Keeper;

/// How long leases last. A node that hangs is replaced `time` after its last renewal and one `look`, under 4 s in all; one
/// that was killed, after one `look`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// From one renewal until the lease is free for others.
    pub time: Duration,
    /// Between two renewals; also the longest that the database may take to answer one.
    pub renew: Duration,
    /// Between two looks at leases that somebody else holds.
    pub look: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { time: Duration::from_secs(3), renew: Duration::from_secs(1), look: Duration::from_millis(250) }
    }
}

/// The leases of a node, of which there is one a process. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Leases {
    shared: Arc<Shared>,
}

/// What the holders of leases and their keeper share.
#[derive(Debug)]
struct Shared {
    holder: Uuid,
    book: Mutex<Book>,
    /// Wakes the keeper.
    called: Notify,
    /// Whether a hand-over that was asked for has been carried out. Told under the book's lock.
    handed_over: watch::Sender<bool>,
}

impl Shared {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leases {
    /// Starts the task that keeps the leases of `holder`, an id of this start of this process. It connects to where
    /// `pool` does, by a session of its own: renewals do not wait behind requests, and it shows that the holder lives. On
    /// `shutdown` it ends every lease, waits until what was done under them has stopped, gives them back at once, and is
    /// done.
    pub fn start(pool: &PgPool, holder: Uuid, settings: Settings, shutdown: CancellationToken) -> (Self, JoinHandle<()>) {
        let shared = Shared { holder, book: Mutex::new(Book::default()), called: Notify::new(), handed_over: watch::Sender::new(false) };
        let leases = Self { shared: Arc::new(shared) };
        let keeper = Keeper::new(leases.shared.clone(), pool, settings);
        (leases, tokio::spawn(keeper.run(shutdown)))
    }

    /// Waits until this node holds the lease `name`; for ever once the node stops. Whoever is no longer waiting when it
    /// is taken gives it back.
    pub async fn hold(&self, name: &str) -> Held {
        let (give, given) = oneshot::channel();
        self.shared.book().wait_for(name, give);
        self.shared.called.notify_one();
        match given.await {
            Ok(held) => held,
            Err(_) => std::future::pending().await,
        }
    }

    /// Ends every lease of this node, and takes none until [`Leases::resume`]. Returns once all are given back, which is
    /// when what was done under them has stopped; whoever does not stop loses its lease when the time is over.
    pub async fn hand_over(&self) {
        let mut handed_over = self.shared.handed_over.subscribe();
        {
            let mut book = self.shared.book();
            if book.is_closed() {
                return;
            }
            book.hand_over();
            self.shared.handed_over.send_replace(false);
        }
        self.shared.called.notify_one();
        // The sender lives as long as `self`.
        let _ = handed_over.wait_for(|done| *done).await;
    }

    /// Takes leases again after [`Leases::hand_over`].
    pub fn resume(&self) {
        {
            let mut book = self.shared.book();
            book.resume();
            // A hand-over that is still waited for is called off.
            self.shared.handed_over.send_replace(true);
        }
        self.shared.called.notify_one();
    }

    /// The names of the leases that this node holds as far as it knows, in order.
    pub fn held(&self) -> Vec<String> {
        self.shared.book().held()
    }
}
