-- What a held request waits for, who has said yes to it, and to which template.

-- Of a request that was held; null of one that was issued at once.
ALTER TABLE requests ADD COLUMN required_approvals smallint CHECK (required_approvals BETWEEN 1 AND 8);
ALTER TABLE requests ADD COLUMN required_groups text[] CHECK (cardinality(required_groups) BETWEEN 1 AND 64);
ALTER TABLE requests ADD COLUMN key_maker_may_approve_alone boolean;
-- Grows with every edit of held_template.
ALTER TABLE requests ADD COLUMN template_version integer CHECK (template_version >= 1);
UPDATE requests SET required_approvals = 1, template_version = 1 WHERE state IN ('pending', 'postponed', 'approved');
ALTER TABLE requests ADD CHECK (state NOT IN ('pending', 'postponed', 'approved')
                                OR required_approvals IS NOT NULL AND template_version IS NOT NULL);

-- One operator's yes to exactly one PKCS#10 and one template, with the fingerprint that was typed.
CREATE TABLE approvals (
    request_id       bigint      NOT NULL REFERENCES requests ON DELETE CASCADE,
    template_version integer     NOT NULL CHECK (template_version >= 1),
    login            text        NOT NULL CHECK (length(login) BETWEEN 1 AND 128),
    groups           text[]      NOT NULL CHECK (cardinality(groups) <= 16),
    csr_sha256       bytea       NOT NULL CHECK (octet_length(csr_sha256) = 32),
    fingerprint      bytea       NOT NULL CHECK (octet_length(fingerprint) IN (16, 20, 32)),
    approved_at      timestamptz NOT NULL,
    PRIMARY KEY (request_id, template_version, login)
);
