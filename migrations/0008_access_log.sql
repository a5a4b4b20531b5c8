-- What leaves no event: who looked at what, who signed in and who tried to, when everybody was last here. Not in the log,
-- which holds what was changed.

-- Who writes rows locks this first, until commit: so the order of ids is the order in which rows can be seen, and nobody who
-- asks for more than n misses one. An id is the position of the log's head, times 2^20, and a number from 1: so that events
-- (their position, times 2^20) and rows stand in one order.
CREATE TABLE access_log_head (
    part smallint PRIMARY KEY,
    last bigint   NOT NULL
) WITH (fillfactor = 10);

INSERT INTO access_log_head (part, last) VALUES (1, 0);

CREATE TABLE access_log (
    id           bigint      NOT NULL,
    -- 0: of none in particular.
    organisation bigint      NOT NULL,
    -- gateway::access_log::Kind
    kind         smallint    NOT NULL,
    -- 0: nobody that is known.
    person       bigint      NOT NULL,
    -- The task that was read; else 0.
    subject      bigint      NOT NULL,
    at           timestamptz NOT NULL,
    -- What was read is noted once a person, thing and hour; this is its beginning.
    hour         timestamptz NOT NULL,
    -- By which name somebody tried to sign in.
    login        text,
    address      text,
    agent        text,
    PRIMARY KEY (id, hour)
) PARTITION BY RANGE (hour);

-- Of reads (kind 1) alone.
CREATE UNIQUE INDEX access_log_once ON access_log (person, subject, organisation, hour) WHERE kind = 1;
CREATE INDEX access_log_page ON access_log (organisation, kind, id);

-- When each person was last here, to the minute, and from where.
CREATE TABLE person_seen (
    person       bigint      PRIMARY KEY,
    organisation bigint      NOT NULL,
    at           timestamptz NOT NULL,
    address      text,
    agent        text
) WITH (fillfactor = 70);

CREATE INDEX person_seen_organisation ON person_seen (organisation);

-- Makes the partition of the month of `p_at`, unless it is there.
CREATE FUNCTION access_log_month(p_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    month timestamp := date_trunc('month', p_at AT TIME ZONE 'UTC');
BEGIN
    -- Two nodes at once would both find it missing.
    PERFORM pg_advisory_xact_lock(hashtext('access_log_month'));
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF access_log FOR VALUES FROM (%L) TO (%L)',
                   'access_log_' || to_char(month, 'YYYY_MM'), month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
END
$$;

-- Drops the partitions of months that ended before `p_before`; tells how many.
CREATE FUNCTION access_log_forget(p_before timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    old record;
    dropped integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('access_log_month'));
    FOR old IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
               WHERE i.inhparent = 'access_log'::regclass
                 AND c.relname < 'access_log_' || to_char(p_before AT TIME ZONE 'UTC', 'YYYY_MM') LOOP
        EXECUTE format('DROP TABLE %I', old.relname);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END
$$;

-- Locks the order of ids until commit, and tells the first free id and how many there are before the log's next position's.
-- VOLATILE: the head is read after the wait for the lock.
CREATE FUNCTION access_log_open(p_part smallint, OUT o_first bigint, OUT o_room bigint) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    head bigint;
BEGIN
    SELECT last + 1 INTO STRICT o_first FROM access_log_head WHERE part = p_part FOR UPDATE;
    SELECT position << 20 INTO STRICT head FROM log_head WHERE part = p_part;
    o_first := greatest(o_first, head + 1);
    o_room := greatest(head + (1 << 20) - o_first, 0);
END
$$;
