-- What a task is about stays; where it is changes.
CREATE TRIGGER marking_task_is_frozen BEFORE UPDATE ON assessment_markingtask
    FOR EACH ROW WHEN (
        (OLD.attempt_id, OLD.slot, OLD.version_id, OLD.center_id, OLD.cohort_id, OLD.code, OLD.rule, OLD.tolerance, OLD.margin, OLD.created_at)
        IS DISTINCT FROM
        (NEW.attempt_id, NEW.slot, NEW.version_id, NEW.center_id, NEW.cohort_id, NEW.code, NEW.rule, NEW.tolerance, NEW.margin, NEW.created_at)
        OR (OLD.is_second_wanted AND NOT NEW.is_second_wanted))
    EXECUTE FUNCTION assessment_refuse('an answer is marked by the rules under which it was given');
CREATE TRIGGER marking_task_is_kept BEFORE DELETE ON assessment_markingtask
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('records of study are kept');
CREATE TRIGGER mark_is_kept BEFORE UPDATE OR DELETE ON assessment_mark
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('a mark is kept as it was given');
CREATE TRIGGER feedback_file_is_kept BEFORE UPDATE OR DELETE ON assessment_feedbackfile
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('a mark is kept as it was given');

-- A mark is given by another person than each of the other rounds, and never about oneself; a round is of one login; until the result.
CREATE FUNCTION assessment_mark_is_independent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    marker bigint;
BEGIN
    SELECT person_id INTO marker FROM accounts_user WHERE id = NEW.by_id;
    PERFORM 1 FROM assessment_markingtask AS task
        JOIN assessment_attempt AS attempt ON attempt.id = task.attempt_id
        JOIN courses_enrollment AS enrollment ON enrollment.id = attempt.enrollment_id
        WHERE task.id = NEW.task_id AND attempt.state = 'awaiting' AND enrollment.person_id IS DISTINCT FROM marker;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'INSERT on assessment_mark: an answer is marked by others, until its result'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM assessment_mark AS other
        WHERE other.task_id = NEW.task_id AND (other.round = NEW.round) <> (other.by_id = NEW.by_id)) THEN
        RAISE EXCEPTION 'INSERT on assessment_mark: each round is of another person'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mark_is_independent BEFORE INSERT ON assessment_mark
    FOR EACH ROW EXECUTE FUNCTION assessment_mark_is_independent();
