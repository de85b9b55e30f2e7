CREATE OR REPLACE FUNCTION courses_progress_never_goes_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A correction of this very transaction says what was there before, and why.
    IF EXISTS (SELECT 1 FROM courses_scorecorrection
               WHERE progress_id = OLD.id AND at >= transaction_timestamp()
                 AND from_score = OLD.score AND to_score = NEW.score) THEN
        RETURN NEW;
    END IF;
    IF (OLD.completed_at IS NOT NULL AND NEW.completed_at IS DISTINCT FROM OLD.completed_at)
       OR (OLD.passed AND NEW.passed IS NOT TRUE) OR (OLD.score IS NOT NULL AND (NEW.score >= OLD.score) IS NOT TRUE)
       OR NEW.scores[1:cardinality(OLD.scores)] IS DISTINCT FROM OLD.scores
    THEN
        RAISE EXCEPTION 'progress % would go back', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER practical_result_is_kept BEFORE UPDATE OR DELETE ON courses_practicalresult
    FOR EACH ROW EXECUTE FUNCTION courses_refuse('records of study are kept');
