//! Histories that nobody thought of, and what stands after an erasure: all that decisions rest on. What a single substitute looks
//! like is tested beside it.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::history::{Run, agrees, asker, comment, create, document, person_command, profile, task_command};
use crate::aggregate::Aggregate;
use crate::erasure::{ERASED, Erasable};
use crate::id::PersonId;
use crate::issued::Issued;
use crate::person::{self, Added, Change, Person, PersonKind};
use crate::recorded::Header;
use crate::task::command::Comment;
use crate::task::{Command, Task};
use crate::testing::{HOME, now};

/// The history with substitutes where `erased` says so, as the log gives them back.
fn with_substitutes<E: Erasable>(log: &[(Header, E)], erased: &[bool]) -> Result<Vec<(Header, E)>, TestCaseError> {
    let mut substituted = Vec::with_capacity(log.len());
    for (index, (header, event)) in log.iter().enumerate() {
        let substitute = event.substitute();
        prop_assert_eq!(&substitute.substitute(), &substitute, "twice is once");
        let (before, after) = (event.encode(), substitute.encode());
        prop_assert_eq!((before.event_type, before.schema), (after.event_type, after.schema));
        let read = E::decode(after.event_type, after.schema, &after.payload);
        prop_assert_eq!(read.as_ref(), Ok(&substitute));
        let is_erased = erased.get(index).copied().unwrap_or(true);
        substituted.push((*header, if is_erased { substitute } else { event.clone() }));
    }
    Ok(substituted)
}

fn replayed<A: Aggregate>(log: &[(Header, A::Event)]) -> A {
    let mut state = A::default();
    for (header, event) in log {
        state.evolve(event, header);
    }
    state
}

/// Both states answer alike.
fn decide_alike<A: Aggregate>(run: &Run<A>, substituted: &A, who: PersonId, command: &A::Command) -> Result<(), TestCaseError> {
    let issued = Issued { organisation: HOME, who, at: now(), directory: &run.directory };
    let told = |state: &A| state.decide(command, &issued).map_err(|rejection| rejection.to_string());
    prop_assert_eq!(told(substituted), told(&run.committed));
    Ok(())
}

/// What a task shows as somebody's words.
fn words(shown: &serde_json::Value) -> BTreeSet<&str> {
    let task = &shown["task"];
    let comments = task["comments"].as_array().into_iter().flatten();
    let parts = [task].into_iter().chain(comments);
    parts.flat_map(|part| ["text", "formatted_text", "subject"].map(|field| part[field].as_str())).flatten().collect()
}

prop_compose! {
    /// A comment whose subject is no task's: what was erased cannot be compared with any more.
    fn later()(mut comment in comment()) -> Comment {
        if let Some(subject) = &mut comment.subject {
            subject.push_str(" and more");
        }
        comment
    }
}

fn later_command() -> impl Strategy<Value = Command> {
    let commented = later().prop_map(|comment| Command::Comment(Box::new(comment)));
    let others = task_command().prop_filter("its subject is another", |command| match command {
        Command::Comment(comment) => comment.subject.is_none(),
        Command::Create(_)
        | Command::Delete
        | Command::PutAway
        | Command::Succeed { .. }
        | Command::Open(_)
        | Command::Told(_)
        | Command::Fire(_) => true,
    });
    prop_oneof![1 => commented, 1 => others]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_task_decides_after_an_erasure_as_before_it(
        created in create(),
        commands in proptest::collection::vec((asker(), task_command()), 0..40),
        erased in proptest::collection::vec(any::<bool>(), 0..100),
        next in proptest::collection::vec((asker(), later_command()), 1..10),
    ) {
        let mut run = Run::<Task>::new();
        run.ask(crate::testing::ANNA, &Command::Create(Box::new(created)));
        for (who, command) in &commands {
            run.ask(*who, command);
        }
        let log = with_substitutes(&run.log, &erased)?;
        let substituted = replayed::<Task>(&log);
        let structure = |task: &Task| {
            let mut task = task.clone();
            task.subject = task.subject.map(|_| String::new());
            task
        };
        prop_assert_eq!(structure(&substituted), structure(&run.committed));
        for (who, command) in &next {
            decide_alike(&run, &substituted, *who, command)?;
        }
        if substituted.exists {
            let shown = |log: &[_]| {
                serde_json::from_slice::<serde_json::Value>(&document(log, &run.directory, &[]).answer().to_vec()).expect("JSON")
            };
            agrees(&shown(&log), &substituted)?;
            let all = shown(&with_substitutes(&run.log, &[])?);
            prop_assert!(words(&all).is_subset(&BTreeSet::from(["", ERASED])), "{}", all);
        }
    }

    #[test]
    fn a_person_decides_after_an_erasure_as_before_it(
        commands in proptest::collection::vec((asker(), person_command()), 0..25),
        next in proptest::collection::vec((asker(), person_command()), 1..10),
    ) {
        let mut run = Run::<Person>::new();
        let added = Added { kind: PersonKind::User, rights: 0x20, profile: profile("Boris", "boris@example.com") };
        run.ask(PersonId::SYSTEM, &person::Command::Add(Box::new(added)));
        for (who, command) in &commands {
            run.ask(*who, command);
        }
        let substituted = replayed::<Person>(&with_substitutes(&run.log, &[])?);
        // When somebody was last shown otherwise is content too: whoever takes an erasure in counts it as such a change.
        let structure = |person: &Person| Person {
            profile: person::Profile::default(), avatar: person::Avatar::default(), shown_changed: 0, shown_version: 0, ..person.clone()
        };
        prop_assert_eq!(structure(&substituted), structure(&run.committed));
        prop_assert_eq!(&substituted.profile, &profile(ERASED, ""));
        for (who, command) in next {
            let command = match command {
                // The rest of it compares words.
                person::Command::Change(change) => {
                    let Change { rights, banned, .. } = *change;
                    person::Command::Change(Box::new(Change { rights, banned, ..Change::default() }))
                }
                // Taking up a picture that was erased is a change again.
                person::Command::SetAvatar(_) => person::Command::ClearAbsence,
                other => other,
            };
            decide_alike(&run, &substituted, who, &command)?;
        }
    }
}
