-- For a writer that others have overtaken (ARCHITECTURE.md, "The log"): the lock tells it what they wrote since, so that
-- what it remembers is what the log says. Not the judgement of a batch, which is the writer's.

-- Locks the head until the transaction ends, and tells it, the time, and what was written after position `p_after`: the
-- streams in the order of their events, each with its version and hash there. The lists are NULL where what the caller
-- remembers is of another incarnation, of a log that went back, or of more than `p_max` events ago.
-- Meant for the simple protocol: times are microseconds since 1970, and the hashes, 32 bytes each, are one string.
CREATE FUNCTION log_lock_since(
    p_part smallint, p_incarnation bigint, p_after bigint, p_max bigint,
    OUT o_incarnation bigint, OUT o_position bigint, OUT o_at bigint, OUT o_hash bytea,
    OUT o_next_task bigint, OUT o_writer uuid, OUT o_clock bigint,
    OUT o_kinds smallint[], OUT o_streams bigint[], OUT o_versions bigint[], OUT o_hashes bytea
) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    -- A statement of its own: the one below sees what was committed while this one waited.
    SELECT h.incarnation, h.position, extract(epoch FROM h.at) * 1000000, h.hash, h.next_task, h.writer
    INTO STRICT o_incarnation, o_position, o_at, o_hash, o_next_task, o_writer
    FROM log_head h WHERE h.part = p_part FOR UPDATE;
    o_clock := extract(epoch FROM clock_timestamp()) * 1000000;
    IF o_incarnation <> p_incarnation OR o_position - p_after NOT BETWEEN 0 AND p_max THEN
        RETURN;
    END IF;
    SELECT coalesce(array_agg(e.kind), '{}'), coalesce(array_agg(e.stream), '{}'), coalesce(array_agg(e.version), '{}'),
           coalesce(string_agg(e.hash, ''), '')
    INTO o_kinds, o_streams, o_versions, o_hashes
    FROM (SELECT kind, stream, version, hash FROM event
          WHERE part = p_part AND position > p_after ORDER BY position LIMIT p_max) e;
END
$$;

-- As log_write, for a writer that knows the versions it builds on: writes nothing and says so when a seed (a version and
-- hash that a caller brought along) is not in the log. The head must be locked. That a version or a command id is new is
-- left to the unique indexes.
CREATE FUNCTION log_write_on(
    p_part smallint, p_after bigint, p_writer uuid, p_at timestamptz, p_next_task bigint, p_head_hash bytea,
    p_seed_kinds smallint[], p_seed_streams bigint[], p_seed_versions bigint[], p_seed_hashes bytea[],
    p_organisations bigint[], p_kinds smallint[], p_streams bigint[], p_versions bigint[],
    p_types text[], p_schemas smallint[], p_persons bigint[], p_commands uuid[], p_indexes smallint[],
    p_metas text[], p_payloads text[], p_salts bytea[], p_digests bytea[], p_hashes bytea[]
) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    seed record;
BEGIN
    FOR seed IN SELECT * FROM unnest(p_seed_kinds, p_seed_streams, p_seed_versions, p_seed_hashes)
                              AS s (kind, stream, version, hash) LOOP
        PERFORM FROM event e
        WHERE e.part = p_part AND e.kind = seed.kind AND e.stream = seed.stream AND e.version = seed.version AND e.hash = seed.hash;
        IF NOT FOUND THEN
            RETURN false;
        END IF;
    END LOOP;
    PERFORM log_write(p_part, p_after, p_writer, p_at, p_next_task, p_head_hash, p_organisations, p_kinds, p_streams,
                      p_versions, p_types, p_schemas, p_persons, p_commands, p_indexes, p_metas, p_payloads, p_salts,
                      p_digests, p_hashes);
    RETURN true;
END
$$;
