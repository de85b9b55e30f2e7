"""The log of a live session and the record of attendance are only appended to, and raw attendance is closed when the session
ends: hours of training are counted from them.
"""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "append_only_rows.sql").read_text(encoding="utf-8")
# Their triggers go along.
FUNCTIONS = (
    "live_event_is_append_only",
    "live_presence_is_raw",
)


class Migration(migrations.Migration):
    dependencies = [("live", "0001_initial")]

    operations = [migrations.RunSQL(SQL, f"DROP FUNCTION {', '.join(FUNCTIONS)} CASCADE")]
