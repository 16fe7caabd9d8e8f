-- Renewal, revocation and CRLs.

-- One index serves both "is this serial number taken" and "whose is it".
ALTER TABLE certificates DROP CONSTRAINT certificates_ca_generation_id_serial_number_key;
DROP INDEX certificates_serial_number;
ALTER TABLE certificates ADD UNIQUE (serial_number, ca_generation_id);

-- Whom a request is for: the entity of its key, or of the certificate that it renews. Nothing without either.
ALTER TABLE requests ADD COLUMN entity_id bigint REFERENCES entities;
UPDATE requests r SET entity_id = k.entity_id FROM pre_shared_keys k WHERE k.pre_shared_key_id = r.pre_shared_key_id;

-- The certificate that a renewal was signed with, and its how manyth renewal this is: two engines cannot both make
-- the last one that is allowed.
ALTER TABLE requests ADD COLUMN renewed_certificate_id bigint REFERENCES certificates (certificate_id);
ALTER TABLE requests ADD COLUMN renewal_number integer CHECK (renewal_number BETWEEN 1 AND 1000);
ALTER TABLE requests ADD CHECK ((renewed_certificate_id IS NULL) = (renewal_number IS NULL));
CREATE UNIQUE INDEX requests_renewal ON requests (renewed_certificate_id, renewal_number)
    WHERE renewed_certificate_id IS NOT NULL;

-- A certificate without a row here is good. Suspended (certificateHold) may become good again or revoked; revoked is for
-- ever (RFC 5280 section 5.3.1).
CREATE TABLE revocations (
    certificate_id bigint PRIMARY KEY REFERENCES certificates,
    state text NOT NULL CHECK (state IN ('revoked', 'suspended')),
    reason text NOT NULL CHECK (reason IN ('unspecified', 'keyCompromise', 'cACompromise', 'affiliationChanged',
        'superseded', 'cessationOfOperation', 'certificateHold', 'privilegeWithdrawn', 'aACompromise')),
    revoked_at timestamptz NOT NULL,
    invalidity_date timestamptz,
    comment text NOT NULL DEFAULT '' CHECK (char_length(comment) <= 1000),
    revoked_by text NOT NULL,
    CHECK ((state = 'suspended') = (reason = 'certificateHold'))
);

CREATE FUNCTION refuse_unrevoking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'revoked' THEN
        RAISE EXCEPTION 'a revoked certificate stays revoked';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER revocations_are_final BEFORE UPDATE OR DELETE ON revocations
    FOR EACH ROW EXECUTE FUNCTION refuse_unrevoking();

-- CRLs as they were signed; the number is unique and grows (RFC 5280 section 5.2.3).
CREATE TABLE crls (
    ca_generation_id bigint NOT NULL REFERENCES ca_generations,
    crl_number bigint NOT NULL CHECK (crl_number > 0),
    this_update timestamptz NOT NULL,
    next_update timestamptz NOT NULL CHECK (next_update > this_update),
    revoked_count integer NOT NULL CHECK (revoked_count >= 0),
    crl bytea NOT NULL,
    PRIMARY KEY (ca_generation_id, crl_number)
);
