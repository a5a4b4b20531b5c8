//! Persons whose facts were replaced by an erasure: every state that is stored of them, made again. Not how states are made
//! in the first place (see [`super::follower`]).

use std::collections::HashMap;

use domain::codec::EventSet;
use domain::person::{Event, Person};
use domain::{Aggregate, Kind, Position, Recorded, StreamId, Version};
use futures_util::TryStreamExt;
use sqlx::PgConnection;

use super::follower::load;
use crate::erased;
use crate::failure::{Reason, Refused};

/// Makes the states of the persons who hold the events at `positions` again, from what the log holds of them now. It says so
/// `at` the record of the erasure: the state of then is shown otherwise from there on, and so are those that follow from it.
pub(super) async fn make(at: Position, positions: &[Position], tx: &mut PgConnection) -> Result<(), Refused> {
    let today = load(erased::streams(positions, &[Kind::Person], &mut *tx).await?, tx).await?;
    let upto: Vec<(StreamId, Version)> = today.into_iter().map(|(stream, (version, _))| (stream, version)).collect();
    let mut states = States {
        at,
        persons: HashMap::with_capacity(upto.len()),
        organisations: Vec::new(),
        ids: Vec::new(),
        versions: Vec::new(),
        bodies: Vec::new(),
    };
    let mut events = erased::histories(&upto, &mut *tx);
    while let Some(event) = events.try_next().await? {
        states.take(&event).map_err(|reason| Refused::Park { position: at, reason })?;
    }
    drop(events);
    states.store(tx).await
}

/// States in the making, one for each event.
struct States {
    at: Position,
    /// Each person's state, its place below, and whether it is known to be shown otherwise.
    persons: HashMap<StreamId, (Person, usize, bool)>,
    organisations: Vec<i64>,
    ids: Vec<i64>,
    versions: Vec<i64>,
    bodies: Vec<String>,
}

impl States {
    fn take(&mut self, event: &Recorded) -> Result<(), Reason> {
        let header = &event.header;
        let fact = Event::decode(&event.event_type, event.schema, &event.payload)?;
        let (person, place, anew) = self.persons.entry(header.stream).or_default();
        if header.position > self.at && !*anew {
            person.shown_anew(self.at);
            self.bodies[*place] = body(person)?;
            *anew = true;
        }
        person.evolve(&fact, header);
        *place = self.bodies.len();
        self.organisations.push(header.organisation.0);
        self.ids.push(header.stream.id);
        self.versions.push(header.version);
        self.bodies.push(body(person)?);
        Ok(())
    }

    async fn store(mut self, tx: &mut PgConnection) -> Result<(), Refused> {
        for (person, place, anew) in self.persons.values_mut() {
            if !*anew {
                person.shown_anew(self.at);
                self.bodies[*place] = body(person).map_err(|reason| Refused::Park { position: self.at, reason })?;
            }
        }
        sqlx::query(
            "UPDATE directory_entry e SET body = s.body::json
             FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) AS s (organisation, id, version, body)
             WHERE e.organisation = s.organisation AND e.kind = $1 AND e.id = s.id AND e.version = s.version",
        )
        .bind(Kind::Person.number())
        .bind(&self.organisations)
        .bind(&self.ids)
        .bind(&self.versions)
        .bind(&self.bodies)
        .execute(tx)
        .await?;
        Ok(())
    }
}

fn body(person: &Person) -> Result<String, Reason> {
    serde_json::to_string(person).map_err(Reason::Row)
}
