"""What was counted, decided and ended stays: series grow, decisions stand, a state moves with its event."""

from django.db import migrations

FORWARD = """
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

-- TRUNCATE asks no trigger of rows. A superuser passes: transactional tests flush by it, and could drop triggers anyway.
CREATE FUNCTION certificates_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        RAISE EXCEPTION '% is never emptied', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
"""

# Every table whose rows a trigger keeps.
KEPT = (
    "artifact",
    "copy",
    "credential",
    "designasset",
    "issuingrule",
    "logcheckpoint",
    "logentry",
    "lognode",
    "logpending",
    "numberseries",
    "passport",
    "proposal",
    "proposalrow",
    "signingkey",
    "statusevent",
)
REFUSE_TRUNCATE = "".join(
    f"CREATE TRIGGER {name}_never_emptied BEFORE TRUNCATE ON certificates_{name}"
    " FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();\n"
    for name in KEPT
)
ALLOW_TRUNCATE = "".join(f"DROP TRIGGER {name}_never_emptied ON certificates_{name};\n" for name in KEPT)

BACKWARD = """
DROP FUNCTION certificates_refuse_truncate();
DROP TRIGGER credential_moves_with_event ON certificates_credential;
DROP FUNCTION certificates_moves_with_event();
DROP TRIGGER proposal_row_stays_once_decided ON certificates_proposalrow;
DROP FUNCTION certificates_row_was_decided();
DROP TRIGGER proposal_decision_stands ON certificates_proposal;
DROP FUNCTION certificates_decision_stands();
DROP TRIGGER number_series_never_deleted ON certificates_numberseries;
DROP TRIGGER number_series_only_grows ON certificates_numberseries;
DROP FUNCTION certificates_only_grows();
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0023_design_of_proposals")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(REFUSE_TRUNCATE, ALLOW_TRUNCATE),
    ]
