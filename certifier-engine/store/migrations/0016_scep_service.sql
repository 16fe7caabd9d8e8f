-- What administrators set of the SCEP service as a whole: one row, which is there from the start.
CREATE TABLE scep_service (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    description text NOT NULL CHECK (length(description) <= 1000),
    is_active boolean NOT NULL,
    -- HOST:PORT, several separated by commas; empty: what each gateway's own configuration says.
    listen text NOT NULL CHECK (length(listen) <= 1000),
    -- Of printed URLs, perhaps with a port; empty: none are printed.
    domain_name text NOT NULL CHECK (length(domain_name) <= 259),
    allowed_operations text[] NOT NULL CHECK (allowed_operations <@ ARRAY[
        'get_ca_caps', 'get_ca_cert', 'get_next_ca_cert', 'enrollment', 'renewal', 'poll', 'get_cert', 'get_crl']),
    version bigint NOT NULL CHECK (version >= 1),
    changed_at timestamptz NOT NULL,
    -- Login; empty: nobody did yet.
    changed_by text NOT NULL
);
INSERT INTO scep_service (description, is_active, listen, domain_name, allowed_operations, version, changed_at,
                          changed_by)
VALUES ('', true, '', '',
        ARRAY['get_ca_caps', 'get_ca_cert', 'get_next_ca_cert', 'enrollment', 'renewal', 'poll', 'get_cert', 'get_crl'],
        1, now(), '');

-- Equal versions have equal settings, so that a gateway can say with a number what it applied.
CREATE FUNCTION keep_scep_service() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.version <> OLD.version + 1 THEN
        RAISE EXCEPTION 'the settings of the SCEP service stay, and each change of them has a version of its own';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER keep_scep_service BEFORE UPDATE OR DELETE ON scep_service
    FOR EACH ROW EXECUTE FUNCTION keep_scep_service();

-- What each gateway made of them, as it last reported; rows that are old are forgotten.
CREATE TABLE scep_gateways (
    -- commonName of its certificate, which replicas share, and what the process calls itself.
    gateway text NOT NULL CHECK (length(gateway) BETWEEN 1 AND 256),
    instance text NOT NULL CHECK (length(instance) BETWEEN 1 AND 64),
    applied_version bigint NOT NULL CHECK (applied_version >= 1),
    -- Where it listens, HOST:PORT separated by commas.
    listen text NOT NULL CHECK (length(listen) <= 1000),
    -- Why not where that version says; null: it does.
    listen_failure text CHECK (listen_failure IN ('port_taken', 'not_permitted', 'no_such_address', 'other')),
    reported_at timestamptz NOT NULL,
    PRIMARY KEY (gateway, instance)
);
