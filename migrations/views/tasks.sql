-- Every task once, for questions across tasks: what lies in a list, what is due, who is waited for, and who may see it.
CREATE TABLE task_row (
    task            bigint      NOT NULL,
    -- An organisation belongs to one part of the log, and a part numbers its tasks.
    organisation    bigint      NOT NULL,
    -- The stream's version that was last taken in.
    version         bigint      NOT NULL,
    -- The task's text, and the cleaned HTML where its author formatted it.
    text            text        NOT NULL,
    formatted_text  text,
    -- What lists show of it besides: views/tasks/rule.rs, `Header`.
    header          json        NOT NULL,
    -- What the rule needs besides: views/tasks/rule.rs, `Task`.
    state           json        NOT NULL,
    modified_at     timestamptz NOT NULL,
    -- When it is due, or comes back; NULL for what is closed or deleted.
    due_at          timestamptz,
    due_date        date,
    scheduled_until timestamptz,
    -- When its current step is to be complete.
    step_due_at     timestamptz,
    -- The form whose register shows it, and the step that is current or was last; NULL without a form.
    form            bigint,
    step            smallint,
    created_at      timestamptz NOT NULL,
    closed_at       timestamptz,
    PRIMARY KEY (task, organisation)
) WITH (fillfactor = 85);

CREATE INDEX task_row_due_at ON task_row (organisation, due_at, task) WHERE due_at IS NOT NULL;
CREATE INDEX task_row_due_date ON task_row (organisation, due_date, task) WHERE due_date IS NOT NULL;
CREATE INDEX task_row_scheduled ON task_row (organisation, scheduled_until, task) WHERE scheduled_until IS NOT NULL;

CREATE INDEX task_row_step_due ON task_row (organisation, step_due_at, task) WHERE step_due_at IS NOT NULL;
CREATE INDEX task_row_register_due ON task_row (organisation, form, step_due_at, task DESC) WHERE step_due_at IS NOT NULL;

CREATE INDEX task_row_register ON task_row (organisation, form, task) WHERE form IS NOT NULL;
CREATE INDEX task_row_register_open ON task_row (organisation, form, task) WHERE form IS NOT NULL AND closed_at IS NULL;
-- Form and step are one key: no other index begins like it, so that none is taken for it while nothing is known of the table.
CREATE INDEX task_row_register_step ON task_row (((form << 8) + step), (task >> 13), task, organisation) WHERE form IS NOT NULL;
CREATE INDEX task_row_register_step_open ON task_row (((form << 8) + step), (task >> 13), task, organisation)
    WHERE form IS NOT NULL AND closed_at IS NULL;

-- What stands in the fields of tasks of forms, a row each value: what registers are filtered by. One of the last five is there.
-- Its indexes have tasks in spans of 8,192 ids: whatever is looked for, and however often it is there, a register reads span after
-- span in the order of ids and stops when it has enough (views/tasks/register/source.rs).
CREATE TABLE task_value (
    organisation bigint  NOT NULL,
    form         bigint  NOT NULL,
    field        bigint  NOT NULL,
    task         bigint  NOT NULL,
    -- Among the values of the field.
    place        bigint  NOT NULL,
    -- The task is.
    closed       boolean NOT NULL,
    -- In lower case, and its beginning alone: views/tasks/value.rs.
    text         text COLLATE "C",
    number       numeric,
    day          date,
    at           timestamptz,
    id           bigint,
    PRIMARY KEY (task, field, place, organisation)
) WITH (fillfactor = 85);

CREATE INDEX task_value_text ON task_value (organisation, form, field, (task >> 13), closed, text, task) WHERE text IS NOT NULL;
CREATE INDEX task_value_number ON task_value (organisation, form, field, (task >> 13), closed, number, task) WHERE number IS NOT NULL;
CREATE INDEX task_value_day ON task_value (organisation, form, field, (task >> 13), closed, day, task) WHERE day IS NOT NULL;
CREATE INDEX task_value_at ON task_value (organisation, form, field, (task >> 13), closed, at, task) WHERE at IS NOT NULL;
CREATE INDEX task_value_id ON task_value (organisation, form, field, (task >> 13), closed, id, task) WHERE id IS NOT NULL;

