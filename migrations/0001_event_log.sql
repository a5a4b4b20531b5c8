-- The log (ARCHITECTURE.md, "The log"): one append-only table, one way in. Not the views made from it.
--
-- `part` is in every key from the first day, so that parts can move to other databases. Until then there is
-- one part, so no index begins with it: on a table without statistics a column that is the same in every row
-- makes all indexes look alike to the planner.

-- The end of the log. Its row is locked for the whole of every append, so commit order is position order.
-- The free space keeps its updates within the page (HOT).
CREATE TABLE log_head (
    part        smallint    PRIMARY KEY,
    -- New after a restore, or after a failover that lost data: positions of two incarnations do not compare.
    incarnation bigint      NOT NULL,
    position    bigint      NOT NULL CHECK (position >= 0),
    -- The time of the last event.
    at          timestamptz NOT NULL,
    -- Rolling: SHA-256(previous, hash of the event), from 32 zero bytes.
    hash        bytea       NOT NULL CHECK (length(hash) = 32),
    -- Clients of the API keep a task's id in 32 bits.
    next_task   bigint      NOT NULL CHECK (next_task BETWEEN 1 AND 2147483648),
    -- Who moved the head last: a writer whose id stands here, at the position it left, knows all versions.
    writer      uuid        NOT NULL
) WITH (fillfactor = 10);

CREATE TABLE event (
    part         smallint    NOT NULL,
    position     bigint      NOT NULL,
    organisation bigint      NOT NULL,
    -- The stream: its kind (domain::Kind) and its id.
    kind         smallint    NOT NULL,
    stream       bigint      NOT NULL,
    version      bigint      NOT NULL CHECK (version > 0),
    -- The registered name, and the version of the payload's shape.
    type         text        NOT NULL,
    schema       smallint    NOT NULL,
    at           timestamptz NOT NULL,
    person       bigint      NOT NULL,
    -- The command, and the event's place in it from 0.
    command      uuid        NOT NULL,
    index        smallint    NOT NULL,
    -- `json` keeps the exact bytes, which the digest covers; `jsonb` would not.
    meta         json        NOT NULL,
    payload      json        NOT NULL,
    -- NULL once the event is erased.
    salt         bytea,
    -- What they cover, byte by byte: actors/src/journal/chain.rs.
    digest       bytea       NOT NULL CHECK (length(digest) = 32),
    hash         bytea       NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (position, part)
) PARTITION BY LIST (part);

CREATE UNIQUE INDEX event_stream ON event (stream, kind, part, version);
CREATE UNIQUE INDEX event_command ON event (command, part, index);
CREATE INDEX event_organisation ON event (organisation, part, position);

CREATE TABLE event_1 PARTITION OF event FOR VALUES IN (1);

INSERT INTO log_head (part, incarnation, position, at, hash, next_task, writer)
VALUES (1, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint, 0, clock_timestamp(),
        decode(repeat('00', 32), 'hex'), 1, '00000000-0000-0000-0000-000000000000');

-- What must be unique across the streams of an organisation. Follows from the events.
CREATE TABLE claim (
    part         smallint NOT NULL,
    organisation bigint   NOT NULL,
    -- domain::ClaimKind
    kind         smallint NOT NULL,
    key          text     NOT NULL,
    holder_kind  smallint NOT NULL,
    holder       bigint   NOT NULL,
    PRIMARY KEY (key, kind, organisation, part)
);

-- Kept beside the log so that opening an actor need not read all of its history. May be thrown away.
CREATE TABLE snapshot (
    part        smallint NOT NULL,
    kind        smallint NOT NULL,
    stream      bigint   NOT NULL,
    version     bigint   NOT NULL,
    -- The chain's hash at `version`: where the log's differs, the snapshot is not of this log.
    hash        bytea    NOT NULL,
    fingerprint bigint   NOT NULL,
    body        bytea    NOT NULL,
    PRIMARY KEY (stream, kind, part)
);

-- Ids of the kinds that the head does not number. Small person ids stay free for the system's own.
CREATE SEQUENCE organisation_id AS bigint START 1;
CREATE SEQUENCE person_id AS bigint START 1001;

-- ---------------------------------------------------------------------------------------------------------
-- Append-only: every UPDATE, DELETE and TRUNCATE is refused, but for the erasure below.

CREATE FUNCTION log_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF current_setting('nashi.erasing', true) = 'on' THEN
            IF NEW.salt IS NULL
                AND (NEW.part, NEW.position, NEW.organisation, NEW.kind, NEW.stream, NEW.version, NEW.type, NEW.schema,
                     NEW.at, NEW.person, NEW.command, NEW.index, NEW.digest, NEW.hash)
                  = (OLD.part, OLD.position, OLD.organisation, OLD.kind, OLD.stream, OLD.version, OLD.type, OLD.schema,
                     OLD.at, OLD.person, OLD.command, OLD.index, OLD.digest, OLD.hash)
            THEN
                RETURN NEW;
            END IF;
        END IF;
    END IF;
    RAISE EXCEPTION 'the log is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION log_refuse_change();
-- A trigger for statements is not handed down to partitions.
CREATE TRIGGER event_is_not_truncated BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change();
CREATE TRIGGER event_is_not_truncated BEFORE TRUNCATE ON event_1
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change();

-- Replaces the content of events by substitutes and destroys their salts. Returns how many were replaced.
-- Called with the head locked, in the transaction that appends `erasure.performed`.
CREATE FUNCTION log_erase(p_part smallint, p_positions bigint[], p_metas text[], p_payloads text[])
    RETURNS bigint LANGUAGE plpgsql VOLATILE SET nashi.erasing = 'on' AS $$
