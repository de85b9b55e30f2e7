CREATE TRIGGER attempt_is_frozen BEFORE UPDATE ON assessment_attempt
    FOR EACH ROW WHEN (OLD.state = 'marked' OR OLD.versions IS DISTINCT FROM NEW.versions
        OR OLD.points IS DISTINCT FROM NEW.points OR OLD.enrollment_id <> NEW.enrollment_id
        OR OLD.quiz_key <> NEW.quiz_key OR OLD.pass_percent <> NEW.pass_percent OR NEW.epoch < OLD.epoch)
    EXECUTE FUNCTION assessment_refuse('an attempt keeps its questions and its mark');
CREATE TRIGGER response_event_is_kept BEFORE UPDATE OR DELETE ON assessment_responseevent
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('what was answered is kept');
CREATE TRIGGER late_response_is_kept BEFORE UPDATE OR DELETE ON assessment_lateresponse
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('what was answered is kept');
