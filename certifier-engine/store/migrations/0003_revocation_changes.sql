-- Which CRL says all: each change of a CA's revocations counts up, and a CRL remembers the count that it was made from.
-- Times would not do, since a transaction's is older than its commit, and a reactivation leaves no row.
ALTER TABLE ca_generations ADD COLUMN revocation_changes bigint NOT NULL DEFAULT 0;
ALTER TABLE crls ADD COLUMN revocation_changes bigint NOT NULL DEFAULT 0;
