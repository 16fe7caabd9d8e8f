-- What a held request waits for, who has said yes to it, and to which template.

-- Of a request that was held; null of one that was issued at once.
ALTER TABLE requests ADD COLUMN required_approvals smallint CHECK (required_approvals BETWEEN 1 AND 8);
ALTER TABLE requests ADD COLUMN required_groups text[] CHECK (cardinality(required_groups) BETWEEN 1 AND 64);
-- Null: nobody said, and he may not.
ALTER TABLE requests ADD COLUMN key_maker_may_approve_alone boolean;
-- Who made or replaced the value that its key had when it came.
ALTER TABLE requests ADD COLUMN key_makers text[];
-- Grows with every edit of held_template; by whom the last was, if there was one.
ALTER TABLE requests ADD COLUMN template_version integer CHECK (template_version >= 1);
ALTER TABLE requests ADD COLUMN template_edited_by text;
UPDATE requests r
   SET required_approvals = 1, template_version = 1,
       key_makers = (SELECT array_remove(ARRAY [k.created_by, k.rekeyed_by], NULL)
                       FROM pre_shared_keys k WHERE k.pre_shared_key_id = r.pre_shared_key_id)
 WHERE r.state IN ('pending', 'postponed', 'approved');
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

-- The versions of an edited template, the first one, which no operator made, among them: what approvals were for.
CREATE TABLE held_templates (
    request_id       bigint      NOT NULL REFERENCES requests ON DELETE CASCADE,
    template_version integer     NOT NULL CHECK (template_version >= 1),
    held_template    bytea       NOT NULL,
    edited_by        text        CHECK (length(edited_by) BETWEEN 1 AND 128),
    edited_at        timestamptz NOT NULL,
    PRIMARY KEY (request_id, template_version),
    CHECK ((edited_by IS NULL) = (template_version = 1))
);

-- Engines that do not know of approvals yet, while a deployment is upgraded one by one: what they hold waits for one
-- operator, and they issue nothing that waits for more.
CREATE FUNCTION complete_held_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.required_approvals := 1;
    NEW.template_version := 1;
    RETURN NEW;
END
$$;
CREATE TRIGGER complete_held_request BEFORE INSERT ON requests FOR EACH ROW
    WHEN (NEW.state IN ('pending', 'postponed', 'approved') AND NEW.required_approvals IS NULL)
    EXECUTE FUNCTION complete_held_request();
CREATE FUNCTION refuse_unapproved_issue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(1) FROM approvals a
         WHERE a.request_id = NEW.request_id AND a.template_version = NEW.template_version) < NEW.required_approvals THEN
        RAISE EXCEPTION 'too few operators have approved request %', NEW.request_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER refuse_unapproved_issue BEFORE UPDATE OF state ON requests FOR EACH ROW
    WHEN (OLD.state IN ('pending', 'postponed', 'approved') AND NEW.state = 'issued'
          AND (NEW.required_approvals > 1 OR NEW.required_groups IS NOT NULL))
    EXECUTE FUNCTION refuse_unapproved_issue();
