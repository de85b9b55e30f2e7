CREATE FUNCTION assessment_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER attempt_is_frozen BEFORE UPDATE ON assessment_attempt
    FOR EACH ROW WHEN (OLD.state = 'marked' OR OLD.questions IS DISTINCT FROM NEW.questions
        OR OLD.enrollment_id <> NEW.enrollment_id OR OLD.quiz_key <> NEW.quiz_key
        OR OLD.pass_percent <> NEW.pass_percent)
    EXECUTE FUNCTION assessment_refuse('an attempt keeps its questions and its mark');
CREATE TRIGGER attempt_is_kept BEFORE DELETE ON assessment_attempt
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('records of study are kept');
CREATE TRIGGER answer_is_frozen BEFORE UPDATE OR DELETE ON assessment_answer
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('an answer is kept as it was marked');
