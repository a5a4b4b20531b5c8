//! Rows of tasks that have a third key (a person, a list): which of them differ after a batch, in columns for one query each. Also
//! texts, which are written only where they changed. Not what rows say: that is each view's rule.

use std::collections::BTreeMap;

use domain::{OrganisationId, TaskId};
use sqlx::PgConnection;

use super::inbox::rule::NewText;
use crate::failure::{Reason, Refused};

/// Task, organisation, and whatever the row is about besides.
type Key = (i64, i64, i64);

/// What there are rows of and should be none any more, and what should be and differs.
pub(super) struct Differing<V> {
    gone: Vec<Key>,
    set: Vec<(Key, V)>,
}

impl<V: PartialEq> Differing<V> {
    pub(super) fn new() -> Self {
        Self { gone: Vec::new(), set: Vec::new() }
    }

    /// Of one task: the rows that there were, and those that there should be; `number` is a key's place in the table.
    pub(super) fn of<K: Copy + Ord>(
        &mut self,
        (task, organisation): (TaskId, OrganisationId),
        before: &BTreeMap<K, V>,
        after: BTreeMap<K, V>,
        number: impl Fn(K) -> i64,
    ) {
        let key = |key: K| (task.0, organisation.0, number(key));
        self.gone.extend(before.keys().filter(|gone| !after.contains_key(gone)).map(|gone| key(*gone)));
        let differs = after.into_iter().filter(|(row, value)| before.get(row) != Some(value));
        self.set.extend(differs.map(|(row, value)| (key(row), value)));
    }

    /// Takes out what is gone, by a statement whose first three parameters are the columns of the keys.
    pub(super) async fn delete(&self, statement: &'static str, tx: &mut PgConnection) -> Result<(), Refused> {
        if self.gone.is_empty() {
            return Ok(());
        }
        let column = |part: fn(&Key) -> i64| self.gone.iter().map(part).collect::<Vec<_>>();
        let statement = sqlx::query(statement).bind(column(|key| key.0)).bind(column(|key| key.1)).bind(column(|key| key.2));
        statement.execute(tx).await?;
        Ok(())
    }

    pub(super) fn nothing_set(&self) -> bool {
        self.set.is_empty()
    }

    /// The columns of the keys of what is set.
    pub(super) fn keys(&self) -> [Vec<i64>; 3] {
        let column = |part: fn(&Key) -> i64| self.set.iter().map(|(key, _)| part(key)).collect();
        [column(|key| key.0), column(|key| key.1), column(|key| key.2)]
    }

    /// A column of the values of what is set.
    pub(super) fn column<C>(&self, value: impl Fn(&V) -> C) -> Vec<C> {
        self.set.iter().map(|(_, row)| value(row)).collect()
    }
}

/// Writes the texts that changed, of tasks that have a row already, by a statement with the columns task, organisation, text and
/// formatted text: a long text is not written again with every fact.
pub(super) async fn store_texts<'a>(
    statement: &'static str,
    tasks: impl Iterator<Item = (TaskId, OrganisationId, &'a NewText)>,
    tx: &mut PgConnection,
) -> Result<(), Refused> {
    let (mut ids, mut organisations, mut texts, mut formatted) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (id, organisation, text) in tasks {
        if let NewText::Is { text, formatted_text } = text {
            ids.push(id.0);
            organisations.push(organisation.0);
            texts.push(text.as_str());
            formatted.push(formatted_text.as_deref());
        }
    }
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query(statement).bind(&ids).bind(&organisations).bind(&texts).bind(&formatted).execute(tx).await?;
    Ok(())
}

/// A value as the JSON that a row keeps.
pub(super) fn json(value: &impl serde::Serialize) -> Result<String, Refused> {
    serde_json::to_string(value).map_err(|error| Refused::Unclear(Reason::Row(error)))
}
