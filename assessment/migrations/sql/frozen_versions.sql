CREATE TRIGGER attempt_is_frozen BEFORE UPDATE ON assessment_attempt
    FOR EACH ROW WHEN (OLD.state = 'marked' OR OLD.versions IS DISTINCT FROM NEW.versions
        OR OLD.points IS DISTINCT FROM NEW.points OR OLD.enrollment_id <> NEW.enrollment_id
        OR OLD.quiz_key <> NEW.quiz_key OR OLD.pass_percent <> NEW.pass_percent)
    EXECUTE FUNCTION assessment_refuse('an attempt keeps its questions and its mark');
CREATE TRIGGER answer_is_frozen BEFORE UPDATE OR DELETE ON assessment_answer
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('an answer is kept as it was marked');
CREATE TRIGGER question_version_is_kept BEFORE UPDATE OR DELETE ON assessment_questionversion
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('attempts refer to versions of questions as they are');
CREATE TRIGGER question_is_kept BEFORE UPDATE OR DELETE ON assessment_question
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('attempts refer to versions of questions as they are');
