-- Organisations, persons, roles, lists and departments as they were between two positions of the log, from the first day.
CREATE TABLE directory_entry (
    organisation  bigint   NOT NULL,
    -- domain::Kind
    kind          smallint NOT NULL,
    id            bigint   NOT NULL,
    -- The stream's version that made it so.
    version       bigint   NOT NULL,
    -- The domain's state of that kind.
    body          json     NOT NULL,
    -- True from this position on, until before that one; NULL is today.
    from_position bigint   NOT NULL,
    to_position   bigint,
    PRIMARY KEY (id, kind, organisation, version)
);

CREATE UNIQUE INDEX directory_entry_today ON directory_entry (id, kind, organisation) WHERE to_position IS NULL;
CREATE INDEX directory_entry_history ON directory_entry (organisation, from_position);
