CREATE FUNCTION certificates_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- What was issued: only the state of a certificate moves, only forward, and only with an event that says so.

CREATE FUNCTION certificates_only_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'state' IS DISTINCT FROM to_jsonb(OLD) - 'state' THEN
        RAISE EXCEPTION 'what a certificate says is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state AND NOT (
        OLD.state = 'in_force' AND NEW.state IN ('suspended', 'revoked', 'superseded', 'renewed')
        OR OLD.state = 'suspended' AND NEW.state IN ('in_force', 'revoked')
    ) THEN
        RAISE EXCEPTION 'a certificate that ended stays ended' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER credential_only_ends BEFORE UPDATE ON certificates_credential
    FOR EACH ROW EXECUTE FUNCTION certificates_only_end();
CREATE TRIGGER credential_never_deleted BEFORE DELETE ON certificates_credential
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER artifact_immutable BEFORE UPDATE OR DELETE ON certificates_artifact
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER status_event_append_only BEFORE UPDATE OR DELETE ON certificates_statusevent
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER copy_immutable BEFORE UPDATE OR DELETE ON certificates_copy
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();

CREATE FUNCTION certificates_moves_with_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newest text;
BEGIN
    SELECT status INTO newest FROM certificates_statusevent
        WHERE credential_id = NEW.id AND status <> 'copied' ORDER BY id DESC LIMIT 1;
    IF newest IS DISTINCT FROM (CASE NEW.state WHEN 'in_force' THEN 'reinstated' ELSE NEW.state END) THEN
        RAISE EXCEPTION 'a certificate moves with an event that says so' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER credential_moves_with_event AFTER UPDATE OF state ON certificates_credential
    FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION certificates_moves_with_event();

CREATE FUNCTION certificates_nobody_about_themselves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM accounts_user
        WHERE id IN (NEW.approved_by_id, NEW.proposed_by_id) AND person_id = NEW.holder_id
    ) THEN
        RAISE EXCEPTION 'a person cannot propose or approve their own certificate' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER credential_for_another_person BEFORE INSERT ON certificates_credential
    FOR EACH ROW EXECUTE FUNCTION certificates_nobody_about_themselves();

CREATE TRIGGER design_asset_immutable BEFORE UPDATE OR DELETE ON certificates_designasset
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();

CREATE FUNCTION certificates_passport_only_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'withdrawn_at' IS DISTINCT FROM to_jsonb(OLD) - 'withdrawn_at'
        OR OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN
        RAISE EXCEPTION 'a skills passport is never changed, only withdrawn' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER passport_only_withdrawn BEFORE UPDATE ON certificates_passport
    FOR EACH ROW EXECUTE FUNCTION certificates_passport_only_withdrawn();
CREATE TRIGGER passport_never_deleted BEFORE DELETE ON certificates_passport
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();

-- What was decided: proposals, and the rules they were judged by.

CREATE FUNCTION certificates_decision_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'proposed' AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a proposal that was decided stays decided' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER proposal_decision_stands BEFORE UPDATE OR DELETE ON certificates_proposal
    FOR EACH ROW EXECUTE FUNCTION certificates_decision_stands();

CREATE FUNCTION certificates_row_was_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM certificates_proposal WHERE id IN (OLD.proposal_id, NEW.proposal_id) AND state <> 'proposed'
    ) THEN
        RAISE EXCEPTION 'the rows of a proposal that was decided stay' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER proposal_row_stays_once_decided BEFORE INSERT OR UPDATE OR DELETE ON certificates_proposalrow
    FOR EACH ROW EXECUTE FUNCTION certificates_row_was_decided();

CREATE FUNCTION certificates_rule_in_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM certificates_proposal WHERE rule_id = OLD.id) THEN
        RAISE EXCEPTION 'a rule that was used is never changed or deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE TRIGGER issuing_rule_immutable_once_used BEFORE UPDATE OR DELETE ON certificates_issuingrule
    FOR EACH ROW EXECUTE FUNCTION certificates_rule_in_use();

-- What was counted and named: numbers, and what is written in numbers and in signed credentials.

CREATE FUNCTION certificates_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last < OLD.last OR (NEW.center_id, NEW.type_id, NEW.year) IS DISTINCT FROM (OLD.center_id, OLD.type_id, OLD.year)
    THEN
        RAISE EXCEPTION 'a series of numbers only grows' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER number_series_only_grows BEFORE UPDATE ON certificates_numberseries
    FOR EACH ROW EXECUTE FUNCTION certificates_only_grows();
CREATE TRIGGER number_series_never_deleted BEFORE DELETE ON certificates_numberseries
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();

CREATE FUNCTION certificates_center_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM certificates_numberseries WHERE center_id = OLD.id) THEN
        RAISE EXCEPTION 'numbers were given under the code %', OLD.code USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER center_code_stays_in_numbers BEFORE UPDATE OF code ON accounts_center
    FOR EACH ROW WHEN (NEW.code IS DISTINCT FROM OLD.code) EXECUTE FUNCTION certificates_center_numbered();

