-- What an issued request answers ends too, which renewals count, and by what a source is counted.

-- An issued request that answers its PKCS#10 no more: its certificate ended, or a later request took its place.
ALTER TABLE requests DROP CONSTRAINT requests_check3;
ALTER TABLE requests ADD CONSTRAINT requests_forgotten_check
    CHECK (NOT is_forgotten OR state IN ('rejected', 'issued'));

-- A renewal that was refused or that nobody decided uses up none of those that a certificate may have.
DROP INDEX requests_renewal;
CREATE UNIQUE INDEX requests_renewal ON requests (renewed_certificate_id, renewal_number)
    WHERE renewed_certificate_id IS NOT NULL AND state NOT IN ('rejected', 'expired');

-- An IPv6 source is its network of 64 bits: whoever has one has all its addresses. Nothing for what never waited.
ALTER TABLE requests ADD COLUMN source_key bytea;
UPDATE requests SET source_key = convert_to(source_address, 'UTF8')
 WHERE state IN ('pending', 'postponed', 'approved');
ALTER TABLE requests ADD CONSTRAINT requests_source_key_check
    CHECK (state NOT IN ('pending', 'postponed') OR source_key IS NOT NULL);
DROP INDEX requests_open_source;
CREATE INDEX requests_open_source ON requests (source_key) WHERE state IN ('pending', 'postponed', 'approved');
