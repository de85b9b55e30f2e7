CREATE TRIGGER accommodation_is_frozen BEFORE UPDATE ON assessment_accommodation
    FOR EACH ROW WHEN (
        (OLD.factor, OLD.break_minutes, OLD.has_reader, OLD.has_large_text, OLD.since, OLD.until, OLD.given_by_id, OLD.given_at)
        IS DISTINCT FROM
        (NEW.factor, NEW.break_minutes, NEW.has_reader, NEW.has_large_text, NEW.since, NEW.until, NEW.given_by_id, NEW.given_at)
        OR (OLD.ended_at IS NOT NULL AND (OLD.ended_at, OLD.ended_by_id) IS DISTINCT FROM (NEW.ended_at, NEW.ended_by_id)))
    EXECUTE FUNCTION assessment_refuse('what was given is ended, never changed');
CREATE TRIGGER accommodation_is_kept BEFORE DELETE ON assessment_accommodation
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('attempts were held by it');
