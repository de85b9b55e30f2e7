CREATE FUNCTION insights_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER span_is_ended_once BEFORE UPDATE ON insights_enrollmentspan
    FOR EACH ROW WHEN (OLD.last_day <> '9999-12-31' OR
        (to_jsonb(OLD) - 'last_day') IS DISTINCT FROM (to_jsonb(NEW) - 'last_day'))
    EXECUTE FUNCTION insights_refuse('what was recorded of a day stays as it was');
CREATE TRIGGER span_is_kept BEFORE DELETE ON insights_enrollmentspan
    FOR EACH ROW EXECUTE FUNCTION insights_refuse('what was recorded of a day stays as it was');
CREATE TRIGGER figure_is_ended_once BEFORE UPDATE ON insights_figuresnapshot
    FOR EACH ROW WHEN (OLD.last_day <> '9999-12-31' OR
        (to_jsonb(OLD) - 'last_day') IS DISTINCT FROM (to_jsonb(NEW) - 'last_day'))
    EXECUTE FUNCTION insights_refuse('what was recorded of a day stays as it was');
CREATE TRIGGER figure_is_kept BEFORE DELETE ON insights_figuresnapshot
    FOR EACH ROW EXECUTE FUNCTION insights_refuse('what was recorded of a day stays as it was');
CREATE TRIGGER quarter_is_final BEFORE UPDATE OR DELETE ON insights_publicquarter
    FOR EACH ROW EXECUTE FUNCTION insights_refuse('two versions of a public figure disclose their difference');
CREATE TRIGGER public_figure_is_final BEFORE UPDATE OR DELETE ON insights_publicfigure
    FOR EACH ROW EXECUTE FUNCTION insights_refuse('two versions of a public figure disclose their difference');
