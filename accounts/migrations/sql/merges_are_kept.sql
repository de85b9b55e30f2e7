-- Whether a merge that was made or undone in this very transaction moves the row from one person to the other. The times of merges are
-- those of the database.
CREATE FUNCTION accounts_moved_by_merge(of_model text, key bigint, of_field text, was bigint, becomes bigint)
    RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM accounts_mergedrow moved JOIN accounts_personmerge merge ON merge.id = moved.merge_id
        WHERE moved.model = of_model AND moved.row = key AND (
            merge.at >= transaction_timestamp() AND merge.undone_at IS NULL
                AND moved.before -> of_field = to_jsonb(was) AND moved.after -> of_field = to_jsonb(becomes)
            OR merge.undone_at >= transaction_timestamp()
                AND moved.before -> of_field = to_jsonb(becomes) AND moved.after -> of_field = to_jsonb(was)
        )
    );
END $$;

CREATE FUNCTION accounts_merge_is_only_undone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_undoing text[] := ARRAY['undone_at', 'undone_by_id', 'undone_for'];
BEGIN
    IF OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL
       AND to_jsonb(NEW) - of_undoing = to_jsonb(OLD) - of_undoing THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a merge is never changed, only undone' USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION accounts_note_only_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'person_id' = to_jsonb(OLD) - 'person_id'
       AND accounts_moved_by_merge('accounts.personnote', OLD.id, 'person', OLD.person_id, NEW.person_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a note about a person is never changed' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER personmerge_only_undone BEFORE UPDATE ON accounts_personmerge
    FOR EACH ROW EXECUTE FUNCTION accounts_merge_is_only_undone();
CREATE TRIGGER personmerge_never_deleted BEFORE DELETE ON accounts_personmerge
    FOR EACH ROW EXECUTE FUNCTION accounts_audit_refuse();
CREATE TRIGGER mergedrow_immutable BEFORE UPDATE OR DELETE ON accounts_mergedrow
    FOR EACH ROW EXECUTE FUNCTION accounts_audit_refuse();
CREATE TRIGGER personnote_only_moves BEFORE UPDATE ON accounts_personnote
    FOR EACH ROW EXECUTE FUNCTION accounts_note_only_moves();
CREATE TRIGGER personnote_never_deleted BEFORE DELETE ON accounts_personnote
    FOR EACH ROW EXECUTE FUNCTION accounts_audit_refuse();
CREATE TRIGGER accounts_personmerge_never_emptied BEFORE TRUNCATE ON accounts_personmerge
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_refuse_truncate();
CREATE TRIGGER accounts_mergedrow_never_emptied BEFORE TRUNCATE ON accounts_mergedrow
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_refuse_truncate();
CREATE TRIGGER accounts_personnote_never_emptied BEFORE TRUNCATE ON accounts_personnote
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_refuse_truncate();
