-- Searches of what most requests have, or do not have, stay fast too.

-- The newest requests below `before` that are searched for, of these CAs (null: of all), in these states (null: in any).
-- It goes from the newest 8192 to the oldest, in larger steps where it finds little, so that a word that most have costs no
-- more than one that few have. Always by the index of words, whose cost is bounded, and never along the ids until enough are
-- found: hence the "+ 0".
-- Words that begin with something are many to look up, once for each step. So a sample says where such requests are: if among
-- the newest, it looks for them there in what is found otherwise. In what is older it looks them up at once, from where the
-- sample says that there are enough of them on, unless to fetch them all costs less.
CREATE OR REPLACE FUNCTION search_requests(required text[], optional text[], excluded text[], cas bigint[], states text[],
                                           only_good boolean, before bigint, size integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET plan_cache_mode = 'force_custom_plan' SET work_mem = '64MB' AS $$
DECLARE
    samples CONSTANT integer := 500;
    newest CONSTANT integer := 4;
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
    hits bigint[];
    stride bigint;
    enough bigint;
BEGIN
    IF cas = '{}' OR states = '{}' THEN
        RETURN;
    END IF;
    IF cas IS NOT NULL THEN
        marks := coalesce(marks && search_cas(cas), search_cas(cas));
    END IF;
    -- Of words that must not be there alone the index knows nothing: it looks for those that have any state.
    IF marks IS NULL AND has_beginning AND required = '{}' AND optional = '{}' THEN
        marks := search_marks(ARRAY ['pending', 'postponed', 'approved', 'issued', 'rejected', 'expired']);
    END IF;
    everything := coalesce(everything && marks, everything, marks);
    SELECT max(r.request_id) >> 13, min(r.request_id) >> 13 INTO part, oldest
      FROM requests r WHERE r.request_id < before;
    last_part := oldest;
    IF has_beginning THEN
        looked_up := search_query(ARRAY(SELECT t FROM unnest(required) AS t WHERE t NOT LIKE '%*'), '{}', '{}');
        IF part - newest >= oldest THEN
            stride := ((part - oldest + 1) << 13) / samples;
            hits := ARRAY(
                SELECT s.request_id
                  FROM generate_series(oldest << 13, ((part + 1) << 13) - 1, stride) AS place
                 CROSS JOIN LATERAL (SELECT r.request_id, r.search_words
                                       FROM requests r
                                      WHERE r.request_id >= place AND r.request_id < before
                                      ORDER BY r.request_id LIMIT 1) s
                 WHERE ts_match_vq(s.search_words, everything)
                 ORDER BY s.request_id DESC);
            last_part := CASE WHEN hits[1] >> 13 > part - newest THEN part - newest ELSE part END + 1;
        END IF;
    END IF;
    looked_up := coalesce(looked_up && marks, looked_up, marks);
    WHILE part >= last_part AND missing > 0 LOOP
        among := search_marks(
            ARRAY(SELECT p::text FROM generate_series(greatest(part - step + 1, last_part), part) AS p));
        among := coalesce(looked_up && among, among);
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
    -- Each hit of the sample stands for `stride` requests: one of them may be luck.
    hits := ARRAY(SELECT h FROM unnest(hits) AS h WHERE h < last_part << 13 ORDER BY h DESC);
    enough := hits[2 + 4 * missing / stride] >> 13;
    -- What the marks of so many parts cost, and the requests that they spare, in the same unit.
    IF 40 * (last_part - enough) ^ 2 > cardinality(hits) * stride THEN
        enough := NULL;
    END IF;
    WHILE last_part > oldest AND missing > 0 LOOP
        among := everything;
        IF enough IS NOT NULL THEN
            among := among && search_marks(ARRAY(SELECT p::text FROM generate_series(enough, last_part - 1) AS p));
        END IF;
        RETURN QUERY
            SELECT r.request_id
              FROM requests r
             WHERE r.search_words @@ among
               AND r.request_id + 0 < last_part << 13
               AND r.request_id + 0 < before
               AND (NOT only_good OR NOT EXISTS (SELECT 1 FROM revocations v WHERE v.request_id = r.request_id))
             ORDER BY r.request_id + 0 DESC LIMIT missing;
        GET DIAGNOSTICS found = ROW_COUNT;
        missing := missing - found;
        last_part := coalesce(enough, oldest);
        enough := NULL;
    END LOOP;
END
$$;
