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
    RAISE EXCEPTION 'UPDATE on assessment_answer: an answer is kept as it was marked' USING ERRCODE = 'integrity_constraint_violation';
END $$;
