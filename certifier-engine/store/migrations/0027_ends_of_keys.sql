-- Which pre-shared keys end soon.

CREATE INDEX pre_shared_keys_end ON pre_shared_keys (ca_id, expires_at) WHERE disabled_at IS NULL;
