CREATE FUNCTION courses_facts_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    decision text[] := ARRAY['state', 'decided_by_id', 'decided_at'];
BEGIN
    -- A correction is decided once; nothing else ever changes.
    IF TG_OP = 'UPDATE' AND OLD.state = 'waiting' AND NEW.state <> 'waiting'
       AND (to_jsonb(OLD) - decision) = (to_jsonb(NEW) - decision) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of the facts of cohort %', TG_OP, OLD.cohort_id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER facts_are_kept BEFORE UPDATE OR DELETE ON courses_cohortfacts
    FOR EACH ROW EXECUTE FUNCTION courses_facts_are_kept();
