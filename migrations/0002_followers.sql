-- How far each view has read the log, and what it could not take in. Not the views themselves: each lies
-- in schemas of its own, made from views/<name>.sql (ARCHITECTURE.md, "Rebuild").

-- A generation of a view: one schema, filled from the first event on. Builds of another shape read their own.
CREATE TABLE view_generation (
    view        text        NOT NULL,
    generation  integer     NOT NULL CHECK (generation > 0),
    -- Fingerprint of the view's SQL and of the follower's rules.
    shape       text        NOT NULL,
    schema_name text        NOT NULL UNIQUE,
    state       text        NOT NULL CHECK (state IN ('building', 'live', 'old')),
    made_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (view, generation)
);

-- Readers of one shape read one generation.
CREATE UNIQUE INDEX view_generation_live ON view_generation (view, shape) WHERE state = 'live';

-- Moved in the transaction that writes the view, so that each event takes effect once.
CREATE TABLE follower_checkpoint (
    view        text     NOT NULL,
    generation  integer  NOT NULL,
    part        smallint NOT NULL,
    incarnation bigint   NOT NULL,
    position    bigint   NOT NULL CHECK (position >= 0),
    -- Rises when a parked stream is taken up again and when the generation is replaced. Whoever moves the
    -- checkpoint names the epoch it knows, so that nobody goes on with what was true before.
    epoch       bigint   NOT NULL DEFAULT 0,
    PRIMARY KEY (view, generation, part),
    FOREIGN KEY (view, generation) REFERENCES view_generation ON DELETE CASCADE
) WITH (fillfactor = 10);

-- Events that a view could not take in, and all later ones of their streams.
CREATE TABLE parked_event (
    view         text        NOT NULL,
    generation   integer     NOT NULL,
    part         smallint    NOT NULL,
    organisation bigint      NOT NULL,
    kind         smallint    NOT NULL,
    stream       bigint      NOT NULL,
    position     bigint      NOT NULL,
    reason       text        NOT NULL,
    parked_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (view, generation, organisation, kind, stream, position, part),
    FOREIGN KEY (view, generation) REFERENCES view_generation ON DELETE CASCADE
);
