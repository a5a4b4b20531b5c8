-- What fires at which moment, and has not fired: what the scheduler works through (projections/src/timers.rs).

-- What the timers of a stream follow from: a row for each that has any, or is closed.
CREATE TABLE timer_stream (
    organisation bigint   NOT NULL,
    kind         smallint NOT NULL,
    stream       bigint   NOT NULL,
    -- The stream's version that was last taken in.
    version      bigint   NOT NULL,
    -- views/timers/rows.rs, `Kept`.
    state        json     NOT NULL,
    PRIMARY KEY (stream, kind, organisation)
) WITH (fillfactor = 85);

CREATE TABLE timer (
    organisation bigint      NOT NULL,
    kind         smallint    NOT NULL,
    stream       bigint      NOT NULL,
    -- Among the timers of the stream: domain/src/task/timer.rs.
    timer        smallint    NOT NULL,
    at           timestamptz NOT NULL,
    -- Where the moment follows from a day in the organisation's zone.
    day          date,
    -- The position of the fact that set it.
    cause        bigint      NOT NULL,
    PRIMARY KEY (stream, kind, timer, organisation)
) WITH (fillfactor = 85);

CREATE INDEX timer_at ON timer (at, stream, timer);
CREATE INDEX timer_day ON timer (organisation, day) WHERE day IS NOT NULL;

-- The zone of each organisation's days.
CREATE TABLE timer_zone (
    organisation bigint NOT NULL PRIMARY KEY,
    zone         text   NOT NULL
);
