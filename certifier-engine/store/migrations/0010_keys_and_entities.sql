-- A request that waits reserves a use of its key; keys remember how they were made and used, and can be disabled.

-- Uses that requests hold which wait: the sum over the open ones that reserve one.
ALTER TABLE pre_shared_keys ADD COLUMN reserved_count integer NOT NULL DEFAULT 0 CHECK (reserved_count >= 0);
ALTER TABLE pre_shared_keys ADD CONSTRAINT pre_shared_keys_uses_check CHECK (use_count + reserved_count <= use_limit);
-- Whether the request reserved a use of its key when it was recorded, which it holds while it is open; and whether the
-- policy that held it gives that back when it is rejected or expires. Otherwise the use is consumed.
ALTER TABLE requests ADD COLUMN reserves_use boolean NOT NULL DEFAULT false
    CHECK (NOT reserves_use OR pre_shared_key_id IS NOT NULL);
ALTER TABLE requests ADD COLUMN releases_use boolean NOT NULL DEFAULT false;

-- What waits already reserves a use each, the oldest first, as far as its key has them. What finds none takes one when it
-- is approved, if there is one then.
WITH waiting AS (
    SELECT r.request_id, k.pre_shared_key_id, k.use_limit - k.use_count AS left_over,
           row_number() OVER (PARTITION BY k.pre_shared_key_id ORDER BY r.request_id) AS place,
           jsonb_path_exists(v.document, '$.receive_request.modules[*].require_key.rejection_releases_use ? (@ == true)')
               AS releases_use
      FROM requests r
      JOIN pre_shared_keys k ON k.pre_shared_key_id = r.pre_shared_key_id
      JOIN policy_versions v ON v.policy_version_id = r.policy_version_id
     WHERE r.state IN ('pending', 'postponed', 'approved')
), reserving AS (
    UPDATE requests r
       SET reserves_use = true, releases_use = w.releases_use
      FROM waiting w
     WHERE w.request_id = r.request_id AND w.place <= w.left_over
    RETURNING r.pre_shared_key_id
)
UPDATE pre_shared_keys k
   SET reserved_count = n.reserved
  FROM (SELECT r.pre_shared_key_id, count(1) AS reserved FROM reserving r GROUP BY r.pre_shared_key_id) n
 WHERE k.pre_shared_key_id = n.pre_shared_key_id;

-- Whether the value was drawn by us or typed in by an operator, and when it was last replaced.
ALTER TABLE pre_shared_keys ADD COLUMN type text NOT NULL DEFAULT 'generated' CHECK (type IN ('generated', 'typed'));
ALTER TABLE pre_shared_keys ADD COLUMN rekeyed_at timestamptz;
ALTER TABLE pre_shared_keys ADD COLUMN rekeyed_by text;
-- A disabled key vouches for nothing, for ever.
ALTER TABLE pre_shared_keys ADD COLUMN disabled_at timestamptz;
ALTER TABLE pre_shared_keys ADD COLUMN disabled_by text;
-- Its last use, by a request that was issued or that waited. For people: nothing is decided by it.
ALTER TABLE pre_shared_keys ADD COLUMN last_used_at timestamptz;
ALTER TABLE pre_shared_keys ADD COLUMN last_used_from text;
ALTER TABLE pre_shared_keys ADD COLUMN last_request_id bigint;
ALTER TABLE pre_shared_keys ADD CHECK ((rekeyed_at IS NULL) = (rekeyed_by IS NULL));
ALTER TABLE pre_shared_keys ADD CHECK ((disabled_at IS NULL) = (disabled_by IS NULL));
ALTER TABLE pre_shared_keys ADD CHECK ((last_used_at IS NULL) = (last_used_from IS NULL)
                                   AND (last_used_at IS NULL) = (last_request_id IS NULL));

-- The requests of an entity, and with them its certificates.
CREATE INDEX requests_of_entity ON requests (entity_id, request_id) WHERE entity_id IS NOT NULL;