-- Which tasks of a form hold a value of a field, a bit each, by blocks of 256 ids: what registers find empty fields by. Field 0 is
-- every task of the form, field -1 those that are open.
CREATE TABLE task_block (
    organisation bigint   NOT NULL,
    form         bigint   NOT NULL,
    field        bigint   NOT NULL,
    block        bigint   NOT NULL,
    -- The first bit from the left is the first id.
    held         bit(256) NOT NULL,
    -- Of field 0 alone: when one of the block's tasks was changed last.
    modified_to  timestamptz,
    PRIMARY KEY (organisation, form, field, block)
) WITH (fillfactor = 70);

-- The words of a task of a form, in lower case: of its title, its subject and its texts (views/tasks/words.rs).
CREATE TABLE task_words (
    task         bigint   NOT NULL,
    organisation bigint   NOT NULL,
    form         bigint   NOT NULL,
    words        tsvector NOT NULL,
    PRIMARY KEY (task, organisation)
) WITH (fillfactor = 85);

CREATE INDEX task_words_words ON task_words USING gin (words) WITH (gin_pending_list_limit = 256);

-- How long who took at which step: a row each decision (views/tasks/handling.rs).
CREATE TABLE task_handled (
    organisation bigint      NOT NULL,
    form         bigint      NOT NULL,
    task         bigint      NOT NULL,
    -- Among the decisions of the task.
    number       bigint      NOT NULL,
    step         smallint    NOT NULL,
    person       bigint      NOT NULL,
    -- Who was asked: the person, a role, or somebody who is away.
    approver     bigint      NOT NULL,
    choice       text        NOT NULL,
    asked_at     timestamptz NOT NULL,
    decided_at   timestamptz NOT NULL,
    PRIMARY KEY (task, number, organisation)
);

CREATE INDEX task_handled_time ON task_handled (organisation, form, decided_at, task, number);

-- The lists that a task lies in, which are also grants: whoever sees the list sees the task.
CREATE TABLE task_in_list (
    organisation bigint      NOT NULL,
    list         bigint      NOT NULL,
    task         bigint      NOT NULL,
    -- The task's, so that a page is read from here alone.
    created_at   timestamptz NOT NULL,
    modified_at  timestamptz NOT NULL,
    closed_at    timestamptz,
    PRIMARY KEY (task, list, organisation)
) WITH (fillfactor = 85);

CREATE INDEX task_in_list_page ON task_in_list (organisation, list, modified_at DESC, task DESC);
CREATE INDEX task_in_list_open ON task_in_list (organisation, list, modified_at DESC, task DESC) WHERE closed_at IS NULL;

-- What each task leads to: the task that it is a subtask of, those that its fields link to.
CREATE TABLE task_relation (
    organisation bigint  NOT NULL,
    task         bigint  NOT NULL,
    other        bigint  NOT NULL,
    -- It is a subtask of the other.
    is_part      boolean NOT NULL,
    PRIMARY KEY (task, other, organisation)
);

CREATE INDEX task_relation_other ON task_relation (organisation, other, task);

-- The persons and roles that a task is shown to because it names them. A principal below zero is a form: whoever sees all its
-- tasks (views/tasks/rule.rs).
CREATE TABLE task_grant (
    organisation bigint  NOT NULL,
    principal    bigint  NOT NULL,
    task         bigint  NOT NULL,
    -- Of the task; 0 without one.
    form         bigint  NOT NULL,
    -- Is responsible for it, or asked to acknowledge or to approve, while it is open.
    responsible  boolean NOT NULL,
    asked        boolean NOT NULL,
    PRIMARY KEY (task, principal, organisation)
) WITH (fillfactor = 85);

CREATE INDEX task_grant_working ON task_grant (organisation, principal, task) WHERE responsible OR asked;
CREATE INDEX task_grant_form ON task_grant (organisation, form, principal, (task >> 13), task) WHERE form > 0;
