"""Search entries lie uncompressed and in the row, where they fit into a page of 8 kB: a search reads those of thousands of
programs.
"""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "search_entries.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("courses", "0002_append_only_rows")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
