-- A sheet goes from free to used, spoiled or missing, or from used to spoiled, and never back: no number is used twice. A free one of a
-- delivery that was recorded by mistake was never there.
CREATE OR REPLACE FUNCTION certificates_sheet_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{state,reason,ended_by_id,ended_at}'::text[]
            IS DISTINCT FROM to_jsonb(OLD) - '{state,reason,ended_by_id,ended_at}'::text[]
        OR NOT (OLD.state = 'free' AND NEW.state IN ('used', 'spoiled', 'missing', 'mistake')
            OR OLD.state = 'used' AND NEW.state = 'spoiled') THEN
        RAISE EXCEPTION 'a sheet is used once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
