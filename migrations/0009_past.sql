-- Where the log was at a moment: the position of the last event that was recorded by then, 0 if there was none. Events have
-- rising times, so that few rows are looked at; there is no index by time.
CREATE FUNCTION log_position_at(p_part smallint, p_at timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    low  bigint := 0;
    high bigint;
    half bigint;
    then_at timestamptz;
BEGIN
    SELECT position INTO STRICT high FROM log_head WHERE part = p_part;
    -- Everything up to `low` was recorded by then; nothing after `high` was.
    WHILE low < high LOOP
        half := (low + high + 1) / 2;
        SELECT at INTO STRICT then_at FROM event WHERE part = p_part AND position = half;
        IF then_at <= p_at THEN
            low := half;
        ELSE
            high := half - 1;
        END IF;
    END LOOP;
    RETURN low;
END
$$;
