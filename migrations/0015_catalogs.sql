-- Numbers of catalogs, across all organisations.
CREATE SEQUENCE catalog_id AS bigint START 1;
