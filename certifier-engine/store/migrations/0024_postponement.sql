-- Operators put requests aside, and take them up again. Each is an event of the audit log.

-- More kinds than before, so that the rows that are there need no look, for which nothing else could be written.
ALTER TABLE audit_events DROP CONSTRAINT audit_events_kind_check;
ALTER TABLE audit_events ADD CONSTRAINT audit_events_kind_check CHECK (kind IN (
        'ca_changed', 'ca_created', 'certificate_issued', 'certificate_reactivated', 'certificate_revoked',
        'certificate_suspended', 'crl_issued', 'entity_changed', 'entity_created', 'generation_activated',
        'generation_added', 'generation_retired', 'initialization_offered', 'key_created', 'key_disabled',
        'key_replaced', 'key_used', 'log_key_created', 'operator_changed', 'operator_created', 'operator_initialized',
        'operator_logged_in', 'operator_password_changed', 'operator_refused', 'operator_session_ended',
        'policy_applied', 'ra_added', 'ra_changed', 'request_approved', 'request_edited', 'request_expired',
        'request_held', 'request_postponed', 'request_refused', 'request_rejected', 'request_resumed', 'setting_changed')) NOT VALID;

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
