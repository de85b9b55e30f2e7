-- What was paid or waived is an amount of money: a row only ends, by what was issued on it or by a cancellation, and only once.
CREATE FUNCTION certificates_settled_fee_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{used_at,canceled_at,canceled_by_id,cancel_reason}'::text[]
            IS DISTINCT FROM to_jsonb(OLD) - '{used_at,canceled_at,canceled_by_id,cancel_reason}'::text[]
        OR OLD.used_at IS NOT NULL OR OLD.canceled_at IS NOT NULL THEN
        RAISE EXCEPTION 'a settled fee is never changed, only used or canceled once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER settled_fee_only_ends BEFORE UPDATE ON certificates_settledfee
    FOR EACH ROW EXECUTE FUNCTION certificates_settled_fee_only_ends();
CREATE TRIGGER settled_fee_never_deleted BEFORE DELETE ON certificates_settledfee
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER settledfee_never_emptied BEFORE TRUNCATE ON certificates_settledfee
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();

CREATE FUNCTION certificates_no_one_settles_their_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM accounts_user WHERE id = NEW.by_id AND person_id IN (
            SELECT person_id FROM courses_enrollment WHERE id = NEW.enrollment_id
            UNION SELECT holder_id FROM certificates_credential WHERE id = NEW.credential_id
        )
    ) THEN
        RAISE EXCEPTION 'no one records or waives their own fee' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER settled_fee_of_another_person BEFORE INSERT ON certificates_settledfee
    FOR EACH ROW EXECUTE FUNCTION certificates_no_one_settles_their_own();

-- A certificate with a fee names what settled it: for that very certificate, by another person than its approver, marked as used.
CREATE FUNCTION certificates_fee_was_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.fee = 0 AND NEW.settled_fee_id IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM FROM certificates_settledfee AS settled
        WHERE settled.id = NEW.settled_fee_id AND settled.used_at IS NOT NULL AND settled.canceled_at IS NULL
            AND settled.type_id = NEW.type_id AND settled.amount = NEW.fee AND settled.by_id <> NEW.approved_by_id
            AND CASE WHEN NEW.renews_id IS NOT NULL THEN settled.due_for = 'renewal' AND settled.credential_id = NEW.renews_id
                ELSE settled.due_for = 'issue' AND (
                    settled.enrollment_id = NEW.enrollment_id OR settled.credential_id IN (
                        SELECT id FROM certificates_credential WHERE number = NEW.claims ->> 'basis'))
                END;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the fee of this certificate was not settled' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER credential_fee_was_settled BEFORE INSERT ON certificates_credential
    FOR EACH ROW EXECUTE FUNCTION certificates_fee_was_settled();

CREATE FUNCTION certificates_copy_fee_was_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.fee = 0 AND NEW.settled_fee_id IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM FROM certificates_settledfee AS settled
        WHERE settled.id = NEW.settled_fee_id AND settled.used_at IS NOT NULL AND settled.canceled_at IS NULL
            AND settled.due_for = 'copy' AND settled.credential_id = NEW.credential_id AND settled.amount = NEW.fee
            AND settled.by_id <> NEW.by_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the fee of this copy was not settled' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER copy_fee_was_settled BEFORE INSERT ON certificates_copy
    FOR EACH ROW EXECUTE FUNCTION certificates_copy_fee_was_settled();
