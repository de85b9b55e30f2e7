CREATE FUNCTION accounts_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- TRUNCATE asks no trigger of rows. The owner passes, as transactional tests and maintenance do; the site's own role does not.
CREATE FUNCTION accounts_audit_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RAISE EXCEPTION '% is never emptied', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION accounts_audit_only_wiped() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_owner boolean := pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE');
    address_fields text[] := ARRAY['address', 'address_salt'];
    word_fields text[] := ARRAY['salt', 'erased_at'];
BEGIN
    IF is_owner AND NEW.address IS NULL AND NEW.address_salt = ''
       AND to_jsonb(NEW) - address_fields = to_jsonb(OLD) - address_fields THEN
        RETURN NEW;
    END IF;
    IF is_owner AND NEW.salt = '' AND NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL
       AND to_jsonb(NEW) - word_fields = to_jsonb(OLD) - word_fields THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION accounts_log_only_wiped() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_owner boolean := pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE');
    word_fields text[] := ARRAY['label', 'data'];
BEGIN
    IF is_owner AND NEW.label = '' AND NEW.data = '{}'
       AND to_jsonb(NEW) - word_fields = to_jsonb(OLD) - word_fields THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- Sealing waits for every transaction that took a number before it, so an honest row never comes late.
CREATE FUNCTION accounts_audit_only_appended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <= (SELECT max(through) FROM accounts_auditseal) THEN
        RAISE EXCEPTION 'row % belongs to a sealed day', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION accounts_erase_audit(numbers bigint[]) RETURNS bigint[]
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    erased bigint[];
BEGIN
    SELECT coalesce(array_agg(id ORDER BY id), '{}') INTO erased
        FROM accounts_auditentry WHERE id = ANY (numbers) AND erased_at IS NULL;
    UPDATE wagtailcore_modellogentry SET label = '', data = '{}'
        WHERE id IN (SELECT model_entry_id FROM accounts_auditentry WHERE id = ANY (erased));
    UPDATE wagtailcore_pagelogentry SET label = '', data = '{}'
        WHERE id IN (SELECT page_entry_id FROM accounts_auditentry WHERE id = ANY (erased));
    UPDATE accounts_auditentry SET salt = '', erased_at = clock_timestamp() WHERE id = ANY (erased);
    RETURN erased;
END $$;

CREATE FUNCTION accounts_expire_audit_addresses(written_before timestamptz) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    expired bigint;
BEGIN
    UPDATE accounts_auditentry SET address = NULL, address_salt = ''
        WHERE address IS NOT NULL AND at < written_before;
    GET DIAGNOSTICS expired = ROW_COUNT;
    RETURN expired;
END $$;

CREATE TRIGGER auditentry_only_wiped BEFORE UPDATE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION accounts_audit_only_wiped();
CREATE TRIGGER auditentry_only_appended BEFORE INSERT ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION accounts_audit_only_appended();
CREATE TRIGGER auditentry_never_deleted BEFORE DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION accounts_audit_refuse();
CREATE TRIGGER auditseal_immutable BEFORE UPDATE OR DELETE ON accounts_auditseal
    FOR EACH ROW EXECUTE FUNCTION accounts_audit_refuse();
CREATE TRIGGER modellogentry_only_wiped BEFORE UPDATE ON wagtailcore_modellogentry
    FOR EACH ROW EXECUTE FUNCTION accounts_log_only_wiped();
CREATE TRIGGER modellogentry_never_deleted BEFORE DELETE ON wagtailcore_modellogentry
    FOR EACH ROW EXECUTE FUNCTION accounts_audit_refuse();
CREATE TRIGGER pagelogentry_only_wiped BEFORE UPDATE ON wagtailcore_pagelogentry
    FOR EACH ROW EXECUTE FUNCTION accounts_log_only_wiped();
CREATE TRIGGER pagelogentry_never_deleted BEFORE DELETE ON wagtailcore_pagelogentry
    FOR EACH ROW EXECUTE FUNCTION accounts_audit_refuse();
CREATE TRIGGER accounts_auditentry_never_emptied BEFORE TRUNCATE ON accounts_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_refuse_truncate();
CREATE TRIGGER accounts_auditseal_never_emptied BEFORE TRUNCATE ON accounts_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_refuse_truncate();
CREATE TRIGGER wagtailcore_modellogentry_never_emptied BEFORE TRUNCATE ON wagtailcore_modellogentry
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_refuse_truncate();
CREATE TRIGGER wagtailcore_pagelogentry_never_emptied BEFORE TRUNCATE ON wagtailcore_pagelogentry
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_refuse_truncate();
