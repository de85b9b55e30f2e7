CREATE TRIGGER kept_version_is_kept BEFORE UPDATE OR DELETE ON assessment_keptversion
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('why a question stayed is kept');
