-- A session that a client certificate began ends with it: taken from its operator, it takes its sessions along, whichever
-- engine does that.
ALTER TABLE operator_certificates ADD UNIQUE (certificate_sha256, operator_id);
ALTER TABLE operator_sessions
    -- Null: a password began it.
    ADD COLUMN certificate_sha256 bytea,
    ADD FOREIGN KEY (certificate_sha256, operator_id)
        REFERENCES operator_certificates (certificate_sha256, operator_id) ON DELETE CASCADE;
CREATE INDEX operator_sessions_of_certificate ON operator_sessions (certificate_sha256)
    WHERE certificate_sha256 IS NOT NULL;

CREATE OR REPLACE FUNCTION audit_operator_session() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed operator_sessions := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    of_login text := (SELECT o.login FROM operators o WHERE o.operator_id = changed.operator_id);
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM record_audit_event('operator_logged_in', NULL, jsonb_build_object('operator', of_login),
            jsonb_build_object('expires_at', audit_time(NEW.expires_at),
                               'certificate', encode(NEW.certificate_sha256, 'hex')), of_login, NEW.source);
    ELSE
        PERFORM record_audit_event('operator_session_ended', NULL, jsonb_build_object('operator', of_login),
            jsonb_build_object('began_at', audit_time(OLD.began_at), 'began_from', nullif(OLD.source, ''),
                               'last_used_at', audit_time(OLD.last_used_at),
                               'expires_at', audit_time(OLD.expires_at),
                               'certificate', encode(OLD.certificate_sha256, 'hex')));
    END IF;
    RETURN NULL;
END
$$;
