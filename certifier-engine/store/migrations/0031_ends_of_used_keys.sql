-- What 0030 is in the place of. In a file of its own: it wants a stronger lock, for which a transaction that holds that of
-- 0030 would wait for enrolments that wait for it.

DROP INDEX pre_shared_keys_end;
