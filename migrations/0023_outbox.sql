-- What is to be sent to people by mail and push, a row a notification and channel. Not a view: what is sent is sent once and for all,
-- so that it begins where the log stood when it was installed, and is never filled again from the start.
CREATE TABLE outbox (
    incarnation   bigint      NOT NULL,
    -- Of the notification: the position of its cause.
    position      bigint      NOT NULL,
    -- 1 mail, 2 push.
    channel       smallint    NOT NULL,
    organisation  bigint      NOT NULL,
    person        bigint      NOT NULL,
    task          bigint      NOT NULL,
    -- `cancelled`: it was read before it went out.
    state         text        NOT NULL CHECK (state IN ('pending', 'cancelled', 'sent', 'failed')),
    deliver_after timestamptz NOT NULL,
    -- Every way by which a reason reached its person, as the notification has it.
    why           jsonb       NOT NULL,
    at            timestamptz NOT NULL,
    PRIMARY KEY (position, person, channel, incarnation)
) WITH (fillfactor = 85);

CREATE INDEX outbox_pending ON outbox (deliver_after) WHERE state = 'pending';
CREATE INDEX outbox_pending_of ON outbox (organisation, person, position) WHERE state = 'pending';
CREATE INDEX outbox_at ON outbox (at);

INSERT INTO policy_progress (policy, part, incarnation, position) SELECT 'outbox', part, incarnation, position FROM log_head;
