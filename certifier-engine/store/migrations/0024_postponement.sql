-- Operators put requests aside, and take them up again. Each is an event of the audit log: of a kind that this allows. The
-- trigger is in a file of its own, since a transaction that locked both tables would wait for enrolments that wait for it.

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
