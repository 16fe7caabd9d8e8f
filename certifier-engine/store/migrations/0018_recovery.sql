-- A token that makes a super-user although there are some: who lost every way in has the engine's host still.
ALTER TABLE initialization_tokens ADD COLUMN is_recovery boolean NOT NULL DEFAULT false;
