-- When the scheduler was installed: what was due before that is not fired any more.
CREATE TABLE timers_begin (
    only_one boolean     NOT NULL PRIMARY KEY DEFAULT true CHECK (only_one),
    at       timestamptz NOT NULL
);

INSERT INTO timers_begin (at) VALUES (clock_timestamp());
