CREATE TRIGGER late_decision_is_kept BEFORE UPDATE OR DELETE ON assessment_latedecision
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('what was decided is kept');
