CREATE TRIGGER question_recording_is_kept BEFORE UPDATE OR DELETE ON assessment_questionrecording
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('versions of questions play recordings as they are');
