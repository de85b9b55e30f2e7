-- A sheet goes from free to used, spoiled or missing, or from used to spoiled, and never back: no number is used twice.
CREATE FUNCTION certificates_sheet_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{state,reason,ended_by_id,ended_at}'::text[]
            IS DISTINCT FROM to_jsonb(OLD) - '{state,reason,ended_by_id,ended_at}'::text[]
        OR NOT (OLD.state = 'free' AND NEW.state IN ('used', 'spoiled', 'missing') OR OLD.state = 'used' AND NEW.state = 'spoiled') THEN
        RAISE EXCEPTION 'a sheet is used once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sheet_only_ends BEFORE UPDATE ON certificates_sheet
    FOR EACH ROW EXECUTE FUNCTION certificates_sheet_only_ends();
CREATE TRIGGER sheet_never_deleted BEFORE DELETE ON certificates_sheet
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER sheet_never_emptied BEFORE TRUNCATE ON certificates_sheet
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
CREATE TRIGGER sheetdelivery_immutable BEFORE UPDATE OR DELETE ON certificates_sheetdelivery
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER sheetdelivery_never_emptied BEFORE TRUNCATE ON certificates_sheetdelivery
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();

-- A sheet lies within its delivery.
CREATE FUNCTION certificates_sheet_of_its_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM certificates_sheetdelivery
        WHERE id = NEW.delivery_id AND prefix = NEW.prefix AND NEW.number BETWEEN first AND last AND NEW.state = 'free';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this sheet was not delivered' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sheet_of_its_delivery BEFORE INSERT ON certificates_sheet
    FOR EACH ROW EXECUTE FUNCTION certificates_sheet_of_its_delivery();

-- What is printed on a sheet is of the center that has it, and marked it as used.
CREATE FUNCTION certificates_printed_on_own_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sheet_id IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM FROM certificates_sheet AS sheet
        JOIN certificates_sheetdelivery AS delivery ON delivery.id = sheet.delivery_id
        JOIN certificates_credential AS credential ON credential.center_id = delivery.center_id
        WHERE sheet.id = NEW.sheet_id AND sheet.state = 'used' AND credential.id = NEW.credential_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this center has no such sheet' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER printout_on_own_sheet BEFORE INSERT ON certificates_printout
    FOR EACH ROW EXECUTE FUNCTION certificates_printed_on_own_sheet();
