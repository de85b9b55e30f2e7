"""A published version, its renditions and its files stay as they were written: addresses of them are cached for ever."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "append_only_rows.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("media_pipeline", "0001_initial")]

    operations = [migrations.RunSQL(SQL, "DROP FUNCTION media_pipeline_refuse_update CASCADE")]
