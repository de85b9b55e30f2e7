-- An appeal is answered once; nothing else of it changes.
CREATE TRIGGER appeal_is_kept BEFORE DELETE ON assessment_appeal
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('an appeal is kept');
CREATE TRIGGER answered_appeal_is_frozen BEFORE UPDATE ON assessment_appeal
    FOR EACH ROW WHEN (OLD.is_granted IS NOT NULL OR OLD.attempt_id <> NEW.attempt_id OR OLD.slot <> NEW.slot
        OR OLD.reason <> NEW.reason OR OLD.filed_by_id <> NEW.filed_by_id OR OLD.filed_at <> NEW.filed_at
        OR OLD.from_mark <> NEW.from_mark)
    EXECUTE FUNCTION assessment_refuse('an appeal is answered once');
