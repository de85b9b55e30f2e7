"""The frozen questions, a mark and an answer never change, and attempts are never deleted: they are records of study."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "append_only_rows.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial")]

    operations = [migrations.RunSQL(SQL, "DROP FUNCTION assessment_refuse CASCADE")]
