-- One request under several transactionIDs, how long outcomes are repeated, and how much may wait.

-- Further transactionIDs of a request: its device asked again under another one while it waited (requirements P-34).
CREATE TABLE request_aliases (
    ca_id bigint NOT NULL REFERENCES cas,
    transaction_id bytea NOT NULL CHECK (octet_length(transaction_id) BETWEEN 1 AND 255),
    requester_key bytea NOT NULL CHECK (octet_length(requester_key) = 32),
    request_id bigint NOT NULL REFERENCES requests,
    PRIMARY KEY (ca_id, transaction_id, requester_key)
);
CREATE INDEX request_aliases_request ON request_aliases (request_id);

-- One open request for a key and subject, under whatever transactionID. In a renewal the key that is asked for may be
-- another each time, so each waits for itself.
UPDATE requests r
   SET state = 'expired'
 WHERE r.state IN ('pending', 'postponed', 'approved') AND r.renewed_certificate_id IS NULL
   AND EXISTS (SELECT 1
                 FROM requests n
                WHERE n.ca_id = r.ca_id AND n.requester_key = r.requester_key AND n.subject = r.subject
                  AND n.state IN ('pending', 'postponed', 'approved') AND n.renewed_certificate_id IS NULL
                  AND n.request_id > r.request_id);
CREATE UNIQUE INDEX requests_one_open_subject ON requests (ca_id, requester_key, md5(subject))
    WHERE state IN ('pending', 'postponed', 'approved') AND renewed_certificate_id IS NULL;
CREATE INDEX requests_open_key ON requests (ca_id, requester_key) WHERE state IN ('pending', 'postponed', 'approved');
CREATE INDEX requests_open_source ON requests (source_address) WHERE state IN ('pending', 'postponed', 'approved');

-- Somebody else's request waited under this transactionID when this one came (requirements P-30).
ALTER TABLE requests ADD COLUMN has_collision boolean NOT NULL DEFAULT false;

-- A rejection that is not repeated any more: the same PKCS#10 is judged anew.
ALTER TABLE requests ADD COLUMN is_forgotten boolean NOT NULL DEFAULT false;
ALTER TABLE requests ADD CHECK (NOT is_forgotten OR state = 'rejected');
-- The rule is as before; the order of the columns also finds a PKCS#10 under any transactionID (requirements P-34), so
-- that no enrolment pays for a further index.
DROP INDEX requests_identity;
CREATE UNIQUE INDEX requests_identity ON requests (ca_id, requester_key, csr_sha256, transaction_id)
    WHERE state <> 'expired' AND NOT is_forgotten;
CREATE INDEX requests_rejected ON requests (decided_at) WHERE state = 'rejected' AND NOT is_forgotten;
