"""What stands in a number stays: the code of a center and the prefix of a kind, once numbers were given under them."""

from django.db import migrations

FORWARD = """
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
"""

BACKWARD = """
DROP TRIGGER type_prefix_stays_in_numbers ON certificates_credentialtype;
DROP FUNCTION certificates_type_numbered();
DROP TRIGGER center_code_stays_in_numbers ON accounts_center;
DROP FUNCTION certificates_center_numbered();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_inspectors"), ("certificates", "0021_later_archives")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
