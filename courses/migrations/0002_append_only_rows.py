"""What was frozen stays frozen, and records of study are never deleted.

Triggers hold it against any writer, the database shell included. A violation rises as an integrity error.
"""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "append_only_rows.sql").read_text(encoding="utf-8")
# Their triggers go along.
FUNCTIONS = (
    "courses_refuse",
    "courses_completion_rule_is_frozen",
    "courses_attendance_is_in_order",
    "courses_content_version_is_frozen",
    "courses_progress_never_goes_back",
)


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]

    operations = [migrations.RunSQL(SQL, f"DROP FUNCTION {', '.join(FUNCTIONS)} CASCADE")]
