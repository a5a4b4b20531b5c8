-- Every announcement with its text, and the comments under it.
CREATE TABLE announcement (
    announcement   bigint      NOT NULL,
    organisation   bigint      NOT NULL,
    -- The stream's version that was last taken in.
    version        bigint      NOT NULL,
    author         bigint      NOT NULL,
    -- The text and, where it was formatted, the cleaned HTML; empty once it is deleted.
    text           text        NOT NULL,
    formatted_text text,
    -- Of the event that the text is from.
    text_position  bigint      NOT NULL,
    created_at     timestamptz NOT NULL,
    modified_at    timestamptz NOT NULL,
    closed         boolean     NOT NULL,
    deleted        boolean     NOT NULL,
    -- domain::file::Attached, and the event that they are from.
    attachments          json   NOT NULL,
    attachments_position bigint NOT NULL,
    PRIMARY KEY (announcement, organisation)
) WITH (fillfactor = 85);

CREATE INDEX announcement_page ON announcement (organisation, announcement DESC) WHERE NOT deleted;

-- Those that are there.
CREATE TABLE announcement_comment (
    announcement   bigint      NOT NULL,
    organisation   bigint      NOT NULL,
    -- The position of its event.
    comment        bigint      NOT NULL,
    author         bigint      NOT NULL,
    text           text        NOT NULL,
    formatted_text text,
    text_position  bigint      NOT NULL,
    created_at     timestamptz NOT NULL,
    attachments          json   NOT NULL,
    attachments_position bigint NOT NULL,
    PRIMARY KEY (announcement, organisation, comment)
) WITH (fillfactor = 85);
