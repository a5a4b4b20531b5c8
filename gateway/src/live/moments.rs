//! What happened to tasks, command by command, as streams tell it: a moment is all that one command did to one task. Its place is
//! that of its last event, so that whoever was told of it was told of all that it did.

use domain::codec::EventSet;
use domain::task::taken::Taken;
use domain::{CommandId, OrganisationId, PersonId, Position, Recorded, TaskId, task};
use jiff::Timestamp;

/// What one command did to one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    pub organisation: OrganisationId,
    pub task: TaskId,
    command: CommandId,
    /// Of its first and its last event.
    pub first: Position,
    pub last: Position,
    pub by: PersonId,
    pub at: Timestamp,
    /// Registered names, in order, each once.
    pub events: Vec<String>,
    /// Persons, roles and lists that may have lost it.
    pub taken_from: Vec<i64>,
    pub taken_out_of: Vec<i64>,
    pub taken_from_all: bool,
}

#[cfg(test)]
impl Moment {
    pub fn sample(organisation: OrganisationId, task: TaskId, by: PersonId, position: Position) -> Self {
        let (command, at) = (CommandId(uuid::Uuid::nil()), Timestamp::UNIX_EPOCH);
        let (first, last, events) = (position, position, vec!["task.commented".to_owned()]);
        let (taken_from, taken_out_of, taken_from_all) = (Vec::new(), Vec::new(), false);
        Self { organisation, task, command, first, last, by, at, events, taken_from, taken_out_of, taken_from_all }
    }
}

/// The moments of a page of the log, in its order. What nobody else is told of is left out of them.
pub fn moments(events: &[Recorded]) -> Vec<Moment> {
    let mut moments: Vec<Moment> = Vec::new();
    for event in events {
        let header = &event.header;
        let task = TaskId(header.stream.id);
        // Of what this build cannot read, it is told that it happened.
        let fact = task::Event::decode(&event.event_type, event.schema, &event.payload).ok();
        if fact.as_ref().is_some_and(task::Event::is_private) {
            continue;
        }
        let going_on = moments.last().is_some_and(|moment| moment.task == task && moment.command == header.command);
        if !going_on {
            moments.push(Moment {
                organisation: header.organisation,
                task,
                command: header.command,
                first: header.position,
                last: header.position,
                by: header.person,
                at: header.at,
                events: Vec::new(),
                taken_from: Vec::new(),
                taken_out_of: Vec::new(),
                taken_from_all: false,
            });
        }
        let Some(moment) = moments.last_mut() else { continue };
        moment.last = header.position;
        if !moment.events.contains(&event.event_type) {
            moment.events.push(event.event_type.clone());
        }
        match fact.as_ref().map_or(Taken::Nothing, task::Event::takes) {
            Taken::Nothing => {}
            Taken::From(persons) => moment.taken_from.extend(persons.iter().map(|person| person.0)),
            Taken::OutOf(lists) => moment.taken_out_of.extend(lists.iter().map(|list| list.0)),
            Taken::FromAll => moment.taken_from_all = true,
        }
    }
    moments
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::task::Event;
    use domain::{Header, Kind, StreamId};

    fn recorded(position: i64, task: i64, command: u128, event: &Event) -> Recorded {
        let encoded = event.encode();
        Recorded {
            header: Header {
                organisation: OrganisationId(1),
                stream: StreamId::new(Kind::Task, task),
                version: position,
                position,
                at: Timestamp::UNIX_EPOCH,
                person: PersonId(7),
                command: CommandId(uuid::Uuid::from_u128(command)),
                index: 0,
            },
            event_type: encoded.event_type.to_owned(),
            schema: encoded.schema,
            meta: String::new(),
            payload: encoded.payload,
            hash: [0; 32],
        }
    }

    #[test]
    fn a_moment_is_what_one_command_did_to_one_task() {
        let removed = Event::ParticipantsRemoved { persons: vec![PersonId(9)] };
        let events = [
            recorded(1, 5, 1, &Event::Closed),
            recorded(2, 5, 1, &removed),
            recorded(3, 6, 1, &Event::Closed),
            recorded(4, 6, 2, &Event::PutAway),
            recorded(5, 6, 3, &Event::Deleted),
        ];
        let told = moments(&events);
        let places: Vec<_> = told.iter().map(|moment| (moment.task.0, moment.first, moment.last)).collect();
        assert_eq!(places, [(5, 1, 2), (6, 3, 3), (6, 5, 5)], "what is somebody's own matter is not told");
        assert_eq!(told[0].events, ["task.closed", "task.participants_removed"]);
        assert_eq!((&told[0].taken_from[..], told[0].taken_from_all), (&[9][..], false));
        assert!(told[2].taken_from_all);
    }
}
