-- Which session let the asking browser in: the one that begins rests on it, and on what was proved in it.
ALTER TABLE qr_sign_in ADD COLUMN session uuid;
