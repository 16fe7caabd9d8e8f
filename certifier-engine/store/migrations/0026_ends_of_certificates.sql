-- Which certificates end soon, or ended lately.

CREATE INDEX certificates_end ON certificates (ca_id, not_after);
