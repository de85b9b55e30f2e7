-- Of a person who is erased, the name and the words go; that something was done, when and by which login, stays.
CREATE FUNCTION live_event_only_loses_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{name,payload}'::text[] = to_jsonb(OLD) - '{name,payload}'::text[] AND (
        accounts_login_is_being_erased(OLD.actor_id) OR accounts_login_is_being_erased(OLD.subject_id) OR EXISTS (
            SELECT 1 FROM live_event about WHERE about.session_id = OLD.session_id AND about.seq = OLD.target
            AND (accounts_login_is_being_erased(about.actor_id) OR accounts_login_is_being_erased(about.subject_id))
        )
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The log of a live session is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
DROP TRIGGER live_event_append_only ON live_event;
CREATE TRIGGER live_event_append_only BEFORE DELETE ON live_event
    FOR EACH ROW EXECUTE FUNCTION live_event_is_append_only();
CREATE TRIGGER live_event_only_loses_words BEFORE UPDATE ON live_event
    FOR EACH ROW EXECUTE FUNCTION live_event_only_loses_words();
