-- How far each policy has done what follows from the log. Not a view: what a policy does is done once and for all, so that it
-- begins where the log stood when it was installed, and is never done again from the start.
CREATE TABLE policy_progress (
    policy      text     NOT NULL,
    part        smallint NOT NULL,
    incarnation bigint   NOT NULL,
    -- Everything that follows from events up to here is done.
    position    bigint   NOT NULL,
    -- Of what follows from the next event that leads to something, this much is done: the id of the last task.
    task        bigint   NOT NULL DEFAULT 0,
    PRIMARY KEY (policy, part)
) WITH (fillfactor = 10);

INSERT INTO policy_progress (policy, part, incarnation, position) SELECT 'succession', part, incarnation, position FROM log_head;
