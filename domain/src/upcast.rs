//! Old shapes of events, brought to today's. Empty while every event is at its first schema version.
