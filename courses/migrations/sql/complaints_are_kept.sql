-- What was said and done stays, until the day on which all of a complaint is deleted.
CREATE FUNCTION courses_complaint_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['person_id', 'center_id', 'state', 'level', 'taken_by_id', 'due_at', 'stopped_until', 'rises_at',
                               'rises_again_at', 'closed_at', 'outcome', 'purge_after'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.purge_after <= now() THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'complaint % is kept', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (to_jsonb(OLD) - may_change) <> (to_jsonb(NEW) - may_change) THEN
        RAISE EXCEPTION 'what complaint % says is kept', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION courses_complaint_event_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (
        SELECT 1 FROM courses_complaint
        WHERE id = OLD.complaint_id AND (purge_after IS NULL OR purge_after > now())
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% of an event of complaint %', TG_OP, OLD.complaint_id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER complaint_is_kept BEFORE UPDATE OR DELETE ON courses_complaint
    FOR EACH ROW EXECUTE FUNCTION courses_complaint_is_kept();
CREATE TRIGGER complaint_event_is_kept BEFORE UPDATE OR DELETE ON courses_complaintevent
    FOR EACH ROW EXECUTE FUNCTION courses_complaint_event_is_kept();
