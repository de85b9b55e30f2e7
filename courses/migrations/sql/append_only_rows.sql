CREATE FUNCTION courses_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION courses_completion_rule_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM courses_cohort WHERE completion_rule_id = OLD.id)
       OR EXISTS (SELECT 1 FROM courses_eligibility WHERE rule_id = OLD.id) THEN
        RAISE EXCEPTION 'completion rule % is in use and immutable', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION courses_attendance_is_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held courses_classsession%ROWTYPE;
BEGIN
    SELECT * INTO held FROM courses_classsession WHERE id = NEW.session_id;
    IF held.cohort_id <> (SELECT cohort_id FROM courses_enrollment WHERE id = NEW.enrollment_id)
       AND NOT EXISTS (SELECT 1 FROM courses_transfer
                       WHERE enrollment_id = NEW.enrollment_id AND from_cohort_id = held.cohort_id) THEN
        RAISE EXCEPTION 'attendance of a trainee of another cohort'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF held.locked_at IS NOT NULL AND (NEW.reason = '' OR NEW.recorded_by_id IS NULL) THEN
        RAISE EXCEPTION 'attendance of locked session % takes only amendments with a reason', NEW.session_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION courses_content_version_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A correction of this very transaction says what was there before, and why.
    IF (to_jsonb(OLD) - 'units') = (to_jsonb(NEW) - 'units')
       AND EXISTS (SELECT 1 FROM courses_urgentcorrection
                   WHERE version_id = OLD.id AND at >= transaction_timestamp()) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'content version % is frozen', OLD.id USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION courses_progress_never_goes_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A correction of this very transaction says what was there before, and why.
    IF EXISTS (SELECT 1 FROM courses_scorecorrection
               WHERE progress_id = OLD.id AND at >= transaction_timestamp()
                 AND from_score = OLD.score AND to_score = NEW.score) THEN
        RETURN NEW;
    END IF;
    IF (OLD.completed_at IS NOT NULL AND NEW.completed_at IS DISTINCT FROM OLD.completed_at)
       OR (OLD.passed AND NEW.passed IS NOT TRUE) OR (OLD.score IS NOT NULL AND (NEW.score >= OLD.score) IS NOT TRUE)
    THEN
        RAISE EXCEPTION 'progress % would go back', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER content_version_is_frozen BEFORE UPDATE ON courses_contentversion
    FOR EACH ROW EXECUTE FUNCTION courses_content_version_is_frozen();
CREATE TRIGGER pinned_unit_is_frozen BEFORE UPDATE ON courses_pinnedunit
    FOR EACH ROW WHEN ((to_jsonb(OLD) - 'video_id' - 'video_version_id') IS DISTINCT FROM
        (to_jsonb(NEW) - 'video_id' - 'video_version_id'))
    EXECUTE FUNCTION courses_refuse('a pinned unit is frozen');
CREATE TRIGGER pinned_unit_is_kept BEFORE DELETE ON courses_pinnedunit
    FOR EACH ROW EXECUTE FUNCTION courses_refuse('what was taught is kept');
CREATE TRIGGER urgent_correction_is_kept BEFORE UPDATE OR DELETE ON courses_urgentcorrection
    FOR EACH ROW EXECUTE FUNCTION courses_refuse('what was taught is kept');
CREATE TRIGGER completion_rule_is_frozen BEFORE UPDATE ON courses_completionrule
    FOR EACH ROW EXECUTE FUNCTION courses_completion_rule_is_frozen();
CREATE TRIGGER eligibility_is_frozen BEFORE UPDATE OR DELETE ON courses_eligibility
    FOR EACH ROW EXECUTE FUNCTION courses_refuse('an eligibility is evidence');
CREATE TRIGGER attendance_is_in_order BEFORE INSERT ON courses_attendancerecord
    FOR EACH ROW EXECUTE FUNCTION courses_attendance_is_in_order();
CREATE TRIGGER attendance_is_superseded_only BEFORE UPDATE ON courses_attendancerecord
    FOR EACH ROW WHEN (NOT (OLD.is_current AND NOT NEW.is_current) OR
        (to_jsonb(OLD) - 'is_current') IS DISTINCT FROM (to_jsonb(NEW) - 'is_current'))
    EXECUTE FUNCTION courses_refuse('attendance is amended by a new row');
CREATE TRIGGER attendance_is_kept BEFORE DELETE ON courses_attendancerecord
    FOR EACH ROW EXECUTE FUNCTION courses_refuse('records of study are kept');
CREATE TRIGGER progress_never_goes_back BEFORE UPDATE ON courses_unitprogress
    FOR EACH ROW EXECUTE FUNCTION courses_progress_never_goes_back();
CREATE TRIGGER progress_is_kept BEFORE DELETE ON courses_unitprogress
    FOR EACH ROW EXECUTE FUNCTION courses_refuse('records of study are kept');
CREATE TRIGGER score_correction_is_kept BEFORE UPDATE OR DELETE ON courses_scorecorrection
    FOR EACH ROW EXECUTE FUNCTION courses_refuse('records of study are kept');
CREATE TRIGGER transfer_is_kept BEFORE UPDATE OR DELETE ON courses_transfer
    FOR EACH ROW EXECUTE FUNCTION courses_refuse('records of study are kept');
CREATE TRIGGER enrollment_is_kept BEFORE DELETE ON courses_enrollment
    FOR EACH ROW EXECUTE FUNCTION courses_refuse('records of study are kept');
