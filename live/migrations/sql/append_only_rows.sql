CREATE FUNCTION live_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The log of a live session is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER live_event_append_only BEFORE UPDATE OR DELETE ON live_event
    FOR EACH ROW EXECUTE FUNCTION live_event_is_append_only();
CREATE TRIGGER live_attendancesnapshot_append_only BEFORE UPDATE OR DELETE ON live_attendancesnapshot
    FOR EACH ROW EXECUTE FUNCTION live_event_is_append_only();

-- Beats are added while the session is open, and nothing is ever taken away. What was asked or answered stays as it was.
CREATE FUNCTION live_presence_is_raw() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Raw attendance is never deleted.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT state INTO held FROM live_livesession WHERE id = NEW.session_id;
    IF held = 'ended' THEN
        RAISE EXCEPTION 'The session has ended: its raw attendance is closed.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF TG_TABLE_NAME = 'live_presencereturn' THEN
            RAISE EXCEPTION 'A return is never edited.' USING ERRCODE = 'integrity_constraint_violation';
        ELSIF TG_TABLE_NAME = 'live_presencecheck' THEN
            IF OLD.asked_at IS NOT NULL OR NEW.due_at <> OLD.due_at OR NEW.session_id <> OLD.session_id THEN
                RAISE EXCEPTION 'A presence check is never edited.' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        ELSIF (OLD.beats & NEW.beats) <> OLD.beats
            OR (OLD.session_id, OLD.person_id, OLD.device, OLD.minute)
            IS DISTINCT FROM (NEW.session_id, NEW.person_id, NEW.device, NEW.minute) THEN
            RAISE EXCEPTION 'A heartbeat is never taken away.' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER live_presenceminute_raw BEFORE INSERT OR UPDATE OR DELETE ON live_presenceminute
    FOR EACH ROW EXECUTE FUNCTION live_presence_is_raw();
CREATE TRIGGER live_presencereturn_raw BEFORE INSERT OR UPDATE OR DELETE ON live_presencereturn
    FOR EACH ROW EXECUTE FUNCTION live_presence_is_raw();
CREATE TRIGGER live_presencecheck_raw BEFORE INSERT OR UPDATE OR DELETE ON live_presencecheck
    FOR EACH ROW EXECUTE FUNCTION live_presence_is_raw();
CREATE TRIGGER live_presenceanswer_raw BEFORE UPDATE OR DELETE ON live_presenceanswer
    FOR EACH ROW EXECUTE FUNCTION live_event_is_append_only();
