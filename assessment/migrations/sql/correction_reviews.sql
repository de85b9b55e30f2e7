CREATE TRIGGER correction_review_is_kept BEFORE UPDATE OR DELETE ON assessment_correctionreview
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('what was decided is kept');
