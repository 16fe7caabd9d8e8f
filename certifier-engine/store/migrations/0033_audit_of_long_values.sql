-- A change deep in a long value is told too: what is cut says how long it was, and its digest.

CREATE FUNCTION audit_excerpt(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN length(value) <= 500 THEN value
                ELSE left(value, 400) || '... (' || length(value) || ' characters, SHA-256 '
                     || encode(sha256(convert_to(value, 'UTF8')), 'hex') || ')' END
$$;
CREATE OR REPLACE FUNCTION audit_changes(before jsonb, after jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_object_agg(a.key, jsonb_build_object('from', audit_excerpt(before->>a.key),
                                                      'to', audit_excerpt(a.value)))
      FROM jsonb_each_text(after) a
     WHERE a.value IS DISTINCT FROM before->>a.key
$$;
