-- CA options, the shapes of a CA, and rollover.

-- certifier.v1.CaOptions as JSON with proto field names; only what differs from the defaults.
ALTER TABLE cas ADD COLUMN options jsonb NOT NULL DEFAULT '{}';

-- Generations are numbered within their CA. The next one is staged and published before it becomes the active one.
ALTER TABLE ca_generations ADD COLUMN generation_number integer NOT NULL DEFAULT 1 CHECK (generation_number > 0);
ALTER TABLE ca_generations ALTER COLUMN generation_number DROP DEFAULT;
ALTER TABLE ca_generations ADD UNIQUE (ca_id, generation_number);
ALTER TABLE ca_generations DROP CONSTRAINT ca_generations_state_check;
ALTER TABLE ca_generations ADD CONSTRAINT ca_generations_state_check CHECK (state IN ('next', 'active', 'retired'));
CREATE UNIQUE INDEX ca_generations_one_next ON ca_generations (ca_id) WHERE state = 'next';
-- Who receives its envelopes: one RA, one to sign and one to receive, or the CA itself.
ALTER TABLE ca_generations ADD COLUMN registration_authority text NOT NULL DEFAULT 'combined'
    CHECK (registration_authority IN ('combined', 'split', 'none'));
ALTER TABLE ca_generations ALTER COLUMN registration_authority DROP DEFAULT;
-- DER of the certificates above its own, one after another, issuer first; no octets for a root CA.
ALTER TABLE ca_generations ADD COLUMN chain bytea NOT NULL DEFAULT '';
-- The answer to GetNextCACert, signed by the generation that is active; it stays as it is, so that what is shown of it
-- can be compared (requirements N-05).
ALTER TABLE ca_generations ADD COLUMN next_ca_certificates bytea;
ALTER TABLE ca_generations ADD CHECK (state <> 'next' OR next_ca_certificates IS NOT NULL);
ALTER TABLE ca_generations ADD COLUMN retired_at timestamptz;
UPDATE ca_generations SET retired_at = now() WHERE state = 'retired';
ALTER TABLE ca_generations ADD CHECK ((state = 'retired') = (retired_at IS NOT NULL));
-- A retired one whose time to finish what it began is over: only its CRL is left.
ALTER TABLE ca_generations ADD COLUMN is_crl_only boolean NOT NULL DEFAULT false;
ALTER TABLE ca_generations ADD CHECK (NOT is_crl_only OR state = 'retired');

ALTER TABLE registration_authorities ADD COLUMN usage text NOT NULL DEFAULT 'combined'
    CHECK (usage IN ('combined', 'signing', 'encryption'));
ALTER TABLE registration_authorities ALTER COLUMN usage DROP DEFAULT;
DROP INDEX registration_authorities_one_current;
CREATE UNIQUE INDEX registration_authorities_one_current ON registration_authorities (ca_generation_id, usage)
    WHERE state = 'current';
-- A destroyed one is kept as a certificate; its key is gone.
ALTER TABLE registration_authorities DROP CONSTRAINT registration_authorities_state_check;
ALTER TABLE registration_authorities ADD CONSTRAINT registration_authorities_state_check
    CHECK (state IN ('current', 'retired', 'destroyed'));
ALTER TABLE registration_authorities ADD COLUMN retired_at timestamptz;
UPDATE registration_authorities SET retired_at = now() WHERE state = 'retired';
ALTER TABLE registration_authorities ADD CHECK ((state = 'current') = (retired_at IS NULL));
ALTER TABLE registration_authorities ADD CHECK ((state = 'destroyed') = (octet_length(sealed_key) = 0));

-- Of a request that was addressed to the next generation; nothing: the active one issues.
ALTER TABLE requests ADD COLUMN ca_generation_id bigint REFERENCES ca_generations;
