-- Ids of forms.
CREATE SEQUENCE form_id AS bigint START 1;