DECLARE
    replaced bigint;
BEGIN
    UPDATE event e SET meta = s.meta::json, payload = s.payload::json, salt = NULL
    FROM unnest(p_positions, p_metas, p_payloads) AS s (position, meta, payload)
    WHERE e.part = p_part AND e.position = s.position;
    GET DIAGNOSTICS replaced = ROW_COUNT;
    RETURN replaced;
END
$$;

-- ---------------------------------------------------------------------------------------------------------
-- The way in. All functions are VOLATILE: each statement in them sees what was committed before it began.
-- Marked STABLE, or folded into one statement with the lock, the reads after the lock would still see
-- the state from before the wait for it, and return a stale version.

-- Locks the head until the transaction ends, and tells it and the time.
CREATE FUNCTION log_lock(
    p_part smallint,
    OUT o_incarnation bigint, OUT o_position bigint, OUT o_at timestamptz, OUT o_hash bytea,
    OUT o_next_task bigint, OUT o_writer uuid, OUT o_clock timestamptz
) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    SELECT h.incarnation, h.position, h.at, h.hash, h.next_task, h.writer
    INTO STRICT o_incarnation, o_position, o_at, o_hash, o_next_task, o_writer
    FROM log_head h WHERE h.part = p_part FOR UPDATE;
    o_clock := clock_timestamp();
END
$$;

-- Writes events after position `p_after` and moves the head. The head must be locked.
CREATE FUNCTION log_write(
    p_part smallint, p_after bigint, p_writer uuid, p_at timestamptz, p_next_task bigint, p_head_hash bytea,
    p_organisations bigint[], p_kinds smallint[], p_streams bigint[], p_versions bigint[],
    p_types text[], p_schemas smallint[], p_persons bigint[], p_commands uuid[], p_indexes smallint[],
    p_metas text[], p_payloads text[], p_salts bytea[], p_digests bytea[], p_hashes bytea[]
) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO event (part, position, organisation, kind, stream, version, type, schema, at, person, command, index,
                       meta, payload, salt, digest, hash)
    SELECT p_part, p_after + e.n, e.organisation, e.kind, e.stream, e.version, e.type, e.schema, p_at, e.person, e.command,
           e.index, e.meta::json, e.payload::json, e.salt, e.digest, e.hash
    FROM unnest(p_organisations, p_kinds, p_streams, p_versions, p_types, p_schemas, p_persons, p_commands, p_indexes,
                p_metas, p_payloads, p_salts, p_digests, p_hashes)
         WITH ORDINALITY AS e (organisation, kind, stream, version, type, schema, person, command, index,
                               meta, payload, salt, digest, hash, n);
    UPDATE log_head SET position = p_after + cardinality(p_streams), at = p_at, hash = p_head_hash,
                        next_task = p_next_task, writer = p_writer
    WHERE part = p_part;
END
$$;

-- The whole append in one round trip, for a writer that knows the head and all versions it builds on.
-- `o_outcome` is -1 when the events are written. Otherwise nothing is: it is the head's position when the head is
-- not where and as this writer left it, and -2 when `p_at` is over a second away from the clock or
-- a seed (a version and hash that the caller brought along) is not in the log.
-- That a version or a command id is new is left to the unique indexes.
CREATE FUNCTION log_append(
    p_part smallint, p_incarnation bigint, p_after bigint, p_writer uuid, p_at timestamptz, p_next_task bigint, p_head_hash bytea,
    p_seed_kinds smallint[], p_seed_streams bigint[], p_seed_versions bigint[], p_seed_hashes bytea[],
    p_organisations bigint[], p_kinds smallint[], p_streams bigint[], p_versions bigint[],
    p_types text[], p_schemas smallint[], p_persons bigint[], p_commands uuid[], p_indexes smallint[],
    p_metas text[], p_payloads text[], p_salts bytea[], p_digests bytea[], p_hashes bytea[],
    OUT o_outcome bigint, OUT o_clock timestamptz
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    head log_head;
    seed record;
BEGIN
    SELECT * INTO STRICT head FROM log_head WHERE part = p_part FOR UPDATE;
    o_clock := clock_timestamp();
    IF head.position <> p_after OR head.writer <> p_writer OR head.incarnation <> p_incarnation THEN
        o_outcome := head.position;
        RETURN;
    END IF;
    o_outcome := -2;
    IF p_at < head.at OR p_at NOT BETWEEN o_clock - interval '1 s' AND greatest(o_clock + interval '1 s', head.at) THEN
        RETURN;
    END IF;
    FOR seed IN SELECT * FROM unnest(p_seed_kinds, p_seed_streams, p_seed_versions, p_seed_hashes)
                              AS s (kind, stream, version, hash) LOOP
        PERFORM FROM event e
        WHERE e.part = p_part AND e.kind = seed.kind AND e.stream = seed.stream AND e.version = seed.version AND e.hash = seed.hash;
        IF NOT FOUND THEN
            RETURN;
        END IF;
    END LOOP;
    PERFORM log_write(p_part, p_after, p_writer, p_at, p_next_task, p_head_hash, p_organisations, p_kinds, p_streams,
                      p_versions, p_types, p_schemas, p_persons, p_commands, p_indexes, p_metas, p_payloads, p_salts,
                      p_digests, p_hashes);
    o_outcome := -1;
END
$$;

-- Statistics for the partition of a part. Without them the planner reads the log by whatever index.
CREATE FUNCTION log_analyze(p_part smallint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ANALYZE %I', 'event_' || p_part);
END
$$;
