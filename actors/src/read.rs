//! A read: from what an actor has published where that is enough, without a hop; else through the actor.
//! What is not committed is never shown. Not views (those are the projections').

use std::sync::Arc;
use std::time::Instant;

use domain::{Issued, Position, Rejection, StreamId, Version};
use tokio::time::timeout_at;

use crate::ask::{Reading, Reason, Refused, Seen};
use crate::caught::{Panicked, caught};
use crate::cluster::remote;
use crate::entity::NotSent;
use crate::execute::wrong_kind;
use crate::fold::Fold;
use crate::hosted::Hosted;
use crate::metrics;
use crate::router::Router;

impl Router {
    /// Reads a stream, wherever its actor lives.
    pub async fn read<A: Hosted>(self: &Arc<Self>, stream: StreamId, reading: Reading, query: A::Query) -> Result<Seen<A::View>, Refused> {
        match self.cluster() {
            Some(cluster) => remote::read::<A>(self, cluster, stream, reading, query).await,
            None => self.read_here::<A>(stream, reading, query).await,
        }
    }

    /// Reads a stream by an actor of this node.
    pub async fn read_here<A: Hosted>(
        self: &Arc<Self>,
        stream: StreamId,
        reading: Reading,
        query: A::Query,
    ) -> Result<Seen<A::View>, Refused> {
        let deadline = tokio::time::Instant::from_std(reading.deadline);
        let (mut today, mut need) = (false, None);
        if let (Some(at_least), Some(_)) = (reading.at_least, self.cluster()) {
            // Who may read was perhaps decided elsewhere a moment ago.
            self.surroundings.caught_up(at_least).await.map_err(|stale| Refused::Unavailable(stale.to_string().into()))?;
        }
        for _ in 0..self.settings.attempts_max {
            let Some(entry) = self.entry::<A>(stream) else { return Err(wrong_kind(stream)) };
            entry.touch(self.uptime(Instant::now()));
            if let Some(at_least) = reading.at_least
                && entry.published().as_ref().is_none_or(|published| published.position < at_least)
            {
                self.wait_for(at_least, deadline).await?;
            }
            // All that was known of when the read came, and no more: a busy stream must not keep its readers waiting.
            let need = *need.get_or_insert_with(|| entry.heard_version());
            if let Some(seen) = self.published::<A>(&entry, need, &reading, &query, today)? {
                return Ok(seen);
            }
            match entry.look(need) {
                Ok(done) => match timeout_at(deadline, done).await {
                    // Names that are not known today either must not keep a reader waiting.
                    Ok(Ok(())) => today = true,
                    Ok(Err(_)) => {
                        if let Some(refused) = entry.closed() {
                            return Err(refused);
                        }
                    }
                    Err(_) => return Err(Refused::Unavailable("the stream could not be read in time".into())),
                },
                Err(NotSent::Full) => {
                    metrics::actor_busy("mailbox");
                    return Err(Refused::Busy("mailbox".into()));
                }
                Err(NotSent::Closed(_)) => {
                    self.registry.remove(&entry);
                    if let Some(refused) = entry.closed() {
                        return Err(refused);
                    }
                }
            }
        }
        Err(Refused::Busy("the actor".into()))
    }

    /// The answer from what is published, if that shows the version `need`, under today's
    /// names; `today` when the actor has just seen to them.
    fn published<A: Hosted>(
        &self,
        entry: &crate::entity::Entry<A>,
        need: Version,
        reading: &Reading,
        query: &A::Query,
        today: bool,
    ) -> Result<Option<Seen<A::View>>, Refused> {
        let published = entry.published();
        let Some(published) = published.as_ref().filter(|published| !entry.is_behind(published.version, need)) else { return Ok(None) };
        let (directory, _) = self.directory(reading.organisation)?;
        let issued = Issued { organisation: reading.organisation, who: reading.who, at: self.journal.now(), directory: &directory };
        if published.organisation != Some(reading.organisation) {
            // For another organisation the stream does not exist.
            let nothing = Fold::<A>::default().publish(&directory).map_err(|Panicked| Refused::Bug)?;
            return show::<A>(&nothing, query, &issued, 0).map(|view| Some(Seen { version: 0, position: 0, view }));
        }
        if !today && !A::fresh(&published.value, &directory) {
            return Ok(None);
        }
        let view = show::<A>(&published.value, query, &issued, published.position)?;
        Ok(Some(Seen { version: published.version, position: published.position, view }))
    }
}

fn show<A: Hosted>(published: &A::Published, query: &A::Query, issued: &Issued<'_>, position: Position) -> Result<A::View, Refused> {
    match caught(|| A::show(published, query, issued)) {
        Ok(Ok(view)) => Ok(view),
        Ok(Err(rejection)) => Err(Refused::Rejected { code: rejection.code(), reason: Reason::of(&rejection), position }),
        Err(Panicked) => Err(Refused::Bug),
    }
}
