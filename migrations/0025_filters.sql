-- Ids of saved filters.
CREATE SEQUENCE filter_id AS bigint START 1;

-- Who follows which saved filter, and how much is remembered of what it finds for them. Not a view: that a task came to be found is told
-- once and for all, so that it begins where the log stood when it was installed.
CREATE TABLE followed_filter (
    organisation bigint NOT NULL,
    filter       bigint NOT NULL,
    person       bigint NOT NULL,
    -- All of it; false: nothing, since it finds too much; null: nothing, since they may not ask it just now.
    whole        boolean,
    PRIMARY KEY (organisation, filter, person)
) WITH (fillfactor = 85);

-- What each finds for each, as far as it is remembered.
CREATE TABLE followed_filter_task (
    organisation bigint NOT NULL,
    filter       bigint NOT NULL,
    person       bigint NOT NULL,
    task         bigint NOT NULL,
    PRIMARY KEY (organisation, task, filter, person)
);

CREATE INDEX followed_filter_task_of ON followed_filter_task (organisation, filter, person);

INSERT INTO policy_progress (policy, part, incarnation, position) SELECT 'filters', part, incarnation, position FROM log_head;

-- What is sent may be about an announcement, and then about no task, which is 0.
ALTER TABLE outbox ADD COLUMN announcement bigint;
