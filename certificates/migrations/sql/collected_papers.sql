-- A printed certificate is only spoiled, a collection only undone, both once; nothing of them is changed or deleted.
CREATE FUNCTION certificates_printout_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{ended_at,ended_by_id,end_reason}'::text[]
            IS DISTINCT FROM to_jsonb(OLD) - '{ended_at,ended_by_id,end_reason}'::text[]
        OR OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'a printed certificate is never changed, only spoiled once' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM certificates_collection WHERE printout_id = NEW.id AND undone_at IS NULL) THEN
        RAISE EXCEPTION 'this certificate was collected' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER printout_only_ends BEFORE UPDATE ON certificates_printout
    FOR EACH ROW EXECUTE FUNCTION certificates_printout_only_ends();
CREATE TRIGGER printout_never_deleted BEFORE DELETE ON certificates_printout
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER printout_never_emptied BEFORE TRUNCATE ON certificates_printout
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();

CREATE FUNCTION certificates_collection_only_undone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{undone_at,undone_by_id,undo_reason}'::text[]
            IS DISTINCT FROM to_jsonb(OLD) - '{undone_at,undone_by_id,undo_reason}'::text[]
        OR OLD.undone_at IS NOT NULL THEN
        RAISE EXCEPTION 'a collection is never changed, only undone once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER collection_only_undone BEFORE UPDATE ON certificates_collection
    FOR EACH ROW EXECUTE FUNCTION certificates_collection_only_undone();
CREATE TRIGGER collection_never_deleted BEFORE DELETE ON certificates_collection
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER collection_never_emptied BEFORE TRUNCATE ON certificates_collection
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();

CREATE FUNCTION certificates_collection_of_a_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM certificates_printout WHERE id = NEW.printout_id AND ended_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a spoiled certificate is not handed out' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM certificates_printout AS printout
        JOIN certificates_credential AS credential ON credential.id = printout.credential_id
        JOIN accounts_user AS clerk ON clerk.person_id = credential.holder_id
        WHERE printout.id = NEW.printout_id AND clerk.id = NEW.by_id
    ) THEN
        RAISE EXCEPTION 'no one hands out their own certificate' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER collection_of_a_paper BEFORE INSERT ON certificates_collection
    FOR EACH ROW EXECUTE FUNCTION certificates_collection_of_a_paper();
