-- What auditors ask for: who did what to whom in an organisation, from the log (`/eventhistory`). Not what was only looked at
-- (access_log).
CREATE TABLE history_entry (
    organisation bigint   NOT NULL,
    position     bigint   NOT NULL,
    -- views/history/rule.rs, `Number`.
    number       smallint NOT NULL,
    -- Ids and numbers alone, nothing personal.
    details      json     NOT NULL,
    -- Who did it, where the fact itself does not say so: an account acts for its person.
    person       bigint,
    PRIMARY KEY (organisation, position)
);

-- The persons of each account, which is of no organisation itself.
CREATE TABLE history_account (
    account      bigint NOT NULL,
    organisation bigint NOT NULL,
    person       bigint NOT NULL,
    PRIMARY KEY (account, organisation, person)
);

-- Guests, of whom the history says where they were let in.
CREATE TABLE history_guest (
    person       bigint NOT NULL,
    organisation bigint NOT NULL,
    PRIMARY KEY (person, organisation)
);
