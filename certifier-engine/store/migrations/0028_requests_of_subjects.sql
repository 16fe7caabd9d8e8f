-- Whether a device got another certificate by a new key.

CREATE INDEX requests_of_subject ON requests USING hash (subject);
