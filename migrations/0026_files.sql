-- Ids of files.
CREATE SEQUENCE file_id AS bigint START 1;
