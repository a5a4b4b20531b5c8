//! Old shapes of events, brought to today's, one step a schema version. Not how an event is read
//! ([`crate::codec`]). Empty while every event is at its first schema version.
//!
//! To change the shape of an event: change its struct, and add an [`Upcast`] to [`UPCASTS`] that
//! makes the new shape from the one before. What is in the log stays as it is.

use serde_json::Value;

/// Makes the content of `event_type` at schema `from` into that of schema `from + 1`.
pub struct Upcast {
    pub event_type: &'static str,
    pub from: i16,
    pub step: fn(Value) -> Value,
}

/// Every change of shape since the first release, in any order.
pub const UPCASTS: &[Upcast] = &[];

/// The schema version that this build writes.
pub fn schema(event_type: &str) -> i16 {
    schema_in(UPCASTS, event_type)
}

/// Content recorded under `schema`, in today's shape.
pub fn upcast(event_type: &str, schema: i16, content: Value) -> Value {
    upcast_in(UPCASTS, event_type, schema, content)
}

fn schema_in(upcasts: &[Upcast], event_type: &str) -> i16 {
    upcasts.iter().filter(|upcast| upcast.event_type == event_type).fold(1, |newest, upcast| newest.max(upcast.from + 1))
}

fn upcast_in(upcasts: &[Upcast], event_type: &str, mut schema: i16, mut content: Value) -> Value {
    while let Some(upcast) = upcasts.iter().find(|upcast| upcast.event_type == event_type && upcast.from == schema) {
        content = (upcast.step)(content);
        schema += 1;
    }
    content
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn minutes_from_hours(mut content: Value) -> Value {
        content["minutes"] = json!(content["hours"].as_i64().unwrap_or_default() * 60);
        content
    }

    fn named(content: Value) -> Value {
        json!({ "spent": content["minutes"] })
    }

    /// A history as it may look one day: two changes of one event.
    const CHANGES: &[Upcast] = &[
        Upcast { event_type: "task.time_spent", from: 2, step: named },
        Upcast { event_type: "task.time_spent", from: 1, step: minutes_from_hours },
    ];

    #[test]
    fn the_oldest_shape_goes_through_every_step() {
        assert_eq!(schema_in(CHANGES, "task.time_spent"), 3);
        assert_eq!(upcast_in(CHANGES, "task.time_spent", 1, json!({ "hours": 2 })), json!({ "spent": 120 }));
    }

    #[test]
    fn a_later_shape_skips_the_steps_before_it() {
        assert_eq!(upcast_in(CHANGES, "task.time_spent", 2, json!({ "minutes": 5 })), json!({ "spent": 5 }));
        assert_eq!(upcast_in(CHANGES, "task.time_spent", 3, json!({ "spent": 5 })), json!({ "spent": 5 }));
    }

    #[test]
    fn an_event_that_never_changed_is_at_schema_1() {
        assert_eq!(schema_in(CHANGES, "task.closed"), 1);
        assert_eq!(upcast_in(CHANGES, "task.closed", 1, json!({})), json!({}));
    }
}
