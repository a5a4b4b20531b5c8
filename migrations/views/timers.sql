-- What fires at which moment, and has not fired: what the scheduler works through (projections/src/timers.rs).

-- What the timers of a task follow from: a row for each that has any, or is closed.
CREATE TABLE timer_task (
    organisation bigint NOT NULL,
    task         bigint NOT NULL,
    -- The stream's version that was last taken in.
    version      bigint NOT NULL,
    -- views/timers/tasks.rs, `State`.
    state        json   NOT NULL,
    PRIMARY KEY (task, organisation)
) WITH (fillfactor = 85);

CREATE TABLE timer (
    organisation bigint      NOT NULL,
    -- Whose it is alone, such as a reminder; 0 where it is the task's own.
    person       bigint      NOT NULL,
    task         bigint      NOT NULL,
    -- Which of them: views/timers/mod.rs, `What`.
    timer        smallint    NOT NULL,
    at           timestamptz NOT NULL,
    -- Where the moment follows from a day in the organisation's zone.
    day          date,
    -- The position of the fact that set it.
    cause        bigint      NOT NULL,
    PRIMARY KEY (task, person, timer, organisation)
) WITH (fillfactor = 85);

CREATE INDEX timer_at ON timer (at, task, timer, person);
CREATE INDEX timer_day ON timer (organisation, day) WHERE day IS NOT NULL;

-- The zone of each organisation's days.
CREATE TABLE timer_zone (
    organisation bigint NOT NULL PRIMARY KEY,
    zone         text   NOT NULL
);
