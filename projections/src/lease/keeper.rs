//! The task that keeps a node's leases: takes what is waited for, renews what is held, gives back what was left. What is
//! done under a lease is not its matter.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tokio_util::sync::CancellationToken;

use super::{Held, Settings, Shared, rows};

/// The keeper of one node's leases.
pub(super) struct Keeper {
    shared: Arc<Shared>,
    pool: PgPool,
    settings: Settings,
    renewed: Instant,
    failing: bool,
}

impl Keeper {
    pub fn new(shared: Arc<Shared>, pool: &PgPool, settings: Settings) -> Self {
        let options = (*pool.connect_options()).clone().application_name("nashi leases").options([
            // Whoever is about to lose a lease may hold it until its effect is through; the others' renewals come first.
            ("lock_timeout", "500ms"),
            ("statement_timeout", "2s"),
        ]);
        let holder = shared.holder;
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(settings.renew)
            .after_connect(move |session, _| Box::pin(rows::show_alive(holder, session)))
            .connect_lazy_with(options);
        Self { shared, pool, settings, renewed: Instant::now(), failing: false }
    }

    pub async fn run(mut self, shutdown: CancellationToken) {
        loop {
            self.round().await;
            let closed = self.shared.book().is_closed();
            if closed && self.shared.book().is_handed_over() {
                break;
            }
            tokio::select! {
                () = shutdown.cancelled(), if !closed => self.shared.book().close(),
                () = self.shared.called.notified() => {}
                () = tokio::time::sleep(self.settings.look) => {}
            }
        }
        self.pool.close().await;
    }

    async fn round(&mut self) {
        match self.ask().await {
            Ok(()) => self.failing = false,
            // Said once: until the database is back it would be said with every look.
            Err(error) if !self.failing => {
                self.failing = true;
                tracing::warn!(error = &error as &dyn std::error::Error, "leases wait for the database");
            }
            Err(_) => {}
        }
        let mut book = self.shared.book();
        book.end_overdue(self.settings.time);
        if book.is_handed_over() {
            self.shared.handed_over.send_replace(true);
        }
    }

    async fn ask(&mut self) -> Result<(), sqlx::Error> {
        self.renew().await?;
        self.release().await?;
        self.take().await
    }

    async fn renew(&mut self) -> Result<(), sqlx::Error> {
        let begun = Instant::now();
        if begun.duration_since(self.renewed) < self.settings.renew {
            return Ok(());
        }
        let terms = self.shared.book().to_renew();
        if !terms.is_empty() {
            let renewed = rows::renew(self.shared.holder, &terms, self.settings.time, &self.pool);
            let renewed = in_time(self.settings.renew, renewed).await?;
            let mut book = self.shared.book();
            for (name, epoch) in &terms {
                if renewed.iter().any(|renewed| **renewed == **name) {
                    book.renewed(name, begun);
                } else {
                    book.lose(name, *epoch);
                }
            }
        }
        self.renewed = begun;
        Ok(())
    }

    async fn release(&mut self) -> Result<(), sqlx::Error> {
        let terms = self.shared.book().to_release();
        if !terms.is_empty() {
            in_time(self.settings.renew, rows::release(self.shared.holder, &terms, &self.pool)).await?;
            let mut book = self.shared.book();
            for (name, epoch) in &terms {
                book.released(name, *epoch);
            }
        }
        Ok(())
    }

    async fn take(&mut self) -> Result<(), sqlx::Error> {
        let names = self.shared.book().wanted();
        if names.is_empty() {
            return Ok(());
        }
        let begun = Instant::now();
        let taken = rows::take(self.shared.holder, &names, self.settings.time, &self.pool);
        for (name, epoch) in in_time(self.settings.renew, taken).await? {
            self.give(&name, epoch, begun);
        }
        Ok(())
    }

    /// Gives a lease that was taken to the first who still waits for it. If nobody does, it is as good as left.
    fn give(&self, name: &Arc<str>, epoch: i64, begun: Instant) {
        let (over, mut waiting) = self.shared.book().taken(name, epoch, begun);
        let mut held = Held { shared: self.shared.clone(), name: name.clone(), epoch, over };
        // The book is not locked here: a lease that is dropped writes into it.
        while let Some(give) = waiting.pop_front() {
            match give.send(held) {
                Ok(()) => return self.shared.book().wait_on(name, waiting),
                Err(refused) => held = refused,
            }
        }
    }
}

/// A database that does not answer is one that is away.
async fn in_time<T>(time: Duration, asked: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    tokio::time::timeout(time, asked).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}
