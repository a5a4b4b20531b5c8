-- What each person is told of, and all that this rests on, so that a log that is read again leads to the same rows.
CREATE TABLE notification (
    organisation bigint      NOT NULL,
    person       bigint      NOT NULL,
    -- Of the first fact of the request that caused it: the id of the comment.
    position     bigint      NOT NULL,
    -- 0: it is about an announcement.
    task         bigint      NOT NULL,
    announcement bigint,
    -- What it links to, where that is another fact: the request because of which a filter found the task.
    cause        bigint      NOT NULL,
    -- Who did it; 0 where time did.
    by_person    bigint      NOT NULL,
    at           timestamptz NOT NULL,
    -- Bits: domain::inbox::Reasons.
    reasons      integer     NOT NULL CHECK (reasons > 0),
    -- Each way by which a reason reached them: notify/address.rs, `Why`.
    why          jsonb       NOT NULL,
    unread       boolean     NOT NULL,
    -- Whether it is shown in the list, and from when on mail and push may go out; null where none does.
    web          boolean     NOT NULL,
    mail_after   timestamptz,
    push_after   timestamptz,
    PRIMARY KEY (organisation, person, position)
) WITH (fillfactor = 90);

CREATE INDEX notification_unread ON notification (organisation, person, position) WHERE unread AND web;
CREATE INDEX notification_of_task ON notification (task, person, organisation) WHERE unread;
CREATE INDEX notification_of_announcement ON notification (announcement, organisation) WHERE announcement IS NOT NULL;
CREATE INDEX notification_position ON notification (position);
CREATE INDEX notification_at ON notification (at);

-- How what was said begins, once for all who are told of it.
CREATE TABLE notification_text (
    organisation bigint NOT NULL,
    position     bigint NOT NULL,
    text         text   NOT NULL,
    -- The fact that it is from: that of the text, or of its last edit.
    said_at      bigint NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (position, organisation)
);

CREATE INDEX notification_text_said_at ON notification_text (said_at);
CREATE INDEX notification_text_at ON notification_text (at);

CREATE TABLE notification_task (
    task         bigint NOT NULL,
    organisation bigint NOT NULL,
    version      bigint NOT NULL,
    -- notify/rule.rs, `Task`.
    state        json   NOT NULL,
    PRIMARY KEY (task, organisation)
) WITH (fillfactor = 85);

-- Who follows what. Kinds: 1 a task, 2 a list, 3 a form, 4 a filter.
CREATE TABLE notification_follow (
    organisation bigint   NOT NULL,
    kind         smallint NOT NULL,
    id           bigint   NOT NULL,
    person       bigint   NOT NULL,
    PRIMARY KEY (organisation, kind, id, person)
);

-- The inboxes that anything ever happened to, with the settings where there are any.
CREATE TABLE notification_inbox (
    person       bigint NOT NULL PRIMARY KEY,
    organisation bigint NOT NULL,
    version      bigint NOT NULL,
    -- domain::inbox::Settings
    settings     json
) WITH (fillfactor = 85);

-- People, roles, lists, forms and organisations, as far as it depends on them who is told: as they are at the view's position.
CREATE TABLE notification_party (
    organisation bigint   NOT NULL,
    kind         smallint NOT NULL,
    id           bigint   NOT NULL,
    version      bigint   NOT NULL,
    body         json     NOT NULL,
    PRIMARY KEY (organisation, kind, id)
) WITH (fillfactor = 85);

-- One row, written anew with each change of parties and settings: whoever holds them in memory sees by it whether they are still true.
CREATE TABLE notification_known (
    position bigint NOT NULL
);
INSERT INTO notification_known VALUES (0);
