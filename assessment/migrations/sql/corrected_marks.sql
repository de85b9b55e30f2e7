-- A marked attempt changes in its score alone, in the transaction that adds the row that says from what to what.
CREATE FUNCTION assessment_attempt_is_corrected() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    as_it_was assessment_attempt;
BEGIN
    as_it_was := NEW;
    as_it_was.score := OLD.score;
    as_it_was.passed := OLD.passed;
    IF as_it_was IS NOT DISTINCT FROM OLD AND EXISTS (
        SELECT 1 FROM assessment_attemptcorrection
        WHERE attempt_id = OLD.id AND at >= transaction_timestamp()
          AND from_score = OLD.score AND to_score = NEW.score
          AND from_passed = OLD.passed AND to_passed = NEW.passed) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'UPDATE on assessment_attempt: an attempt keeps its mark' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION assessment_answer_is_corrected() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    as_it_was assessment_answer;
BEGIN
    as_it_was := NEW;
    as_it_was.mark := OLD.mark;
    IF as_it_was IS NOT DISTINCT FROM OLD AND EXISTS (
        SELECT 1 FROM assessment_attemptcorrection
        WHERE attempt_id = OLD.attempt_id AND slot = OLD.slot AND at >= transaction_timestamp()
          AND from_mark = OLD.mark AND to_mark = NEW.mark) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'UPDATE on assessment_answer: an answer is kept as it was marked' USING ERRCODE = 'integrity_constraint_violation';
END $$;

DROP TRIGGER attempt_is_frozen ON assessment_attempt;
CREATE TRIGGER attempt_is_frozen BEFORE UPDATE ON assessment_attempt
    FOR EACH ROW WHEN (OLD.state <> 'marked' AND (OLD.versions IS DISTINCT FROM NEW.versions
        OR OLD.points IS DISTINCT FROM NEW.points OR OLD.enrollment_id <> NEW.enrollment_id
        OR OLD.quiz_key <> NEW.quiz_key OR OLD.pass_percent <> NEW.pass_percent OR NEW.epoch < OLD.epoch
        OR OLD.seed <> NEW.seed OR OLD.purpose <> NEW.purpose OR OLD.factor <> NEW.factor
        OR OLD.limit_seconds IS DISTINCT FROM NEW.limit_seconds OR OLD.sitting_id IS DISTINCT FROM NEW.sitting_id
        OR NEW.granted_seconds < OLD.granted_seconds))
    EXECUTE FUNCTION assessment_refuse('an attempt keeps its questions, its rules and its mark');
CREATE TRIGGER marked_attempt_is_frozen BEFORE UPDATE ON assessment_attempt
    FOR EACH ROW WHEN (OLD.state = 'marked') EXECUTE FUNCTION assessment_attempt_is_corrected();

DROP TRIGGER answer_is_frozen ON assessment_answer;
CREATE TRIGGER answer_is_frozen BEFORE UPDATE ON assessment_answer
    FOR EACH ROW EXECUTE FUNCTION assessment_answer_is_corrected();
CREATE TRIGGER answer_is_kept BEFORE DELETE ON assessment_answer
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('an answer is kept as it was marked');

CREATE TRIGGER key_correction_is_kept BEFORE UPDATE OR DELETE ON assessment_keycorrection
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('it is corrected again, never changed');
CREATE TRIGGER attempt_correction_is_kept BEFORE UPDATE OR DELETE ON assessment_attemptcorrection
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('what an attempt scored before is kept');
CREATE TRIGGER regrade_line_is_kept BEFORE UPDATE OR DELETE ON assessment_regradeline
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('what was decided on is kept');
