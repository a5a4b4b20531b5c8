-- Every award, and everybody who was counted for.
CREATE TABLE award (
    award        bigint  NOT NULL,
    organisation bigint  NOT NULL,
    -- The stream's version that was last taken in.
    version      bigint  NOT NULL,
    name         text    NOT NULL,
    description  text,
    grant_at     bigint  NOT NULL,
    revoke_at    bigint  NOT NULL,
    deleted      boolean NOT NULL,
    PRIMARY KEY (award, organisation)
) WITH (fillfactor = 85);

CREATE INDEX award_page ON award (organisation, award) WHERE NOT deleted;

CREATE TABLE award_person (
    award        bigint NOT NULL,
    organisation bigint NOT NULL,
    person       bigint NOT NULL,
    counter      bigint NOT NULL,
    -- Since when they hold it; nothing where they do not.
    granted_at   timestamptz,
    PRIMARY KEY (award, organisation, person)
) WITH (fillfactor = 85);

CREATE INDEX award_person_held ON award_person (organisation, person, award) WHERE granted_at IS NOT NULL;