CREATE FUNCTION certificates_type_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM certificates_numberseries WHERE type_id = OLD.id) THEN
        RAISE EXCEPTION 'numbers were given under the prefix of %', OLD.code USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER type_prefix_stays_in_numbers BEFORE UPDATE OF number_prefix ON certificates_credentialtype
    FOR EACH ROW WHEN (NEW.number_prefix IS DISTINCT FROM OLD.number_prefix)
    EXECUTE FUNCTION certificates_type_numbered();

CREATE FUNCTION certificates_type_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM certificates_credential WHERE type_id = OLD.id) THEN
        RAISE EXCEPTION 'certificates name the kind %', OLD.code USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER type_named_in_credentials BEFORE UPDATE OF code, kind ON certificates_credentialtype
    FOR EACH ROW WHEN ((NEW.code, NEW.kind) IS DISTINCT FROM (OLD.code, OLD.kind))
    EXECUTE FUNCTION certificates_type_named();

-- Keys: public parts for ever, and no introduction by a key that was called stolen.

CREATE FUNCTION certificates_key_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{place,retired_at,compromised_at}'::text[]
            IS DISTINCT FROM to_jsonb(OLD) - '{place,retired_at,compromised_at}'::text[]
        OR (OLD.retired_at IS NOT NULL AND NEW.retired_at IS DISTINCT FROM OLD.retired_at)
        OR (OLD.compromised_at IS NOT NULL AND NEW.compromised_at IS DISTINCT FROM OLD.compromised_at) THEN
        RAISE EXCEPTION 'a key is never changed, only ended or moved' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER signing_key_only_ends BEFORE UPDATE ON certificates_signingkey
    FOR EACH ROW EXECUTE FUNCTION certificates_key_only_ends();
CREATE TRIGGER signing_key_never_deleted BEFORE DELETE ON certificates_signingkey
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();

CREATE FUNCTION certificates_no_rollover_by_compromised_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM certificates_signingkey WHERE id = NEW.outgoing_id AND compromised_at IS NOT NULL FOR SHARE
    ) THEN
        RAISE EXCEPTION 'a compromised key cannot introduce another key' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER key_rollover_not_by_compromised_key BEFORE INSERT ON certificates_keyrollover
    FOR EACH ROW EXECUTE FUNCTION certificates_no_rollover_by_compromised_key();
CREATE TRIGGER key_rollover_append_only BEFORE UPDATE OR DELETE ON certificates_keyrollover
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();

-- The log, for which every event of a certificate waits.

CREATE TRIGGER log_entry_append_only BEFORE UPDATE OR DELETE ON certificates_logentry
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER log_node_append_only BEFORE UPDATE OR DELETE ON certificates_lognode
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER log_checkpoint_append_only BEFORE UPDATE OR DELETE ON certificates_logcheckpoint
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();

CREATE FUNCTION certificates_wait_for_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO certificates_logpending (event_id) SELECT id FROM written;
    RETURN NULL;
END $$;
-- A statement, not a row, at a time: a batch of 10,000 certificates writes its events in a few statements.
CREATE TRIGGER status_event_waits_for_log AFTER INSERT ON certificates_statusevent
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_wait_for_log();

-- Tables of such rows are never emptied.

-- TRUNCATE asks no trigger of rows. A superuser passes: transactional tests flush by it, and could drop triggers anyway.
CREATE FUNCTION certificates_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        RAISE EXCEPTION '% is never emptied', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER artifact_never_emptied BEFORE TRUNCATE ON certificates_artifact
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
CREATE TRIGGER copy_never_emptied BEFORE TRUNCATE ON certificates_copy
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
CREATE TRIGGER credential_never_emptied BEFORE TRUNCATE ON certificates_credential
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
CREATE TRIGGER designasset_never_emptied BEFORE TRUNCATE ON certificates_designasset
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
CREATE TRIGGER issuingrule_never_emptied BEFORE TRUNCATE ON certificates_issuingrule
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
CREATE TRIGGER keyrollover_never_emptied BEFORE TRUNCATE ON certificates_keyrollover
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
CREATE TRIGGER logcheckpoint_never_emptied BEFORE TRUNCATE ON certificates_logcheckpoint
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
CREATE TRIGGER logentry_never_emptied BEFORE TRUNCATE ON certificates_logentry
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
CREATE TRIGGER lognode_never_emptied BEFORE TRUNCATE ON certificates_lognode
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
CREATE TRIGGER logpending_never_emptied BEFORE TRUNCATE ON certificates_logpending
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
CREATE TRIGGER numberseries_never_emptied BEFORE TRUNCATE ON certificates_numberseries
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
CREATE TRIGGER passport_never_emptied BEFORE TRUNCATE ON certificates_passport
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
CREATE TRIGGER proposal_never_emptied BEFORE TRUNCATE ON certificates_proposal
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
CREATE TRIGGER proposalrow_never_emptied BEFORE TRUNCATE ON certificates_proposalrow
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
CREATE TRIGGER signingkey_never_emptied BEFORE TRUNCATE ON certificates_signingkey
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
CREATE TRIGGER statusevent_never_emptied BEFORE TRUNCATE ON certificates_statusevent
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
