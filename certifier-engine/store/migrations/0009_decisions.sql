-- A reason for every decision.

-- certifier.v1.DecisionRecord of the message that wrote the row. Nothing for rows from before.
ALTER TABLE requests ADD COLUMN decision bytea;
-- Both are written once and mostly never read: to move either to another table would cost more than it saves, and
-- what is sealed does not shrink.
ALTER TABLE requests SET (toast_tuple_target = 8160);
ALTER TABLE requests ALTER COLUMN sealed_csr SET STORAGE EXTERNAL;
-- Whoever asks why has a transactionID or a fingerprint in hand.
CREATE INDEX requests_transaction ON requests USING hash (transaction_id);
CREATE INDEX requests_csr ON requests USING hash (csr_sha256);

-- What a message came to that wrote no row of its own: refusals, repetitions, polls; and operators' approvals. The same
-- message with the same outcome is one row for each day, so that who repeats himself fills no table; no index holds a
-- column that a repetition changes.
CREATE TABLE decisions (
    decision_id uuid PRIMARY KEY,
    -- UTC, of the first.
    day date NOT NULL,
    ca_id bigint NOT NULL REFERENCES cas,
    -- What it repeats, polls for or approves.
    request_id bigint REFERENCES requests,
    transaction_id bytea NOT NULL CHECK (octet_length(transaction_id) <= 255),
    csr_sha256 bytea CHECK (octet_length(csr_sha256) = 32),
    -- certifier.v1.DecisionRecord of the first.
    record bytea NOT NULL,
    message_count bigint NOT NULL CHECK (message_count > 0),
    last_at timestamptz NOT NULL
) WITH (fillfactor = 85);
CREATE INDEX decisions_day ON decisions (day);
CREATE INDEX decisions_request ON decisions (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX decisions_transaction ON decisions USING hash (transaction_id);
CREATE INDEX decisions_csr ON decisions USING hash (csr_sha256) WHERE csr_sha256 IS NOT NULL;
