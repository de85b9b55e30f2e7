"""What a kind is called in signed credentials stays: its code and its kind, once there is a certificate of it."""

from django.db import migrations

FORWARD = """
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
"""

BACKWARD = """
DROP TRIGGER type_named_in_credentials ON certificates_credentialtype;
DROP FUNCTION certificates_type_named();
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0026_hand_overs_kept")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
