-- What accounts prove themselves with, kept outside of the log so that it can be forgotten; the log (`account.…`) says what
-- happened. Which persons an account stands for is in the log alone (table `claim`, kind 4).

-- A browser's session. It is void when it ended, its time is over, nobody used it for too long, its person is blocked, or its
-- person's credentials changed at a position that is not below its own.
CREATE TABLE session (
    -- Named in lists and in the log; nothing that lets anybody in.
    id               uuid        PRIMARY KEY,
    -- SHA-256 of the cookie's value.
    hash             bytea       NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    account          bigint      NOT NULL,
    person           bigint      NOT NULL,
    organisation     bigint      NOT NULL,
    -- The position after the log's head when it began.
    position         bigint      NOT NULL,
    -- domain's account::Way and account::Factor.
    began_with       text        NOT NULL,
    second           text,
    made_at          timestamptz NOT NULL,
    -- To the minute: not every request writes.
    seen_at          timestamptz NOT NULL,
    -- When its human last proved who they are; dangerous acts want it recent.
    authenticated_at timestamptz NOT NULL,
    idle_seconds     bigint      NOT NULL,
    expires_at       timestamptz NOT NULL,
    -- A second factor is demanded, and there is none yet: nothing but adding one is possible.
    needs_factor     boolean     NOT NULL DEFAULT false,
    address          text,
    agent            text,
    ended            boolean     NOT NULL DEFAULT false
);

CREATE INDEX session_of_account ON session (account, made_at) WHERE NOT ended;
CREATE INDEX session_of_person ON session (person) WHERE NOT ended;
CREATE INDEX session_expired ON session (expires_at);

-- Secrets that are good for one act, once: a link to reset a password, an invitation, the second half of a sign-in, …
CREATE TABLE ticket (
    -- SHA-256 of the secret.
    hash         bytea       PRIMARY KEY CHECK (octet_length(hash) = 32),
    -- The gateway's identity::tickets::Purpose.
    purpose      smallint    NOT NULL,
    account      bigint,
    person       bigint,
    organisation bigint,
    -- What belongs to it, such as the hash of the password that was shown; never a secret itself.
    detail       json,
    -- Wrong codes that were shown with it.
    tries        integer     NOT NULL DEFAULT 0,
    made_at      timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    used         boolean     NOT NULL DEFAULT false
);

CREATE INDEX ticket_of_person ON ticket (person, purpose) WHERE NOT used;
CREATE INDEX ticket_of_organisation ON ticket (organisation, purpose) WHERE NOT used;
CREATE INDEX ticket_expired ON ticket (expires_at);

-- Time-based codes (RFC 6238).
CREATE TABLE totp (
    account   bigint      PRIMARY KEY,
    -- In use once its first code was shown.
    secret    bytea,
    -- One that waits for its first code.
    offered   bytea,
    offered_at timestamptz,
    -- The step of the last code that was taken: neither it nor an earlier one is taken again.
    step      bigint      NOT NULL DEFAULT 0
);

CREATE TABLE recovery_code (
    account bigint NOT NULL,
    -- SHA-256 of the code.
    hash    bytea  NOT NULL CHECK (octet_length(hash) = 32),
    used    boolean NOT NULL DEFAULT false,
    PRIMARY KEY (account, hash)
);

-- Public keys of passkeys (WebAuthn).
CREATE TABLE passkey (
    id         uuid        PRIMARY KEY,
    account    bigint      NOT NULL,
    credential bytea       NOT NULL UNIQUE,
    -- As webauthn-rs writes it: public key, counter, backup flags.
    passkey    json        NOT NULL,
    made_at    timestamptz NOT NULL,
    used_at    timestamptz
);

CREATE INDEX passkey_of_account ON passkey (account);

-- A browser that asks to be let in by somebody who is signed in elsewhere.
CREATE TABLE qr_sign_in (
    id           uuid        PRIMARY KEY,
    -- SHA-256 of the secret that the asking browser alone knows.
    hash         bytea       NOT NULL CHECK (octet_length(hash) = 32),
    address      text,
    agent        text,
    made_at      timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    account      bigint,
    person       bigint,
    organisation bigint,
    -- Approved, refused, or neither yet.
    approved     boolean,
    used         boolean     NOT NULL DEFAULT false
);

CREATE INDEX qr_sign_in_expired ON qr_sign_in (expires_at);
