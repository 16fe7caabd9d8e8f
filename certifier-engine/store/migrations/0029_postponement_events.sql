-- What operators put aside, and take up again, in the audit log.

-- The reason is the transaction's, since the request keeps none.
CREATE FUNCTION audit_postponement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM record_audit_event(
        CASE NEW.state WHEN 'postponed' THEN 'request_postponed' ELSE 'request_resumed' END,
        NEW.ca_id,
        jsonb_build_object('request', NEW.request_id::text,
            'key', (SELECT k.reference_number FROM pre_shared_keys k
                     WHERE k.pre_shared_key_id = NEW.pre_shared_key_id),
            'entity', (SELECT e.name FROM entities e WHERE e.entity_id = NEW.entity_id)),
        jsonb_build_object('subject', left(NEW.subject, 1000), 'csr_sha256', encode(NEW.csr_sha256, 'hex'),
                           'reason', nullif(current_setting('certifier.reason', true), '')));
    RETURN NULL;
END
$$;
CREATE TRIGGER audit_postponed_request AFTER UPDATE OF state ON requests FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND (NEW.state = 'postponed' OR OLD.state = 'postponed' AND NEW.state = 'pending'))
    EXECUTE FUNCTION audit_postponement();
