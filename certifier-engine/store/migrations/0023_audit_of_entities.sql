-- What operators do with a request is about its key and its entity too, as all else about the request is, so that an
-- entity's history lacks nothing. Events from before stay as they were sealed.
CREATE OR REPLACE FUNCTION audit_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM record_audit_event('request_approved', r.ca_id,
        jsonb_build_object('request', NEW.request_id::text, 'key', k.reference_number, 'entity', e.name),
        jsonb_build_object('template_version', NEW.template_version, 'fingerprint', encode(NEW.fingerprint, 'hex'),
                           'csr_sha256', encode(NEW.csr_sha256, 'hex'), 'groups', to_jsonb(NEW.groups)),
        NEW.login)
      FROM requests r
      LEFT JOIN pre_shared_keys k ON k.pre_shared_key_id = r.pre_shared_key_id
      LEFT JOIN entities e ON e.entity_id = r.entity_id
     WHERE r.request_id = NEW.request_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION audit_edit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM record_audit_event('request_edited', r.ca_id,
        jsonb_build_object('request', NEW.request_id::text, 'key', k.reference_number, 'entity', e.name),
        jsonb_build_object('template_version', NEW.template_version,
                           'template_sha256', encode(sha256(NEW.held_template), 'hex')),
        NEW.edited_by)
      FROM requests r
      LEFT JOIN pre_shared_keys k ON k.pre_shared_key_id = r.pre_shared_key_id
      LEFT JOIN entities e ON e.entity_id = r.entity_id
     WHERE r.request_id = NEW.request_id;
    RETURN NULL;
END
$$;
