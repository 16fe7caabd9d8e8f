-- What limits count: the certificates and requests of an entity, and who has a public key.

-- SHA-256 of the PKCS#10's SubjectPublicKeyInfo, where that is not the requester's: of most requests it is, so that
-- most rows need no second copy, and rows from before have it too, but for renewals with a new key.
ALTER TABLE requests ADD COLUMN subject_key bytea CHECK (octet_length(subject_key) = 32);
CREATE INDEX requests_subject_key ON requests USING hash (coalesce(subject_key, requester_key));

-- Ends the transaction that would record what was judged on other facts than those that stand.
CREATE FUNCTION refuse_changed_activity() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was judged has changed' USING ERRCODE = 'ZF001';
END
$$;
