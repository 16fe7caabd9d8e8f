-- Which pre-shared keys end soon, without those that are used up: of a fleet that was enrolled lately these are nearly all.
-- A use of a key then changes each of its indexes, which the full pages of such a table ask for anyway.

CREATE INDEX pre_shared_keys_usable_end ON pre_shared_keys (ca_id, expires_at)
    WHERE disabled_at IS NULL AND use_count + reserved_count < use_limit;
