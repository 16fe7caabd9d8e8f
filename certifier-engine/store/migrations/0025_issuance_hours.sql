-- How much is issued and refused, by the hour.

-- How much each hour saw. What seals events counts them, once each, so that no enrolment waits for a row of others.
CREATE TABLE issuance_hours (
    ca_id bigint NOT NULL,
    begins_at timestamptz NOT NULL,
    issued bigint NOT NULL CHECK (issued >= 0),
    refused bigint NOT NULL CHECK (refused >= 0),
    PRIMARY KEY (ca_id, begins_at)
);
-- Each event by its own look-up (OFFSET 0 keeps it so): the plan is kept while the log grows.
CREATE FUNCTION count_sealed_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO issuance_hours AS h (ca_id, begins_at, issued, refused)
    SELECT e.ca_id, date_trunc('hour', e.occurred_at, 'UTC'),
           count(1) FILTER (WHERE e.kind = 'certificate_issued'),
           count(1) FILTER (WHERE e.kind <> 'certificate_issued')
      FROM sealed s
     CROSS JOIN LATERAL (SELECT f.ca_id, f.kind, f.occurred_at
                           FROM audit_events f WHERE f.audit_event_id = s.audit_event_id OFFSET 0) e
     WHERE e.kind IN ('certificate_issued', 'request_refused', 'request_rejected') AND e.ca_id IS NOT NULL
     GROUP BY 1, 2
     ORDER BY 1, 2
        ON CONFLICT (ca_id, begins_at) DO UPDATE
       SET issued = h.issued + excluded.issued, refused = h.refused + excluded.refused;
    RETURN NULL;
END
$$;
CREATE TRIGGER count_sealed_events AFTER INSERT ON audit_positions
    REFERENCING NEW TABLE AS sealed FOR EACH STATEMENT EXECUTE FUNCTION count_sealed_events();
INSERT INTO issuance_hours (ca_id, begins_at, issued, refused)
SELECT e.ca_id, date_trunc('hour', e.occurred_at, 'UTC'),
       count(1) FILTER (WHERE e.kind = 'certificate_issued'),
       count(1) FILTER (WHERE e.kind <> 'certificate_issued')
  FROM audit_positions p
  JOIN audit_events e ON e.audit_event_id = p.audit_event_id
 WHERE e.kind IN ('certificate_issued', 'request_refused', 'request_rejected') AND e.ca_id IS NOT NULL
 GROUP BY 1, 2;
