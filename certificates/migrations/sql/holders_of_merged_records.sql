-- What a certificate or a skills passport says stays as it was issued. Whose record it belongs to follows a merge of two records of
-- one person, and its undoing: only in the transaction that wrote down that very move.
CREATE OR REPLACE FUNCTION certificates_only_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{state,holder_id}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{state,holder_id}'::text[]
        OR NEW.holder_id IS DISTINCT FROM OLD.holder_id AND NOT accounts_moved_by_merge(
            'certificates.credential', OLD.id, 'holder', OLD.holder_id, NEW.holder_id) THEN
        RAISE EXCEPTION 'what a certificate says is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state AND NOT (
        OLD.state = 'in_force' AND NEW.state IN ('suspended', 'revoked', 'superseded', 'renewed')
        OR OLD.state = 'suspended' AND NEW.state IN ('in_force', 'revoked')
    ) THEN
        RAISE EXCEPTION 'a certificate that ended stays ended' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION certificates_passport_only_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{withdrawn_at,holder_id}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{withdrawn_at,holder_id}'::text[]
        OR OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at
        OR NEW.holder_id IS DISTINCT FROM OLD.holder_id AND NOT accounts_moved_by_merge(
            'certificates.passport', OLD.id, 'holder', OLD.holder_id, NEW.holder_id) THEN
        RAISE EXCEPTION 'a skills passport is never changed, only withdrawn' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
