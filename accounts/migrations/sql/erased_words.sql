-- Whether this very transaction erases the person: rows that are otherwise kept may lose their words then, and only then.
CREATE FUNCTION accounts_is_being_erased(person bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM accounts_person WHERE id = person AND erased_at >= transaction_timestamp())
$$;
CREATE FUNCTION accounts_merge_is_being_erased(merge bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM accounts_personmerge
        WHERE id = merge AND (accounts_is_being_erased(kept_id) OR accounts_is_being_erased(duplicate_id))
    )
$$;
CREATE FUNCTION accounts_login_is_being_erased(login bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT accounts_is_being_erased(person_id) FROM accounts_user WHERE id = login
$$;

DROP TRIGGER personnote_never_deleted ON accounts_personnote;
CREATE TRIGGER personnote_never_deleted BEFORE DELETE ON accounts_personnote
    FOR EACH ROW WHEN (NOT accounts_is_being_erased(OLD.person_id)) EXECUTE FUNCTION accounts_audit_refuse();
DROP TRIGGER mergedrow_immutable ON accounts_mergedrow;
CREATE TRIGGER mergedrow_immutable BEFORE UPDATE OR DELETE ON accounts_mergedrow
    FOR EACH ROW WHEN (NOT accounts_merge_is_being_erased(OLD.merge_id)) EXECUTE FUNCTION accounts_audit_refuse();
DROP TRIGGER personmerge_only_undone ON accounts_personmerge;
CREATE TRIGGER personmerge_only_undone BEFORE UPDATE ON accounts_personmerge
    FOR EACH ROW WHEN (NOT accounts_merge_is_being_erased(OLD.id)) EXECUTE FUNCTION accounts_merge_is_only_undone();
