-- Lists and searches that stay fast with millions of rows: by CA and state in the order of the list, and by words.

-- What a list of some CAs, in some state, pages through.
CREATE INDEX requests_of_ca ON requests (ca_id, state, request_id);
CREATE INDEX certificates_of_ca ON certificates (ca_id, certificate_id);
CREATE INDEX pre_shared_keys_of_ca ON pre_shared_keys (ca_id, pre_shared_key_id);

-- A word is all between white space or punctuation, in small letters, and also each part of it between colons, and
-- between dots, colons and at signs: "dns:gw-17.branch.example" is found by itself, by "gw-17.branch.example", by
-- "gw-17" and by "branch".
CREATE FUNCTION words_of(text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_split_to_array(lower($1), '[\x01-\x2c\x2f\x3b-\x3f\x5b-\x5e\x60\x7b-\x7f]+')
$$;
-- Words are cut: PostgreSQL takes none of over 2046 octets. Marks are words that no text has.
CREATE FUNCTION search_words(texts text, marks text[]) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    words text[] := words_of(texts);
    line text;
BEGIN
    IF length(texts) > 500 THEN
        words := ARRAY(SELECT left(w, 200) FROM unnest(words) AS w);
    END IF;
    line := array_to_string(words, ' ');
    RETURN array_to_tsvector(array_remove(words || string_to_array(translate(line, ':', ' '), ' ')
                                          || string_to_array(translate(line, '.:@', '   '), ' '), '') || marks);
END
$$;

-- What a search looks for, or null for nothing: each of `required`, one of `optional` if there are any, none of
-- `excluded`. Of a term all words must be there; with an asterisk at its end its last one may go on.
CREATE FUNCTION search_term(term text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT '(' || string_agg('''' || left(w.word, 200) || '''', ' & ' ORDER BY w.place)
           || CASE WHEN term LIKE '%*' THEN ':*)' ELSE ')' END
      FROM unnest(words_of(term)) WITH ORDINALITY AS w (word, place)
     WHERE w.word <> ''
$$;
CREATE FUNCTION search_query(required text[], optional text[], excluded text[]) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT nullif(array_to_string(array_remove(
               ARRAY(SELECT search_term(t) FROM unnest(required) AS t)
               || ('(' || nullif(array_to_string(ARRAY(SELECT search_term(t) FROM unnest(optional) AS t), ' | '), '')
                   || ')')
               || ARRAY(SELECT '!' || search_term(t) FROM unnest(excluded) AS t), NULL), ' & '), '')::tsquery
$$;

-- Subject and alternative names of the certificate, where they are others than those of the PKCS#10.
ALTER TABLE requests ADD COLUMN issued_names text[];
-- What a request is found by: also, with a number sign, which no word has, its state, its CA, and which 8192 requests
-- it is among.
ALTER TABLE requests ADD COLUMN search_words tsvector;
-- A transactionID is text with most clients, and octets with some.
CREATE FUNCTION transaction_text(bytea) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN strpos(encode($1, 'escape'), E'\\') > 0 THEN encode($1, 'hex') ELSE encode($1, 'escape') END
$$;
CREATE FUNCTION search_words_of(request requests) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
DECLARE
    texts text := concat_ws(' ', request.subject, array_to_string(request.subject_alternative_names, ' '),
                            array_to_string(request.issued_names, ' '), transaction_text(request.transaction_id),
                            request.source_address);
    name text;
BEGIN
    IF request.entity_id IS NOT NULL THEN
        SELECT e.name INTO name FROM entities e WHERE e.entity_id = request.entity_id;
        texts := concat_ws(' ', texts, name);
    END IF;
    IF request.pre_shared_key_id IS NOT NULL THEN
        SELECT k.reference_number INTO name FROM pre_shared_keys k
         WHERE k.pre_shared_key_id = request.pre_shared_key_id;
        texts := concat_ws(' ', texts, name);
    END IF;
    RETURN search_words(texts, ARRAY ['#' || request.state, '#ca' || request.ca_id, '#' || (request.request_id >> 13)]);
END
$$;
UPDATE requests r SET search_words = search_words_of(r);
ALTER TABLE requests ALTER COLUMN search_words SET NOT NULL;
CREATE FUNCTION fill_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_words := search_words_of(NEW);
    RETURN NEW;
END
$$;
CREATE TRIGGER fill_search_words BEFORE INSERT OR UPDATE OF state, issued_names ON requests
    FOR EACH ROW EXECUTE FUNCTION fill_search_words();
-- Searches read what was written since the last vacuum too, so that there must not be much of it.
CREATE INDEX requests_words ON requests USING gin (search_words) WITH (gin_pending_list_limit = 512);

-- Of what is revoked, which is little, its own: what the request of its certificate is found by never changes any more.
ALTER TABLE revocations ADD COLUMN ca_id bigint;
ALTER TABLE revocations ADD COLUMN request_id bigint;
ALTER TABLE revocations ADD COLUMN search_words tsvector;
ALTER TABLE revocations DISABLE TRIGGER USER;
UPDATE revocations v SET ca_id = r.ca_id, request_id = r.request_id, search_words = r.search_words
  FROM certificates c JOIN requests r ON r.request_id = c.request_id WHERE c.certificate_id = v.certificate_id;
ALTER TABLE revocations ENABLE TRIGGER USER;
ALTER TABLE revocations ALTER COLUMN ca_id SET NOT NULL, ALTER COLUMN request_id SET NOT NULL,
    ALTER COLUMN search_words SET NOT NULL;
CREATE FUNCTION fill_revocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT r.ca_id, r.request_id, r.search_words INTO NEW.ca_id, NEW.request_id, NEW.search_words
      FROM certificates c JOIN requests r ON r.request_id = c.request_id WHERE c.certificate_id = NEW.certificate_id;
    RETURN NEW;
END
$$;
CREATE TRIGGER fill_revocation BEFORE INSERT ON revocations FOR EACH ROW EXECUTE FUNCTION fill_revocation();
CREATE INDEX revocations_words ON revocations USING gin (search_words);
CREATE UNIQUE INDEX revocations_of_request ON revocations (request_id);
CREATE INDEX revocations_of_ca ON revocations (ca_id, state, certificate_id);

CREATE INDEX entities_words ON entities USING gin (search_words(name || ' ' || description, '{}'));

-- Words with a number sign before them, one of which must be there.
CREATE FUNCTION search_marks(marks text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_agg('''#' || m || '''', ' | ')::tsquery FROM unnest(marks) AS m
$$;
-- Null for null; of no CA at all nothing is found.
CREATE FUNCTION search_cas(cas bigint[]) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT search_marks(CASE WHEN cas = '{}' THEN ARRAY ['none'] ELSE ARRAY(SELECT 'ca' || c FROM unnest(cas) AS c) END)
$$;

-- The newest requests below `before` that are searched for, of these CAs (null: of all), in these states. It goes from
-- the newest 8192 to the oldest, in larger steps where it finds little, so that a word that most have costs no more
-- than one that few have. Words that begin with something are many to look up: in the newest they are looked for in
-- what is found otherwise, and then at once in all that is older. Always by the index of words, whose cost is bounded,
-- and never along the ids until enough are found: hence the "+ 0".
CREATE FUNCTION search_requests(required text[], optional text[], excluded text[], cas bigint[], states text[],
                                only_good boolean, before bigint, size integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET plan_cache_mode = 'force_custom_plan' AS $$
DECLARE
    marks tsquery := search_marks(states);
    everything tsquery := search_query(required, optional, excluded);
    has_beginning boolean := EXISTS (SELECT 1 FROM unnest(required || optional || excluded) AS t WHERE t LIKE '%*');
    looked_up tsquery := everything;
    among tsquery;
    part bigint;
    oldest bigint;
    last_part bigint;
    step bigint := 1;
    missing integer := size;
    found integer;
BEGIN
    IF cas = '{}' OR states = '{}' THEN
        RETURN;
    END IF;
    IF cas IS NOT NULL THEN
        marks := marks && search_cas(cas);
    END IF;
    SELECT max(r.request_id) >> 13, min(r.request_id) >> 13 INTO part, oldest
      FROM requests r WHERE r.request_id < before;
    last_part := oldest;
    IF has_beginning THEN
        last_part := greatest(oldest, part - 3);
        looked_up := search_query(ARRAY(SELECT t FROM unnest(required) AS t WHERE t NOT LIKE '%*'), '{}', '{}');
    END IF;
    WHILE part >= last_part AND missing > 0 LOOP
        among := coalesce(looked_up && marks, marks) && search_marks(
            ARRAY(SELECT p::text FROM generate_series(greatest(part - step + 1, last_part), part) AS p));
        RETURN QUERY
            SELECT r.request_id
              FROM requests r
             WHERE r.search_words @@ among
               AND (NOT has_beginning OR ts_match_vq(r.search_words, everything))
               AND r.request_id + 0 < before
               AND (NOT only_good OR NOT EXISTS (SELECT 1 FROM revocations v WHERE v.request_id = r.request_id))
             ORDER BY r.request_id + 0 DESC LIMIT missing;
        GET DIAGNOSTICS found = ROW_COUNT;
        missing := missing - found;
        part := part - step;
        step := least(2 * step, 8);
    END LOOP;
    IF has_beginning AND last_part > oldest AND missing > 0 THEN
        RETURN QUERY
            SELECT r.request_id
              FROM requests r
             WHERE r.search_words @@ (everything && marks)
               AND r.request_id + 0 < (last_part << 13)
               AND r.request_id + 0 < before
               AND (NOT only_good OR NOT EXISTS (SELECT 1 FROM revocations v WHERE v.request_id = r.request_id))
             ORDER BY r.request_id + 0 DESC LIMIT missing;
    END IF;
END
$$;
