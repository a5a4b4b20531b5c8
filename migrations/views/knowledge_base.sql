-- Every version of the texts of every article and topic. Where they lie and who reads them is in the directory.
CREATE TABLE article_text (
    article      bigint      NOT NULL,
    organisation bigint      NOT NULL,
    -- The stream's version that made it so: in the order of the texts' own numbers, with gaps.
    version      bigint      NOT NULL,
    -- Of its event.
    position     bigint      NOT NULL,
    -- What is NULL is as in the version before.
    title        text,
    body         text,
    author       bigint      NOT NULL,
    made_at      timestamptz NOT NULL,
    PRIMARY KEY (organisation, article, version)
);
