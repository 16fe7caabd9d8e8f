-- What failed last. What else reports read comes in files of its own, since each has a transaction of its own: one that
-- locked several of these tables would wait for enrolments that wait for it.

-- When a message last came to this failure; null for what is none, so that polls of what waits change no index.
ALTER TABLE decisions ADD COLUMN failed_at timestamptz;
CREATE INDEX decisions_failed ON decisions (ca_id, failed_at DESC, decision_id DESC) WHERE failed_at IS NOT NULL;
