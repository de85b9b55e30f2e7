-- As before, and: while an attempt waits for marks, a late answer that a person counts takes the place of one that has no mark.
CREATE OR REPLACE FUNCTION assessment_answer_is_corrected() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    as_it_was assessment_answer;
BEGIN
    as_it_was := NEW;
    as_it_was.mark := OLD.mark;
    IF as_it_was IS NOT DISTINCT FROM OLD AND OLD.mark IS NULL AND EXISTS (
        SELECT 1 FROM assessment_attempt WHERE id = OLD.attempt_id AND state = 'awaiting') THEN
        RETURN NEW;
    END IF;
    IF as_it_was IS NOT DISTINCT FROM OLD AND EXISTS (
        SELECT 1 FROM assessment_attemptcorrection
        WHERE attempt_id = OLD.attempt_id AND slot = OLD.slot AND at >= transaction_timestamp()
          AND from_mark = OLD.mark AND to_mark = NEW.mark) THEN
        RETURN NEW;
    END IF;
    as_it_was.mark := NEW.mark;
    as_it_was.response := OLD.response;
    IF as_it_was IS NOT DISTINCT FROM OLD AND EXISTS (
        SELECT 1 FROM assessment_attemptcorrection
        WHERE attempt_id = OLD.attempt_id AND slot = OLD.slot AND at >= transaction_timestamp()
          AND cause = 'late') THEN
        RETURN NEW;
    END IF;
    IF as_it_was IS NOT DISTINCT FROM OLD AND OLD.mark IS NULL AND NEW.mark IS NULL AND EXISTS (
        SELECT 1 FROM assessment_attempt JOIN assessment_latedecision ON assessment_latedecision.attempt_id = assessment_attempt.id
        WHERE assessment_attempt.id = OLD.attempt_id AND state = 'awaiting' AND is_counted
          AND assessment_latedecision.at >= transaction_timestamp())
       AND NOT EXISTS (
        SELECT 1 FROM assessment_mark JOIN assessment_markingtask ON assessment_markingtask.id = assessment_mark.task_id
        WHERE attempt_id = OLD.attempt_id AND slot = OLD.slot) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'UPDATE on assessment_answer: an answer is kept as it was marked' USING ERRCODE = 'integrity_constraint_violation';
END $$;
