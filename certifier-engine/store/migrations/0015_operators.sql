-- Operators: who may come in, how, and what each may do.

CREATE TABLE operators (
    operator_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login text NOT NULL CHECK (length(login) BETWEEN 1 AND 128),
    status text NOT NULL CHECK (status IN ('active', 'inactive')),
    description text NOT NULL CHECK (length(description) <= 1000),
    -- Argon2id in the PHC string format; null: no password.
    password_hash text CHECK (password_hash LIKE '$argon2id$v=19$%'),
    groups text[] NOT NULL CHECK (cardinality(groups) <= 16),
    created_at timestamptz NOT NULL,
    -- Login; empty: made with the initialization token.
    created_by text NOT NULL
);
CREATE UNIQUE INDEX operators_login ON operators (lower(login));

CREATE TABLE operator_certificates (
    certificate_sha256 bytea PRIMARY KEY CHECK (octet_length(certificate_sha256) = 32),
    operator_id bigint NOT NULL REFERENCES operators,
    added_at timestamptz NOT NULL,
    added_by text NOT NULL
);
CREATE INDEX operator_certificates_of_operator ON operator_certificates (operator_id);

CREATE TABLE operator_grants (
    operator_grant_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operator_id bigint NOT NULL REFERENCES operators,
    level text NOT NULL CHECK (level IN ('read', 'revocation', 'entity_write', 'write', 'super_user')),
    -- Null: every CA, those to come too, and what belongs to none.
    ca_id bigint REFERENCES cas,
    UNIQUE NULLS NOT DISTINCT (operator_id, level, ca_id)
);

CREATE TABLE operator_sessions (
    token_sha256 bytea PRIMARY KEY CHECK (octet_length(token_sha256) = 32),
    operator_id bigint NOT NULL REFERENCES operators,
    began_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > began_at),
    source text NOT NULL
);
CREATE INDEX operator_sessions_of_operator ON operator_sessions (operator_id, began_at);

-- What makes the first super-user: one row at most, for as long as there is none.
CREATE TABLE initialization_tokens (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    token_sha256 bytea NOT NULL CHECK (octet_length(token_sha256) = 32),
    expires_at timestamptz NOT NULL
);

CREATE FUNCTION has_super_user() RETURNS boolean LANGUAGE sql AS $$
    SELECT EXISTS (SELECT 1
                     FROM operators o
                     JOIN operator_grants g ON g.operator_id = o.operator_id
                    WHERE o.status = 'active' AND g.level = 'super_user' AND g.ca_id IS NULL
                      AND (o.password_hash IS NOT NULL
                           OR EXISTS (SELECT 1 FROM operator_certificates c WHERE c.operator_id = o.operator_id)))
$$;

-- Once there was a super-user for all CAs who can come in, there is one. Those who take one away do it one after another.
CREATE FUNCTION refuse_lockout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('certifier_super_users', 0));
    IF NOT has_super_user() THEN
        RAISE EXCEPTION 'no super-user would be left' USING ERRCODE = 'ZF002';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER refuse_lockout AFTER UPDATE OF status, password_hash OR DELETE ON operators
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_lockout();
CREATE CONSTRAINT TRIGGER refuse_lockout AFTER UPDATE OR DELETE ON operator_certificates
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_lockout();
CREATE CONSTRAINT TRIGGER refuse_lockout AFTER UPDATE OR DELETE ON operator_grants
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_lockout();
