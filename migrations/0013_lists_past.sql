-- Which tasks were ever put into a list, for looking back at lists: the facts themselves, of which there are few.
CREATE INDEX event_added_to_lists ON event (organisation, part, position) WHERE type = 'task.added_to_lists';
