//! What a field that links to another task brings along: values of that task stand in the fields of the same codes here, where
//! these are empty. Only what the asker was found to see is known of here.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::fields::check_frozen;
use super::{Fact, Filling, Frozen};
use crate::form::subprocess::mapped;
use crate::form::{FieldId, FieldKind, Value};
use crate::id::{PersonId, TaskId};
use crate::task::draft::Draft;
use crate::task::event::Event;

/// A task of a form that the asker sees, as a view showed it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Linked {
    pub task: TaskId,
    pub author: PersonId,
    pub closed: bool,
    pub filling: Filling,
}

impl Draft<'_> {
    /// Copies from the tasks that this request links to, in the order of the fields; what the request itself says stands.
    pub(super) fn copy_linked(&mut self, linked: &[Linked], frozen: Frozen) {
        let Some(working) = self.form.as_ref().filter(|_| !linked.is_empty()) else { return };
        let definition = &working.form.published;
        let mut said: BTreeSet<FieldId> = BTreeSet::new();
        let mut links: Vec<TaskId> = Vec::new();
        for event in &self.events {
            let Event::Form(fact) = event else { continue };
            let Fact::FieldChanged { field, value } = &**fact else { continue };
            said.insert(*field);
            let is_link = definition.find(*field).is_some_and(|placed| matches!(placed.field.kind, FieldKind::FormLink { .. }));
            if let (true, Some(Value::Tasks(tasks))) = (is_link, value) {
                links.extend(tasks);
            }
        }
        let mut facts: Vec<Fact> = Vec::new();
        for linked in links.iter().filter_map(|task| linked.iter().find(|linked| linked.task == *task)) {
            let Some(source) = self.issued.directory.form(linked.filling.form) else { continue };
            let filled = linked.filling.filled(&source.published, linked.author, linked.closed);
            for (field, value) in mapped(None, &filled, definition) {
                let is_empty = !working.filling.values.contains_key(&field) && said.insert(field);
                if is_empty && check_frozen(field, &working.filling, definition, frozen).is_ok() {
                    facts.push(Fact::FieldChanged { field, value: Some(value) });
                }
            }
        }
        self.record(facts);
    }
}
