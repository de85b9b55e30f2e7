DROP TRIGGER attempt_is_frozen ON assessment_attempt;
CREATE TRIGGER attempt_is_frozen BEFORE UPDATE ON assessment_attempt
    FOR EACH ROW WHEN (OLD.state = 'marked' OR OLD.versions IS DISTINCT FROM NEW.versions
        OR OLD.points IS DISTINCT FROM NEW.points OR OLD.enrollment_id <> NEW.enrollment_id
        OR OLD.quiz_key <> NEW.quiz_key OR OLD.pass_percent <> NEW.pass_percent OR NEW.epoch < OLD.epoch
        OR OLD.seed <> NEW.seed OR OLD.purpose <> NEW.purpose OR OLD.factor <> NEW.factor
        OR OLD.limit_seconds IS DISTINCT FROM NEW.limit_seconds OR OLD.sitting_id IS DISTINCT FROM NEW.sitting_id
        OR NEW.granted_seconds < OLD.granted_seconds)
    EXECUTE FUNCTION assessment_refuse('an attempt keeps its questions, its rules and its mark');
CREATE TRIGGER time_grant_is_kept BEFORE UPDATE OR DELETE ON assessment_timegrant
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('who was given time is kept');
CREATE TRIGGER incident_is_kept BEFORE UPDATE OR DELETE ON assessment_incident
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('what was noted is kept');
