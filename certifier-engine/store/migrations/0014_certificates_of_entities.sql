-- Finds the certificates of an entity that have not expired without a look at all that it ever asked for. Both columns
-- repeat what the certificate's request says, which never changes; entity_id is null where the request is of no entity.
ALTER TABLE certificates ADD COLUMN ca_id bigint;
ALTER TABLE certificates ADD COLUMN entity_id bigint;
ALTER TABLE certificates DISABLE TRIGGER certificates_append_only;
UPDATE certificates t SET ca_id = r.ca_id, entity_id = r.entity_id FROM requests r WHERE r.request_id = t.request_id;
ALTER TABLE certificates ENABLE TRIGGER certificates_append_only;
ALTER TABLE certificates ALTER COLUMN ca_id SET NOT NULL;
CREATE INDEX certificates_of_entity ON certificates (entity_id, ca_id, not_after) WHERE entity_id IS NOT NULL;

-- Engines that do not know of the columns yet, while a deployment is upgraded one by one.
CREATE FUNCTION complete_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT r.ca_id, r.entity_id INTO NEW.ca_id, NEW.entity_id FROM requests r WHERE r.request_id = NEW.request_id;
    RETURN NEW;
END
$$;
CREATE TRIGGER complete_certificate BEFORE INSERT ON certificates FOR EACH ROW
    WHEN (NEW.ca_id IS NULL) EXECUTE FUNCTION complete_certificate();
