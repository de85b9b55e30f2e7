"""A skills passport of a person who is erased loses what it says, in the transaction that erases."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "erased_passports.sql").read_text(encoding="utf-8")
DROP = """
    DROP TRIGGER passport_only_withdrawn ON certificates_passport;
    CREATE TRIGGER passport_only_withdrawn BEFORE UPDATE ON certificates_passport
        FOR EACH ROW EXECUTE FUNCTION certificates_passport_only_withdrawn();
    DROP FUNCTION certificates_passport_loses_words;
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0017_doubts_and_revocations_by_two"), ("accounts", "0021_erasures")]

    operations = [migrations.RunSQL(SQL, DROP)]
