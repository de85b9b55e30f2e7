"""What was issued never changes: triggers that no code path can forget."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION certificates_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION certificates_only_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'is_live' IS DISTINCT FROM to_jsonb(OLD) - 'is_live' OR (NEW.is_live AND NOT OLD.is_live) THEN
        RAISE EXCEPTION 'a certificate is never changed, only ended' USING ERRCODE = 'restrict_violation';
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
"""

BACKWARD = """
DROP TRIGGER status_event_append_only ON certificates_statusevent;
DROP TRIGGER artifact_immutable ON certificates_artifact;
DROP TRIGGER credential_never_deleted ON certificates_credential;
DROP TRIGGER credential_only_ends ON certificates_credential;
DROP FUNCTION certificates_only_end();
DROP FUNCTION certificates_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
