"""Names and words of a person who is erased go out of the log of a live class, in the transaction that erases."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "erased_words.sql").read_text(encoding="utf-8")
DROP = """
    DROP FUNCTION live_event_only_loses_words CASCADE;
    DROP TRIGGER live_event_append_only ON live_event;
    CREATE TRIGGER live_event_append_only BEFORE UPDATE OR DELETE ON live_event
        FOR EACH ROW EXECUTE FUNCTION live_event_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("live", "0004_declined_notices"), ("accounts", "0021_erasures")]

    operations = [migrations.RunSQL(SQL, DROP)]
