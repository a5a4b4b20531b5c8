-- What people sign in with. It is kept outside of the log, so that it can be forgotten; the log says only that it
-- changed (`person.key_issued`, `person.key_revoked`, `person.password_changed`).

CREATE TABLE security_key (
    person       bigint PRIMARY KEY,
    organisation bigint NOT NULL,
    -- SHA-256 of the key.
    hash         bytea  NOT NULL CHECK (octet_length(hash) = 32),
    -- The log's position of the event that says so.
    position     bigint NOT NULL
);

CREATE TABLE password (
    person       bigint PRIMARY KEY,
    organisation bigint NOT NULL,
    -- argon2id, as a PHC string.
    hash         text   NOT NULL,
    position     bigint NOT NULL
);

-- A token is void when it is revoked, its time is over, its person is blocked, or its person's credentials changed at
-- a position that is not below its own.
CREATE TABLE token (
    -- SHA-256 of the token.
    hash         bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
    person       bigint      NOT NULL,
    organisation bigint      NOT NULL,
    -- The position after the log's head when the token was made.
    position     bigint      NOT NULL,
    -- The order in which tokens of a person were made: the lowest is evicted first.
    number       bigint      GENERATED ALWAYS AS IDENTITY,
    -- Evicted, or its person's key or password changed. The row stays until the token's time is over, so that
    -- its holder can be told why it does not work any more.
    revoked      boolean     NOT NULL DEFAULT false,
    expires_at   timestamptz NOT NULL
);

CREATE INDEX token_of_person ON token (person, number) WHERE NOT revoked;
CREATE INDEX token_expired ON token (expires_at);
