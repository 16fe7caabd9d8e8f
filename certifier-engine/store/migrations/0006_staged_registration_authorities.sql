-- A renewed RA is made known to every gateway before devices are told of it: none may get an envelope that it cannot
-- open because the device asked another one for the certificate.
ALTER TABLE registration_authorities DROP CONSTRAINT registration_authorities_state_check;
ALTER TABLE registration_authorities ADD CONSTRAINT registration_authorities_state_check
    CHECK (state IN ('next', 'current', 'retired', 'destroyed'));
CREATE UNIQUE INDEX registration_authorities_one_next ON registration_authorities (ca_generation_id, usage)
    WHERE state = 'next';
ALTER TABLE registration_authorities DROP CONSTRAINT registration_authorities_check;
ALTER TABLE registration_authorities ADD CONSTRAINT registration_authorities_retired_check
    CHECK ((state IN ('retired', 'destroyed')) = (retired_at IS NOT NULL));
ALTER TABLE registration_authorities ADD COLUMN staged_at timestamptz;
ALTER TABLE registration_authorities ADD CONSTRAINT registration_authorities_staged_check
    CHECK (state <> 'next' OR staged_at IS NOT NULL);
