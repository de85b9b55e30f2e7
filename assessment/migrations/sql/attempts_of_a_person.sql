CREATE FUNCTION assessment_attempt_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM assessment_attempt earlier
        JOIN courses_enrollment theirs ON theirs.id = earlier.enrollment_id
        JOIN courses_enrollment own ON own.id = NEW.enrollment_id AND own.person_id = theirs.person_id
        WHERE earlier.quiz_key = NEW.quiz_key
          AND (earlier.number >= NEW.number OR earlier.sitting_id = NEW.sitting_id)) THEN
        RAISE EXCEPTION 'INSERT on assessment_attempt: attempts of a person at a test are numbered over all cohorts, and there is one in a sitting'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attempt_is_counted BEFORE INSERT ON assessment_attempt
    FOR EACH ROW EXECUTE FUNCTION assessment_attempt_is_counted();
CREATE TRIGGER further_attempt_is_kept BEFORE UPDATE OR DELETE ON assessment_furtherattempt
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('who was given another attempt is kept');
