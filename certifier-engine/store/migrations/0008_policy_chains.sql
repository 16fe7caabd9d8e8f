-- Policies become chains of modules, and entities have attributes and names of their own.

-- Free names and values, which parameterise modules; and what a request for the entity must be called.
ALTER TABLE entities ADD COLUMN attributes jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(attributes) = 'object');
ALTER TABLE entities ADD COLUMN bound_subject text;
ALTER TABLE entities ADD COLUMN bound_alternative_names text[];
ALTER TABLE pre_shared_keys ADD CHECK (jsonb_typeof(policy_attributes) = 'object');

-- certifier.v1.CertificateTemplate as the chain that held the request left it, or as an operator edited it.
ALTER TABLE requests ADD COLUMN held_template bytea;

-- The policies from before say the same as chains. Versions stay otherwise as they were applied, so this is the one time
-- that their trigger does not speak.
CREATE FUNCTION verdict_of(decision text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE decision WHEN 'DECISION_ISSUE' THEN 'VERDICT_ACCEPT' WHEN 'DECISION_HOLD' THEN 'VERDICT_HOLD'
                         ELSE 'VERDICT_DENY' END
$$;
CREATE FUNCTION chains_of(d jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object(
        'name', d->'name',
        'description', coalesce(d->'description', '""'),
        'receive_request', jsonb_build_object('modules', c.content || jsonb_build_array(
            jsonb_build_object('require_signer', jsonb_build_object(
                'then', CASE coalesce(d->'renewal'->>'decision', 'DECISION_UNSPECIFIED')
                             WHEN 'DECISION_UNSPECIFIED' THEN 'VERDICT_ACCEPT'
                             ELSE verdict_of(d->'renewal'->>'decision') END,
                'otherwise', 'VERDICT_PASS',
                'window_percent', coalesce(d->'renewal'->'window_percent', '0'),
                'grace_days', coalesce(d->'renewal'->'grace_days', '0'),
                'key_may_stay', coalesce(d->'renewal'->'key_may_stay', 'false'),
                'max_renewals', coalesce(d->'renewal'->'max_renewals', '0'))),
            jsonb_build_object('require_key', jsonb_build_object(
                'then', verdict_of(d->>'with_key'), 'otherwise', 'VERDICT_PASS')),
            CASE d->>'without_key' WHEN 'DECISION_HOLD' THEN jsonb_build_object('require_approval', jsonb_build_object())
                 ELSE jsonb_build_object('deny', jsonb_build_object('reason', 'nobody vouches for the device')) END)),
        'accept_request', jsonb_build_object('modules', jsonb_build_array(
            jsonb_build_object('set_validity', jsonb_build_object('days', d->'validity_days')),
            jsonb_build_object('set_key_usage', jsonb_build_object('usages', d->'key_usage')),
            jsonb_build_object('set_extended_key_usage', jsonb_build_object(
                'purposes', coalesce(d->'extended_key_usage', '[]'))),
            jsonb_build_object('accept_all', jsonb_build_object()))),
        'update_request', jsonb_build_object('modules',
            c.content || jsonb_build_array(jsonb_build_object('accept_all', jsonb_build_object()))))
      FROM (SELECT jsonb_build_array(
                jsonb_build_object('allowed_keys', jsonb_build_object('algorithms', d->'allowed_keys')),
                jsonb_build_object('match_subject', jsonb_build_object(
                    'common_name_is_entity', coalesce(d->'subject'->'common_name_is_entity', 'false'),
                    'entity_may_be_absent', true,
                    'common_name_patterns', coalesce(d->'subject'->'common_name_patterns', '[]'),
                    'may_be_empty', coalesce(d->'subject'->'may_be_empty', 'false'))),
                jsonb_build_object('match_alternative_names', jsonb_build_object(
                    'allowed_kinds', coalesce(d->'subject_alternative_name'->'allowed_kinds', '[]'),
                    'dns_patterns', coalesce(d->'subject_alternative_name'->'dns_patterns', '[]'),
                    'max_count', coalesce(d->'subject_alternative_name'->'max_count', '0')))) AS content) c
$$;
ALTER TABLE policy_versions DISABLE TRIGGER policy_versions_append_only;
UPDATE policy_versions SET document = chains_of(document);
ALTER TABLE policy_versions ENABLE TRIGGER policy_versions_append_only;

-- Further ready-made policies, and for all of them the chain that lets operators edit a request within the same bounds.
CREATE FUNCTION ready_made(name text, description text, vouching jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object(
        'name', name,
        'description', description,
        'receive_request', jsonb_build_object('modules', c.content || vouching),
        'accept_request', jsonb_build_object('modules', jsonb_build_array(
            jsonb_build_object('set_validity', jsonb_build_object('days', 365)),
            jsonb_build_object('set_key_usage', jsonb_build_object('usages',
                jsonb_build_array('digital_signature', 'key_encipherment'))),
            jsonb_build_object('set_extended_key_usage', jsonb_build_object('purposes', jsonb_build_array('client_auth'))),
            jsonb_build_object('accept_all', jsonb_build_object()))),
        'update_request', jsonb_build_object('modules',
            c.content || jsonb_build_array(jsonb_build_object('accept_all', jsonb_build_object()))))
      FROM (SELECT jsonb_build_array(
                jsonb_build_object('allowed_keys', jsonb_build_object('algorithms',
                    jsonb_build_array('rsa-2048', 'ecdsa-p256', 'ecdsa-p384'))),
                jsonb_build_object('match_subject', jsonb_build_object()),
                jsonb_build_object('match_alternative_names', jsonb_build_object('allowed_kinds',
                    jsonb_build_array('dns', 'ip', 'email', 'uri')))) AS content) c
$$;
WITH ready (name, document) AS (
    SELECT r.name, ready_made(r.name, r.description, r.vouching)
      FROM (VALUES
        ('issue-for-key', 'Issue for a valid key, renew, and refuse everything else', jsonb_build_array(
            '{"require_signer": {"then": "VERDICT_ACCEPT", "otherwise": "VERDICT_PASS"}}'::jsonb,
            '{"require_key": {"then": "VERDICT_ACCEPT"}}'::jsonb)),
        ('key-and-approval', 'Ask for a valid key and for an operator''s approval; renew', jsonb_build_array(
            '{"require_signer": {"then": "VERDICT_ACCEPT", "otherwise": "VERDICT_PASS"}}'::jsonb,
            '{"require_key": {"rejection_releases_use": true}}'::jsonb,
            '{"require_approval": {}}'::jsonb)),
        ('renewals-only', 'Renew what this policy or its predecessor issued, and nothing else', jsonb_build_array(
            '{"require_signer": {"then": "VERDICT_ACCEPT"}}'::jsonb)))
        AS r (name, description, vouching)
     WHERE NOT EXISTS (SELECT 1 FROM policies p WHERE lower(p.name) = r.name)
), made AS (
    INSERT INTO policies (name) SELECT name FROM ready RETURNING policy_id, name
)
INSERT INTO policy_versions (policy_id, version, document, applied_at, applied_by)
SELECT m.policy_id, 1, r.document, now(), 'certifier' FROM made m JOIN ready r ON r.name = m.name;

DROP FUNCTION ready_made(text, text, jsonb);
DROP FUNCTION chains_of(jsonb);
DROP FUNCTION verdict_of(text);
