"""What was recorded of a day is ended once and changed in no other way; what was published never changes."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "ended_once.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("insights", "0001_initial")]

    operations = [migrations.RunSQL(SQL, "DROP FUNCTION insights_refuse CASCADE")]
