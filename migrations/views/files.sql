-- Every upload whose bytes are kept, and every place that files stand in.
CREATE TABLE file_upload (
    file         bigint      NOT NULL,
    organisation bigint      NOT NULL,
    -- Under which the bytes are kept; other files may have the same.
    sha256       text        NOT NULL,
    uploaded_at  timestamptz NOT NULL,
    PRIMARY KEY (file, organisation)
) WITH (fillfactor = 85);

CREATE INDEX file_upload_age ON file_upload (uploaded_at);
CREATE INDEX file_upload_content ON file_upload (sha256);

-- Where a file was ever put: its place may have lost it since, but shows it in its history.
CREATE TABLE file_place (
    file         bigint   NOT NULL,
    organisation bigint   NOT NULL,
    -- The kind of stream, as the log names it, and its id.
    kind         smallint NOT NULL,
    stream       bigint   NOT NULL,
    PRIMARY KEY (file, organisation, kind, stream)
) WITH (fillfactor = 85);
