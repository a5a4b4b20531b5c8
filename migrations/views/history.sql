-- What auditors ask for: who did what to whom in an organisation, from the log (`/eventhistory`). Not what was only looked at
-- (access_log).
CREATE TABLE history_entry (
    organisation bigint   NOT NULL,
    position     bigint   NOT NULL,
    -- views/history/rule.rs, `Number`.
    number       smallint NOT NULL,
    -- Ids and numbers alone, nothing personal.
    details      json     NOT NULL,
    PRIMARY KEY (organisation, position)
);

-- Guests, of whom the history says where they were let in.
CREATE TABLE history_guest (
    person       bigint NOT NULL,
    organisation bigint NOT NULL,
    PRIMARY KEY (person, organisation)
);
