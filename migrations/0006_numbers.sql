-- Ids of the kinds of people and places. Roles are numbered with persons, since they stand where persons can.
CREATE SEQUENCE department_id AS bigint START 1;
CREATE SEQUENCE list_id AS bigint START 1;
CREATE SEQUENCE announcement_id AS bigint START 1;
CREATE SEQUENCE article_id AS bigint START 1;
CREATE SEQUENCE account_id AS bigint START 1;
CREATE SEQUENCE award_id AS bigint START 1;
