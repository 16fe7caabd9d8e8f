-- Pre-shared keys that were made in bulk can be asked for again for a while, so that a crash between the commit and the
-- answer loses none.

-- All that one run of an operator's program makes. The row stays, so that nothing is made under its token once more.
CREATE TABLE key_batches (
    key_batch_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- A keyed digest of the token that the program holds.
    token_digest bytea NOT NULL UNIQUE CHECK (octet_length(token_digest) = 32),
    -- Without it nobody can derive the values, not even with the token and the key-encryption key. Nothing: the batch
    -- has ended.
    salt bytea CHECK (octet_length(salt) = 32),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    repeatable_until timestamptz NOT NULL CHECK (repeatable_until > created_at)
);
CREATE INDEX key_batches_repeatable ON key_batches (repeatable_until) WHERE salt IS NOT NULL;

-- Which key is which item's, while the batch may be repeated.
CREATE TABLE key_batch_items (
    key_batch_id bigint NOT NULL REFERENCES key_batches,
    item integer NOT NULL CHECK (item BETWEEN 0 AND 999999),
    pre_shared_key_id bigint NOT NULL UNIQUE REFERENCES pre_shared_keys,
    -- SHA-256 of what the operator asked for.
    specification_digest bytea NOT NULL CHECK (octet_length(specification_digest) = 32),
    PRIMARY KEY (key_batch_id, item)
);
