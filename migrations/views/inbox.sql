-- What every task's inbox rule remembers, and the tasks that each person finds in the inbox.
CREATE TABLE inbox_task (
    task           bigint      NOT NULL,
    -- An organisation belongs to one part of the log, and a part numbers its tasks.
    organisation   bigint      NOT NULL,
    -- The stream's version that was last taken in.
    version        bigint      NOT NULL,
    -- The task's text, and the cleaned HTML where its author formatted it.
    text           text        NOT NULL,
    formatted_text text,
    created_at     timestamptz NOT NULL,
    modified_at    timestamptz NOT NULL,
    closed_at      timestamptz,
    author         bigint      NOT NULL,
    responsible    bigint,
    subject        text,
    -- domain::task::command::Due
    due            json,
    -- What the rule needs besides: views/inbox/rule.rs, `Task`.
    state          json        NOT NULL,
    PRIMARY KEY (task, organisation)
) WITH (fillfactor = 85);

-- Only what is in somebody's inbox, or comes back to it at a known moment.
CREATE TABLE inbox_entry (
    organisation    bigint      NOT NULL,
    person          bigint      NOT NULL,
    task            bigint      NOT NULL,
    -- Bits: views/inbox/rule.rs, `Reasons`.
    reasons         smallint    NOT NULL CHECK (reasons > 0),
    -- Its place: when the task last changed, or when it comes back if that is later.
    shown_at        timestamptz NOT NULL,
    scheduled_until timestamptz,
    PRIMARY KEY (task, person, organisation)
) WITH (fillfactor = 85);

CREATE INDEX inbox_entry_page ON inbox_entry (organisation, person, shown_at DESC, task DESC);
