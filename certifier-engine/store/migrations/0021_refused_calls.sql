-- Calls of a day that were refused to an operator who lacks the access level, by his login, the method and where he was;
-- and wrong initialization tokens, whose login is empty: whoever brings one is nobody yet. As with wrong passwords the
-- 1st, 10th, 100th ... is an event, so that no flood of them fills the log.
CREATE TABLE refused_calls (
    day date NOT NULL,
    login text NOT NULL,
    method text NOT NULL CHECK (method <> '' AND length(method) <= 64),
    source_key bytea NOT NULL CHECK (octet_length(source_key) <= 64),
    source text NOT NULL CHECK (length(source) <= 64),
    attempts bigint NOT NULL CHECK (attempts >= 1),
    PRIMARY KEY (day, login, method, source_key)
);
CREATE FUNCTION audit_refused_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM record_audit_event('operator_refused', NULL, jsonb_build_object('operator', nullif(NEW.login, '')),
        jsonb_build_object('call', NEW.method, 'attempts_of_the_day', NEW.attempts), NEW.login, NEW.source);
    RETURN NULL;
END
$$;
CREATE TRIGGER audit_refused_call AFTER INSERT OR UPDATE ON refused_calls FOR EACH ROW
    WHEN (NEW.attempts::text ~ '^10*$') EXECUTE FUNCTION audit_refused_call();
