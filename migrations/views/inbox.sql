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
    -- The form whose task it is, and the step that is current or was last: by them an inbox is grouped.
    form           bigint,
    step           smallint,
    -- domain::task::command::Due
    due            json,
    -- The responsible, participants and subscribers, persons and roles.
    people         bigint[]    NOT NULL,
    -- What the rule needs besides: views/inbox/rule.rs, `Task`.
    state          json        NOT NULL,
    PRIMARY KEY (task, organisation)
) WITH (fillfactor = 85);

-- Everything open that somebody has a part in: what is handed on when they go.
CREATE INDEX inbox_task_people ON inbox_task USING gin (people) WHERE closed_at IS NULL;

-- Every role there ever was: which of the ids that tasks name are roles' ids.
CREATE TABLE inbox_role (
    role bigint PRIMARY KEY
);

-- What members have done in tasks that name roles: of the reasons that a role was given up to these positions they have had
-- enough. One row a member who did something, none where nothing is hidden by it.
CREATE TABLE inbox_mark (
    organisation bigint NOT NULL,
    person       bigint NOT NULL,
    task         bigint NOT NULL,
    -- Hides `held`, `called`, `returned` of a role's entry up to these positions.
    held         bigint NOT NULL,
    called       bigint NOT NULL,
    returned     bigint NOT NULL,
    PRIMARY KEY (task, person, organisation)
) WITH (fillfactor = 85);

-- What each person has put off: hidden from them until then, whatever happens in it.
CREATE TABLE inbox_snooze (
    organisation bigint      NOT NULL,
    person       bigint      NOT NULL,
    task         bigint      NOT NULL,
    until        timestamptz NOT NULL,
    PRIMARY KEY (person, task, organisation)
);

-- Only what is in somebody's inbox, or comes back to it at a known moment.
CREATE TABLE inbox_entry (
    organisation    bigint      NOT NULL,
    -- A person, or a role: then the entry stands for all who are in it when they ask.
    person          bigint      NOT NULL,
    task            bigint      NOT NULL,
    -- Bits: views/inbox/rule.rs, `Reasons`.
    reasons         smallint    NOT NULL CHECK (reasons > 0),
    -- Its place: when the task last changed, or when it comes back if that is later.
    shown_at        timestamptz NOT NULL,
    scheduled_until timestamptz,
    -- Of a role's entry: the positions at which reasons of three sorts were last given, 0 without one (rule.rs, `Since`).
    held            bigint,
    called          bigint,
    returned        bigint,
    PRIMARY KEY (task, person, organisation)
) WITH (fillfactor = 85);

CREATE INDEX inbox_entry_page ON inbox_entry (organisation, person, shown_at DESC, task DESC);
