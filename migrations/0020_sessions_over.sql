-- A session whose time was over, or that nobody used for too long, and of which the log tells so: it stays over whatever is
-- allowed later.
ALTER TABLE session ADD COLUMN timed_out boolean NOT NULL DEFAULT false;

-- Those of which it is to be found out.
CREATE INDEX session_standing ON session (id) WHERE NOT ended AND NOT timed_out;
