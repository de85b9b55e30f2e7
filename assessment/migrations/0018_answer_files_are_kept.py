"""Files of answers never change, and those that an answer names are never deleted: they are records of study."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "answer_files_are_kept.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("assessment", "0017_answer_files")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
